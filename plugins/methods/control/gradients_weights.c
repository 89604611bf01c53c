/* gradients_weights.c - the solver: from inner products to weights.
 *
 * A row of zeros has no direction, so it can neither agree nor disagree: every solver but
 * the plain mean gives it weight 0. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "gradients_parts.h"

/* weight /= sum of |weight|, or all 0. */
static void normalise(double weight[], uint32_t n) {
    double sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += fabs(weight[i]);
    for (uint32_t i = 0; i < n; i++)
        weight[i] = sum > 0 ? weight[i] / sum : 0;
}

static double cosine(const control_views *v, uint32_t i, uint32_t j) {
    double length = v->norm[i] * v->norm[j];

    return length > 0 ? v->gram[i][j] / length : 0;
}

/* Eshratifar et al. 2018: the inner product with the sum of all, which may be negative.
 */
static void agreement(const control_views *v, double weight[]) {
    for (uint32_t i = 0; i < v->n; i++)
        for (uint32_t j = 0; j < v->n; j++)
            weight[i] += v->gram[i][j];
}

/* Negative agreement counts as none, and so does what may be rounding: cosines that sum
 * to 0 are computed to some 1e-15. */
static void cos_agreement(const control_views *v, double weight[]) {
    for (uint32_t i = 0; i < v->n; i++) {
        for (uint32_t j = 0; j < v->n; j++)
            weight[i] += cosine(v, i, j);
        weight[i] = weight[i] > 1e-12 ? weight[i] : 0;
    }
}

/* A mean of directions: the sum of cosines with it is the largest there is. */
static void inverse_norms(const control_views *v, double weight[]) {
    for (uint32_t i = 0; i < v->n; i++)
        weight[i] = v->norm[i] > 0 ? 1 / v->norm[i] : 0;
}

typedef double square[CONTROL_MAX_VIEWS][CONTROL_MAX_VIEWS];

/* x = a^-1 1 for the n x n positive definite `a`, which becomes its Cholesky factor. */
static void solve_ones(square a, uint32_t n, double x[]) {
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            for (uint32_t k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] = i == j ? sqrt(fmax(a[i][i], 1e-300)) : a[i][j] / a[j][j];
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        x[i] = 1;
        for (uint32_t k = 0; k < i; k++)
            x[i] -= a[i][k] * x[k];
        x[i] /= a[i][i];
    }
    for (uint32_t i = n; i-- > 0;) {
        for (uint32_t k = i + 1; k < n; k++)
            x[i] -= a[k][i] * x[k];
        x[i] /= a[i][i];
    }
}

/* The point of the affine hull of the unit vectors in `set` that is nearest to the
 * origin, as weights in point[]; its squared length, or infinite where it lies outside of
 * their convex hull.  The ridge makes dependent vectors share their weight evenly. */
static double nearest(const control_views *v, uint32_t set, double point[]) {
    const double ridge = 1e-10;
    uint32_t member[CONTROL_MAX_VIEWS], n = 0;
    square a;
    double x[CONTROL_MAX_VIEWS], sum = 0;

    for (uint32_t i = 0; i < CONTROL_MAX_VIEWS; i++)
        if (set >> i & 1)
            member[n++] = i;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            a[i][j] = cosine(v, member[i], member[j]) + (i == j ? ridge : 0);
    solve_ones(a, n, x);
    for (uint32_t i = 0; i < n; i++)
        sum += x[i];
    memset(point, 0, CONTROL_MAX_VIEWS * sizeof(double));
    for (uint32_t i = 0; i < n; i++) {
        point[member[i]] = x[i] / sum;
        if (!(x[i] >= 0))
            return HUGE_VAL;
    }
    return 1 / sum;
}

/* Largest smallest cosine: the point of the hull of unit vectors that is nearest to the
 * origin (the dual; cf. Desideri 2012).  With 8 views at most, the faces of the hull are
 * tried one by one: exact, and nothing beside a pass over the gradients. */
static void maxmin(const control_views *v, double weight[]) {
    const uint32_t n = v->n < CONTROL_MAX_VIEWS ? v->n : CONTROL_MAX_VIEWS;
    double best = HUGE_VAL, point[CONTROL_MAX_VIEWS];
    uint32_t usable = 0;

    for (uint32_t i = 0; i < n; i++)
        usable |= (uint32_t)(v->norm[i] > 0) << i;
    for (uint32_t set = 1; set < 1u << n; set++) {
        double length = set & ~usable ? HUGE_VAL : nearest(v, set, point);
        if (length < best) {
            best = length;
            memcpy(weight, point, sizeof(point));
        }
    }
    for (uint32_t i = 0; i < n; i++)
        weight[i] = v->norm[i] > 0 ? weight[i] / v->norm[i] : 0;
}

void control_weights(const control_views *v, int32_t gas, double weight[]) {
    memset(weight, 0, CONTROL_MAX_VIEWS * sizeof(double));
    if (gas == CONTROL_GAS_COSINE)
        inverse_norms(v, weight);
    else if (gas == CONTROL_GAS_AGREEMENT)
        agreement(v, weight);
    else if (gas == CONTROL_GAS_COS_AGREEMENT)
        cos_agreement(v, weight);
    else if (gas == CONTROL_GAS_MAXMIN)
        maxmin(v, weight);
    else
        for (uint32_t i = 0; i < v->n; i++)
            weight[i] = 1;
    normalise(weight, v->n);
}

/* 0 .. n-1 without i, in random order (Fisher and Yates). */
static void others(uint32_t i, uint32_t n, uint64_t *rng, uint32_t order[]) {
    uint32_t m = 0;

    for (uint32_t j = 0; j < n; j++)
        if (j != i)
            order[m++] = j;
    for (uint32_t k = m; k > 1; k--) {
        uint32_t at = (uint32_t)accord_rng_below(rng, k), other = order[at];
        order[at] = order[k - 1];
        order[k - 1] = other;
    }
}

/* Yu et al. 2020, algorithm 1.  A projected gradient is a combination of the rows, so all
 * is done on coefficients: take[k] are those of gradient i after its projections. */
void control_pcgrad(const control_views *v, const double weight[], uint64_t *rng,
                    double result[]) {
    uint32_t order[CONTROL_MAX_VIEWS];

    memset(result, 0, CONTROL_MAX_VIEWS * sizeof(double));
    for (uint32_t i = 0; i < v->n; i++) {
        double take[CONTROL_MAX_VIEWS] = {0};
        take[i] = weight[i];
        others(i, v->n, rng, order);
        for (uint32_t o = 0; o + 1 < v->n; o++) {
            uint32_t j = order[o];
            double inner = 0;
            for (uint32_t k = 0; k < v->n; k++)
                inner += take[k] * v->gram[k][j];
            if (weight[j] * inner < 0)
                take[j] -= inner / v->gram[j][j];
        }
        for (uint32_t k = 0; k < v->n; k++)
            result[k] += take[k];
    }
}
