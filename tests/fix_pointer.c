/* fix_pointer.c - a method that cannot act. */
#include <string.h>

#include "fix.h"

static const accord_method_ops table = {FIX_METHOD};

FIX_OFFER(ACCORD_METHOD, table);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_pointer", FIX_TEXTS,
    .ops = &fix_ops,
};
