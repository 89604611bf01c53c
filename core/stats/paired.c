/* paired.c - paired differences in closed form; see paired.h. */
#include "stats/paired.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/dist.h"

static const double nan_ = (double)NAN;

static const accord_paired_test unknown = {
    {(double)NAN, (double)NAN, (double)NAN, (double)NAN}, (double)NAN};

size_t accord_paired_subtract(const double *a, const double *b, size_t n, double *d) {
    size_t whole = 0;

    for (size_t i = 0; i < n; i++) {
        d[i] = a[i] - b[i];
        whole += !isnan(d[i]);
    }
    return whole;
}

/* What one look at the differences tells. */
typedef struct summary {
    size_t n;
    double mean, squares;
    bool is_constant; /* exactly: rounding leaves a standard error of 1e-18 */
} summary;

static summary summarise(const double *d, size_t n) {
    summary s = {.is_constant = true};
    double first = 0;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(d[i]))
            continue;
        if (s.n++ == 0)
            first = d[i];
        s.is_constant = s.is_constant && d[i] <= first && d[i] >= first;
        sum += d[i];
    }
    s.mean = s.is_constant ? first : sum / (double)s.n;
    for (size_t i = 0; i < n; i++)
        if (!isnan(d[i]))
            s.squares += (d[i] - s.mean) * (d[i] - s.mean);
    if (s.n == 0)
        s.mean = nan_;
    return s;
}

static accord_paired_test student(double mean, double se, double df) {
    double half = accord_dist_t_two_sided_quantile(0.05, df) * se;
    accord_paired_test test = {{mean, se, mean - half, mean + half}, nan_};

    if (se > 0)
        test.p = accord_dist_t_two_sided(mean / se, df);
    else if (mean <= 0 && mean >= 0)
        test.p = 1;
    return test;
}

static accord_paired_test plain(summary s) {
    accord_paired_test test = unknown;
    double n = (double)s.n;

    if (s.n > 1)
        test = student(s.mean, sqrt(s.squares / (n * (n - 1))), n - 1);
    test.stat.mean = s.mean;
    return test;
}

accord_paired_test accord_paired_mean(const accord_pairs *pairs) {
    return plain(summarise(pairs->d, pairs->n));
}

/* The sum of the squared sums of the clusters' deviations, and how many clusters have a
 * difference. */
static accord_code cluster_squares(const accord_pairs *pairs, double mean,
                                   double *squares, size_t *n_clusters, accord_err *err) {
    size_t n = pairs->cluster ? pairs->n_clusters : pairs->n;
    double *sum;
    bool *seen;

    accord_code rc = accord_alloc(n, sizeof(*sum), &sum, err);
    if (rc)
        return rc;
    rc = accord_alloc(n, sizeof(*seen), &seen, err);
    for (size_t i = 0; !rc && i < pairs->n; i++)
        if (!isnan(pairs->d[i])) {
            size_t c = pairs->cluster ? pairs->cluster[i] : i;
            sum[c] += pairs->d[i] - mean;
            seen[c] = true;
        }
    for (size_t c = 0; !rc && c < n; c++) {
        *squares += sum[c] * sum[c];
        *n_clusters += seen[c];
    }
    free(seen);
    free(sum);
    return rc;
}

accord_code accord_paired_clustered(const accord_pairs *pairs, accord_clustered *out,
                                    accord_err *err) {
    summary s = summarise(pairs->d, pairs->n);
    double squares = 0;

    *out = (accord_clustered){unknown, 0, nan_};
    out->test.stat.mean = s.mean;
    accord_code rc = cluster_squares(pairs, s.mean, &squares, &out->n_clusters, err);
    if (rc || out->n_clusters < 2)
        return rc;
    if (squares <= 1e-24 * s.squares) /* clusters that balance, but for rounding */
        squares = 0;
    double g = (double)out->n_clusters;
    double se = sqrt(g / (g - 1) * squares) / (double)s.n;
    double plain_se = plain(s).stat.se;
    out->test = student(s.mean, se, g - 1);
    out->design_effect = plain_se > 0 ? se * se / (plain_se * plain_se) : nan_;
    return ACCORD_OK;
}
