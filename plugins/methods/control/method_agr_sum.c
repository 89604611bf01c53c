/* method_agr_sum.c - a rival of cg2a: components on which the views' gradients differ in
 * sign are left out. */
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
    .sgs = "hard",
};

CONTROL_PLUGIN("agr_sum", "several views, components whose signs differ are left out",
               "Mansilla et al., ICCV 2021");
