/* resample.c - paired comparisons by resampling; see paired.h. */
#include "stats/paired.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/dist.h"

enum { MAX_COLUMNS = 4 };

/* What is drawn: n units of m numbers each, and the statistic of their sums. */
typedef struct units {
    double *x; /* [n][m] */
    size_t n, m;
    double (*statistic)(const double *sums, size_t n);
} units;

static double mean_of_items(const double *sums, size_t n) {
    return sums[0] / (double)n;
}

static double mean_of_clusters(const double *sums, size_t n) {
    return sums[0] / sums[1];
}

/* Infinite, or NaN, where nothing was right. */
static double gap_of_ratios(const double *sums, size_t n) {
    return sums[0] / sums[1] - sums[2] / sums[3];
}

/* One after the other, for speed. */
static void draw_items(const void *data, uint64_t *state, double *scratch, double *out) {
    const units *u = data;
    double sum = 0;

    for (size_t i = 0; i < u->n; i++)
        sum += u->x[accord_draws_below(state, u->n)];
    *out = u->statistic(&sum, u->n);
}

static void draw_units(const void *data, uint64_t *state, double *scratch, double *out) {
    const units *u = data;
    double sums[MAX_COLUMNS] = {0};

    for (size_t i = 0; i < u->n; i++) {
        const double *row = u->x + accord_draws_below(state, u->n) * u->m;
        for (size_t k = 0; k < u->m; k++)
            sums[k] += row[k];
    }
    *out = u->statistic(sums, u->n);
}

static const accord_boot unknown = {{(double)NAN, (double)NAN, (double)NAN, (double)NAN},
                                    (double)NAN,
                                    (double)NAN,
                                    (double)NAN};

static double acceleration(const units *u, const double *sums) {
    double without[MAX_COLUMNS] = {0};
    double mean = 0, squares = 0, cubes = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < u->n; i++) {
            for (size_t k = 0; k < u->m; k++)
                without[k] = sums[k] - u->x[i * u->m + k];
            double x = u->statistic(without, u->n - 1);
            mean += pass ? 0 : x / (double)u->n;
            double gap = pass ? mean - x : 0;
            squares += gap * gap;
            cubes += gap * gap * gap;
        }
    /* What is left of equal numbers by rounding is no skew. */
    if (squares <= 1e-24 * mean * mean)
        return 0;
    return cubes / (6 * pow(squares, 1.5));
}

static double bca_bound(const double *sorted, size_t n, double bias, double a, double z) {
    double stretch = 1 - a * (bias + z);
    double share = accord_dist_normal(bias + (bias + z) / stretch);

    if (!(stretch > 0)) /* so much skew has no such interval */
        return (double)NAN;
    double bound = accord_stats_quantile(sorted, n, share);
    return isfinite(bound) ? bound : (double)NAN;
}

static void bca(const units *u, const double *sums, const double *sorted, size_t n,
                accord_boot *out) {
    const double z = accord_dist_normal_quantile(0.975);
    double a = acceleration(u, sums);
    double below = 0;

    for (size_t i = 0; i < n; i++)
        below += 0.5 * (sorted[i] < out->stat.mean) + 0.5 * (sorted[i] <= out->stat.mean);
    double bias = accord_dist_normal_quantile(below / (double)n);

    if (isnan(a) || isinf(bias))
        return;
    out->bca_lo = bca_bound(sorted, n, bias, a, -z);
    out->bca_hi = bca_bound(sorted, n, bias, a, z);
}

static accord_code bootstrap(const units *u, const accord_draws *how, accord_boot *out,
                             accord_err *err) {
    const accord_draws_job job = {u->m == 1 ? draw_items : draw_units, u, 0, 1};
    double sums[MAX_COLUMNS] = {0};
    double *values;

    *out = unknown;
    for (size_t i = 0; i < u->n * u->m; i++)
        sums[i % u->m] += u->x[i];
    if (u->n > 0)
        out->stat.mean = u->statistic(sums, u->n);
    if (!isfinite(out->stat.mean))
        out->stat.mean = (double)NAN;
    if (u->n < 2 || isnan(out->stat.mean))
        return ACCORD_OK;
    accord_code rc = accord_alloc(how->n, sizeof(*values), &values, err);
    if (!rc)
        rc = accord_draws_run(how, &job, values, err);
    if (!rc) {
        out->stat = accord_draws_stat(out->stat.mean, values, how->n);
        if (!isnan(out->stat.lo) || !isnan(out->stat.hi)) {
            out->p = accord_draws_p(values, how->n);
            bca(u, sums, values, how->n, out);
        }
    }
    free(values);
    return rc;
}

