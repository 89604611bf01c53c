/* power.h - what an experiment of n items can see (Miller 2024, arXiv 2411.00640,
 * section 5; normal approximation).
 *
 * `sd` is the standard deviation of the paired differences over items.  NaN for what
 * makes no sense: a negative sd, no items. */
#ifndef ACCORD_POWER_H
#define ACCORD_POWER_H

#include <stddef.h>

/* What is wanted of a two-sided test.  One-sided at a: {2 a, power}. */
typedef struct accord_power {
    double alpha; /* risk of a false alarm: 0.05 */
    double power; /* chance to see what is there: 0.8 */
} accord_power;

/* [any] The minimum detectable effect: (z of alpha/2 + z of power) sd / sqrt(n). */
double accord_power_effect(accord_power want, double sd, double n);

/* [any] The n at which `effect` is detectable, rounded up; inf when effect is 0. */
double accord_power_items(accord_power want, double sd, double effect);

/* [any] The chance that a two-sided test at `alpha` finds `effect` with n items. */
double accord_power_chance(double alpha, double sd, double n, double effect);

/* [any] The number of runs (or items) at which an interval that is `half` wide to each
 * side with n of them shrinks to `wanted`: n (half / wanted)^2, rounded up. */
double accord_power_shrink(double half, double n, double wanted);

/* The law of total variance: the mean of n items with K replicates each has variance
 * (between + within / K) / n. */
typedef struct accord_variance {
    double between; /* of the items' true means; at least 0 */
    double within;  /* mean over items of the variance of an item's replicates */
} accord_variance;

/* [any] Both, without bias: x[n_items][n_seeds], NaN = not played.  NaN below two items,
 * or without an item that was played twice. */
accord_variance accord_power_variance(const double *x, size_t n_items, size_t n_seeds);

/* [any] The standard deviation over items when each is the mean of k replicates:
 * sqrt(between + within / k); k may be inf. */
double accord_power_sd(accord_variance v, double k);

#endif
