/* gradients_reference.c - one gradient out of several, by the book. */
#include "gradients_reference.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <accord/rng.h>

static const float guard = 12345.0f;

rows rows_make(uint32_t n, size_t size, double spread, uint64_t seed) {
    rows r = {.n = n, .size = size, .stride = size + 3};

    r.g = malloc(n * r.stride * sizeof(float));
    r.out = malloc((size + 1) * sizeof(float));
    r.want = malloc(size * sizeof(double));
    r.parts = malloc(size * sizeof(double));
    ck_assert(r.g && r.out && r.want && r.parts);
    for (uint32_t i = 0; i < n; i++) {
        double scale = pow(10, spread * (accord_rng_uniform(&seed) - 0.5));
        for (size_t k = 0; k < r.stride; k++) {
            float x = (float)(scale * accord_rng_normal(&seed));
            r.g[i * r.stride + k] = k >= size                    ? NAN
                                    : accord_rng_below(&seed, 3) ? x
                                                                 : 0.0f;
        }
    }
    return r;
}

void rows_free(rows *r) {
    free(r->g);
    free(r->out);
    free(r->want);
    free(r->parts);
}

control_combined rows_combine(const rows *r, control_combine how, uint64_t *rng) {
    control_combined info;

    for (size_t k = 0; k <= r->size; k++)
        r->out[k] = guard;
    control_combine_gradients(&how, r->g, r->stride, r->n, r->size, rng, r->out, &info);
    ck_assert(r->out[r->size] == guard);
    return info;
}

static double at(const rows *r, uint32_t i, size_t k) {
    return (double)r->g[i * r->stride + k];
}

double reference_inner(const rows *r, uint32_t i, uint32_t j) {
    double sum = 0;

    for (size_t k = 0; k < r->size; k++)
        sum += at(r, i, k) * at(r, j, k);
    return sum;
}

void reference_weights(const rows *r, int32_t gas, double weight[]) {
    double total = 0;

    for (uint32_t i = 0; i < r->n; i++) {
        double norm = sqrt(reference_inner(r, i, i)), inner = 0, cosines = 0;
        for (uint32_t j = 0; j < r->n; j++) {
            double ij = reference_inner(r, i, j), other = sqrt(reference_inner(r, j, j));
            inner += ij;
            cosines += norm > 0 && other > 0 ? ij / norm / other : 0;
        }
        weight[i] = gas == CONTROL_GAS_AGREEMENT       ? inner
                    : gas == CONTROL_GAS_COS_AGREEMENT ? fmax(cosines, 0)
                    : gas == CONTROL_GAS_NONE          ? 1
                    : norm > 0                         ? 1 / norm
                                                       : 0;
        total += fabs(weight[i]);
    }
    for (uint32_t i = 0; i < r->n; i++)
        weight[i] = total > 0 ? weight[i] / total : 0;
}

/* What is known of one component of the members. */
typedef struct component {
    double sum, parts, variance;
    int votes, voters;
} component;

static component look(const rows *r, const double weight[], size_t k) {
    component c = {0};

    for (uint32_t i = 0; i < r->n; i++) {
        double x = weight[i] * at(r, i, k);
        c.sum += x;
        c.parts += fabs(x);
        c.votes += (x > 0) - (x < 0);
        c.voters += x != 0;
    }
    for (uint32_t i = 0; i < r->n; i++) {
        double off = r->n * weight[i] * at(r, i, k) - c.sum;
        c.variance += off * off / (r->n - 1);
    }
    return c;
}

static double sand(const control_combine *how, const component *c, double agreement) {
    double over = agreement - how->tau;

    return over <= 0 ? 0 : c->variance > 0 ? tanh(how->kappa * over / c->variance) : 1;
}

static double mask_of(const control_combine *how, const component *c) {
    double agreement = (double)abs(c->votes) / c->voters;
    bool same = abs(c->votes) == c->voters;

    switch (how->sgs) {
    case CONTROL_SGS_HARD:
        return same;
    case CONTROL_SGS_SCALE:
        return same ? 1 : how->lambda;
    case CONTROL_SGS_VOTE:
        return same ? 1 : fmax(how->lambda, pow(agreement, how->power));
    case CONTROL_SGS_PURITY:
        return fabs(c->sum) / c->parts;
    case CONTROL_SGS_SAND:
        return sand(how, c, agreement);
    default:
        return 1;
    }
}

void reference_surgery(const rows *r, const control_combine *how, const double weight[],
                       control_combined *info) {
    double voters = 0, conflicts = 0, masks = 0, squares = 0, mean = 0;

    for (size_t k = 0; k < r->size; k++) {
        component c = look(r, weight, k);
        double mask = c.voters ? mask_of(how, &c) : 0, plain = 0;
        r->want[k] = mask * c.sum;
        r->parts[k] = c.parts;
        voters += c.voters > 0;
        conflicts += abs(c.votes) != c.voters;
        masks += mask;
        squares += r->want[k] * r->want[k];
        for (uint32_t i = 0; i < r->n; i++)
            plain += at(r, i, k) / r->n;
        mean += plain * plain;
    }
    info->conflict = conflicts / voters;
    info->mask = masks / voters;
    info->length = sqrt(squares / mean);
}
