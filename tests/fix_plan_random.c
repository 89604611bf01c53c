/* fix_plan_random.c - a method for any task and perhaps a model, which draws random
 * numbers. */
#include <string.h>

#include "fix.h"

static const char *const needs[] = {ACCORD_RANDOM, NULL};

static const accord_role_spec roles[] = {{.name = "solver", .help = "answers", .max = 1}};

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = UINT32_MAX,
    .action_kinds = UINT32_MAX,
    .n_roles = 1,
    .roles = roles,
    .open = fix_open,
    .act = fix_act,
    .close = fix_close,
};

FIX_OFFER(ACCORD_METHOD, method);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,      .role = ACCORD_ROLE_METHOD,
    .id = "fix_plan_random", FIX_TEXTS,
    .needs = needs,          .ops = &fix_ops,
};
