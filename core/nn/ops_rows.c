/* ops_rows.c - operators along the last axis: norms, softmax, cosine similarity. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

/* The last axis, and how many rows of it. */
static bool rows_of(tape *t, const char *op, const tensor *x, size_t *rows,
                    size_t *cols) {
    if (!accord_nn_ready1(t, op, x))
        return false;
    if (!x->rank) {
        accord_nn_refuse(t, ACCORD_E_ARG, "%s: a scalar has no last axis", op);
        return false;
    }
    *rows = 1;
    for (uint32_t i = 0; i + 1 < x->rank; i++)
        *rows *= x->shape[i];
    *cols = x->shape[x->rank - 1];
    return true;
}

/* ---- norms ---- */

/* dim: rows, cols.  in: x, gain, bias.  saved: mean or NULL, saved2: 1 / deviation. */
static void norm_back(tape *t, node *n) {
    bool add = false;
    float *dgain = accord_nn_slot_add(t, n->in[1]);
    float *dbias = n->in[2] ? accord_nn_slot_add(t, n->in[2]) : NULL;
    float *dx = accord_nn_slot(t, n->in[0], &add);
    const float *x = n->in[0]->t.data, *gain = n->in[1]->t.data;

    if (n->saved)
        t->k->layer_norm_back(dx, dgain, dbias, n->grad, x, n->saved, n->saved2, gain,
                              n->dim[0], n->dim[1], add);
    else
        t->k->rms_norm_back(dx, dgain, n->grad, x, n->saved2, gain, n->dim[0], n->dim[1],
                            add);
}

static node *norm(tape *t, const char *op, const tensor *x, const accord_nn_param *gain,
                  const accord_nn_param *bias) {
    size_t rows, cols;

    if (!rows_of(t, op, x, &rows, &cols) || !accord_nn_ready_param(t, op, gain) ||
        (bias && !accord_nn_ready_param(t, op, bias)))
        return NULL;
    if (gain->size != cols || (bias && bias->size != cols)) {
        accord_nn_misfit_param(t, op, x, gain);
        return NULL;
    }
    const tensor *in[] = {x, accord_nn_use(t, gain),
                          bias ? accord_nn_use(t, bias) : NULL};
    node *n = accord_nn_node_new(t, x->rank, x->shape, 3, in, norm_back);
    if (!n)
        return NULL;
    n->dim[0] = rows;
    n->dim[1] = cols;
    n->saved2 = accord_nn_floats(t, rows);
    return n->saved2 ? n : NULL;
}

const tensor *accord_nn_layer_norm(accord_nn_tape *t, const tensor *x,
                                   const accord_nn_norm_layer *l) {
    if (!accord_nn_ready_param(t, "layer_norm", l->bias))
        return &t->bad.t;
    node *n = norm(t, "layer_norm", x, l->gain, l->bias);
    if (!n || !(n->saved = accord_nn_floats(t, n->dim[0])))
        return &t->bad.t;
    t->k->layer_norm(n->out, n->saved, n->saved2, x->data, l->gain->value, l->bias->value,
                     l->eps, n->dim[0], n->dim[1]);
    return &n->t;
}

const tensor *accord_nn_rms_norm(accord_nn_tape *t, const tensor *x,
                                 const accord_nn_norm_layer *l) {
    node *n = norm(t, "rms_norm", x, l->gain, NULL);

    if (n)
        t->k->rms_norm(n->out, n->saved2, x->data, l->gain->value, l->eps, n->dim[0],
                       n->dim[1]);
    return accord_nn_out(t, n);
}

/* ---- softmax ---- */

/* dim: rows, cols. */
static void softmax_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);

    if (dx)
        t->k->softmax_back(dx, n->grad, n->t.data, n->dim[0], n->dim[1], add);
}

static void log_softmax_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);

    if (dx)
        t->k->log_softmax_back(dx, n->grad, n->t.data, n->dim[0], n->dim[1], add);
}

static node *along_rows(tape *t, const char *op, const tensor *x,
                        void (*back)(tape *, node *)) {
    size_t rows, cols;

    if (!rows_of(t, op, x, &rows, &cols))
        return NULL;
    node *n = accord_nn_node_new(t, x->rank, x->shape, 1, &x, back);
    if (n) {
        n->dim[0] = rows;
        n->dim[1] = cols;
    }
    return n;
}

const tensor *accord_nn_softmax(accord_nn_tape *t, const tensor *x) {
    node *n = along_rows(t, "softmax", x, softmax_back);

    if (n)
        t->k->softmax(n->out, x->data, n->dim[0], n->dim[1]);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_log_softmax(accord_nn_tape *t, const tensor *x) {
    node *n = along_rows(t, "log_softmax", x, log_softmax_back);

    if (n)
        t->k->log_softmax(n->out, x->data, n->dim[0], n->dim[1]);
    return accord_nn_out(t, n);
}

/* ---- cosine similarity ---- */

static const double shortest = 1e-8;

/* dim: rows, cols.  saved, saved2: the norms of a and of b, at least `shortest`. */
static void cosine_by(tape *t, const node *n, node *by, const float *norm_by,
                      const node *other, const float *norm_other) {
    float *d = accord_nn_slot_add(t, by);
    size_t cols = n->dim[1];

    for (size_t i = 0; d && i < n->dim[0]; i++) {
        float g = n->grad[i], own = norm_by[i];
        const float *x = by->t.data + i * cols;
        t->k->axpy(d + i * cols, g / (own * norm_other[i]), other->t.data + i * cols,
                   cols);
        if (own > (float)shortest) /* a norm that was raised is a constant */
            t->k->axpy(d + i * cols, -g * n->t.data[i] / (own * own), x, cols);
    }
}

static void cosine_back(tape *t, node *n) {
    cosine_by(t, n, n->in[0], n->saved, n->in[1], n->saved2);
    cosine_by(t, n, n->in[1], n->saved2, n->in[0], n->saved);
}

static float norm_of(const tape *t, const float *x, size_t n) {
    double norm = sqrt(t->k->sum_squares(x, n));

    return (float)(norm <= shortest ? shortest : norm); /* NaN stays */
}

const tensor *accord_nn_cosine(accord_nn_tape *t, const tensor *a, const tensor *b) {
    size_t rows, cols;

    if (!accord_nn_ready2(t, "cosine", a, b) || !rows_of(t, "cosine", a, &rows, &cols))
        return &t->bad.t;
    if (a->rank != b->rank || memcmp(a->shape, b->shape, sizeof(a->shape)))
        return accord_nn_misfit(t, "cosine", a, b);
    node *n = accord_nn_node_new(t, a->rank - 1, a->shape, 2, (const tensor *[]){a, b},
                                 cosine_back);
    if (!n || !(n->saved = accord_nn_floats(t, 2 * rows)))
        return &t->bad.t;
    n->saved2 = n->saved + rows;
    n->dim[0] = rows;
    n->dim[1] = cols;
    for (size_t i = 0; i < rows; i++) {
        const float *x = a->data + i * cols, *y = b->data + i * cols;
        n->saved[i] = norm_of(t, x, cols);
        n->saved2[i] = norm_of(t, y, cols);
        n->out[i] =
            (float)(t->k->dot(x, y, cols) / (double)n->saved[i] / (double)n->saved2[i]);
    }
    return &n->t;
}
