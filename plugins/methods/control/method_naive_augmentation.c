/* method_naive_augmentation.c - several strong augmentations without care for what their
 * gradients do to each other, in three readings. */
#include <stddef.h>

#include "agent.h"

static const char *const readings[] = {"average", "chained", "random", NULL};

static const accord_param params[] = {
    CONTROL_P_ALL,
    CONTROL_P_VIEWS,
    CONTROL_P_CHOICE(
        "reading",
        "average: mean of all views' gradients; chained: all augmentations on "
        "top of each other, on targets and actor too; random: one view in "
        "each update",
        "average", readings),
};

static const control_method method = {
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .shift = 1,
    .views = CONTROL_VIEWS_READING,
    .gas = "none",
    .sgs = "none",
};

CONTROL_PLUGIN("naive_augmentation", "several strong augmentations, naively combined",
               NULL);
