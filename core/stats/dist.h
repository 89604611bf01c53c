/* dist.h - the distributions that tests are read from. */
#ifndef ACCORD_DIST_H
#define ACCORD_DIST_H

#include <stddef.h>

/* [any] P(Z <= z) of the standard normal distribution. */
double accord_dist_normal(double z);
/* [any] Its quantile; -inf and inf at 0 and 1, NaN outside. */
double accord_dist_normal_quantile(double p);

/* [any] P(|T| >= |t|) of Student's t with df > 0 degrees of freedom (Abramowitz and
 * Stegun, 26.7.1, 26.5.27). */
double accord_dist_t_two_sided(double t, double df);
/* [any] The t > 0 that |T| reaches with probability p, 0 < p < 1; NaN outside. */
double accord_dist_t_two_sided_quantile(double p, double df);

/* [any] P(X >= x) of chi-square with one degree of freedom. */
double accord_dist_chi2_upper(double x);

/* [any] P(X <= k) and P(X = k) of n fair coins. */
double accord_dist_coins_lower(size_t k, size_t n);
double accord_dist_coins(size_t k, size_t n);

#endif
