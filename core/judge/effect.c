/* effect.c - see effect.h. */
#include "judge/effect.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "judge/clusters.h"
#include "report/rundir.h"
#include "stats/dist.h"
#include "stats/power.h"
#include "stats/runs.h"

/* Below so many items the central limit theorem is no help. */
enum { FEW_ITEMS = 20, FEW_CLUSTERS = 20 };

static const accord_stat unknown = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};
static const accord_power usual = {.alpha = 0.05, .power = 0.8};

static double mean(const double *x, size_t n) {
    double sum = 0;
    size_t known = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            known++;
        }
    return known ? sum / (double)known : (double)NAN;
}

/* Where all pairs agree the spread is 0, which says nothing of what could hide; half of
 * Newcombe's interval does. */
static double detectable(const accord_stat *delta) {
    double se = delta->se > 0 ? delta->se
                              : (delta->hi - delta->lo) / 2 /
                                    accord_dist_normal_quantile(1 - usual.alpha / 2);
    return se > 0 ? accord_power_effect(usual, se, 1) : (double)NAN;
}

static accord_code resample(const accord_pairs *pairs, const accord_effect_how *how,
                            accord_effect *out, accord_err *err) {
    const accord_draws draws = {
        .seed = 1, .n = how->resamples, .n_threads = how->threads};

    out->has_boot = true;
    return accord_paired_bootstrap(pairs, &draws, &out->boot, err);
}

static accord_code means(const accord_pairs *pairs, const accord_effect_how *how,
                         accord_effect *out, accord_err *err) {
    const accord_draws draws = {
        .seed = 1, .n = how->resamples, .n_threads = how->threads};
    const accord_paired_test t = accord_paired_mean(pairs);

    out->delta = t.stat;
    out->df = (double)pairs->n - 1;
    out->p = t.p;
    out->interval = "Student's t";
    if (pairs->n < FEW_ITEMS) {
        out->test = "sign-flip permutation";
        accord_code rc = accord_paired_sign_flip(pairs, &draws, &out->p, err);
        return rc || !how->bootstrap ? rc : resample(pairs, how, out, err);
    }
    out->test = "paired t";
    if (how->plain)
        return ACCORD_OK;
    accord_code rc = resample(pairs, how, out, err);
    if (!rc && !isnan(out->boot.bca_lo)) {
        out->interval = "paired bootstrap, BCa";
        out->delta.lo = out->boot.bca_lo;
        out->delta.hi = out->boot.bca_hi;
    }
    return rc;
}

static accord_code in_clusters(const accord_aligned *x, const double *d,
                               const accord_effect_how *how, accord_effect *out,
                               accord_err *err) {
    const accord_draws draws = {
        .seed = 1, .n = how->resamples, .n_threads = how->threads};
    accord_clusters clusters;
    accord_clustered found = {0};

    accord_code rc = accord_clusters_make(x->ids, x->n_items, &clusters, err);
    const accord_pairs pairs = {d, x->n_items, clusters.of, clusters.n};
    if (!rc)
        rc = accord_paired_clustered(&pairs, &found, err);
    out->clustered = true;
    out->n_clusters = found.n_clusters;
    out->design_effect = found.design_effect;
    out->delta = found.test.stat;
    out->df = (double)found.n_clusters - 1;
    out->p = found.test.p;
    out->interval = "Student's t, clustered";
    out->test = found.n_clusters < FEW_CLUSTERS ? "sign-flip permutation of clusters"
                                                : "Student's t, clustered";
    if (!rc && found.n_clusters > 1 && found.n_clusters < FEW_CLUSTERS)
        rc = accord_paired_sign_flip(&pairs, &draws, &out->p, err);
    if (!rc && how->bootstrap)
        rc = resample(&pairs, how, out, err);
    accord_clusters_fini(&clusters);
    return rc;
}

static accord_code by_item(const accord_aligned *x, const accord_effect_how *how,
                           accord_effect *out, accord_err *err) {
    double *d;

    accord_code rc = accord_alloc(x->n_items, sizeof(double), &d, err);
    if (rc)
        return rc;
    accord_paired_subtract(x->a, x->b, x->n_items, d);
    const accord_pairs pairs = {.d = d, .n = x->n_items};
    out->flips_known = x->single && x->n_items > 0 &&
                       accord_paired_flips(x->a, x->b, x->n_items, &out->flips);
    if (how->clusters) {
        rc = in_clusters(x, d, how, out, err);
    } else if (!out->flips_known) {
        rc = means(&pairs, how, out, err);
    } else {
        out->delta = accord_paired_shares(&out->flips);
        out->df = (double)x->n_items - 1;
        out->p = accord_paired_mcnemar(out->flips.only_a, out->flips.only_b).mid;
        out->interval = "Newcombe's, of paired shares";
        out->test = "McNemar, mid-p";
        if (how->bootstrap)
            rc = resample(&pairs, how, out, err);
    }
    free(d);
    return rc;
}

