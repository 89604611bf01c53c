/* parts.h - what parameters, optimisers and checkpoints share. */
#ifndef ACCORD_NN_PARTS_H
#define ACCORD_NN_PARTS_H

#include <accord/nn.h>

#include "nn/kernels.h"

struct accord_nn_adam {
    accord_nn_group group;
    accord_nn_adam_config config;
    uint64_t steps;
    float *m, *v; /* [group.size] first and second moments */
};

#endif
