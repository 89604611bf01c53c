/* numpy_random.h - the part of numpy.random.RandomState that published experiments drew
 * their settings with: the same seed gives the same numbers.
 *
 * The generator is MT19937 (Matsumoto, Nishimura, ACM TOMACS 8, 1998).  Elsewhere Accord
 * uses <accord/rng.h>. */
#ifndef ACCORD_VISUAL_NUMPY_RANDOM_H
#define ACCORD_VISUAL_NUMPY_RANDOM_H

#include <stdint.h>

enum { NUMPY_RANDOM_WORDS = 624 };

typedef struct numpy_random {
    uint32_t word[NUMPY_RANDOM_WORDS];
    uint32_t at; /* next word to give out */
} numpy_random;

/* [any] RandomState(seed). */
void numpy_random_seed(numpy_random *r, uint32_t seed);

/* [any] randint(n), n > 0. */
uint32_t numpy_random_below(numpy_random *r, uint32_t n);

#endif
