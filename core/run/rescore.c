/* rescore.c - the parent's side of rescore.h. */
#include "run/rescore.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/ask.h"
#include "run/changed.h"
#include "run/describe.h"
#include "run/suite_read.h"

enum { TIMEOUT_MS = 60000 }; /* of one episode */

static accord_code no_memory(accord_err *err) {
    return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
}

/* ---- opening ----------------------------------------------------------------------- */

/* A change of anything else would need calls. */
static accord_code check_change(const char *set, accord_err *err) {
    const char *task = strncmp(set, "tasks/", 6) == 0 ? strchr(set + 6, '/') : NULL;

    if (task && strncmp(task, "/params/", 8) == 0)
        return ACCORD_OK;
    return accord_fail(
        err, ACCORD_E_ARG,
        "--set %s: a run can only be graded again with other parameters of "
        "its tasks, as in tasks/NAME/params/KEY=VALUE",
        set);
}

static accord_code change_suite(accord_rescore *r, const char *const *set, uint32_t n,
                                accord_err *err) {
    json_t *document = json_deep_copy(r->run->suite->json);
    accord_code rc = document ? ACCORD_OK : no_memory(err);

    for (uint32_t i = 0; !rc && i < n; i++) {
        rc = check_change(set[i], err);
        if (!rc)
            rc = accord_suite_set(document, set[i], err);
    }
    if (rc) {
        json_decref(document);
        return rc;
    }
    return accord_suite_take(document, r->run->suite->file, &r->suite, err);
}

static const json_t *task_entry(const accord_rescore *r, uint32_t cell) {
    const char *name = r->suite->tasks[r->run->cells[cell].task].name;

    return json_object_get(json_object_get(r->described, "tasks"), name);
}

static accord_code check_tasks(const accord_rescore *r, accord_err *err) {
    for (uint32_t i = 0; i < r->run->n_cells; i++) {
        const json_t *entry = task_entry(r, i);
        const char *name = r->suite->tasks[r->run->cells[i].task].name;
        const char *action = json_string_value(json_object_get(entry, "action"));
        if (!action || strcmp(action, accord_kind_name(ACCORD_TEXT)) != 0 ||
            json_integer_value(json_object_get(entry, "max_steps")) != 1)
            return accord_fail(err, ACCORD_E_UNSUPPORTED,
                               "%s: task %s is no question with one answer: its episodes "
                               "would have to be played again",
                               r->run->dir, name);
    }
    return ACCORD_OK;
}

accord_code accord_rescore_open(const char *dir, const char *const *set, uint32_t n_set,
                                accord_rescore *out, accord_err *err) {
    *out = (accord_rescore){0};
    accord_code rc = accord_manifest_read(dir, &out->run, err);
    if (!rc)
        rc = change_suite(out, set, n_set, err);
    if (!rc)
        rc = accord_run_same_questions(out->run, err);
    if (!rc)
        rc = accord_describe(out->suite, ACCORD_DESCRIBE_TASKS,
                             ACCORD_DESCRIBE_TIMEOUT_MS, &out->described, err);
    return rc ? rc : check_tasks(out, err);
}

void accord_rescore_close(accord_rescore *r) {
    json_decref(r->described);
    accord_suite_destroy(r->suite);
    accord_manifest_destroy(r->run);
    *r = (accord_rescore){0};
}

/* ---- the manifest ------------------------------------------------------------------ */

static json_t *origin(const accord_rescore *r) {
    json_t *versions = accord_manifest_versions();
    char date[32];

    accord_utc(date, sizeof(date), 0);
    json_t *j = json_pack("{s:s, s:s, s:O}", "run", r->run->dir, "created", date,
                          "accord", json_object_get(versions, "accord"));
    json_decref(versions);
    return j;
}

/* The tasks' entries but for the modes, which are those that were played. */
static bool update_tasks(const accord_rescore *r, json_t *document) {
    json_t *tasks = json_object_get(document, "tasks");
    const char *name;
    json_t *now;
    bool failed = false;

    json_object_foreach(json_object_get(r->described, "tasks"), name, now) {
        json_t *entry = json_object_get(tasks, name);
        json_t *modes = json_incref(json_object_get(entry, "modes"));
        failed = failed || !entry || json_object_update(entry, now) ||
                 (modes && json_object_set(entry, "modes", modes));
        json_decref(modes);
    }
    return !failed;
}

accord_code accord_rescore_manifest(const accord_rescore *r, const char *dir,
                                    accord_err *err) {
    json_t *document = json_deep_copy(r->run->json);
    json_t *plugins = json_object_get(r->described, "plugins");
    char *path = accord_xasprintf("%s/manifest.json", dir);

    accord_code rc = accord_plan_hash_plugins(plugins, err);
    bool made = document && update_tasks(r, document) &&
                !json_object_set(document, "suite", r->suite->json) &&
                !json_object_update(json_object_get(document, "plugins"), plugins) &&
                !json_object_set_new(document, "rescored", origin(r));
    if (!rc && made) /* a changed parameter may name another file */
        rc = accord_plan_hash_data(json_object_get(r->described, "files"),
                                   json_object_get(document, "data"), err);
    char *text = made ? json_dumps(document, JSON_INDENT(1)) : NULL;
    if (!rc && !text)
        rc = no_memory(err);
    if (!rc)
        rc = accord_file_write(path, text, strlen(text), err);
    json_decref(document);
    free(text);
    free(path);
    return rc;
}

/* ---- a cell ------------------------------------------------------------------------ */

static accord_code order_of(const accord_rescore *r, uint32_t i, const char *dir,
                            json_t **out, accord_err *err) {
    const accord_cell *cell = &r->run->cells[i];
    const accord_manifest there = {.suite = r->run->suite,
                                   .cells = r->run->cells,
                                   .n_cells = r->run->n_cells,
                                   .dir = (char *)(dir ? dir : "")};
    char from[PATH_MAX], to[PATH_MAX];

    accord_code rc = accord_cell_dir(r->run, i, from, sizeof(from), err);
    if (!rc)
        rc = accord_cell_dir(&there, i, to, sizeof(to), err);
    if (rc)
        return rc;
    *out =
        json_pack("{s:s, s:O, s:i, s:I, s:s, s:s, s:s}", "file", r->suite->file, "suite",
                  r->suite->json, "task", (int)cell->task, "seed", (json_int_t)cell->seed,
                  "first_mode", cell->modes[0], "from", from, "to", dir ? to : "");
    return *out ? ACCORD_OK : no_memory(err);
}

accord_code accord_rescore_cell(const accord_rescore *r, uint32_t cell, const char *dir,
                                json_t **out, accord_err *err) {
    json_t *order;

    *out = NULL;
    accord_code rc = order_of(r, cell, dir, &order, err);
    if (rc)
        return rc;
    rc = accord_ask_child(ACCORD_GRADE_COMMAND, order, TIMEOUT_MS, out, err);
    json_decref(order);
    return rc;
}
