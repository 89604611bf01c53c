/* ops_pointwise.c - operators on one tensor, element by element. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

bool accord_nn_from_output(int activation) {
    return activation != ACCORD_NN_GELU && activation != ACCORD_NN_SILU;
}

void accord_nn_activate(const accord_kernels *k, int activation, float *y, const float *x,
                        size_t n) {
    switch (activation) {
    case ACCORD_NN_RELU:
        k->relu(y, x, n);
        break;
    case ACCORD_NN_TANH:
        k->tanh(y, x, n);
        break;
    case ACCORD_NN_SIGMOID:
        k->sigmoid(y, x, n);
        break;
    case ACCORD_NN_GELU:
        k->gelu(y, x, n);
        break;
    case ACCORD_NN_SILU:
        k->silu(y, x, n);
        break;
    case ACCORD_NN_ELU:
        k->elu(y, x, 1.0f, n);
        break;
    default:
        if (y != x)
            memcpy(y, x, n * sizeof(float));
    }
}

void accord_nn_activate_back(const accord_kernels *k, int activation, float *dx,
                             const float *dy, const float *x, const float *y, size_t n,
                             bool add) {
    switch (activation) {
    case ACCORD_NN_RELU:
        k->relu_back(dx, dy, y, n, add);
        break;
    case ACCORD_NN_TANH:
        k->tanh_back(dx, dy, y, n, add);
        break;
    case ACCORD_NN_SIGMOID:
        k->sigmoid_back(dx, dy, y, n, add);
        break;
    case ACCORD_NN_GELU:
        k->gelu_back(dx, dy, x, n, add);
        break;
    case ACCORD_NN_SILU:
        k->silu_back(dx, dy, x, n, add);
        break;
    case ACCORD_NN_ELU:
        k->elu_back(dx, dy, y, 1.0f, n, add);
        break;
    default:
        if (add)
            k->axpy(dx, 1.0f, dy, n);
        else if (dx != dy)
            memcpy(dx, dy, n * sizeof(float));
    }
}

bool accord_nn_ready_activation(tape *t, const char *op, int activation) {
    if (activation < ACCORD_NN_IDENTITY || activation > ACCORD_NN_ELU)
        accord_nn_refuse(t, ACCORD_E_ARG, "%s: there is no activation %d", op,
                         activation);
    return t->err.code == ACCORD_OK;
}

static node *unary(tape *t, const char *op, const tensor *x,
                   void (*back)(tape *, node *)) {
    if (!accord_nn_ready1(t, op, x))
        return NULL;
    return accord_nn_node_new(t, x->rank, x->shape, 1, &x, back);
}

/* ---- the activations ---- */

static void activate_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);

    if (dx)
        accord_nn_activate_back(t->k, (int)n->dim[0], dx, n->grad, n->in[0]->t.data,
                                n->t.data, n->t.size, add);
}

static const tensor *activate(tape *t, const char *op, const tensor *x, int activation) {
    node *n = unary(t, op, x, activate_back);

    if (n) {
        n->dim[0] = (size_t)activation;
        accord_nn_activate(t->k, activation, n->out, x->data, x->size);
    }
    return accord_nn_out(t, n);
}

const tensor *accord_nn_relu(accord_nn_tape *t, const tensor *x) {
    return activate(t, "relu", x, ACCORD_NN_RELU);
}

const tensor *accord_nn_gelu(accord_nn_tape *t, const tensor *x) {
    return activate(t, "gelu", x, ACCORD_NN_GELU);
}

const tensor *accord_nn_silu(accord_nn_tape *t, const tensor *x) {
    return activate(t, "silu", x, ACCORD_NN_SILU);
}

const tensor *accord_nn_tanh(accord_nn_tape *t, const tensor *x) {
    return activate(t, "tanh", x, ACCORD_NN_TANH);
}

const tensor *accord_nn_sigmoid(accord_nn_tape *t, const tensor *x) {
    return activate(t, "sigmoid", x, ACCORD_NN_SIGMOID);
}

const tensor *accord_nn_elu(accord_nn_tape *t, const tensor *x) {
    return activate(t, "elu", x, ACCORD_NN_ELU);
}

/* ---- the others ---- */

/* dx = or += SLOPE * dy, where SLOPE is written with x, y and the node's arguments. */
#define BACK(name, SLOPE) \
    static void name(tape *t, node *n) { \
        bool add; \
        float *dx = accord_nn_slot(t, n->in[0], &add); \
        const float *xs = n->in[0]->t.data; \
        const float *ys = n->t.data; \
        const float a = n->arg[0], b = n->arg[1]; \
        (void)a, (void)b, (void)xs, (void)ys; \
        for (size_t i = 0; dx && i < n->t.size; i++) { \
            float x = xs[i], y = ys[i]; \
            float g = n->grad[i] * (SLOPE); \
            (void)x, (void)y; \
            dx[i] = add ? dx[i] + g : g; \
        } \
    }

BACK(abs_back, (float)((x > 0.0f) - (x < 0.0f)))
BACK(log_back, 1.0f / x)
BACK(square_back, 2.0f * x)
BACK(sqrt_back, 0.5f / y)
BACK(clamp_back, x >= a && x <= b ? 1.0f : 0.0f)

static void exp_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);

    if (dx)
        (add ? t->k->mul_add : t->k->mul)(dx, n->grad, n->t.data, n->t.size);
}

static void affine_back(tape *t, node *n) {
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);

    if (dx)
        (add ? t->k->axpy : t->k->scale)(dx, n->arg[0], n->grad, n->t.size);
}

const tensor *accord_nn_abs(accord_nn_tape *t, const tensor *x) {
    node *n = unary(t, "abs", x, abs_back);

    for (size_t i = 0; n && i < x->size; i++)
        n->out[i] = fabsf(x->data[i]);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_exp(accord_nn_tape *t, const tensor *x) {
    node *n = unary(t, "exp", x, exp_back);

    if (n)
        t->k->exp(n->out, x->data, x->size);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_log(accord_nn_tape *t, const tensor *x) {
    node *n = unary(t, "log", x, log_back);

    if (n)
        t->k->log(n->out, x->data, x->size);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_square(accord_nn_tape *t, const tensor *x) {
    node *n = unary(t, "square", x, square_back);

    if (n)
        t->k->mul(n->out, x->data, x->data, x->size);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_sqrt(accord_nn_tape *t, const tensor *x) {
    node *n = unary(t, "sqrt", x, sqrt_back);

    for (size_t i = 0; n && i < x->size; i++)
        n->out[i] = sqrtf(x->data[i]);
    return accord_nn_out(t, n);
}

const tensor *accord_nn_clamp(accord_nn_tape *t, const tensor *x, float low, float high) {
    node *n = unary(t, "clamp", x, clamp_back);

    if (n) {
        n->arg[0] = low;
        n->arg[1] = high;
    }
    for (size_t i = 0; n && i < x->size; i++) {
        float v = x->data[i];
        n->out[i] = v < low ? low : v > high ? high : v;
    }
    return accord_nn_out(t, n);
}

const tensor *accord_nn_affine(accord_nn_tape *t, const tensor *x, float a, float b) {
    node *n = unary(t, "affine", x, affine_back);

    if (n)
        n->arg[0] = a;
    for (size_t i = 0; n && i < x->size; i++)
        n->out[i] = a * x->data[i] + b;
    return accord_nn_out(t, n);
}
