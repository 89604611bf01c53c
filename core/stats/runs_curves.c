/* runs_curves.c - performance profiles and sample efficiency; see runs.h. */
#include "stats/runs.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/runs_parts.h"

typedef struct profile {
    accord_runs_table t;
    const accord_profile *of;
} profile;

static double share_over(const double *x, size_t n, double tau) {
    double over = 0;

    for (size_t i = 0; i < n; i++)
        over += x[i] > tau;
    return over / (double)n;
}

/* scratch: pick [n], and the picked scores [n] or the means [n_tasks]. */
static void one_profile(const void *data, uint64_t *state, double *scratch, double *out) {
    const profile *p = data;
    double *x = scratch + p->t.n;
    size_t n = p->of->of == ACCORD_RUNS_TASK_MEANS ? p->t.n_tasks : p->t.n;

    accord_runs_pick(&p->t, state, scratch);
    if (p->of->of == ACCORD_RUNS_TASK_MEANS)
        accord_runs_means(&p->t, scratch, x);
    else
        for (size_t i = 0; i < n; i++)
            x[i] = p->t.x[(size_t)scratch[i]];
    for (size_t i = 0; i < p->of->n_tau; i++)
        out[i] = share_over(x, n, p->of->tau[i]);
}

accord_code accord_runs_profile(const accord_runs *x, const accord_profile *of,
                                const accord_draws *how, accord_stat *out,
                                accord_err *err) {
    profile p = {.of = of};

    accord_code rc = accord_runs_table_init(&p.t, x, x->x, err);
    if (rc)
        return rc;
    const accord_draws_job job = {one_profile, &p, 2 * p.t.n + p.t.n_tasks, of->n_tau};
    rc = accord_runs_draw(&job, how, p.t.fewest, out, err);
    accord_runs_table_fini(&p.t);
    return rc;
}

typedef struct curve {
    accord_runs_table *at; /* [n_points] */
    const double *steps;
    size_t n_points;
} curve;

/* scratch: pick [n], counts [n]. */
static void one_curve(const void *data, uint64_t *state, double *scratch, double *out) {
    const curve *c = data;
    double *counts = scratch + c->at[0].n;
    double area = 0;

    accord_runs_pick(&c->at[0], state, scratch);
    for (size_t i = 0; i < c->n_points; i++) {
        accord_runs_count(&c->at[i], scratch, counts);
        out[i] = accord_runs_iqm(&c->at[i], counts);
        if (i > 0)
            area += (c->steps[i] - c->steps[i - 1]) * (out[i] + out[i - 1]) / 2;
    }
    out[c->n_points] = area / (c->steps[c->n_points - 1] - c->steps[0]);
}

/* NaN for each run that has a hole somewhere. */
static accord_code find_whole(const accord_curves *c, double **there, accord_err *err) {
    size_t n = c->n_runs * c->n_tasks;
    accord_code rc = accord_alloc(n, sizeof(**there), there, err);

    for (size_t i = 0; !rc && i < n * c->n_points; i++)
        if (isnan(c->x[i]))
            (*there)[i % n] = (double)NAN;
    return rc;
}

static accord_code curve_init(curve *c, const accord_curves *of, accord_err *err) {
    double *there;

    *c = (curve){.steps = of->steps};
    accord_code rc = find_whole(of, &there, err);
    if (!rc)
        rc = accord_alloc(of->n_points, sizeof(*c->at), &c->at, err);
    for (size_t i = 0; !rc && i < of->n_points; i++) {
        const accord_runs x = {of->x + i * of->n_runs * of->n_tasks, of->n_runs,
                               of->n_tasks};
        rc = accord_runs_table_init(&c->at[i], &x, there, err);
        c->n_points += !rc;
    }
    free(there);
    return rc;
}

static accord_code draw_curve(const curve *c, const accord_draws *how, accord_stat *iqm,
                              accord_stat *area, accord_err *err) {
    const accord_draws_job job = {one_curve, c, 2 * c->at[0].n, c->n_points + 1};
    accord_stat *out;

    accord_code rc = accord_alloc(job.n_out, sizeof(*out), &out, err);
    if (!rc)
        rc = accord_runs_draw(&job, how, c->at[0].fewest, out, err);
    for (size_t i = 0; !rc && i < c->n_points; i++)
        iqm[i] = out[i];
    if (!rc)
        *area = out[c->n_points];
    free(out);
    return rc;
}

accord_code accord_runs_curve(const accord_curves *curves, const accord_draws *how,
                              accord_stat *iqm, accord_stat *area, accord_err *err) {
    const double nan_ = (double)NAN;
    curve c;

    *area = (accord_stat){nan_, nan_, nan_, nan_};
    accord_code rc = curve_init(&c, curves, err);
    if (!rc && c.n_points > 0)
        rc = draw_curve(&c, how, iqm, area, err);
    for (size_t i = 0; i < c.n_points; i++)
        accord_runs_table_fini(&c.at[i]);
    free(c.at);
    return rc;
}
