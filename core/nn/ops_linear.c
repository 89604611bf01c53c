/* ops_linear.c - products of matrices: linear layers and matmul. */
#include "nn/tape.h"

#include <string.h>

/* ---- linear ---- */

/* Rows that are taken through all passes while the cache holds them. */
static size_t block_of(size_t n_in, size_t n_out) {
    enum { CACHE = 1 << 20, FEWEST = 128 };
    size_t rows = CACHE / sizeof(float) / (n_in + n_out) / FEWEST * FEWEST;

    return rows > FEWEST ? rows : FEWEST;
}

/* The gradients that a linear layer's way back writes to, NULL where not wanted. */
struct linear_grads {
    float *dx, *dw, *db;
    bool add_x, add_w;
};

/* dim: rows, n_in, n_out, activation.  in: x, weight, bias or NULL.  saved: what the
 * activation was given, where the output does not tell. */
static void block_back(const tape *t, const node *n, struct linear_grads *g, size_t from,
                       size_t rows) {
    size_t n_in = n->dim[1], n_out = n->dim[2], at = from * n_out;
    float *dy = n->grad + at;

    if (n->dim[3] != ACCORD_NN_IDENTITY)
        accord_nn_activate_back(t->k, (int)n->dim[3], dy, dy,
                                n->saved ? n->saved + at : NULL, n->t.data + at,
                                rows * n_out, false);
    if (g->db)
        t->k->bias_back(g->db, dy, rows, n_out);
    if (g->dw)
        accord_nn_multiply(
            g->dw, dy, n->in[0]->t.data + from * n_in,
            &(accord_nn_gemm){
                .m = n_out, .n = n_in, .k = rows, .trans_a = true, .add = g->add_w});
    g->add_w = true;
    if (g->dx)
        accord_nn_multiply(
            g->dx + from * n_in, dy, n->in[1]->t.data,
            &(accord_nn_gemm){.m = rows, .n = n_in, .k = n_out, .add = g->add_x});
}

static void linear_back(tape *t, node *n) {
    size_t rows = n->dim[0], block = block_of(n->dim[1], n->dim[2]), at = 0;
    struct linear_grads g = {0};

    g.db = n->in[2] ? accord_nn_slot_add(t, n->in[2]) : NULL;
    g.dw = accord_nn_slot(t, n->in[1], &g.add_w);
    g.dx = accord_nn_slot(t, n->in[0], &g.add_x);
    do { /* once for no rows too: the gradients are 0 then */
        size_t some = rows - at < block ? rows - at : block;
        block_back(t, n, &g, at, some);
        at += some;
    } while (at < rows);
}

/* Rows from x [rows][n_in] to y, through `before` where the activation needs it. */
static void block_forward(const tape *t, const node *n, const accord_nn_linear_layer *l,
                          size_t from, size_t rows) {
    size_t n_in = n->dim[1], n_out = n->dim[2], at = from * n_out;
    float *before = (n->saved ? n->saved : n->out) + at;

    for (size_t i = 0; i < rows && l->bias; i++)
        memcpy(before + i * n_out, l->bias->value, n_out * sizeof(float));
    accord_nn_multiply(
        before, n->in[0]->t.data + from * n_in, l->weight->value,
        &(accord_nn_gemm){
            .m = rows, .n = n_out, .k = n_in, .trans_b = true, .add = l->bias != NULL});
    if (n->dim[3] != ACCORD_NN_IDENTITY)
        accord_nn_activate(t->k, (int)n->dim[3], n->out + at, before, rows * n_out);
}

static bool fits(const tensor *x, const accord_nn_linear_layer *l) {
    return x->rank >= 1 && l->weight->rank == 2 &&
           x->shape[x->rank - 1] == l->weight->shape[1] &&
           (!l->bias || l->bias->size == l->weight->shape[0]);
}

