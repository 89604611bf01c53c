/* suite.c - see suite.h.  The document is kept, and everything else borrows from it. */
#include "run/suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/suite_read.h"

const char *accord_suite_nearest(const json_t *known, const char *word) {
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)known, key, value) {
        size_t d = accord_text_distance(word, key);
        if (d < best && accord_text_nearest(word, (const char *const[]){key, NULL})) {
            best = d;
            nearest = key;
        }
    }
    return nearest;
}

accord_code accord_suite_unknown(const accord_json *j, const char *what, const char *word,
                                 const json_t *known, accord_err *err) {
    const char *near = accord_suite_nearest(known, word);

    if (near)
        return accord_json_fail(j, err, "unknown %s \"%.63s\" (did you mean \"%s\"?)",
                                what, word, near);
    return accord_json_fail(j, err, "unknown %s \"%.63s\"", what, word);
}

accord_code accord_suite_read_count(const accord_json *owner, const char *key,
                                    uint64_t min, uint64_t max, uint64_t *out,
                                    accord_err *err) {
    accord_json j = accord_json_get(owner, key);
    int64_t value = (int64_t)*out;
    accord_code code = accord_json_read_int(&j, (int64_t)min, (int64_t)max, &value, err);

    *out = (uint64_t)value;
    return code;
}

accord_code accord_suite_read_positive(const accord_json *owner, const char *key,
                                       double *out, accord_err *err) {
    accord_json j = accord_json_get(owner, key);
    accord_code code = accord_json_read_real(&j, out, err);

    if (code == ACCORD_OK && j.value && *out <= 0.0)
        return accord_json_fail(&j, err, "%g is not above 0", *out);
    return code;
}

accord_code accord_suite_read_eval(const accord_json *owner, uint64_t *out,
                                   accord_err *err) {
    static const char *const keys[] = {"episodes", NULL};
    accord_json eval = accord_json_get(owner, "eval");
    accord_code code;

    if (!eval.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&eval, JSON_OBJECT, err)) ||
        (code = accord_json_only(&eval, keys, err)))
        return code;
    return accord_suite_read_count(&eval, "episodes", 1, INT64_MAX, out, err);
}

static accord_code read_plugin(const accord_json *owner, const char **plugin,
                               accord_err *err) {
    accord_json j = accord_json_get(owner, "plugin");
    accord_code code = accord_json_read_text(&j, plugin, err);

    if (code)
        return code;
    if (!j.value)
        return accord_json_fail(owner, err, "\"plugin\" is missing");
    if (!accord_text_is_id(*plugin))
        return accord_json_fail(&j, err, "\"%.63s\" is no plugin's name (a-z, 0-9, _)",
                                *plugin);
    return ACCORD_OK;
}

accord_code accord_suite_read_head(const accord_json *j, const char *name,
                                   const char *const *keys, const char **plugin,
                                   const json_t **params, accord_err *err) {
    accord_json p = accord_json_get(j, "params");
    accord_code code;

    if (!accord_text_is_id(name))
        return accord_json_fail(j, err,
                                "a name is made of a-z, 0-9 and _, at most 63 of them");
    if ((code = accord_json_expect(j, JSON_OBJECT, err)) ||
        (code = accord_json_only(j, keys, err)) || (code = read_plugin(j, plugin, err)))
        return code;
    *params = p.value;
    return p.value ? accord_json_expect(&p, JSON_OBJECT, err) : ACCORD_OK;
}

/* A suite's name becomes part of a folder's. */
static bool is_suite_name(const char *name) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.";
    size_t n = strspn(name, letters);

    return n > 0 && n < 64 && name[n] == '\0' && name[0] != '.' && name[0] != '-';
}

static accord_code read_name(accord_suite *s, const accord_json *root, accord_err *err) {
    accord_json name = accord_json_get(root, "suite");
    accord_json summary = accord_json_get(root, "summary");
    accord_code code = accord_json_read_text(&name, &s->name, err);

    if (code)
        return code;
    if (!name.value)
        return accord_json_fail(root, err, "\"suite\", the suite's name, is missing");
    if (!is_suite_name(s->name))
        return accord_json_fail(
            &name, err,
            "a suite's name is made of letters, digits, _, - and ., at most "
            "63 of them, and begins with a letter or a digit");
    s->summary = "";
    return accord_json_read_text(&summary, &s->summary, err);
}

