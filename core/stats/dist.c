/* dist.c - distributions; see dist.h.  Quantiles are found by bisection: they are asked
 * for a few times per table. */
#include "stats/dist.h"

#include <math.h>

enum { HALVINGS = 100 };

double accord_dist_normal(double z) {
    return 0.5 * erfc(-z / sqrt(2));
}

double accord_dist_normal_quantile(double p) {
    double lo = -40;
    double hi = 0;

    if (!(p >= 0 && p <= 1))
        return (double)NAN;
    if (p > 0.5) /* the lower tail has the digits */
        return -accord_dist_normal_quantile(1 - p);
    if (p <= 0)
        return -(double)INFINITY;
    for (int i = 0; i < HALVINGS; i++) {
        double z = (lo + hi) / 2;
        if (accord_dist_normal(z) < p)
            lo = z;
        else
            hi = z;
    }
    return hi;
}

/* lgamma() itself writes the sign to a global. */
static double log_gamma(double x) {
    int sign;

    return lgamma_r(x, &sign);
}

/* The continued fraction of the incomplete beta function, by Lentz's method (Numerical
 * Recipes, 6.4). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;

    for (int m = 1; m < 100000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return h;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta_share(double a, double b, double x) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front =
        exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double accord_dist_t_two_sided(double t, double df) {
    if (isinf(t))
        return 0;
    return beta_share(df / 2, 0.5, df / (df + t * t));
}

double accord_dist_t_two_sided_quantile(double p, double df) {
    double lo = 0;
    double hi = 1;

    if (!(p > 0 && p < 1) || !(df > 0))
        return (double)NAN;
    while (accord_dist_t_two_sided(hi, df) > p && hi < 1e300)
        hi *= 2;
    for (int i = 0; i < HALVINGS; i++) {
        double t = (lo + hi) / 2;
        if (accord_dist_t_two_sided(t, df) > p)
            lo = t;
        else
            hi = t;
    }
    return (lo + hi) / 2;
}

double accord_dist_chi2_upper(double x) {
    return x <= 0 ? 1 : erfc(sqrt(x / 2));
}

double accord_dist_coins(size_t k, size_t n) {
    double heads = (double)k;
    double all = (double)n;

    if (k > n)
        return 0;
    return exp(log_gamma(all + 1) - log_gamma(heads + 1) - log_gamma(all - heads + 1) -
               all * log(2));
}

double accord_dist_coins_lower(size_t k, size_t n) {
    if (k >= n)
        return 1;
    if (k > n / 2)
        return 1 - accord_dist_coins_lower(n - k - 1, n);
    double term = accord_dist_coins(k, n);
    double sum = 0;
    for (size_t i = k + 1; i-- > 0 && term > sum * 1e-17;) {
        sum += term;
        term *= (double)i / (double)(n - i + 1);
    }
    return sum;
}
