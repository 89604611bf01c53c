/* recorded.c - see recorded.h. */
#include "report/recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/lines.h"

typedef struct search {
    const accord_recorded_wish *wish;
    accord_recorded *out;
    char *near; /* the item that comes nearest to the one that is looked for */
    size_t distance;
    bool has_cell; /* there is a cell of that name */
    bool has_item; /* the item was played, at least in training */
} search;

static const char *text_of(const json_t *line, const char *key) {
    const char *text = json_string_value(json_object_get(line, key));

    return text ? text : "";
}

static bool is(const json_t *line, const char *kind) {
    return strcmp(text_of(line, "k"), kind) == 0;
}

/* True for the end of an episode of evaluation that the wish allows. */
static bool fits(const search *s, const json_t *line, accord_ep_name *name) {
    uint64_t step = s->wish->step;

    if (!is(line, "ep") || !accord_ep_name_read(text_of(line, "ep"), name) ||
        name->phase != ACCORD_IN_EVAL)
        return false;
    if (step != UINT64_MAX && step != name->step)
        return false;
    return !s->wish->mode || strcmp(s->wish->mode, name->mode) == 0;
}

/* ---- one cell ---------------------------------------------------------------------- */

static accord_code two_modes(const search *s, const char *one, const char *other,
                             accord_err *err) {
    return accord_fail(err, ACCORD_E_ARG,
                       "item %s was evaluated in several modes: --mode %s, --mode %s ...",
                       s->wish->item, one, other);
}

/* The last evaluation, and the first visit in it. */
static accord_code choose(const search *s, const accord_talk *talk, const json_t **out,
                          accord_err *err) {
    accord_ep_name best = {0}, name;

    *out = NULL;
    for (size_t i = 0; i < talk->n; i++) {
        const json_t *line = talk->lines[i].json;
        if (!fits(s, line, &name))
            continue;
        if (*out && strcmp(name.mode, best.mode) != 0)
            return two_modes(s, best.mode, name.mode, err);
        if (*out && (name.step < best.step ||
                     (name.step == best.step && name.visit >= best.visit)))
            continue;
        best = name;
        *out = line;
    }
    return ACCORD_OK;
}

static accord_code two_cells(const search *s, const accord_run_cell *one,
                             const accord_run_cell *other, accord_err *err) {
    return accord_fail(err, ACCORD_E_ARG,
                       "item %s was played in several cells: --cell %s/%s/%llu, --cell "
                       "%s/%s/%llu ...",
                       s->wish->item, one->task, one->method,
                       (unsigned long long)one->seed, other->task, other->method,
                       (unsigned long long)other->seed);
}

/* Looks into a cell; what it finds stays in s->out. */
static accord_code look(search *s, uint32_t index, accord_err *err) {
    const accord_run_cell *cell = &s->out->run.cells[index];
    const json_t *ending;
    accord_talk talk;

    accord_code rc = accord_talk_read(&s->out->run, cell, s->wish->item, NULL, &talk,
                                      &s->near, &s->distance, err);
    s->has_item = s->has_item || talk.n > 0;
    if (!rc)
        rc = choose(s, &talk, &ending, err);
    if (!rc && ending && s->out->ending)
        rc = two_cells(s, &s->out->run.cells[s->out->cell], cell, err);
    if (rc || !ending) {
        accord_talk_fini(&talk);
        return rc;
    }
    s->out->talk = talk;
    s->out->ending = ending;
    s->out->cell = index;
    return ACCORD_OK;
}

/* ---- what was found ---------------------------------------------------------------- */

/* Why there are no actions. */
static accord_code no_actions(const accord_recorded *r, accord_err *err) {
    const char *task = r->run.cells[r->cell].task;
    const json_t *entry = accord_rundir_task(&r->run, task);
    const char *ep = text_of(r->ending, "ep");

    if (strcmp(text_of(entry, "action"), "text") == 0)
        return accord_fail(err, ACCORD_E_UNSUPPORTED,
                           "task %s asks for text: there are no frames to show", task);
    if (json_integer_value(json_object_get(entry, "max_steps")) == 1)
        return accord_fail(err, ACCORD_E_UNSUPPORTED,
                           "task %s ends after one step: its actions are not recorded",
                           task);
    if (r->steps == 0)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s ended as %s, and no step of it was recorded", ep,
                           text_of(r->ending, "outcome"));
    return accord_fail(
        err, ACCORD_E_CONFIG,
        "%s has no actions of %s: the run is older than their recording, or "
        "they were too many",
        r->run.path, ep);
}

static accord_code describe(accord_recorded *r, accord_err *err) {
    const char *ep = text_of(r->ending, "ep");
    const json_t *modes = r->run.cells[r->cell].modes;
    accord_ep_name name;

    for (size_t i = 0; i < r->talk.n; i++)
        if (is(r->talk.lines[i].json, "actions") &&
            strcmp(text_of(r->talk.lines[i].json, "ep"), ep) == 0)
            r->actions = r->talk.lines[i].json;
    r->index = (uint64_t)json_integer_value(json_object_get(r->ending, "index"));
    r->steps = (uint64_t)json_integer_value(json_object_get(r->ending, "steps"));
    r->score = accord_report_real(json_object_get(r->ending, "score"));
    r->answered = json_is_true(json_object_get(r->ending, "answered"));
    if (!accord_ep_name_read(ep, &name))
        return accord_fail(err, ACCORD_E_CONFIG, "no episode is called %s", ep);
    for (size_t i = 0; i < json_array_size(modes); i++)
        if (strcmp(json_string_value(json_array_get(modes, i)), name.mode) == 0)
            r->mode = json_string_value(json_array_get(modes, i));
    if (!r->mode)
        return accord_fail(err, ACCORD_E_CONFIG, "%s: the manifest has no mode %s",
                           r->run.path, name.mode);
    return r->actions ? ACCORD_OK : no_actions(r, err);
}

/* The item is there, but not as it was asked for. */
static accord_code no_episode(const search *s, accord_err *err) {
    const accord_recorded_wish *w = s->wish;
    const char *where = w->cell ? w->cell : s->out->run.path;
    char step[40] = "";

    if (!s->has_item)
        return accord_talk_no_item(w->item, where, s->near, s->distance, err);
    if (w->step != UINT64_MAX)
        snprintf(step, sizeof(step), " at step %llu", (unsigned long long)w->step);
    return accord_fail(err, ACCORD_E_NOTFOUND, "item %s of %s was not evaluated%s%s%s",
                       w->item, where, w->mode ? " in mode " : "", w->mode ? w->mode : "",
                       step);
}

accord_code accord_recorded_find(const accord_recorded_wish *wish, accord_recorded *out,
                                 accord_err *err) {
    search s = {.wish = wish, .out = out, .distance = SIZE_MAX};

    *out = (accord_recorded){0};
    accord_code rc = accord_rundir_open(wish->run_dir, &out->run, err);
    for (uint32_t i = 0; !rc && i < out->run.n_cells; i++) {
        if (!accord_rundir_is_cell(&out->run.cells[i], wish->cell))
            continue;
        s.has_cell = true;
        rc = look(&s, i, err);
    }
    if (!rc && !s.has_cell && wish->cell)
        rc = accord_rundir_no_cell(&out->run, wish->cell, err);
    if (!rc && !out->ending)
        rc = no_episode(&s, err);
    if (!rc)
        rc = describe(out, err);
    free(s.near);
    return rc;
}

void accord_recorded_fini(accord_recorded *r) {
    accord_talk_fini(&r->talk);
    accord_rundir_fini(&r->run);
    *r = (accord_recorded){0};
}