const tensor *accord_nn_dense(accord_nn_tape *t, const tensor *x,
                              const accord_nn_linear_layer *l, int activation) {
    if (!accord_nn_ready1(t, "linear", x) ||
        !accord_nn_ready_param(t, "linear", l->weight) ||
        (l->bias && !accord_nn_ready_param(t, "linear", l->bias)) ||
        !accord_nn_ready_activation(t, "linear", activation))
        return &t->bad.t;
    if (!fits(x, l))
        return accord_nn_misfit_param(t, "linear", x, l->weight);
    const tensor *in[] = {x, accord_nn_use(t, l->weight),
                          l->bias ? accord_nn_use(t, l->bias) : NULL};
    size_t shape[MAX_RANK];
    memcpy(shape, x->shape, sizeof(shape));
    shape[x->rank - 1] = l->weight->shape[0];
    node *n = accord_nn_node_new(t, x->rank, shape, 3, in, linear_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = x->size / l->weight->shape[1];
    n->dim[1] = l->weight->shape[1];
    n->dim[2] = l->weight->shape[0];
    n->dim[3] = (size_t)activation;
    if (!accord_nn_from_output(activation) &&
        !(n->saved = accord_nn_floats(t, n->t.size)))
        return &t->bad.t;
    size_t block = block_of(n->dim[1], n->dim[2]);
    for (size_t at = 0; at < n->dim[0]; at += block)
        block_forward(t, n, l, at, n->dim[0] - at < block ? n->dim[0] - at : block);
    return &n->t;
}

const tensor *accord_nn_linear(accord_nn_tape *t, const tensor *x,
                               const accord_nn_linear_layer *l) {
    return accord_nn_dense(t, x, l, ACCORD_NN_IDENTITY);
}

/* ---- matmul ---- */

/* dim: products, m, k, n.  index is not used; arg[0] is 1 where b is transposed, arg[1]
 * where b is the same for all. */
static void matmul_back(tape *t, node *n) {
    size_t m = n->dim[1], k = n->dim[2], cols = n->dim[3];
    bool trans = n->arg[0] > 0.0f;
    size_t step_b = n->arg[1] > 0.0f ? 0 : k * cols;
    const float *a = n->in[0]->t.data, *b = n->in[1]->t.data;
    bool add_a = false, add_b = false;
    float *da = accord_nn_slot(t, n->in[0], &add_a);
    float *db = accord_nn_slot(t, n->in[1], &add_b);

    if (!n->dim[0] && db && !add_b && n->in[1]->t.size)
        memset(db, 0, n->in[1]->t.size * sizeof(float));
    for (size_t i = 0; i < n->dim[0]; i++) {
        const float *dy = n->grad + i * m * cols;
        if (da)
            accord_nn_multiply(
                da + i * m * k, dy, b + i * step_b,
                &(accord_nn_gemm){
                    .m = m, .n = k, .k = cols, .trans_b = !trans, .add = add_a});
        bool more = add_b || (i && !step_b) || da == db;
        if (db && trans)
            accord_nn_multiply(
                db + i * step_b, dy, a + i * m * k,
                &(accord_nn_gemm){
                    .m = cols, .n = k, .k = m, .trans_a = true, .add = more});
        else if (db)
            accord_nn_multiply(
                db + i * step_b, a + i * m * k, dy,
                &(accord_nn_gemm){
                    .m = k, .n = cols, .k = m, .trans_a = true, .add = more});
    }
}

static const tensor *matmul(tape *t, const char *op, const tensor *a, const tensor *b,
                            bool trans) {
    if (!accord_nn_ready2(t, op, a, b))
        return &t->bad.t;
    if (a->rank < 2 || b->rank < 2 || (b->rank > 2 && a->rank != b->rank))
        return accord_nn_misfit(t, op, a, b);
    const size_t *end_a = a->shape + a->rank - 2, *end_b = b->shape + b->rank - 2;
    if (end_a[1] != end_b[trans] ||
        (b->rank > 2 && memcmp(a->shape, b->shape, (a->rank - 2) * sizeof(size_t))))
        return accord_nn_misfit(t, op, a, b);
    size_t shape[MAX_RANK];
    memcpy(shape, a->shape, sizeof(shape));
    shape[a->rank - 1] = end_b[!trans];
    node *n =
        accord_nn_node_new(t, a->rank, shape, 2, (const tensor *[]){a, b}, matmul_back);
    if (!n)
        return &t->bad.t;
    size_t products = 1;
    for (uint32_t i = 0; i + 2 < a->rank; i++)
        products *= a->shape[i];
    bool shared = b->rank == 2;
    size_t dim[] = {shared ? 1 : products, shared ? products * end_a[0] : end_a[0],
                    end_a[1], end_b[!trans]};
    memcpy(n->dim, dim, sizeof(dim));
    n->arg[0] = trans;
    n->arg[1] = shared;
    for (size_t i = 0; i < dim[0]; i++)
        accord_nn_multiply(
            n->out + i * dim[1] * dim[3], a->data + i * dim[1] * dim[2],
            b->data + i * dim[2] * dim[3],
            &(accord_nn_gemm){.m = dim[1], .n = dim[3], .k = dim[2], .trans_b = trans});
    return &n->t;
}

const tensor *accord_nn_matmul(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return matmul(t, "matmul", a, b, false);
}

const tensor *accord_nn_matmul_t(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return matmul(t, "matmul_t", a, b, true);
}
