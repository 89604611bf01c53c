/* sac_parts.h - the networks of soft actor-critic, between the files sac*.c. */
#ifndef CONTROL_SAC_PARTS_H
#define CONTROL_SAC_PARTS_H

#include "sac.h"

enum { CONTROL_MAX_LAYERS = 16, CONTROL_CHANNELS = 3 * CONTROL_FRAMES };

typedef const accord_nn_tensor control_tensor;

/* [n][flat] -> tanh of a normalised linear map, [n][features]. */
typedef struct control_projection {
    accord_nn_linear_layer linear;
    accord_nn_norm_layer norm;
} control_projection;

/* Two hidden layers with ReLU, and what comes out. */
typedef struct control_mlp {
    accord_nn_linear_layer layer[3];
} control_mlp;

/* In this order in one set, so that the critic's gradient is one vector and the encoder,
 * trunk and projection, one group. */
typedef struct control_critic {
    accord_nn_params *set;
    accord_nn_conv2d_layer trunk[CONTROL_MAX_LAYERS];
    control_projection projection;
    control_mlp q[2];
} control_critic;

typedef struct control_actor {
    accord_nn_params *set;
    control_projection projection;
    control_mlp mlp; /* [n][2 n_actions]: means, then what becomes log_std */
} control_actor;

struct control_sac {
    control_sac_config c;
    control_size size; /* c.size points here */
    accord_nn_tape *tape;
    control_critic online, target;
    control_actor actor;
    accord_nn_params *temperature;
    accord_nn_param *log_alpha; /* [1] */
    accord_nn_group critic_all; /* grad: the optimiser's */
    accord_nn_adam *critic_adam, *actor_adam, *alpha_adam;
    float *noise; /* [n_noise] */
    size_t n_noise;
};

/* ---- sac_nets.c ---- */

/* Numbers that the trunk makes of a stack, 0 where the layers leave no pixel. */
size_t control_flat(const control_size *size);
/* Both declare, seal and draw the first values; nothing is left behind on failure but the
 * set, which is the caller's to destroy. */
accord_code control_critic_create(control_critic *net, const control_size *size,
                                  uint32_t n_actions, uint64_t rng, accord_nn_err *err);
accord_code control_actor_create(control_actor *net, const control_size *size,
                                 uint32_t n_actions, uint64_t rng, accord_nn_err *err);

/* Stacks [n][9][pixels][pixels] as numbers in 0 to 1. */
control_tensor *control_pixels(control_sac *s, uint32_t n, const uint8_t *stacks);
/* -> [n][flat] */
control_tensor *control_trunk(control_sac *s, const control_critic *net,
                              control_tensor *pixels);
/* -> [n][features] */
control_tensor *control_project(control_sac *s, const control_projection *p,
                                control_tensor *flat);
/* features, action [n][n_actions] -> q[2], each [n][1] */
void control_q(control_sac *s, const control_critic *net, control_tensor *features,
               control_tensor *action, control_tensor *q[2]);
/* flat -> means and logarithms of standard deviations, each [n][n_actions]. */
typedef struct control_policy {
    control_tensor *mean, *log_std;
} control_policy;
control_policy control_policy_of(control_sac *s, control_tensor *flat);
/* An action drawn from it, by standard normal numbers of `rng`; ACCORD_E_NOMEM. */
accord_code control_sac_draw(control_sac *s, size_t n, uint64_t *rng, accord_nn_err *err);
/* alpha */
double control_alpha(const control_sac *s);

#endif
