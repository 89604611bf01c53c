/* frames_play.c - the child's side of frames.h: plays the episode again and draws it. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pictures/picture.h"
#include "run/ask.h"
#include "run/describe.h"
#include "run/frames.h"
#include "run/stage.h"

/* What tasks that can show pictures call the options for it. */
#define OBSERVATION "observation"
#define PIXELS      "pixels"
#define SIZE        "size"

typedef struct film {
    const json_t *order;
    const accord_suite_task *entry;
    const char *file; /* of the suite */
    json_t *params;   /* the suite's, with what pictures need */
    accord_instance *task;
    const accord_spec *spec;
    accord_actions actions;
    accord_gif *gif;
    void *ep;
    uint32_t scale;
    uint64_t frames, steps;
    double score;
    char who[200];
} film;

static const char *text_of(const film *f, const char *key) {
    const char *text = json_string_value(json_object_get(f->order, key));

    return text ? text : "";
}

static uint32_t number_of(const film *f, const char *key) {
    return (uint32_t)json_integer_value(json_object_get(f->order, key));
}

/* ---- the task ---------------------------------------------------------------------- */

static accord_instance_setup setup_of(const film *f) {
    accord_instance_setup setup = {
        .role = ACCORD_ROLE_TASK,
        .plugin = f->entry->plugin,
        .name = f->entry->name,
        .params = accord_json_root(f->params, f->file),
        .services = accord_describe_services,
        .seed = (uint64_t)json_integer_value(json_object_get(f->order, "seed"))};

    snprintf(setup.params.path, sizeof(setup.params.path), "/tasks/%s/params",
             f->entry->name);
    return setup;
}

static const accord_param *param_named(const accord_plugin *p, const char *name) {
    for (uint32_t i = 0; i < p->n_params; i++)
        if (strcmp(p->params[i].name, name) == 0)
            return &p->params[i];
    return NULL;
}

static bool has_choice(const accord_param *p, const char *choice) {
    for (const char *const *c = p ? p->choices : NULL; c && *c; c++)
        if (strcmp(*c, choice) == 0)
            return true;
    return false;
}

/* Changes the options to what pictures need: pixels where methods saw the state, and the
 * size that is asked for. */
static accord_code ask_for_pixels(film *f, const accord_plugin *p, accord_err *err) {
    const accord_param *size = param_named(p, SIZE);
    uint32_t side = number_of(f, "side");

    if (has_choice(param_named(p, OBSERVATION), PIXELS))
        accord_describe_put(f->params, OBSERVATION, json_string(PIXELS));
    if (side == 0)
        return ACCORD_OK;
    if (!size || size->type != ACCORD_INT)
        return accord_fail(err, ACCORD_E_UNSUPPORTED,
                           "task %s: plugin %s has no option \"" SIZE
                           "\": its frames have one size",
                           f->entry->name, f->entry->plugin);
    accord_describe_put(f->params, SIZE, json_integer(side));
    return ACCORD_OK;
}

/* The options stand in the plugin's table, so it is opened before it is created. */
static accord_code choose_options(film *f, accord_err *err) {
    const accord_instance_setup setup = setup_of(f);
    accord_instance *opened;

    accord_code rc = accord_instance_open(&setup, &opened, err);
    if (rc)
        return rc;
    const accord_plugin *plugin = opened->plugin; /* stays when the instance goes */
    accord_instance_destroy(opened);
    return ask_for_pixels(f, plugin, err);
}

static accord_code create(film *f, accord_err *err) {
    const accord_instance_setup setup = setup_of(f);

    accord_ask_note(f->who, "it was created");
    accord_code rc = accord_instance_create(&setup, &f->task, err);
    if (!rc)
        rc = f->task->task->spec(f->task->self, text_of(f, "mode"), &f->spec, err);
    return rc;
}

static accord_code make_task(film *f, accord_err *err) {
    accord_code rc = choose_options(f, err);

    if (!rc)
        rc = create(f, err);
    if (!rc && f->spec->obs.kind != ACCORD_PIXELS)
        rc = accord_fail(err, ACCORD_E_UNSUPPORTED,
                         "task %s shows no pictures: what its methods see is %s",
                         f->entry->name, accord_kind_name(f->spec->obs.kind));
    return rc;
}

/* The item in the task's own order, as the worker found it. */
static accord_code find_item(const film *f, uint64_t *item, accord_err *err) {
    uint64_t index = (uint64_t)json_integer_value(json_object_get(f->order, "index"));
    const accord_spec *first;
    accord_order order;
    uint64_t visit;

    accord_code rc =
        f->task->task->spec(f->task->self, text_of(f, "first_mode"), &first, err);
    if (!rc)
        rc = accord_order_make(&order, first->n_items[ACCORD_SPLIT_EVAL],
                               ACCORD_SPLIT_EVAL, err);
    if (rc)
        return rc;
    *item = accord_order_item(&order, index, &visit);
    accord_order_fini(&order);
    return ACCORD_OK;
}

static accord_code open_episode(film *f, accord_obs *obs, accord_err *err) {
    accord_key key = {.struct_size = sizeof(key),
                      .split = ACCORD_SPLIT_EVAL,
                      .mode = text_of(f, "mode"),
                      .seed = setup_of(f).seed};
    const char *id = NULL;

    accord_code rc = find_item(f, &key.item, err);
    if (rc)
        return rc;
    accord_ask_note(f->who, "its episode was opened");
    rc = f->task->task->open(f->task->self, &key, &f->ep, obs, &id, err);
    if (rc)
        return rc;
    if (!id || strcmp(id, text_of(f, "item")) != 0)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "task %s has changed since the run: item %s is %s now",
                           f->entry->name, text_of(f, "item"), id ? id : "nothing");
    return ACCORD_OK;
}

