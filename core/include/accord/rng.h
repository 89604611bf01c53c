/* rng.h - the only random numbers of Accord.  The state is the caller's: same state, same
 * numbers, on every thread and machine.  A stream of its own for each draw is made by
 * folding what identifies the draw into a state with accord_rng_fold(). */
#ifndef ACCORD_RNG_H
#define ACCORD_RNG_H

#include <math.h>
#include <stdint.h>

/* The finaliser of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t accord_rng_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* [any] 64 random bits: splitmix64. */
static inline uint64_t accord_rng_next(uint64_t *state) {
    return accord_rng_mix(*state += 0x9e3779b97f4a7c15u);
}

/* [any] Uniform in [0, 1). */
static inline double accord_rng_uniform(uint64_t *state) {
    return (double)(accord_rng_next(state) >> 11) * 0x1p-53;
}

/* [any] Uniform in 0 .. n-1, n > 0, without bias (rejection). */
static inline uint64_t accord_rng_below(uint64_t *state, uint64_t n) {
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t x;

    do
        x = accord_rng_next(state);
    while (x >= limit);
    return x % n;
}

/* [any] Standard normal (Box and Muller 1958; the second value is not kept). */
static inline double accord_rng_normal(uint64_t *state) {
    double u = 1.0 - accord_rng_uniform(state); /* (0, 1]: log is finite */

    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * accord_rng_uniform(state));
}

/* [any] The state of a new stream: `state` with one more word of its identity. */
static inline uint64_t accord_rng_fold(uint64_t state, uint64_t word) {
    return accord_rng_mix(accord_rng_mix(state + 0x9e3779b97f4a7c15u) ^
                          (word * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du));
}

/* [any] The same for a text: FNV-1a, then folded. */
static inline uint64_t accord_rng_fold_text(uint64_t state, const char *text) {
    uint64_t h = 0xcbf29ce484222325u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return accord_rng_fold(state, h);
}

#endif
