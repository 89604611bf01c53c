/* nn_nets.c - see nn_nets.h. */
#include "nn_nets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

enum { WIDTH = 32, HEADS = 4 };

typedef const accord_nn_tensor tensor;

static accord_code first_values(accord_nn_params *set, uint64_t seed) {
    for (size_t i = 0; i < accord_nn_params_count(set); i++) {
        accord_nn_param *p = accord_nn_params_at(set, i);
        accord_code rc = ACCORD_OK;
        if (p->rank == 4)
            rc = accord_nn_init_delta_orthogonal(p, sqrt(2.0), &seed);
        else if (p->rank == 2 && strncmp(p->name, "gpt.", 4) == 0)
            accord_nn_init_truncated_normal(p, 0.08, &seed);
        else if (p->rank == 2)
            rc = accord_nn_init_orthogonal(p, sqrt(2.0), &seed);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

/* Refuses what could not be made, else seals and fills. */
static accord_code finish(accord_nn_params **set, uint64_t seed, accord_nn_err *err) {
    accord_code rc = accord_nn_params_seal(*set, err);

    if (!rc)
        rc = first_values(*set, seed);
    if (rc) {
        accord_nn_params_destroy(*set);
        *set = NULL;
    }
    return rc;
}

accord_code transformer_create(transformer *net, uint64_t seed, accord_nn_err *err) {
    accord_nn_params *s = net->set = accord_nn_params_create();
    char name[32];

    net->token = accord_nn_embedding_declare(s, "gpt.token", NETS_VOCABULARY, WIDTH);
    net->place = accord_nn_embedding_declare(s, "gpt.place", NETS_TIME, WIDTH);
    for (int i = 0; i < NETS_BLOCKS; i++) {
        snprintf(name, sizeof(name), "gpt.%d.norm1", i);
        net->block[i].norm1 = accord_nn_layer_norm_declare(s, name, WIDTH);
        snprintf(name, sizeof(name), "gpt.%d.qkv", i);
        net->block[i].qkv = accord_nn_linear_declare(s, name, WIDTH, 3 * WIDTH);
        snprintf(name, sizeof(name), "gpt.%d.out", i);
        net->block[i].out = accord_nn_linear_declare(s, name, WIDTH, WIDTH);
        snprintf(name, sizeof(name), "gpt.%d.norm2", i);
        net->block[i].norm2 = accord_nn_layer_norm_declare(s, name, WIDTH);
        snprintf(name, sizeof(name), "gpt.%d.up", i);
        net->block[i].up = accord_nn_linear_declare(s, name, WIDTH, 4 * WIDTH);
        snprintf(name, sizeof(name), "gpt.%d.down", i);
        net->block[i].down = accord_nn_linear_declare(s, name, 4 * WIDTH, WIDTH);
    }
    net->norm = accord_nn_layer_norm_declare(s, "gpt.norm", WIDTH);
    net->head = accord_nn_linear_declare(s, "gpt.head", WIDTH, NETS_VOCABULARY);
    return finish(&net->set, seed, err);
}

tensor *transformer_loss(accord_nn_tape *t, const transformer *net, const int32_t *tokens,
                         const int32_t *next) {
    tensor *h = accord_nn_embedding(t, tokens, ACCORD_NN_SHAPE(NETS_BATCH, NETS_TIME),
                                    &net->token);

    h = accord_nn_add(t, h, accord_nn_use(t, net->place.weight));
    for (int i = 0; i < NETS_BLOCKS; i++) {
        tensor *a = accord_nn_layer_norm(t, h, &net->block[i].norm1);
        a = accord_nn_linear(t, a, &net->block[i].qkv);
        a = accord_nn_self_attention(t, a, HEADS, true);
        h = accord_nn_add(t, h, accord_nn_linear(t, a, &net->block[i].out));
        a = accord_nn_layer_norm(t, h, &net->block[i].norm2);
        a = accord_nn_dense(t, a, &net->block[i].up, ACCORD_NN_GELU);
        h = accord_nn_add(t, h, accord_nn_linear(t, a, &net->block[i].down));
    }
    h = accord_nn_linear(t, accord_nn_layer_norm(t, h, &net->norm), &net->head);
    return accord_nn_cross_entropy(t, h, next, -1);
}

void transformer_draw(int32_t *tokens, int32_t *next, uint64_t *rng) {
    for (int b = 0; b < NETS_BATCH; b++) {
        int32_t seen[NETS_TIME + 1];
        for (int i = 0; i <= NETS_TIME; i++)
            seen[i] = i < 2 ? (int32_t)accord_rng_below(rng, NETS_VOCABULARY)
                            : (seen[i - 1] + seen[i - 2]) % NETS_VOCABULARY;
        memcpy(tokens + b * NETS_TIME, seen, NETS_TIME * sizeof(*seen));
        memcpy(next + b * NETS_TIME, seen + 1, NETS_TIME * sizeof(*seen));
        next[b * NETS_TIME] = -1;
    }
}

accord_code critic_create(critic *net, uint64_t seed, accord_nn_err *err) {
    accord_nn_params *s = net->set = accord_nn_params_create();
    enum { FLAT = 4 * 6 * 6, IN = NETS_FEATURES + NETS_ACTIONS, HIDDEN = 32 };

    net->conv1 = accord_nn_conv2d_declare(s, "encoder.conv1", 3, 4, 3, 2, 0);
    net->conv2 = accord_nn_conv2d_declare(s, "encoder.conv2", 4, 4, 3, 1, 1);
    net->project = accord_nn_linear_declare(s, "encoder.project", FLAT, NETS_FEATURES);
    net->norm = accord_nn_layer_norm_declare(s, "encoder.norm", NETS_FEATURES);
    net->q1a = accord_nn_linear_declare(s, "q.1a", IN, HIDDEN);
    net->q1b = accord_nn_linear_declare(s, "q.1b", HIDDEN, 1);
    net->q2a = accord_nn_linear_declare(s, "q.2a", IN, HIDDEN);
    net->q2b = accord_nn_linear_declare(s, "q.2b", HIDDEN, 1);
    return finish(&net->set, seed, err);
}

tensor *critic_loss(accord_nn_tape *t, const critic *net, const float *pixels,
                    const float *action, const float *target) {
    tensor *x = accord_nn_input(t, pixels,
                                ACCORD_NN_SHAPE(NETS_BATCH, 3, NETS_PIXELS, NETS_PIXELS));
    tensor *y = accord_nn_input(t, target, ACCORD_NN_SHAPE(NETS_BATCH, 1));

    x = accord_nn_conv2d(t, x, &net->conv1, ACCORD_NN_RELU);
    x = accord_nn_conv2d(t, x, &net->conv2, ACCORD_NN_IDENTITY);
    x = accord_nn_reshape(t, x, ACCORD_NN_SHAPE(NETS_BATCH, x->size / NETS_BATCH));
    x = accord_nn_layer_norm(t, accord_nn_linear(t, x, &net->project), &net->norm);
    tensor *in[] = {
        accord_nn_tanh(t, x),
        accord_nn_input(t, action, ACCORD_NN_SHAPE(NETS_BATCH, NETS_ACTIONS))};
    x = accord_nn_concat(t, in, 2, 1);
    tensor *q1 =
        accord_nn_linear(t, accord_nn_dense(t, x, &net->q1a, ACCORD_NN_RELU), &net->q1b);
    tensor *q2 =
        accord_nn_linear(t, accord_nn_dense(t, x, &net->q2a, ACCORD_NN_RELU), &net->q2b);
    return accord_nn_add(t, accord_nn_mse(t, q1, y), accord_nn_mse(t, q2, y));
}

void critic_draw(float *pixels, float *action, float *target, uint64_t *rng) {
    enum { SIDE = 5, AREA = NETS_PIXELS * NETS_PIXELS };

    for (int i = 0; i < CRITIC_PIXELS; i++)
        pixels[i] = (float)(0.2 * accord_rng_uniform(rng));
    for (int b = 0; b < NETS_BATCH; b++) {
        size_t row = accord_rng_below(rng, NETS_PIXELS - SIDE + 1);
        size_t col = accord_rng_below(rng, NETS_PIXELS - SIDE + 1);
        for (size_t i = 0; i < 3 * SIDE * SIDE; i++)
            pixels[((size_t)b * 3 + i / SIDE / SIDE) * AREA +
                   (row + i / SIDE % SIDE) * NETS_PIXELS + col + i % SIDE] = 1.0f;
        for (int k = 0; k < NETS_ACTIONS; k++)
            action[b * NETS_ACTIONS + k] = (float)(2.0 * accord_rng_uniform(rng) - 1.0);
        target[b] = (float)row / 9.0f - 0.5f + ((float)col / 9.0f - 0.5f) * action[2 * b];
    }
}
