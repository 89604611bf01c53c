/* fingerprint.c - see fingerprint.h. */
#include "judge/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MAX_NAMED = 5 };

static const char *const members[] = {"plugin", "version",          "score",
                                      "min",    "higher_is_better", "max"};
enum { N_MEMBERS = sizeof(members) / sizeof(members[0]) };

/* A data file that a model answers from is the model's, not the task's. */
static bool is_models(const accord_rundir *run, const char *file) {
    const char *name;
    json_t *model;
    json_t *value;
    size_t i;

    json_object_foreach(json_object_get(run->manifest, "models"), name, model) {
        json_array_foreach(json_object_get(model, "files"), i, value) {
            const char *text = json_string_value(value);
            if (text && strcmp(text, file) == 0)
                return true;
        }
    }
    return false;
}

static json_t *data_of(const accord_rundir *run) {
    json_t *data = json_object();
    const char *file;
    json_t *hash;

    json_object_foreach(json_object_get(run->manifest, "data"), file, hash) {
        if (data && !is_models(run, file) && json_object_set(data, file, hash)) {
            json_decref(data);
            return NULL;
        }
    }
    return data;
}

static const json_t *plugin_of(const accord_rundir *run, const json_t *task) {
    const char *id = json_string_value(json_object_get(task, "plugin"));
    char *name = accord_xasprintf("task/%s", id ? id : "");
    const json_t *plugin =
        json_object_get(json_object_get(run->manifest, "plugins"), name);

    free(name);
    return plugin;
}

json_t *accord_fingerprint(const accord_rundir *run, const char *name) {
    const json_t *task = accord_rundir_task(run, name);
    const json_t *suite = json_object_get(run->manifest, "suite");
    const json_t *entry = json_object_get(json_object_get(suite, "tasks"), name);
    json_t *params = json_object_get(entry, "params");
    json_t *print = json_object();
    bool bad = !print;

    for (size_t i = 0; !bad && i < N_MEMBERS; i++) {
        json_t *value = json_object_get(task, members[i]);
        if (strcmp(members[i], "version") == 0)
            value = json_object_get(plugin_of(run, task), "version");
        bad = value && json_object_set(print, members[i], value);
    }
    bad = bad || json_object_set_new(print, "params",
                                     params ? json_incref(params) : json_object());
    bad = bad || json_object_set_new(print, "data", data_of(run));
    if (!bad)
        return print;
    json_decref(print);
    return NULL;
}

/* A value in a sentence; the caller's. */
static char *text_of(const json_t *value) {
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT |
                                               JSON_SORT_KEYS | JSON_REAL_PRECISION(6))
                       : NULL;

    return text ? text : accord_xstrdup("not given");
}

static bool same(const json_t *a, const json_t *b) {
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) <= json_number_value(b) &&
               json_number_value(a) >= json_number_value(b);
    return a == b || json_equal(a, b);
}

static void differs(const char *what, const json_t *in_a, const char *a,
                    const json_t *in_b, const char *b, accord_sentences *why) {
    if (same(in_a, in_b))
        return;
    char *x = text_of(in_a);
    char *y = text_of(in_b);
    accord_sentences_take(why,
                          accord_xasprintf("%s: %s in %s, %s in %s", what, x, a, y, b));
    free(x);
    free(y);
}

/* Every parameter that either names. */
static void params_differ(const char *task, const json_t *in_a, const char *a,
                          const json_t *in_b, const char *b, accord_sentences *why) {
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)in_a, key, value) {
        char *what = accord_xasprintf("%s, parameter %s", task, key);
        differs(what, value, a, json_object_get(in_b, key), b, why);
        free(what);
    }
    json_object_foreach((json_t *)in_b, key, value) {
        char *what = accord_xasprintf("%s, parameter %s", task, key);
        if (!json_object_get(in_a, key))
            differs(what, NULL, a, value, b, why);
        free(what);
    }
}

/* Files that both name; a file that one run alone used may be another task's. */
static void data_differ(const json_t *in_a, const char *a, const json_t *in_b,
                        const char *b, accord_sentences *why) {
    const char *file;
    json_t *hash;

    json_object_foreach((json_t *)in_a, file, hash) {
        const char *x = json_string_value(hash);
        const char *y = json_string_value(json_object_get(in_b, file));
        if (x && y && strcmp(x, y) != 0)
            accord_sentences_take(
                why, accord_xasprintf("the data file %s: SHA-256 %.12s... in %s, "
                                      "%.12s... in %s",
                                      file, x, a, y, b));
    }
}

void accord_fingerprint_differ(const char *task, const json_t *of_a, const char *a,
                               const json_t *of_b, const char *b, accord_sentences *why) {
    for (size_t i = 0; i < N_MEMBERS; i++) {
        char *what = accord_xasprintf("%s, %s", task, members[i]);
        differs(what, json_object_get(of_a, members[i]), a,
                json_object_get(of_b, members[i]), b, why);
        free(what);
    }
    params_differ(task, json_object_get(of_a, "params"), a,
                  json_object_get(of_b, "params"), b, why);
    data_differ(json_object_get(of_a, "data"), a, json_object_get(of_b, "data"), b, why);
}

size_t accord_run_missing(const accord_rundir *run, accord_sentences *out) {
    char *names;
    size_t missing = accord_rundir_missing(run, MAX_NAMED, &names);

    if (missing)
        accord_sentences_take(
            out, accord_xasprintf("%s is incomplete: %zu of %zu cells are missing: %s",
                                  run->path, missing, run->n_cells, names ? names : ""));
    free(names);
    return missing;
}
