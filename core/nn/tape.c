/* tape.c - nodes and their arena; see tape.h. */
#include "nn/tape.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

enum { KEPT_PLANS = 16 };

struct plan {
    struct plan *next;
    bool used; /* in this step */
    accord_conv_shape shape;
    accord_conv *conv;
};

static const float not_a_number = NAN;

accord_nn_tape *accord_nn_tape_create(size_t max_bytes) {
    tape *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    /* The sums of more threads have another order, and cells are the parallelism. */
    openblas_set_num_threads(1);
    t->k = accord_kernels_best();
    t->max_bytes = max_bytes;
    t->record = true;
    t->bad.t.data = &not_a_number;
    t->bad.t.size = 1;
    return t;
}

void accord_nn_tape_destroy(accord_nn_tape *t) {
    if (!t)
        return;
    while (t->plans) {
        struct plan *p = t->plans;
        t->plans = p->next;
        accord_conv_destroy(p->conv);
        free(p);
    }
    accord_nn_arena_destroy(t);
    free(t);
}

/* Batches of many sizes leave many plans: beyond some, those that the last step did not
 * use go. */
static void forget_plans(tape *t) {
    size_t n = 0;

    for (struct plan **at = &t->plans; *at;) {
        struct plan *p = *at;
        if (++n > KEPT_PLANS && !p->used) {
            *at = p->next;
            accord_conv_destroy(p->conv);
            free(p);
            continue;
        }
        p->used = false;
        at = &p->next;
    }
}

void accord_nn_tape_reset(accord_nn_tape *t) {
    forget_plans(t);
    accord_nn_arena_reset(t);
    t->first = t->last = NULL;
    memset(t->leaves, 0, sizeof(t->leaves));
    memset(&t->err, 0, sizeof(t->err));
}

bool accord_nn_tape_record(accord_nn_tape *t, bool on) {
    bool before = t->record;

    t->record = on;
    return before;
}

/* ---- errors ---- */

accord_code accord_nn_tape_check(const accord_nn_tape *t, accord_nn_err *err) {
    if (t->err.code && err && !err->code)
        *err = t->err;
    return t->err.code;
}

const tensor *accord_nn_refuse(tape *t, accord_code code, const char *fmt, ...) {
    if (!t->err.code) {
        va_list ap;
        t->err.code = code;
        va_start(ap, fmt);
        vsnprintf(t->err.text, sizeof(t->err.text), fmt, ap);
        va_end(ap);
    }
    return &t->bad.t;
}

const char *accord_nn_shape_text(char *text, uint32_t rank, const size_t *shape) {
    size_t n = 0;

    memcpy(text, "[]", 3);
    for (uint32_t i = 0; i < rank && i < MAX_RANK; i++)
        n += (size_t)snprintf(text + n, 100 - n, "[%zu]", shape[i]);
    return text;
}

const tensor *accord_nn_misfit(tape *t, const char *op, const tensor *a,
                               const tensor *b) {
    char ta[100], tb[100];

    return accord_nn_refuse(t, ACCORD_E_ARG, "%s: %s does not fit %s", op,
                            accord_nn_shape_text(ta, a->rank, a->shape),
                            accord_nn_shape_text(tb, b->rank, b->shape));
}

const tensor *accord_nn_misfit_param(tape *t, const char *op, const tensor *a,
                                     const accord_nn_param *p) {
    char ta[100], tp[100];

    return accord_nn_refuse(t, ACCORD_E_ARG, "%s: input %s does not fit %s %s", op,
                            accord_nn_shape_text(ta, a->rank, a->shape), p->name,
                            accord_nn_shape_text(tp, p->rank, p->shape));
}

bool accord_nn_ready(tape *t, const char *op, size_t n, const tensor *const *x) {
    for (size_t i = 0; i < n; i++)
        if (!x[i])
            accord_nn_refuse(t, ACCORD_E_ARG, "%s: a tensor is missing", op);
    return t->err.code == ACCORD_OK;
}

bool accord_nn_ready_param(tape *t, const char *op, const accord_nn_param *p) {
    if (!p || !p->value)
        accord_nn_refuse(t, ACCORD_E_ARG, "%s: the parameter %s is not sealed", op,
                         p ? p->name : "that was refused");
    return t->err.code == ACCORD_OK;
}

/* ---- nodes ---- */

/* The product of a shape; false with an error if it overflows or has too many axes. */
static bool product(tape *t, uint32_t rank, const size_t *shape, size_t *size) {
    *size = 1;
    if (rank > MAX_RANK)
        return accord_nn_refuse(t, ACCORD_E_ARG, "a tensor of %u axes, at most %d", rank,
                                MAX_RANK),
               false;
    for (uint32_t i = 0; i < rank; i++)
        if (__builtin_mul_overflow(*size, shape[i], size) ||
            *size > SIZE_MAX / 4 / sizeof(float))
            return accord_nn_refuse(t, ACCORD_E_LIMIT, "a tensor is too large"), false;
    return true;
}

