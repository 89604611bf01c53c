/* nn_ops.c - single operators on the tape, forward and back, under the loss sum(y g). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn.h"

enum { ROWS = 4096, COLS = 128, BATCH = 32, TIME = 128, HEADS = 4 };

typedef const accord_nn_tensor tensor;

typedef struct op op;
struct op {
    accord_nn_tape *tape;
    accord_nn_params *set;
    accord_nn_group group;
    accord_nn_param *x; /* what the gradient is taken by, beside the layer's parameters */
    accord_nn_linear_layer linear;
    accord_nn_norm_layer norm;
    accord_nn_gru_layer gru;
    tensor *(*y)(op *o, tensor *x);
    float *g, *h;
    int32_t *target;
    int back;
};

static tensor *layer_norm(op *o, tensor *x) {
    return accord_nn_layer_norm(o->tape, x, &o->norm);
}
static tensor *softmax(op *o, tensor *x) {
    return accord_nn_softmax(o->tape, x);
}
static tensor *gelu(op *o, tensor *x) {
    return accord_nn_gelu(o->tape, x);
}
static tensor *silu(op *o, tensor *x) {
    return accord_nn_silu(o->tape, x);
}
static tensor *act_tanh(op *o, tensor *x) {
    return accord_nn_tanh(o->tape, x);
}
static tensor *elu(op *o, tensor *x) {
    return accord_nn_elu(o->tape, x);
}
static tensor *linear(op *o, tensor *x) {
    return accord_nn_dense(o->tape, x, &o->linear, ACCORD_NN_RELU);
}
static tensor *attention(op *o, tensor *x) {
    return accord_nn_self_attention(o->tape, x, HEADS, false);
}
static tensor *causal(op *o, tensor *x) {
    return accord_nn_self_attention(o->tape, x, HEADS, true);
}
static tensor *gru(op *o, tensor *x) {
    tensor *h = accord_nn_input(o->tape, o->h, ACCORD_NN_SHAPE(BATCH, COLS));
    return accord_nn_gru_sequence(o->tape, x, h, &o->gru);
}
static tensor *cross_entropy(op *o, tensor *x) {
    return accord_nn_cross_entropy(o->tape, x, o->target, -1);
}

static const struct {
    const char *name;
    tensor *(*y)(op *o, tensor *x);
    size_t shape[3]; /* of x; two axes where the third is 0 */
    double flops;    /* forward */
} ops[] = {
    {"attention", attention, {BATCH, TIME, 3 * COLS}, 4.0 * BATCH *TIME *TIME *COLS},
    {"causal attention", causal, {BATCH, TIME, 3 * COLS}, 2.0 * BATCH *TIME *TIME *COLS},
    {"layer norm", layer_norm, {ROWS, COLS}, 0},
    {"softmax", softmax, {ROWS, COLS}, 0},
    {"gelu", gelu, {ROWS, COLS}, 0},
    {"silu", silu, {ROWS, COLS}, 0},
    {"tanh", act_tanh, {ROWS, COLS}, 0},
    {"elu", elu, {ROWS, COLS}, 0},
    {"linear relu", linear, {ROWS, COLS}, 8.0 * ROWS *COLS *COLS},
    {"gru", gru, {TIME, BATCH, COLS}, 12.0 * ROWS *COLS *COLS},
    {"cross entropy", cross_entropy, {ROWS, COLS}, 0},
};

static void run(void *self) {
    op *o = self;

    accord_nn_tape_reset(o->tape);
    tensor *x = accord_nn_use(o->tape, o->x), *y = o->y(o, x);
    if (!o->back)
        return;
    if (y->rank) {
        tensor *g = accord_nn_input(o->tape, o->g, y->rank, y->shape);
        y = accord_nn_sum(o->tape, accord_nn_mul(o->tape, y, g), ACCORD_NN_ALL);
    }
    perf_need(!accord_nn_backward(o->tape, y, &o->group, 1), "an operator");
}

static void destroy(void *self) {
    op *o = self;

    accord_nn_tape_destroy(o->tape);
    accord_nn_params_destroy(o->set);
    free(o->g);
    free(o->h);
    free(o->target);
    free(o);
}

static op *create(int i, int back) {
    op *o = calloc(1, sizeof(*o));
    uint32_t rank = ops[i].shape[2] ? 3 : 2;

    perf_need(o != NULL, "memory");
    *o =
        (op){.tape = accord_nn_tape_create((size_t)1 << 30), .y = ops[i].y, .back = back};
    accord_nn_params *s = o->set = accord_nn_params_create();
    o->x = accord_nn_param_add(s, "x", 0, rank, ops[i].shape);
    o->norm = accord_nn_layer_norm_declare(s, "norm", COLS);
    if (ops[i].y == linear)
        o->linear = accord_nn_linear_declare(s, "linear", COLS, 4 * COLS);
    if (ops[i].y == gru)
        o->gru = accord_nn_gru_declare(s, "gru", COLS, COLS);
    perf_need(!accord_nn_params_seal(s, NULL), "parameters");
    o->group = accord_nn_group_all(s);
    float *values = perf_draw(o->group.size, 0.3f);
    memcpy(o->group.value, values, o->group.size * sizeof(float));
    free(values);
    o->g = perf_draw(o->x->size * 4, 1);
    o->h = perf_draw((size_t)BATCH * COLS, 1);
    o->target = calloc(ROWS, sizeof(int32_t));
    perf_need(o->target != NULL, "memory");
    for (int r = 0; r < ROWS; r++)
        o->target[r] = r % COLS;
    return o;
}

int perf_op_case(int i, const char *wanted, perf_case *out) {
    int o = i / 2, back = i % 2;

    if ((size_t)o >= sizeof(ops) / sizeof(ops[0]))
        return 0;
    snprintf(out->name, sizeof(out->name), "%s %s", ops[o].name,
             back ? "forward and back" : "forward");
    if (!strstr(out->name, wanted))
        return 1;
    out->flops = ops[o].flops * (back ? 3 : 1);
    out->self = create(o, back);
    out->run = run;
    out->destroy = destroy;
    return 1;
}
