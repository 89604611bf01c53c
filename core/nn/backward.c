/* backward.c - the way back over the tape. */
#include "nn/tape.h"

#include <string.h>

float *accord_nn_slot(tape *t, node *in, bool *add) {
    if (!in->wanted)
        return NULL;
    *add = in->filled;
    if (!in->grad)
        in->grad = accord_nn_scratch(t, in->t.size);
    in->filled = true;
    return in->grad;
}

float *accord_nn_slot_add(tape *t, node *in) {
    bool add = false;
    float *grad = accord_nn_slot(t, in, &add);

    if (grad && !add)
        memset(grad, 0, in->t.size * sizeof(float));
    return grad;
}

void accord_nn_hand_on(tape *t, node *n, node *in) {
    if (in->wanted && !in->grad && !in->param) {
        in->grad = n->grad;
        in->filled = true;
        n->grad = NULL;
        return;
    }
    bool add;
    float *grad = accord_nn_slot(t, in, &add);
    if (grad && add)
        t->k->axpy(grad, 1.0f, n->grad, n->t.size);
    else if (grad && n->t.size)
        memcpy(grad, n->grad, n->t.size * sizeof(float));
}

/* The group that holds a parameter, or NULL. */
static const accord_nn_group *holder(const accord_nn_param *p, const accord_nn_group *g,
                                     size_t n) {
    for (size_t i = 0; i < n; i++)
        if (g[i].set == p->set && p->value >= g[i].value &&
            p->value < g[i].value + g[i].size)
            return &g[i];
    return NULL;
}

/* Marks what leads to a chosen parameter, and points its leaves at their buffers. */
static void mark(tape *t, const accord_nn_group *groups, size_t n_groups, bool add) {
    for (node *n = t->first; n; n = n->next) {
        const accord_nn_group *g = n->param ? holder(n->param, groups, n_groups) : NULL;
        n->wanted = g != NULL;
        n->grad = g ? g->grad + (n->param->value - g->value) : NULL;
        n->filled = g && add;
        for (uint32_t i = 0; i < n->n_in && !n->wanted; i++)
            n->wanted = n->in[i] && n->in[i]->wanted;
    }
}

/* A buffer that is nobody's any more serves the next. */
static void forget_grad(tape *t, node *n) {
    if (n->param)
        return;
    accord_nn_release(t, n->grad);
    n->grad = NULL;
}

static void walk(tape *t, node *from) {
    for (node *n = from; n; n = n->previous) {
        if (n->back && n->wanted && n->filled && n->grad && !t->err.code)
            n->back(t, n);
        forget_grad(t, n);
    }
}

/* Parameters that the loss does not reach have no gradient, which is 0. */
static void clear_rest(tape *t, const accord_nn_group *g) {
    for (size_t i = g->first; i < g->first + g->count; i++) {
        const accord_nn_param *p = accord_nn_params_at(g->set, i);
        const node *leaf = accord_nn_leaf(t, p);
        if (!leaf || !leaf->filled)
            memset(g->grad + (p->value - g->value), 0, p->size * sizeof(float));
    }
}

static accord_code refuse_pass(tape *t, const tensor *loss, const accord_nn_group *g,
                               size_t n_groups) {
    char text[100];

    if (!accord_nn_ready1(t, "backward", loss))
        return t->err.code;
    if (loss->size != 1)
        accord_nn_refuse(t, ACCORD_E_ARG, "backward: the loss %s is not one number",
                         accord_nn_shape_text(text, loss->rank, loss->shape));
    else if (!accord_nn_node_of(loss)->recorded)
        accord_nn_refuse(t, ACCORD_E_ARG,
                         "backward: the loss depends on no recorded parameter");
    for (size_t i = 0; i < n_groups; i++)
        if (!g[i].size || !g[i].grad)
            accord_nn_refuse(t, ACCORD_E_ARG, "backward: group %zu is empty", i);
    return t->err.code;
}

static accord_code pass(tape *t, const tensor *loss, const accord_nn_group *groups,
                        size_t n_groups, bool add) {
    if (refuse_pass(t, loss, groups, n_groups))
        return t->err.code;
    node *from = accord_nn_node_of(loss);
    bool more;
    mark(t, groups, n_groups, add);
    float *one = accord_nn_slot(t, from, &more);
    if (one) {
        *one = more ? *one + 1.0f : 1.0f;
        walk(t, from);
    }
    for (size_t i = 0; i < n_groups && !add && !t->err.code; i++)
        clear_rest(t, &groups[i]);
    return t->err.code;
}

accord_code accord_nn_backward(accord_nn_tape *t, const tensor *loss,
                               const accord_nn_group *groups, size_t n_groups) {
    return pass(t, loss, groups, n_groups, false);
}

accord_code accord_nn_backward_add(accord_nn_tape *t, const tensor *loss,
                                   const accord_nn_group *groups, size_t n_groups) {
    return pass(t, loss, groups, n_groups, true);
}