/* At the end of the list of what a pass visits. */
static void note(tape *t, node *n) {
    n->recorded = true;
    n->previous = t->last;
    if (t->last)
        t->last->next = n;
    else
        t->first = n;
    t->last = n;
}

node *accord_nn_node_view(tape *t, const float *data, uint32_t rank, const size_t *shape,
                          size_t n_in, const tensor *const *in,
                          void (*back)(tape *, node *)) {
    size_t size;

    if (t->err.code || !product(t, rank, shape, &size))
        return NULL;
    node *n = accord_nn_alloc(t, sizeof(*n) + n_in * sizeof(node *));
    if (!n)
        return NULL;
    memset(n, 0, sizeof(*n));
    n->t = (tensor){.data = data, .size = size, .rank = rank};
    if (rank)
        memcpy(n->t.shape, shape, rank * sizeof(*shape));
    n->in = (node **)(n + 1);
    n->n_in = (uint32_t)n_in;
    n->back = back;
    bool above = false;
    for (size_t i = 0; i < n_in; i++) {
        n->in[i] = accord_nn_node_of(in[i]);
        above |= n->in[i] && n->in[i]->recorded;
    }
    if (t->record && above)
        note(t, n);
    return n;
}

node *accord_nn_node_new(tape *t, uint32_t rank, const size_t *shape, size_t n_in,
                         const tensor *const *in, void (*back)(tape *, node *)) {
    node *n = accord_nn_node_view(t, NULL, rank, shape, n_in, in, back);

    if (!n)
        return NULL;
    n->out = accord_nn_floats(t, n->t.size);
    n->t.data = n->out;
    return n->out ? n : NULL;
}

/* ---- leaves ---- */

const tensor *accord_nn_input(accord_nn_tape *t, const float *data, uint32_t rank,
                              const size_t *shape) {
    return accord_nn_out(t, accord_nn_node_view(t, data, rank, shape, 0, NULL, NULL));
}

const tensor *accord_nn_input_u8(accord_nn_tape *t, const uint8_t *data, float scale,
                                 uint32_t rank, const size_t *shape) {
    node *n = accord_nn_node_new(t, rank, shape, 0, NULL, NULL);

    if (n)
        t->k->bytes(n->out, scale, data, n->t.size);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_constant(accord_nn_tape *t, float value, uint32_t rank,
                                 const size_t *shape) {
    node *n = accord_nn_node_new(t, rank, shape, 0, NULL, NULL);

    for (size_t i = 0; n && i < n->t.size; i++)
        n->out[i] = value;
    return accord_nn_out(t, n);
}

static node **leaf_head(tape *t, const accord_nn_param *p) {
    return &t->leaves[(uintptr_t)p / sizeof(*p) % LEAF_HEADS];
}

node *accord_nn_leaf(tape *t, const accord_nn_param *p) {
    node *n = *leaf_head(t, p);

    while (n && n->param != p)
        n = n->chain;
    return n;
}

/* One leaf per parameter and step, so that a pass knows who writes its gradient first. */
const tensor *accord_nn_use(accord_nn_tape *t, const accord_nn_param *p) {
    if (!accord_nn_ready_param(t, "use", p))
        return &t->bad.t;
    node *n = accord_nn_leaf(t, p);
    if (n)
        return &n->t;
    n = accord_nn_node_view(t, p->value, p->rank, p->shape, 0, NULL, NULL);
    if (!n)
        return &t->bad.t;
    node **head = leaf_head(t, p);
    n->param = p;
    n->chain = *head;
    *head = n;
    note(t, n);
    return &n->t;
}

const tensor *accord_nn_detach(accord_nn_tape *t, const tensor *x) {
    if (!accord_nn_ready1(t, "detach", x))
        return &t->bad.t;
    return accord_nn_input(t, x->data, x->rank, x->shape);
}

/* ---- plans of convolutions ---- */

static bool same_shape(const accord_conv_shape *a, const accord_conv_shape *b) {
    bool same = a->batch == b->batch && a->in == b->in && a->height == b->height &&
                a->width == b->width && a->n_layers == b->n_layers;

    for (uint32_t i = 0; same && i < a->n_layers; i++) {
        const accord_conv_layer *l = &a->layers[i], *m = &b->layers[i];
        same = l->out == m->out && l->kernel == m->kernel && l->stride == m->stride &&
               l->pad == m->pad && l->relu == m->relu;
    }
    return same;
}

accord_conv *accord_nn_plan(tape *t, const accord_conv_shape *shape) {
    for (struct plan *p = t->plans; p; p = p->next)
        if (same_shape(&p->shape, shape)) {
            p->used = true;
            return p->conv;
        }
    struct plan *p = malloc(sizeof(*p));
    accord_code rc = ACCORD_E_NOMEM;
    if (p)
        rc = accord_conv_create(shape, ACCORD_CONV_BEST, &p->conv);
    if (rc) {
        free(p);
        accord_nn_refuse(t, rc, "conv2d: %s",
                         rc == ACCORD_E_NOMEM ? "out of memory" : "no such convolution");
        return NULL;
    }
    p->shape = *shape;
    p->used = true;
    p->next = t->plans;
    t->plans = p;
    return p->conv;
}
