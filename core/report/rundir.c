/* rundir.c - see rundir.h. */
#include "report/rundir.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

double accord_report_real(const json_t *value) {
    if (json_is_number(value))
        return json_number_value(value);
    return json_is_string(value) ? strtod(json_string_value(value), NULL) : (double)NAN;
}

static accord_code required(const accord_json *cell, const char *key, const char **out,
                            accord_err *err) {
    accord_json member = accord_json_get(cell, key);

    *out = NULL;
    accord_code rc = accord_json_read_text(&member, out, err);
    return rc || *out ? rc : accord_json_fail(&member, err, "missing");
}

static accord_code read_cell(const accord_json *j, accord_run_cell *out,
                             accord_err *err) {
    const char *unit = "item";
    int64_t seed = 0;
    accord_json member = accord_json_get(j, "seed");
    accord_json unit_member = accord_json_get(j, "unit");
    accord_json modes = accord_json_get(j, "modes");

    out->modes = modes.value;
    accord_code rc = required(j, "task", &out->task, err);
    if (!rc)
        rc = required(j, "method", &out->method, err);
    if (!rc)
        rc = accord_json_read_int(&member, INT64_MIN, INT64_MAX, &seed, err);
    if (!rc)
        rc = accord_json_read_text(&unit_member, &unit, err);
    if (!rc)
        rc = accord_json_expect(&modes, JSON_ARRAY, err);
    out->seed = (uint64_t)seed;
    out->unit = strcmp(unit, "seed") == 0   ? ACCORD_BY_SEED
                : strcmp(unit, "both") == 0 ? ACCORD_BY_BOTH
                                            : ACCORD_BY_ITEM;
    return rc;
}

accord_code accord_report_schema(const json_t *document, const char *file,
                                 const char *schema, accord_err *err) {
    accord_json root = accord_json_root((json_t *)document, file);
    accord_json member = accord_json_get(&root, "schema");
    const char *found = "";
    accord_code rc = accord_json_read_text(&member, &found, err);

    if (rc || strcmp(found, schema) == 0)
        return rc;
    return accord_json_fail(&member, err,
                            found[0] ? "\"%.40s\" is not %s, which this accord reads"
                                     : "%smissing, where %s should stand",
                            found, schema);
}

static accord_code read_cells(accord_rundir *r, const char *file, accord_err *err) {
    accord_json root = accord_json_root(r->manifest, file);
    accord_json cells = accord_json_get(&root, "cells");

    accord_code rc = accord_json_expect(&cells, JSON_ARRAY, err);
    if (!rc)
        rc =
            accord_alloc(json_array_size(cells.value), sizeof(*r->cells), &r->cells, err);
    for (size_t i = 0; !rc && i < json_array_size(cells.value); i++) {
        accord_json cell = accord_json_at(&cells, i);
        rc = read_cell(&cell, &r->cells[r->n_cells++], err);
    }
    return rc;
}

accord_code accord_rundir_open(const char *path, accord_rundir *out, accord_err *err) {
    char file[PATH_MAX];
    struct stat st;

    *out = (accord_rundir){0};
    if (snprintf(file, sizeof(file), "%s/manifest.json", path) >= (int)sizeof(file))
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", path);
    if (stat(file, &st))
        return accord_fail(err, ACCORD_E_CONFIG, "%s is no run directory: %s: %s", path,
                           file, strerror(errno));
    accord_code rc = accord_json_load(file, &out->manifest, err);
    if (rc)
        return rc;
    out->path = accord_xstrdup(path);
    size_t n = strlen(out->path);
    while (n > 1 && out->path[n - 1] == '/')
        out->path[--n] = '\0';
    const char *slash = strrchr(out->path, '/');
    out->name = slash && slash[1] ? slash + 1 : out->path;
    rc = accord_report_schema(out->manifest, file, "accord.manifest/1", err);
    if (!rc)
        rc = read_cells(out, file, err);
    if (rc)
        accord_rundir_fini(out);
    return rc;
}

void accord_rundir_fini(accord_rundir *r) {
    free(r->cells);
    free(r->path);
    json_decref(r->manifest);
    *r = (accord_rundir){0};
}

