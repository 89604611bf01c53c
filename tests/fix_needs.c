/* fix_needs.c - a plugin that asks for a service nobody has. */
#include "fix.h"

static const char *const needs[] = {ACCORD_TRACE, "accord.oracle/1", NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_needs", FIX_TEXTS,
    .needs = needs,
};
