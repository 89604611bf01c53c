/* method_pcgrad.c - a rival of cg2a: conflicting gradients of the views are projected
 * onto each other's normal planes. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
    CONTROL_P_VIEWS,
    CONTROL_P_SCOPE,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_EACH,
    .gas = "none",
    .sgs = "pcgrad",
};

CONTROL_PLUGIN("pcgrad", "several views, conflicting gradients projected",
               "Yu et al. 2020, arXiv:2001.06782");
