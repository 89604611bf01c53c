/* crossed.c - the bootstrap over items and, crossed with them, seeds; see paired.h. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/paired.h"

enum { REPLICATES = 2000 };

typedef struct grid {
    const double *x; /* [n_items][n_seeds] */
    size_t n_items, n_seeds;
} grid;

static double grand_mean(const double *x, size_t n) {
    double sum = 0;
    size_t played = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            played++;
        }
    return played ? sum / (double)played : (double)NAN;
}

/* Items and, for all of them the same, seeds; again while it hits holes only. */
static void draw_both(const void *data, uint64_t *state, double *scratch, double *out) {
    const grid *g = data;
    double sum = 0;
    size_t played = 0;

    while (played == 0) {
        for (size_t s = 0; s < g->n_seeds; s++)
            scratch[s] = (double)accord_draws_below(state, g->n_seeds);
        for (size_t i = 0; i < g->n_items; i++) {
            const double *row = g->x + accord_draws_below(state, g->n_items) * g->n_seeds;
            for (size_t s = 0; s < g->n_seeds; s++) {
                double x = row[(size_t)scratch[s]];
                sum += isnan(x) ? 0 : x;
                played += !isnan(x);
            }
        }
    }
    *out = sum / (double)played;
}

accord_code accord_paired_crossed(const double *d, size_t n_items, size_t n_seeds,
                                  const accord_draws *how, accord_boot *out,
                                  accord_err *err) {
    const grid g = {d, n_items, n_seeds};
    const accord_draws_job job = {draw_both, &g, n_seeds, 1};
    const double nan_ = (double)NAN;
    double *values;

    *out = (accord_boot){
        {grand_mean(d, n_items * n_seeds), nan_, nan_, nan_}, nan_, nan_, nan_};
    if (n_items < 2 || n_seeds < 2 || !isfinite(out->stat.mean))
        return ACCORD_OK;
    accord_code rc = accord_alloc(how->n, sizeof(*values), &values, err);
    if (!rc)
        rc = accord_draws_run(how, &job, values, err);
    if (!rc) {
        out->stat = accord_draws_stat(out->stat.mean, values, how->n);
        out->p = accord_draws_p(values, how->n);
    }
    free(values);
    return rc;
}

accord_code accord_stats_crossed(const double *x, size_t n_items, size_t n_seeds,
                                 uint64_t seed, accord_stat *out, accord_err *err) {
    const accord_draws how = {.seed = seed, .n = REPLICATES, .n_threads = 1};
    accord_boot boot;
    accord_code rc = accord_paired_crossed(x, n_items, n_seeds, &how, &boot, err);

    *out = boot.stat;
    return rc;
}
