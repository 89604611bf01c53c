/* ops_gru.c - the gated recurrent unit, one step or all. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

enum { X, H, W_X, W_H, B_X, B_H, N_IN };

/* dim: time, batch, n_in, n_hidden.
 * saved [time][batch][4 n_hidden]: r, z, c and w_h h + b_h of the candidate. */

/* One row: from the two products [3 n] to the new state. */
static void gates(const tape *t, float *y, float *saved, const float *gx, const float *gh,
                  const float *h, size_t n) {
    float *r = saved, *z = saved + n, *c = saved + 2 * n, *hc = saved + 3 * n;

    t->k->add(r, gx, gh, 2 * n); /* r and z lie side by side */
    t->k->sigmoid(r, r, 2 * n);
    memcpy(hc, gh + 2 * n, n * sizeof(float));
    for (size_t i = 0; i < n; i++)
        c[i] = gx[2 * n + i] + r[i] * hc[i];
    t->k->tanh(c, c, n);
    for (size_t i = 0; i < n; i++)
        y[i] = c[i] + z[i] * (h[i] - c[i]);
}

/* rows of b, then + x w^T */
static void affine(float *y, const float *x, const node *w, const node *b, size_t rows,
                   size_t n_in, size_t n_out) {
    for (size_t i = 0; i < rows; i++)
        memcpy(y + i * n_out, b->t.data, n_out * sizeof(float));
    accord_nn_multiply(
        y, x, w->t.data,
        &(accord_nn_gemm){
            .m = rows, .n = n_out, .k = n_in, .trans_b = true, .add = true});
}

static void forward(tape *t, node *n, float *gx, float *gh) {
    size_t time = n->dim[0], batch = n->dim[1], n_in = n->dim[2], nh = n->dim[3];
    const float *h = n->in[H]->t.data;

    affine(gx, n->in[X]->t.data, n->in[W_X], n->in[B_X], time * batch, n_in, 3 * nh);
    for (size_t s = 0; s < time; s++) {
        float *y = n->out + s * batch * nh;
        affine(gh, h, n->in[W_H], n->in[B_H], batch, nh, 3 * nh);
        for (size_t b = 0; b < batch; b++)
            gates(t, y + b * nh, n->saved + (s * batch + b) * 4 * nh,
                  gx + (s * batch + b) * 3 * nh, gh + b * 3 * nh, h + b * nh, nh);
        h = y;
    }
}

/* One row back: dy to the gradients by both products [3 n] and, directly, by h. */
static void gates_back(float *dgx, float *dgh, float *dh, const float *dy,
                       const float *saved, const float *h, size_t n) {
    const float *r = saved, *z = saved + n, *c = saved + 2 * n, *hc = saved + 3 * n;

    for (size_t i = 0; i < n; i++) {
        float g = dy[i];
        float dc = g * (1.0f - z[i]) * (1.0f - c[i] * c[i]);
        float dz = g * (h[i] - c[i]) * z[i] * (1.0f - z[i]);
        float dr = dc * hc[i] * r[i] * (1.0f - r[i]);
        dgx[i] = dgh[i] = dr;
        dgx[n + i] = dgh[n + i] = dz;
        dgx[2 * n + i] = dc;
        dgh[2 * n + i] = dc * r[i];
        dh[i] = g * z[i];
    }
}

struct back {
    float *dgx, *dgh; /* [time][batch][3 n_hidden] */
    float *dy, *dh;   /* [batch][n_hidden] */
};

/* Through time: fills dgx and dgh, leaves the gradient by the first state in s->dh. */
static void through_time(tape *t, node *n, const struct back *s) {
    size_t time = n->dim[0], batch = n->dim[1], nh = n->dim[3], step = batch * nh;

    memset(s->dh, 0, step * sizeof(float));
    for (size_t k = time; k-- > 0;) {
        const float *h = k ? n->out + (k - 1) * step : n->in[H]->t.data;
        t->k->add(s->dy, s->dh, n->grad + k * step, step);
        for (size_t b = 0; b < batch; b++) {
            size_t row = k * batch + b;
            gates_back(s->dgx + row * 3 * nh, s->dgh + row * 3 * nh, s->dh + b * nh,
                       s->dy + b * nh, n->saved + row * 4 * nh, h + b * nh, nh);
        }
        accord_nn_multiply(
            s->dh, s->dgh + k * 3 * step, n->in[W_H]->t.data,
            &(accord_nn_gemm){.m = batch, .n = nh, .k = 3 * nh, .add = true});
    }
}

/* dw = or += dg^T x over rows, db += the sums of dg. */
static void weights_back(tape *t, node *w, const float *dg, const float *x, size_t rows,
                         size_t n_in, size_t n_out) {
    bool add;
    float *dw = accord_nn_slot(t, w, &add);

    if (dw)
        accord_nn_multiply(
            dw, dg, x,
            &(accord_nn_gemm){
                .m = n_out, .n = n_in, .k = rows, .trans_a = true, .add = add});
}

