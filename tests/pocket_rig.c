/* pocket_rig.c - see pocket_rig.h. */
#include "pocket_rig.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "scratch.h"
#include "tokenizer.h"

struct pocket_shape pocket_rig_shape(void) {
    return (struct pocket_shape){.vocabulary = pocket_vocabulary_size(),
                                 .context = 80,
                                 .width = 64,
                                 .layers = 2,
                                 .heads = 2,
                                 .hidden = 128};
}

/* Nearly normal, and the same bits with every C library. */
static double bell(uint64_t *rng) {
    double sum = -2;

    for (int i = 0; i < 4; i++)
        sum += accord_rng_uniform(rng);
    return sum * sqrt(3.0);
}

float *pocket_rig_values(const struct pocket_shape *shape, uint64_t seed) {
    float *values = malloc(pocket_shape_size(shape) * sizeof(*values));
    struct pocket_tensor t;
    uint64_t rng = seed;

    for (size_t i = 0; i < pocket_shape_count(shape); i++) {
        pocket_shape_tensor(shape, i, &t);
        double size = i < 2 ? 0.35 : 1 / sqrt((double)t.columns);
        for (size_t k = 0; k < (size_t)t.rows * t.columns; k++) {
            double x = bell(&rng);
            values[t.offset + k] = (float)(t.is_gain ? 1 + 0.1 * x : size * x);
        }
    }
    return values;
}

struct pocket_weights pocket_rig_weights(const struct pocket_shape *shape,
                                         uint64_t seed) {
    float *values = pocket_rig_values(shape, seed);
    char *path = scratch_path("rig.pocket");
    struct pocket_err err = {0};
    struct pocket_weights w;

    ck_assert_msg(!pocket_weights_write(path, shape, values, &err), "%s", err.text);
    ck_assert_msg(!pocket_weights_open(path, &w, &err), "%s", err.text);
    free(path);
    free(values);
    return w;
}

void pocket_rig_prompt(uint64_t seed, int32_t *tokens, size_t n) {
    for (size_t i = 0; i < n; i++)
        tokens[i] =
            (int32_t)(POCKET_WORDS +
                      accord_rng_below(&seed, pocket_vocabulary_size() - POCKET_WORDS));
}

/* out[n][rows] = x[n][columns] m^T */
static void times(double *out, const double *x, size_t n, const struct pocket_matrix *m) {
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < m->rows; r++) {
            double sum = 0;
            for (size_t c = 0; c < m->columns; c++)
                sum += x[i * m->columns + c] * m->value[r * m->columns + c];
            out[i * m->rows + r] = sum * (double)m->scale[r];
        }
}

static void normed(double *out, const double *x, size_t n, size_t width,
                   const float *gain) {
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t c = 0; c < width; c++)
            square += x[i * width + c] * x[i * width + c];
        for (size_t c = 0; c < width; c++)
            out[i * width + c] =
                x[i * width + c] * (double)gain[c] / sqrt(square / (double)width + 1e-5);
    }
}

/* One query and head: q, k and v lie in rows of 3 width. */
static void attended(double *out, const double *qkv, size_t i, size_t head,
                     const struct pocket_shape *s) {
    size_t size = s->width / s->heads, row = 3 * s->width;
    const double *q = qkv + i * row + head * size;
    double weight[512], sum = 0;

    for (size_t j = 0; j <= i; j++) {
        const double *k = qkv + j * row + s->width + head * size;
        double score = 0;
        for (size_t c = 0; c < size; c++)
            score += q[c] * k[c];
        sum += weight[j] = exp(score / sqrt((double)size));
    }
    for (size_t c = 0; c < size; c++) {
        double mean = 0;
        for (size_t j = 0; j <= i; j++)
            mean += weight[j] * qkv[j * row + 2 * s->width + head * size + c];
        out[i * s->width + head * size + c] = mean / sum;
    }
}

/* x[n][width] through one layer; the others are room for n rows of the widest. */
static void through(const struct pocket_weights *w, const struct pocket_layer *l,
                    double *x, size_t n, double *a, double *b) {
    const struct pocket_shape *s = &w->shape;

    normed(a, x, n, s->width, l->norm1);
    times(b, a, n, &l->qkv);
    for (size_t i = 0; i < n; i++)
        for (size_t h = 0; h < s->heads; h++)
            attended(a, b, i, h, s);
    times(b, a, n, &l->out);
    for (size_t i = 0; i < n * s->width; i++)
        x[i] += b[i];
    normed(a, x, n, s->width, l->norm2);
    times(b, a, n, &l->up);
    for (size_t i = 0; i < n * s->hidden; i++)
        b[i] = fmax(b[i], 0);
    times(a, b, n, &l->down);
    for (size_t i = 0; i < n * s->width; i++)
        x[i] += a[i];
}

void pocket_rig_reference(const struct pocket_weights *w, const int32_t *tokens, size_t n,
                          double *logits, double *hidden) {
    const struct pocket_shape *s = &w->shape;
    size_t room = n * (size_t)(3 * s->width + s->hidden);
    double *x = calloc(room, sizeof(*x)), *a = calloc(room, sizeof(*a)),
           *b = calloc(room, sizeof(*b));

    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < s->width; c++)
            x[i * s->width + c] =
                (double)w->embed.scale[tokens[i]] *
                    w->embed.value[(size_t)tokens[i] * s->width + c] +
                (double)w->position.scale[i] * w->position.value[i * s->width + c];
    for (uint32_t l = 0; l < s->layers; l++)
        through(w, &w->layer[l], x, n, a, b);
    normed(a, x, n, s->width, w->norm);
    if (logits)
        times(logits, a, n, &w->embed);
    for (size_t c = 0; hidden && c < s->width; c++) {
        hidden[c] = 0;
        for (size_t i = 0; i < n; i++)
            hidden[c] += a[i * s->width + c] / (double)n;
    }
    free(x);
    free(a);
    free(b);
}
