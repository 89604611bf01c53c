/* conv.c - plans of convolutions and the order of their layers. */
#include "nn/conv.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "nn/conv_parts.h"
#include "nn/pages.h"

uint32_t accord_conv_out(uint32_t size, uint32_t kernel, uint32_t stride, uint32_t pad) {
    uint64_t padded = (uint64_t)size + 2 * (uint64_t)pad;

    if (!size || !kernel || !stride || padded < kernel || padded > INT_MAX)
        return 0;
    return (uint32_t)((padded - kernel) / stride + 1);
}

/* False if it is empty, or a product of sizes does not fit the libraries' int. */
static bool set_edge(accord_conv_edge *e, uint32_t batch, uint32_t channels,
                     uint32_t height, uint32_t width) {
    size_t image;

    *e = (accord_conv_edge){.channels = channels, .height = height, .width = width};
    if (__builtin_mul_overflow((size_t)channels * height, width, &image) ||
        image > INT_MAX || __builtin_mul_overflow(image, batch, &e->size) ||
        e->size > SIZE_MAX / 64)
        return false;
    e->floats = e->size;
    e->plain = e->plain_back = true;
    return e->size > 0;
}

/* The sizes of all edges. */
static accord_code measure(accord_conv *c) {
    const accord_conv_shape *s = &c->shape;

    if (s->n_layers < 1 || s->n_layers > ACCORD_CONV_LAYERS ||
        !set_edge(&c->edges[0], s->batch, s->in, s->height, s->width))
        return ACCORD_E_ARG;
    for (uint32_t i = 0; i < s->n_layers; i++) {
        const accord_conv_layer *l = &s->layers[i];
        const accord_conv_edge *e = &c->edges[i];
        uint32_t h = accord_conv_out(e->height, l->kernel, l->stride, l->pad);
        uint32_t w = accord_conv_out(e->width, l->kernel, l->stride, l->pad);
        uint64_t taps = (uint64_t)l->kernel * l->kernel * e->channels;
        if (!set_edge(&c->edges[i + 1], s->batch, l->out, h, w) ||
            taps * h * w > INT_MAX || taps * l->out > INT_MAX)
            return ACCORD_E_ARG;
    }
    return 0;
}