accord_code accord_rundir_file(const accord_rundir *r, const accord_run_cell *cell,
                               const char *name, char *path, accord_err *err) {
    int n = snprintf(path, PATH_MAX, "%s/cells/%s/%s/%llu/%s", r->path, cell->task,
                     cell->method, (unsigned long long)cell->seed, name);

    if (n < 0 || n >= PATH_MAX)
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", r->path);
    return ACCORD_OK;
}

static char *cell_name(const accord_run_cell *cell) {
    return accord_xasprintf("%s/%s/%llu", cell->task, cell->method,
                            (unsigned long long)cell->seed);
}

bool accord_rundir_is_cell(const accord_run_cell *cell, const char *name) {
    char *own = cell_name(cell);
    bool same = !name || strcmp(name, own) == 0;

    free(own);
    return same;
}

accord_code accord_rundir_no_cell(const accord_rundir *r, const char *name,
                                  accord_err *err) {
    char **names = accord_xalloc((r->n_cells + 1) * sizeof(*names));

    for (size_t i = 0; i < r->n_cells; i++)
        names[i] = cell_name(&r->cells[i]);
    const char *near = accord_text_nearest(name, (const char *const *)names);
    accord_code rc = accord_fail(err, ACCORD_E_NOTFOUND, "no cell \"%s\" in %s%s%s%s",
                                 name, r->path, near ? " (did you mean \"" : "",
                                 near ? near : "", near ? "\"?)" : "");
    for (size_t i = 0; i < r->n_cells; i++)
        free(names[i]);
    free(names);
    return rc;
}

size_t accord_rundir_missing(const accord_rundir *r, size_t most, char **names) {
    char path[PATH_MAX];
    size_t missing = 0;
    accord_buf b;

    accord_buf_init(&b, (size_t)1 << 20);
    for (size_t i = 0; i < r->n_cells; i++) {
        const accord_run_cell *cell = &r->cells[i];
        if (accord_rundir_file(r, cell, "summary.json", path, NULL) ||
            accord_file_exists(path))
            continue;
        if (missing++ < most)
            accord_buf_printf(&b, "%s%s/%s/%" PRIu64, missing > 1 ? ", " : "", cell->task,
                              cell->method, cell->seed);
    }
    if (missing > most)
        accord_buf_printf(&b, " and %zu more", missing - most);
    *names = accord_buf_take(&b);
    return missing;
}

const json_t *accord_rundir_task(const accord_rundir *r, const char *task) {
    return json_object_get(json_object_get(r->manifest, "tasks"), task);
}

bool accord_rundir_acts(const accord_rundir *r, const char *task) {
    const json_t *entry = accord_rundir_task(r, task);
    const char *action = json_string_value(json_object_get(entry, "action"));

    return action && strcmp(action, "text") != 0;
}

int64_t accord_rundir_train_width(const accord_rundir *r, const accord_run_cell *cell) {
    const json_t *suite = json_object_get(r->manifest, "suite");
    const json_t *entry =
        json_object_get(json_object_get(suite, "methods"), cell->method);
    const json_t *width = json_object_get(json_object_get(entry, "train"), "width");

    if (json_is_integer(width))
        return json_integer_value(width);
    return accord_rundir_acts(r, cell->task) ? 1 : 8;
}

bool accord_rundir_holdout(const accord_rundir *r, const char *task) {
    const json_t *suite = json_object_get(r->manifest, "suite");
    const json_t *entry = json_object_get(json_object_get(suite, "tasks"), task);

    return json_is_true(json_object_get(json_object_get(entry, "params"), "holdout"));
}

bool accord_rundir_price(const accord_rundir *r, const char *model, double price[2]) {
    const json_t *suite = json_object_get(r->manifest, "suite");
    const json_t *entry = json_object_get(json_object_get(suite, "models"), model);
    const json_t *given = json_object_get(entry, "price");

    price[0] = json_number_value(json_object_get(given, "prompt"));
    price[1] = json_number_value(json_object_get(given, "completion"));
    return json_is_object(given);
}
