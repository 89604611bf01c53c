/* draws.c - replicates on threads; see draws.h. */
#include "stats/draws.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { MAX_THREADS = 64 };

/* What one thread does: the replicates first .. last - 1. */
typedef struct part {
    const accord_draws *how;
    const accord_draws_job *job;
    double *values;
    double *scratch; /* [job->n_scratch + job->n_out] */
    size_t first, last;
    pthread_t thread;
    bool is_thread;
} part;

static void *run_part(void *arg) {
    part *p = arg;
    double *out = p->scratch + p->job->n_scratch;

    for (size_t r = p->first; r < p->last; r++) {
        uint64_t state = accord_rng_fold(p->how->seed, r);
        p->job->one(p->job->data, &state, p->scratch, out);
        for (size_t i = 0; i < p->job->n_out; i++)
            p->values[i * p->how->n + r] = out[i];
    }
    return NULL;
}

static size_t threads_of(const accord_draws *how) {
    size_t n = how->n_threads;

    if (n == 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        n = online < 1 ? 1 : (size_t)online;
    }
    if (n > MAX_THREADS)
        n = MAX_THREADS;
    return n > how->n ? how->n : n;
}

accord_code accord_draws_run(const accord_draws *how, const accord_draws_job *job,
                             double *values, accord_err *err) {
    size_t n = threads_of(how);
    size_t room = job->n_scratch + job->n_out;
    part parts[MAX_THREADS];
    double *scratch;

    accord_code rc = accord_alloc(n * room, sizeof(double), &scratch, err);
    if (rc)
        return rc;
    for (size_t t = 0; t < n; t++) {
        parts[t] = (part){.how = how,
                          .job = job,
                          .values = values,
                          .scratch = scratch + t * room,
                          .first = how->n / n * t + (how->n % n < t ? how->n % n : t),
                          .last = 0};
        parts[t].last = parts[t].first + how->n / n + (t < how->n % n);
        /* The last part is the caller's, and so is one that gets no thread. */
        parts[t].is_thread =
            t + 1 < n && pthread_create(&parts[t].thread, NULL, run_part, &parts[t]) == 0;
        if (!parts[t].is_thread)
            run_part(&parts[t]);
    }
    for (size_t t = 0; t < n; t++)
        if (parts[t].is_thread)
            pthread_join(parts[t].thread, NULL);
    free(scratch);
    return ACCORD_OK;
}

accord_code accord_draws_once(const accord_draws_job *job, double *out, accord_err *err) {
    double *scratch;
    accord_code rc = accord_alloc(job->n_scratch, sizeof(double), &scratch, err);

    if (!rc)
        job->one(job->data, NULL, scratch, out);
    free(scratch);
    return rc;
}

static int ascending(const void *a, const void *b) {
    double x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static double finite_or_nan(double x) {
    return isfinite(x) ? x : (double)NAN;
}

accord_stat accord_draws_stat(double estimate, double *values, size_t n) {
    accord_stat s = {estimate, (double)NAN, (double)NAN, (double)NAN};

    for (size_t i = 0; i < n; i++)
        if (isnan(values[i]))
            return s;
    if (n < 2)
        return s;
    qsort(values, n, sizeof(double), ascending);
    bool is_point = values[0] >= values[n - 1]; /* and not its rounding errors */
    s.se =
        is_point ? 0 : finite_or_nan(accord_stats_mean(values, n).se * sqrt((double)n));
    s.lo = finite_or_nan(accord_stats_quantile(values, n, 0.025));
    s.hi = finite_or_nan(accord_stats_quantile(values, n, 0.975));
    return s;
}

double accord_draws_p(const double *sorted, size_t n) {
    double under = 0, over = 0;

    for (size_t i = 0; i < n; i++) {
        under += sorted[i] <= 0;
        over += sorted[i] >= 0;
    }
    return n ? fmin(1, 2 * (fmin(under, over) + 1) / ((double)n + 1)) : (double)NAN;
}
