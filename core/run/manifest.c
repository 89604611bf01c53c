/* manifest.c - see manifest.h.  core/run/README.md shows the document. */
#include "run/manifest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"

#define SCHEMA "accord.manifest/1"

static const char *const units[] = {"item", "seed", "both"};
enum { N_UNITS = sizeof(units) / sizeof(units[0]) };

/* ---- writing ----------------------------------------------------------------------- */

/* jansson's setters refuse NULL, so one check at the end covers every step before. */
static int put(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value);
}

static json_t *cell_json(const accord_suite *suite, const accord_cell *cell) {
    json_t *modes = json_array();
    int failed = 0;

    for (uint32_t i = 0; i < cell->n_modes; i++)
        failed |= json_array_append_new(modes, json_string(cell->modes[i]));
    json_t *j = json_pack(
        "{s:s, s:s, s:I, s:o, s:I, s:s}", "task", suite->tasks[cell->task].name, "method",
        suite->methods[cell->method].name, "seed", (json_int_t)cell->seed, "modes", modes,
        "episodes", (json_int_t)cell->episodes, "unit", units[cell->unit]);
    if (!failed)
        return j;
    json_decref(j);
    return NULL;
}

static int put_cells(json_t *doc, const accord_suite *suite, const accord_plan *plan) {
    json_t *cells = json_array();
    json_t *skipped = json_array();
    int failed = put(doc, "cells", cells);

    failed |= put(doc, "skipped", skipped);
    for (uint32_t i = 0; i < plan->n_cells && !failed; i++)
        failed |= json_array_append_new(cells, cell_json(suite, &plan->cells[i]));
    for (uint32_t i = 0; i < plan->n_skips && !failed; i++)
        failed |= json_array_append_new(
            skipped,
            json_pack("{s:s, s:s, s:s}", "task", suite->tasks[plan->skips[i].task].name,
                      "method", suite->methods[plan->skips[i].method].name, "reason",
                      plan->skips[i].reason));
    return failed;
}

/* A new document, or NULL without memory. */
static json_t *document(const accord_suite *suite, const accord_plan *plan,
                        uint32_t jobs) {
    static const char *const described[] = {"tasks", "models", "methods", "plugins",
                                            "data"};
    json_t *doc = json_object();
    json_t *versions = accord_manifest_versions();
    char date[32];
    int failed = put(doc, "schema", json_string(SCHEMA));

    accord_utc(date, sizeof(date), 0);
    failed |= json_object_update(doc, versions);
    failed |= put(doc, "created", json_string(date));
    failed |= put(doc, "suite", json_incref(suite->json));
    failed |= put(doc, "jobs", json_integer(jobs));
    for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++)
        failed |= json_object_set(doc, described[i],
                                  json_object_get(plan->manifest, described[i]));
    failed |= put_cells(doc, suite, plan);
    json_decref(versions);
    if (!failed)
        return doc;
    json_decref(doc);
    return NULL;
}

accord_code accord_manifest_write(const char *dir, const accord_suite *suite,
                                  const accord_plan *plan, uint32_t jobs,
                                  accord_err *err) {
    json_t *doc = document(suite, plan, jobs);
    char *text = json_dumps(doc, JSON_INDENT(1));
    char path[PATH_MAX];
    accord_code code;

    snprintf(path, sizeof(path), "%s/manifest.json", dir);
    if (text)
        code = accord_file_write(path, text, strlen(text), err);
    else
        code = accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    free(text);
    json_decref(doc);
    return code;
}

/* ---- reading ----------------------------------------------------------------------- */

static accord_code read_index(const accord_json *cell, const char *key,
                              const char *(*name)(const accord_suite *, uint32_t),
                              const accord_suite *suite, uint32_t *out, accord_err *err) {
    accord_json j = accord_json_get(cell, key);
    const char *text = NULL;
    accord_code code = accord_json_read_text(&j, &text, err);

    for (*out = 0; code == ACCORD_OK && text && name(suite, *out); ++*out)
        if (strcmp(name(suite, *out), text) == 0)
            return ACCORD_OK;
    return code ? code : accord_json_fail(&j, err, "not in the suite");
}

static const char *task_name(const accord_suite *suite, uint32_t i) {
    return i < suite->n_tasks ? suite->tasks[i].name : NULL;
}

static const char *method_name(const accord_suite *suite, uint32_t i) {
    return i < suite->n_methods ? suite->methods[i].name : NULL;
}

static accord_code read_modes(const accord_json *owner, accord_cell *cell,
                              accord_err *err) {
    accord_json modes = accord_json_get(owner, "modes");
    accord_code code = accord_json_expect(&modes, JSON_ARRAY, err);

    if (code || (code = accord_alloc(json_array_size(modes.value), sizeof(*cell->modes),
                                     &cell->modes, err)))
        return code;
    if (json_array_size(modes.value) == 0)
        return accord_json_fail(&modes, err, "no modes");
    for (size_t i = 0; i < json_array_size(modes.value); i++) {
        accord_json j = accord_json_at(&modes, i);
        if ((code = accord_json_read_text(&j, &cell->modes[i], err)))
            return code;
        cell->n_modes++;
    }
    return ACCORD_OK;
}

