/* conv_onednn.c - convolutions by oneDNN 2, in the memory layouts that it chooses.
 *
 * An edge has the layout in which the layer before it likes to write; the input that in
 * which the first likes to read, and the gradient of the output that in which the last
 * layer's weights like it.  Where a primitive asks for another, a reorder stands between.
 */
#ifdef HAVE_DNNL

#include "nn/conv_parts.h"
#include "nn/onednn.h"
#include "nn/pages.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ARGS = 5 };

/* A primitive with its memory objects; their data are set before each run. */
typedef struct call {
    dnnl_primitive_t primitive;
    accord_conv_groups own; /* group not 0: in place of a primitive, our own copy */
    int n_args;
    dnnl_exec_arg_t args[MOST_ARGS];
} call;

/* One pass of one layer: a primitive and the layouts that it wants. */
typedef struct step {
    call run;
    call in;      /* the edge that it reads: x, or dy */
    call in2;     /* the other one of back_weights: x */
    call weights; /* from or to the usual order */
    call out;     /* the edge that it writes */
} step;

typedef struct layer {
    step forward, back_data, back_weights;
} layer;

typedef struct room {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_memory_desc_t plain[ACCORD_CONV_LAYERS + 1], edges[ACCORD_CONV_LAYERS + 1];
    dnnl_memory_desc_t grads[ACCORD_CONV_LAYERS + 1]; /* of edges, on the way back */
    call pack[ACCORD_CONV_LAYERS + 1], unpack[ACCORD_CONV_LAYERS + 1];
    layer layers[ACCORD_CONV_LAYERS];
    size_t scratch_bytes, weight_bytes, moved_bytes;
    float *scratch, *weights, *moved[2], *zeros;
} room;

/* A primitive's descriptions, and the first failure of making them. */
typedef struct maker {
    room *r;
    dnnl_status_t status;
    const accord_conv_layer *l;
    const dnnl_memory_desc_t *x, *y; /* the edges around it, in their layout or in any */
    dnnl_memory_desc_t w, b;
    dnnl_primitive_desc_t hint; /* of the forward pass */
} maker;

static void note(maker *m, dnnl_status_t status) {
    if (!m->status)
        m->status = status;
}

static void add_arg(maker *m, call *c, int arg, const dnnl_memory_desc_t *md) {
    dnnl_memory_t memory = NULL;

    if (m->status)
        return;
    note(m, dnnl_memory_create(&memory, md, m->r->engine, DNNL_MEMORY_NONE));
    if (memory)
        c->args[c->n_args++] = (dnnl_exec_arg_t){arg, memory};
}

static void make_call(maker *m, call *c, dnnl_primitive_desc_t pd) {
    if (m->status)
        return;
    note(m, dnnl_primitive_create(&c->primitive, pd));
    const dnnl_memory_desc_t *md =
        dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    size_t bytes = md ? dnnl_memory_desc_get_size(md) : 0;
    m->r->scratch_bytes = bytes > m->r->scratch_bytes ? bytes : m->r->scratch_bytes;
    if (bytes)
        add_arg(m, c, DNNL_ARG_SCRATCHPAD, md);
}

static dnnl_primitive_attr_t make_attr(maker *m, bool relu) {
    dnnl_primitive_attr_t attr = NULL;
    dnnl_post_ops_t after = NULL;

    note(m, dnnl_primitive_attr_create(&attr));
    if (attr)
        note(m, dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user));
    if (!attr || !relu)
        return attr;
    note(m, dnnl_post_ops_create(&after));
    if (after)
        note(m, dnnl_post_ops_append_eltwise(after, 1.0f, dnnl_eltwise_relu, 0, 0));
    if (after)
        note(m, dnnl_primitive_attr_set_post_ops(attr, after));
    dnnl_post_ops_destroy(after);
    return attr;
}

/* A reorder, or nothing where both layouts are the same. */
static void make_move(maker *m, call *c, const dnnl_memory_desc_t *to,
                      const dnnl_memory_desc_t *from) {
    dnnl_primitive_desc_t pd = NULL;

    if (m->status || dnnl_memory_desc_equal(to, from))
        return;
    dnnl_primitive_attr_t attr = make_attr(m, false);
    add_arg(m, c, DNNL_ARG_FROM, from);
    add_arg(m, c, DNNL_ARG_TO, to);
    if (!m->status)
        note(m, dnnl_reorder_primitive_desc_create(&pd, from, m->r->engine, to,
                                                   m->r->engine, attr));
    make_call(m, c, pd);
    dnnl_primitive_desc_destroy(pd);
    dnnl_primitive_attr_destroy(attr);
}

