/* visual.c - the task: control from pictures or from the state. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>

#include "environment.h"

enum { P_DOMAIN, P_TASK, P_OBSERVATION, P_REPEAT, P_ASSETS };

struct task {
    const accord_host *host;
    world world;
    accord_spec spec;
};

struct episode {
    struct task *task;
    environment environment;
    char id[32];
    float state[DOMAIN_MAX_STATE];
};

static const char *const modes[] = {"train", NULL};

static void visual_destroy(void *self) {
    struct task *t = self;

    if (!t)
        return;
    world_fini(&t->world);
    free(t);
}

static void fill_spec(struct task *t) {
    const world *w = &t->world;

    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .flags = ACCORD_SPEC_SEEDED,
        .obs = {.kind = ACCORD_VECTOR, .n = (uint32_t)w->task->n_state},
        .action = {.kind = ACCORD_VECTOR, .n = (uint32_t)w->domain->n_action},
        .n_items = {ACCORD_ENDLESS, ACCORD_ENDLESS},
        .max_steps = (uint32_t)world_steps(w),
        .higher_is_better = 1,
        .score = "return",
        .score_max = CONTROL_STEPS,
        .modes = modes,
        .files = (const char *const *)w->model.files,
    };
}

static accord_code visual_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    const accord_param_value *v = setup->params;
    const world_options options = {.domain = v[P_DOMAIN].s,
                                   .task = v[P_TASK].s,
                                   .assets = v[P_ASSETS].s,
                                   .repeat = (int)v[P_REPEAT].i};
    struct task *t = calloc(1, sizeof(*t));

    *self = NULL;
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    accord_code rc = world_init(&t->world, host, &options, err);
    if (rc) {
        visual_destroy(t);
        return rc;
    }
    fill_spec(t);
    *self = t;
    return ACCORD_OK;
}

static accord_code visual_spec(void *self, const char *mode, const accord_spec **out,
                               accord_err *err) {
    struct task *t = self;

    if (mode && strcmp(mode, modes[0]) != 0)
        return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode \"%s\"", mode);
    *out = &t->spec;
    return ACCORD_OK;
}

/* ---- episodes --------------------------------------------------------------------- */

static void visual_close(void *ep) {
    struct episode *e = ep;

    if (!e)
        return;
    environment_fini(&e->environment);
    free(e);
}

static void show(struct episode *e, accord_obs *obs) {
    environment_observe(&e->environment, e->state);
    obs->kind = ACCORD_VECTOR;
    obs->vector = e->state;
}

/* The mode does not move the start states: a task begins alike in all of them. */
static uint64_t stream_of(const accord_key *key) {
    uint64_t x = accord_rng_fold(0x7669737561, key->seed);

    return accord_rng_fold(accord_rng_fold(x, (uint64_t)key->split), key->item);
}

static accord_code begin(struct episode *e, const accord_key *key, accord_err *err) {
    uint64_t rng = stream_of(key);

    snprintf(e->id, sizeof(e->id), "%s-%" PRIu64,
             key->split == ACCORD_SPLIT_TRAIN ? "train" : "eval", key->item);
    accord_code rc = environment_init(&e->environment, &e->task->world, err);
    return rc ? rc : environment_reset(&e->environment, &rng, err);
}

static accord_code visual_open(void *self, const accord_key *key, void **ep,
                               accord_obs *obs, const char **id, accord_err *err) {
    struct task *t = self;
    const accord_spec *spec;
    accord_code rc = visual_spec(t, key->mode, &spec, err);

    *ep = NULL;
    if (rc)
        return rc;
    struct episode *e = calloc(1, sizeof(*e));
    if (!e)
        return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
    e->task = t;
    rc = begin(e, key, err);
    if (rc) {
        visual_close(e);
        return rc;
    }
    show(e, obs);
    *id = e->id;
    *ep = e;
    return ACCORD_OK;
}

/* MuJoCo would warn about it and the task be blamed. */
static accord_code check_action(const struct task *t, const accord_action *action,
                                accord_err *err) {
    for (int i = 0; i < t->world.domain->n_action; i++)
        if (!action->vector || !isfinite(action->vector[i]))
            return t->host->fail(t->host, err, ACCORD_E_ARG,
                                 "number %d of the action is not finite", i);
    return ACCORD_OK;
}

static accord_code visual_step(void *ep, const accord_action *action, accord_step *out,
                               accord_err *err) {
    struct episode *e = ep;
    accord_code rc = check_action(e->task, action, err);

    if (!rc)
        rc = environment_step(&e->environment, action->vector, &out->reward, err);
    if (rc)
        return rc;
    if (environment_ended(&e->environment))
        out->end = ACCORD_END_TRUNCATED;
    show(e, out->obs);
    return ACCORD_OK;
}

/* ---- the entry -------------------------------------------------------------------- */

static const void *visual_extension(const char *id) {
    static const accord_task_ops task = {
        .struct_size = sizeof(task),
        .spec = visual_spec,
        .open = visual_open,
        .step = visual_step,
        .close = visual_close,
    };

    return strcmp(id, ACCORD_TASK) == 0 ? &task : NULL;
}

static const char *const domain_names[] = {"ball_in_cup", "cartpole", "cheetah", "finger",
                                           "reacher",     "walker",   NULL};
static const char *const observations[] = {"state", NULL};

static const accord_param params[] = {
    {.name = "domain",
     .help = "what is controlled",
     .type = ACCORD_STRING,
     .text = "cartpole",
     .choices = domain_names},
    {.name = "task",
     .help = "what is to be done; empty: swingup, catch, run, spin, easy or walk",
     .type = ACCORD_STRING,
     .text = ""},
    {.name = "observation",
     .help = "state: positions and velocities as numbers",
     .type = ACCORD_STRING,
     .text = "state",
     .choices = observations},
    {.name = "action_repeat",
     .help = "control steps for which an action is held; 0: as in DMControl-GB",
     .type = ACCORD_INT,
     .min = 0,
     .max = CONTROL_STEPS},
    {.name = "assets",
     .help = "folder of the published suite's models; empty: our own",
     .type = ACCORD_STRING,
     .text = ""},
};

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = visual_create,
    .destroy = visual_destroy,
    .extension = visual_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_TASK,
    .id = "visual",
    .version = "1.0",
    .summary = "control tasks on MuJoCo: cartpole, ball in cup, finger, walker, ...",
    .reference = "Tassa et al., DeepMind Control Suite, 2018, arXiv:1801.00690",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .ops = &ops,
};
