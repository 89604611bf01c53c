/* learner.h - what ECON learns: beliefs, actions, values, the weights of the rewards.  It
 * knows no model and no task, so games and language models train the same code.
 *
 * Formulas are those of the paper (Xie et al., ICML 2025, arXiv 2506.08292) where it has
 * one, and else a resolved design; net.h and losses.h say which is which.  N executors
 * are in one or more clusters; arrays [n] run over executors, cluster after cluster. */
#ifndef ECON_LEARNER_H
#define ECON_LEARNER_H

#include <stdbool.h>

#include <accord/nn.h>

enum {
    ECON_MAX_AGENTS = 16,
    ECON_MAX_CLUSTERS = 4,
    ECON_MAX_STAGES = 4, /* stage 1 and at most three of stage 2 */
    ECON_REWARDS = 3
};
enum { ECON_AL, ECON_TS, ECON_CC }; /* action likelihood, task specific, contribution */

typedef struct econ_config {
    uint32_t n; /* executors */
    uint32_t n_clusters;
    uint32_t cluster[ECON_MAX_CLUSTERS]; /* executors in each */
    uint32_t width;                      /* of the embeddings */
    uint32_t entity, belief, heads;      /* d, d_b, H: 256, 128, 4 */
    double t_min, t_max, p_min, p_max;   /* the box of actions */
    double discount;                     /* 0.99 */
    double rate, rate_coordinator;       /* 1e-3, 5e-4 */
    double lambda_e, lambda_m, lambda_b; /* 0.1 each */
    double tau;                          /* of the targets' soft update: 0.05 */
    double clip;                         /* of the gradients' norm: 10 */
    uint32_t buffer, batch;              /* episodes: 256 (the paper: 32), 16 */
    uint32_t update_every, updates;      /* episodes: 8; steps at each update: 8 (with 1,
                                          * some hundred episodes teach nothing) */
    double noise_start, noise_end;       /* exploration: std on the actions' logits */
    uint64_t noise_episodes;             /* over which it falls from start to end */
    uint32_t grid_t, grid_p;             /* for the maximum over actions: 7 x 5 */
    double alpha[ECON_REWARDS];          /* first weights: 0.4, 0.4, 0.2 */
    double alpha_rate, alpha_ts_min;     /* 1e-3 (0: fixed), 0.2 */
    uint64_t seed;
    double beta; /* r_i <- (1 - beta) r_i + beta R_k, of more than one cluster: 0.1 */
    double rate_actor; /* of the action heads */
    double rate_decay; /* rates are divided by sqrt(1 + steps / rate_decay); 0: never */
} econ_config;
/* What games are learned with; n, width and seed are to be set.  The plugin's options
 * (options.c) have defaults of their own, nearer the paper's: buffer 32, updates 1, tau
 * 0.01; of these it takes the grid alone.  One cluster is all n, whatever cluster[0]
 * says. */
extern const econ_config econ_defaults;

typedef struct econ_learner econ_learner;

/* [worker] ACCORD_E_ARG for a configuration that does not fit. */
accord_code econ_learner_check(const econ_config *c, accord_nn_err *err);
/* [worker] Of one that does; ACCORD_E_ARG, ACCORD_E_NOMEM. */
accord_code econ_learner_create(const econ_config *c, econ_learner **out,
                                accord_nn_err *err);
/* [worker] NULL is allowed. */
void econ_learner_destroy(econ_learner *l);

/* What one executor sees at a stage, [width] each, borrowed for the call: question,
 * strategy, the coordinator's last final output.  NULL is all 0. */
typedef struct econ_view {
    const float *question, *strategy, *commitment;
} econ_view;

typedef struct econ_action {
    double temperature, top_p;
    float unit[2]; /* the same in [0, 1] x [0, 1] of the box */
} econ_action;

/* An episode on its way: beliefs and last actions of its executors.  A plain value;
 * begins with econ_mind_begin(). */
typedef struct econ_mind {
    uint32_t stage; /* decided so far */
    float belief[ECON_MAX_AGENTS][256];
    float last[ECON_MAX_AGENTS][2];
} econ_mind;
void econ_mind_begin(econ_mind *m);

/* [worker] The next stage of an episode: updates the beliefs and chooses action[n].  With
 * `rng` exploring (std `noise` on the logits), NULL: the learnt action, which learnt[n]
 * gets in any case (NULL is allowed).  To play something else, overwrite m->last with it
 * (econ_mind_played). */
accord_code econ_decide(econ_learner *l, econ_mind *m, const econ_view *view /* [n] */,
                        double noise, uint64_t *rng, econ_action *action,
                        econ_action *learnt, accord_nn_err *err);
/* [any] The exploration noise after `episodes` of training. */
double econ_noise(const econ_config *c, uint64_t episodes);
/* [any] An action of the box from its place in the unit square. */
econ_action econ_action_at(const econ_config *c, float t, float p);
/* [any] Says that the executors played action[n] instead of what was decided. */
void econ_mind_played(const econ_config *c, econ_mind *m, const econ_action *action);

/* What one stage of an episode came to; pointers borrowed, copied by econ_observe(). */
typedef struct econ_stage {
    econ_view view[ECON_MAX_AGENTS];
    econ_action action[ECON_MAX_AGENTS];
    double reward[ECON_MAX_AGENTS][ECON_REWARDS]; /* each at most 1 */
    double
        cluster_reward[ECON_MAX_CLUSTERS]; /* R_k, of more than one cluster; see beta */
    double team; /* r_tot where it is not the mean of r_i; NaN: the mean */
    const float
        *commitment; /* [width]: what the coordinator made of it; NULL: none (no L_SD) */
} econ_stage;

/* [worker] A finished episode of 1 to ECON_MAX_STAGES stages goes into the buffer; when
 * update_every episodes have come since the last update, the networks learn.
 * ACCORD_E_ARG, and nothing is changed, for rewards or embeddings that are not finite and
 * actions outside of the box.  An embedding that several executors or stages share should
 * be one pointer: it is then kept and projected once. */
typedef struct econ_losses {
    bool updated;
    bool skipped; /* a gradient was not finite: that step was left out, and the losses
                   * below lack its share */
    double td, td_total, encoder, mixer, difference,
        reward; /* sum of L_TD^i, L_TD^tot, L_e, L_mix, L_SD, L_dr */
    double alpha[ECON_REWARDS];
} econ_losses;
accord_code econ_observe(econ_learner *l, const econ_stage *stages, uint32_t n_stages,
                         econ_losses *losses, accord_nn_err *err);
/* [any] r_i of a stage under the learnt weights. */
double econ_reward(const econ_learner *l, const double reward[ECON_REWARDS]);
/* [any] Training episodes observed. */
uint64_t econ_episodes(const econ_learner *l);

/* [worker] All that the next step depends on, in the folder `dir`. */
accord_code econ_learner_save(econ_learner *l, const char *dir, accord_nn_err *err);
/* [worker] Nothing is changed on failure. */
accord_code econ_learner_load(econ_learner *l, const char *dir, accord_nn_err *err);

#endif
