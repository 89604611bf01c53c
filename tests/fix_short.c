/* fix_short.c - a descriptor from before the ABI had operations. */
#include <accord/plugin.h>

const accord_plugin accord_plugin_entry = {
    .struct_size = offsetof(accord_plugin, ops),
    .abi_major = ACCORD_ABI_MAJOR,
    .id = "fix_short",
};
