/* runs_table.c - scores of runs made ready for many replicates; see runs_parts.h. */
#include "stats/runs_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int by_value(const void *a, const void *b) {
    accord_runs_value x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    if (x.x < y.x || x.x > y.x)
        return x.x < y.x ? -1 : 1;
    return (x.at > y.at) - (x.at < y.at);
}

static void fill(accord_runs_table *t, const accord_runs *x, const double *there) {
    t->fewest = x->n_tasks ? x->n_runs : 0;
    for (size_t task = 0; task < x->n_tasks; task++) {
        t->first[task] = t->n;
        for (size_t run = 0; run < x->n_runs; run++)
            if (!isnan(there[run * x->n_tasks + task])) {
                t->x[t->n] = x->x[run * x->n_tasks + task];
                t->sorted[t->n] = (accord_runs_value){t->x[t->n], t->n};
                t->n++;
            }
        if (t->n - t->first[task] < t->fewest)
            t->fewest = t->n - t->first[task];
    }
    t->first[x->n_tasks] = t->n;
    if (t->n > 1)
        qsort(t->sorted, t->n, sizeof(*t->sorted), by_value);
    for (size_t i = 0; i < t->n; i++)
        t->rank[t->sorted[i].at] = i;
}

accord_code accord_runs_table_init(accord_runs_table *t, const accord_runs *x,
                                   const double *there, accord_err *err) {
    size_t room = x->n_runs * x->n_tasks;

    *t = (accord_runs_table){.n_tasks = x->n_tasks};
    accord_code rc = accord_alloc(room, sizeof(*t->x), &t->x, err);
    if (!rc)
        rc = accord_alloc(room, sizeof(*t->sorted), &t->sorted, err);
    if (!rc)
        rc = accord_alloc(room, sizeof(*t->rank), &t->rank, err);
    if (!rc)
        rc = accord_alloc(x->n_tasks + 1, sizeof(*t->first), &t->first, err);
    if (rc)
        accord_runs_table_fini(t);
    else
        fill(t, x, there);
    return rc;
}

void accord_runs_table_fini(accord_runs_table *t) {
    free(t->x);
    free(t->sorted);
    free(t->rank);
    free(t->first);
    *t = (accord_runs_table){.n = 0};
}

void accord_runs_pick(const accord_runs_table *t, uint64_t *state, double *pick) {
    for (size_t task = 0; task < t->n_tasks; task++) {
        size_t first = t->first[task];
        size_t n = t->first[task + 1] - first;
        for (size_t i = first; i < first + n; i++)
            pick[i] = (double)(state ? first + accord_draws_below(state, n) : i);
    }
}

void accord_runs_count(const accord_runs_table *t, const double *pick, double *counts) {
    for (size_t i = 0; i < t->n; i++)
        counts[i] = 0;
    for (size_t i = 0; i < t->n; i++)
        counts[t->rank[(size_t)pick[i]]]++;
}

double accord_runs_iqm(const accord_runs_table *t, const double *counts) {
    double cut = floor(0.25 * (double)t->n);
    double left = (double)t->n - 2 * cut;
    double kept = left;
    double sum = 0;

    for (size_t i = 0; left > 0; i++) {
        double skipped = fmin(cut, counts[i]);
        double taken = fmin(left, counts[i] - skipped);
        cut -= skipped;
        left -= taken;
        sum += taken > 0 ? taken * t->sorted[i].x : 0; /* the value may be infinite */
    }
    return sum / kept;
}

void accord_runs_means(const accord_runs_table *t, const double *pick, double *means) {
    for (size_t task = 0; task < t->n_tasks; task++) {
        means[task] = 0;
        for (size_t i = t->first[task]; i < t->first[task + 1]; i++)
            means[task] += t->x[(size_t)pick[i]];
        means[task] /= (double)(t->first[task + 1] - t->first[task]);
    }
}

accord_code accord_runs_draw(const accord_draws_job *job, const accord_draws *how,
                             size_t fewest, accord_stat *out, accord_err *err) {
    const double nan_ = (double)NAN;
    double *values;

    for (size_t i = 0; i < job->n_out; i++)
        out[i] = (accord_stat){nan_, nan_, nan_, nan_};
    if (fewest == 0)
        return ACCORD_OK;
    accord_code rc = accord_alloc(how->n + 1, job->n_out * sizeof(*values), &values, err);
    if (rc)
        return rc;
    rc = accord_draws_once(job, values + how->n * job->n_out, err);
    for (size_t i = 0; !rc && i < job->n_out; i++)
        out[i].mean = values[how->n * job->n_out + i];
    if (!rc && fewest > 1) {
        rc = accord_draws_run(how, job, values, err);
        for (size_t i = 0; !rc && i < job->n_out; i++)
            out[i] = accord_draws_stat(out[i].mean, values + i * how->n, how->n);
    }
    free(values);
    return rc;
}
