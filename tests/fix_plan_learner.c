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

/* Before training, in the middle, beyond its end (never) and after it. */
static accord_code plan(void *self, const accord_probe_plan **out, accord_err *err) {
    static const uint64_t marks[] = {0, 2, 1000000, UINT64_MAX};
    static const accord_probe_plan probes = {
        .struct_size = sizeof(probes),
        .items = 2,
        .variants = 3,
        .n_marks = 4,
        .marks = marks,
    };

    *out = &probes;
    return ACCORD_OK;
}

static const accord_probe_ops prober = {.struct_size = sizeof(prober), .plan = plan};

static const void *fix_plan_extension(const char *id) {
    if (strcmp(id, ACCORD_PROBE) == 0)
        return &prober;
    if (strcmp(id, ACCORD_LEARNER) == 0)
        return &learner;
    return strcmp(id, ACCORD_METHOD) == 0 ? &fix_plan_method : NULL;
}

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD, .id = "fix_plan_learner",
    FIX_TEXTS,          .ops = &fix_plan_ops,
};
