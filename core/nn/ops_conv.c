/* ops_conv.c - two-dimensional convolutions, through the seam in conv.h. */
#include "nn/tape.h"

#include <string.h>

/* dim: activation, layers; ref: the plan, NULL over an empty batch; in: x, then weight
 * and bias of each layer; saved: what the activation was given, where the output does not
 * tell; saved2: what the plan keeps. */
static void conv_back(tape *t, node *n) {
    accord_conv *plan = (accord_conv *)(uintptr_t)n->ref;
    int activation = (int)n->dim[0];
    const float *w[ACCORD_CONV_LAYERS];
    float *dw[ACCORD_CONV_LAYERS], *db[ACCORD_CONV_LAYERS];

    for (size_t l = 0; l < n->dim[1]; l++) {
        w[l] = n->in[1 + 2 * l]->t.data;
        dw[l] = accord_nn_slot_add(t, n->in[1 + 2 * l]);
        db[l] = accord_nn_slot_add(t, n->in[2 + 2 * l]);
    }
    accord_conv_back back = {.dy = n->grad,
                             .y = n->saved ? n->saved : n->t.data,
                             .kept = n->saved2,
                             .x = n->in[0]->t.data,
                             .w = w,
                             .dw = dw,
                             .db = db};
    back.dx = accord_nn_slot(t, n->in[0], &back.add_dx);
    if (!plan || t->err.code)
        return;
    if (activation != ACCORD_NN_IDENTITY && activation != ACCORD_NN_RELU)
        accord_nn_activate_back(t->k, activation, n->grad, n->grad, n->saved, n->t.data,
                                n->t.size, false);
    accord_conv_backward(plan, &back);
}

static bool layer_ready(tape *t, const accord_nn_conv2d_layer *l) {
    return accord_nn_ready_param(t, "conv2d", l->weight) &&
           accord_nn_ready_param(t, "conv2d", l->bias);
}

/* Puts one layer behind those in `c`, over [.][shape[1]][shape[2]][shape[3]]; false if it
 * does not fit. */
static bool add_layer(accord_conv_shape *c, const accord_nn_conv2d_layer *l, bool relu,
                      size_t shape[MAX_RANK]) {
    const accord_nn_param *w = l->weight;

    if (w->rank != 4 || w->shape[2] != w->shape[3] || shape[1] != w->shape[1] ||
        !l->stride || l->bias->size != w->shape[0] || w->size > UINT32_MAX ||
        shape[2] > UINT32_MAX / 2 || shape[3] > UINT32_MAX / 2 || l->pad > UINT32_MAX / 8)
        return false;
    uint32_t k = (uint32_t)w->shape[2];
    c->layers[c->n_layers++] =
        (accord_conv_layer){(uint32_t)w->shape[0], k, l->stride, l->pad, relu};
    shape[1] = w->shape[0];
    shape[2] = accord_conv_out((uint32_t)shape[2], k, l->stride, l->pad);
    shape[3] = accord_conv_out((uint32_t)shape[3], k, l->stride, l->pad);
    return shape[2] && shape[3];
}

/* The output's shape; false and an error if there is none. */
static bool conv_shape(tape *t, const tensor *x, const accord_nn_conv2d_layer *l,
                       size_t n_layers, int activation, accord_conv_shape *c,
                       size_t shape[MAX_RANK]) {
    if (!n_layers || n_layers > ACCORD_CONV_LAYERS) {
        accord_nn_refuse(t, ACCORD_E_ARG, "conv2d: %zu layers, 1 .. %d are possible",
                         n_layers, ACCORD_CONV_LAYERS);
        return false;
    }
    if (!accord_nn_ready1(t, "conv2d", x) || !layer_ready(t, &l[0]) ||
        !accord_nn_ready_activation(t, "conv2d", activation))
        return false;
    if (x->rank != 4 || x->size > UINT32_MAX || x->shape[0] > UINT32_MAX) {
        accord_nn_misfit_param(t, "conv2d", x, l[0].weight);
        return false;
    }
    memcpy(shape, x->shape, sizeof(x->shape));
    for (size_t i = 0; i < n_layers; i++) {
        tensor before = {.rank = 4};
        memcpy(before.shape, shape, sizeof(before.shape));
        bool relu = i + 1 < n_layers || activation == ACCORD_NN_RELU;
        if (!layer_ready(t, &l[i]))
            return false;
        if (!add_layer(c, &l[i], relu, shape)) {
            accord_nn_misfit_param(t, "conv2d", &before, l[i].weight);
            return false;
        }
    }
    c->batch = (uint32_t)x->shape[0];
    c->in = (uint32_t)x->shape[1];
    c->height = (uint32_t)x->shape[2];
    c->width = (uint32_t)x->shape[3];
    return true;
}

/* Fills the node; false without memory. */
static bool forward(tape *t, node *n, accord_conv *plan,
                    const accord_nn_conv2d_layer *layers) {
    const float *w[ACCORD_CONV_LAYERS], *b[ACCORD_CONV_LAYERS];
    int activation = (int)n->dim[0];

    if (!accord_nn_from_output(activation) &&
        !(n->saved = accord_nn_floats(t, n->t.size)))
        return false;
    if (n->recorded && !(n->saved2 = accord_nn_floats(t, accord_conv_kept(plan))))
        return false;
    for (size_t l = 0; l < n->dim[1]; l++) {
        w[l] = layers[l].weight->value;
        b[l] = layers[l].bias->value;
    }
    float *before = n->saved ? n->saved : n->out;
    accord_conv_forward(plan, before, n->saved2, n->in[0]->t.data, w, b);
    if (activation != ACCORD_NN_RELU && activation != ACCORD_NN_IDENTITY)
        accord_nn_activate(t->k, activation, n->out, before, n->t.size);
    return true;
}

const tensor *accord_nn_conv2d_stack(accord_nn_tape *t, const tensor *x,
                                     const accord_nn_conv2d_layer *layers,
                                     size_t n_layers, int activation) {
    accord_conv_shape c = {0};
    size_t shape[MAX_RANK];
    const tensor *in[1 + 2 * ACCORD_CONV_LAYERS] = {x};

    if (!conv_shape(t, x, layers, n_layers, activation, &c, shape))
        return &t->bad.t;
    for (size_t l = 0; l < n_layers; l++) {
        in[1 + 2 * l] = accord_nn_use(t, layers[l].weight);
        in[2 + 2 * l] = accord_nn_use(t, layers[l].bias);
    }
    node *n = accord_nn_node_new(t, 4, shape, 1 + 2 * n_layers, in, conv_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = (size_t)activation;
    n->dim[1] = n_layers;
    if (!n->t.size)
        return &n->t;
    accord_conv *plan = accord_nn_plan(t, &c);
    n->ref = plan;
    return plan && forward(t, n, plan, layers) ? &n->t : &t->bad.t;
}

const tensor *accord_nn_conv2d(accord_nn_tape *t, const tensor *x,
                               const accord_nn_conv2d_layer *l, int activation) {
    return accord_nn_conv2d_stack(t, x, l, 1, activation);
}
