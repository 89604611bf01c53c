/* problem.h - the problems that the pocket models learn from and are measured by: those
 * of the tasks math and planning, with a reply that is right. */
#ifndef ACCORD_POCKET_PROBLEM_H
#define ACCORD_POCKET_PROBLEM_H

#include <stdint.h>

#include <accord/plugin.h>

enum { POCKET_TEXT_BYTES = 2048 };

/* Whose problem it is. */
enum { POCKET_MATHS, POCKET_BLOCKS, POCKET_KINDS };

/* Which problem: as in the task's options, and a split (ACCORD_SPLIT_...). */
typedef struct pocket_key {
    int32_t kind;
    int32_t level;
    uint64_t seed;
    int32_t split;
    uint64_t item;
} pocket_key;

typedef struct pocket_problem {
    pocket_key key;
    char question[POCKET_TEXT_BYTES];
    char reply[POCKET_TEXT_BYTES];    /* worked, with its answer */
    char strategy[POCKET_TEXT_BYTES]; /* what to do, without any result */
} pocket_problem;

/* [any] Makes the problem of a key.  ACCORD_E_NOMEM; ACCORD_E_LIMIT if it is too long. */
accord_code pocket_problem_make(const pocket_key *key, pocket_problem *out);

/* [any] The answer format that the task asks for. */
const char *pocket_problem_format(int kind);

/* [any] What the task itself makes of a reply: *is_right, and the canonical form of its
 * answer in canon[size], "" for none.  ACCORD_E_NOMEM. */
accord_code pocket_grade(const pocket_problem *problem, const char *reply, int *is_right,
                         char *canon, size_t size);

#endif
