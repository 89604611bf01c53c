/* ops_shape.c - operators that move numbers and compute none. */
#include "nn/tape.h"

#include <string.h>

/* dx = or += dy over rows: `rows` times `n` floats, `step` apart on the side of dx or,
 * with n the other way round, of dy. */
struct rows {
    size_t rows, n, step_to, step_from;
};

static void copy_rows(float *to, const float *from, const struct rows *r) {
    for (size_t i = 0; i < r->rows && r->n; i++)
        memcpy(to + i * r->step_to, from + i * r->step_from, r->n * sizeof(float));
}

static void add_rows(const tape *t, float *to, const float *from, const struct rows *r) {
    for (size_t i = 0; i < r->rows; i++)
        t->k->axpy(to + i * r->step_to, 1.0f, from + i * r->step_from, r->n);
}

/* The axes before and after `axis`, each as one. */
static void around(const tensor *x, uint32_t axis, size_t *outer, size_t *inner) {
    *outer = *inner = 1;
    for (uint32_t i = 0; i < axis; i++)
        *outer *= x->shape[i];
    for (uint32_t i = axis + 1; i < x->rank; i++)
        *inner *= x->shape[i];
}

static bool has_axis(tape *t, const char *op, const tensor *x, uint32_t axis) {
    char text[100];

    if (axis < x->rank)
        return true;
    accord_nn_refuse(t, ACCORD_E_ARG, "%s: %s has no axis %u", op,
                     accord_nn_shape_text(text, x->rank, x->shape), axis);
    return false;
}

/* ---- reshape ---- */

static void reshape_back(tape *t, node *n) {
    accord_nn_hand_on(t, n, n->in[0]);
}

const tensor *accord_nn_reshape(accord_nn_tape *t, const tensor *x, uint32_t rank,
                                const size_t *shape) {
    if (!accord_nn_ready1(t, "reshape", x))
        return &t->bad.t;
    node *n = accord_nn_node_view(t, x->data, rank, shape, 1, &x, reshape_back);
    if (n && n->t.size != x->size)
        return accord_nn_misfit(t, "reshape", x, &n->t);
    return accord_nn_out(t, n);
}

/* ---- transpose ---- */

/* Five axes: outer, a, middle, b, inner -> outer, b, middle, a, inner. */
static void swap_axes(const tape *t, float *y, const float *x, const size_t d[5],
                      bool add) {
    size_t at = 0;

    for (size_t o = 0; o < d[0]; o++)
        for (size_t b = 0; b < d[3]; b++)
            for (size_t m = 0; m < d[2]; m++)
                for (size_t a = 0; a < d[1]; a++, at += d[4]) {
                    const float *from =
                        x + (((o * d[1] + a) * d[2] + m) * d[3] + b) * d[4];
                    if (add)
                        t->k->axpy(y + at, 1.0f, from, d[4]);
                    else if (d[4])
                        memcpy(y + at, from, d[4] * sizeof(float));
                }
}

static void five_axes(const tensor *x, uint32_t a, uint32_t b, size_t d[5]) {
    for (int i = 0; i < 5; i++)
        d[i] = 1;
    for (uint32_t i = 0; i < x->rank; i++)
        d[i < a ? 0 : i == a ? 1 : i < b ? 2 : i == b ? 3 : 4] *= x->shape[i];
}

static void transpose_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);
    size_t d[5];

    five_axes(&n->t, (uint32_t)n->dim[0], (uint32_t)n->dim[1], d);
    if (dx)
        swap_axes(t, dx, n->grad, d, add);
}

