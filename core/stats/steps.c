/* steps.c - see steps.h. */
#include "stats/steps.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/dist.h"

/* Terms of the penalty's sum beyond these are below any double. */
enum { MAX_TERMS = 60, HALVINGS = 60 };

/* Log of P(X >= x) of chi-square with m > 1 degrees of freedom, x >= 2 m: Chernoff's
 * bound, exact to what one more step can matter. */
static double log_tail(double x, double m) {
    return m / 2 * (1 + log(x / m) - x / m);
}

static double expected_alarms(size_t n, double b) {
    double places = (double)n - 1;
    double log_ways = 0;
    double sum = 0;

    for (int m = 1; m <= MAX_TERMS && m <= places; m++) {
        log_ways += log((places - m + 1) / m);
        sum += m == 1   ? places * accord_dist_chi2_upper(b)
               : m == 2 ? exp(log_ways - b)
                        : exp(log_ways + log_tail(m * b, m));
    }
    return sum;
}

double accord_steps_penalty(size_t n, double alarm) {
    double lo = 2;
    double hi = 1000;

    if (n < 2)
        return 0;
    for (int i = 0; i < HALVINGS; i++) {
        double mid = (lo + hi) / 2;
        if (expected_alarms(n, mid) > alarm)
            lo = mid;
        else
            hi = mid;
    }
    return hi;
}

/* Sums over the first i points, of values less the first so that nothing cancels. */
typedef struct sums {
    double w, wy, wyy;
} sums;

static double cost(const sums *from, const sums *to) {
    double w = to->w - from->w;
    double wy = to->wy - from->wy;

    return to->wyy - from->wyy - wy * wy / w;
}

static void add_up(const double *y, const double *se, size_t n, sums *s) {
    for (size_t i = 0; i < n; i++) {
        double w = 1 / (se[i] * se[i]);
        double v = y[i] - y[0];
        s[i + 1] = (sums){s[i].w + w, s[i].wy + w * v, s[i].wyy + w * v * v};
    }
}

/* before[i] = where the last level of the best segmentation of the first i begins. */
static void partition(const sums *s, size_t n, double penalty, double *best,
                      size_t *before) {
    best[0] = -penalty;
    for (size_t i = 1; i <= n; i++) {
        best[i] = (double)INFINITY;
        for (size_t j = 0; j < i; j++) {
            double total = best[j] + cost(&s[j], &s[i]) + penalty;
            if (total < best[i]) {
                best[i] = total;
                before[i] = j;
            }
        }
    }
}

static accord_level measure(const sums *s, double first, size_t from, size_t to) {
    double w = s[to].w - s[from].w;

    return (accord_level){.from = from,
                          .n = to - from,
                          .mean = first + (s[to].wy - s[from].wy) / w,
                          .se = 1 / sqrt(w),
                          .step = (double)NAN,
                          .step_se = (double)NAN,
                          .p = (double)NAN};
}

static void measure_step(const accord_level *a, accord_level *b, size_t places) {
    b->step = b->mean - a->mean;
    b->step_se = hypot(a->se, b->se);
    double z = b->step / b->step_se;
    b->p = fmin(1, accord_dist_chi2_upper(z * z) * (double)places);
}

/* Twice the log of 2 / 0.05.  The likelihood ratio of a wrong place to the right one is a
 * martingale with mean 1 on either side, which passes 40 with probability 1 / 40 at most
 * (Ville 1939), where the levels are known. */
#define LIKELY 7.377758908227871

static void locate(const sums *s, const accord_level *a, accord_level *b) {
    size_t end = b->from + b->n;
    double best = cost(&s[a->from], &s[b->from]) + cost(&s[b->from], &s[end]);

    b->earliest = b->latest = b->from;
    for (size_t j = a->from + 1; j < end; j++) {
        if (cost(&s[a->from], &s[j]) + cost(&s[j], &s[end]) > best + LIKELY)
            continue;
        b->earliest = j < b->earliest ? j : b->earliest;
        b->latest = j > b->latest ? j : b->latest;
    }
}

static accord_code trace(const sums *s, double first, size_t n, const size_t *before,
                         accord_steps *out, accord_err *err) {
    for (size_t i = n; i > 0; i = before[i])
        out->n++;
    accord_code rc = accord_alloc(out->n, sizeof(*out->levels), &out->levels, err);
    if (rc) {
        out->n = 0;
        return rc;
    }
    size_t at = out->n;
    for (size_t i = n; i > 0; i = before[i])
        out->levels[--at] = measure(s, first, before[i], i);
    for (size_t k = 1; k < out->n; k++) {
        measure_step(&out->levels[k - 1], &out->levels[k], n - 1);
        locate(s, &out->levels[k - 1], &out->levels[k]);
    }
    return ACCORD_OK;
}

accord_code accord_steps_find(const double *y, const double *se, size_t n, double alarm,
                              accord_steps *out, accord_err *err) {
    sums *s = NULL;
    double *best = NULL;
    size_t *before = NULL;

    *out = (accord_steps){.penalty = accord_steps_penalty(n, alarm)};
    if (n == 0)
        return ACCORD_OK;
    accord_code rc = accord_alloc(n + 1, sizeof(*s), &s, err);
    if (!rc)
        rc = accord_alloc(n + 1, sizeof(*best), &best, err);
    if (!rc)
        rc = accord_alloc(n + 1, sizeof(*before), &before, err);
    if (!rc) {
        add_up(y, se, n, s);
        partition(s, n, out->penalty, best, before);
        rc = trace(s, y[0], n, before, out, err);
    }
    free(s);
    free(best);
    free(before);
    return rc;
}

static void pool(const double *se, const size_t *kind, const accord_level *level,
                 double *out) {
    for (size_t i = level->from; i < level->from + level->n; i++) {
        double sum = 0;
        size_t n = 0;
        for (size_t k = level->from; k < level->from + level->n; k++)
            if (kind[k] == kind[i]) {
                sum += se[k] * se[k];
                n++;
            }
        out[i] = sqrt(sum / (double)n);
    }
}

accord_code accord_steps_find_pooled(const double *y, const double *se,
                                     const size_t *kind, size_t n, double alarm,
                                     accord_steps *out, accord_err *err) {
    const accord_level all = {.n = n};
    accord_steps first = {0};
    double *pooled;

    *out = (accord_steps){0};
    accord_code rc = accord_alloc(n, sizeof(*pooled), &pooled, err);
    if (rc)
        return rc;
    pool(se, kind, &all, pooled);
    rc = accord_steps_find(y, pooled, n, alarm, &first, err);
    for (size_t k = 0; k < first.n; k++)
        pool(se, kind, &first.levels[k], pooled);
    if (!rc)
        rc = accord_steps_find(y, pooled, n, alarm, out, err);
    accord_steps_fini(&first);
    free(pooled);
    return rc;
}

void accord_steps_fini(accord_steps *s) {
    free(s->levels);
    *s = (accord_steps){0};
}