static accord_code by_both(const accord_aligned *x, const accord_effect_how *how,
                           accord_effect *out, accord_err *err) {
    const accord_draws draws = {
        .seed = 1, .n = how->resamples, .n_threads = how->threads};
    double *d;

    accord_code rc = accord_alloc(x->n_a, sizeof(double), &d, err);
    if (rc)
        return rc;
    accord_paired_subtract(x->a, x->b, x->n_a, d);
    rc = accord_paired_crossed(d, x->n_items, x->n_seeds, &draws, &out->boot, err);
    out->has_boot = true;
    out->df = (double)(x->n_items < x->n_seeds ? x->n_items : x->n_seeds) - 1;
    out->delta = out->boot.stat;
    out->p = out->boot.p;
    out->interval = "bootstrap, items and seeds crossed";
    out->test = "the same bootstrap";
    free(d);
    return rc;
}

/* Welch 1947: two means of independent values with variances of their own. */
static void welch(const accord_aligned *x, accord_effect *out) {
    const accord_stat a = accord_stats_mean(x->a, x->n_a);
    const accord_stat b = accord_stats_mean(x->b, x->n_b);
    double va = a.se * a.se;
    double vb = b.se * b.se;
    double se = sqrt(va + vb);
    double df = (va + vb) * (va + vb) /
                (va * va / ((double)x->n_a - 1) + vb * vb / ((double)x->n_b - 1));

    out->delta = (accord_stat){.mean = a.mean - b.mean, .se = se};
    if (!(se > 0)) { /* all runs alike: a difference without any spread */
        out->p = a.mean > b.mean || a.mean < b.mean ? (double)NAN : 1;
        out->delta.lo = out->delta.hi = (double)NAN;
        return;
    }
    out->df = df;
    double half = accord_dist_t_two_sided_quantile(usual.alpha, df) * se;
    out->delta.lo = out->delta.mean - half;
    out->delta.hi = out->delta.mean + half;
    out->p = accord_dist_t_two_sided(out->delta.mean / se, df);
}

static accord_code by_seed(const accord_aligned *x, const accord_effect_how *how,
                           accord_effect *out, accord_err *err) {
    const accord_draws draws = {
        .seed = 1, .n = how->resamples, .n_threads = how->threads};
    const accord_runs a = {.x = x->a, .n_runs = x->n_a, .n_tasks = 1};
    const accord_runs b = {.x = x->b, .n_runs = x->n_b, .n_tasks = 1};
    accord_stat all[ACCORD_RUNS_N_AGGREGATES];

    out->interval = "Welch's t";
    out->test = "Welch's t";
    out->delta = unknown;
    out->delta.mean = out->score_a - out->score_b;
    out->refused = x->n_a < ACCORD_ENOUGH_SEEDS || x->n_b < ACCORD_ENOUGH_SEEDS;
    if (out->refused)
        return ACCORD_OK;
    welch(x, out);
    accord_code rc = accord_runs_aggregate(&a, &draws, all, err);
    if (rc)
        return rc;
    out->iqm_a = all[ACCORD_RUNS_IQM];
    if ((rc = accord_runs_aggregate(&b, &draws, all, err)))
        return rc;
    out->iqm_b = all[ACCORD_RUNS_IQM];
    if ((rc = accord_runs_difference(&a, &b, &draws, all, err)))
        return rc;
    out->iqm_delta = all[ACCORD_RUNS_IQM];
    return accord_runs_improvement(&a, &b, &draws, &out->improvement, err);
}

accord_code accord_effect_make(const accord_aligned *x, const accord_effect_how *how,
                               accord_effect *out, accord_err *err) {
    double widest = how->max - how->min;

    *out = (accord_effect){
        .score_a = mean(x->a, x->n_a),
        .score_b = mean(x->b, x->n_b),
        .delta = unknown,
        .df = (double)NAN,
        .p = (double)NAN,
        .detectable = (double)NAN,
        .design_effect = (double)NAN,
        .iqm_a = unknown,
        .iqm_b = unknown,
        .iqm_delta = unknown,
        .improvement = unknown,
        .test = "",
        .interval = "",
    };
    if (x->n_items == 0)
        return ACCORD_OK;
    accord_code rc = x->unit == ACCORD_BY_ITEM   ? by_item(x, how, out, err)
                     : x->unit == ACCORD_BY_BOTH ? by_both(x, how, out, err)
                                                 : by_seed(x, how, out, err);
    if (!rc)
        out->detectable = detectable(&out->delta);
    if (!rc && isfinite(widest))
        out->delta = accord_stats_within(out->delta, -widest, widest);
    return rc;
}
