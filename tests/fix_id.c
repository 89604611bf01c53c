/* fix_id.c - an id that no suite could name. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "Fix-Id",
    FIX_TEXTS,
};
