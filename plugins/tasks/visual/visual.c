/* visual.c - the task: control from pictures or from the state. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>

#include "options.h"
#include "screen.h"

enum { PROVENANCE = 640 };

struct task {
    const accord_host *host;
    world world;
    screen screen; /* only with pixels */
    bool pixels;
    accord_spec specs[SCREEN_MODES]; /* in the order of the modes */
    char provenance[SCREEN_MODES][PROVENANCE];
};

struct episode {
    struct task *task;
    environment environment;
    view view; /* only with pixels */
    char id[32];
    float state[DOMAIN_MAX_STATE];
};

/* A state looks the same in all modes. */
static const char *const state_modes[] = {"train", NULL};

static const char *const *modes_of(const struct task *t) {
    return t->pixels ? look_modes : state_modes;
}

static void visual_destroy(void *self) {
    struct task *t = self;

    if (!t)
        return;
    screen_fini(&t->screen);
    world_fini(&t->world);
    free(t);
}

static accord_code init(struct task *t, const accord_setup *setup, accord_err *err) {
    options o;
    accord_code rc = options_read(t->host, setup->params, &o, err);

    if (!rc)
        rc = world_init(&t->world, t->host, &o.world, err);
    if (rc || !o.pixels)
        return rc;
    t->pixels = true;
    o.look.domain = t->world.domain->name;
    o.look.action_repeat = t->world.repeat;
    return screen_init(&t->screen, &t->world, &o.look, err);
}

static accord_code visual_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    struct task *t = calloc(1, sizeof(*t));

    *self = NULL;
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    accord_code rc = init(t, setup, err);
    if (rc) {
        visual_destroy(t);
        return rc;
    }
    *self = t;
    return ACCORD_OK;
}

/* ---- modes ------------------------------------------------------------------------ */

static accord_code find_mode(const struct task *t, const char *name, int *out,
                             accord_err *err) {
    const char *const *modes = modes_of(t);

    for (*out = 0; modes[*out]; ++*out)
        if (!name || strcmp(modes[*out], name) == 0)
            return ACCORD_OK;
    return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode \"%s\"%s", name,
                         t->pixels ? "" : " of the state: the modes are for pictures");
}

static accord_space space_of(const struct task *t) {
    const look_options *o = &t->screen.options;

    if (!t->pixels)
        return (accord_space){.kind = ACCORD_VECTOR,
                              .n = (uint32_t)t->world.task->n_state};
    return (accord_space){.kind = ACCORD_PIXELS,
                          .height = (uint32_t)o->height,
                          .width = (uint32_t)o->width};
}

/* The version of the engine moves trajectories; it is not the host's to know. */
static const char *say_provenance(struct task *t, int mode) {
    char *text = t->provenance[mode];
    int n = 0;

    if (t->pixels)
        n = snprintf(text, PROVENANCE, "%s; ",
                     look_source_provenance(t->screen.modes[mode].source));
    snprintf(text + n, (size_t)(PROVENANCE - n), "%s, MuJoCo %s",
             t->world.model.files ? "the user's models" : "own models",
             mj_versionString());
    return text;
}

static void fill_spec(struct task *t, int mode) {
    const world *w = &t->world;
    accord_spec *spec = &t->specs[mode];

    *spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .flags = ACCORD_SPEC_SEEDED,
        .obs = space_of(t),
        .action = {.kind = ACCORD_VECTOR, .n = (uint32_t)w->domain->n_action},
        .n_items = {ACCORD_ENDLESS, ACCORD_ENDLESS},
        .max_steps = (uint32_t)world_steps(w),
        .higher_is_better = 1,
        .score = "return",
        .score_max = CONTROL_STEPS,
        .modes = modes_of(t),
        .files =
            t->pixels ? t->screen.modes[mode].files : (const char *const *)w->model.files,
        .provenance = say_provenance(t, mode),
    };
}

static accord_code open_mode(struct task *t, const char *name, int *mode,
                             accord_err *err) {
    accord_code rc = find_mode(t, name, mode, err);

    if (!rc && t->pixels)
        rc = screen_open_mode(&t->screen, *mode, err);
    if (!rc && t->specs[*mode].struct_size == 0)
        fill_spec(t, *mode);
    return rc;
}

static accord_code visual_spec(void *self, const char *mode, const accord_spec **out,
                               accord_err *err) {
    struct task *t = self;
    int i;
    accord_code rc = open_mode(t, mode, &i, err);

    if (!rc)
        *out = &t->specs[i];
    return rc;
}

/* ---- episodes --------------------------------------------------------------------- */

static void visual_close(void *ep) {
    struct episode *e = ep;

    if (!e)
        return;
    view_fini(&e->view);
    environment_fini(&e->environment);
    free(e);
}

static void show(struct episode *e, accord_obs *obs) {
    obs->kind = e->task->pixels ? ACCORD_PIXELS : ACCORD_VECTOR;
    obs->pixels = e->view.pixels;
    obs->vector = e->state;
    if (!e->task->pixels)
        environment_observe(&e->environment, e->state);
}

/* The mode does not move the start states: a task begins alike in all of them. */
static uint64_t stream_of(const accord_key *key) {
    uint64_t x = accord_rng_fold(0x7669737561, key->seed);

    return accord_rng_fold(accord_rng_fold(x, (uint64_t)key->split), key->item);
}

static accord_code begin(struct episode *e, int mode, const accord_key *key,
                         accord_err *err) {
    struct task *t = e->task;
    uint64_t rng = stream_of(key);

    snprintf(e->id, sizeof(e->id), "%s-%" PRIu64,
             key->split == ACCORD_SPLIT_TRAIN ? "train" : "eval", key->item);
    accord_code rc = environment_init(&e->environment, &t->world, err);
    if (!rc)
        rc = environment_reset(&e->environment, &rng, err);
    if (rc || !t->pixels)
        return rc;
    rc = view_init(&e->view, &t->screen, mode, key, err);
    return rc ? rc : view_draw(&e->view, &e->environment, err);
}

static accord_code visual_open(void *self, const accord_key *key, void **ep,
                               accord_obs *obs, const char **id, accord_err *err) {
    struct task *t = self;
    int mode;
    accord_code rc = open_mode(t, key->mode, &mode, err);

    *ep = NULL;
    if (rc)
        return rc;
    struct episode *e = calloc(1, sizeof(*e));
    if (!e)
        return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
    e->task = t;
    rc = begin(e, mode, key, err);
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
    if (!rc && e->task->pixels)
        rc = view_step(&e->view, &e->environment, err);
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
    .summary = "control from pictures on MuJoCo: cartpole, walker, cheetah, ...",
    .reference = "Tassa et al., DeepMind Control Suite, 2018, arXiv:1801.00690",
    .license = "MIT",
    .params = options_params,
    .n_params = OPTIONS_N,
    .ops = &ops,
};
