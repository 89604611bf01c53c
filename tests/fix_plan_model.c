/* fix_plan_model.c - a model that can what its option says. */
#include <stdlib.h>
#include <string.h>

#include "fix.h"

static const accord_param params[] = {
    {.name = "caps", .help = "flags", .type = ACCORD_INT},
};

static accord_code model_create(const accord_host *host, const accord_setup *setup,
                                void **self, accord_err *err) {
    accord_caps *caps = calloc(1, sizeof(*caps));

    caps->struct_size = sizeof(*caps);
    caps->flags = (uint32_t)setup->params[0].i;
    caps->embed_width = 7;
    *self = caps;
    return ACCORD_OK;
}

static accord_code model_caps(void *self, const accord_caps **out, accord_err *err) {
    *out = self;
    return ACCORD_OK;
}

static accord_code model_complete(void *self, const accord_request *const *requests,
                                  uint32_t n, accord_reply *const *replies,
                                  accord_err *err) {
    return ACCORD_OK;
}

static void model_destroy(void *self) {
    free(self);
}

static const accord_model_ops model = {
    .struct_size = sizeof(model),
    .caps = model_caps,
    .complete = model_complete,
};

static const void *extension(const char *id) {
    return strcmp(id, ACCORD_MODEL) == 0 ? &model : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = model_create,
    .destroy = model_destroy,
    .extension = extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_MODEL, .id = "fix_plan_model",
    FIX_TEXTS,          .params = params,          .n_params = 1,
    .ops = &ops,
};
