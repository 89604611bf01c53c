/* interval.c - means with their intervals; see stats.h. */
#include "stats/stats.h"

#include <math.h>

#include "stats/dist.h"

static const double z975 = 1.9599639845400545;

accord_stat accord_stats_wilson(double successes, size_t n) {
    double count = (double)n;

    if (n == 0)
        return (accord_stat){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    double p = successes / count;
    double z2n = z975 * z975 / count;
    double centre = (p + z2n / 2) / (1 + z2n);
    double half = z975 * sqrt(p * (1 - p) / count + z2n / (4 * count)) / (1 + z2n);
    return (accord_stat){
        .mean = p,
        .se = n < 2 ? (double)NAN : sqrt(p * (1 - p) / (count - 1)),
        .lo = successes <= 0 ? 0 : centre - half, /* not -1e-17 */
        .hi = successes >= count ? 1 : centre + half,
    };
}

static double mean_of(const double *x, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

accord_stat accord_stats_mean(const double *x, size_t n) {
    double squares = 0;

    if (n == 0)
        return (accord_stat){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    double mean = mean_of(x, n);
    if (n == 1)
        return (accord_stat){mean, (double)NAN, (double)NAN, (double)NAN};
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    double se = sqrt(squares / ((double)n * (double)(n - 1)));
    double half = accord_stats_t975((double)(n - 1)) * se;
    return (accord_stat){mean, se, mean - half, mean + half};
}

accord_stat accord_stats_score(const double *x, size_t n) {
    double successes = 0;

    for (size_t i = 0; i < n; i++) {
        if (x[i] < 0 || x[i] > 1 || (x[i] > 0 && x[i] < 1) || isnan(x[i]))
            return accord_stats_mean(x, n);
        successes += x[i];
    }
    return accord_stats_wilson(successes, n);
}

accord_stat accord_stats_within(accord_stat s, double least, double most) {
    if (s.lo < least)
        s.lo = least;
    if (s.hi > most)
        s.hi = most;
    return s;
}

double accord_stats_t975(double df) {
    return df > 1e6 /* the normal's to seven digits */
               ? z975
               : accord_dist_t_two_sided_quantile(0.05, df);
}

double accord_stats_quantile(const double *sorted, size_t n, double q) {
    if (n == 0)
        return (double)NAN;
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    if (i + 1 >= n)
        return sorted[n - 1];
    return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}
