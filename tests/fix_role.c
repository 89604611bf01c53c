/* fix_role.c - a role from the future. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = 4,
    .id = "fix_role",
    FIX_TEXTS,
};