/* The copy of an edge to channels last, where it comes from the usual order or in groups
 * of 16; any other as above.  With one group both layouts are the same. */
static void move_last(maker *m, call *c, const dnnl_memory_desc_t *to,
                      const dnnl_memory_desc_t *from) {
    const accord_conv_groups g = {(size_t)to->dims[0], (size_t)to->dims[1],
                                  (size_t)(to->dims[2] * to->dims[3]), 0};
    dnnl_memory_desc_t last, plain, groups;

    dnnl_memory_desc_init_by_tag(&last, 4, to->dims, dnnl_f32, dnnl_nhwc);
    dnnl_memory_desc_init_by_tag(&plain, 4, to->dims, dnnl_f32, dnnl_nchw);
    dnnl_memory_desc_init_by_tag(&groups, 4, to->dims, dnnl_f32, dnnl_nChw16c);
    c->own = g;
    if (dnnl_memory_desc_equal(to, &last) && dnnl_memory_desc_equal(from, &plain))
        c->own.group = 1;
    else if (dnnl_memory_desc_equal(to, &last) && dnnl_memory_desc_equal(from, &groups) &&
             g.channels % 16 == 0)
        c->own.group = g.channels == 16 ? 0 : 16;
    else
        make_move(m, c, to, from);
}

static const dnnl_memory_desc_t *wants(dnnl_primitive_desc_t pd, dnnl_query_t what) {
    return dnnl_primitive_desc_query_md(pd, what, 0);
}

/* Room for an edge or for weights in a primitive's own layout. */
static void measure(size_t *most, const dnnl_memory_desc_t *md) {
    size_t bytes = dnnl_memory_desc_get_size(md);
    *most = bytes > *most ? bytes : *most;
}

static void describe(dnnl_memory_desc_t *md, const accord_conv *c, uint32_t edge,
                     dnnl_format_tag_t tag) {
    const accord_conv_edge *e = &c->edges[edge];
    const dnnl_dims_t dims = {c->shape.batch, e->channels, e->height, e->width};

    dnnl_memory_desc_init_by_tag(md, 4, dims, dnnl_f32, tag);
}

/* What the library would do for one pass, edges and weights in layouts of its choice or,
 * with nhwc, the channels last. */
static dnnl_primitive_desc_t plan_pass(maker *m, const accord_conv *c, uint32_t i,
                                       dnnl_prop_kind_t pass, dnnl_format_tag_t tag) {
    const accord_conv_layer *l = m->l;
    const dnnl_dims_t w = {l->out, c->edges[i].channels, l->kernel, l->kernel};
    const dnnl_dims_t b = {l->out}, strides = {l->stride, l->stride};
    const dnnl_dims_t pad = {l->pad, l->pad};
    /* What the stride leaves over at the end is not read. */
    const accord_conv_edge *in = &c->edges[i], *out = &c->edges[i + 1];
    const dnnl_dims_t rest = {
        (int64_t)(out->height - 1) * l->stride + l->kernel - in->height - l->pad,
        (int64_t)(out->width - 1) * l->stride + l->kernel - in->width - l->pad};
    dnnl_memory_desc_t x, y, any;
    dnnl_convolution_desc_t desc;
    dnnl_primitive_desc_t pd = NULL;

    describe(&x, c, i, tag);
    describe(&y, c, i + 1, tag);
    dnnl_memory_desc_init_by_tag(&any, 4, w, dnnl_f32, dnnl_format_tag_any);
    dnnl_memory_desc_init_by_tag(&m->w, 4, w, dnnl_f32, dnnl_oihw);
    dnnl_memory_desc_init_by_tag(&m->b, 1, b, dnnl_f32, dnnl_x);
    dnnl_status_t status;
    if (pass == dnnl_backward_data)
        status = dnnl_convolution_backward_data_desc_init(
            &desc, dnnl_convolution_direct, &x, &any, &y, strides, pad, rest);
    else if (pass == dnnl_backward_weights)
        status = dnnl_convolution_backward_weights_desc_init(
            &desc, dnnl_convolution_direct, &x, &any, &m->b, &y, strides, pad, rest);
    else
        status =
            dnnl_convolution_forward_desc_init(&desc, pass, dnnl_convolution_direct, &x,
                                               &any, &m->b, &y, strides, pad, rest);
    dnnl_primitive_attr_t attr = make_attr(m, pass == dnnl_forward_training && l->relu);
    if (!status)
        status = dnnl_primitive_desc_create(&pd, &desc, attr, m->r->engine, m->hint);
    dnnl_primitive_attr_destroy(attr);
    return status ? NULL : pd;
}

