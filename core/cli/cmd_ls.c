/* cmd_ls.c - accord ls: what there is to choose from. */
#include <dirent.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "host/loader.h"
#include "host/paths.h"
#include "host/registry.h"

enum { MAX_JSON = 64 << 20 };

/* What is wrong with one of them must not hide the others. */
static void warn(const accord_err *err) {
    fprintf(stderr, "accord: %s\n", err->msg);
}

/* ---- plugins ----------------------------------------------------------------------- */

static const char *const plugin_keys[] = {"id", "summary", "version", "file", NULL};

static void add_plugin(void *ctx, const char *path) {
    const accord_plugin *p;
    accord_err err = {0};

    if (accord_loader_open(path, &p, &err)) {
        warn(&err);
        return;
    }
    const char *const row[] = {p->id, p->summary, p->version, path};
    accord_columns_add(ctx, row);
}

static void list_methods(accord_columns *c) {
    accord_registry_each(ACCORD_ROLE_METHOD, add_plugin, c);
}

static void list_tasks(accord_columns *c) {
    accord_registry_each(ACCORD_ROLE_TASK, add_plugin, c);
}

static void list_models(accord_columns *c) {
    accord_registry_each(ACCORD_ROLE_MODEL, add_plugin, c);
}

/* ---- suites and runs --------------------------------------------------------------- */

static const char *const suite_keys[] = {"file", "summary", "suite", NULL};
static const char *const run_keys[] = {"dir", "suite", "created", NULL};

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* Calls `add` for each entry of a folder, in byte order. */
static void each_entry(const char *dir, void (*add)(accord_columns *c, const char *path),
                       accord_columns *c) {
    struct dirent **entries = NULL;
    char path[PATH_MAX];

    int n = scandir(dir, &entries, is_visible, alphasort);
    for (int i = 0; i < n; i++) {
        if (snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name) < PATH_MAX)
            add(c, path);
        free(entries[i]);
    }
    free(entries);
}

static json_t *load(const char *path) {
    accord_err err = {0};
    json_t *document;

    if (accord_json_load(path, &document, &err))
        warn(&err);
    return document;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static void add_suite(accord_columns *c, const char *path) {
    const char *dot = strrchr(path, '.');

    if (!dot || strcmp(dot, ".json") != 0)
        return;
    json_t *document = load(path);
    const char *const row[] = {path, text_of(document, "summary"),
                               text_of(document, "suite")};
    if (row[2]) /* benchmarks/ also holds other tables */
        accord_columns_add(c, row);
    json_decref(document);
}

static void list_suites(accord_columns *c) {
    char own[PATH_MAX], *here = realpath("benchmarks", NULL);

    if (here)
        each_entry("benchmarks", add_suite, c);
    accord_path_suites(own);
    char *there = realpath(own, NULL);
    if (there && (!here || strcmp(here, there) != 0))
        each_entry(there, add_suite, c);
    free(here);
    free(there);
}

static void add_run(accord_columns *c, const char *path) {
    char manifest[PATH_MAX];

    if (snprintf(manifest, sizeof(manifest), "%s/manifest.json", path) >= PATH_MAX ||
        !accord_file_exists(manifest))
        return;
    json_t *document = load(manifest);
    const char *const row[] = {path, text_of(json_object_get(document, "suite"), "suite"),
                               text_of(document, "created")};
    if (document)
        accord_columns_add(c, row);
    json_decref(document);
}

static void list_runs(accord_columns *c) {
    each_entry("results", add_run, c);
}

/* ---- the command ------------------------------------------------------------------- */

static const struct kind {
    const char *name;
    void (*list)(accord_columns *c);
    const char *const *keys; /* of --json; a column each */
    size_t shown;            /* columns that are printed */
} kinds[] = {
    {"methods", list_methods, plugin_keys, 2}, {"tasks", list_tasks, plugin_keys, 2},
    {"models", list_models, plugin_keys, 2},   {"suites", list_suites, suite_keys, 2},
    {"runs", list_runs, run_keys, 3},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static size_t count(const char *const *keys) {
    size_t n = 0;

    while (keys[n])
        n++;
    return n;
}

static void print_json(const struct kind *k, const accord_columns *c, bool first) {
    accord_buf b;

    accord_buf_init(&b, MAX_JSON);
    for (size_t i = 0; i < c->n_rows; i++) {
        accord_buf_puts(&b, i ? ",\n  {" : "\n  {");
        for (size_t j = 0; j < c->n_columns; j++)
            accord_json_text(&b, k->keys[j], c->cells[i * c->n_columns + j]);
        accord_buf_puts(&b, "}");
    }
    printf("%s\"%s\": [%s]", first ? "{" : ",\n", k->name, b.data ? b.data : "");
    accord_buf_fini(&b);
}

static void print_kinds(const char *only, bool json) {
    bool first = true;

    for (size_t i = 0; i < N_KINDS; i++) {
        accord_columns c;
        if (only && strcmp(only, kinds[i].name) != 0)
            continue;
        accord_columns_init(&c, count(kinds[i].keys));
        kinds[i].list(&c);
        if (json) {
            print_json(&kinds[i], &c, first);
        } else if (c.n_rows) {
            if (!only)
                printf("%s%s\n", first ? "" : "\n", kinds[i].name);
            accord_columns_print(&c, kinds[i].shown, only ? 0 : 2, stdout);
        }
        first = first && !json && !c.n_rows;
        accord_columns_fini(&c);
    }
    if (json)
        puts("}");
}

static bool known(const char *name, accord_err *err) {
    const char *names[N_KINDS + 1] = {NULL};

    for (size_t i = 0; i < N_KINDS; i++)
        names[i] = kinds[i].name;
    const char *near = accord_text_nearest(name, names);
    if (near && strcmp(near, name) == 0)
        return true;
    accord_fail(err, ACCORD_E_ARG, "nothing to list is called \"%.40s\"%s%s%s", name,
                near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    return false;
}

int accord_cmd_ls(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'J'},
                                            {"plugin-path", required_argument, NULL, 'P'},
                                            {NULL, 0, NULL, 0}};
    accord_err err = {0};
    bool json = false;
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'J')
            json = true;
        else if (option == 'P')
            accord_registry_path(optarg);
        else
            return accord_cli_usage(self);
    }
    if (argc - optind > 1)
        return accord_cli_usage(self);
    const char *only = optind < argc ? argv[optind] : NULL;
    if (only && !known(only, &err))
        return accord_cli_fail(&err);
    print_kinds(only, json);
    return ACCORD_EXIT_OK;
}
