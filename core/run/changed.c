/* changed.c - see changed.h. */
#include "run/changed.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "host/host.h"
#include "host/registry.h"

static bool is_open(const accord_manifest *m, uint32_t cell) {
    char dir[PATH_MAX], path[PATH_MAX + sizeof("/summary.json")];

    if (accord_cell_dir(m, cell, dir, sizeof(dir), NULL))
        return true;
    snprintf(path, sizeof(path), "%s/summary.json", dir);
    return !accord_file_exists(path);
}

/* True of a file that a model's parameters name. */
static bool is_models(const accord_manifest *m, const char *file) {
    for (uint32_t i = 0; i < m->suite->n_models; i++) {
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)m->suite->models[i].params, key, value) {
            const char *text = json_string_value(value);
            if (text && strcmp(text, file) == 0)
                return true;
        }
    }
    return false;
}

static accord_code same_data(const accord_manifest *m, bool models, accord_err *err) {
    const char *name;
    json_t *hash;

    json_object_foreach(json_object_get(m->json, "data"), name, hash) {
        char path[PATH_MAX], hex[65];
        if (!models && is_models(m, name))
            continue;
        accord_code rc = accord_host_default.data_path(&accord_host_default, name, path,
                                                       sizeof(path), err);
        if (!rc)
            rc = accord_file_sha256(path, hex, err);
        if (rc)
            return rc;
        if (json_is_string(hash) && strcmp(hex, json_string_value(hash)) != 0)
            return accord_fail(err, ACCORD_E_CONFIG,
                               "%s: the data file %s has changed since the run began "
                               "(SHA-256 %.12s..., it was %.12s...)",
                               m->dir, path, hex, json_string_value(hash));
    }
    return ACCORD_OK;
}

static int32_t role_of(const char *plugin) {
    if (strncmp(plugin, "method/", 7) == 0)
        return ACCORD_ROLE_METHOD;
    return strncmp(plugin, "task/", 5) == 0 ? ACCORD_ROLE_TASK : ACCORD_ROLE_MODEL;
}

/* A plugin that is gone is the worker's to say. */
static void same_plugins(const accord_manifest *m) {
    const char *plugin;
    json_t *entry;

    json_object_foreach(json_object_get(m->json, "plugins"), plugin, entry) {
        char path[PATH_MAX], hex[65];
        const char *id = strchr(plugin, '/');
        const char *was = json_string_value(json_object_get(entry, "sha256"));
        if (!id || !was || accord_registry_find(role_of(plugin), id + 1, path, NULL) ||
            accord_file_sha256(path, hex, NULL) || strcmp(hex, was) == 0)
            continue;
        accord_log(ACCORD_WARN, "run",
                   "plugin %s has changed since the run began: the open cells are played "
                   "with %s as it is now",
                   plugin, path);
    }
}

static const char *commit_of(const json_t *versions) {
    const char *text =
        json_string_value(json_object_get(json_object_get(versions, "accord"), "commit"));

    return text ? text : "unknown";
}

static void same_accord(const accord_manifest *m) {
    json_t *now = accord_manifest_versions();

    if (strcmp(commit_of(now), commit_of(m->json)) != 0)
        accord_log(ACCORD_WARN, "run",
                   "the run was begun by accord of commit %.12s and goes on with %.12s",
                   commit_of(m->json), commit_of(now));
    json_decref(now);
}

accord_code accord_run_unchanged(const accord_manifest *m, accord_err *err) {
    uint32_t i = 0;

    while (i < m->n_cells && !is_open(m, i))
        i++;
    if (i == m->n_cells)
        return ACCORD_OK;
    same_accord(m);
    same_plugins(m);
    return same_data(m, true, err);
}

accord_code accord_run_same_questions(const accord_manifest *m, accord_err *err) {
    return same_data(m, false, err);
}
