/* parts.h - what parameters, optimisers and checkpoints share. */
#ifndef ACCORD_NN_PARTS_H
#define ACCORD_NN_PARTS_H

#include <accord/nn.h>

#include "nn/kernels.h"

/* Fills `err` (NULL is allowed), if nothing stands there yet, and returns `code`. */
accord_code accord_nn_fail(accord_nn_err *err, accord_code code, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);

struct accord_nn_adam {
    accord_nn_group group;
    accord_nn_adam_config config;
    uint64_t steps;
    float *m, *v; /* [group.size] first and second moments */
};

#endif
