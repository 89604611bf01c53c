/* method_svea.c - the critic learns from the shifted view and one strong augmentation of
 * it, as one batch; the target comes from the shifted view alone. */
#include <stddef.h>

#include "agent.h"

static const accord_param params[] = {
    CONTROL_P_ALL,
    CONTROL_P_TEXT("augmentations",
                   "the strong augmentation: a name, or a chain of names (conv+overlay)",
                   "conv"),
    CONTROL_P_OVERLAY,
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_PAIR,
};

CONTROL_PLUGIN("svea", "a weak and a strong view in one batch, targets from the weak one",
               "Hansen, Su and Wang 2021, arXiv:2107.00644");
