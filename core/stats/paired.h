/* paired.h - two methods on the same items: differences A - B, how sure they are, and
 * whether chance explains them.
 *
 * Intervals are two-sided at 95 %, p-values two-sided against a difference of 0.  A NaN
 * among the differences is a pair of which one half is missing; it is passed over.  What
 * cannot be known is NaN.  With replicates an item's difference is the mean over them
 * (Miller 2024, arXiv 2411.00640, section 3), or see accord_paired_crossed(). */
#ifndef ACCORD_PAIRED_H
#define ACCORD_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "stats/draws.h"
#include "stats/stats.h"

/* The differences, and which of them belong together. */
typedef struct accord_pairs {
    const double *d; /* [n] */
    size_t n;
    const size_t *cluster; /* [n], each below n_clusters; NULL = every pair alone */
    size_t n_clusters;
} accord_pairs;

/* [any] d[i] = a[i] - b[i]; `d` may be one of them.  Returns how many are not NaN. */
size_t accord_paired_subtract(const double *a, const double *b, size_t n, double *d);

typedef struct accord_paired_test {
    accord_stat stat;
    double p; /* without any spread: 1 when the mean is 0, else NaN */
} accord_paired_test;

/* [any] The mean difference: standard error sqrt(sum (d - mean)^2 / (n (n - 1))),
 * Student's t with n - 1 degrees of freedom.  It has the covariance of A and B in it.
 * Takes no notice of clusters. */
accord_paired_test accord_paired_mean(const accord_pairs *pairs);

typedef struct accord_clustered {
    accord_paired_test test;
    size_t n_clusters;    /* with at least one difference */
    double design_effect; /* (clustered se / se of the central limit theorem)^2 */
} accord_clustered;

/* [any] The same with items that come in clusters: standard error
 *   sqrt(G / (G - 1) * sum over clusters of (sum over items of d - mean)^2) / n
 * of G clusters (CR0 with the small-sample factor; Cameron and Miller 2015, section II.B,
 * as in Inspect), Student's t with G - 1 degrees of freedom.  Miller's expression without
 * the factor can go negative and is not used.  Works for the scores of one method too.
 * Below two clusters all but the mean is NaN.  ACCORD_E_NOMEM. */
accord_code accord_paired_clustered(const accord_pairs *pairs, accord_clustered *out,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* Right and wrong of both: counts of items. */
typedef struct accord_flips {
    size_t both, only_a, only_b, neither;
} accord_flips;

/* [any] Counts them; false, and *out 0, when a value is other than 0, 1 or NaN. */
bool accord_paired_flips(const double *a, const double *b, size_t n, accord_flips *out);

typedef struct accord_mcnemar {
    double exact;      /* min(1, 2 P(X <= min(b, c))), X of b + c fair coins */
    double mid;        /* 2 (P(X < min) + P(X = min) / 2): the one to use */
    double asymptotic; /* chi-square (b - c)^2 / (b + c), one degree of freedom */
    double continuity; /* the same with max(0, |b - c| - 1)^2 */
    double odds;       /* b / c; inf when c is 0 and b is not, NaN when both are */
} accord_mcnemar;

/* [any] McNemar's test of b (only A right) against c (only B right): McNemar 1947; mid-p
 * by Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91.  All p
 * are 1 when b = c = 0. */
accord_mcnemar accord_paired_mcnemar(size_t b, size_t c);

/* [any] The difference of two paired shares with Newcombe's interval: Wilson's of both,
 * squared and added with their correlation (Newcombe 1998, Statistics in Medicine
 * 17:2635, method 10).  Within [-1, 1], and honest where Wald's has no width: at b = c =
 * 0. */
accord_stat accord_paired_shares(const accord_flips *flips);

typedef struct accord_boot {
    accord_stat stat;      /* the percentile interval */
    double bca_lo, bca_hi; /* bias-corrected and accelerated */
    double p; /* 2 min(#{d* <= 0} + 1, #{d* >= 0} + 1) / (B + 1), at most 1 */
} accord_boot;

/* [any] Paired bootstrap of the mean difference: items, or whole clusters, drawn with
 * replacement how->n times (10,000 is usual).  Percentile and BCa (Efron 1987; Efron and
 * Tibshirani 1993, chapter 14; acceleration by the jackknife; ties count half in the
 * bias, as in SciPy).  NaN below two units.
 * Below 20 clusters accord_paired_sign_flip() is the better p.  ACCORD_E_NOMEM. */
accord_code accord_paired_bootstrap(const accord_pairs *pairs, const accord_draws *how,
                                    accord_boot *out, accord_err *err) ACCORD_MUST_CHECK;

/* What ratios are made of, per item: cost and correct, tokens and correct. */
typedef struct accord_ratios {
    const double *num_a, *den_a; /* [n] */
    const double *num_b, *den_b; /* [n] */
    size_t n;
} accord_ratios;

/* [any] The same for sum num_a / sum den_a - sum num_b / sum den_b; an item with a NaN is
 * passed over.  Ratios want the BCa interval.  NaN when a denominator is 0;
 * a resample without a right answer is infinitely dear, and a bound that is infinite is
 * NaN.  ACCORD_E_NOMEM. */
accord_code accord_paired_ratio(const accord_ratios *ratios, const accord_draws *how,
                                accord_boot *out, accord_err *err) ACCORD_MUST_CHECK;

/* [any] Items and seeds both drawn with replacement, crossed (Owen 2007, "the pigeonhole
 * bootstrap"): d[n_items][n_seeds], NaN = not played.  No BCa.  NaN below two items or
 * two seeds.  ACCORD_E_NOMEM. */
accord_code accord_paired_crossed(const double *d, size_t n_items, size_t n_seeds,
                                  const accord_draws *how, accord_boot *out,
                                  accord_err *err) ACCORD_MUST_CHECK;

/* [any] Sign-flip permutation test (Fisher 1935) of the mean difference: the signs of
 * whole clusters are turned over, each with probability 1/2.  All 2^G when that is at
 * most how->n, else how->n drawn ones and p = (#{as far as observed} + 1) / (B + 1).  NaN
 * without a difference.  ACCORD_E_NOMEM. */
accord_code accord_paired_sign_flip(const accord_pairs *pairs, const accord_draws *how,
                                    double *p, accord_err *err) ACCORD_MUST_CHECK;

#endif