/* The way back of a layer.  Channels that fill no vector send the library's own choice of
 * layouts to slow code; with the channels last it has better on AVX-512. */
static dnnl_primitive_desc_t plan_back(maker *m, const accord_conv *c, uint32_t i,
                                       dnnl_prop_kind_t pass) {
    const char *how = "ref";
    dnnl_primitive_desc_t pd = NULL;

    if (c->edges[i].channels % 8 && accord_kernels_at(ACCORD_KERNELS_AVX512))
        pd = plan_pass(m, c, i, pass, dnnl_nhwc);
    if (pd)
        dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &how);
    if (strncmp(how, "ref", 3) != 0)
        return pd;
    dnnl_primitive_desc_destroy(pd);
    return plan_pass(m, c, i, pass, dnnl_format_tag_any);
}

static void make_forward(maker *m, accord_conv *c, uint32_t i) {
    room *r = m->r;
    step *s = &r->layers[i].forward;
    dnnl_primitive_desc_t pd = m->hint;
    const dnnl_memory_desc_t *x = wants(pd, dnnl_query_src_md);
    const dnnl_memory_desc_t *w = wants(pd, dnnl_query_weights_md);
    const dnnl_memory_desc_t *y = wants(pd, dnnl_query_dst_md);

    if (i == 0)
        r->edges[0] = *x;
    r->edges[i + 1] = *y;
    add_arg(m, &s->run, DNNL_ARG_DST, y);
    add_arg(m, &s->run, DNNL_ARG_SRC, x);
    add_arg(m, &s->run, DNNL_ARG_WEIGHTS, w);
    add_arg(m, &s->run, DNNL_ARG_BIAS, &m->b);
    make_call(m, &s->run, pd);
    make_move(m, &s->in, x, &r->edges[i]);
    make_move(m, &s->weights, w, &m->w);
    measure(&r->moved_bytes, x);
    measure(&r->weight_bytes, w);
}

static void make_back_data(maker *m, accord_conv *c, uint32_t i) {
    room *r = m->r;
    step *s = &r->layers[i].back_data;
    dnnl_primitive_desc_t pd = plan_back(m, c, i, dnnl_backward_data);

    if (!pd)
        note(m, dnnl_unimplemented);
    if (m->status)
        return;
    const dnnl_memory_desc_t *dx = wants(pd, dnnl_query_diff_src_md);
    const dnnl_memory_desc_t *w = wants(pd, dnnl_query_weights_md);
    const dnnl_memory_desc_t *dy = wants(pd, dnnl_query_diff_dst_md);
    add_arg(m, &s->run, DNNL_ARG_DIFF_SRC, dx);
    add_arg(m, &s->run, DNNL_ARG_DIFF_DST, dy);
    add_arg(m, &s->run, DNNL_ARG_WEIGHTS, w);
    make_call(m, &s->run, pd);
    make_move(m, &s->in, dy, &r->grads[i + 1]);
    make_move(m, &s->weights, w, &m->w);
    make_move(m, &s->out, &r->edges[i], dx);
    measure(&r->moved_bytes, dx);
    measure(&r->moved_bytes, dy);
    measure(&r->weight_bytes, w);
    dnnl_primitive_desc_destroy(pd);
}

