/* null.c - an environment that does nothing but count: measures the harness itself. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

struct null_task {
    const accord_host *host;
    accord_spec spec;
};

struct null_episode {
    const struct null_task *task;
    uint32_t left;
    char id[32];
};

static const char *const modes[] = {"default", NULL};

static accord_code null_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    struct null_task *t = calloc(1, sizeof(*t));

    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .obs = {.kind = ACCORD_DISCRETE, .n = 2},
        .action = {.kind = ACCORD_DISCRETE, .n = 2},
        .n_items = {ACCORD_ENDLESS, ACCORD_ENDLESS},
        .max_steps = (uint32_t)setup->params[0].i,
        .higher_is_better = 1,
        .score = "steps",
        .score_max = (double)setup->params[0].i,
        .modes = modes,
    };
    *self = t;
    return ACCORD_OK;
}

static accord_code null_spec(void *self, const char *mode, const accord_spec **out,
                             accord_err *err) {
    struct null_task *t = self;

    if (mode && strcmp(mode, modes[0]) != 0)
        return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode \"%s\"", mode);
    *out = &t->spec;
    return ACCORD_OK;
}

static accord_code null_open(void *self, const accord_key *key, void **ep,
                             accord_obs *obs, const char **id, accord_err *err) {
    const struct null_task *t = self;
    struct null_episode *e = malloc(sizeof(*e));

    if (!e)
        return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
    e->task = t;
    e->left = t->spec.max_steps;
    snprintf(e->id, sizeof(e->id), "%s-%" PRIu64,
             key->split == ACCORD_SPLIT_TRAIN ? "train" : "eval", key->item);
    obs->kind = ACCORD_DISCRETE;
    obs->index = 0;
    *id = e->id;
    *ep = e;
    return ACCORD_OK;
}

/* Every step is worth 1, so an episode's score says how many were played. */
static accord_code null_step(void *ep, const accord_action *action, accord_step *out,
                             accord_err *err) {
    struct null_episode *e = ep;
    const accord_host *host = e->task->host;

    if (e->left == 0)
        return host->fail(host, err, ACCORD_E_ARG, "step after the episode ended");
    out->reward = 1;
    out->end = --e->left == 0 ? ACCORD_END_TERMINATED : ACCORD_END_NO;
    out->obs->kind = ACCORD_DISCRETE;
    out->obs->index = 0;
    return ACCORD_OK;
}

static const void *null_extension(const char *id) {
    static const accord_task_ops task = {
        .struct_size = sizeof(task),
        .spec = null_spec,
        .open = null_open,
        .step = null_step,
        .close = free,
    };

    return strcmp(id, ACCORD_TASK) == 0 ? &task : NULL;
}

static const accord_param params[] = {
    {.name = "steps",
     .help = "steps of an episode",
     .type = ACCORD_INT,
     .value = 1000,
     .min = 1,
     .max = 1e9},
};

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = null_create,
    .destroy = free,
    .extension = null_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_TASK,
    .id = "null",
    .version = "1.0",
    .summary = "does nothing, to measure the harness itself",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .ops = &ops,
};
