/* kernels.h - loops over plain float arrays, once per level of the CPU's vector unit.
 *
 * A table holds the loops of one level: `const accord_kernels *k = accord_kernels_best();
 * k->tanh(y, x, n);`.  All are [any], allocate nothing, cannot fail, and take arrays of
 * any alignment and any length, 0 included.  An output may be one of the inputs of the
 * same shape (in place), else arrays do not overlap.  A matrix is [rows][cols], rows one
 * after the other.
 *
 * Backward forms: `dy` is the loss's gradient by the output, `dx` that by the input; dx =
 * g, or dx += g with `add`.  They want what their comment names, the input x or the
 * output y. Gradients of parameters are always added to and may be NULL.
 *
 * Values are within 4 units in the last place of the exact one where nothing cancels, and
 * infinities, NaN and denormals give what the C library's functions give.  One level
 * repeats its bits on every machine; two levels may differ in the last bits, since sums
 * run over as many lanes as a vector has. */
#ifndef ACCORD_KERNELS_H
#define ACCORD_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One step of Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019):
 *   g = scale * grad;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
 *   p = p - lr decay p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) */
typedef struct accord_adam_step {
    double lr, beta1, beta2, eps;
    double decay; /* decoupled weight decay (AdamW); 0: Adam */
    double scale; /* of the gradient: below 1 where it is clipped */
    uint64_t t;   /* the step's number, from 1 */
} accord_adam_step;

typedef struct accord_kernels {
    const char *name; /* sse2, avx2, avx512 */

    /* y[n] = f(x[n]).  gelu is x Phi(x), with the normal distribution's Phi (exact, not
     * the tanh approximation); silu is x sigmoid(x). */
    void (*exp)(float *y, const float *x, size_t n);
    void (*log)(float *y, const float *x, size_t n);
    void (*tanh)(float *y, const float *x, size_t n);
    void (*sigmoid)(float *y, const float *x, size_t n);
    void (*relu)(float *y, const float *x, size_t n);
    void (*gelu)(float *y, const float *x, size_t n);
    void (*silu)(float *y, const float *x, size_t n);
    /* x where x > 0, else alpha (exp(x) - 1). */
    void (*elu)(float *y, const float *x, float alpha, size_t n);

    void (*tanh_back)(float *dx, const float *dy, const float *y, size_t n, bool add);
    void (*sigmoid_back)(float *dx, const float *dy, const float *y, size_t n, bool add);
    /* dy where y > 0; x serves as well as y. */
    void (*relu_back)(float *dx, const float *dy, const float *y, size_t n, bool add);
    void (*gelu_back)(float *dx, const float *dy, const float *x, size_t n, bool add);
    void (*silu_back)(float *dx, const float *dy, const float *x, size_t n, bool add);
    void (*elu_back)(float *dx, const float *dy, const float *y, float alpha, size_t n,
                     bool add);

    void (*add)(float *y, const float *a, const float *b, size_t n);
    void (*sub)(float *y, const float *a, const float *b, size_t n);
    void (*mul)(float *y, const float *a, const float *b, size_t n);
    void (*mul_add)(float *y, const float *a, const float *b, size_t n); /* y += a b */
    void (*scale)(float *y, float a, const float *x, size_t n);          /* y = a x */
    void (*axpy)(float *y, float a, const float *x, size_t n);           /* y += a x */

    void (*bytes)(float *y, float a, const uint8_t *x, size_t n); /* y = a x */

    /* y[rows][cols] = x[rows][cols] + b[cols] */
    void (*bias)(float *y, const float *x, const float *b, size_t rows, size_t cols);
    /* sum[cols] += sums of x[rows][cols] over its rows: the gradient of b. */
    void (*bias_back)(float *sum, const float *x, size_t rows, size_t cols);

    /* Sums: floats in lanes for some thousand terms, then doubles; the order depends on n
     * alone. */
    double (*sum)(const float *x, size_t n);
    double (*dot)(const float *a, const float *b, size_t n);
    double (*sum_squares)(const float *x, size_t n);

    /* Along the columns of x[rows][cols]. */
    void (*softmax)(float *y, const float *x, size_t rows, size_t cols);
    void (*softmax_back)(float *dx, const float *dy, const float *y, size_t rows,
                         size_t cols, bool add);
    void (*log_softmax)(float *y, const float *x, size_t rows, size_t cols);
    void (*log_softmax_back)(float *dx, const float *dy, const float *y, size_t rows,
                             size_t cols, bool add);

    /* Attention: y = softmax(scale x) of x[rows][cols] where row i sees its first
     * min(first + i step, cols) columns and has 0 in the others.  Full: first = cols.
     * Causal over as many keys as queries: first = 1, step = 1.  A row that sees nothing
     * is all 0.  The columns that a row does not see are not read. */
    void (*attend)(float *y, const float *x, float scale, size_t rows, size_t cols,
                   size_t first, size_t step);
    /* dx = scale y (dy - sum(dy y)), 0 in the columns that are not seen. */
    void (*attend_back)(float *dx, const float *dy, const float *y, float scale,
                        size_t rows, size_t cols, size_t first, size_t step);

    /* loss[rows] = -log softmax(x)[target] and lse[rows] = log sum exp of the row, which
     * the backward form reads.  A negative target takes its row out: loss 0, no gradient.
     */
    void (*cross_entropy)(float *loss, float *lse, const float *x, const int32_t *target,
                          size_t rows, size_t cols);
    /* dx = dloss[row] (softmax(x) - [column == target]) */
    void (*cross_entropy_back)(float *dx, const float *dloss, const float *x,
                               const float *lse, const int32_t *target, size_t rows,
                               size_t cols, bool add);

    /* y = gain (x - mean) rstd + bias, rstd = 1 / sqrt(variance + eps) with the variance
     * over cols (Ba et al. 2016).  mean[rows] and rstd[rows] are written for the backward
     * form.  gain, bias: [cols], NULL for 1 and 0. */
    void (*layer_norm)(float *y, float *mean, float *rstd, const float *x,
                       const float *gain, const float *bias, float eps, size_t rows,
                       size_t cols);
    /* dx may be NULL too. */
    void (*layer_norm_back)(float *dx, float *dgain, float *dbias, const float *dy,
                            const float *x, const float *mean, const float *rstd,
                            const float *gain, size_t rows, size_t cols, bool add);
    /* y = gain x rrms, rrms = 1 / sqrt(mean of x^2 + eps) (Zhang and Sennrich 2019). */
    void (*rms_norm)(float *y, float *rrms, const float *x, const float *gain, float eps,
                     size_t rows, size_t cols);
    void (*rms_norm_back)(float *dx, float *dgain, const float *dy, const float *x,
                          const float *rrms, const float *gain, size_t rows, size_t cols,
                          bool add);

    /* One step of p[n] with moments m[n], v[n] (0 at first) and gradient g[n]. */
    void (*adam)(float *p, float *m, float *v, const float *g,
                 const accord_adam_step *step, size_t n);
    /* Exponential moving average: y += tau (x - y). */
    void (*ema)(float *y, const float *x, float tau, size_t n);
} accord_kernels;

enum {
    ACCORD_KERNELS_SSE2,
    ACCORD_KERNELS_AVX2, /* with FMA */
    ACCORD_KERNELS_AVX512,
    ACCORD_KERNELS_LEVELS
};

/* The highest level that this CPU has. */
const accord_kernels *accord_kernels_best(void);
/* The table of one level; NULL where the CPU lacks it. */
const accord_kernels *accord_kernels_at(int level);

#endif
