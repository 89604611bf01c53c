/* travel_judge.h - TravelPlanner's verdicts on a plan: 8 commonsense and 5 hard
 * constraints (Xie et al., "TravelPlanner", ICML 2024, section 3.3 and the published
 * evaluation, with the corrections that the README names). */
#ifndef ACCORD_TRAVEL_JUDGE_H
#define ACCORD_TRAVEL_JUDGE_H

#include "travel_plan.h"

enum { TRAVEL_CAR_SEATS = 5, TRAVEL_TAXI_SEATS = 4 };

enum {
    /* commonsense */
    TRAVEL_SANDBOX,
    TRAVEL_COMPLETE,
    TRAVEL_IN_CITY,
    TRAVEL_ROUTE,
    TRAVEL_DIVERSE_RESTAURANTS,
    TRAVEL_DIVERSE_ATTRACTIONS,
    TRAVEL_NO_CONFLICT,
    TRAVEL_NIGHTS,
    /* hard */
    TRAVEL_BUDGET,
    TRAVEL_ROOM_RULE,
    TRAVEL_ROOM_TYPE,
    TRAVEL_CUISINE,
    TRAVEL_TRANSPORT_RULE,
    TRAVEL_CONSTRAINTS,
    TRAVEL_FIRST_HARD = TRAVEL_BUDGET,
};

/* "Within Sandbox", ... */
extern const char *const travel_constraint_name[TRAVEL_CONSTRAINTS];

enum {
    TRAVEL_HOLDS,
    TRAVEL_VIOLATED,
    TRAVEL_NOT_ASKED,     /* the query has no such constraint */
    TRAVEL_NOT_EVALUATED, /* asked, but the plan is not in order enough to tell */
};

struct travel_verdict {
    int state;
    char reason[192]; /* the first one with its place, e.g. "day 3: lunch: ..." */
};

struct travel_judgement {
    int delivered;
    int final; /* delivered, and all that was asked holds */
    double cost;
    struct travel_verdict of[TRAVEL_CONSTRAINTS];
};

/* [any] */
void travel_judge(const struct travel_world *world, const struct travel_query *query,
                  const struct travel_plan *plan, struct travel_judgement *out);

/* ---- the parts -------------------------------------------------------------------- */

/* A plan on trial. */
struct travel_case {
    const struct travel_world *world;
    const struct travel_query *query;
    const struct travel_plan *plan;
    int n_days; /* that count */
};

/* [any] The commonsense verdicts. */
void travel_judge_sense(const struct travel_case *c, struct travel_verdict *out);
/* [any] The hard verdicts, but of plans that cannot be judged. */
void travel_judge_hard(const struct travel_case *c, struct travel_verdict *out);
/* [any] What the plan costs in all; what is not listed costs nothing. */
double travel_cost(const struct travel_case *c);

/* [any] Whether a type of room ("Entire home/apt") is what was asked ("entire room"). */
int travel_room_fits(const char *wanted, const char *type);

/* [any] Violated, with the first reason only. */
void travel_violate(struct travel_verdict *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* [any] A field of a day, "" where it has none. */
const char *travel_field(const struct travel_case *c, int day, int field);
/* [any] The cities of a day, one or, where it is a travel day, two. */
int travel_cities(const struct travel_case *c, int day, struct travel_span city[2]);

/* How a leg is travelled. */
enum { TRAVEL_BY_NOTHING, TRAVEL_BY_FLIGHT, TRAVEL_BY_CAR, TRAVEL_BY_TAXI };
struct travel_move {
    int by;
    struct travel_span number; /* of a flight */
    struct travel_span from, to;
};
/* [any] The next leg of a day's transportation; *rest begins as the field's text.  0 at
 * the end. */
int travel_next_move(const struct travel_case *c, int day, const char **rest,
                     struct travel_move *out);

#endif
