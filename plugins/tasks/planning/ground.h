/* ground.h - a task without variables: atoms as bits, actions as operators on them. */
#ifndef ACCORD_PLANNING_GROUND_H
#define ACCORD_PLANNING_GROUND_H

#include "pddl.h"

enum {
    STRIPS_OPS = 1 << 18,   /* most operators before pruning */
    STRIPS_WORK = 50 << 20, /* most bindings tried on the way */
    STRIPS_ATOMS = 1 << 20,
};

/* An action with its objects.  Lists of atoms. */
struct strips_op {
    int action;
    int arg[STRIPS_ARGS];
    const int *pre, *not_pre, *add, *del;
    int n_pre, n_not_pre, n_add, n_del;
};

struct strips_ground {
    struct strips_arena arena;
    int n_atoms;
    struct strips_op *op;
    int n_ops;
    const int *init, *goal, *not_goal; /* atoms */
    int n_init, n_goal, n_not_goal;
    int is_hopeless; /* 1: the goal cannot be reached even when nothing is deleted */
};

/* [any] Grounds the actions whose static conditions hold, and drops those that can never
 * be carried out.  *out is the caller's, see strips_ground_destroy().  ACCORD_E_LIMIT
 * past the bounds above, ACCORD_E_NOMEM. */
accord_code strips_ground_create(const struct strips_task *t, struct strips_ground **out);
/* [any] NULL is allowed. */
void strips_ground_destroy(struct strips_ground *g);

#endif
