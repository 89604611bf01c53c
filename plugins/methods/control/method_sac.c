/* method_sac.c - soft actor-critic on the pictures as they are: what augmentation is
 * measured against. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .views = CONTROL_VIEWS_ONE,
};

CONTROL_PLUGIN("sac", "soft actor-critic on pixels, nothing augmented",
               "Haarnoja et al. 2018, arXiv:1801.01290");
