/* losses.h - what trains which network.
 *
 * From the paper (Xie et al., ICML 2025, sections 3.2 to 3.5): L_TD^i, L_TD^tot, L_SD,
 * L_e, L_mix, L_dr.  Resolved here:
 *   - the maximum over actions is taken over a grid of the box, by the target networks.
 *     The joint one is taken as each executor's own: exact were the mixer's attention
 *     held still, since it is monotone in the values; but it reads the actions too, so it
 *     is a lower estimate of the joint maximum, without a sweep over the executors;
 *   - after the last stage of an episode there is no next value;
 *   - the third term of L_mix, lambda_m sum_i (Q_i - Q_tot)^2, holds Q_tot still and
 *     trains the executors: the other way round it would align nothing;
 *   - L_e's lambda_e sum_i L_TD^i does not depend on theta_e: it counts in its value
 *     only;
 *   - sim(F_i, C) is the cosine of F_i with W_s C, the embedding of the stage's final
 *     output as the executors see it, held still;
 *   - the action heads ascend Q_i(b_i, e_i(b_i)) with b_i and Q_i held still; they train
 *     nothing else and nothing else trains them.
 * Means run over the rows that count, sums over the executors. */
#ifndef ECON_LOSSES_H
#define ECON_LOSSES_H

#include "net.h"
#include "replay.h"

/* The networks that values come from: once learning, once as slow targets. */
typedef struct econ_nets {
    econ_beliefs beliefs;
    econ_encoder encoder;
    econ_mixer mixer;
} econ_nets;

/* What a batch comes to before anything is differentiated, [rows] each. */
typedef struct econ_targets {
    float *reward[ECON_MAX_AGENTS]; /* r_i under the weights, with R_k in it */
    float *next[ECON_MAX_AGENTS];   /* gamma max_e Q_i' of the next stage, or 0 */
    float *local[ECON_MAX_AGENTS];  /* their sum: what L_TD^i wants */
    float *total;                   /* what L_TD^tot wants */
    float *best[ECON_MAX_AGENTS];   /* [rows][2] scratch: arg max of the target's Q_i */
    void *memory;
} econ_targets;
/* [worker] Free with econ_targets_free, also after a failure. */
accord_code econ_targets_init(econ_targets *y, const econ_config *c, accord_nn_err *err);
void econ_targets_free(econ_targets *y);

/* [worker] Fills y; `target` is not recorded on the tape. */
accord_code econ_targets_fill(econ_targets *y, accord_nn_tape *t, const econ_config *c,
                              const econ_nets *target, const econ_batch *b,
                              const double alpha[ECON_REWARDS], econ_tensor *grid,
                              accord_nn_err *err);

/* The losses as scalars on the tape. */
typedef struct econ_graph {
    econ_tensor *table;              /* projected embeddings */
    econ_tensor *q[ECON_MAX_AGENTS]; /* [rows][1] */
    econ_tensor *td;                 /* sum_i L_TD^i */
    econ_tensor *align;      /* lambda_m sum_i (Q_i - Q_tot)^2, Q_tot held still */
    econ_tensor *executors;  /* td + align: trains theta_B */
    econ_tensor *td_total;   /* L_TD^tot: trains theta_e */
    econ_tensor *difference; /* L_SD */
    econ_tensor *mixer;      /* td_total + difference: trains phi */
    econ_tensor *actor;      /* - sum_i Q_i(b_i, e_i(b_i)): trains the heads */
} econ_graph;
econ_graph econ_graph_build(accord_nn_tape *t, const econ_config *c, const econ_nets *net,
                            const econ_actors *actors, const econ_batch *b,
                            const econ_targets *y);

/* belief[i] [rows][d_b] of all stages, unrolled from 0; returns the projected embeddings
 * [b->embedded][d]. */
econ_tensor *econ_unroll(accord_nn_tape *t, const econ_config *c, const econ_beliefs *net,
                         const econ_batch *b, econ_tensor **belief);

/* L_dr = sum_i (r_i - expected_i)^2 with expected_i = Q_i - gamma max Q_i', held still,
 * and its gradient by the weights alpha, through r_i alone. */
double econ_reward_loss(const econ_config *c, const econ_batch *b, const econ_targets *y,
                        const econ_graph *g, double gradient[ECON_REWARDS]);

#endif
