/* null.c - does nothing and needs nothing: what an episode costs with it is what Accord
 * itself costs. */
#include <accord/plugin.h>
#include <stdlib.h>
#include <string.h>

typedef struct null_method {
    float *zeros; /* the VECTOR action, or NULL */
} null_method;

static void null_destroy(void *self) {
    null_method *m = self;

    if (m)
        free(m->zeros);
    free(m);
}

static accord_code null_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    const accord_space *action = &setup->task->action;
    null_method *m = calloc(1, sizeof(*m));

    if (m && action->kind == ACCORD_VECTOR)
        m->zeros = calloc(action->n, sizeof(*m->zeros));
    if (!m || (action->kind == ACCORD_VECTOR && !m->zeros)) {
        null_destroy(m);
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    *self = m;
    return ACCORD_OK;
}

static accord_code null_open(void *self, const accord_episode_info *info, void **ep,
                             accord_err *err) {
    *ep = self;
    return ACCORD_OK;
}

/* Each kind of action reads its own member. */
static accord_code null_act(void *ep, const accord_obs *obs, accord_action *action,
                            accord_err *err) {
    const null_method *m = ep;

    action->index = 0;
    action->text = "";
    action->vector = m->zeros;
    return ACCORD_OK;
}

/* An episode is the instance: nothing to free. */
static void null_close(void *ep) {
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT) | ACCORD_KIND_BIT(ACCORD_DISCRETE) |
                 ACCORD_KIND_BIT(ACCORD_VECTOR) | ACCORD_KIND_BIT(ACCORD_PIXELS),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT) | ACCORD_KIND_BIT(ACCORD_DISCRETE) |
                    ACCORD_KIND_BIT(ACCORD_VECTOR),
    .open = null_open,
    .act = null_act,
    .close = null_close,
};

static const void *null_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = null_create,
    .destroy = null_destroy,
    .extension = null_extension,
};

static const char *const needs[] = {NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "null",
    .version = "1.0",
    .summary = "does nothing, to measure and test the harness itself",
    .license = "MIT",
    .needs = needs,
    .ops = &ops,
};
