/* lmcut.h - the admissible heuristic LM-cut (Helmert and Domshlak, ICAPS 2009) for
 * actions of cost 1. */
#ifndef ACCORD_PLANNING_LMCUT_H
#define ACCORD_PLANNING_LMCUT_H

#include "ground.h"

enum { STRIPS_DEAD_END = -1 };

struct strips_lmcut;

/* [any] For one ground task, which must outlive it; NULL without memory. */
struct strips_lmcut *strips_lmcut_create(const struct strips_ground *g);
/* [any] NULL is allowed. */
void strips_lmcut_destroy(struct strips_lmcut *l);

/* [any] A lower bound of the steps from a state (a bit per atom) to the goal, or
 * STRIPS_DEAD_END.  Deletions and negated conditions are left out of account. */
int strips_lmcut_value(struct strips_lmcut *l, const uint64_t *state);

#endif