/* Every difference alone, or the sums and sizes of the clusters that have one. */
static accord_code gather(const accord_pairs *pairs, units *u, accord_err *err) {
    size_t room = pairs->cluster ? 2 * pairs->n_clusters : pairs->n;
    size_t kept = 0;

    *u = (units){.m = pairs->cluster ? 2 : 1, .statistic = mean_of_items};
    accord_code rc = accord_alloc(room, sizeof(double), &u->x, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < pairs->n; i++) {
        if (isnan(pairs->d[i]))
            continue;
        double *unit = u->x + (pairs->cluster ? 2 * pairs->cluster[i] : u->n++);
        unit[0] += pairs->d[i];
        if (pairs->cluster)
            unit[1]++;
    }
    if (!pairs->cluster)
        return ACCORD_OK;
    u->statistic = mean_of_clusters;
    for (size_t c = 0; c < pairs->n_clusters; c++)
        if (u->x[2 * c + 1] > 0) {
            u->x[2 * kept] = u->x[2 * c];
            u->x[2 * kept++ + 1] = u->x[2 * c + 1];
        }
    u->n = kept;
    return ACCORD_OK;
}

accord_code accord_paired_bootstrap(const accord_pairs *pairs, const accord_draws *how,
                                    accord_boot *out, accord_err *err) {
    units u;

    *out = unknown;
    accord_code rc = gather(pairs, &u, err);
    if (!rc)
        rc = bootstrap(&u, how, out, err);
    free(u.x);
    return rc;
}

accord_code accord_paired_ratio(const accord_ratios *r, const accord_draws *how,
                                accord_boot *out, accord_err *err) {
    units u = {.m = 4, .statistic = gap_of_ratios};

    *out = unknown;
    accord_code rc = accord_alloc(r->n, 4 * sizeof(double), &u.x, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < r->n; i++) {
        double *unit = u.x + 4 * u.n;
        if (isnan(r->num_a[i] + r->den_a[i] + r->num_b[i] + r->den_b[i]))
            continue;
        unit[0] = r->num_a[i];
        unit[1] = r->den_a[i];
        unit[2] = r->num_b[i];
        unit[3] = r->den_b[i];
        u.n++;
    }
    rc = bootstrap(&u, how, out, err);
    free(u.x);
    return rc;
}

/* The signs that bit i of a replicate's random words gives. */
static void flip_signs(const void *data, uint64_t *state, double *scratch, double *out) {
    const units *u = data;
    uint64_t word = 0;
    double sum = 0;

    for (size_t i = 0; i < u->n; i++) {
        if (i % 64 == 0)
            word = accord_rng_next(state);
        sum += (word >> i % 64 & 1) ? u->x[i * u->m] : -u->x[i * u->m];
    }
    *out = fabs(sum);
}

/* The share of all 2^n signs with a sum that far from 0. */
static double all_signs(const units *u, double far) {
    uint64_t n = UINT64_C(1) << u->n;
    double hits = 0;

    for (uint64_t signs = 0; signs < n; signs++) {
        double sum = 0;
        for (size_t i = 0; i < u->n; i++)
            sum += (signs >> i & 1) ? u->x[i * u->m] : -u->x[i * u->m];
        hits += fabs(sum) >= far;
    }
    return hits / (double)n;
}

static accord_code some_signs(const units *u, double far, const accord_draws *how,
                              double *p, accord_err *err) {
    const accord_draws_job job = {flip_signs, u, 0, 1};
    double hits = 0;
    double *values;

    accord_code rc = accord_alloc(how->n, sizeof(*values), &values, err);
    if (!rc)
        rc = accord_draws_run(how, &job, values, err);
    for (size_t i = 0; !rc && i < how->n; i++)
        hits += values[i] >= far;
    if (!rc)
        *p = (hits + 1) / ((double)how->n + 1);
    free(values);
    return rc;
}

accord_code accord_paired_sign_flip(const accord_pairs *pairs, const accord_draws *how,
                                    double *p, accord_err *err) {
    double sum = 0, size = 0;
    units u;

    *p = (double)NAN;
    accord_code rc = gather(pairs, &u, err);
    for (size_t i = 0; !rc && i < u.n; i++) {
        sum += u.x[i * u.m];
        size += fabs(u.x[i * u.m]);
    }
    double far = fabs(sum) - 1e-12 * size; /* sums in another order round otherwise */
    if (!rc && u.n > 0 && u.n < 64 && (UINT64_C(1) << u.n) <= how->n)
        *p = all_signs(&u, far);
    else if (!rc && u.n > 0)
        rc = some_signs(&u, far, how, p, err);
    free(u.x);
    return rc;
}
