/* method_sgs.c - the second half of cg2a alone: soft gradient surgery (a reconstruction)
 * on the views' plain mean. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
    CONTROL_P_VIEWS,
    CONTROL_P_SCOPE,
    CONTROL_P_SGS,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_EACH,
    .gas = "none",
};

CONTROL_PLUGIN(
    "sgs", "cg2a's soft gradient surgery alone, a reconstruction",
    "after Liu et al. 2023, arXiv:2308.01194; a reconstruction from its abstract");
