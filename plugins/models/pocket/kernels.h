/* kernels.h - the inner loops of the engine, once for each level of x86-64.
 *
 * Every level gives the same bits: sums of products of integers are exact, and what is
 * float works on 16 numbers at a time in the same order, without fused multiply-add. */
#ifndef ACCORD_POCKET_KERNELS_H
#define ACCORD_POCKET_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "weights.h"

enum {
    POCKET_SSE2 = 0,
    POCKET_AVX2,
    POCKET_AVX512, /* F, BW, DQ, VL */
    POCKET_VNNI,   /* and VNNI */
    POCKET_LEVELS,
    POCKET_LANES = 16, /* rows of a matrix and positions of the cache come in groups */
};

/* A matrix as the level's multiply() reads it; rows beyond the matrix' own are 0. */
struct pocket_packed {
    uint32_t rows;        /* a multiple of POCKET_LANES */
    uint32_t columns;     /* a multiple of 64 */
    const void *value;    /* [rows / 16][columns / step][16][step], 64-byte aligned */
    const float *scale;   /* [rows] */
    const int32_t *start; /* [rows]: what the sums of integers begin at */
};

/* One head of one sequence in the cache, bfloat16. */
struct pocket_head {
    const uint16_t *key;   /* [position / 16][size][16] */
    const uint16_t *value; /* [position][size] */
    uint32_t size;         /* a multiple of 16 */
    float scale;           /* of the scores */
};

struct pocket_kernels {
    const char *name; /* "avx512" */
    uint32_t step;    /* columns that are multiplied at once: 2 or 4 */
    uint32_t element; /* bytes of a quantised activation */

    /* [any] Writes `matrix` to value[], scale[] and start[] of a struct pocket_packed. */
    void (*pack)(const struct pocket_matrix *matrix, void *value, float *scale,
                 int32_t *start);
    /* [any] Quantises x[n] to n elements at `to`; returns the scale. */
    float (*quantise)(void *to, const float *x, size_t n);
    /* [any] out[n_x][w->rows] = x w^T for n_x quantised rows one after the other. */
    void (*multiply)(float *out, const struct pocket_packed *w, const void *x,
                     const float *x_scale, size_t n_x);
    /* [any] out[n] = gain x / sqrt(mean of x^2 + 1e-5); n is a multiple of 16. */
    void (*norm)(float *out, const float *x, const float *gain, size_t n);
    /* [any] x[n] += y[n], and x[n] = max(x[n], 0). */
    void (*add)(float *x, const float *y, size_t n);
    void (*relu)(float *x, size_t n);
    /* [any] Attention of q[size] to n positions: out[size].  score[] has room for n
     * rounded up to 16. */
    void (*attend)(float *out, const float *q, const struct pocket_head *head, size_t n,
                   float *score);
    /* [any] p[n] = exp((x - most) / temperature), the sum of which is returned; most is
     * the largest x.  n is a multiple of 16. */
    double (*weigh)(float *p, const float *x, size_t n, float most, float temperature);
    /* [any] The first of the largest x[n]; n is a multiple of 16. */
    uint32_t (*likeliest)(const float *x, size_t n);
};

/* [any] The kernels of a level, or NULL where this CPU lacks it. */
const struct pocket_kernels *pocket_kernels_at(int level);
/* [any] The best that this CPU has. */
const struct pocket_kernels *pocket_kernels_best(void);

#endif