static void bias_back(tape *t, node *b, const float *dg, size_t rows, size_t n_out) {
    float *db = accord_nn_slot_add(t, b);

    if (db)
        t->k->bias_back(db, dg, rows, n_out);
}

static void spread(tape *t, node *n, const struct back *s) {
    size_t time = n->dim[0], batch = n->dim[1], n_in = n->dim[2], nh = n->dim[3];
    size_t step = batch * nh;
    bool add;

    weights_back(t, n->in[W_X], s->dgx, n->in[X]->t.data, time * batch, n_in, 3 * nh);
    bias_back(t, n->in[B_X], s->dgx, time * batch, 3 * nh);
    weights_back(t, n->in[W_H], s->dgh, n->in[H]->t.data, time ? batch : 0, nh, 3 * nh);
    if (time > 1)
        weights_back(t, n->in[W_H], s->dgh + 3 * step, n->out, (time - 1) * batch, nh,
                     3 * nh);
    bias_back(t, n->in[B_H], s->dgh, time * batch, 3 * nh);
    float *dx = accord_nn_slot(t, n->in[X], &add);
    if (dx)
        accord_nn_multiply(
            dx, s->dgx, n->in[W_X]->t.data,
            &(accord_nn_gemm){.m = time * batch, .n = n_in, .k = 3 * nh, .add = add});
    float *dh = accord_nn_slot(t, n->in[H], &add);
    if (dh && add)
        t->k->axpy(dh, 1.0f, s->dh, step);
    else if (dh)
        memcpy(dh, s->dh, step * sizeof(float));
}

static void gru_back(tape *t, node *n) {
    size_t rows = n->dim[0] * n->dim[1], nh = n->dim[3], step = n->dim[1] * nh;
    struct back s = {accord_nn_scratch(t, rows * 3 * nh),
                     accord_nn_scratch(t, rows * 3 * nh), accord_nn_scratch(t, step),
                     accord_nn_scratch(t, step)};

    if (s.dgx && s.dgh && s.dy && s.dh) {
        through_time(t, n, &s);
        spread(t, n, &s);
    }
    accord_nn_release(t, s.dgx);
    accord_nn_release(t, s.dgh);
    accord_nn_release(t, s.dy);
    accord_nn_release(t, s.dh);
}

static bool ready(tape *t, const char *op, const tensor *x, const tensor *h,
                  const accord_nn_gru_layer *l) {
    if (!accord_nn_ready2(t, op, x, h) || !accord_nn_ready_param(t, op, l->w_x) ||
        !accord_nn_ready_param(t, op, l->w_h) || !accord_nn_ready_param(t, op, l->b_x) ||
        !accord_nn_ready_param(t, op, l->b_h))
        return false;
    if (x->rank < 2 || x->shape[x->rank - 1] != l->w_x->shape[1])
        accord_nn_misfit_param(t, op, x, l->w_x);
    else if (h->rank != 2 || h->shape[1] != l->w_h->shape[1])
        accord_nn_misfit_param(t, op, h, l->w_h);
    else if (x->shape[x->rank - 2] != h->shape[0])
        accord_nn_misfit(t, op, x, h);
    return !t->err.code;
}

static const tensor *gru(tape *t, const char *op, uint32_t rank, const tensor *x,
                         const tensor *h, const accord_nn_gru_layer *l) {
    if (!ready(t, op, x, h, l))
        return &t->bad.t;
    if (x->rank != rank)
        return accord_nn_misfit_param(t, op, x, l->w_x);
    const tensor *in[N_IN] = {x,
                              h,
                              accord_nn_use(t, l->w_x),
                              accord_nn_use(t, l->w_h),
                              accord_nn_use(t, l->b_x),
                              accord_nn_use(t, l->b_h)};
    size_t shape[MAX_RANK];
    memcpy(shape, x->shape, sizeof(shape));
    size_t nh = shape[rank - 1] = l->w_h->shape[1];
    node *n = accord_nn_node_new(t, rank, shape, N_IN, in, gru_back);
    if (!n)
        return &t->bad.t;
    size_t batch = h->shape[0], time = rank == 3 ? shape[0] : 1;
    memcpy(n->dim, (size_t[]){time, batch, l->w_x->shape[1], nh}, sizeof(n->dim));
    n->saved = accord_nn_floats(t, time * batch * 4 * nh);
    float *gx = accord_nn_scratch(t, time * batch * 3 * nh);
    float *gh = accord_nn_scratch(t, batch * 3 * nh);
    if (n->saved && gx && gh)
        forward(t, n, gx, gh);
    accord_nn_release(t, gx);
    accord_nn_release(t, gh);
    return t->err.code ? &t->bad.t : &n->t;
}

const tensor *accord_nn_gru(accord_nn_tape *t, const tensor *x, const tensor *h,
                            const accord_nn_gru_layer *l) {
    return gru(t, "gru", 2, x, h, l);
}

const tensor *accord_nn_gru_sequence(accord_nn_tape *t, const tensor *x, const tensor *h,
                                     const accord_nn_gru_layer *l) {
    return gru(t, "gru_sequence", 3, x, h, l);
}
