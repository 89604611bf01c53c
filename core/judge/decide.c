/* decide.c - see decide.h. */
#include "judge/decide.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/rundir.h"
#include "stats/dist.h"
#include "stats/multiple.h"
#include "stats/power.h"

/* Of the crossed bootstrap, whose standard error is all that is used. */
enum { RESAMPLES = 2000 };
static const accord_power decisive = {.alpha = 2 * ACCORD_GATE_ALPHA, .power = 0.8};

/* By item, or by seed where training seeds are what was compared. */
static bool all_alike(const accord_aligned *x) {
    bool by_seed = x->unit == ACCORD_BY_SEED;
    size_t n = by_seed ? x->n_a : x->n_items;

    if (n == 0 || (by_seed && x->n_a != x->n_b))
        return false;
    for (size_t i = 0; i < n; i++) {
        double gain = by_seed ? x->a[i] - x->b[i] : x->gain[i];
        if (gain > 0 || gain < 0)
            return false;
    }
    return true;
}

/* A two-sided p seen from the side of "worse". */
static double one_sided(double p, double gain) {
    return gain < 0 ? p / 2 : 1 - p / 2;
}

accord_code accord_decision_measure(const accord_aligned *x, double margin, bool higher,
                                    accord_decision *out, accord_err *err) {
    const accord_effect_how how = {.min = -(double)INFINITY,
                                   .max = (double)INFINITY,
                                   .resamples = RESAMPLES,
                                   .plain = true};
    double sign = higher ? 1 : -1;
    accord_effect e;

    accord_code rc = accord_effect_make(x, &how, &e, err);
    if (rc)
        return rc;
    double gain = sign * e.delta.mean;
    bool by_seed = x->unit == ACCORD_BY_SEED;
    *out = (accord_decision){
        .score = e.score_a,
        .base = e.score_b,
        .gain = gain,
        .se = e.delta.se,
        .df = e.df,
        .p = one_sided(e.p, gain),
        .alike = all_alike(x),
        .n = !by_seed          ? x->n_items
             : x->n_a < x->n_b ? x->n_a
                               : x->n_b,
        .by_seed = by_seed,
        .margin = margin,
        .lower = (double)NAN,
        .upper = (double)NAN,
        .p_holm = (double)NAN,
        .verdict = ACCORD_GATE_INCONCLUSIVE,
        .wanted = (double)NAN,
    };
    /* All differ by the same: nothing varies, and nothing is unsure. */
    if (isnan(out->p) && out->n > 1 && e.delta.se <= 0)
        out->p = gain < 0 ? 0 : 1;
    return ACCORD_OK;
}

static double bound(const accord_decision *d, double alpha) {
    if (d->se <= 0)
        return 0;
    return d->df > 0 ? d->se * accord_dist_t_two_sided_quantile(2 * alpha, d->df)
                     : (double)NAN;
}

/* Holm's level for a row: what there is over the number of rows whose p is not below. */
static double level(const accord_decision *all, size_t n, const accord_decision *d) {
    size_t rest = 1;

    for (size_t i = 0; i < n; i++)
        if (&all[i] != d && all[i].verdict != ACCORD_GATE_INCOMPARABLE &&
            !(all[i].p < d->p || (all[i].p <= d->p && &all[i] < d)))
            rest++;
    return ACCORD_GATE_ALARM / (double)rest;
}

/* At what n the gain seen here would be told from -margin, or from 0. */
static double wanted(const accord_decision *d) {
    double to_pass = d->gain > -d->margin ? d->gain + d->margin : 0;
    double to_regress = d->gain <= -d->margin / 2 ? -d->gain : 0;
    double sd = d->se * sqrt((double)d->n);
    double items = accord_power_items(decisive, sd, fmax(to_pass, to_regress));

    return isfinite(items) ? items : (double)NAN;
}

static int rule(const accord_decision *d) {
    if (d->alike || d->lower > -d->margin)
        return ACCORD_GATE_PASS;
    if (d->upper < 0 && d->p_holm < ACCORD_GATE_ALARM && d->gain <= -d->margin / 2)
        return ACCORD_GATE_REGRESS;
    return ACCORD_GATE_INCONCLUSIVE;
}

accord_code accord_decisions_make(accord_decision *d, size_t n, accord_err *err) {
    double *p;
    size_t m = 0;

    accord_code rc = accord_alloc(n, sizeof(double), &p, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (d[i].verdict != ACCORD_GATE_INCOMPARABLE)
            p[m++] = d[i].p;
    rc = accord_multiple_holm(p, m, p, err);
    m = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        if (d[i].verdict == ACCORD_GATE_INCOMPARABLE)
            continue;
        d[i].p_holm = p[m++];
        d[i].lower = d[i].gain - bound(&d[i], ACCORD_GATE_ALPHA);
        d[i].upper = d[i].gain + bound(&d[i], level(d, n, &d[i]));
        d[i].verdict = rule(&d[i]);
        if (d[i].verdict == ACCORD_GATE_INCONCLUSIVE)
            d[i].wanted = wanted(&d[i]);
    }
    free(p);
    return rc;
}
