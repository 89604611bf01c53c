/* chaos_plugin.c - see chaos_plugin.h; part of the plugin. */
#include "chaos_plugin.h"

#include "chaos.h"

const chaos_plugin chaos_plugin_entry = {chaos_fail_after, chaos_stop};
