/* plan.h - the optimal planner: a shortest plan of a task, or the proof that there is
 * none, within bounds. */
#ifndef ACCORD_PLANNING_PLAN_H
#define ACCORD_PLANNING_PLAN_H

#include <stddef.h>

#include "ground.h"

enum { STRIPS_SOLVED, STRIPS_NO_PLAN, STRIPS_GAVE_UP, STRIPS_PLAN_NO_MEMORY };

/* How far a search may go. */
struct strips_limits {
    long n_states;  /* that are kept */
    size_t n_bytes; /* of memory for them */
    long n_blind;   /* breadth first: a heuristic costs more than it saves among few */
};

/* What the built-in plugins allow: seconds on one core. */
#define STRIPS_LIMITS \
    { .n_states = 1000000, .n_bytes = (size_t)256 << 20, .n_blind = STRIPS_BLIND }

enum { STRIPS_BLIND = 4000 };

struct strips_plan {
    int *op; /* [n_ops], of the ground task; malloc'd */
    int n_ops;
    long n_expanded; /* states whose successors were made */
};

/* [any] Breadth first while there are few states, then A* with the heuristic LM-cut
 * (Helmert and Domshlak, ICAPS 2009).  *out is the caller's, see strips_plan_fini(). */
int strips_plan_find(const struct strips_ground *g, const struct strips_limits *limits,
                     struct strips_plan *out);
void strips_plan_fini(struct strips_plan *p);

#endif