static void make_back_weights(maker *m, accord_conv *c, uint32_t i) {
    room *r = m->r;
    step *s = &r->layers[i].back_weights;
    dnnl_primitive_desc_t pd = plan_back(m, c, i, dnnl_backward_weights);

    if (!pd)
        note(m, dnnl_unimplemented);
    if (m->status)
        return;
    const dnnl_memory_desc_t *x = wants(pd, dnnl_query_src_md);
    const dnnl_memory_desc_t *dw = wants(pd, dnnl_query_diff_weights_md);
    const dnnl_memory_desc_t *dy = wants(pd, dnnl_query_diff_dst_md);
    add_arg(m, &s->run, DNNL_ARG_DIFF_WEIGHTS, dw);
    add_arg(m, &s->run, DNNL_ARG_DIFF_BIAS, &m->b);
    add_arg(m, &s->run, DNNL_ARG_DIFF_DST, dy);
    add_arg(m, &s->run, DNNL_ARG_SRC, x);
    make_call(m, &s->run, pd);
    r->grads[i + 1] = i + 1 == c->shape.n_layers ? *dy : r->edges[i + 1];
    move_last(m, &s->in, dy, &r->grads[i + 1]);
    move_last(m, &s->in2, x, &r->edges[i]);
    make_move(m, &s->weights, &m->w, dw);
    measure(&r->moved_bytes, x);
    measure(&r->moved_bytes, dy);
    measure(&r->weight_bytes, dw);
    dnnl_primitive_desc_destroy(pd);
}

static void make_layer(maker *m, accord_conv *c, uint32_t i) {
    m->l = &c->shape.layers[i];
    m->hint = NULL;
    m->hint = plan_pass(m, c, i, dnnl_forward_training, dnnl_format_tag_any);
    if (!m->hint)
        note(m, dnnl_unimplemented);
    if (m->status)
        return;
    make_forward(m, c, i);
    make_back_weights(m, c, i);
    make_back_data(m, c, i);
    dnnl_primitive_desc_destroy(m->hint);
}

/* How edges are packed and unpacked: the input before the forward pass, the output after
 * it and, its gradient, before the way back. */
static void make_edges(maker *m, accord_conv *c) {
    room *r = m->r;
    const uint32_t n = c->shape.n_layers;

    for (uint32_t i = 0; i <= n && !m->status; i++) {
        accord_conv_edge *e = &c->edges[i];
        const dnnl_memory_desc_t *back = i == n ? &r->grads[n] : &r->edges[i];
        size_t bytes = dnnl_memory_desc_get_size(&r->edges[i]);
        describe(&r->plain[i], c, i, dnnl_nchw);
        make_move(m, &r->pack[i], back, &r->plain[i]);
        make_move(m, &r->unpack[i], &r->plain[i], &r->edges[i]);
        e->plain = !r->unpack[i].primitive;
        e->plain_back = !r->pack[i].primitive;
        measure(&bytes, back);
        e->floats = bytes / sizeof(float);
    }
}

static accord_code make_scratch(room *r, const accord_conv *c) {
    size_t most = 1;

    for (uint32_t i = 0; i < c->shape.n_layers; i++)
        most = c->shape.layers[i].out > most ? c->shape.layers[i].out : most;
    r->scratch = malloc(r->scratch_bytes + 1);
    r->weights = malloc(r->weight_bytes);
    r->moved[0] = malloc(r->moved_bytes);
    r->moved[1] = malloc(r->moved_bytes);
    accord_pages_huge(r->moved[0], r->moved_bytes);
    accord_pages_huge(r->moved[1], r->moved_bytes);
    r->zeros = calloc(most, sizeof(float));
    return r->scratch && r->weights && r->moved[0] && r->moved[1] && r->zeros
               ? 0
               : ACCORD_E_NOMEM;
}

static void drop_call(call *c) {
    dnnl_primitive_destroy(c->primitive);
    for (int i = 0; i < c->n_args; i++)
        dnnl_memory_destroy(c->args[i].memory);
}
static void drop_step(step *s) {
    drop_call(&s->run);
    drop_call(&s->in);
    drop_call(&s->in2);
    drop_call(&s->weights);
    drop_call(&s->out);
}

static void destroy(accord_conv *c) {
    room *r = c->state;

    for (uint32_t i = 0; i <= ACCORD_CONV_LAYERS; i++) {
        drop_call(&r->pack[i]);
        drop_call(&r->unpack[i]);
    }
    for (uint32_t i = 0; i < ACCORD_CONV_LAYERS; i++) {
        drop_step(&r->layers[i].forward);
        drop_step(&r->layers[i].back_data);
        drop_step(&r->layers[i].back_weights);
    }
    dnnl_stream_destroy(r->stream);
    dnnl_engine_destroy(r->engine);
    free(r->scratch);
    free(r->weights);
    free(r->moved[0]);
    free(r->moved[1]);
    free(r->zeros);
    free(r);
    c->state = NULL;
}