static accord_code choose(accord_conv *c, int backend) {
    accord_code rc = ACCORD_E_UNSUPPORTED;

#ifdef HAVE_DNNL
    if (backend != ACCORD_CONV_IM2COL) {
        c->ops = &accord_conv_onednn;
        rc = c->ops->create(c);
    }
#endif
    if (rc != ACCORD_E_UNSUPPORTED || backend == ACCORD_CONV_ONEDNN)
        return rc;
    measure(c);
    c->ops = &accord_conv_im2col;
    return c->ops->create(c);
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/* `n` floats behind *at, on a cache line of their own. */
static float *carve(char **at, size_t n) {
    float *p = (float *)(void *)*at;
    *at += (n * sizeof(float) + 63) / 64 * 64;
    return p;
}

static accord_code add_scratch(accord_conv *c) {
    uint32_t n = c->shape.n_layers;
    size_t edge = 0, plain = larger(c->edges[0].size, c->edges[n].size), dw = 0, db = 0;

    for (uint32_t i = 0; i <= n; i++)
        edge = larger(edge, c->edges[i].floats);
    for (uint32_t i = 0; i < n; i++) {
        dw = larger(dw, accord_conv_weights(c, i));
        db = larger(db, c->shape.layers[i].out);
    }
    size_t bytes = (2 * edge + plain + dw + db) * sizeof(float) + (size_t)6 * 64;
    c->memory = malloc(bytes);
    if (!c->memory)
        return ACCORD_E_NOMEM;
    accord_pages_huge(c->memory, bytes);
    char *at = (char *)(((uintptr_t)c->memory + 63) / 64 * 64);
    c->turn[0] = carve(&at, edge);
    c->turn[1] = carve(&at, edge);
    c->plain = carve(&at, plain);
    c->dw = carve(&at, dw);
    c->db = carve(&at, db);
    return 0;
}

accord_code accord_conv_create(const accord_conv_shape *shape, int backend,
                               accord_conv **out) {
    accord_conv *c = calloc(1, sizeof(*c));

    *out = NULL;
    if (!c)
        return ACCORD_E_NOMEM;
    c->shape = *shape;
    c->k = accord_kernels_best();
    accord_code rc = measure(c);
    rc = rc ? rc : choose(c, backend);
    rc = rc ? rc : add_scratch(c);
    if (rc) {
        accord_conv_destroy(c);
        return rc;
    }
    *out = c;
    return 0;
}

void accord_conv_destroy(accord_conv *c) {
    if (!c)
        return;
    if (c->state)
        c->ops->destroy(c);
    free(c->memory);
    free(c);
}

const char *accord_conv_backend(const accord_conv *c) {
    return c->ops->name;
}

/* An edge in the kept floats: each begins on a cache line.  The input is kept where it
 * was packed, the output never. */
static size_t kept_offset(const accord_conv *c, uint32_t edge) {
    size_t at = 0;

    for (uint32_t i = 0; i < edge; i++)
        at += i == 0 && c->edges[0].plain ? 0 : (c->edges[i].floats + 15) / 16 * 16;
    return at;
}

size_t accord_conv_kept(const accord_conv *c) {
    return kept_offset(c, c->shape.n_layers);
}

void accord_conv_forward(accord_conv *c, float *y, float *kept, const float *x,
                         const float *const *w, const float *const *b) {
    const uint32_t n = c->shape.n_layers;
    const float *in = x;

    if (!c->edges[0].plain) {
        float *packed = kept ? kept : c->turn[1];
        c->ops->pack(c, 0, packed, x);
        in = packed;
    }
    for (uint32_t i = 0; i < n; i++) {
        bool last = i + 1 == n;
        float *out = last && c->edges[n].plain ? y
                     : last || !kept           ? c->turn[i % 2]
                                               : kept + kept_offset(c, i + 1);
        c->ops->forward(c, i, out, in, w[i], b ? b[i] : NULL);
        if (last && out != y)
            c->ops->unpack(c, n, y, out);
        in = out;
    }
}

/* What a layer read in the forward pass. */
static const float *edge_in(const accord_conv *c, const accord_conv_back *a,
                            uint32_t edge) {
    return edge == 0 && c->edges[0].plain ? a->x : a->kept + kept_offset(c, edge);
}

/* dy without what the last ReLU held back, in the layout of the last edge. */
static const float *enter(accord_conv *c, const accord_conv_back *a) {
    const uint32_t n = c->shape.n_layers;
    const float *dy = a->dy;

    if (c->shape.layers[n - 1].relu) {
        float *to = c->edges[n].plain_back ? c->turn[n % 2] : c->plain;
        c->k->relu_back(to, dy, a->y, c->edges[n].size, false);
        dy = to;
    }
    if (c->edges[n].plain_back)
        return dy;
    c->ops->pack(c, n, c->turn[n % 2], dy);
    return c->turn[n % 2];
}

/* Adds the gradients of a layer's parameters to where they are wanted. */
static void back_weights(accord_conv *c, const accord_conv_back *a, uint32_t layer,
                         const float *dy) {
    float *dw = a->dw[layer], *db = a->db ? a->db[layer] : NULL;

    if (!dw && !db)
        return;
    c->ops->back_weights(c, layer, c->dw, c->db, dy, edge_in(c, a, layer));
    if (dw)
        c->k->add(dw, dw, c->dw, accord_conv_weights(c, layer));
    if (db)
        c->k->add(db, db, c->db, c->shape.layers[layer].out);
}

/* dx of the whole, from what the first layer's back end can write. */
static void leave(accord_conv *c, const accord_conv_back *a, const float *dy) {
    const accord_conv_edge *e = &c->edges[0];
    float *plain = a->add_dx ? c->plain : a->dx;
    float *to = e->plain ? plain : c->turn[0];

    c->ops->back_data(c, 0, to, dy, a->w[0]);
    if (to != plain)
        c->ops->unpack(c, 0, plain, to);
    if (plain != a->dx)
        c->k->add(a->dx, a->dx, plain, e->size);
}

/* The first layer whose gradients are wanted. */
static uint32_t first_wanted(const accord_conv *c, const accord_conv_back *a) {
    uint32_t i = 0;

    if (a->dx)
        return 0;
    while (i < c->shape.n_layers && !a->dw[i] && !(a->db && a->db[i]))
        i++;
    return i;
}

void accord_conv_backward(accord_conv *c, const accord_conv_back *a) {
    const uint32_t n = c->shape.n_layers, first = first_wanted(c, a);

    if (first == n)
        return;
    const float *dy = enter(c, a);
    for (uint32_t i = n - 1; i > first; i--) {
        float *dx = c->turn[i % 2];
        back_weights(c, a, i, dy);
        c->ops->back_data(c, i, dx, dy, a->w[i]);
        if (c->shape.layers[i - 1].relu)
            c->k->relu_back(dx, dx, edge_in(c, a, i), c->edges[i].floats, false);
        dy = dx;
    }
    back_weights(c, a, first, dy);
    if (a->dx)
        leave(c, a, dy);
}
