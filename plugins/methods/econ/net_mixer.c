/* net_mixer.c - the belief encoder and the monotone mixer; see net.h. */
#include "net.h"

#include <math.h>

econ_tensor *econ_encode(accord_nn_tape *t, const econ_encoder *net, econ_tensor *tokens,
                         size_t heads) {
    econ_tensor *a = accord_nn_linear(t, tokens, &net->qkv);

    a = accord_nn_linear(t, accord_nn_self_attention(t, a, heads, false), &net->out);
    econ_tensor *x = accord_nn_layer_norm(t, accord_nn_add(t, tokens, a), &net->norm1);
    a = accord_nn_linear(t, accord_nn_dense(t, x, &net->up, ACCORD_NN_RELU), &net->down);
    x = accord_nn_layer_norm(t, accord_nn_add(t, x, a), &net->norm2);
    return accord_nn_linear(t, accord_nn_mean(t, x, 1), &net->last);
}

/* x[0 .. n - 1], each [R][w], side by side: [R][n][w]. */
static econ_tensor *stack(accord_nn_tape *t, econ_tensor *const *x, size_t n) {
    econ_tensor *row[ECON_MAX_AGENTS];

    for (size_t i = 0; i < n; i++)
        row[i] = accord_nn_reshape(t, x[i],
                                   ACCORD_NN_SHAPE(x[i]->shape[0], 1, x[i]->shape[1]));
    return accord_nn_concat(t, row, n, 1);
}

/* a_hi of econ_level: E [R][d_b], F [R][m][d] -> [R][H][m]. */
static econ_tensor *attend(accord_nn_tape *t, const econ_level *net, econ_tensor *e,
                           econ_tensor *f, size_t heads) {
    econ_tensor *q = accord_nn_linear(t, e, &net->query);
    econ_tensor *k = accord_nn_linear(t, f, &net->key);
    size_t rows = f->shape[0], m = f->shape[1], width = f->shape[2] / heads;

    q = accord_nn_reshape(t, q, ACCORD_NN_SHAPE(rows, 1, f->shape[2]));
    econ_tensor *a = accord_nn_reshape(t, accord_nn_mul(t, k, q),
                                       ACCORD_NN_SHAPE(rows, m, heads, width));
    a = accord_nn_transpose(t, accord_nn_sum(t, a, 3), 1, 2);
    return accord_nn_softmax(t, accord_nn_affine(t, a, 1.0f / sqrtf((float)width), 0.0f));
}

/* Q_tot of one level: Q [R][m] -> [R][1].  Nothing that reads Q bends it: the weights are
 * softmax times absolute value, so no partial derivative is negative. */
static econ_tensor *mix_level(accord_nn_tape *t, const econ_level *net, econ_tensor *e,
                              econ_tensor *f, econ_tensor *q, size_t heads) {
    size_t rows = q->shape[0], m = q->shape[1];
    econ_tensor *a = attend(t, net, e, f, heads);

    q = accord_nn_reshape(t, q, ACCORD_NN_SHAPE(rows, 1, m));
    econ_tensor *z = accord_nn_sum(t, accord_nn_mul(t, a, q), 2);
    econ_tensor *v = accord_nn_abs(t, accord_nn_linear(t, e, &net->scale));
    econ_tensor *sum = accord_nn_sum(t, accord_nn_mul(t, v, z), 1);
    econ_tensor *base = accord_nn_dense(t, e, &net->base1, ACCORD_NN_RELU);
    return accord_nn_add(t, accord_nn_reshape(t, sum, ACCORD_NN_SHAPE(rows, 1)),
                         accord_nn_linear(t, base, &net->base2));
}

/* F_i of one cluster: actions [R][m][2], E [R][d_b] -> [R][m][d]. */
static econ_tensor *fuse(accord_nn_tape *t, const econ_mixer *net, econ_tensor *actions,
                         econ_tensor *e, size_t heads) {
    econ_tensor *w = accord_nn_linear(t, actions, &net->lift);
    size_t m = actions->shape[1];
    econ_tensor *copies[ECON_MAX_AGENTS];

    w = accord_nn_self_attention(t, accord_nn_linear(t, w, &net->qkv), heads, false);
    for (size_t i = 0; i < m; i++)
        copies[i] = e;
    econ_tensor *both[] = {w, stack(t, copies, m)};
    econ_tensor *f = accord_nn_concat(t, both, 2, 2);
    return accord_nn_linear(t, accord_nn_dense(t, f, &net->fuse1, ACCORD_NN_RELU),
                            &net->fuse2);
}

/* One cluster of m executors from `first` on. */
static econ_mixed mix_cluster(accord_nn_tape *t, const econ_encoder *encoder,
                              const econ_mixer *net, const econ_team *team, size_t first,
                              size_t m, size_t heads) {
    econ_mixed out;

    out.e = econ_encode(t, encoder, stack(t, team->belief + first, m), heads);
    out.f[0] = fuse(t, net, stack(t, team->action + first, m), out.e, heads);
    econ_tensor *q = accord_nn_concat(t, team->q + first, m, 1);
    out.q_tot = mix_level(t, &net->local, out.e, out.f[0], q, heads);
    return out;
}

econ_mixed econ_mix(accord_nn_tape *t, const econ_encoder *encoder, const econ_mixer *net,
                    const econ_config *c, const econ_team *team) {
    econ_tensor *e[ECON_MAX_CLUSTERS], *f[ECON_MAX_CLUSTERS], *q[ECON_MAX_CLUSTERS];
    econ_mixed out = {0};

    if (c->n_clusters < 2)
        return mix_cluster(t, encoder, net, team, 0, c->n, c->heads);
    for (size_t k = 0, first = 0; k < c->n_clusters; first += c->cluster[k++]) {
        econ_mixed one =
            mix_cluster(t, encoder, net, team, first, c->cluster[k], c->heads);
        e[k] = one.e;
        out.f[k] = one.f[0];
        f[k] = accord_nn_mean(t, one.f[0], 1);
        q[k] = one.q_tot;
    }
    out.e = econ_encode(t, encoder, stack(t, e, c->n_clusters), c->heads);
    out.q_tot = mix_level(t, &net->global, out.e, stack(t, f, c->n_clusters),
                          accord_nn_concat(t, q, c->n_clusters, 1), c->heads);
    return out;
}
