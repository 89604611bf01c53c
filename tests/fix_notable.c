/* fix_notable.c - a task that offers no task table. */
#include "fix.h"

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = fix_create,
    .destroy = fix_destroy,
    .extension = fix_nothing,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_TASK, .id = "fix_notable", FIX_TEXTS,
    .ops = &ops,
};
