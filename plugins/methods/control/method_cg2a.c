/* method_cg2a.c - several strong augmentations, their gradients balanced by a gradient
 * agreement solver and cleared by soft gradient surgery.  The paper's body was not
 * available: solver and surgery are a reconstruction from its abstract. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL, CONTROL_P_VIEWS, CONTROL_P_SCOPE, CONTROL_P_GAS, CONTROL_P_SGS,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_EACH,
};

CONTROL_PLUGIN(
    "cg2a",
    "gradient agreement solver and soft gradient surgery over several views, both "
    "reconstructed",
    "after Liu et al. 2023, arXiv:2308.01194; a reconstruction from its abstract");