static accord_code read_number(const accord_json *owner, const char *key, int64_t min,
                               uint64_t *out, accord_err *err) {
    accord_json j = accord_json_get(owner, key);
    int64_t value = -1;

    if (!j.value)
        return accord_json_fail(&j, err, "missing");
    accord_code code = accord_json_read_int(&j, min, INT64_MAX, &value, err);
    *out = (uint64_t)value;
    return code;
}

static accord_code read_unit(const accord_json *owner, int32_t *out, accord_err *err) {
    accord_json j = accord_json_get(owner, "unit");
    const char *text = "";
    accord_code code = accord_json_read_text(&j, &text, err);

    if (code)
        return code;
    for (*out = 0; *out < N_UNITS; ++*out)
        if (strcmp(units[*out], text) == 0)
            return ACCORD_OK;
    return accord_json_fail(&j, err, "\"%.20s\" is none of item, seed, both", text);
}

static accord_code read_cell(accord_manifest *m, const accord_json *root,
                             const accord_json *j, accord_cell *cell, accord_err *err) {
    accord_json methods = accord_json_get(root, "methods");
    accord_code code;

    if ((code = accord_json_expect(j, JSON_OBJECT, err)) ||
        (code = read_index(j, "task", task_name, m->suite, &cell->task, err)) ||
        (code = read_index(j, "method", method_name, m->suite, &cell->method, err)) ||
        (code = read_number(j, "seed", 0, &cell->seed, err)) ||
        (code = read_number(j, "episodes", 1, &cell->episodes, err)) ||
        (code = read_modes(j, cell, err)) || (code = read_unit(j, &cell->unit, err)))
        return code;
    accord_json method = accord_json_get(&methods, m->suite->methods[cell->method].name);
    accord_json learns = accord_json_get(&method, "learns");
    return accord_json_read_bool(&learns, &cell->learns, err);
}

static accord_code read_cells(accord_manifest *m, const accord_json *root,
                              accord_err *err) {
    accord_json cells = accord_json_get(root, "cells");
    accord_code code = accord_json_expect(&cells, JSON_ARRAY, err);

    if (code || (code = accord_alloc(json_array_size(cells.value), sizeof(*m->cells),
                                     &m->cells, err)))
        return code;
    for (size_t i = 0; i < json_array_size(cells.value); i++) {
        accord_json j = accord_json_at(&cells, i);
        if ((code = read_cell(m, root, &j, &m->cells[m->n_cells++], err)))
            return code;
    }
    return ACCORD_OK;
}

static accord_code read_document(accord_manifest *m, const char *path, accord_err *err) {
    accord_code code = accord_json_load(path, &m->json, err);
    const char *schema = "";

    if (code)
        return code;
    accord_json root = accord_json_root(m->json, path);
    accord_json j = accord_json_get(&root, "schema");
    if ((code = accord_json_expect(&root, JSON_OBJECT, err)) ||
        (code = accord_json_read_text(&j, &schema, err)))
        return code;
    if (strcmp(schema, SCHEMA) != 0)
        return accord_json_fail(&j, err, "\"%.40s\" is not " SCHEMA, schema);
    json_t *suite = json_object_get(m->json, "suite");
    if (!suite)
        return accord_json_fail(&root, err, "\"suite\" is missing");
    if ((code = accord_suite_take(json_incref(suite), path, &m->suite, err)))
        return code;
    return read_cells(m, &root, err);
}

accord_code accord_manifest_read(const char *dir, accord_manifest **out,
                                 accord_err *err) {
    accord_manifest *m;
    char path[PATH_MAX];
    accord_code code = accord_alloc(1, sizeof(*m), &m, err);

    *out = NULL;
    if (code)
        return code;
    snprintf(path, sizeof(path), "%s/manifest.json", dir);
    m->dir = strdup(dir);
    code = m->dir ? read_document(m, path, err)
                  : accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    if (code) {
        accord_manifest_destroy(m);
        return code;
    }
    *out = m;
    return ACCORD_OK;
}

void accord_manifest_destroy(accord_manifest *m) {
    if (!m)
        return;
    for (uint32_t i = 0; i < m->n_cells; i++)
        free(m->cells[i].modes);
    free(m->cells);
    accord_suite_destroy(m->suite);
    json_decref(m->json);
    free(m->dir);
    free(m);
}

accord_code accord_cell_dir(const accord_manifest *m, uint32_t cell, char *path,
                            size_t size, accord_err *err) {
    const accord_cell *c = &m->cells[cell];
    int n =
        snprintf(path, size, "%s/cells/%s/%s/%llu", m->dir, m->suite->tasks[c->task].name,
                 m->suite->methods[c->method].name, (unsigned long long)c->seed);

    if (n < 0 || (size_t)n >= size)
        return accord_fail(err, ACCORD_E_LIMIT, "the path of a cell below %s is too long",
                           m->dir);
    return ACCORD_OK;
}
