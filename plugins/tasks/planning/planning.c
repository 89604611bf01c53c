/* planning.c - plans that are judged by carrying them out: the plugin, which hands every
 * call to the kind of problem that its options name. */
#include <stdlib.h>
#include <string.h>

#include "kind.h"

struct task {
    const accord_host *host;
    const struct planning_kind *kind;
    void *self; /* the kind's */
};

static const struct planning_kind *const kinds[] = {
    [PLANNING_BLOCKSWORLD] = &planning_strips,
    [PLANNING_LOGISTICS] = &planning_strips,
    [PLANNING_PDDL] = &planning_strips,
    [PLANNING_TRAVEL] = &planning_travel,
};

static accord_code planning_create(const accord_host *host, const accord_setup *setup,
                                   void **self, accord_err *err) {
    struct planning_options options;

    *self = NULL;
    accord_code rc = planning_options_read(host, setup->params, &options, err);
    if (rc)
        return rc;
    struct task *t = calloc(1, sizeof(*t));
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    t->kind = kinds[options.choice[PLANNING_DOMAIN]];
    rc = t->kind->create(host, &options, &t->self, err);
    if (rc) {
        free(t);
        return rc;
    }
    *self = t;
    return ACCORD_OK;
}

static void planning_destroy(void *self) {
    struct task *t = self;

    if (t)
        t->kind->destroy(t->self);
    free(t);
}

static accord_code planning_spec(void *self, const char *mode, const accord_spec **out,
                                 accord_err *err) {
    struct task *t = self;

    if (mode && strcmp(mode, "default") != 0)
        return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode \"%s\"", mode);
    *out = t->kind->spec(t->self);
    return ACCORD_OK;
}

static accord_code planning_open(void *self, const accord_key *key, void **ep,
                                 accord_obs *obs, const char **id, accord_err *err) {
    struct task *t = self;

    return t->kind->open(t->self, key, ep, obs, id, err);
}

static accord_code planning_step(void *ep, const accord_action *action, accord_step *out,
                                 accord_err *err) {
    struct planning_episode *e = ep;

    return e->kind->step(ep, action, out, err);
}

static accord_code planning_canon(void *ep, const accord_action *action, char *buf,
                                  size_t size, accord_err *err) {
    struct planning_episode *e = ep;

    return e->kind->canon(ep, action, buf, size, err);
}

static void planning_close(void *ep) {
    struct planning_episode *e = ep;

    if (e)
        e->kind->close(ep);
}

static const void *planning_extension(const char *id) {
    static const accord_task_ops task = {
        .struct_size = sizeof(task),
        .spec = planning_spec,
        .open = planning_open,
        .step = planning_step,
        .canon = planning_canon,
        .close = planning_close,
    };

    return strcmp(id, ACCORD_TASK) == 0 ? &task : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = planning_create,
    .destroy = planning_destroy,
    .extension = planning_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_TASK,
    .id = "planning",
    .version = "1.0",
    .summary = "plans judged by carrying them out: Blocksworld, logistics, PDDL, trips",
    .license = "MIT",
    .params = planning_params,
    .n_params = PLANNING_N_OPTIONS,
    .ops = &ops,
};
