/* net.h - ECON's networks: what executors believe, do and expect, and what the team
 * expects.
 *
 * From the paper (Xie et al., ICML 2025): the parts and what each reads (sections 3.2 to
 * 3.4, Fig. 2), sizes (App. C.6), the action head, a mixer that never falls when a local
 * value rises.  Resolved here, where the paper is silent or contradicts itself: frozen
 * embeddings projected by one shared map; one LayerNorm'ed layer before the GRU; Q reads
 * belief and action through SiLU; the belief encoder takes beliefs as tokens; attention
 * weights of the mixer come from E and F only, so that it is monotone by construction; no
 * dropout.
 *
 * Rows are (stage, episode), stage first: R = stages x episodes; 1 when deciding. */
#ifndef ECON_NET_H
#define ECON_NET_H

#include "learner.h"

typedef const accord_nn_tensor econ_tensor;

/* B_i and its Q, one for each executor, not shared. */
typedef struct econ_executor {
    accord_nn_linear_layer trunk; /* 3d + 2 -> d, ReLU, then norm */
    accord_nn_norm_layer norm;
    accord_nn_gru_layer gru;         /* d -> d_b: the state is the belief */
    accord_nn_linear_layer q_belief; /* d_b -> d, with the bias of q's first layer */
    accord_nn_linear_layer q_action; /* 2 -> d, none: W [b; e] = W_b b + W_e e */
    accord_nn_linear_layer q_out;    /* d -> 1, after SiLU: smooth */
} econ_executor;

/* theta_B: the shared projection W_s and all executors.  W_s belongs to them all; its
 * gradient is that of the sum of their losses. */
typedef struct econ_beliefs {
    accord_nn_params *set;
    accord_nn_linear_layer project; /* W_s: width -> d, no bias: nothing said stays 0 */
    econ_executor executor[ECON_MAX_AGENTS];
} econ_beliefs;

/* The action heads, d_b -> 2 logits of each executor: what the actor's loss trains. */
typedef struct econ_actors {
    accord_nn_params *set;
    accord_nn_linear_layer head[ECON_MAX_AGENTS];
} econ_actors;

/* theta_e: f_e. */
typedef struct econ_encoder {
    accord_nn_params *set;
    accord_nn_linear_layer qkv, out, up, down, last;
    accord_nn_norm_layer norm1, norm2;
} econ_encoder;

/* One level of the mixer: m parts with values Q [R][m] and keys F [R][m][d], seen by a
 * group embedding E [R][d_b]:  Q_tot = sum_h |v_h(E)| sum_i a_hi Q_i + V(E),
 * a_h = softmax_i((W_h^q E).(W_h^k F_i) / sqrt(d / H)). */
typedef struct econ_level {
    accord_nn_linear_layer query, key, scale, base1, base2;
} econ_level;

/* phi. */
typedef struct econ_mixer {
    accord_nn_params *set;
    accord_nn_linear_layer lift, qkv;    /* actions attend to each other: w_i */
    accord_nn_linear_layer fuse1, fuse2; /* F_i = MLP([w_i; E]) */
    econ_level local;                    /* the same for all clusters */
    econ_level global;                   /* over clusters, where there are several */
} econ_mixer;

/* [worker] Makes a sealed set of its own with first values from `rng`; the set is the
 * caller's, also after a failure (accord_nn_params_destroy, NULL is allowed). */
accord_code econ_beliefs_create(econ_beliefs *net, const econ_config *c, uint64_t *rng,
                                accord_nn_err *err);
accord_code econ_actors_create(econ_actors *net, const econ_config *c, uint64_t *rng,
                               accord_nn_err *err);
accord_code econ_encoder_create(econ_encoder *net, const econ_config *c, uint64_t *rng,
                                accord_nn_err *err);
accord_code econ_mixer_create(econ_mixer *net, const econ_config *c, uint64_t *rng,
                              accord_nn_err *err);

/* What one executor sees in R rows: numbers of rows of the projected table, question,
 * strategy and commitment of each row [3][R], and the last actions [R][2]. */
typedef struct econ_seen {
    const int32_t *row[3];
    const float *last;
} econ_seen;

/* GRU's input h [R][d] from the projected table [m][d]. */
econ_tensor *econ_look(accord_nn_tape *t, const econ_executor *x, econ_tensor *table,
                       const econ_seen *seen, size_t rows);
/* The action in the unit square from a belief: [R][d_b] -> logits [R][2]. */
econ_tensor *econ_logits(accord_nn_tape *t, const accord_nn_linear_layer *head,
                         econ_tensor *belief);
/* Q_i(b, e): belief [R][d_b], action [R][2] -> [R][1]. */
econ_tensor *econ_q(accord_nn_tape *t, const econ_executor *x, econ_tensor *belief,
                    econ_tensor *action);
/* Q_i(b, g) for all g of a grid [G][2] -> [R][G]. */
econ_tensor *econ_q_grid(accord_nn_tape *t, const econ_executor *x, econ_tensor *belief,
                         econ_tensor *grid);

/* E: tokens [R][m][d_b] -> [R][d_b], whatever their order. */
econ_tensor *econ_encode(accord_nn_tape *t, const econ_encoder *net, econ_tensor *tokens,
                         size_t heads);

/* What the team looks like in R rows. */
typedef struct econ_team {
    econ_tensor *belief[ECON_MAX_AGENTS]; /* [R][d_b] */
    econ_tensor *action[ECON_MAX_AGENTS]; /* [R][2] of the unit square */
    econ_tensor *q[ECON_MAX_AGENTS];      /* [R][1] */
} econ_team;
/* What the coordinator makes of it. */
typedef struct econ_mixed {
    econ_tensor *e;                    /* [R][d_b] of the whole team */
    econ_tensor *f[ECON_MAX_CLUSTERS]; /* [R][n_k][d] */
    econ_tensor *q_tot;                /* [R][1] */
} econ_mixed;
econ_mixed econ_mix(accord_nn_tape *t, const econ_encoder *encoder, const econ_mixer *net,
                    const econ_config *c, const econ_team *team);

#endif
