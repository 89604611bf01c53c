/* econ_table.h - ECON on a fake host: who sits at the table, and what each says. */
#ifndef ECON_TABLE_H
#define ECON_TABLE_H

#include "fake_host.h"

#define ECON_SO "plugins/methods/econ.so"

enum { TABLE_LOCAL = 10, TABLE_ENCODER = 15, TABLE_WIDTH = 6 };

/* Models by number: 0 coordinates, 1 .. are executors, 10 .. local coordinators, 15
 * encodes. */
typedef struct econ_seats {
    uint32_t executors, clusters, locals, encoders;
    uint32_t sizes[8]; /* of clusters */
    uint32_t caps;     /* 0: top-p and embeddings */
    uint32_t width;    /* of embeddings; 0: TABLE_WIDTH */
    uint64_t budget;   /* of training */
} econ_seats;

/* What is said; NULL fails.  The strategy by try, the rest by stage and number. */
typedef struct econ_lines {
    const char *strategy[4], *refined[8];
    const char *said[4][16], *local[4][8], *merged[4];
} econ_lines;
extern econ_lines econ_says;

/* Everybody says something of his own: executor i "I think that i =18", the coordinator
 * "all in all =18". */
void econ_says_reset(void);

/* Loads the plugin file; options as JSON without the outer braces, small networks added.
 * Says nothing about success: see f->err. */
fake_host *econ_seat_at(const char *path, const char *options, const econ_seats *s);
/* The plugin of the build, which must come about. */
fake_host *econ_seat(const char *options, const econ_seats *s);

/* Calls with a role; of round `round`, or of all (-1). */
uint32_t econ_calls(const fake_host *f, const char *role, int round);
/* The call of a role, agent and round; the test fails without it. */
const fake_call *econ_call(const fake_host *f, const char *role, uint32_t agent,
                           uint32_t round);

#endif
