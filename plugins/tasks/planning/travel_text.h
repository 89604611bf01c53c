/* travel_text.h - pieces of the texts of trips, and memory for them.  Everything is
 * [any]. */
#ifndef ACCORD_TRAVEL_TEXT_H
#define ACCORD_TRAVEL_TEXT_H

#include <stddef.h>

/* Memory that is given back all at once. */
struct travel_arena {
    struct travel_block *blocks;
    int failed; /* memory ran out once: what was taken since may be NULL */
};

/* `n` zeroed bytes, aligned for anything, or NULL. */
void *travel_take(struct travel_arena *a, size_t n);
/* A copy of text[n] with a NUL; "" where memory ran out. */
const char *travel_copy(struct travel_arena *a, const char *text, size_t n);
void travel_arena_fini(struct travel_arena *a);

/* A piece of a text; not NUL-terminated. */
struct travel_span {
    const char *p;
    size_t n;
};

/* For printf's "%.*s". */
#define TRAVEL_SPAN(s) ((int)(s).n), ((s).p)

struct travel_span travel_span_of(const char *text);
/* Without white space at both ends. */
struct travel_span travel_trim(struct travel_span s);
int travel_same(struct travel_span s, const char *text);
int travel_equal(struct travel_span a, struct travel_span b);
/* Whether `part` occurs in `text`; the empty one does nowhere. */
int travel_contains(const char *text, struct travel_span part);
/* Where `word` begins in `text`, upper and lower case alike, or NULL. */
const char *travel_find(const char *text, const char *word);

/* "Springfield(Illinois)" is the city Springfield. */
struct travel_span travel_city(struct travel_span s);
/* "Name, City" split at the last comma; 0 without a comma or a name. */
int travel_place(struct travel_span s, struct travel_span *name,
                 struct travel_span *city);
/* The two cities of "from A to B", which ends at a comma; 0 where there are none. */
int travel_from_to(struct travel_span s, struct travel_span *from,
                   struct travel_span *to);
/* The next entry of a list that `mark` separates; 0 at the end.  Empty entries are
 * skipped. */
int travel_next(struct travel_span *rest, char mark, struct travel_span *entry);

#endif
