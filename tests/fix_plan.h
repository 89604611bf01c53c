/* fix_plan.h - the method that the planner is tested with: reads text and acts by text,
 * asks one to three solvers and perhaps a judge that gives log-probabilities.  A plugin
 * defines METHOD_EXTENSION and includes this. */
#ifndef ACCORD_FIX_PLAN_H
#define ACCORD_FIX_PLAN_H

#include <stdlib.h>
#include <string.h>

#include "fix.h"

static const accord_role_spec fix_plan_roles[] = {
    {.name = "solver", .help = "answers", .min = 1, .max = 3},
    {.name = "judge",
     .help = "decides",
     .max = 2,
     .caps = ACCORD_CAP_LOGPROBS,
     .flags = ACCORD_ROLE_NESTED},
};

/* Services are there, know the models, and refuse what needs an episode. */
static inline accord_code fix_plan_create(const accord_host *host,
                                          const accord_setup *setup, void **self,
                                          accord_err *err) {
    const accord_models_service *models = host->extension(host, ACCORD_MODELS);
    const accord_model *solver = setup->roles[0].models[0];

    if (!models || models->caps(solver)->embed_width != 7)
        return host->fail(host, err, ACCORD_E_CONFIG, "no models service");
    if (models->complete(NULL, NULL, 0, NULL, NULL) != ACCORD_E_UNSUPPORTED)
        return host->fail(host, err, ACCORD_E_CONFIG, "a model answered");
    if (strcmp(models->name(solver), "crash") == 0)
        abort();
    if (setup->task->action.kind != ACCORD_TEXT)
        return host->fail(host, err, ACCORD_E_CONFIG, "wants a text task");
    *self = malloc(1);
    return ACCORD_OK;
}

static inline void fix_plan_estimate(void *self, uint32_t role, uint32_t model,
                                     accord_estimate *out) {
    out->calls = role == 0 ? 3 : 1;
    out->max_tokens = 100;
    out->quoted = role == 0 ? 5 : 200;
}

static inline void fix_plan_destroy(void *self) {
    free(self);
}

static const accord_method_ops fix_plan_method = {
    FIX_METHOD,
    .act = fix_act,
    .n_roles = 2,
    .roles = fix_plan_roles,
    .estimate = fix_plan_estimate,
};

static const void *fix_plan_extension(const char *id);

static const accord_ops fix_plan_ops = {
    .struct_size = sizeof(fix_plan_ops),
    .create = fix_plan_create,
    .destroy = fix_plan_destroy,
    .extension = fix_plan_extension,
};

#endif