/* ---- the pictures ------------------------------------------------------------------ */

static uint32_t scale_of(const film *f) {
    const accord_space *o = &f->spec->obs;
    uint32_t side = o->height < o->width ? o->height : o->width;
    uint32_t asked = number_of(f, "scale");

    if (asked || side == 0)
        return asked;
    return side < ACCORD_FRAMES_SIDE ? (ACCORD_FRAMES_SIDE + side - 1) / side : 1;
}

static accord_code open_gif(film *f, accord_err *err) {
    const accord_gif_look look = {.height = f->spec->obs.height,
                                  .width = f->spec->obs.width,
                                  .scale = f->scale,
                                  .delay_cs = number_of(f, "delay_cs")};
    char *path = accord_xasprintf("%s/" ACCORD_FRAMES_GIF, text_of(f, "dir"));

    accord_code rc =
        accord_has_gif() ? accord_gif_open(path, &look, &f->gif, err) : ACCORD_OK;
    free(path);
    return rc;
}

static accord_code draw(film *f, const accord_obs *obs, accord_err *err) {
    const accord_picture p = {obs->pixels, f->spec->obs.height, f->spec->obs.width};
    accord_code rc = ACCORD_OK;

    if (!obs->pixels)
        return accord_fail(err, ACCORD_E_ABI, "task %s showed no pixels", f->entry->name);
    if (accord_has_png()) {
        char name[32];
        accord_frames_name(name, f->frames);
        char *path = accord_xasprintf("%s/%s", text_of(f, "dir"), name);
        rc = accord_png_write(path, &p, err);
        free(path);
    }
    if (!rc && f->gif)
        rc = accord_gif_add(f->gif, obs->pixels, err);
    f->frames++;
    return rc;
}

/* ---- the whole --------------------------------------------------------------------- */

static accord_code play_step(film *f, float *vector, accord_obs *obs, int32_t *end,
                             accord_err *err) {
    double parts[ACCORD_MAX_PARTS] = {0};
    accord_step out = {.struct_size = sizeof(out), .parts = parts, .obs = obs};
    accord_action action;
    char doing[64];

    snprintf(doing, sizeof(doing), "step %llu was played again",
             (unsigned long long)f->steps);
    accord_ask_note(f->who, doing);
    accord_actions_get(&f->actions, f->steps, vector, &action);
    accord_code rc = f->task->task->step(f->ep, &action, &out, err);
    if (rc)
        return rc;
    f->steps++;
    f->score += out.reward;
    *end = out.end;
    return draw(f, obs, err);
}

static accord_code play(film *f, accord_obs *obs, accord_err *err) {
    int32_t end = ACCORD_END_NO;
    float *vector;

    accord_code rc =
        accord_alloc(f->spec->action.n + UINT64_C(1), sizeof(*vector), &vector, err);
    if (!rc)
        rc = draw(f, obs, err);
    while (!rc && end == ACCORD_END_NO && f->steps < f->actions.steps)
        rc = play_step(f, vector, obs, &end, err);
    free(vector);
    return rc;
}

static accord_code shoot(film *f, accord_err *err) {
    accord_obs obs = {.struct_size = sizeof(obs), .kind = ACCORD_PIXELS};

    accord_code rc = make_task(f, err);
    if (!rc) {
        f->scale = scale_of(f);
        rc = accord_actions_read(json_object_get(f->order, "actions"), &f->spec->action,
                                 &f->actions, err);
        if (rc)
            accord_err_context(err, "task %s has changed since the run", f->entry->name);
    }
    if (!rc)
        rc = open_episode(f, &obs, err);
    if (!rc)
        rc = open_gif(f, err);
    if (!rc)
        rc = play(f, &obs, err);
    accord_code closed = accord_gif_close(f->gif, !rc, err);
    return rc ? rc : closed;
}

static void tell(const film *f, json_t *out) {
    accord_describe_put(out, "frames", json_integer((json_int_t)f->frames));
    accord_describe_put(out, "height", json_integer(f->spec->obs.height));
    accord_describe_put(out, "width", json_integer(f->spec->obs.width));
    accord_describe_put(out, "scale", json_integer(f->scale));
    accord_describe_put(out, "steps", json_integer((json_int_t)f->steps));
    if (isfinite(f->score)) /* JSON has no word for others */
        accord_describe_put(out, "score", json_real(f->score));
}

static void film_fini(film *f) {
    accord_ask_note(f->who, "it was closed");
    if (f->ep)
        f->task->task->close(f->ep);
    accord_instance_destroy(f->task);
    accord_actions_fini(&f->actions);
    json_decref(f->params);
}

static accord_code answer(json_t *order, json_t *out, accord_err *err) {
    film f = {.order = order};
    accord_suite *suite;

    f.file = text_of(&f, "file");
    accord_code rc = accord_suite_take(json_incref(json_object_get(order, "suite")),
                                       f.file, &suite, err);
    if (rc)
        return rc;
    uint32_t task = number_of(&f, "task");
    if (task >= suite->n_tasks) {
        accord_suite_destroy(suite);
        return accord_fail(err, ACCORD_E_ARG, ACCORD_FRAMES_COMMAND " is not for people");
    }
    f.entry = &suite->tasks[task];
    f.params = f.entry->params ? json_deep_copy(f.entry->params) : json_object();
    accord_describe_must(f.params);
    snprintf(f.who, sizeof(f.who), "task %s: plugin %s", f.entry->name, f.entry->plugin);
    rc = shoot(&f, err);
    if (!rc)
        tell(&f, out);
    film_fini(&f);
    accord_suite_destroy(suite);
    return rc;
}

int accord_frames_serve(void) {
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
    return accord_ask_serve(answer);
}
