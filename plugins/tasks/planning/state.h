/* state.h - what holds while a plan is carried out, and what is missing. */
#ifndef ACCORD_PLANNING_STATE_H
#define ACCORD_PLANNING_STATE_H

#include <stddef.h>

#include "pddl.h"

/* Ground atoms by number. */
struct strips_atoms {
    int (*atom)[STRIPS_ARGS + 1]; /* predicate, then its arguments, then zeros */
    int n, room;
    int *slot; /* hash: number + 1, or 0 */
    int n_slots;
};

/* [any] The number of an atom; a new one is added when `add`, else -1.  `arg` holds the
 * values of parameters.  -2: out of memory. */
int strips_atom(struct strips_atoms *a, const struct strips_literal *l, const int *arg,
                int add);
void strips_atoms_fini(struct strips_atoms *a);

struct strips_state {
    const struct strips_task *task;
    struct strips_atoms atoms;
    char *holds; /* [room], by atom */
    int room;
};

/* Why an action could not be carried out. */
enum {
    STRIPS_DONE,
    STRIPS_WRONG_TYPE, /* of argument number `which` */
    STRIPS_MISSING,    /* `literal` of its condition does not hold */
    STRIPS_NO_MEMORY,
};

struct strips_failure {
    int why;
    int which;
    const struct strips_literal *literal;
};

/* [any] The initial state.  0 without memory.  *s is the caller's either way. */
int strips_state_init(struct strips_state *s, const struct strips_task *task);
void strips_state_fini(struct strips_state *s);

/* [any] Carries out an action with as many objects as it takes.  Returns failure->why. */
int strips_apply(struct strips_state *s, const struct strips_action *action,
                 const int *arg, struct strips_failure *failure);

/* [any] Does a literal hold? */
int strips_holds(struct strips_state *s, const struct strips_literal *l, const int *arg);

/* [any] The first literal of the goal that does not hold, or NULL. */
const struct strips_literal *strips_missing_goal(struct strips_state *s);

/* [any] "(on b c)", "(not (clear b))". */
void strips_literal_text(const struct strips_task *t, const struct strips_literal *l,
                         const int *arg, char *buf, size_t size);
/* [any] "(unstack b c)". */
void strips_action_text(const struct strips_task *t, int action, const int *arg,
                        char *buf, size_t size);

#endif
