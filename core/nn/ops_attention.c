/* ops_attention.c - scaled dot-product attention with heads side by side. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

/* Causal attention goes by blocks of queries and leaves out the keys that no query of the
 * block sees. */
enum { BLOCK = 64 };

/* q, k, v of one head of one batch element, rows `ld` apart; d* are their gradients. */
struct head {
    const float *q, *k, *v;
    float *dq, *dk, *dv;
    bool add_q, add_k, add_v;
    size_t ld_q, ld_kv, n_q, n_k, depth, width;
    bool causal;
};

/* The rows r0 .. r0 + m - 1 of a head and the columns that they see. */
struct part {
    size_t r0, m, cols, first, step;
};

static struct part part_of(const struct head *h, size_t r0) {
    size_t m = h->causal && h->n_q - r0 > BLOCK ? BLOCK : h->n_q - r0;

    if (!h->causal)
        return (struct part){r0, m, h->n_k, h->n_k, 0};
    return (struct part){r0, m, r0 + m, r0 + 1, 1};
}

/* Weights of one head into p, part after part, and y = weights v. */
static void forward(const tape *t, const struct head *h, float *p, float *y) {
    float scale = 1.0f / sqrtf((float)h->depth);

    for (size_t r0 = 0; r0 < h->n_q;) {
        struct part c = part_of(h, r0);
        accord_nn_multiply(p, h->q + r0 * h->ld_q, h->k,
                           &(accord_nn_gemm){.m = c.m,
                                             .n = c.cols,
                                             .k = h->depth,
                                             .trans_b = true,
                                             .lda = h->ld_q,
                                             .ldb = h->ld_kv});
        t->k->attend(p, p, scale, c.m, c.cols, c.first, c.step);
        accord_nn_multiply(
            y + r0 * h->width, p, h->v,
            &(accord_nn_gemm){
                .m = c.m, .n = h->depth, .k = c.cols, .ldb = h->ld_kv, .ldc = h->width});
        p += c.m * c.cols;
        r0 += c.m;
    }
}

/* One part of a head from dy; `later` if another part wrote to dk and dv before.  d is
 * scratch for the part's weights. */
static void part_back(const tape *t, const struct head *h, const struct part *c,
                      const float *p, float *d, const float *dy, bool later) {
    const float *q = h->q + c->r0 * h->ld_q;
    accord_nn_gemm to_v = {.m = c->cols, .n = h->depth, .k = c->m, .trans_a = true};
    accord_nn_gemm to_q = {.m = c->m, .n = h->depth, .k = c->cols, .add = h->add_q};
    accord_nn_gemm to_k = to_v, to_p = {.m = c->m, .n = c->cols, .k = h->depth};

    to_v.add = h->add_v || later;
    to_v.ldb = h->width;
    to_k.add = h->add_k || later;
    to_k.ldb = to_q.ldc = h->ld_q;
    to_v.ldc = to_k.ldc = to_q.ldb = to_p.ldb = h->ld_kv;
    to_p.trans_b = true;
    to_p.lda = h->width;
    if (h->dv)
        accord_nn_multiply(h->dv, p, dy, &to_v);
    if (h->dq || h->dk) {
        accord_nn_multiply(d, dy, h->v, &to_p);
        t->k->attend_back(d, d, p, 1.0f / sqrtf((float)h->depth), c->m, c->cols, c->first,
                          c->step);
    }
    if (h->dq)
        accord_nn_multiply(h->dq + c->r0 * h->ld_q, d, h->k, &to_q);
    if (h->dk)
        accord_nn_multiply(h->dk, d, q, &to_k);
}

/* From dy to dq, dk and dv.  The last part sees all keys, so it goes first and may
 * assign. */
static void backward(const tape *t, const struct head *h, const float *p, float *d,
                     const float *dy) {
    size_t last = h->causal && h->n_q ? (h->n_q - 1) / BLOCK * BLOCK : 0;

    for (size_t r0 = last;; r0 -= BLOCK) {
        struct part c = part_of(h, r0);
        /* Behind r0 / BLOCK whole parts of BLOCK, 2 BLOCK, ... columns. */
        part_back(t, h, &c, p + r0 * (r0 + BLOCK) / 2, d, dy + r0 * h->width, r0 < last);
        if (r0 == 0)
            break;
    }
}

/* dim: batch, n_q, n_k, heads; arg[0]: causal; in: q, k, v, or qkv packed; saved: the
 * weights [batch][heads][...]. */
static struct head head_of(const node *n, size_t b, size_t i) {
    size_t width = n->t.shape[2], depth = width / n->dim[3];
    bool packed = n->n_in == 1;
    const float *q = n->in[0]->t.data;
    struct head h = {.n_q = n->dim[1],
                     .n_k = n->dim[2],
                     .depth = depth,
                     .width = width,
                     .ld_q = packed ? 3 * width : width,
                     .ld_kv = packed ? 3 * width : width,
                     .causal = n->arg[0] > 0.0f};
    size_t at = i * depth;
    h.q = q + b * h.n_q * h.ld_q + at;
    h.k = (packed ? q + width : n->in[1]->t.data) + b * h.n_k * h.ld_kv + at;
    h.v = (packed ? q + 2 * width : n->in[2]->t.data) + b * h.n_k * h.ld_kv + at;
    return h;
}

static size_t weights_per_head(const node *n) {
    return n->dim[1] * n->dim[2];
}

/* Where the gradients of q, k and v begin; all in one array when packed. */
struct slots {
    float *d[3];
    bool add[3];
};

