/* nn_steps.c - whole training steps: loss, gradients, Adam. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn.h"

typedef const accord_nn_tensor tensor;

/* A small language model: 4 layers of width 128, 32 x 128 tokens of 256. */
enum { BLOCKS = 4, WIDTH = 128, HEADS = 4, BATCH = 32, TIME = 128, WORDS = 256 };
/* Critics of soft actor-critic on pixels: batch 128, 9 channels, 6 actions. */
enum { CRITIC_BATCH = 128, CHANNELS = 9, ACTIONS = 6, FEATURES = 100, HIDDEN = 1024 };

typedef struct encoder {
    const char *name;
    uint32_t pixels, layers, filters, strided; /* the first `strided` have stride 2 */
} encoder;
static const encoder encoders[] = {{"critic 11 x 32 at 84 px", 84, 11, 32, 1},
                                   {"critic 4 x 16 at 48 px", 48, 4, 16, 2}};

typedef struct net {
    accord_nn_tape *tape;
    accord_nn_params *set;
    accord_nn_group group;
    accord_nn_adam *adam;
    const encoder *e; /* NULL: the language model */
    accord_nn_embedding_layer token, place;
    struct {
        accord_nn_norm_layer norm1, norm2;
        accord_nn_linear_layer qkv, out, up, down;
    } block[BLOCKS];
    accord_nn_norm_layer norm;
    accord_nn_linear_layer head;
    accord_nn_conv2d_layer conv[16];
    accord_nn_linear_layer project, q[2][3];
    int32_t *tokens, *next;
    float *pixels, *action, *target;
} net;

static tensor *language_loss(net *m) {
    accord_nn_tape *t = m->tape;
    tensor *h =
        accord_nn_embedding(t, m->tokens, ACCORD_NN_SHAPE(BATCH, TIME), &m->token);

    h = accord_nn_add(t, h, accord_nn_use(t, m->place.weight));
    for (int i = 0; i < BLOCKS; i++) {
        tensor *a = accord_nn_layer_norm(t, h, &m->block[i].norm1);
        a = accord_nn_linear(t, a, &m->block[i].qkv);
        a = accord_nn_self_attention(t, a, HEADS, true);
        h = accord_nn_add(t, h, accord_nn_linear(t, a, &m->block[i].out));
        a = accord_nn_layer_norm(t, h, &m->block[i].norm2);
        a = accord_nn_dense(t, a, &m->block[i].up, ACCORD_NN_GELU);
        h = accord_nn_add(t, h, accord_nn_linear(t, a, &m->block[i].down));
    }
    h = accord_nn_linear(t, accord_nn_layer_norm(t, h, &m->norm), &m->head);
    return accord_nn_cross_entropy(t, h, m->next, -1);
}

static tensor *q_value(net *m, const accord_nn_linear_layer q[3], tensor *x) {
    x = accord_nn_dense(m->tape, x, &q[0], ACCORD_NN_RELU);
    x = accord_nn_dense(m->tape, x, &q[1], ACCORD_NN_RELU);
    return accord_nn_linear(m->tape, x, &q[2]);
}
static tensor *critic_loss(net *m) {
    accord_nn_tape *t = m->tape;
    const size_t px = m->e->pixels;
    tensor *x =
        accord_nn_input(t, m->pixels, ACCORD_NN_SHAPE(CRITIC_BATCH, CHANNELS, px, px));
    tensor *y = accord_nn_input(t, m->target, ACCORD_NN_SHAPE(CRITIC_BATCH, 1));

    x = accord_nn_conv2d_stack(t, x, m->conv, m->e->layers, ACCORD_NN_IDENTITY);
    x = accord_nn_reshape(t, x, ACCORD_NN_SHAPE(CRITIC_BATCH, x->size / CRITIC_BATCH));
    x = accord_nn_layer_norm(t, accord_nn_linear(t, x, &m->project), &m->norm);
    tensor *in[] = {
        accord_nn_tanh(t, x),
        accord_nn_input(t, m->action, ACCORD_NN_SHAPE(CRITIC_BATCH, ACTIONS))};
    x = accord_nn_concat(t, in, 2, 1);
    return accord_nn_add(t, accord_nn_mse(t, q_value(m, m->q[0], x), y),
                         accord_nn_mse(t, q_value(m, m->q[1], x), y));
}

static void run(void *self) {
    net *m = self;

    accord_nn_tape_reset(m->tape);
    tensor *loss = m->e ? critic_loss(m) : language_loss(m);
    perf_need(!accord_nn_backward(m->tape, loss, &m->group, 1), "a training step");
    accord_nn_adam_step(m->adam, 1e-3);
}

static void destroy(void *self) {
    net *m = self;

    accord_nn_adam_destroy(m->adam);
    accord_nn_tape_destroy(m->tape);
    accord_nn_params_destroy(m->set);
    free(m->tokens);
    free(m->next);
    free(m->pixels);
    free(m->action);
    free(m->target);
    free(m);
}

