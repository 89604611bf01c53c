/* mcnemar.c - right and wrong of two methods on the same items; see paired.h. */
#include "stats/paired.h"

#include <math.h>

#include "stats/dist.h"

static bool is_verdict(double x) {
    return isnan(x) || (x <= 0 && x >= 0) || (x <= 1 && x >= 1);
}

bool accord_paired_flips(const double *a, const double *b, size_t n, accord_flips *out) {
    accord_flips f = {0, 0, 0, 0};

    *out = f;
    for (size_t i = 0; i < n; i++) {
        if (!is_verdict(a[i]) || !is_verdict(b[i]))
            return false;
        if (isnan(a[i]) || isnan(b[i]))
            continue;
        bool right_a = a[i] > 0;
        bool right_b = b[i] > 0;
        f.both += right_a && right_b;
        f.only_a += right_a && !right_b;
        f.only_b += !right_a && right_b;
        f.neither += !right_a && !right_b;
    }
    *out = f;
    return true;
}

accord_mcnemar accord_paired_mcnemar(size_t b, size_t c) {
    size_t least = b < c ? b : c;
    double m = (double)b + (double)c;
    double gap = fabs((double)b - (double)c);
    double shrunk = gap > 1 ? gap - 1 : 0;

    if (b + c == 0)
        return (accord_mcnemar){1, 1, 1, 1, (double)NAN};
    double lower = accord_dist_coins_lower(least, b + c);
    return (accord_mcnemar){
        .exact = fmin(1, 2 * lower),
        .mid = fmin(1, 2 * lower - accord_dist_coins(least, b + c)),
        .asymptotic = accord_dist_chi2_upper(gap * gap / m),
        .continuity = accord_dist_chi2_upper(shrunk * shrunk / m),
        .odds = c ? (double)b / (double)c : (double)INFINITY,
    };
}

/* The correlation of the two verdicts, with Newcombe's correction for continuity where it
 * is positive. */
static double correlation(double a, double b, double c, double d, double n) {
    double margins = (a + b) * (c + d) * (a + c) * (b + d);
    double product = a * d - b * c;

    if (margins <= 0)
        return 0;
    if (product > n / 2)
        product -= n / 2;
    else if (product > 0)
        product = 0;
    return product / sqrt(margins);
}

accord_stat accord_paired_shares(const accord_flips *flips) {
    double a = (double)flips->both;
    double b = (double)flips->only_a;
    double c = (double)flips->only_b;
    double d = (double)flips->neither;
    double n = a + b + c + d;

    if (n <= 0)
        return (accord_stat){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    accord_stat x = accord_stats_wilson(a + b, (size_t)n);
    accord_stat y = accord_stats_wilson(a + c, (size_t)n);
    double phi = correlation(a, b, c, d, n);
    double x_down = x.mean - x.lo;
    double x_up = x.hi - x.mean;
    double y_down = y.mean - y.lo;
    double y_up = y.hi - y.mean;
    double mean = (b - c) / n;
    double down = sqrt(x_down * x_down - 2 * phi * x_down * y_up + y_up * y_up);
    double up = sqrt(x_up * x_up - 2 * phi * x_up * y_down + y_down * y_down);
    double variance = (b + c - (b - c) * (b - c) / n) / (n * (n - 1));
    return accord_stats_within(
        (accord_stat){mean, n > 1 ? sqrt(fmax(0, variance)) : (double)NAN, mean - down,
                      mean + up},
        -1, 1);
}
