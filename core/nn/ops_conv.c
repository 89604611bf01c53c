/* ops_conv.c - two-dimensional convolution, through the seam in conv.h. */
#include "nn/tape.h"

#include <string.h>

/* dim: activation; ref: the plan, NULL over an empty batch; in: x, weight, bias; saved:
 * what the activation was given, where the output does not tell. */
static void conv_back(tape *t, node *n) {
    accord_conv *plan = (accord_conv *)(uintptr_t)n->ref;
    int activation = (int)n->dim[0];
    float *db = accord_nn_slot_add(t, n->in[2]);
    float *dw = accord_nn_slot_add(t, n->in[1]);
    bool add = false;
    float *dx = accord_nn_slot(t, n->in[0], &add);
    float *spare = !dw && db ? accord_nn_scratch(t, n->in[1]->t.size) : NULL;

    if (!plan || t->err.code)
        return;
    if (activation == ACCORD_NN_RELU)
        accord_conv_relu_back(plan, n->grad, n->t.data);
    else if (activation != ACCORD_NN_IDENTITY)
        accord_nn_activate_back(t->k, activation, n->grad, n->grad, n->saved, n->t.data,
                                n->t.size, false);
    if (spare)
        memset(spare, 0, n->in[1]->t.size * sizeof(float));
    if (dw || spare)
        accord_conv_back_weights(plan, dw ? dw : spare, db, n->grad, n->in[0]->t.data);
    if (dx)
        accord_conv_back_data(plan, dx, n->grad, n->in[1]->t.data, add);
    accord_nn_release(t, spare);
}

/* The output's shape; false and an error if there is none. */
static bool conv_shape(tape *t, const tensor *x, const accord_nn_conv2d_layer *l,
                       int activation, accord_conv_shape *c, size_t shape[MAX_RANK]) {
    const accord_nn_param *w = l->weight;

    if (x->rank != 4 || w->rank != 4 || w->shape[2] != w->shape[3] ||
        x->shape[1] != w->shape[1] || !l->stride || x->size > UINT32_MAX ||
        x->shape[0] > UINT32_MAX || x->shape[2] > UINT32_MAX / 2 ||
        x->shape[3] > UINT32_MAX / 2 || l->bias->size != w->shape[0]) {
        accord_nn_misfit_param(t, "conv2d", x, w);
        return false;
    }
    *c = (accord_conv_shape){.batch = (uint32_t)x->shape[0],
                             .in = (uint32_t)x->shape[1],
                             .height = (uint32_t)x->shape[2],
                             .width = (uint32_t)x->shape[3],
                             .out = (uint32_t)w->shape[0],
                             .kernel = (uint32_t)w->shape[2],
                             .stride = l->stride,
                             .pad = l->pad,
                             .relu = activation == ACCORD_NN_RELU};
    shape[0] = x->shape[0];
    shape[1] = w->shape[0];
    shape[2] = accord_conv_out(c->height, c->kernel, c->stride, c->pad);
    shape[3] = accord_conv_out(c->width, c->kernel, c->stride, c->pad);
    if (!shape[2] || !shape[3]) {
        accord_nn_misfit_param(t, "conv2d", x, w);
        return false;
    }
    return true;
}

const tensor *accord_nn_conv2d(accord_nn_tape *t, const tensor *x,
                               const accord_nn_conv2d_layer *l, int activation) {
    accord_conv_shape c;
    size_t shape[MAX_RANK];

    if (!accord_nn_ready1(t, "conv2d", x) ||
        !accord_nn_ready_param(t, "conv2d", l->weight) ||
        !accord_nn_ready_param(t, "conv2d", l->bias) ||
        !conv_shape(t, x, l, activation, &c, shape))
        return &t->bad.t;
    const tensor *in[] = {x, accord_nn_use(t, l->weight), accord_nn_use(t, l->bias)};
    node *n = accord_nn_node_new(t, 4, shape, 3, in, conv_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = (size_t)activation;
    if (!n->t.size)
        return &n->t;
    accord_conv *plan = accord_nn_plan(t, &c);
    n->ref = plan;
    if (!plan || (!accord_nn_from_output(activation) &&
                  !(n->saved = accord_nn_floats(t, n->t.size))))
        return &t->bad.t;
    float *before = n->saved ? n->saved : n->out;
    accord_conv_forward(plan, before, x->data, l->weight->value, l->bias->value);
    if (activation != ACCORD_NN_RELU && activation != ACCORD_NN_IDENTITY)
        accord_nn_activate(t->k, activation, n->out, before, n->t.size);
    return &n->t;
}
