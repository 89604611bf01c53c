/* net.c - see net.h. */
#include "net.h"

#include <math.h>
#include <string.h>

enum { EMBED, POSITION, LAYER };                      /* first parameters, by shape.h */
enum { NORM1, QKV, OUT, NORM2, UP, DOWN, PER_LAYER }; /* of each layer */

typedef const accord_nn_tensor tensor;

static int ends_in(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);

    return n >= m && strcmp(name + n - m, end) == 0;
}

static void first_values(const pocket_net *net, uint64_t seed) {
    for (size_t i = 0; i < accord_nn_params_count(net->set); i++) {
        accord_nn_param *p = accord_nn_params_at(net->set, i);
        double std = i < LAYER ? 0.05 : 1 / sqrt((double)p->shape[p->rank - 1]);
        if (p->rank < 2)
            continue;
        if (ends_in(p->name, ".out") || ends_in(p->name, ".down"))
            std /= sqrt(2.0 * net->shape.layers);
        accord_nn_init_truncated_normal(p, std, &seed);
    }
}

accord_code pocket_net_create(const struct pocket_shape *shape, uint64_t seed,
                              pocket_net *out, accord_nn_err *err) {
    struct pocket_tensor t;

    *out = (pocket_net){.shape = *shape, .set = accord_nn_params_create()};
    for (size_t i = 0; i < pocket_shape_count(shape); i++) {
        pocket_shape_tensor(shape, i, &t);
        if (t.is_gain)
            out->gain[i] = (accord_nn_norm_layer){
                .gain =
                    accord_nn_param_add(out->set, t.name, 1, ACCORD_NN_SHAPE(t.columns)),
                .eps = 1e-5f};
        else
            out->matrix[i].weight = accord_nn_param_add(
                out->set, t.name, 0, ACCORD_NN_SHAPE(t.rows, t.columns));
    }
    out->embed.weight = out->matrix[EMBED].weight;
    accord_code rc = accord_nn_params_seal(out->set, err);
    if (rc) {
        pocket_net_destroy(out);
        return rc;
    }
    first_values(out, seed);
    return ACCORD_OK;
}

void pocket_net_destroy(pocket_net *net) {
    accord_nn_params_destroy(net->set);
    net->set = NULL;
}

static size_t place_of(uint32_t layer, size_t part) {
    return LAYER + layer * (size_t)PER_LAYER + part;
}

/* Only what is wanted goes on: [rows][time][width] -> [n_wanted][width]. */
static tensor *pick(accord_nn_tape *t, tensor *x, const pocket_batch *b) {
    size_t width = x->shape[2];

    x = accord_nn_reshape(t, x, ACCORD_NN_SHAPE(b->rows * b->time, width));
    return accord_nn_gather(t, x, b->at, b->n_wanted);
}

/* Past its attention, the last layer has to do with wanted positions only. */
static tensor *run_layer(accord_nn_tape *t, const pocket_net *net, uint32_t i, tensor *x,
                         const pocket_batch *b) {
    const accord_nn_linear_layer *matrix = &net->matrix[place_of(i, 0)];
    const accord_nn_norm_layer *gain = &net->gain[place_of(i, 0)];
    tensor *a = accord_nn_rms_norm(t, x, &gain[NORM1]);

    a = accord_nn_linear(t, a, &matrix[QKV]);
    a = accord_nn_self_attention(t, a, net->shape.heads, true);
    if (i == net->shape.layers - 1) {
        a = pick(t, a, b);
        x = pick(t, x, b);
    }
    x = accord_nn_add(t, x, accord_nn_linear(t, a, &matrix[OUT]));
    a = accord_nn_rms_norm(t, x, &gain[NORM2]);
    a = accord_nn_dense(t, a, &matrix[UP], ACCORD_NN_RELU);
    return accord_nn_add(t, x, accord_nn_linear(t, a, &matrix[DOWN]));
}

tensor *pocket_net_logits(accord_nn_tape *t, const pocket_net *net,
                          const pocket_batch *b) {
    const accord_nn_param *embed = net->matrix[EMBED].weight;
    tensor *place = accord_nn_use(t, net->matrix[POSITION].weight);
    tensor *x =
        accord_nn_embedding(t, b->tokens, ACCORD_NN_SHAPE(b->rows, b->time), &net->embed);

    x = accord_nn_add(t, x, accord_nn_slice(t, place, 0, 0, b->time));
    for (uint32_t i = 0; i < net->shape.layers; i++)
        x = run_layer(t, net, i, x, b);
    x = accord_nn_rms_norm(t, x, &net->gain[place_of(net->shape.layers, 0)]);
    return accord_nn_matmul_t(t, x, accord_nn_use(t, embed));
}

tensor *pocket_net_loss(accord_nn_tape *t, const pocket_net *net,
                        const pocket_batch *batch) {
    return accord_nn_cross_entropy(t, pocket_net_logits(t, net, batch), batch->next, -1);
}
