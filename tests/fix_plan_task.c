/* fix_plan_task.c - a task of any type, which can misbehave while it is created: what the
 * planner is tested with. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fix.h"

enum {
    P_OBS,
    P_ACTION,
    P_TRAIN,
    P_EVAL,
    P_SEEDED,
    P_BEHAVE,
    P_FILE,
    P_HOLDOUT,
    P_EASY_FILE,
    N_PARAMS
};

static const accord_param params[N_PARAMS] = {
    [P_OBS] = {.name = "obs", .help = "kind", .type = ACCORD_INT, .value = ACCORD_TEXT},
    [P_ACTION] = {.name = "action",
                  .help = "kind",
                  .type = ACCORD_INT,
                  .value = ACCORD_TEXT},
    [P_TRAIN] = {.name = "train", .help = "items", .type = ACCORD_INT, .value = 5},
    [P_EVAL] = {.name = "eval",
                .help = "items, -1: endless",
                .type = ACCORD_INT,
                .value = 10},
    [P_SEEDED] = {.name = "seeded", .help = "start states", .type = ACCORD_BOOL},
    [P_BEHAVE] = {.name = "behave",
                  .help = "in create()",
                  .type = ACCORD_STRING,
                  .text = "well"},
    [P_FILE] = {.name = "file",
                .help = "that was read",
                .type = ACCORD_STRING,
                .text = ""},
    [P_EASY_FILE] = {.name = "easy_file",
                     .help = "that mode easy reads too",
                     .type = ACCORD_STRING,
                     .text = ""},
    [P_HOLDOUT] = {.name = "holdout", .help = "unused", .type = ACCORD_BOOL},
};

static const char *const modes[] = {"easy", "hard", NULL};

typedef struct plan_task {
    const accord_host *host;
    accord_spec spec;
    accord_spec hard; /* two items fewer */
    const char *files[2], *easy_files[3];
    const char *behave;
    char question[41];
    accord_record record;
} plan_task;

static accord_code misbehave(const accord_host *host, const char *how, accord_err *err) {
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "hang") == 0)
        pause();
    if (strcmp(how, "exit") == 0)
        _exit(3);
    if (strcmp(how, "fail") == 0)
        return host->fail(host, err, ACCORD_E_CONFIG, "the moon is full");
    if (strcmp(how, "mumble") == 0)
        return host->fail(host, err, ACCORD_E_CONFIG, "the moon is \xff");
    if (strcmp(how, "print") == 0)
        puts("{\"error\":\"plugins may print\"}");
    return ACCORD_OK;
}

static accord_code task_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    const accord_param_value *p = setup->params;
    accord_code code = misbehave(host, p[P_BEHAVE].s, err);

    if (code)
        return code;
    plan_task *t = calloc(1, sizeof(*t));
    t->host = host;
    t->behave = p[P_BEHAVE].s;
    t->files[0] = t->easy_files[0] = p[P_FILE].s[0] ? p[P_FILE].s : NULL;
    if (p[P_EASY_FILE].s[0])
        t->easy_files[t->files[0] ? 1 : 0] = p[P_EASY_FILE].s;
    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .flags = p[P_SEEDED].i ? ACCORD_SPEC_SEEDED : 0,
        .obs = {.kind = (int32_t)p[P_OBS].i},
        .action = {.kind = (int32_t)p[P_ACTION].i},
        .n_items = {(uint64_t)p[P_TRAIN].i, (uint64_t)p[P_EVAL].i},
        .max_steps = 1,
        .higher_is_better = 1,
        .score = "accuracy",
        .score_max = 1,
        .modes = modes,
        .files = t->files,
    };
    t->hard = t->spec;
    t->hard.provenance = "hard is made of stone";
    /* As a task that was built for an older host has it. */
    t->spec.struct_size = offsetof(accord_spec, provenance);
    t->spec.files = t->easy_files;
    if (t->hard.n_items[1] != ACCORD_ENDLESS)
        t->hard.n_items[1] -= 2;
    memset(t->question, 'q', sizeof(t->question) - 1);
    t->record = (accord_record){
        .struct_size = sizeof(accord_record), .question = t->question, .instruction = ""};
    *self = t;
    return ACCORD_OK;
}

static accord_code task_spec(void *self, const char *mode, const accord_spec **out,
                             accord_err *err) {
    plan_task *t = self;

    if (strcmp(t->behave, "abort_spec") == 0)
        abort();
    if (mode && strcmp(mode, "easy") != 0 && strcmp(mode, "hard") != 0)
        return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode %s", mode);
    *out = mode && strcmp(mode, "hard") == 0 ? &t->hard : &t->spec;
    return ACCORD_OK;
}

static accord_code task_open(void *self, const accord_key *key, void **ep,
                             accord_obs *obs, const char **id, accord_err *err) {
    plan_task *t = self;

    if (strcmp(t->behave, "abort_open") == 0)
        abort();
    obs->kind = t->spec.obs.kind;
    obs->record = &t->record;
    *id = "item";
    *ep = t;
    return ACCORD_OK;
}

static accord_code task_step(void *ep, const accord_action *action, accord_step *out,
                             accord_err *err) {
    out->end = ACCORD_END_TERMINATED;
    return ACCORD_OK;
}

static accord_code task_canon(void *ep, const accord_action *action, char *buf,
                              size_t size, accord_err *err) {
    buf[0] = '\0';
    return ACCORD_OK;
}

static void task_destroy(void *self) {
    free(self);
}

static const accord_task_ops task = {
    .struct_size = sizeof(task),
    .spec = task_spec,
    .open = task_open,
    .step = task_step,
    .canon = task_canon,
    .close = fix_close,
};

static const void *extension(const char *id) {
    return strcmp(id, ACCORD_TASK) == 0 ? &task : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = task_create,
    .destroy = task_destroy,
    .extension = extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_TASK, .id = "fix_plan_task", FIX_TEXTS,
    .params = params,   .n_params = N_PARAMS,     .ops = &ops,
};
