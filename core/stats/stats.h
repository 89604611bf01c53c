/* stats.h - what a table says about a score, and how sure it is.
 *
 * Every interval is two-sided at 95 %.  What cannot be known is NaN: with one item or one
 * seed there is a mean and no interval.  The functions are pure; those that draw take the
 * seed of their draws. */
#ifndef ACCORD_STATS_H
#define ACCORD_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A mean with its standard error and its interval. */
typedef struct accord_stat {
    double mean;
    double se;
    double lo, hi;
} accord_stat;

/* [any] A share: `successes` of n, with Wilson's interval (Wilson 1927), which stays
 * honest at 0 of 30 and at 30 of 30.  The standard error is that of the mean of n zeros
 * and ones. */
accord_stat accord_stats_wilson(double successes, size_t n);

/* [any] The mean of n independent values: standard error by the central limit theorem,
 * interval by Student's t with n - 1 degrees of freedom. */
accord_stat accord_stats_mean(const double *x, size_t n);

/* [any] Wilson when every value is 0 or 1, else the mean. */
accord_stat accord_stats_score(const double *x, size_t n);

/* [any] A learner on text: items and seeds are both resampled, crossed, 2,000 times
 * (percentile interval).  x[n_items][n_seeds]; NaN = not played.  No interval below two
 * items or two seeds.  ACCORD_E_NOMEM. */
accord_code accord_stats_crossed(const double *x, size_t n_items, size_t n_seeds,
                                 uint64_t seed, accord_stat *out,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [any] The quantile q of n sorted values, by linear interpolation; NaN when n is 0. */
double accord_stats_quantile(const double *sorted, size_t n, double q);

/* [any] The interval cut to what is possible: [-1, 1] for the difference of two shares.
 */
accord_stat accord_stats_within(accord_stat s, double least, double most);

/* [any] The 97.5 % point of Student's t. */
double accord_stats_t975(double df);

/* [any] maj@j for every j: out[j - 1] is the mean score of a majority vote over all
 * subsets of j of the n samples.  answers[i] names sample i's answer, 0 is none and has
 * no vote; score[i] is its score.  Ties are an even draw, so they count their expected
 * score; a subset without any answer scores 0.  Exact while the answers' counts can be
 * enumerated, else over 2,000 subsets drawn from `seed`.  ACCORD_E_NOMEM. */
accord_code accord_stats_majority(const uint64_t *answers, const double *score, size_t n,
                                  uint64_t seed, double *out,
                                  accord_err *err) ACCORD_MUST_CHECK;

#endif
