/* agent_parts.h - an agent at work, for the files that it is made of. */
#ifndef CONTROL_AGENT_PARTS_H
#define CONTROL_AGENT_PARTS_H

#include "agent.h"
#include "augment.h"
#include "gradients.h"
#include "replay.h"
#include "sac.h"

/* A draw of each kind has a stream of its own, so that what a method does not draw moves
 * nothing else: with no strong augmentation, methods with and without views are equal. */
enum {
    DRAW_SAMPLE,  /* transitions */
    DRAW_WEAK,    /* random shifts */
    DRAW_STRONG,  /* strong augmentations, and which */
    DRAW_TARGET,  /* actions in the targets */
    DRAW_ACTOR,   /* actions in the actor's loss */
    DRAW_COMBINE, /* orders and noise of gradient surgery */
    N_DRAWS,
};

/* What is averaged between two records of the metrics. */
typedef struct control_mean {
    double sum;
    uint64_t n;
} control_mean;
enum {
    MEAN_CRITIC,
    MEAN_TARGET,
    MEAN_ACTOR,
    MEAN_ALPHA,
    MEAN_ENTROPY,
    MEAN_Q,
    MEAN_RATIO,
    MEAN_CONFLICT,
    MEAN_MASK,
    MEAN_LENGTH,
    MEAN_SCALE,
    MEAN_WEIGHT,
    MEAN_COSINE = MEAN_WEIGHT + CONTROL_MAX_VIEWS,
    N_MEANS = MEAN_COSINE + CONTROL_MAX_VIEWS * (CONTROL_MAX_VIEWS - 1) / 2,
};

/* All of an agent that changes beside networks and transitions: a part of the checkpoint,
 * and so without padding or pointers. */
typedef struct control_state {
    uint64_t steps;   /* agent steps of training that were fed back */
    uint64_t updates; /* of the critic, skipped ones included */
    uint64_t skipped; /* updates of critic or actor whose gradient was not finite */
    uint64_t rng[N_DRAWS];
    control_mean mean[N_MEANS];
} control_state;

/* Memory of an update.  A stack is [9][pixels][pixels]. */
typedef struct control_buffers {
    uint8_t *raw, *raw_next; /* [batch] stacks as they were seen */
    uint8_t *next;           /* [batch] stacks: o' */
    uint8_t *obs;            /* [batch] stacks: o; in a pair [2 batch], o and its view */
    uint8_t *view, *scratch; /* [batch] stacks, where there are strong views */
    float *action, *reward, *not_done, *y; /* [batch]; in a pair action and y [2 batch] */
    float *grad;                           /* [views][critic_size] */
    float *combined;                       /* [critic_size] */
} control_buffers;

typedef struct control_agent {
    const accord_host *host;
    const accord_random_service *random;
    const accord_metrics_service *metrics;
    const control_method *method;
    control_options options;
    const control_size *size;
    uint32_t n_actions;
    size_t stack_bytes;
    uint64_t seed;
    int32_t ready;     /* 1: networks, pictures and buffers are there */
    uint64_t capacity; /* of the replay buffer */
    control_sac *sac;
    control_replay *replay; /* NULL until something is fed back, without a folder */
    control_chain strong[CONTROL_MAX_VIEWS];
    uint32_t n_strong;            /* entries of strong[] */
    uint32_t per_update;          /* of them in an update */
    int32_t views;                /* CONTROL_VIEWS_..., a reading resolved */
    int32_t random_view, chained; /* readings */
    int32_t encoder_only;         /* scope */
    control_combine how;
    const control_augmentation *shift; /* NULL: pictures are as seen */
    control_pictures *pictures;        /* NULL where no augmentation needs them */
    control_buffers b;
    control_state state;
} control_agent;

/* ---- agent.c ---- */

/* [worker] Networks, pictures and buffers, made when first needed: describing a large
 * suite makes many agents that do nothing. */
accord_code control_agent_ready(control_agent *a, accord_err *err);

/* ---- agent_views.c ---- */

/* [worker] Resolves the method's views from its options. */
accord_code control_views_read(control_agent *a, accord_err *err);
/* [worker] Pictures and buffers, when the networks are there. */
accord_code control_views_allocate(control_agent *a, accord_err *err);
/* [worker] Frees what was allocated, if anything was. */
void control_views_release(control_agent *a);
/* [worker] Fills b.obs and b.next from b.raw and b.raw_next: the weak view. */
void control_views_weak(control_agent *a);
/* [worker] Gradients of the critic's loss in b.grad, one row for each view that counts
 * for itself; *n rows, *loss their mean. */
accord_code control_views_gradients(control_agent *a, uint32_t *n, double *loss,
                                    accord_err *err);

/* ---- agent_update.c ---- */

/* [worker] The updates that are due after a step of training. */
accord_code control_agent_learn(control_agent *a, accord_err *err);
/* [worker] Says with the plugin's voice why the networks failed. */
accord_code control_agent_failed(const control_agent *a, accord_code code,
                                 const accord_nn_err *why, accord_err *err);

/* ---- agent_report.c ---- */

/* [worker] Takes a value into a mean; values that are no numbers do not count. */
void control_report_add(control_state *s, int which, double value);
/* [worker] The same for what a combination of n rows says of itself. */
void control_report_combined(control_state *s, const control_combined *info);
/* [worker] Records the means since the last record, and begins anew. */
void control_report_write(control_agent *a);

/* ---- agent_save.c ---- */

/* [worker] accord_learner_ops.save and load. */
accord_code control_agent_save(void *self, const char *dir, accord_err *err);
accord_code control_agent_load(void *self, const char *dir, accord_err *err);

#endif
