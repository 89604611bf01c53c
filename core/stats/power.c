/* power.c - power, minimum detectable effect, needed n; see power.h. */
#include "stats/power.h"

#include <math.h>

#include "stats/dist.h"

static double z_sum(accord_power want) {
    return accord_dist_normal_quantile(1 - want.alpha / 2) +
           accord_dist_normal_quantile(want.power);
}

double accord_power_effect(accord_power want, double sd, double n) {
    if (!(sd >= 0) || !(n > 0))
        return (double)NAN;
    return z_sum(want) * sd / sqrt(n);
}

double accord_power_items(accord_power want, double sd, double effect) {
    double ratio = z_sum(want) * sd / effect;

    if (!(sd >= 0) || isnan(effect))
        return (double)NAN;
    if (effect <= 0 && effect >= 0)
        return (double)INFINITY;
    return fmax(1, ceil(ratio * ratio));
}

double accord_power_chance(double alpha, double sd, double n, double effect) {
    double z = accord_dist_normal_quantile(1 - alpha / 2);
    double shift = fabs(effect) * sqrt(n) / sd;

    if (!(sd >= 0) || !(n > 0))
        return (double)NAN;
    return accord_dist_normal(shift - z) + accord_dist_normal(-shift - z);
}

double accord_power_shrink(double half, double n, double wanted) {
    double ratio = half / wanted;

    if (!(half >= 0) || !(n > 0) || !(wanted > 0))
        return (double)NAN;
    return ceil(n * ratio * ratio);
}

/* Of the replicates of one item: how many, their mean, their squared deviations. */
typedef struct replicates {
    double n, mean, squares;
} replicates;

static replicates look(const double *x, size_t n) {
    replicates r = {0, 0, 0};

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            double gap = x[i] - r.mean; /* Welford 1962 */
            r.mean += gap / ++r.n;
            r.squares += gap * (x[i] - r.mean);
        }
    return r;
}

accord_variance accord_power_variance(const double *x, size_t n_items, size_t n_seeds) {
    replicates means = {0, 0, 0};
    double within = 0, twice = 0, inverse = 0;

    for (size_t i = 0; i < n_items; i++) {
        replicates r = look(x + i * n_seeds, n_seeds);
        if (r.n < 1)
            continue;
        double gap = r.mean - means.mean;
        means.mean += gap / ++means.n;
        means.squares += gap * (r.mean - means.mean);
        inverse += 1 / r.n;
        if (r.n > 1) {
            within += r.squares / (r.n - 1);
            twice++;
        }
    }
    if (means.n < 2 || twice < 1)
        return (accord_variance){(double)NAN, (double)NAN};
    within /= twice;
    double between = means.squares / (means.n - 1) - within * inverse / means.n;
    return (accord_variance){fmax(0, between), within};
}

double accord_power_sd(accord_variance v, double k) {
    return sqrt(v.between + v.within / k);
}
