/* fix_flags.c - a flag that a host must understand, from the future. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .flags = 1u << 15 | 1u << 31 /* the second is a hint */,
    .id = "fix_flags",
    FIX_TEXTS,
};
