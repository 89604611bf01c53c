/* fix_reserved.c - sets a field that is reserved. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_reserved", FIX_TEXTS,
    .reserved = 1,
};
