/* gradients.c - one gradient out of several: names, views that count, diagnostics. */
#include "gradients.h"

#include <math.h>
#include <string.h>

#include "gradients_parts.h"

static const char *const gas_names[] = {
    [CONTROL_GAS_NONE] = "none",           [CONTROL_GAS_COSINE] = "cosine",
    [CONTROL_GAS_AGREEMENT] = "agreement", [CONTROL_GAS_COS_AGREEMENT] = "cos_agreement",
    [CONTROL_GAS_MAXMIN] = "maxmin",
};
static const char *const sgs_names[] = {
    [CONTROL_SGS_NONE] = "none",     [CONTROL_SGS_HARD] = "hard",
    [CONTROL_SGS_SCALE] = "scale",   [CONTROL_SGS_VOTE] = "vote",
    [CONTROL_SGS_PURITY] = "purity", [CONTROL_SGS_SAND] = "sand",
    [CONTROL_SGS_PCGRAD] = "pcgrad", [CONTROL_SGS_AGR_RAND] = "agr_rand",
};

static int find(const char *const names[], size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

int control_gas_find(const char *name) {
    return find(gas_names, sizeof(gas_names) / sizeof(gas_names[0]), name);
}

int control_sgs_find(const char *name) {
    return find(sgs_names, sizeof(sgs_names) / sizeof(sgs_names[0]), name);
}

/* Which of the rows as given each view is. */
typedef uint32_t view_index[CONTROL_MAX_VIEWS];

/* Takes the rows out that are not finite. */
static void keep_finite(control_views *v, view_index kept) {
    uint32_t n = 0;

    for (uint32_t i = 0; i < v->n; i++)
        if (isfinite(v->gram[i][i]))
            kept[n++] = i;
    for (uint32_t i = 0; i < n; i++) {
        v->row[i] = v->row[kept[i]];
        v->norm[i] = sqrt(v->gram[kept[i]][kept[i]]);
        for (uint32_t j = 0; j < n; j++)
            v->gram[i][j] = v->gram[kept[i]][kept[j]];
    }
    v->n = n;
}

static void tell_norms(const control_views *v, const view_index kept, uint32_t given,
                       control_combined *info) {
    double least = HUGE_VAL, most = 0;

    *info = (control_combined){.n = v->n, .dropped = given - v->n, .scale = 1};
    for (uint32_t i = 0; i < CONTROL_MAX_VIEWS; i++) {
        info->norm[i] = (double)NAN;
        for (uint32_t j = 0; j < CONTROL_MAX_VIEWS; j++)
            info->cosine[i][j] = (double)NAN;
    }
    for (uint32_t i = 0; i < v->n; i++) {
        info->norm[kept[i]] = v->norm[i];
        least = fmin(least, v->norm[i]);
        most = fmax(most, v->norm[i]);
        for (uint32_t j = 0; j < v->n; j++)
            if (v->norm[i] > 0 && v->norm[j] > 0)
                info->cosine[kept[i]][kept[j]] =
                    fmax(-1, fmin(1, v->gram[i][j] / v->norm[i] / v->norm[j]));
    }
    info->norm_ratio = v->n && least > 0 ? most / least : (double)NAN;
    info->conflict = info->mask = info->length = (double)NAN;
}

/* Squared length of the weighted sum; *parts is what it would be if nothing cancelled. */
static double squared(const control_views *v, const double weight[], double *parts) {
    double sum = 0;

    *parts = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        for (uint32_t j = 0; j < v->n; j++) {
            sum += weight[i] * weight[j] * v->gram[i][j];
            *parts += fabs(weight[i] * weight[j] * v->gram[i][j]);
        }
    }
    return fmax(sum, 0);
}

/* Whether the weighted members cancel: what is left of their sum is the rounding of
 * floats (2^-24, squared), and a direction of its own only to an optimiser that divides
 * by it. */
static bool cancels(const control_views *v, const double weight[]) {
    double parts, length = squared(v, weight, &parts);

    return length <= 0x1p-46 * parts;
}

/* Mean norm of the views over the mean norm of the members: what lets the result be as
 * long as if all views had the mean norm.  In a plain mean it is 1. */
static double mean_norm(const control_views *v, const double weight[]) {
    double views = 0, members = 0;

    for (uint32_t i = 0; i < v->n; i++) {
        views += v->norm[i] / v->n;
        members += fabs(weight[i]) * v->norm[i];
    }
    return members > 0 ? views / members : 1;
}

static void tell_surgery(const control_combine *how, const control_views *v,
                         const control_surgery *done, control_combined *info) {
    double even[CONTROL_MAX_VIEWS], parts, voters = (double)done->voters;

    for (uint32_t i = 0; i < v->n; i++)
        even[i] = 1.0 / v->n;
    double mean = sqrt(squared(v, even, &parts));
    if (done->voters) {
        info->conflict = (double)done->conflicts / voters;
        info->mask = how->sgs == CONTROL_SGS_PCGRAD ? (double)NAN : done->mask / voters;
    }
    info->length = mean > 0 ? sqrt(done->squares) / mean : (double)NAN;
}

/* One view: there is nothing to solve or to cut. */
static void copy_alone(const control_views *v, const view_index kept, float *out,
                       control_combined *info) {
    memcpy(out, v->row[0], v->size * sizeof(float));
    info->weight[kept[0]] = 1;
    info->conflict = 0;
    info->mask = 1;
    info->length = v->norm[0] > 0 ? 1 : (double)NAN;
}

static void combine(const control_combine *how, const control_views *v,
                    const view_index kept, uint64_t *rng, float *out,
                    control_combined *info) {
    double weight[CONTROL_MAX_VIEWS], coefficient[CONTROL_MAX_VIEWS];
    control_surgery done;

    control_weights(v, how->gas, weight);
    memcpy(coefficient, weight, sizeof(weight));
    if (how->sgs == CONTROL_SGS_PCGRAD)
        control_pcgrad(v, weight, rng, coefficient);
    if (how->scale == CONTROL_SCALE_MEAN_NORM)
        info->scale = mean_norm(v, weight);
    for (uint32_t i = 0; i < v->n; i++)
        coefficient[i] *= info->scale;
    control_operate(how, v, weight, coefficient, rng, out, &done);
    if (cancels(v, coefficient)) {
        memset(out, 0, v->size * sizeof(float));
        done.squares = 0;
    }
    for (uint32_t i = 0; i < v->n; i++)
        info->weight[kept[i]] = weight[i];
    tell_surgery(how, v, &done, info);
}

int control_combine_gradients(const control_combine *how, const float *g, size_t stride,
                              uint32_t n, size_t size, uint64_t *rng, float *out,
                              control_combined *info) {
    control_views v = {.n = n, .size = size};
    view_index kept;

    for (uint32_t i = 0; i < n; i++)
        v.row[i] = g + i * stride;
    control_gram(&v);
    keep_finite(&v, kept);
    tell_norms(&v, kept, n, info);
    if (!v.n)
        memset(out, 0, size * sizeof(float));
    else if (v.n == 1)
        copy_alone(&v, kept, out, info);
    else
        combine(how, &v, kept, rng, out, info);
    return v.n > 0;
}
