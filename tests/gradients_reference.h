/* gradients_reference.h - gradients.h once more, in double and without a thought for
 * speed. */
#ifndef GRADIENTS_REFERENCE_H
#define GRADIENTS_REFERENCE_H

#include "gradients.h"

/* Rows of random gradients. */
typedef struct rows {
    uint32_t n;
    size_t size, stride;
    float *g;             /* [n][stride]; NaN beyond size */
    float *out;           /* [size + 1]; the last one is `guard` */
    double *want, *parts; /* [size]; parts: sum of the members' sizes */
} rows;

/* Normal numbers, a third of them exactly 0, rows 10^spread apart at most. */
rows rows_make(uint32_t n, size_t size, double spread, uint64_t seed);
void rows_free(rows *r);

/* Runs control_combine_gradients() on them; fails the test if out[size] was touched. */
control_combined rows_combine(const rows *r, control_combine how, uint64_t *rng);

/* weight[n] of NONE, COSINE, AGREEMENT and COS_AGREEMENT. */
void reference_weights(const rows *r, int32_t gas, double weight[]);

/* r->want and r->parts of what is a mask, scale NONE, and conflict, mask and length. */
void reference_surgery(const rows *r, const control_combine *how, const double weight[],
                       control_combined *info);

double reference_inner(const rows *r, uint32_t i, uint32_t j);

#endif
