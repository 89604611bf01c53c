/* random_policy.c - acts without looking: each action is uniform.  The floor of a control
 * task; what does not beat it has learned nothing. */
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>

typedef struct random_policy {
    const accord_host *host;
    const accord_random_service *random;
    accord_space action;
} random_policy;

typedef struct random_episode {
    const random_policy *self;
    uint64_t rng;
    float vector[]; /* [self->action.n] of a VECTOR */
} random_episode;

static accord_code random_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    random_policy *p = calloc(1, sizeof(*p));

    *self = NULL;
    if (!p)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    p->host = host;
    p->random = host->extension(host, ACCORD_RANDOM);
    p->action = setup->task->action;
    *self = p;
    return ACCORD_OK;
}

static accord_code random_open(void *self, const accord_episode_info *info, void **ep,
                               accord_err *err) {
    const random_policy *p = self;
    size_t n = p->action.kind == ACCORD_VECTOR ? p->action.n : 0;
    random_episode *e = calloc(1, sizeof(*e) + n * sizeof(*e->vector));

    if (!e)
        return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
    e->self = p;
    e->rng = p->random->stream(info->episode, 0, "policy", 0, 0);
    *ep = e;
    return ACCORD_OK;
}

static accord_code random_act(void *ep, const accord_obs *obs, accord_action *action,
                              accord_err *err) {
    random_episode *e = ep;
    const accord_space *space = &e->self->action;

    if (space->kind == ACCORD_DISCRETE) {
        action->index = (int32_t)accord_rng_below(&e->rng, space->n);
        return ACCORD_OK;
    }
    for (uint32_t i = 0; i < space->n; i++)
        e->vector[i] = (float)(2 * accord_rng_uniform(&e->rng) - 1);
    action->vector = e->vector;
    return ACCORD_OK;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT) | ACCORD_KIND_BIT(ACCORD_DISCRETE) |
                 ACCORD_KIND_BIT(ACCORD_VECTOR) | ACCORD_KIND_BIT(ACCORD_PIXELS),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_DISCRETE) | ACCORD_KIND_BIT(ACCORD_VECTOR),
    .open = random_open,
    .act = random_act,
    .close = free,
};

static const void *random_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = random_create,
    .destroy = free,
    .extension = random_extension,
};

static const char *const needs[] = {ACCORD_RANDOM, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "random_policy",
    .version = "1.0",
    .summary = "uniform random actions: the floor of a control task",
    .license = "MIT",
    .needs = needs,
    .ops = &ops,
};
