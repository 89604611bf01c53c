/* generate.h - word problems made from random numbers, with their solutions.
 *
 * Levels 1 to 5: 1, 2, 3, 4, and 5 or 6 steps.  From level 3 on some numbers do not
 * matter and parts are taken (half, a third), at level 5 also percents.  Every quantity
 * is a whole number from 2 to 999.  The same state gives the same text on every machine.
 * Everything is [any] and allocates nothing. */
#ifndef ACCORD_MATH_GENERATE_H
#define ACCORD_MATH_GENERATE_H

#include <stdint.h>

enum { MATH_LEVELS = 5, MATH_MAX_STEPS = 6, MATH_MOST = 999, MATH_STORY_BYTES = 1024 };

/* Where an operand comes from, where it is no step's result. */
enum {
    MATH_GIVEN = -1, /* a number of the question */
    MATH_WORD = -2,  /* a word of the question: half, twice, 25 percent */
};

struct math_operand {
    int64_t value;
    int from; /* an earlier step, or MATH_GIVEN or MATH_WORD */
};

struct math_step {
    char op; /* + - * / */
    struct math_operand a, b;
    int64_t result;
};

struct math_story {
    char question[MATH_STORY_BYTES];
    char solution[MATH_STORY_BYTES]; /* its steps, without a closing sentence */
    struct math_step step[MATH_MAX_STEPS];
    int n_steps;
    int64_t answer; /* the result of the last step */
};

/* Writes the story of `state` at `level`. */
void math_story_write(uint64_t state, int level, struct math_story *out);

/* The split that a question belongs to (ACCORD_SPLIT_...): evaluation where its SHA-256
 * is 0 mod 5.  So no question stands in both. */
int math_story_split(const char *question);

/* Writes item `item` of a split: the first of its own stories that belongs there. */
void math_generate(uint64_t seed, int level, int split, uint64_t item,
                   struct math_story *out);

#endif
