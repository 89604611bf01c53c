/* travel_make.h - trips made from random numbers: a small invented country, a query, and
 * a plan that satisfies it.
 *
 *   level   1  2  3  4  5  6  7
 *   days    3  3  3  5  5  7  7      one city for each two days
 *   asked   0  1  3  1  3  1  3      local constraints beside the budget
 *
 * The budget is what the cheapest plan of travel_construct() costs and a twentieth more;
 * with the dearest choices it is not kept.  The same state gives the same trip on every
 * machine. */
#ifndef ACCORD_TRAVEL_MAKE_H
#define ACCORD_TRAVEL_MAKE_H

#include "travel_plan.h"

enum { TRAVEL_LEVELS = 7 };

struct travel_trip {
    struct travel_world world; /* cities in the order of the journey */
    struct travel_query query; /* its texts lie in world.arena */
};

/* [any] Makes item `item` of a split (ACCORD_SPLIT_...): the first of its own trips that
 * belongs there, which is told by the SHA-256 of the query: 0 mod 5 is evaluated.  0 when
 * memory ran out.  travel_trip_fini() in any case. */
int travel_make(uint64_t seed, int level, int split, uint64_t item,
                struct travel_trip *out);
/* [any] */
void travel_trip_fini(struct travel_trip *trip);

/* [any] Plans a made trip with the cheapest or the dearest places that satisfy all but
 * the budget.  0 when memory ran out.  travel_plan_fini() in any case. */
int travel_construct(const struct travel_trip *trip, int dearest,
                     struct travel_plan *plan);
/* [any] Writes a plan as JSON; NULL without memory.  The caller's. */
char *travel_plan_json(const struct travel_plan *plan);

/* ---- the parts of the making ------------------------------------------------------ */

struct travel_maker {
    uint64_t rng;
    int level;
    struct travel_trip *trip;
};

/* [any] Uniform in low .. high. */
int travel_between(struct travel_maker *m, int low, int high);
/* [any] A text in the trip's memory. */
const char *travel_print(struct travel_arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* [any] An invented word of 2 or 3 syllables, e.g. "Mirelo". */
const char *travel_word(struct travel_maker *m);
/* [any] Cities, flights, roads, hotels, restaurants and sights for the query. */
void travel_make_world(struct travel_maker *m);
/* [any] The query in words. */
void travel_make_text(struct travel_maker *m);

#endif
