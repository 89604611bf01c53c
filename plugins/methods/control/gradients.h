/* gradients.h - one gradient out of several: gradient agreement solver and soft gradient
 * surgery, and their rivals.
 *
 * The body of the CG2A paper (Liu et al., ICCV 2023) was not available: solver and
 * surgery are a reconstruction from its abstract, and so are their defaults.
 * A pure function of the matrix of gradients: no environment, no network. */
#ifndef CONTROL_GRADIENTS_H
#define CONTROL_GRADIENTS_H

#include <stddef.h>
#include <stdint.h>

enum { CONTROL_MAX_VIEWS = 8 };

/* How the views' magnitudes are balanced: the weights w. */
enum {
    CONTROL_GAS_NONE,          /* 1 / n */
    CONTROL_GAS_COSINE,        /* closed form: 1 / norm, normalised */
    CONTROL_GAS_AGREEMENT,     /* Eshratifar et al. 2018 */
    CONTROL_GAS_COS_AGREEMENT, /* the same on unit vectors, clipped at 0 */
    CONTROL_GAS_MAXMIN, /* largest smallest cosine: min-norm point of unit vectors */
};
/* What happens to components on which the views disagree. */
enum {
    CONTROL_SGS_NONE,
    CONTROL_SGS_HARD,     /* Agr-Sum: Mansilla et al. 2021 */
    CONTROL_SGS_SCALE,    /* times lambda */
    CONTROL_SGS_VOTE,     /* times max(lambda, agreement^power) */
    CONTROL_SGS_PURITY,   /* times |sum| / sum of | | */
    CONTROL_SGS_SAND,     /* SAND-mask: Shahtalebi et al. 2021 */
    CONTROL_SGS_PCGRAD,   /* Yu et al. 2020, on the weighted gradients: their sum */
    CONTROL_SGS_AGR_RAND, /* Agr-Rand */
};
enum { CONTROL_SCALE_NONE, CONTROL_SCALE_MEAN_NORM };

typedef struct control_combine {
    int32_t gas, sgs, scale;
    double lambda, power; /* VOTE and SCALE */
    double tau, kappa;    /* SAND; at its reference's tau of 1 every mask is 0 */
} control_combine;
#define CONTROL_COMBINE \
    { \
        .gas = CONTROL_GAS_COSINE, .sgs = CONTROL_SGS_VOTE, .lambda = 0.5, .power = 1, \
        .tau = 0.5, .kappa = 10 \
    }

/* What happened, for the diagnostics.  Rows are numbered as given.  NaN: has no meaning,
 * as a cosine with a row of zeros or one that was dropped. */
typedef struct control_combined {
    uint32_t n;                     /* views that counted: those with finite gradients */
    uint32_t dropped;               /* views that did not */
    double norm[CONTROL_MAX_VIEWS]; /* of the views as given */
    double cosine[CONTROL_MAX_VIEWS][CONTROL_MAX_VIEWS];
    double weight[CONTROL_MAX_VIEWS]; /* the solver's; 0 of a dropped view */
    double norm_ratio; /* largest norm / smallest; infinite is given as NaN */
    double conflict;   /* share of the components (with a non-zero member) in which signs
                          differ */
    double mask;   /* mean of the surgery's mask over those components; NaN with PCGRAD,
                      which has none */
    double scale;  /* factor of `scale`: mean norm of the views over that of the
                      weighted members */
    double length; /* norm of the result / norm of the plain mean */
} control_combined;

/* [any] By the name in options ("cosine", "vote"), or -1. */
int control_gas_find(const char *name);
int control_sgs_find(const char *name);

/* [any] out[size] = the combination of g[n][size], n <= CONTROL_MAX_VIEWS, rows `stride`
 * floats apart.  Not finite rows are dropped and counted.  Exact zeros are neutral, no
 * votes, and so are views of weight 0; a row of zeros has no direction and gets weight 0
 * of all solvers but NONE.  With one row left (or n = 1), out = that row, bit for bit.
 * Weighted rows whose sum is nothing but rounding give 0.  `rng` is drawn from by PCGRAD
 * and AGR_RAND only.  0 when nothing finite was left: out is then all 0 and the step is
 * to be skipped; else 1.  out may not overlap g.  Two passes over memory, no allocation,
 * some 20 KiB of stack; the same bits on every CPU (but for pow() and tanh() of its C
 * library). */
int control_combine_gradients(const control_combine *how, const float *g, size_t stride,
                              uint32_t n, size_t size, uint64_t *rng, float *out,
                              control_combined *info);

#endif
