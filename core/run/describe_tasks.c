/* describe_tasks.c - what the tasks of a suite are: part of the child's side of
 * describe.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/ask.h"
#include "run/describe.h"

enum { N_SAMPLED = 32 };

json_t *accord_describe_texts(const char *const *texts) {
    json_t *list = accord_describe_must(json_array());

    for (; texts && *texts; texts++)
        accord_describe_append(list, accord_describe_text(*texts));
    return list;
}

/* Scores may be unbounded, and JSON has no word for that. */
static json_t *bound_json(double value) {
    if (isfinite(value))
        return json_real(value);
    return json_string(value > 0.0 ? "inf" : "-inf");
}

static json_t *count_json(uint64_t n) {
    return n > INT64_MAX ? json_null() : json_integer((json_int_t)n);
}

/* A task that has the wrong idea of itself would fail in hour three. */
static accord_code check_spec(const accord_spec *spec, accord_err *err) {
    uint32_t n_parts = 0;

    if (!spec || spec->struct_size < offsetof(accord_spec, provenance))
        return accord_fail(err, ACCORD_E_ABI, "its spec is too short");
    if (spec->obs.kind < ACCORD_TEXT || spec->obs.kind > ACCORD_PIXELS ||
        spec->action.kind < ACCORD_TEXT || spec->action.kind > ACCORD_VECTOR)
        return accord_fail(err, ACCORD_E_ABI, "its spec has an unknown type");
    if (!spec->score || !spec->modes || !spec->modes[0] || spec->max_steps == 0)
        return accord_fail(err, ACCORD_E_ABI, "its spec lacks score, modes or max_steps");
    if (!(spec->score_min < spec->score_max))
        return accord_fail(err, ACCORD_E_ABI, "its scores go from %g to %g",
                           spec->score_min, spec->score_max);
    while (spec->parts && spec->parts[n_parts])
        n_parts++;
    if (n_parts > ACCORD_MAX_PARTS)
        return accord_fail(err, ACCORD_E_ABI,
                           "its score has %u parts, and %d is the most", n_parts,
                           ACCORD_MAX_PARTS);
    if (spec->n_items[ACCORD_SPLIT_EVAL] == 0)
        return accord_fail(err, ACCORD_E_CONFIG, "it has no items to evaluate");
    return ACCORD_OK;
}

static accord_code no_mode(const accord_described *d, uint32_t index, uint32_t mode,
                           accord_err *err) {
    const accord_suite_task *t = &d->suite->tasks[index];
    char list[200];
    size_t n = 0;

    list[0] = '\0';
    for (const char *const *m = d->tasks[index].own->modes; *m && n < sizeof(list); m++)
        n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", *m);
    return accord_fail(err, ACCORD_E_CONFIG,
                       "%s: /tasks/%s/modes/%u: plugin %s has no mode \"%.63s\" (it has "
                       "%s)",
                       d->suite->file, t->name, mode, t->plugin, t->modes[mode], list);
}

static bool same_space(const accord_space *a, const accord_space *b) {
    return a->kind == b->kind && a->n == b->n && a->height == b->height &&
           a->width == b->width;
}

/* What belongs in the manifest about one mode: modes may read files of their own. */
static void note_mode(accord_described *d, accord_described_task *t,
                      const accord_spec *spec, const char *mode) {
    accord_describe_files(d, spec->files);
    if (ACCORD_HAS(spec, provenance))
        accord_describe_put(t->provenance, mode, accord_describe_text(spec->provenance));
}

/* One mode that the suite asks for.  Its types are those of the others: a method is made
 * once for all of them. */
static accord_code look_at_mode(accord_described *d, uint32_t index, uint32_t mode,
                                accord_err *err) {
    accord_described_task *t = &d->tasks[index];
    const char *name = d->suite->tasks[index].modes[mode];
    const accord_spec *spec = NULL;
    accord_code code = t->instance->task->spec(t->instance->self, name, &spec, err);

    if (code == ACCORD_E_NOTFOUND) {
        if (err)
            *err = (accord_err){0};
        return no_mode(d, index, mode, err);
    }
    if (code || (code = check_spec(spec, err)))
        return code;
    note_mode(d, t, spec, name);
    if (!t->first)
        t->first = spec;
    if (!same_space(&spec->obs, &t->first->obs) ||
        !same_space(&spec->action, &t->first->action))
        return accord_fail(err, ACCORD_E_CONFIG,
                           "mode %s has other observations or actions than mode %s", name,
                           d->suite->tasks[index].modes[0]);
    if (spec->n_items[ACCORD_SPLIT_EVAL] < t->n_eval)
        t->n_eval = spec->n_items[ACCORD_SPLIT_EVAL];
    return ACCORD_OK;
}

