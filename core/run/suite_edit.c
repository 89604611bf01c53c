/* suite_edit.c - changes of a suite from the command line: --set and the filters.  They
 * change the document, so that the manifest keeps the suite as it was run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/suite_read.h"

static accord_code no_memory(accord_err *err) {
    return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
}

static bool parse_number(const char *text, uint64_t *out) {
    char *end;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
           value <= INT64_MAX;
}

/* VALUE is JSON where it parses as JSON and else a text, so that names need no quotes;
 * what opens like JSON and breaks off is a slip and no text. */
static accord_code parse_value(const char *path, const char *text, json_t **out,
                               accord_err *err) {
    json_error_t why;

    *out = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &why);
    if (*out)
        return ACCORD_OK;
    if (text[0] == '{' || text[0] == '[' || text[0] == '"')
        return accord_fail(err, ACCORD_E_CONFIG, "--set %s: %s", path, why.text);
    *out = json_string(text);
    if (!*out)
        return accord_fail(err, ACCORD_E_CONFIG, "--set %s: the value is not UTF-8",
                           path);
    return ACCORD_OK;
}

/* What the entries of a table of the suite are called, or NULL for other members. */
static const char *entry_word(const char *table) {
    static const char *const words[][2] = {
        {"models", "model"}, {"methods", "method"}, {"tasks", "task"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i][0], table) == 0)
            return words[i][1];
    return NULL;
}

/* Goes one step down to set what is deeper.  Absent members are made; a model, method or
 * task is not: that would be a slip of the pen with "plugin is missing" as its answer. */
static accord_code descend(json_t **at, const char *key, const char *word,
                           const char *path, accord_err *err) {
    if (json_is_array(*at)) {
        uint64_t i;
        json_t *next = parse_number(key, &i) ? json_array_get(*at, i) : NULL;
        if (!next)
            return accord_fail(err, ACCORD_E_CONFIG,
                               "--set %s: the list has no element %s", path, key);
        *at = next;
        return ACCORD_OK;
    }
    json_t *next = json_object_get(*at, key);
    if (!next && word) {
        const char *near = accord_suite_nearest(*at, key);
        return accord_fail(err, ACCORD_E_CONFIG,
                           "--set %s: the suite has no %s \"%s\"%s%s%s", path, word, key,
                           near ? " (did you mean \"" : "", near ? near : "",
                           near ? "\"?)" : "");
    }
    if (!next) {
        next = json_object();
        if (json_object_set_new(*at, key, next))
            return no_memory(err);
    }
    if (!json_is_object(next) && !json_is_array(next))
        return accord_fail(err, ACCORD_E_CONFIG, "--set %s: \"%s\" has no members", path,
                           key);
    *at = next;
    return ACCORD_OK;
}

static accord_code put(json_t *at, const char *key, json_t *value, const char *path,
                       accord_err *err) {
    uint64_t i;

    if (!json_is_array(at))
        return json_object_set(at, key, value) ? no_memory(err) : ACCORD_OK;
    if (parse_number(key, &i) && i < json_array_size(at))
        return json_array_set(at, i, value) ? no_memory(err) : ACCORD_OK;
    return accord_fail(err, ACCORD_E_CONFIG, "--set %s: the list has no element %s", path,
                       key);
}

static accord_code set_path(json_t *document, char *keys, const char *path, json_t *value,
                            accord_err *err) {
    const char *word = NULL;
    json_t *at = document;
    accord_code code;

    for (char *key = keys, *slash; key; key = slash) {
        slash = strchr(key, '/');
        if (slash)
            *slash++ = '\0';
        if (key[0] == '\0')
            return accord_fail(err, ACCORD_E_CONFIG, "--set %s: an empty name", path);
        if (!slash)
            return put(at, key, value, path, err);
        if ((code = descend(&at, key, word, path, err)))
            return code;
        word = at == json_object_get(document, key) ? entry_word(key) : NULL;
    }
    return ACCORD_OK;
}

accord_code accord_suite_set(json_t *document, const char *assignment, accord_err *err) {
    const char *equals = strchr(assignment, '=');
    json_t *value = NULL;
    accord_code code;

    if (!equals || equals == assignment)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "--set %s: expected PATH=VALUE, as in "
                           "tasks/math/eval/episodes=10",
                           assignment);
    if (!json_is_object(document))
        return ACCORD_OK; /* the reader says what is wrong with it */
    size_t n = (size_t)(equals - assignment);
    char *path = strndup(assignment, n);
    char *keys = strndup(assignment, n);
    code = path && keys ? parse_value(path, equals + 1, &value, err) : no_memory(err);
    if (code == ACCORD_OK)
        code = set_path(document, keys, path, value, err);
    json_decref(value);
    free(keys);
    free(path);
    return code;
}

/* ---- filters: lists "NAME,NAME" of what is kept ---- */

enum { NAME_SIZE = 256 };

/* Takes the next name off *list, which is NULL behind the last.  No name of a suite is as
 * long as what is cut here. */
static bool next_name(const char **list, char name[NAME_SIZE]) {
    const char *from = *list;

    if (!from)
        return false;
    size_t n = strcspn(from, ",");
    *list = from[n] ? from + n + 1 : NULL;
    n = n < NAME_SIZE ? n : NAME_SIZE - 1;
    memcpy(name, from, n);
    name[n] = '\0';
    return true;
}

