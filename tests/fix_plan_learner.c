/* fix_plan_learner.c - the planner's method, learning. */
#include "fix_plan.h"

static accord_code feedback(void *self, const accord_transition *t, accord_err *err) {
    return ACCORD_OK;
}

static accord_code save_or_load(void *self, const char *dir, accord_err *err) {
    return ACCORD_OK;
}

static const accord_learner_ops learner = {
    .struct_size = sizeof(learner),
    .feedback = feedback,
    .save = save_or_load,
    .load = save_or_load,
};

static const void *fix_plan_extension(const char *id) {
    if (strcmp(id, ACCORD_LEARNER) == 0)
        return &learner;
    return strcmp(id, ACCORD_METHOD) == 0 ? &fix_plan_method : NULL;
}

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_plan_learner",
    FIX_TEXTS,          .ops = &fix_plan_ops,
};
