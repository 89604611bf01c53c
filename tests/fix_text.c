/* fix_text.c - a plugin without a summary. */
#include "fix.h"

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_text",
    .version = "1",     .license = "MIT",
};