static void declare_language(net *m) {
    char name[32];

    m->token = accord_nn_embedding_declare(m->set, "token", WORDS, WIDTH);
    m->place = accord_nn_embedding_declare(m->set, "place", TIME, WIDTH);
    for (int i = 0; i < BLOCKS; i++) {
#define NAMED(what) (snprintf(name, sizeof(name), what "%d", i), name)
        m->block[i].norm1 = accord_nn_layer_norm_declare(m->set, NAMED("norm1."), WIDTH);
        m->block[i].qkv =
            accord_nn_linear_declare(m->set, NAMED("qkv."), WIDTH, 3 * WIDTH);
        m->block[i].out = accord_nn_linear_declare(m->set, NAMED("out."), WIDTH, WIDTH);
        m->block[i].norm2 = accord_nn_layer_norm_declare(m->set, NAMED("norm2."), WIDTH);
        m->block[i].up = accord_nn_linear_declare(m->set, NAMED("up."), WIDTH, 4 * WIDTH);
        m->block[i].down =
            accord_nn_linear_declare(m->set, NAMED("down."), 4 * WIDTH, WIDTH);
    }
    m->norm = accord_nn_layer_norm_declare(m->set, "norm", WIDTH);
    m->head = accord_nn_linear_declare(m->set, "head", WIDTH, WORDS);
    m->tokens = calloc(2 * BATCH * TIME, sizeof(int32_t));
    m->next = calloc(2 * BATCH * TIME, sizeof(int32_t));
    perf_need(m->tokens && m->next, "memory");
    for (int i = 0; i < BATCH * TIME; i++) {
        m->tokens[i] = i * 7919 % WORDS;
        m->next[i] = i * 104729 % WORDS;
    }
}

/* The size of what the convolutions leave of one side. */
static size_t side_of(const encoder *e, uint32_t layer) {
    size_t side = e->pixels;

    for (uint32_t i = 0; i < layer; i++)
        side = (side - 3) / (i < e->strided ? 2 : 1) + 1;
    return side;
}

static void declare_critic(net *m) {
    const encoder *e = m->e;
    const size_t pixels = (size_t)CRITIC_BATCH * CHANNELS * e->pixels * e->pixels;
    size_t in = CHANNELS, side = side_of(e, e->layers);
    char name[32];

    for (uint32_t i = 0; i < e->layers; i++, in = e->filters) {
        snprintf(name, sizeof(name), "conv.%u", i);
        m->conv[i] = accord_nn_conv2d_declare(m->set, name, in, e->filters, 3,
                                              i < e->strided ? 2 : 1, 0);
    }
    m->project = accord_nn_linear_declare(m->set, "project", in * side * side, FEATURES);
    m->norm = accord_nn_layer_norm_declare(m->set, "norm", FEATURES);
    for (int j = 0; j < 2; j++) {
        const size_t widths[] = {FEATURES + ACTIONS, HIDDEN, HIDDEN, 1};
        for (int i = 0; i < 3; i++) {
            snprintf(name, sizeof(name), "q%d.%d", j, i);
            m->q[j][i] = accord_nn_linear_declare(m->set, name, widths[i], widths[i + 1]);
        }
    }
    m->pixels = perf_draw(pixels, 1);
    m->action = perf_draw((size_t)CRITIC_BATCH * ACTIONS, 1);
    m->target = perf_draw(CRITIC_BATCH, 1);
}

/* Matrices get what keeps the values in range, 1 / sqrt(inputs). */
static void first_values(net *m) {
    for (size_t i = 0; i < accord_nn_params_count(m->set); i++) {
        accord_nn_param *p = accord_nn_params_at(m->set, i);
        if (p->rank < 2)
            continue;
        float *v = perf_draw(p->size, 1 / sqrtf((float)(p->size / p->shape[0])));
        memcpy(p->value, v, p->size * sizeof(float));
        free(v);
    }
}

static net *create(const encoder *e) {
    net *m = calloc(1, sizeof(*m));

    perf_need(m != NULL, "memory");
    m->e = e;
    m->tape = accord_nn_tape_create((size_t)4 << 30);
    m->set = accord_nn_params_create();
    if (e)
        declare_critic(m);
    else
        declare_language(m);
    perf_need(!accord_nn_params_seal(m->set, NULL), "parameters");
    first_values(m);
    m->group = accord_nn_group_all(m->set);
    perf_need(!accord_nn_adam_create(m->group, &(accord_nn_adam_config)ACCORD_NN_ADAM,
                                     &m->adam, NULL),
              "an optimiser");
    return m;
}

/* Each product forward and twice back; a causal row sees half of the keys, and the first
 * convolution has nobody to give its dx to. */
static double language_flops(void) {
    double tokens = (double)BATCH * TIME;
    double linear = 2.0 * tokens * (BLOCKS * 12.0 * WIDTH * WIDTH + WIDTH * WORDS);

    return 3 * (linear + BLOCKS * 2.0 * tokens * TIME * WIDTH);
}
static double critic_flops(const encoder *e) {
    double in = CHANNELS, first = 0, sum = 0;

    for (uint32_t i = 1; i <= e->layers; i++, in = e->filters) {
        double side = (double)side_of(e, i);
        double flops = 2.0 * CRITIC_BATCH * side * side * e->filters * in * 9;
        first = i == 1 ? flops : first;
        sum += flops;
    }
    double side = (double)side_of(e, e->layers);
    double heads = in * side * side * FEATURES +
                   2 * (HIDDEN * (FEATURES + ACTIONS + 1.0) + (double)HIDDEN * HIDDEN);
    return 3 * (sum + 2.0 * CRITIC_BATCH * heads) - first;
}

int perf_step_case(int i, const char *wanted, perf_case *out) {
    if (i > 2)
        return 0;
    const encoder *e = i ? &encoders[i - 1] : NULL;
    snprintf(out->name, sizeof(out->name), "step %s",
             e ? e->name : "transformer 4 x 128");
    if (!strstr(out->name, wanted))
        return 1;
    out->flops = e ? critic_flops(e) : language_flops();
    out->self = create(e);
    out->run = run;
    out->destroy = destroy;
    return 1;
}
