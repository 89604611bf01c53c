/* fix_table.c - a task table from before close() was in it. */
#include <string.h>

#include "fix.h"

static accord_code spec(void *self, const char *mode, const accord_spec **out,
                        accord_err *err) {
    return ACCORD_E_NOTFOUND;
}

static accord_code open(void *self, const accord_key *key, void **ep, accord_obs *obs,
                        const char **id, accord_err *err) {
    return ACCORD_E_NOTFOUND;
}

static accord_code step(void *ep, const accord_action *action, accord_step *out,
                        accord_err *err) {
    return ACCORD_E_NOTFOUND;
}

static const accord_task_ops table = {
    .struct_size = offsetof(accord_task_ops, close),
    .spec = spec,
    .open = open,
    .step = step,
    .close = fix_close,
};

FIX_OFFER(ACCORD_TASK, table);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_TASK, .id = "fix_table",
    FIX_TEXTS,          .ops = &fix_ops,
};
