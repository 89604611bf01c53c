/* ops_reduce.c - sums, means and the largest over an axis. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

enum { OUTER, LENGTH, INNER };

/* A node [outer][inner] over x [outer][length][inner]; NULL after an error. */
static node *reduced(tape *t, const char *op, const tensor *x, int axis,
                     void (*back)(tape *, node *)) {
    char text[100];
    size_t shape[MAX_RANK], dim[3] = {1, 1, 1};
    uint32_t rank = 0;

    if (!accord_nn_ready1(t, op, x))
        return NULL;
    if (axis < ACCORD_NN_ALL || axis >= (int)x->rank) {
        accord_nn_refuse(t, ACCORD_E_ARG, "%s: %s has no axis %d", op,
                         accord_nn_shape_text(text, x->rank, x->shape), axis);
        return NULL;
    }
    for (int i = 0; i < (int)x->rank; i++) {
        bool gone = axis == ACCORD_NN_ALL || i == axis;
        dim[gone ? LENGTH : i < axis ? OUTER : INNER] *= x->shape[i];
        if (!gone)
            shape[rank++] = x->shape[i];
    }
    node *n = accord_nn_node_new(t, rank, shape, 1, &x, back);
    if (n)
        memcpy(n->dim, dim, sizeof(dim));
    return n;
}

static void fill(float *x, float value, size_t n) {
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

/* dx = or += arg * dy, repeated along the axis. */
static void spread_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);
    const float *dy = n->grad;

    if (dx && n->dim[INNER] == 1 && !add) {
        for (size_t o = 0; o < n->dim[OUTER]; o++)
            fill(dx + o * n->dim[LENGTH], n->arg[0] * dy[o], n->dim[LENGTH]);
        return;
    }
    for (size_t o = 0; dx && o < n->dim[OUTER]; o++, dy += n->dim[INNER])
        for (size_t l = 0; l < n->dim[LENGTH]; l++)
            for (size_t i = 0; i < n->dim[INNER]; i++, dx++)
                *dx = n->arg[0] * dy[i] + (add ? *dx : 0.0f);
}

static const tensor *sum(tape *t, const char *op, const tensor *x, int axis, bool mean) {
    node *n = reduced(t, op, x, axis, spread_back);

    if (!n)
        return &t->bad.t;
    size_t length = n->dim[LENGTH], inner = n->dim[INNER];
    n->arg[0] = mean ? 1.0f / (float)length : 1.0f;
    if (inner == 1) {
        double share = mean ? (double)length : 1.0;
        for (size_t o = 0; o < n->dim[OUTER]; o++)
            n->out[o] = (float)(t->k->sum(x->data + o * length, length) / share);
        return &n->t;
    }
    if (n->t.size)
        memset(n->out, 0, n->t.size * sizeof(float));
    for (size_t o = 0; o < n->dim[OUTER]; o++)
        t->k->bias_back(n->out + o * inner, x->data + o * length * inner, length, inner);
    if (mean && length)
        t->k->scale(n->out, n->arg[0], n->out, n->t.size);
    for (size_t i = 0; mean && !length && i < n->t.size; i++)
        n->out[i] = NAN;
    return &n->t;
}

const tensor *accord_nn_sum(accord_nn_tape *t, const tensor *x, int axis) {
    return sum(t, "sum", x, axis, false);
}

const tensor *accord_nn_mean(accord_nn_tape *t, const tensor *x, int axis) {
    return sum(t, "mean", x, axis, true);
}

/* The first of the largest is found again: ties are rare and an array of indices is not
 * free. */
static void max_back(tape *t, node *n) {
    float *dx = accord_nn_slot_add(t, n->in[0]);
    const float *x = n->in[0]->t.data;
    size_t length = n->dim[LENGTH], inner = n->dim[INNER];

    for (size_t at = 0; dx && at < n->t.size; at++) {
        size_t first = at / inner * length * inner + at % inner;
        for (size_t l = 0; l < length; l++)
            if (x[first + l * inner] >= n->t.data[at]) {
                dx[first + l * inner] += n->grad[at];
                break;
            }
    }
}

const tensor *accord_nn_max_over(accord_nn_tape *t, const tensor *x, int axis) {
    node *n = reduced(t, "max_over", x, axis, max_back);

    if (!n)
        return &t->bad.t;
    size_t length = n->dim[LENGTH], inner = n->dim[INNER];
    for (size_t at = 0; at < n->t.size; at++) {
        const float *from = x->data + at / inner * length * inner + at % inner;
        float best = -INFINITY;
        for (size_t l = 0; l < length && !isnan(best); l++)
            best = from[l * inner] <= best ? best : from[l * inner];
        n->out[at] = best;
    }
    return &n->t;
}
