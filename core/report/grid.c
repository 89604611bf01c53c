/* grid.c - see grid.h. */
#include "report/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "report/rundir.h"

static accord_code widen(accord_grid *g, accord_err *err) {
    size_t cap = g->cap ? g->cap * 2 : 64;
    double *sum, *count = NULL;
    char **ids = NULL;

    accord_code rc = accord_alloc(cap, g->n_seeds * sizeof(double), &sum, err);
    if (!rc)
        rc = accord_alloc(cap, g->n_seeds * sizeof(double), &count, err);
    if (!rc && g->named)
        rc = accord_alloc(cap, sizeof(*ids), &ids, err);
    if (rc) {
        free(sum);
        free(count);
        return rc;
    }
    if (g->n_items) {
        if (g->named)
            memcpy(ids, g->ids, g->n_items * sizeof(*ids));
        memcpy(sum, g->sum, g->n_items * g->n_seeds * sizeof(double));
        memcpy(count, g->count, g->n_items * g->n_seeds * sizeof(double));
    }
    free(g->sum);
    free(g->count);
    free(g->ids);
    g->sum = sum;
    g->count = count;
    g->ids = ids;
    g->cap = cap;
    return ACCORD_OK;
}

static accord_code keep_id(accord_grid *g, const char *item, accord_err *err) {
    size_t n = strlen(item) + 1;

    accord_code rc = accord_alloc(n, 1, &g->ids[g->n_items], err);
    if (!rc)
        memcpy(g->ids[g->n_items], item, n);
    return rc;
}

accord_code accord_grid_add(accord_grid *g, const char *item, size_t seed, double score,
                            accord_err *err) {
    uint32_t *at;

    accord_code rc = accord_map_at(&g->at, accord_rng_fold_text(0, item), &at, err);
    if (!rc && *at == ACCORD_MAP_NEW) {
        if (g->n_items == g->cap)
            rc = widen(g, err);
        if (!rc && g->named)
            rc = keep_id(g, item, err);
        if (!rc)
            *at = (uint32_t)g->n_items++;
    }
    if (rc)
        return rc;
    g->sum[*at * g->n_seeds + seed] += score;
    g->count[*at * g->n_seeds + seed] += 1;
    return ACCORD_OK;
}

double accord_grid_score(const accord_grid *g, size_t item, size_t seed) {
    size_t at = item * g->n_seeds + seed;

    return g->count[at] > 0 ? g->sum[at] / g->count[at] : (double)NAN;
}

size_t accord_grid_find(const accord_grid *g, const char *item) {
    uint32_t at = accord_map_find(&g->at, accord_rng_fold_text(0, item));

    return at == ACCORD_MAP_NEW ? g->n_items : at;
}

/* The mean of n places that lie `stride` apart, each a mean of its visits. */
static double mean_of(const accord_grid *g, size_t from, size_t stride, size_t n) {
    double sum = 0;
    size_t played = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = from + i * stride;
        if (g->count[at] > 0) {
            sum += g->sum[at] / g->count[at];
            played++;
        }
    }
    return played ? sum / (double)played : (double)NAN;
}

static accord_code crossed(const accord_grid *g, size_t done, accord_stat *out,
                           accord_err *err) {
    double *x;

    accord_code rc = accord_alloc(g->n_items * done, sizeof(double), &x, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < g->n_items; i++)
        for (size_t s = 0; s < done; s++)
            x[i * done + s] = mean_of(g, i * g->n_seeds + s, 1, 1);
    rc = accord_stats_crossed(x, g->n_items, done, 1, out, err);
    free(x);
    return rc;
}

accord_code accord_grid_estimate(const accord_grid *g, int unit, size_t done,
                                 accord_stat *out, accord_err *err) {
    bool by_seed = unit == ACCORD_BY_SEED;
    size_t n = by_seed ? done : g->n_items;
    double *x;

    *out = (accord_stat){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    if (unit == ACCORD_BY_BOTH)
        return crossed(g, done, out, err);
    accord_code rc = accord_alloc(n, sizeof(double), &x, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        x[i] = by_seed ? mean_of(g, i, g->n_seeds, g->n_items)
                       : mean_of(g, i * g->n_seeds, 1, done);
    *out = by_seed ? accord_stats_mean(x, n) : accord_stats_score(x, n);
    free(x);
    return ACCORD_OK;
}

void accord_grid_fini(accord_grid *g) {
    free(g->sum);
    free(g->count);
    for (size_t i = 0; g->named && i < g->n_items; i++)
        free(g->ids[i]);
    free(g->ids);
    accord_map_fini(&g->at);
    *g = (accord_grid){0};
}
