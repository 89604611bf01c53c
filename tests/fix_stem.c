/* fix_stem.c - a plugin whose id is not the stem of its file. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "other",
    FIX_TEXTS,
};