static bool listed(const char *list, const char *wanted) {
    char name[NAME_SIZE];

    while (next_name(&list, name))
        if (strcmp(name, wanted) == 0)
            return true;
    return false;
}

static accord_code check_listed(const json_t *table, const char *option, const char *list,
                                accord_err *err) {
    char name[NAME_SIZE];

    while (next_name(&list, name))
        if (!json_object_get(table, name)) {
            const char *near = accord_suite_nearest(table, name);
            return accord_fail(err, ACCORD_E_CONFIG,
                               "--%s %s: the suite has no such %s%s%s%s", option, name,
                               option, near ? " (did you mean \"" : "", near ? near : "",
                               near ? "\"?)" : "");
        }
    return ACCORD_OK;
}

static void keep_listed(json_t *table, const char *list) {
    const char *key;
    json_t *value;
    void *next;

    json_object_foreach_safe(table, next, key, value) {
        if (!listed(list, key))
            json_object_del(table, key);
    }
}

/* A baseline whose task or method is gone goes too. */
static void prune_baseline(json_t *document) {
    json_t *baseline = json_object_get(document, "baseline");
    const char *task;
    json_t *method;
    void *next;

    json_object_foreach_safe(baseline, next, task, method) {
        const json_t *tasks = json_object_get(document, "tasks");
        const json_t *methods = json_object_get(document, "methods");
        if (!json_object_get(tasks, task) ||
            !json_object_get(methods, json_string_value(method)))
            json_object_del(baseline, task);
    }
}

static bool asks(const accord_suite_method *method, uint32_t model) {
    for (uint32_t r = 0; r < method->n_roles; r++)
        for (uint32_t i = 0; i < method->roles[r].n; i++)
            if (method->roles[r].models[i] == model)
                return true;
    return false;
}

static bool one_asks(const accord_suite *suite, const char *list, uint32_t model) {
    for (uint32_t m = 0; m < suite->n_methods; m++)
        if (listed(list, suite->methods[m].name) && asks(&suite->methods[m], model))
            return true;
    return false;
}

/* Models that only the dropped methods asked would be loaded for nothing.  The names of
 * the methods are the document's, so this comes before those are dropped. */
static void prune_models(accord_suite *suite, const char *list) {
    json_t *models = json_object_get(suite->json, "models");

    for (uint32_t m = 0; m < suite->n_models; m++)
        if (!one_asks(suite, list, m))
            json_object_del(models, suite->models[m].name);
}

static accord_code keep_seeds(accord_suite *suite, const char *list, accord_err *err) {
    json_t *seeds = json_array();
    char name[NAME_SIZE];
    uint64_t seed;

    if (!seeds || json_object_set_new(suite->json, "seeds", seeds))
        return no_memory(err);
    while (next_name(&list, name)) {
        if (!parse_number(name, &seed))
            return accord_fail(err, ACCORD_E_CONFIG, "--seed %s: expected a whole number",
                               name);
        if (accord_suite_seed_place(suite, seed) == suite->n_seeds)
            return accord_fail(err, ACCORD_E_CONFIG,
                               "--seed %s: the suite has no such seed", name);
        if (json_array_append_new(seeds, json_integer((json_int_t)seed)))
            return no_memory(err);
    }
    return ACCORD_OK;
}

static accord_code limit_eval(json_t *owner, uint64_t limit, accord_err *err) {
    json_t *eval = json_object_get(owner, "eval");
    const json_t *now = json_object_get(eval, "episodes");

    if (now && (uint64_t)json_integer_value(now) <= limit)
        return ACCORD_OK;
    json_t *made = json_pack("{s:I}", "episodes", (json_int_t)limit);
    if (!made || json_object_set_new(owner, "eval", made))
        return no_memory(err);
    return ACCORD_OK;
}

static accord_code limit_all(json_t *document, const char *text, accord_err *err) {
    const char *name;
    json_t *task;
    uint64_t limit;
    accord_code code;

    if (!parse_number(text, &limit) || limit == 0)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "--limit %s: expected a whole number above 0", text);
    if ((code = limit_eval(document, limit, err)))
        return code;
    json_object_foreach(json_object_get(document, "tasks"), name, task) {
        if (json_object_get(task, "eval") && (code = limit_eval(task, limit, err)))
            return code;
    }
    return ACCORD_OK;
}

accord_code accord_suite_filter(accord_suite *suite, const accord_suite_edit *edit,
                                accord_err *err) {
    json_t *methods = json_object_get(suite->json, "methods");
    json_t *tasks = json_object_get(suite->json, "tasks");
    accord_code code;

    if (edit->seed && (code = keep_seeds(suite, edit->seed, err)))
        return code;
    if (edit->limit && (code = limit_all(suite->json, edit->limit, err)))
        return code;
    if (edit->task && (code = check_listed(tasks, "task", edit->task, err)))
        return code;
    if (edit->method && (code = check_listed(methods, "method", edit->method, err)))
        return code;
    if (edit->method) {
        prune_models(suite, edit->method);
        keep_listed(methods, edit->method);
    }
    if (edit->task)
        keep_listed(tasks, edit->task);
    prune_baseline(suite->json);
    return ACCORD_OK;
}
