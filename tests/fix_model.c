/* fix_model.c - a model that can encode and not decode. */
#include <string.h>

#include "fix.h"

static accord_code caps(void *self, const accord_caps **out, accord_err *err) {
    return ACCORD_E_MODEL;
}

static accord_code encode(void *self, const accord_call *call, accord_http *out,
                          accord_err *err) {
    return ACCORD_E_MODEL;
}

static const accord_model_ops table = {
    .struct_size = sizeof(table),
    .caps = caps,
    .encode = encode,
};

FIX_OFFER(ACCORD_MODEL, table);

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_MODEL, .id = "fix_model",
    FIX_TEXTS,          .ops = &fix_ops,
};
