/* fix_params.c - an option whose default is out of its own bounds. */
#include "fix.h"

static const accord_param params[] = {
    {"samples", "how many", .type = ACCORD_INT, .value = 0, .min = 1, .max = 9},
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_params",
    FIX_TEXTS,          .params = params,           .n_params = 1,
};
