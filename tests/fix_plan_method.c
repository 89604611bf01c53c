/* fix_plan_method.c - the planner's method as it is. */
#include "fix_plan.h"

static const void *fix_plan_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &fix_plan_method : NULL;
}

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_plan_method",
    FIX_TEXTS,          .ops = &fix_plan_ops,
};
