/* fix_roles.c - a method whose role wants more models than it may have. */
#include <string.h>

#include "fix.h"

static const accord_role_spec roles[] = {
    {.name = "solver", .help = "who answers", .min = 2, .max = 1},
};

static const accord_method_ops table = {
    FIX_METHOD,
    .act = fix_act,
    .n_roles = 1,
    .roles = roles,
};

FIX_OFFER(ACCORD_METHOD, table);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_roles", FIX_TEXTS,
    .ops = &fix_ops,
};
