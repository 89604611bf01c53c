/* sac_rig.h - a tiny soft actor-critic, transitions for it, and what its networks compute
 * written down once more as plain loops in double. */
#ifndef SAC_RIG_H
#define SAC_RIG_H

#include "sac.h"
#include "sac_parts.h"

enum { RIG_PIXELS = 12, RIG_ACTIONS = 2, RIG_BATCH = 5 };
enum { RIG_STACK = CONTROL_CHANNELS * RIG_PIXELS * RIG_PIXELS };

/* 2 layers of 3 filters, first stride 2, projection 5, hidden 6. */
extern const control_size rig_size;

/* The configuration of all tests. */
control_sac_config rig_config(uint64_t seed);
/* A network with it; no parameter is 0 or where its initialisation put it. */
control_sac *rig_create(uint64_t seed);

/* Transitions with everything drawn, the second one the end of an episode. */
typedef struct rig_batch {
    control_batch b; /* points to what follows */
    uint8_t obs[RIG_BATCH * RIG_STACK], next_obs[RIG_BATCH * RIG_STACK];
    float action[RIG_BATCH * RIG_ACTIONS], reward[RIG_BATCH], not_done[RIG_BATCH];
} rig_batch;
void rig_draw(rig_batch *b, uint64_t seed);

/* One step of everything, critic first; the code of what failed first. */
accord_code rig_update(control_sac *s, const control_batch *b, uint64_t *rng,
                       accord_nn_err *err);

/* The parameter sets by number, for loops. */
enum { RIG_ONLINE, RIG_TARGET, RIG_ACTOR, RIG_TEMPERATURE, RIG_SETS };
accord_nn_params *rig_set(const control_sac *s, int which);
/* Copies of all values, and which sets have other ones now, as bits. */
typedef struct rig_values {
    float *of[RIG_SETS];
} rig_values;
rig_values rig_keep(const control_sac *s);
unsigned rig_changed(const control_sac *s, const rig_values *v);
void rig_drop(rig_values *v);

/* The values of all sets in double, which tests may shift. */
typedef struct rig_reference {
    const control_sac *s;
    double *of[RIG_SETS];
} rig_reference;
rig_reference rig_reference_of(const control_sac *s);
void rig_reference_drop(rig_reference *r);
double rig_critic_loss(const rig_reference *r, const control_batch *b, const float *y);
/* noise[n][n_actions] */
double rig_actor_loss(const rig_reference *r, const control_batch *b, const float *noise,
                      double *entropy);
void rig_target(const rig_reference *r, const control_batch *b, const float *noise,
                double *y);
/* tanh(mean) of one stack. */
void rig_mean_action(const rig_reference *r, const uint8_t *stack, double *action);
/* The normal numbers that the network will draw from this stream. */
void rig_noise(uint64_t rng, uint32_t n, float *noise);

#endif
