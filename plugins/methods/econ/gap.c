/* gap.c - see gap.h. */
#include "gap.h"

#include <math.h>

enum { ALL, EVEN, ODD };

static bool counts(uint32_t item, int half) {
    return half == ALL || (half == EVEN) == (item % 2 == 0);
}

/* Mean gain of executor i at a point over a part of the items; NaN without any. */
static double gain(const econ_payoffs *p, uint32_t i, uint32_t point, int half) {
    double sum = 0;
    uint32_t n = 0;

    for (uint32_t item = 0; item < p->items; item++) {
        size_t at = (size_t)item * p->n + i;
        double d = p->deviated[at * p->points + point] - p->base[at];
        if (!counts(item, half) || isnan(d))
            continue;
        sum += d;
        n++;
    }
    return n ? sum / n : (double)NAN;
}

/* The best point of executors first .. last, and whose; the largest gain. */
static double best(const econ_payoffs *p, uint32_t first, uint32_t last, int half,
                   uint32_t *agent, uint32_t *point) {
    double most = (double)NAN;

    *agent = first;
    *point = 0;
    for (uint32_t i = first; i <= last; i++)
        for (uint32_t j = 0; j < p->points; j++) {
            double g = gain(p, i, j, half);
            if (isnan(g) || g <= most)
                continue;
            most = g;
            *agent = i;
            *point = j;
        }
    return most;
}

static double crossed(const econ_payoffs *p, uint32_t first, uint32_t last) {
    uint32_t agent, point;
    double sum;

    if (isnan(best(p, first, last, EVEN, &agent, &point)))
        return (double)NAN;
    sum = gain(p, agent, point, ODD);
    if (isnan(best(p, first, last, ODD, &agent, &point)))
        return (double)NAN;
    return (sum + gain(p, agent, point, EVEN)) / 2;
}

void econ_gaps_of(const econ_payoffs *p, econ_gaps *out) {
    uint32_t agent, point;

    *out = (econ_gaps){.raw = (double)NAN, .cross = (double)NAN, .regret = (double)NAN};
    if (p->points == 0 || p->n == 0)
        return;
    out->raw = best(p, 0, p->n - 1, ALL, &agent, &point);
    out->cross = crossed(p, 0, p->n - 1);
    out->regret = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        out->gain[i] = crossed(p, i, i);
        out->regret += isnan(out->gain[i]) ? (double)NAN : fmax(0, out->gain[i]);
    }
}
