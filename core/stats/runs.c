/* runs.c - aggregates and the probability of improvement; see runs.h. */
#include "stats/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/runs_parts.h"

static int ascending(const void *a, const void *b) {
    double x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static double gap_to_one(const accord_runs_table *t, const double *pick) {
    double sum = 0;

    for (size_t i = 0; i < t->n; i++)
        sum += fmin(t->x[(size_t)pick[i]], 1);
    return 1 - sum / (double)t->n;
}

/* scratch: pick [n], counts [n], means [n_tasks]. */
static void aggregate(const accord_runs_table *t, uint64_t *state, double *scratch,
                      double *out) {
    double *pick = scratch;
    double *counts = scratch + t->n;
    double *means = counts + t->n;
    double sum = 0;

    accord_runs_pick(t, state, pick);
    accord_runs_count(t, pick, counts);
    accord_runs_means(t, pick, means);
    for (size_t task = 0; task < t->n_tasks; task++)
        sum += means[task];
    out[ACCORD_RUNS_MEAN] = sum / (double)t->n_tasks;
    qsort(means, t->n_tasks, sizeof(*means), ascending);
    out[ACCORD_RUNS_MEDIAN] = accord_stats_quantile(means, t->n_tasks, 0.5);
    out[ACCORD_RUNS_IQM] = accord_runs_iqm(t, counts);
    out[ACCORD_RUNS_GAP] = gap_to_one(t, pick);
}

static void one_aggregate(const void *data, uint64_t *state, double *scratch,
                          double *out) {
    aggregate(data, state, scratch, out);
}

static size_t room_of(const accord_runs_table *t) {
    return 2 * t->n + t->n_tasks;
}

accord_code accord_runs_aggregate(const accord_runs *x, const accord_draws *how,
                                  accord_stat out[ACCORD_RUNS_N_AGGREGATES],
                                  accord_err *err) {
    accord_runs_table t;

    accord_code rc = accord_runs_table_init(&t, x, x->x, err);
    if (rc)
        return rc;
    const accord_draws_job job = {one_aggregate, &t, room_of(&t),
                                  ACCORD_RUNS_N_AGGREGATES};
    rc = accord_runs_draw(&job, how, t.fewest, out, err);
    accord_runs_table_fini(&t);
    return rc;
}

/* Two methods, and for their improvement who wins: wins[task][run of x][run of y], one
 * task after the other. */
typedef struct duel {
    accord_runs_table x, y;
    double *wins;
} duel;

static void one_difference(const void *data, uint64_t *state, double *scratch,
                           double *out) {
    const duel *d = data;
    double y[ACCORD_RUNS_N_AGGREGATES];

    aggregate(&d->x, state, scratch, out);
    aggregate(&d->y, state, scratch, y);
    for (int i = 0; i < ACCORD_RUNS_N_AGGREGATES; i++)
        out[i] -= y[i];
}

static accord_code duel_init(duel *d, const accord_runs *x, const accord_runs *y,
                             accord_err *err) {
    *d = (duel){.wins = NULL};
    accord_code rc = accord_runs_table_init(&d->x, x, x->x, err);
    if (!rc)
        rc = accord_runs_table_init(&d->y, y, y->x, err);
    return rc;
}

static void duel_fini(duel *d) {
    accord_runs_table_fini(&d->x);
    accord_runs_table_fini(&d->y);
    free(d->wins);
}

static size_t fewest(const duel *d) {
    return d->x.fewest < d->y.fewest ? d->x.fewest : d->y.fewest;
}

accord_code accord_runs_difference(const accord_runs *x, const accord_runs *y,
                                   const accord_draws *how,
                                   accord_stat out[ACCORD_RUNS_N_AGGREGATES],
                                   accord_err *err) {
    duel d;

    accord_code rc = duel_init(&d, x, y, err);
    size_t room = room_of(&d.x) > room_of(&d.y) ? room_of(&d.x) : room_of(&d.y);
    const accord_draws_job job = {one_difference, &d, room, ACCORD_RUNS_N_AGGREGATES};
    if (!rc)
        rc = accord_runs_draw(&job, how, fewest(&d), out, err);
    duel_fini(&d);
    return rc;
}

static void judge(duel *d) {
    double *wins = d->wins;

    for (size_t task = 0; task < d->x.n_tasks; task++)
        for (size_t i = d->x.first[task]; i < d->x.first[task + 1]; i++)
            for (size_t k = d->y.first[task]; k < d->y.first[task + 1]; k++)
                *wins++ = 0.5 * (d->x.x[i] > d->y.x[k]) + 0.5 * (d->x.x[i] >= d->y.x[k]);
}

/* How often each run was picked of those of one task. */
static void count_task(const accord_runs_table *t, size_t task, const double *pick,
                       double *counts) {
    size_t first = t->first[task];

    for (size_t i = first; i < t->first[task + 1]; i++)
        counts[i - first] = 0;
    for (size_t i = first; i < t->first[task + 1]; i++)
        counts[(size_t)pick[i] - first]++;
}

/* scratch: picks of x and y, counts of a task's y. */
static void one_improvement(const void *data, uint64_t *state, double *scratch,
                            double *out) {
    const duel *d = data;
    const double *wins = d->wins;
    double *pick_x = scratch;
    double *pick_y = scratch + d->x.n;
    double *counts = pick_y + d->y.n;

    accord_runs_pick(&d->x, state, pick_x);
    accord_runs_pick(&d->y, state, pick_y);
    *out = 0;
    for (size_t task = 0; task < d->x.n_tasks; task++) {
        size_t first = d->x.first[task];
        size_t n_x = d->x.first[task + 1] - first;
        size_t n_y = d->y.first[task + 1] - d->y.first[task];
        double u = 0;
        count_task(&d->y, task, pick_y, counts);
        for (size_t i = first; i < first + n_x; i++) {
            const double *row = wins + ((size_t)pick_x[i] - first) * n_y;
            for (size_t k = 0; k < n_y; k++)
                u += row[k] * counts[k];
        }
        *out += u / (double)(n_x * n_y);
        wins += n_x * n_y;
    }
    *out /= (double)d->x.n_tasks;
}

accord_code accord_runs_improvement(const accord_runs *x, const accord_runs *y,
                                    const accord_draws *how, accord_stat *out,
                                    accord_err *err) {
    duel d;

    accord_code rc = duel_init(&d, x, y, err);
    const accord_draws_job job = {one_improvement, &d, d.x.n + 2 * d.y.n, 1};
    if (!rc)
        rc = accord_alloc(d.x.n, y->n_runs * sizeof(*d.wins), &d.wins, err);
    if (!rc && x->n_tasks == y->n_tasks)
        judge(&d);
    if (!rc)
        rc = accord_runs_draw(&job, how, x->n_tasks == y->n_tasks ? fewest(&d) : 0, out,
                              err);
    duel_fini(&d);
    return rc;
}
