/* fix_kinds.c - a method that plays nothing. */
#include <string.h>

#include "fix.h"

static const accord_method_ops table = {
    .struct_size = sizeof(table),
    .open = fix_open,
    .act = fix_act,
    .close = fix_close,
};

FIX_OFFER(ACCORD_METHOD, table);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_kinds", FIX_TEXTS,
    .ops = &fix_ops,
};