static accord_code look_at_task(accord_described *d, uint32_t index, accord_err *err) {
    accord_described_task *t = &d->tasks[index];

    json_decref(t->provenance);
    t->provenance = accord_describe_must(json_object());
    accord_code code = t->instance->task->spec(t->instance->self, NULL, &t->own, err);
    if (code || (code = check_spec(t->own, err)))
        return code;
    t->n_eval = ACCORD_ENDLESS;
    for (uint32_t i = 0; i < d->suite->tasks[index].n_modes; i++)
        if ((code = look_at_mode(d, index, i, err)))
            return code;
    if (!t->first) {
        t->first = t->own;
        note_mode(d, t, t->own, t->own->modes[0]);
        t->n_eval = t->own->n_items[ACCORD_SPLIT_EVAL];
    }
    return ACCORD_OK;
}

static json_t *task_json(const accord_suite_task *t, const accord_described_task *d) {
    const accord_spec *spec = d->first;
    json_t *modes = accord_describe_must(json_array());

    for (uint32_t i = 0; i < t->n_modes; i++)
        accord_describe_append(modes, json_string(t->modes[i]));
    if (t->n_modes == 0)
        accord_describe_append(modes, json_string(spec->modes[0]));
    return json_pack(
        "{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:s, s:s, s:[o, o], s:I, s:b, s:O}",
        "plugin", t->plugin, "score", spec->score, "higher_is_better",
        spec->higher_is_better, "min", bound_json(spec->score_min), "max",
        bound_json(spec->score_max), "parts", accord_describe_texts(spec->parts), "modes",
        modes, "observation", accord_kind_name(spec->obs.kind), "action",
        accord_kind_name(spec->action.kind), "n_items",
        count_json(spec->n_items[ACCORD_SPLIT_TRAIN]), count_json(d->n_eval), "max_steps",
        (json_int_t)spec->max_steps, "seeded", (spec->flags & ACCORD_SPEC_SEEDED) != 0,
        "provenance", d->provenance);
}

accord_code accord_describe_task(accord_described *d, uint32_t index, json_t *out,
                                 accord_err *err) {
    const accord_suite_task *t = &d->suite->tasks[index];
    accord_code code = accord_describe_create(d, ACCORD_ROLE_TASK, index,
                                              &d->tasks[index].instance, err);

    if (code)
        return code;
    if ((code = look_at_task(d, index, err))) {
        if (err && strncmp(err->msg, d->suite->file, strlen(d->suite->file)) != 0)
            accord_err_context(err, "task %s", t->name);
        return code;
    }
    accord_describe_put(out, t->name, task_json(t, &d->tasks[index]));
    return ACCORD_OK;
}

/* ---- questions --------------------------------------------------------------------- */

static size_t length(const char *text) {
    return text ? strlen(text) : 0;
}

/* Bytes of the question and what belongs to it, of one item. */
static accord_code item_bytes(const accord_described_task *t, uint64_t item,
                              uint64_t seed, double *bytes, accord_err *err) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = t->own->modes[0],
                            .item = item,
                            .seed = seed};
    accord_obs obs = {.struct_size = sizeof(obs)};
    const char *id = NULL;
    void *ep = NULL;
    accord_code code =
        t->instance->task->open(t->instance->self, &key, &ep, &obs, &id, err);

    if (code)
        return code;
    if (obs.kind == ACCORD_TEXT && obs.record)
        *bytes +=
            (double)(length(obs.record->question) + length(obs.record->instruction));
    t->instance->task->close(ep);
    return ACCORD_OK;
}

accord_code accord_describe_items(accord_described *d, json_t *out, accord_err *err) {
    for (uint32_t i = 0; i < d->suite->n_tasks; i++) {
        accord_described_task *t = &d->tasks[i];
        const char *name = d->suite->tasks[i].name;
        double bytes = 0.0;
        accord_code code;
        if ((code = accord_describe_create(d, ACCORD_ROLE_TASK, i, &t->instance, err)) ||
            (code = look_at_task(d, i, err)))
            return code;
        uint64_t n = t->own->n_items[ACCORD_SPLIT_EVAL];
        uint64_t sampled = n < N_SAMPLED ? n : N_SAMPLED;
        uint64_t stride = n == ACCORD_ENDLESS ? 1 : n / sampled;
        if (t->own->obs.kind != ACCORD_TEXT)
            continue;
        for (uint64_t k = 0; k < sampled; k++) {
            accord_ask_note(name, "its first items were opened");
            if ((code = item_bytes(t, k * stride, d->suite->seeds[0], &bytes, err)))
                return code;
        }
        accord_describe_put(out, name, json_real(bytes / (double)sampled));
    }
    return ACCORD_OK;
}
