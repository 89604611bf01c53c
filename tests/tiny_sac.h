/* tiny_sac.h - a tiny soft actor-critic, transitions for it, and what its networks
 * compute written down once more as plain loops in double. */
#ifndef TINY_SAC_H
#define TINY_SAC_H

#include "sac.h"
#include "sac_parts.h"

enum { TINY_PIXELS = 12, TINY_ACTIONS = 2, TINY_BATCH = 5 };
enum { TINY_STACK = CONTROL_CHANNELS * TINY_PIXELS * TINY_PIXELS };

/* 2 layers of 3 filters, first stride 2, projection 5, hidden 6. */
extern const control_size tiny_size;

/* The configuration of all tests. */
control_sac_config tiny_config(uint64_t seed);
/* A network with it; no parameter is 0 or where its initialisation put it. */
control_sac *tiny_create(uint64_t seed);

/* Transitions with everything drawn, the second one the end of an episode. */
typedef struct tiny_batch {
    control_batch b; /* points to what follows */
    uint8_t obs[TINY_BATCH * TINY_STACK], next_obs[TINY_BATCH * TINY_STACK];
    float action[TINY_BATCH * TINY_ACTIONS], reward[TINY_BATCH], not_done[TINY_BATCH];
} tiny_batch;
void tiny_draw(tiny_batch *b, uint64_t seed);

/* One step of everything, critic first; the code of what failed first. */
accord_code tiny_update(control_sac *s, const control_batch *b, uint64_t *rng,
                        accord_nn_err *err);

/* The parameter sets by number, for loops. */
enum { TINY_ONLINE, TINY_TARGET, TINY_ACTOR, TINY_TEMPERATURE, TINY_SETS };
accord_nn_params *tiny_set(const control_sac *s, int which);
/* Copies of all values, and which sets have other ones now, as bits. */
typedef struct tiny_values {
    float *of[TINY_SETS];
} tiny_values;
tiny_values tiny_keep(const control_sac *s);
unsigned tiny_changed(const control_sac *s, const tiny_values *v);
void tiny_drop(tiny_values *v);

/* The values of all sets in double, which tests may shift. */
typedef struct tiny_reference {
    const control_sac *s;
    double *of[TINY_SETS];
} tiny_reference;
tiny_reference tiny_reference_of(const control_sac *s);
void tiny_reference_drop(tiny_reference *r);
double tiny_critic_loss(const tiny_reference *r, const control_batch *b, const float *y);
/* noise[n][n_actions] */
double tiny_actor_loss(const tiny_reference *r, const control_batch *b,
                       const float *noise, double *entropy);
void tiny_target(const tiny_reference *r, const control_batch *b, const float *noise,
                 double *y);
/* tanh(mean) of one stack. */
void tiny_mean_action(const tiny_reference *r, const uint8_t *stack, double *action);
/* The normal numbers that the network will draw from this stream. */
void tiny_noise(uint64_t rng, uint32_t n, float *noise);

#endif
