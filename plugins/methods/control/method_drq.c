/* method_drq.c - soft actor-critic on random shifts of o and o', one draw of each. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_ONE,
};

CONTROL_PLUGIN("drq", "soft actor-critic on randomly shifted pixels",
               "Kostrikov et al. 2020, arXiv:2004.13649");
