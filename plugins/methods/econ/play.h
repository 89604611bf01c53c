/* play.h - one question played: the instance, an episode and its stages.  The parts of a
 * stage are strategy.h, act.h, commit.h and rewards.h; play.c puts them together. */
#ifndef ECON_PLAY_H
#define ECON_PLAY_H

#include <accord/chat.h>

#include "answer.h"
#include "options.h"
#include "panel.h"
#include "probe.h"

typedef struct econ {
    const accord_host *host;
    const accord_models_service *models;
    const accord_canon_service *canon;
    const accord_trace_service *trace;
    const accord_train_score_service *score;
    const accord_metrics_service *metrics;
    const accord_random_service *random;
    econ_options o;
    econ_panel panel;
    double score_min, score_max; /* the task's */
    uint64_t budget;             /* of training, in episodes */
    bool learns;                 /* false: a control of the action */
    econ_learner *learner;       /* NULL until econ_need_learner() */
    econ_probe probe;
} econ;

/* What one stage came to. */
typedef struct econ_turn {
    econ_action action[ECON_MAX_AGENTS];  /* as played */
    econ_action learnt[ECON_MAX_AGENTS];  /* without exploration */
    econ_answer said[ECON_MAX_AGENTS];    /* by the executors */
    econ_answer local[ECON_MAX_CLUSTERS]; /* c_k; of clusters only */
    econ_answer final;                    /* C; canon NULL: undetermined */
    double assessed[ECON_MAX_AGENTS];     /* by a coordinator; NaN: not at all */
    double reward[ECON_MAX_AGENTS][ECON_REWARDS];
    double cluster_reward[ECON_MAX_CLUSTERS];
    double team; /* NaN: the mean of the executors' rewards */
    bool is_embedded;
} econ_turn;

typedef struct econ_episode {
    econ *self;
    accord_episode *host; /* the handle for services */
    int32_t phase;
    uint32_t variant;
    uint64_t item, trained;
    const accord_record *record;             /* during act() */
    econ_answer plan[1 + ECON_MAX_CLUSTERS]; /* the strategy, then each cluster's own */
    uint32_t n_turns;
    econ_turn turn[ECON_MAX_STAGES];
    econ_mind mind;
    float *vectors; /* question, plans, commitments; see econ_vector_*() */
} econ_episode;

/* [worker] Makes the learner unless it is there or nothing learns: its networks take most
 * of a second, which a plugin that is only described need not spend. */
accord_code econ_need_learner(econ *c, accord_err *err);

/* Rewards are computed outside evaluation only. */
static inline bool econ_is_rewarded(const econ_episode *e) {
    return e->phase != ACCORD_PHASE_EVAL;
}

/* [width] each.  Of the strategy, of the plan that executor i has, of C after stage t. */
float *econ_vector_question(const econ_episode *e);
float *econ_vector_plan(const econ_episode *e, uint32_t k);
float *econ_vector_plan_of(const econ_episode *e, uint32_t executor);
float *econ_vector_final(const econ_episode *e, uint32_t t);

/* [worker] Embeds text[n] into out[n][width], each of length 1. */
accord_code econ_embed(econ_episode *e, const char *const *text, uint32_t n, float *out,
                       accord_err *err);
/* [any] Cosine of two vectors of length 1, or 0. */
double econ_cosine(const float *a, const float *b, uint32_t width);

/* [worker] Says that memory is out, or what the networks said. */
accord_code econ_nomem(const econ *c, accord_err *err);
accord_code econ_nn_fail(const econ *c, accord_code rc, const accord_nn_err *why,
                         accord_err *err);

/* [worker] What the executors are shown at a stage. */
void econ_views(const econ_episode *e, uint32_t t, econ_view *view /* [n] */);

/* The method's functions of <accord/plugin.h>. */
accord_code econ_open(void *self, const accord_episode_info *info, void **ep,
                      accord_err *err);
accord_code econ_act(void *ep, const accord_obs *obs, accord_action *action,
                     accord_err *err);
void econ_close(void *ep);

#endif
