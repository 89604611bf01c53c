/* sac.h - soft actor-critic on stacks of pictures (Haarnoja et al. 2018), with the
 * structure, constants and order of updates of DMControl-GB: one convolutional trunk, a
 * projection each for critic and actor, twin critics, learnt temperature, moving
 * averages as targets.  It knows neither replay nor augmentations. */
#ifndef CONTROL_SAC_H
#define CONTROL_SAC_H

#include <accord/nn.h>

enum { CONTROL_FRAMES = 3 };

/* "paper": 11 layers of 32 filters, 84 pixels, first stride 2, projection 100, hidden
 * 1024; "laptop": 4 layers of 16 filters, 48 pixels, first two strides 2, about 0.3 M
 * parameters in all.  Chosen by name. */
typedef struct control_size {
    const char *name;
    uint32_t pixels, layers, filters, strided, features, hidden;
} control_size;

/* [any] By name, or NULL. */
const control_size *control_size_find(const char *name);

typedef struct control_sac_config {
    const control_size *size;
    uint32_t n_actions;
    double discount;                            /* 0.99 */
    double actor_rate, critic_rate, alpha_rate; /* 1e-3, 1e-3, 1e-4 */
    double temperature;                         /* first alpha: 0.1 */
    double critic_tau, encoder_tau;             /* 0.01, 0.05 */
    double log_std_min, log_std_max;            /* -10, 2 */
    uint64_t seed;                              /* of the first values */
} control_sac_config;
#define CONTROL_SAC \
    { \
        .discount = 0.99, .actor_rate = 1e-3, .critic_rate = 1e-3, .alpha_rate = 1e-4, \
        .temperature = 0.1, .critic_tau = 0.01, .encoder_tau = 0.05, .log_std_min = -10, \
        .log_std_max = 2 \
    }

typedef struct control_sac control_sac;

/* [worker] *out is the caller's. */
accord_code control_sac_create(const control_sac_config *c, control_sac **out,
                               accord_nn_err *err);
/* [worker] NULL is allowed. */
void control_sac_destroy(control_sac *s);
/* [any] Floats of the critic's gradient: trunk, critic's projection, both critics. */
size_t control_sac_critic_size(const control_sac *s);
/* [any] Floats of its first part, the encoder: trunk and critic's projection. */
size_t control_sac_encoder_size(const control_sac *s);

/* [worker] action[n_actions] for one stack [9][pixels][pixels]; with `rng` a sample, with
 * NULL tanh(mean). */
accord_code control_sac_act(control_sac *s, const uint8_t *stack, uint64_t *rng,
                            float *action, accord_nn_err *err);

/* n transitions.  Stacks are [n][9][pixels][pixels]. */
typedef struct control_batch {
    uint32_t n;
    const uint8_t *obs, *next_obs;
    const float *action; /* [n][n_actions] */
    const float *reward; /* [n] */
    /* [n]: 0 where the episode terminated, else (a time limit too) 1, or discount^(k - 1)
     * where the reward is the sum of k steps. */
    const float *not_done;
} control_batch;

/* [worker] y[n] = r + not_done * discount * (min of the target critics - alpha log pi).
 */
accord_code control_sac_target(control_sac *s, const control_batch *b, uint64_t *rng,
                               float *y, accord_nn_err *err);
/* [worker] grad[critic_size] = gradient of the sum over both critics of
 * mean (Q_j(obs, action) - y)^2 over n rows; *loss its value.  Changes no parameter. */
accord_code control_sac_critic_gradient(control_sac *s, uint32_t n, const uint8_t *obs,
                                        const float *action, const float *y, float *grad,
                                        double *loss, accord_nn_err *err);
/* [worker] One step of Adam on the critic by grad[critic_size]. */
void control_sac_critic_step(control_sac *s, const float *grad);

typedef struct control_actor_info {
    double loss, entropy, alpha; /* entropy: mean of -log pi */
    double q;                    /* mean of the lesser Q */
    int32_t skipped;             /* 1: not finite, nothing was changed */
} control_actor_info;
/* [worker] Actor and temperature, the trunk held fixed, on b->obs. */
accord_code control_sac_actor_step(control_sac *s, const control_batch *b, uint64_t *rng,
                                   control_actor_info *info, accord_nn_err *err);
/* [worker] Moving averages: critics by critic_tau, trunk and critic's projection by
 * encoder_tau. */
void control_sac_targets_step(control_sac *s);

enum { CONTROL_SAC_PARTS = 8 };
/* [worker] Everything that the next step depends on, as parts of a checkpoint
 * (accord_nn_save); writes at most CONTROL_SAC_PARTS, returns how many. */
size_t control_sac_parts(control_sac *s, accord_nn_part *parts);

#endif