uint32_t accord_suite_seed_place(const accord_suite *suite, uint64_t seed) {
    uint32_t i = 0;

    while (i < suite->n_seeds && suite->seeds[i] != seed)
        i++;
    return i;
}

static accord_code read_seeds(accord_suite *s, const accord_json *root, accord_err *err) {
    accord_json seeds = accord_json_get(root, "seeds");
    accord_code code;

    if (!seeds.value || (json_is_array(seeds.value) && !json_array_size(seeds.value)))
        return accord_json_fail(
            &seeds, err, "no seeds: a suite needs at least one, as in \"seeds\": [1]");
    if ((code = accord_json_expect(&seeds, JSON_ARRAY, err)) ||
        (code = accord_alloc(json_array_size(seeds.value), sizeof(*s->seeds), &s->seeds,
                             err)))
        return code;
    for (size_t i = 0; i < json_array_size(seeds.value); i++) {
        accord_json j = accord_json_at(&seeds, i);
        int64_t seed = 0;
        if ((code = accord_json_read_int(&j, 0, INT64_MAX, &seed, err)))
            return code;
        if (accord_suite_seed_place(s, (uint64_t)seed) < s->n_seeds)
            return accord_json_fail(&j, err, "seed %lld is named twice", (long long)seed);
        s->seeds[s->n_seeds++] = (uint64_t)seed;
    }
    return ACCORD_OK;
}

static accord_code read_baseline(accord_suite *s, const accord_json *root,
                                 accord_err *err) {
    const json_t *tasks = json_object_get(root->value, "tasks");
    const json_t *methods = json_object_get(root->value, "methods");
    accord_json baseline = accord_json_get(root, "baseline");
    accord_code code;
    const char *task;
    json_t *value;

    s->baseline = baseline.value;
    if (!baseline.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&baseline, JSON_OBJECT, err)))
        return code;
    json_object_foreach(baseline.value, task, value) {
        accord_json j = accord_json_get(&baseline, task);
        const char *method = NULL;
        if (!json_object_get(tasks, task))
            return accord_suite_unknown(&j, "task", task, tasks, err);
        if ((code = accord_json_read_text(&j, &method, err)))
            return code;
        if (!json_object_get(methods, method))
            return accord_suite_unknown(&j, "method", method, methods, err);
    }
    return ACCORD_OK;
}

static accord_code read_budget(accord_suite *s, const accord_json *root,
                               accord_err *err) {
    static const char *const keys[] = {"tokens", "cost", NULL};
    accord_json budget = accord_json_get(root, "budget");
    accord_code code;

    if (!budget.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&budget, JSON_OBJECT, err)) ||
        (code = accord_json_only(&budget, keys, err)) ||
        (code = accord_suite_read_count(&budget, "tokens", 1, INT64_MAX, &s->token_budget,
                                        err)))
        return code;
    return accord_suite_read_positive(&budget, "cost", &s->cost_budget, err);
}

static accord_code read_limits(accord_suite *s, const accord_json *root,
                               accord_err *err) {
    static const char *const keys[] = {"episode_tokens", "episode_seconds",
                                       "step_seconds", "memory_mb", NULL};
    enum { MAX_MB = 1 << 30 };
    accord_json limits = accord_json_get(root, "limits");
    uint64_t mb = 0;
    accord_code code;

    s->episode_seconds = 600.0;
    s->step_seconds = 120.0;
    if (!limits.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&limits, JSON_OBJECT, err)) ||
        (code = accord_json_only(&limits, keys, err)) ||
        (code = accord_suite_read_count(&limits, "episode_tokens", 1, INT64_MAX,
                                        &s->episode_tokens, err)) ||
        (code = accord_suite_read_positive(&limits, "episode_seconds",
                                           &s->episode_seconds, err)) ||
        (code = accord_suite_read_positive(&limits, "step_seconds", &s->step_seconds,
                                           err)) ||
        (code = accord_suite_read_count(&limits, "memory_mb", 1, MAX_MB, &mb, err)))
        return code;
    s->memory_bytes = mb << 20;
    return ACCORD_OK;
}

