/* recipe.h - how each of the committed models was trained: numbers, no code. */
#ifndef ACCORD_POCKET_RECIPE_H
#define ACCORD_POCKET_RECIPE_H

#include "corpus.h"

enum { POCKET_PHASES = 3 };

/* What is learnt in one go.  Learning rate: warm-up, then a cosine from `peak` to a tenth
 * of it. */
typedef struct pocket_phase {
    const char *name;
    uint64_t steps; /* 0: this model leaves the phase out */
    uint64_t warmup;
    size_t tokens; /* of a step, padding included */
    double peak;
    const char *sampled[3]; /* models whose answers are revised and merged; then NULL */
    pocket_mix mix;
} pocket_phase;

typedef struct pocket_recipe {
    const char *model; /* "m", also its size: see shape.h */
    uint64_t seed;     /* of the parameters and of the corpus */
    pocket_phase phase[POCKET_PHASES];
} pocket_recipe;

/* [any] By the model's name; NULL if there is none. */
const pocket_recipe *pocket_recipe_of(const char *model);
/* [any] By its name; NULL if there is none. */
const pocket_phase *pocket_phase_of(const pocket_recipe *recipe, const char *name);

#endif
