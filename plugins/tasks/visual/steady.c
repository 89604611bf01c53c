/* steady.c - see steady.h. */
#include "steady.h"

#include <math.h>

#include <accord/rng.h>

/* x = m 2^e with m near 1; ln m = 2 artanh((m - 1)/(m + 1)), whose series converges fast
 * there. */
double steady_log(double x) {
    int exponent;
    double m = frexp(x, &exponent); /* exact */

    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    double z = (m - 1) / (m + 1), power = z * z, sum = 0;
    for (int k = 21; k > 0; k -= 2)
        sum = sum * power + 1.0 / k;
    return exponent * 0.69314718055994531 + 2 * z * sum;
}

/* The Taylor series to x^22, by Horner's rule: sum of (-x^2)^k / (2k + first)!. */
static double alternating(double x, int first) {
    double sum = 1;

    for (int k = 10; k > 0; k--) {
        int n = 2 * k + first;

        sum = 1 - sum * x * x / (n * (n - 1));
    }
    return sum;
}

double steady_sin(double x) {
    return x * alternating(x, 1);
}

double steady_cos(double x) {
    return alternating(x, 0);
}

double steady_normal(uint64_t *state) {
    double u, s;

    do {
        u = 2 * accord_rng_uniform(state) - 1;
        double v = 2 * accord_rng_uniform(state) - 1;

        s = u * u + v * v;
    } while (s >= 1 || s == 0.0);
    return u * sqrt(-2 * steady_log(s) / s);
}