const tensor *accord_nn_transpose(accord_nn_tape *t, const tensor *x, uint32_t axis_a,
                                  uint32_t axis_b) {
    if (!accord_nn_ready1(t, "transpose", x) || !has_axis(t, "transpose", x, axis_a) ||
        !has_axis(t, "transpose", x, axis_b))
        return &t->bad.t;
    if (axis_a == axis_b)
        return x;
    uint32_t a = axis_a < axis_b ? axis_a : axis_b;
    uint32_t b = axis_a < axis_b ? axis_b : axis_a;
    size_t shape[MAX_RANK], d[5];
    memcpy(shape, x->shape, sizeof(shape));
    shape[a] = x->shape[b];
    shape[b] = x->shape[a];
    node *n = accord_nn_node_new(t, x->rank, shape, 1, &x, transpose_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = a;
    n->dim[1] = b;
    five_axes(x, a, b, d);
    swap_axes(t, n->out, x->data, d, false);
    return &n->t;
}

/* ---- concat ---- */

/* dim: axis, floats of one outer row of the output. */
static void concat_back(tape *t, node *n) {
    size_t outer, inner, at = 0;

    around(&n->t, (uint32_t)n->dim[0], &outer, &inner);
    for (uint32_t i = 0; i < n->n_in; i++) {
        size_t width = n->in[i]->t.shape[n->dim[0]] * inner;
        bool add;
        float *dx = accord_nn_slot(t, n->in[i], &add);
        struct rows r = {outer, width, width, n->dim[1]};
        if (dx && add)
            add_rows(t, dx, n->grad + at, &r);
        else if (dx)
            copy_rows(dx, n->grad + at, &r);
        at += width;
    }
}

static bool concat_shape(tape *t, const tensor *const *x, size_t n, uint32_t axis,
                         size_t shape[MAX_RANK]) {
    if (!n) {
        accord_nn_refuse(t, ACCORD_E_ARG, "concat: no tensors");
        return false;
    }
    if (!accord_nn_ready(t, "concat", n, x) || !has_axis(t, "concat", x[0], axis))
        return false;
    memcpy(shape, x[0]->shape, MAX_RANK * sizeof(*shape));
    for (size_t i = 1; i < n; i++) {
        bool fits = x[i]->rank == x[0]->rank;
        for (uint32_t k = 0; fits && k < x[0]->rank; k++)
            fits = k == axis || x[i]->shape[k] == shape[k];
        if (!fits) {
            accord_nn_misfit(t, "concat", x[0], x[i]);
            return false;
        }
        shape[axis] += x[i]->shape[axis];
    }
    return true;
}

const tensor *accord_nn_concat(accord_nn_tape *t, const tensor *const *x, size_t n,
                               uint32_t axis) {
    size_t shape[MAX_RANK], outer, inner, at = 0;

    if (!concat_shape(t, x, n, axis, shape))
        return &t->bad.t;
    node *y = accord_nn_node_new(t, x[0]->rank, shape, n, x, concat_back);
    if (!y)
        return &t->bad.t;
    around(&y->t, axis, &outer, &inner);
    y->dim[0] = axis;
    y->dim[1] = shape[axis] * inner;
    for (size_t i = 0; i < n; i++) {
        size_t width = x[i]->shape[axis] * inner;
        copy_rows(y->out + at, x[i]->data,
                  &(struct rows){outer, width, y->dim[1], width});
        at += width;
    }
    return &y->t;
}

/* ---- slice ---- */

/* dim: outer rows, floats of one row of the output and of the input, first float. */
static void slice_back(tape *t, node *n) {
    float *dx = accord_nn_slot_add(t, n->in[0]);

    if (dx)
        add_rows(t, dx + n->dim[3], n->grad,
                 &(struct rows){n->dim[0], n->dim[1], n->dim[2], n->dim[1]});
}

const tensor *accord_nn_slice(accord_nn_tape *t, const tensor *x, uint32_t axis,
                              size_t from, size_t to) {
    char text[100];
    size_t shape[MAX_RANK], outer, inner;

    if (!accord_nn_ready1(t, "slice", x) || !has_axis(t, "slice", x, axis))
        return &t->bad.t;
    if (from > to || to > x->shape[axis])
        return accord_nn_refuse(t, ACCORD_E_ARG, "slice: %zu .. %zu of axis %u of %s",
                                from, to, axis,
                                accord_nn_shape_text(text, x->rank, x->shape));
    around(x, axis, &outer, &inner);
    memcpy(shape, x->shape, sizeof(shape));
    shape[axis] = to - from;
    size_t dim[] = {outer, (to - from) * inner, x->shape[axis] * inner, from * inner};
    bool view = outer == 1;
    node *n =
        view ? accord_nn_node_view(t, x->data + dim[3], x->rank, shape, 1, &x, slice_back)
             : accord_nn_node_new(t, x->rank, shape, 1, &x, slice_back);
    if (!n)
        return &t->bad.t;
    memcpy(n->dim, dim, sizeof(dim));
    if (!view)
        copy_rows(n->out, x->data + dim[3],
                  &(struct rows){dim[0], dim[1], dim[1], dim[2]});
    return &n->t;
}

/* ---- gather, embedding, pick ---- */

static bool indices_fit(tape *t, const char *op, const int32_t *index, size_t m,
                        size_t n) {
    for (size_t i = 0; i < m; i++)
        if (index[i] < 0 || (size_t)index[i] >= n) {
            accord_nn_refuse(t, ACCORD_E_ARG, "%s: index %zu is %d, out of range for %zu",
                             op, i, index[i], n);
            return false;
        }
    return true;
}

/* dim: rows, floats of one. */
static void gather_back(tape *t, node *n) {
    float *dx = accord_nn_slot_add(t, n->in[0]);
    size_t width = n->dim[1];

    for (size_t i = 0; dx && i < n->dim[0]; i++)
        t->k->axpy(dx + (size_t)n->index[i] * width, 1.0f, n->grad + i * width, width);
}

static const tensor *gather(tape *t, const char *op, const tensor *x, const int32_t *rows,
                            uint32_t rank, const size_t *shape, size_t m) {
    if (t->err.code || !indices_fit(t, op, rows, m, x->shape[0]))
        return &t->bad.t;
    node *n = accord_nn_node_new(t, rank, shape, 1, &x, gather_back);
    if (!n)
        return &t->bad.t;
    size_t width = x->shape[0] ? x->size / x->shape[0] : 0;
    n->dim[0] = m;
    n->dim[1] = width;
    n->index = rows;
    for (size_t i = 0; i < m && width; i++)
        memcpy(n->out + i * width, x->data + (size_t)rows[i] * width,
               width * sizeof(float));
    return &n->t;
}

const tensor *accord_nn_gather(accord_nn_tape *t, const tensor *x, const int32_t *rows,
                               size_t m) {
    size_t shape[MAX_RANK];

    if (!accord_nn_ready1(t, "gather", x) || !has_axis(t, "gather", x, 0))
        return &t->bad.t;
    memcpy(shape, x->shape, sizeof(shape));
    shape[0] = m;
    return gather(t, "gather", x, rows, x->rank, shape, m);
}

const tensor *accord_nn_embedding(accord_nn_tape *t, const int32_t *ids, uint32_t rank,
                                  const size_t *shape,
                                  const accord_nn_embedding_layer *l) {
    size_t to[MAX_RANK], m = 1;

    if (!accord_nn_ready_param(t, "embedding", l->weight))
        return &t->bad.t;
    if (rank >= MAX_RANK)
        return accord_nn_refuse(t, ACCORD_E_ARG, "embedding: ids of %u axes, at most %d",
                                rank, MAX_RANK - 1);
    for (uint32_t i = 0; i < rank; i++)
        m *= to[i] = shape[i];
    to[rank] = l->weight->shape[1];
    return gather(t, "embedding", accord_nn_use(t, l->weight), ids, rank + 1, to, m);
}

/* dim: rows, floats of one. */
static void pick_back(tape *t, node *n) {
    float *dx = accord_nn_slot_add(t, n->in[0]);

    for (size_t i = 0; dx && i < n->dim[0]; i++)
        dx[i * n->dim[1] + (size_t)n->index[i]] += n->grad[i];
}

const tensor *accord_nn_pick(accord_nn_tape *t, const tensor *x, const int32_t *index) {
    if (!accord_nn_ready1(t, "pick", x) || !has_axis(t, "pick", x, 0))
        return &t->bad.t;
    size_t width = x->shape[x->rank - 1], rows, one;
    around(x, x->rank - 1, &rows, &one);
    if (!indices_fit(t, "pick", index, rows, width))
        return &t->bad.t;
    node *n = accord_nn_node_new(t, x->rank - 1, x->shape, 1, &x, pick_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = rows;
    n->dim[1] = width;
    n->index = index;
    for (size_t i = 0; i < rows; i++)
        n->out[i] = x->data[i * width + (size_t)index[i]];
    return &n->t;
}
