/* problems.h - problems made from random numbers, with the length of their shortest
 * plans.
 *
 * Blocksworld, levels 1 to 7: 2 to 8 blocks.  Logistics, levels 1 to 7: up to 4 cities
 * and 4 packages.  Each level is a band of optimal lengths.  The same key gives the same
 * problem on every machine, found without making those before. */
#ifndef ACCORD_PLANNING_PROBLEMS_H
#define ACCORD_PLANNING_PROBLEMS_H

#include <stdint.h>

#include "buffer.h"
#include "plan.h"

enum { PLANNING_LEVELS = 7 };

struct planning_key {
    int is_logistics;
    uint64_t seed;
    int level;
    int split; /* ACCORD_SPLIT_... */
    uint64_t item;
};

struct planning_problem {
    struct strips_task *task;
    struct planning_buffer text; /* the problem in PDDL */
    int *action;                 /* [n_steps] of a shortest plan */
    int (*arg)[STRIPS_ARGS];
    int n_steps;
};

/* [any] The domain in PDDL. */
extern const char planning_blocksworld[], planning_logistics[];

/* [any] The shortest and the longest optimal plan of a level. */
void planning_band(int is_logistics, int level, int *shortest, int *longest);

/* [any] Makes item `key->item` of its split: the first of its own problems that belongs
 * there and lies in the level's band.  *out is the caller's, see
 * planning_problem_fini().  ACCORD_E_NOMEM. */
accord_code planning_generate(const struct planning_key *key,
                              struct planning_problem *out);

/* [any] Finds a shortest plan of out->task; the planner's verdict. */
int planning_solve(struct planning_problem *out, const struct strips_limits *limits);

/* [any] Frees what is in it. */
void planning_problem_fini(struct planning_problem *p);

/* [any] The split that a problem belongs to: evaluation where the SHA-256 of its text is
 * 0 mod 5.  Facts and goals of generated problems stand in one order, so that no problem
 * is in both. */
int planning_split(const char *text);

/* [any] Writes a problem that belongs to `state`. */
void planning_blocks_write(uint64_t state, int level, struct planning_buffer *out);
void planning_cargo_write(uint64_t state, int level, struct planning_buffer *out);

#endif
