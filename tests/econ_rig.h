/* econ_rig.h - learners, networks and episodes for the tests of ECON's learning. */
#ifndef ECON_RIG_H
#define ECON_RIG_H

#include "learner_parts.h"

enum { RIG_WIDTH = 12 };

/* Small networks for n executors, in clusters of 3 if there are 9. */
econ_config rig_config(uint32_t n);
/* A learner; fails the test if there is none. */
econ_learner *rig_learner(const econ_config *c);

/* An episode of random embeddings, actions and rewards. */
typedef struct rig_episode {
    econ_stage stage[ECON_MAX_STAGES];
    float question[RIG_WIDTH], said[ECON_MAX_STAGES][RIG_WIDTH];
    float strategy[ECON_MAX_AGENTS][RIG_WIDTH];
    uint32_t stages;
} rig_episode;
void rig_fill(rig_episode *e, const econ_config *c, uint32_t stages, uint64_t *rng);
/* Shows the learner n of them, of 1 to 3 stages. */
void rig_train(econ_learner *l, uint32_t n, uint64_t *rng);

/* n floats, normal times std. */
void rig_normal(float *x, size_t n, double std, uint64_t *rng);
/* All values of a set become normal times std. */
void rig_shake(accord_nn_params *set, double std, uint64_t *rng);
/* How many bytes of two learners' networks, targets and weights differ. */
size_t rig_different(const econ_learner *a, const econ_learner *b);

#endif
