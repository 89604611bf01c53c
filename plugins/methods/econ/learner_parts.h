/* learner_parts.h - what a learner is made of; for its own files and its tests. */
#ifndef ECON_LEARNER_PARTS_H
#define ECON_LEARNER_PARTS_H

#include "losses.h"

enum { ECON_BELIEFS, ECON_ACTORS, ECON_ENCODER, ECON_MIXER, ECON_ALPHA, ECON_GROUPS };

struct econ_learner {
    econ_config c;
    econ_nets now, target;
    econ_actors actors;
    accord_nn_params *weights; /* of the rewards: logits [ECON_REWARDS] */
    accord_nn_param *logits;
    accord_nn_adam *adam[ECON_GROUPS];
    accord_nn_tape *tape;
    econ_replay replay;
    econ_batch batch;
    econ_targets y;
    float *grid; /* [grid_t x grid_p][2] */
    float *seen; /* [1 + 3n][width]: what econ_decide() reads, row 0 all 0 */
    double alpha[ECON_REWARDS];
    uint64_t episodes, rng;
    uint32_t waiting; /* episodes since the last update */
};

/* The group that each optimiser steps. */
accord_nn_group econ_group(const econ_learner *l, int which);
/* [worker] One step of every network on a batch from the buffer; all gradients are taken
 * before anything moves.  Adds to the losses' means with weight 1 / c.updates.  Nothing
 * has moved when it fails or when a gradient is not finite (losses->skipped). */
accord_code econ_update(econ_learner *l, econ_losses *losses, accord_nn_err *err);
/* [any] alpha from the logits, and the logits from alpha: projected to the simplex and
 * its floor. */
void econ_weights_read(econ_learner *l);
void econ_weights_write(econ_learner *l);
/* [any] alpha (summing to 1) moved so that ALPHA_TS is at least `floor`. */
void econ_weights_project(double alpha[ECON_REWARDS], double floor);

#endif