static accord_code read_document(accord_suite *s, const accord_json *root,
                                 accord_err *err) {
    static const char *const keys[] = {"suite",  "summary", "models",    "methods",
                                       "tasks",  "seeds",   "eval",      "baseline",
                                       "budget", "limits",  "in_flight", NULL};
    uint64_t in_flight = 0;
    accord_code code;

    if ((code = accord_json_expect(root, JSON_OBJECT, err)) ||
        (code = accord_json_only(root, keys, err)) || (code = read_name(s, root, err)) ||
        (code = accord_suite_read_models(s, root, err)) ||
        (code = accord_suite_read_methods(s, root, err)) ||
        (code = accord_suite_read_tasks(s, root, err)) ||
        (code = read_seeds(s, root, err)) ||
        (code = accord_suite_read_eval(root, &s->episodes, err)) ||
        (code = read_baseline(s, root, err)) || (code = read_budget(s, root, err)) ||
        (code = read_limits(s, root, err)))
        return code;
    code = accord_suite_read_count(root, "in_flight", 1, 100000, &in_flight, err);
    s->in_flight = (uint32_t)in_flight;
    return code;
}

accord_code accord_suite_take(json_t *json, const char *name, accord_suite **out,
                              accord_err *err) {
    accord_suite *s = NULL;
    accord_code code;

    *out = NULL;
    if ((code = accord_alloc(1, sizeof(*s), &s, err))) {
        json_decref(json);
        return code;
    }
    s->json = json;
    s->file = strdup(name);
    if (!s->file) {
        code = accord_fail(err, ACCORD_E_NOMEM, "out of memory");
        goto fail;
    }
    accord_json root = accord_json_root(json, s->file);
    if ((code = read_document(s, &root, err)))
        goto fail;
    *out = s;
    return ACCORD_OK;
fail:
    accord_suite_destroy(s);
    return code;
}

/* A suite that was filtered is read again, so that nothing borrows from what is gone. */
static accord_code filter(accord_suite **suite, const accord_suite_edit *edit,
                          accord_err *err) {
    accord_code code = accord_suite_filter(*suite, edit, err);

    if (code)
        return code;
    json_t *json = json_incref((*suite)->json);
    accord_suite *filtered;
    code = accord_suite_take(json, (*suite)->file, &filtered, err);
    accord_suite_destroy(*suite);
    *suite = filtered;
    return code;
}

accord_code accord_suite_load(const char *path, const accord_suite_edit *edit,
                              accord_suite **out, accord_err *err) {
    accord_suite *s = NULL;
    json_t *json;
    accord_code code;

    *out = NULL;
    if ((code = accord_json_load(path, &json, err)))
        return code;
    for (uint32_t i = 0; edit && i < edit->n_set; i++)
        if ((code = accord_suite_set(json, edit->set[i], err))) {
            json_decref(json);
            return code;
        }
    if ((code = accord_suite_take(json, path, &s, err)))
        return code;
    if (edit && (edit->method || edit->task || edit->seed || edit->limit) &&
        (code = filter(&s, edit, err))) {
        accord_suite_destroy(s);
        return code;
    }
    *out = s;
    return ACCORD_OK;
}

static void free_methods(accord_suite *s) {
    for (uint32_t i = 0; i < s->n_methods; i++) {
        accord_suite_method *m = &s->methods[i];
        for (uint32_t k = 0; k < m->n_roles; k++) {
            free(m->roles[k].models);
            free(m->roles[k].group_sizes);
        }
        free(m->roles);
    }
    free(s->methods);
}

void accord_suite_destroy(accord_suite *s) {
    if (!s)
        return;
    free_methods(s);
    for (uint32_t i = 0; i < s->n_tasks; i++)
        free(s->tasks[i].modes);
    free(s->tasks);
    free(s->models);
    free(s->seeds);
    free(s->file);
    json_decref(s->json);
    free(s);
}
