/* fix_major.c - built for an ABI that does not exist. */
#include <accord/plugin.h>

const accord_plugin accord_plugin_entry = {
    .struct_size = sizeof(accord_plugin),
    .abi_major = 99,
    .id = "fix_major",
};
