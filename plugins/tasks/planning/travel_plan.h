/* travel_plan.h - a trip as an agent wrote it, in one of the forms that models use.
 *
 * Forms: "json" (a list of days, also inside an object, in a fence, among words),
 * "python" (the same with single quotes, None, trailing commas, bare keys), "days" ("Day
 * 1:" and lines "Field: text") and "table" (Markdown, one row a day).  The last plan of a
 * reply counts; one that is cut off is none, and nothing earlier stands in for it. */
#ifndef ACCORD_TRAVEL_PLAN_H
#define ACCORD_TRAVEL_PLAN_H

#include "travel_world.h"

enum {
    TRAVEL_CURRENT_CITY,
    TRAVEL_TRANSPORTATION,
    TRAVEL_BREAKFAST,
    TRAVEL_ATTRACTION,
    TRAVEL_LUNCH,
    TRAVEL_DINNER,
    TRAVEL_ACCOMMODATION,
    TRAVEL_FIELDS,
    /* What travel_field_of() says of other keys. */
    TRAVEL_DAY_NUMBER = TRAVEL_FIELDS,
    TRAVEL_NO_FIELD,
};

/* "current_city", ... as they stand in JSON. */
extern const char *const travel_field_name[TRAVEL_FIELDS];

struct travel_day {
    const char
        *field[TRAVEL_FIELDS]; /* "" nothing ("-" in the plan); NULL: no such key */
    int n_filled;              /* values that are not nothing, of all keys */
    char *list;                /* attractions, where each came alone */
    size_t room;               /* of it */
};

struct travel_plan {
    struct travel_arena arena;
    struct travel_day day[TRAVEL_MAX_DAYS];
    int n_days;       /* days after TRAVEL_MAX_DAYS are dropped */
    const char *form; /* NULL: no plan was found, see `reason` */
    char reason[128];
};

enum { TRAVEL_MAX_REPLY = 1 << 20 }; /* bytes; a longer one is refused */

/* [any] Reads a reply (NULL is an empty one).  0 when memory ran out.
 * travel_plan_fini() in any case. */
int travel_plan_read(const char *reply, struct travel_plan *out);
/* [any] */
void travel_plan_fini(struct travel_plan *plan);

/* [any] Writes the days in one spelling, equal for equal plans; "" for none.  What is
 * longer than the buffer is written as its SHA-256. */
void travel_plan_canon(const struct travel_plan *plan, char *buf, size_t size);

/* ---- for the readers of the forms ------------------------------------------------- */

/* [any] Which field a key names: any case, blanks, "_" and marks of Markdown ignored,
 * singular or plural, some synonyms. */
int travel_field_of(struct travel_span key);
/* [any] A value without what surrounds it; nothing ("-", "None") becomes "". */
struct travel_span travel_value(struct travel_span text);
/* [any] Begins a day, or NULL past TRAVEL_MAX_DAYS. */
struct travel_day *travel_plan_add(struct travel_plan *plan);
/* [any] Sets a field (a day's number only counts) from a text of any form. */
void travel_day_set(struct travel_plan *plan, struct travel_day *day, int field,
                    struct travel_span text);
/* [any] One more attraction, where each has a line of its own. */
void travel_day_attraction(struct travel_plan *plan, struct travel_day *day,
                           struct travel_span text);

/* [any] Looks for the last plan in JSON.  1 when there is one, whole or not. */
int travel_read_json(const char *reply, struct travel_plan *plan);
/* [any] The same for lines and tables. */
int travel_read_days(const char *reply, struct travel_plan *plan);
int travel_read_table(const char *reply, struct travel_plan *plan);

#endif