static struct slots slots_of(tape *t, node *n) {
    struct slots s = {0};
    size_t width = n->t.shape[2];
    bool shared = n->n_in == 3 &&
                  (n->in[0] == n->in[1] || n->in[0] == n->in[2] || n->in[1] == n->in[2]);

    for (uint32_t i = 0; i < 3; i++) {
        if (shared) { /* they are not written one after the other */
            s.d[i] = accord_nn_slot_add(t, n->in[i]);
            s.add[i] = true;
        } else if (n->n_in == 3)
            s.d[i] = accord_nn_slot(t, n->in[i], &s.add[i]);
        else if (i == 0)
            s.d[0] = accord_nn_slot(t, n->in[0], &s.add[0]);
        else if (s.d[0]) {
            s.d[i] = s.d[0] + i * width;
            s.add[i] = s.add[0];
        }
    }
    return s;
}

static void attention_back(tape *t, node *n) {
    if (!n->t.size) { /* no query: nothing came from the keys and values */
        for (uint32_t i = 0; i < n->n_in; i++)
            accord_nn_slot_add(t, n->in[i]);
        return;
    }
    struct slots s = slots_of(t, n);
    float *d = accord_nn_scratch(t, weights_per_head(n));
    size_t width = n->t.shape[2];
    for (size_t b = 0; d && b < n->dim[0]; b++)
        for (size_t i = 0; i < n->dim[3]; i++) {
            struct head h = head_of(n, b, i);
            size_t at_q = b * h.n_q * h.ld_q + i * h.depth;
            size_t at_kv = b * h.n_k * h.ld_kv + i * h.depth;
            h.dq = s.d[0] ? s.d[0] + at_q : NULL;
            h.dk = s.d[1] ? s.d[1] + at_kv : NULL;
            h.dv = s.d[2] ? s.d[2] + at_kv : NULL;
            h.add_q = s.add[0], h.add_k = s.add[1], h.add_v = s.add[2];
            backward(t, &h, n->saved + (b * n->dim[3] + i) * weights_per_head(n), d,
                     n->grad + b * h.n_q * width + i * h.depth);
        }
    accord_nn_release(t, d);
}

static const tensor *attention(tape *t, node *n, const size_t dim[4], bool causal) {
    if (!n)
        return &t->bad.t;
    memcpy(n->dim, dim, sizeof(n->dim));
    n->arg[0] = causal;
    n->saved = accord_nn_floats(t, dim[0] * dim[3] * weights_per_head(n));
    if (!n->saved)
        return &t->bad.t;
    for (size_t b = 0; n->t.size && b < dim[0]; b++)
        for (size_t i = 0; i < dim[3]; i++) {
            struct head h = head_of(n, b, i);
            forward(t, &h, n->saved + (b * dim[3] + i) * weights_per_head(n),
                    n->out + b * h.n_q * h.width + i * h.depth);
        }
    return &n->t;
}

static bool heads_fit(tape *t, const char *op, const tensor *x, size_t width,
                      size_t heads) {
    char text[100];

    if (heads && width % heads == 0)
        return true;
    accord_nn_refuse(t, ACCORD_E_ARG, "%s: %s has no %zu heads of equal width", op,
                     accord_nn_shape_text(text, x->rank, x->shape), heads);
    return false;
}

static const tensor *apart(tape *t, const char *op, const tensor *q, const tensor *k,
                           const tensor *v, size_t heads, bool causal) {
    const tensor *in[] = {q, k, v};

    if (!accord_nn_ready(t, op, 3, in))
        return &t->bad.t;
    if (q->rank != 3 || k->rank != 3 || k->shape[0] != q->shape[0] ||
        k->shape[2] != q->shape[2] || (causal && k->shape[1] != q->shape[1]))
        return accord_nn_misfit(t, op, q, k);
    if (v->rank != 3 || memcmp(k->shape, v->shape, sizeof(k->shape)))
        return accord_nn_misfit(t, op, k, v);
    if (!heads_fit(t, op, q, q->shape[2], heads))
        return &t->bad.t;
    size_t dim[] = {q->shape[0], q->shape[1], k->shape[1], heads};
    return attention(t, accord_nn_node_new(t, 3, q->shape, 3, in, attention_back), dim,
                     causal);
}

const tensor *accord_nn_attention(accord_nn_tape *t, const tensor *q, const tensor *k,
                                  const tensor *v, size_t heads) {
    return apart(t, "attention", q, k, v, heads, false);
}

const tensor *accord_nn_causal_attention(accord_nn_tape *t, const tensor *q,
                                         const tensor *k, const tensor *v, size_t heads) {
    return apart(t, "causal_attention", q, k, v, heads, true);
}

const tensor *accord_nn_self_attention(accord_nn_tape *t, const tensor *qkv, size_t heads,
                                       bool causal) {
    if (!accord_nn_ready1(t, "self_attention", qkv))
        return &t->bad.t;
    size_t width = qkv->rank == 3 ? qkv->shape[2] / 3 : 0;
    if (qkv->rank != 3 || width * 3 != qkv->shape[2])
        return accord_nn_refuse(
            t, ACCORD_E_ARG, "self_attention: %s is not [batch][n][3 width]",
            accord_nn_shape_text((char[100]){0}, qkv->rank, qkv->shape));
    if (!heads_fit(t, "self_attention", qkv, width, heads))
        return &t->bad.t;
    size_t shape[] = {qkv->shape[0], qkv->shape[1], width};
    size_t dim[] = {shape[0], shape[1], shape[1], heads};
    return attention(t, accord_nn_node_new(t, 3, shape, 1, &qkv, attention_back), dim,
                     causal);
}
