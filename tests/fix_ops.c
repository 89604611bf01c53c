/* fix_ops.c - operations without destroy(). */
#include "fix.h"

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = fix_create,
    .extension = fix_nothing,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_ops", FIX_TEXTS,
    .ops = &ops,
};