static accord_code create(accord_conv *c) {
    room *r = c->state = calloc(1, sizeof(*r));
    maker m = {.r = r};

    if (!r)
        return ACCORD_E_NOMEM;
    int threads = accord_onednn_enter();
    note(&m, dnnl_engine_create(&r->engine, dnnl_cpu, 0));
    if (!m.status)
        note(&m, dnnl_stream_create(&r->stream, r->engine, dnnl_stream_default_flags));
    for (uint32_t i = 0; i < c->shape.n_layers && !m.status; i++)
        make_layer(&m, c, i);
    make_edges(&m, c);
    accord_onednn_leave(threads);
    accord_code rc = m.status == dnnl_out_of_memory ? ACCORD_E_NOMEM
                     : m.status                     ? ACCORD_E_UNSUPPORTED
                                                    : make_scratch(r, c);
    if (rc)
        destroy(c);
    return rc;
}

/* Runs a call on the arrays of its arguments, in their order. */
static void run(room *r, call *c, const float *const *data) {
    for (int i = 0; i < c->n_args; i++) {
        bool scratch = c->args[i].arg == DNNL_ARG_SCRATCHPAD;
        const float *p = scratch ? r->scratch : data[i];
        dnnl_memory_set_data_handle(c->args[i].memory, (void *)(uintptr_t)p);
    }
    int threads = accord_onednn_enter();
    dnnl_primitive_execute(c->primitive, r->stream, c->n_args, c->args);
    dnnl_stream_wait(r->stream);
    accord_onednn_leave(threads);
}

/* `from` itself, or in `to` in the layout that was asked for. */
static const float *moved(room *r, call *move, float *to, const float *from) {
    if (move->own.group)
        accord_conv_channels_last(to, from, &move->own);
    else if (!move->primitive)
        return from;
    else
        run(r, move, (const float *const[]){from, to});
    return to;
}

static void pack(accord_conv *c, uint32_t edge, float *packed, const float *plain) {
    room *r = c->state;
    run(r, &r->pack[edge], (const float *const[]){plain, packed});
}
static void unpack(accord_conv *c, uint32_t edge, float *plain, const float *packed) {
    room *r = c->state;
    run(r, &r->unpack[edge], (const float *const[]){packed, plain});
}

static void forward(accord_conv *c, uint32_t i, float *y, const float *x, const float *w,
                    const float *b) {
    room *r = c->state;
    step *s = &r->layers[i].forward;

    x = moved(r, &s->in, r->moved[0], x);
    w = moved(r, &s->weights, r->weights, w);
    run(r, &s->run, (const float *const[]){y, x, w, b ? b : r->zeros});
}

static void back_data(accord_conv *c, uint32_t i, float *dx, const float *dy,
                      const float *w) {
    room *r = c->state;
    step *s = &r->layers[i].back_data;
    float *out = s->out.primitive ? r->moved[1] : dx;

    dy = moved(r, &s->in, r->moved[0], dy);
    w = moved(r, &s->weights, r->weights, w);
    run(r, &s->run, (const float *const[]){out, dy, w});
    if (out != dx)
        run(r, &s->out, (const float *const[]){out, dx});
}

static void back_weights(accord_conv *c, uint32_t i, float *dw, float *db,
                         const float *dy, const float *x) {
    room *r = c->state;
    step *s = &r->layers[i].back_weights;
    float *out = s->weights.primitive ? r->weights : dw;

    dy = moved(r, &s->in, r->moved[0], dy);
    x = moved(r, &s->in2, r->moved[1], x);
    run(r, &s->run, (const float *const[]){out, db, dy, x});
    if (out != dw)
        run(r, &s->weights, (const float *const[]){out, dw});
}

const accord_conv_ops accord_conv_onednn = {.name = "onednn",
                                            .create = create,
                                            .destroy = destroy,
                                            .pack = pack,
                                            .unpack = unpack,
                                            .forward = forward,
                                            .back_data = back_data,
                                            .back_weights = back_weights};
#endif
