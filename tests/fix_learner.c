/* fix_learner.c - a learner that cannot be saved. */
#include <string.h>

#include "fix.h"

static accord_code feedback(void *self, const accord_transition *t, accord_err *err) {
    return ACCORD_OK;
}

static const accord_learner_ops learner = {
    .struct_size = sizeof(learner),
    .feedback = feedback,
};
static const accord_method_ops method = {FIX_METHOD, .act = fix_act};

static const void *extension(const char *id) {
    if (strcmp(id, ACCORD_LEARNER) == 0)
        return &learner;
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops fix_ops = {
    .struct_size = sizeof(fix_ops),
    .create = fix_create,
    .destroy = fix_destroy,
    .extension = extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_learner", FIX_TEXTS,
    .ops = &fix_ops,
};
