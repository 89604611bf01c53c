/* losses.c - the losses on the tape; see losses.h. */
#include "losses.h"

void econ_unroll(accord_nn_tape *t, const econ_config *c, const econ_beliefs *net,
                 const econ_batch *b, econ_tensor **belief) {
    econ_tensor *z = accord_nn_input(t, b->table, ACCORD_NN_SHAPE(b->embedded, c->width));
    econ_tensor *table = accord_nn_linear(t, z, &net->project);
    econ_tensor *begin =
        accord_nn_constant(t, 0, ACCORD_NN_SHAPE(b->episodes, c->belief));

    for (uint32_t i = 0; i < c->n; i++) {
        econ_seen seen = {.row = {b->view[i][0], b->view[i][1], b->view[i][2]},
                          .last = b->last[i]};
        econ_tensor *h = econ_look(t, &net->executor[i], table, &seen, b->rows);
        h = accord_nn_reshape(t, h, ACCORD_NN_SHAPE(b->stages, b->episodes, c->entity));
        h = accord_nn_gru_sequence(t, h, begin, &net->executor[i].gru);
        belief[i] = accord_nn_reshape(t, h, ACCORD_NN_SHAPE(b->rows, c->belief));
    }
}

/* Mean over the rows that count of x [rows][1]. */
static econ_tensor *mean_of(accord_nn_tape *t, const econ_batch *b, econ_tensor *x) {
    econ_tensor *counts = accord_nn_input(t, b->counts, ACCORD_NN_SHAPE(b->rows, 1));
    econ_tensor *sum = accord_nn_sum(t, accord_nn_mul(t, x, counts), ACCORD_NN_ALL);

    return accord_nn_affine(t, sum, (float)(1.0 / b->counted), 0);
}

static econ_tensor *squared_error(accord_nn_tape *t, const econ_batch *b, econ_tensor *x,
                                  econ_tensor *y) {
    return mean_of(t, b, accord_nn_square(t, accord_nn_sub(t, x, y)));
}

static econ_tensor *plus(accord_nn_tape *t, econ_tensor *sum, econ_tensor *x) {
    return sum ? accord_nn_add(t, sum, x) : x;
}

/* lambda_b sum_i (1 - cos(F_i, C))^2 over the rows with a final output. */
static econ_tensor *difference(accord_nn_tape *t, const econ_config *c,
                               const econ_mixer *net, const econ_batch *b,
                               const econ_mixed *mixed) {
    econ_tensor *z = accord_nn_input(t, b->table, ACCORD_NN_SHAPE(b->embedded, c->width));
    econ_tensor *said = accord_nn_gather(t, z, b->commitment, b->rows);
    econ_tensor *sum = NULL;

    for (uint32_t k = 0; k < c->n_clusters; k++)
        for (size_t i = 0; i < mixed->f[k]->shape[1]; i++) {
            econ_tensor *f = accord_nn_slice(t, mixed->f[k], 1, i, i + 1);
            f = accord_nn_reshape(t, f, ACCORD_NN_SHAPE(b->rows, c->entity));
            f = accord_nn_cosine(t, accord_nn_linear(t, f, &net->commitment), said);
            sum = plus(t, sum, accord_nn_square(t, accord_nn_affine(t, f, -1, 1)));
        }
    econ_tensor *has = accord_nn_input(t, b->committed, ACCORD_NN_SHAPE(b->rows));
    sum = accord_nn_sum(t, accord_nn_mul(t, sum, has), ACCORD_NN_ALL);
    return accord_nn_affine(t, sum, (float)(c->lambda_b / b->counted), 0);
}

static econ_tensor *column(accord_nn_tape *t, const econ_batch *b, const float *x) {
    return accord_nn_input(t, x, ACCORD_NN_SHAPE(b->rows, 1));
}

/* The actor's loss of executor i. */
static econ_tensor *missed(accord_nn_tape *t, const econ_batch *b, const econ_executor *x,
                           const accord_nn_linear_layer *head, econ_tensor *belief) {
    econ_tensor *e = accord_nn_sigmoid(t, econ_logits(t, head, belief));

    return accord_nn_affine(t, mean_of(t, b, econ_q(t, x, belief, e)), -1, 0);
}

/* Beliefs, local values and what hangs on them alone; the team as the coordinator sees
 * it: held still. */
static econ_team local_losses(accord_nn_tape *t, const econ_config *c,
                              const econ_nets *net, const econ_actors *actors,
                              const econ_batch *b, const econ_targets *y, econ_graph *g) {
    econ_tensor *belief[ECON_MAX_AGENTS];
    econ_team team = {0};

    econ_unroll(t, c, &net->beliefs, b, belief);
    for (uint32_t i = 0; i < c->n; i++) {
        const econ_executor *x = &net->beliefs.executor[i];
        team.action[i] = accord_nn_input(t, b->action[i], ACCORD_NN_SHAPE(b->rows, 2));
        g->q[i] = econ_q(t, x, belief[i], team.action[i]);
        team.belief[i] = accord_nn_detach(t, belief[i]);
        team.q[i] = accord_nn_detach(t, g->q[i]);
        g->td = plus(t, g->td, squared_error(t, b, g->q[i], column(t, b, y->local[i])));
        g->actor = plus(t, g->actor, missed(t, b, x, &actors->head[i], team.belief[i]));
    }
    return team;
}

econ_graph econ_graph_build(accord_nn_tape *t, const econ_config *c, const econ_nets *net,
                            const econ_actors *actors, const econ_batch *b,
                            const econ_targets *y) {
    econ_graph g = {0};
    econ_team team = local_losses(t, c, net, actors, b, y, &g);
    econ_mixed mixed = econ_mix(t, &net->encoder, &net->mixer, c, &team);
    econ_tensor *q_tot = accord_nn_detach(t, mixed.q_tot);
    econ_tensor *align = NULL;

    for (uint32_t i = 0; i < c->n; i++)
        align = plus(t, align, squared_error(t, b, g.q[i], q_tot));
    g.align = accord_nn_affine(t, align, (float)c->lambda_m, 0);
    g.executors = accord_nn_add(t, g.td, g.align);
    g.td_total = squared_error(t, b, mixed.q_tot, column(t, b, y->total));
    g.difference = difference(t, c, &net->mixer, b, &mixed);
    return g;
}

double econ_reward_loss(const econ_config *c, const econ_batch *b, const econ_targets *y,
                        const econ_graph *g, double gradient[ECON_REWARDS]) {
    double loss = 0, own = c->n_clusters > 1 ? 1 - c->beta : 1;

    for (int k = 0; k < ECON_REWARDS; k++)
        gradient[k] = 0;
    for (uint32_t i = 0; i < c->n; i++)
        for (size_t row = 0; row < b->rows; row++) {
            const float *r = b->reward[i] + row * ECON_REWARDS;
            double error = (double)y->reward[i][row] -
                           ((double)g->q[i]->data[row] - (double)y->next[i][row]);
            double weight = (double)b->counts[row] / b->counted;
            loss += weight * error * error;
            for (int k = 0; k < ECON_REWARDS; k++)
                gradient[k] += 2 * weight * error * own * (double)r[k];
        }
    return loss;
}
