/* wander.c - fixture: acts by chance, whatever it sees. */
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>

enum { MAX_WIDTH = 8 };

struct wander {
    const accord_host *host;
    accord_space action;
};

struct walk {
    const struct wander *self;
    uint64_t stream;
    float vector[MAX_WIDTH];
};

static accord_code wander_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    struct wander *w = calloc(1, sizeof(*w));

    if (!w || setup->task->action.n > MAX_WIDTH) {
        free(w);
        return host->fail(host, err, ACCORD_E_UNSUPPORTED, "no room for the action");
    }
    w->host = host;
    w->action = setup->task->action;
    *self = w;
    return ACCORD_OK;
}

static accord_code wander_open(void *self, const accord_episode_info *info, void **ep,
                               accord_err *err) {
    struct wander *w = self;
    struct walk *e = calloc(1, sizeof(*e));

    if (!e)
        return w->host->fail(w->host, err, ACCORD_E_NOMEM, "out of memory");
    e->self = w;
    e->stream = info->stream;
    *ep = e;
    return ACCORD_OK;
}

static accord_code wander_act(void *ep, const accord_obs *obs, accord_action *action,
                              accord_err *err) {
    struct walk *e = ep;

    if (action->kind == ACCORD_DISCRETE)
        action->index = (int32_t)accord_rng_below(&e->stream, e->self->action.n);
    for (uint32_t i = 0; action->kind == ACCORD_VECTOR && i < e->self->action.n; i++)
        e->vector[i] = (float)(2.0 * accord_rng_uniform(&e->stream) - 1.0);
    action->vector = e->vector;
    return ACCORD_OK;
}

static const accord_method_ops method_ops = {
    .struct_size = sizeof(method_ops),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_VECTOR) | ACCORD_KIND_BIT(ACCORD_PIXELS),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_DISCRETE) | ACCORD_KIND_BIT(ACCORD_VECTOR),
    .open = wander_open,
    .act = wander_act,
    .close = free,
};

static const void *wander_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = wander_create,
    .destroy = free,
    .extension = wander_extension,
};

static const char *const needs[] = {ACCORD_RANDOM, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_METHOD,
    .id = "wander",     .version = "1",
    .license = "MIT",   .summary = "fixture: acts by chance",
    .needs = needs,     .ops = &ops,
};
