/* method_gas.c - the first half of cg2a alone: the gradient agreement solver (a
 * reconstruction), no surgery. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
    CONTROL_P_VIEWS,
    CONTROL_P_SCOPE,
    CONTROL_P_GAS,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_EACH,
    .sgs = "none",
};

CONTROL_PLUGIN(
    "gas", "cg2a's gradient agreement solver alone, a reconstruction",
    "after Liu et al. 2023, arXiv:2308.01194; a reconstruction from its abstract");
