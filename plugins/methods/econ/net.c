/* net.c - makes the networks' sets and their first values; see net.h. */
#include "net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

static bool ends_in(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Weights of an action in Q's first layer, and how far its biases reach: the units bend
 * inside of the box, so Q can have its maximum there from the beginning; units that bend
 * outside would make it a plane, on which the actor runs into a corner. */
static const double bend = 1.5;

/* What scales an orthogonal matrix by what follows it.  Values and actions begin near 0:
 * nobody has an opinion yet.  Embeddings have length 1, so their elements are small; the
 * projection brings them to the size of the actions beside them. */
static double gain_of(const accord_nn_param *p) {
    static const struct {
        const char *end;
        double gain;
    } table[] = {{"trunk.weight", 1.4142}, {"fuse1.weight", 1.4142},
                 {"up.weight", 1.4142},    {"base1.weight", 1.4142},
                 {"q_out.weight", 0.1},    {"head.weight", 0.01},
                 {"scale.weight", 0.01},   {"base2.weight", 0.1}};

    if (strcmp(p->name, "project.weight") == 0)
        return sqrt((double)p->shape[1]);
    if (ends_in(p->name, "q_action.weight"))
        return bend * sqrt((double)p->shape[0]);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (ends_in(p->name, table[i].end))
            return table[i].gain;
    return 1.0;
}

static accord_code finish(accord_nn_params *set, uint64_t *rng, accord_nn_err *err) {
    accord_code rc = accord_nn_params_seal(set, err);

    for (size_t i = 0; !rc && i < accord_nn_params_count(set); i++) {
        accord_nn_param *p = accord_nn_params_at(set, i);
        if (p->rank == 2 && (rc = accord_nn_init_orthogonal(p, gain_of(p), rng)))
            return accord_nn_fail(err, rc, "%s: out of memory", p->name);
        for (size_t k = 0; ends_in(p->name, "q_belief.bias") && k < p->size; k++)
            p->value[k] = (float)(bend * (2 * accord_rng_uniform(rng) - 1));
    }
    return rc;
}

/* "prefix.part" */
static const char *name_of(char *text, size_t size, const char *prefix,
                           const char *part) {
    snprintf(text, size, "%s.%s", prefix, part);
    return text;
}

static accord_nn_linear_layer linear(accord_nn_params *set, const char *prefix,
                                     const char *part, size_t n_in, size_t n_out) {
    char name[64];

    return accord_nn_linear_declare(set, name_of(name, sizeof(name), prefix, part), n_in,
                                    n_out);
}

/* A linear layer without a bias. */
static accord_nn_linear_layer matrix(accord_nn_params *set, const char *name, size_t n_in,
                                     size_t n_out) {
    return (accord_nn_linear_layer){
        .weight = accord_nn_param_add(set, name, 0, ACCORD_NN_SHAPE(n_out, n_in))};
}

static econ_executor executor_declare(accord_nn_params *set, const econ_config *c,
                                      uint32_t i) {
    char prefix[32], name[64];
    econ_executor x;

    snprintf(prefix, sizeof(prefix), "executor.%u", i);
    x.trunk = linear(set, prefix, "trunk", 3 * (size_t)c->entity + 2, c->entity);
    x.norm = accord_nn_layer_norm_declare(
        set, name_of(name, sizeof(name), prefix, "norm"), c->entity);
    x.gru = accord_nn_gru_declare(set, name_of(name, sizeof(name), prefix, "gru"),
                                  c->entity, c->belief);
    x.q_belief = linear(set, prefix, "q_belief", c->belief, c->entity);
    x.q_action =
        matrix(set, name_of(name, sizeof(name), prefix, "q_action.weight"), 2, c->entity);
    x.q_out = linear(set, prefix, "q_out", c->entity, 1);
    return x;
}

accord_code econ_beliefs_create(econ_beliefs *net, const econ_config *c, uint64_t *rng,
                                accord_nn_err *err) {
    memset(net, 0, sizeof(*net));
    net->set = accord_nn_params_create();
    net->project = matrix(net->set, "project.weight", c->width, c->entity);
    for (uint32_t i = 0; i < c->n; i++)
        net->executor[i] = executor_declare(net->set, c, i);
    return finish(net->set, rng, err);
}

accord_code econ_actors_create(econ_actors *net, const econ_config *c, uint64_t *rng,
                               accord_nn_err *err) {
    char prefix[32];

    memset(net, 0, sizeof(*net));
    net->set = accord_nn_params_create();
    for (uint32_t i = 0; i < c->n; i++) {
        snprintf(prefix, sizeof(prefix), "executor.%u", i);
        net->head[i] = linear(net->set, prefix, "head", c->belief, 2);
    }
    return finish(net->set, rng, err);
}

accord_code econ_encoder_create(econ_encoder *net, const econ_config *c, uint64_t *rng,
                                accord_nn_err *err) {
    size_t d = c->belief;
    accord_nn_params *set = accord_nn_params_create();

    net->set = set;
    net->qkv = linear(set, "encoder", "qkv", d, 3 * d);
    net->out = linear(set, "encoder", "out", d, d);
    net->norm1 = accord_nn_layer_norm_declare(set, "encoder.norm1", d);
    net->up = linear(set, "encoder", "up", d, 4 * d);
    net->down = linear(set, "encoder", "down", 4 * d, d);
    net->norm2 = accord_nn_layer_norm_declare(set, "encoder.norm2", d);
    net->last = linear(set, "encoder", "last", d, d);
    return finish(set, rng, err);
}

/* Keys have no bias: the softmax would not see it. */
static econ_level level_declare(accord_nn_params *set, const char *prefix,
                                const econ_config *c) {
    char name[64];

    return (econ_level){.query = linear(set, prefix, "query", c->belief, c->entity),
                        .key =
                            matrix(set, name_of(name, sizeof(name), prefix, "key.weight"),
                                   c->entity, c->entity),
                        .scale = linear(set, prefix, "scale", c->belief, c->heads),
                        .base1 = linear(set, prefix, "base1", c->belief, c->entity),
                        .base2 = linear(set, prefix, "base2", c->entity, 1)};
}

accord_code econ_mixer_create(econ_mixer *net, const econ_config *c, uint64_t *rng,
                              accord_nn_err *err) {
    size_t d = c->entity;
    accord_nn_params *set = accord_nn_params_create();

    memset(net, 0, sizeof(*net));
    net->set = set;
    net->lift = linear(set, "mixer", "lift", 2, d);
    net->qkv = linear(set, "mixer", "qkv", d, 3 * d);
    net->fuse1 = linear(set, "mixer", "fuse1", d + c->belief, d);
    net->fuse2 = linear(set, "mixer", "fuse2", d, d);
    net->local = level_declare(set, "local", c);
    if (c->n_clusters > 1)
        net->global = level_declare(set, "global", c);
    accord_code rc = finish(set, rng, err);
    if (rc)
        return rc;
    /* The team's value begins as the heads' mean. */
    accord_nn_init_fill(net->local.scale.bias, 1.0f / (float)c->heads);
    accord_nn_init_fill(net->global.scale.bias, 1.0f / (float)c->heads);
    return ACCORD_OK;
}
