/* fix_noops.c - a descriptor without operations. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "fix_noops",
    FIX_TEXTS,
};
