/* cmd_data.c - accord data: the published data sets, where they are, and getting them.
 *
 * The table is benchmarks/data.json: for each set its files, each with the URL at a
 * commit, the length and the SHA-256.  Files go to the user's data directory. */
#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fetch.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "host/host.h"
#include "host/paths.h"

/* One file of the table; texts are borrowed from the document. */
typedef struct data_file {
    const char *set, *licence;
    const char *name;
    const char *url;
    const char *sha256;
    int64_t n_bytes;
} data_file;

/* Where a file of the table is on this machine. */
typedef struct data_place {
    char path[PATH_MAX];
    const char *state;
} data_place;

typedef accord_code (*file_fn)(const data_file *file, void *ctx, accord_err *err);

/* A name is joined to the user's folder, so it must stay below it. */
static accord_code check_file(const accord_json *j, const data_file *f, accord_err *err) {
    bool http = f->url && (strncmp(f->url, "https://", 8) == 0 ||
                           strncmp(f->url, "http://", 7) == 0);

    if (!f->name || !*f->name || f->name[0] == '/' || f->name[0] == '.' ||
        strstr(f->name, "/."))
        return accord_json_fail(j, err, "\"name\" must be a path below the data folder");
    if (!http)
        return accord_json_fail(j, err, "\"url\" must begin with https:// or http://");
    if (!f->sha256 || strspn(f->sha256, "0123456789abcdef") != 64 || f->sha256[64])
        return accord_json_fail(j, err,
                                "\"sha256\" must be 64 hexadecimal digits in lower case");
    if (f->n_bytes < 1)
        return accord_json_fail(j, err, "\"bytes\" is missing");
    return ACCORD_OK;
}

static accord_code read_file(const accord_json *j, data_file *f, accord_err *err) {
    static const char *const keys[] = {"name", "url", "sha256", "bytes", NULL};
    accord_json name = accord_json_get(j, "name"), url = accord_json_get(j, "url");
    accord_json sha = accord_json_get(j, "sha256"), bytes = accord_json_get(j, "bytes");
    accord_code rc = accord_json_expect(j, JSON_OBJECT, err);

    if (!rc)
        rc = accord_json_only(j, keys, err);
    if (!rc)
        rc = accord_json_read_text(&name, &f->name, err);
    if (!rc)
        rc = accord_json_read_text(&url, &f->url, err);
    if (!rc)
        rc = accord_json_read_text(&sha, &f->sha256, err);
    if (!rc)
        rc = accord_json_read_int(&bytes, 1, INT64_MAX, &f->n_bytes, err);
    return rc ? rc : check_file(j, f, err);
}

/* Hands every file of a set to `fn`. */
static accord_code each_file(const accord_json *set, const char *id, file_fn fn,
                             void *ctx, accord_err *err) {
    static const char *const keys[] = {"licence", "source", "files", NULL};
    accord_json licence = accord_json_get(set, "licence");
    accord_json files = accord_json_get(set, "files");
    const char *terms = NULL;
    accord_code rc = accord_json_expect(set, JSON_OBJECT, err);

    if (!rc)
        rc = accord_json_only(set, keys, err);
    if (!rc)
        rc = accord_json_read_text(&licence, &terms, err);
    if (!rc && !terms)
        return accord_json_fail(set, err, "\"licence\" is missing");
    if (!rc)
        rc = accord_json_expect(&files, JSON_ARRAY, err);
    for (size_t i = 0; !rc && i < json_array_size(files.value); i++) {
        accord_json j = accord_json_at(&files, i);
        data_file f = {.set = id, .licence = terms};
        rc = read_file(&j, &f, err);
        if (!rc)
            rc = fn(&f, ctx, err);
    }
    return rc;
}

static accord_code each_set(const accord_json *sets, file_fn fn, void *ctx,
                            accord_err *err) {
    accord_code rc = accord_json_expect(sets, JSON_OBJECT, err);
    const char *id;
    json_t *value;

    if (rc)
        return rc;
    json_object_foreach(sets->value, id, value) {
        accord_json set = accord_json_get(sets, id);
        rc = each_file(&set, id, fn, ctx, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

static void find(const data_file *f, data_place *p) {
    const accord_host *host = &accord_host_default;
    char hex[65];

    p->state = "missing";
    if (host->data_path(host, f->name, p->path, sizeof(p->path), NULL)) {
        p->path[0] = '\0';
        return;
    }
    p->state = "verified";
    if (accord_file_sha256(p->path, hex, NULL) || strcmp(hex, f->sha256) != 0)
        p->state = "differs";
}

static accord_code print_row(const data_file *f, void *ctx, accord_err *err) {
    data_place p;

    find(f, &p);
    printf("%-10s %-11s %7.1f MB  %-9s %-24s %s\n", f->set, f->licence,
           (double)f->n_bytes / 1e6, p.state, f->name, p.path);
    return ACCORD_OK;
}

static accord_code add_json(const data_file *f, void *ctx, accord_err *err) {
    accord_buf *b = ctx;
    data_place p;

    find(f, &p);
    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "set", f->set);
    accord_json_text(b, "licence", f->licence);
    accord_json_text(b, "file", f->name);
    accord_json_int(b, "bytes", f->n_bytes);
    accord_json_text(b, "state", p.state);
    accord_json_text(b, "path", p.path[0] ? p.path : NULL);
    accord_buf_puts(b, "}");
    return ACCORD_OK;
}

static accord_code list(const accord_json *sets, bool as_json, accord_err *err) {
    accord_buf b;

    if (!as_json) {
        printf("%-10s %-11s %10s  %-9s %-24s %s\n", "set", "licence", "size", "state",
               "file", "path");
        return each_set(sets, print_row, NULL, err);
    }
    accord_buf_init(&b, 1 << 20);
    accord_buf_puts(&b, "[");
    accord_code rc = each_set(sets, add_json, &b, err);
    accord_buf_puts(&b, "]\n");
    if (!rc)
        rc = accord_buf_check(&b, "the list", err);
    if (!rc)
        fputs(b.data, stdout);
    accord_buf_fini(&b);
    return rc;
}

/* Where a file is to go; its folder is made. */
static accord_code make_place(const data_file *f, char *path, accord_err *err) {
    char user[PATH_MAX];

    accord_path_user("data", user);
    if (!user[0])
        return accord_fail(err, ACCORD_E_CONFIG,
                           "no folder for data: set HOME or XDG_DATA_HOME");
    if (snprintf(path, PATH_MAX, "%s/%s", user, f->name) >= PATH_MAX)
        return accord_fail(err, ACCORD_E_CONFIG, "path too long: %s/%s", user, f->name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    accord_code rc = accord_mkdirs(path, err);
    *slash = '/';
    return rc;
}

static accord_code get_file(const data_file *f, void *ctx, accord_err *err) {
    data_place p;
    char path[PATH_MAX];

    find(f, &p);
    if (strcmp(p.state, "verified") != 0) {
        accord_code rc = make_place(f, path, err);
        if (rc)
            return rc;
        accord_log(ACCORD_INFO, "data", "%s: %.1f MB from %s", f->name,
                   (double)f->n_bytes / 1e6, f->url);
        accord_fetch_file file = {f->url, f->sha256, (uint64_t)f->n_bytes, path};
        rc = accord_fetch(&file, err);
        if (rc)
            return rc;
        if (p.path[0] && strcmp(p.path, path) != 0)
            accord_log(ACCORD_WARN, "data", "%s is another file and comes first", p.path);
        snprintf(p.path, sizeof(p.path), "%s", path);
    }
    printf("%s (%s)\n", p.path, f->licence);
    return ACCORD_OK;
}

static accord_code no_such_set(const accord_json *sets, const char *name,
                               accord_err *err) {
    const char *known[64] = {NULL}, *id;
    size_t n = 0;
    json_t *value;

    json_object_foreach(sets->value, id, value) if (n < 63) known[n++] = id;
    const char *near = accord_text_nearest(name, known);
    if (near)
        return accord_fail(err, ACCORD_E_NOTFOUND,
                           "no data set \"%s\" (did you mean \"%s\"?)", name, near);
    return accord_fail(err, ACCORD_E_NOTFOUND,
                       "no data set \"%s\" in %s: see accord data ls", name,
                       sets->document);
}

/* Unknown names fail before the first download. */
static accord_code get(const accord_json *sets, int n, char **names, accord_err *err) {
    accord_code rc = accord_json_expect(sets, JSON_OBJECT, err);

    for (int i = 0; !rc && i < n; i++)
        if (!json_object_get(sets->value, names[i]))
            rc = no_such_set(sets, names[i], err);
    if (rc)
        return rc;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (int i = 0; !rc && i < n; i++) {
        accord_json set = accord_json_get(sets, names[i]);
        rc = each_file(&set, names[i], get_file, NULL, err);
    }
    curl_global_cleanup();
    return rc;
}

/* Loads the table: `file`, or the one that belongs to this program. */
static accord_code load(const char *file, char *path, json_t **document,
                        accord_err *err) {
    char folder[PATH_MAX];

    accord_path_suites(folder);
    int n = file ? snprintf(path, PATH_MAX, "%s", file)
                 : snprintf(path, PATH_MAX, "%s/data.json", folder);
    if (n >= PATH_MAX)
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", file ? file : folder);
    return accord_json_load(path, document, err);
}

/* A download that failed leaves the data set incomplete; the other failures are the
 * table's or the caller's. */
static int status_of(const accord_err *err) {
    int status = accord_cli_fail(err);

    return err->code == ACCORD_E_IO || err->code == ACCORD_E_LIMIT
               ? ACCORD_EXIT_INCOMPLETE
               : status;
}

/* Takes the option --table FILE and the flag --json out of the arguments. */
static int parse(int argc, char **argv, const char **table, bool *as_json) {
    int n = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            *as_json = true;
        else if (strcmp(argv[i], "--table") == 0 && i + 1 < argc)
            *table = argv[++i];
        else if (argv[i][0] == '-')
            return 0;
        else
            argv[n++] = argv[i];
    }
    return n;
}

int accord_cmd_data(const accord_command *self, int argc, char **argv) {
    const char *table = NULL;
    char path[PATH_MAX];
    bool as_json = false;
    json_t *document;
    accord_err err = {0};
    int n = parse(argc, argv, &table, &as_json);
    bool ls = n == 1 && strcmp(argv[0], "ls") == 0;

    if (!ls && !(n > 1 && strcmp(argv[0], "get") == 0 && !as_json))
        return accord_cli_usage(self);
    if (load(table, path, &document, &err)) {
        accord_cli_fail(&err);
        return ACCORD_EXIT_USAGE;
    }
    accord_json root = accord_json_root(document, path);
    accord_json sets = accord_json_get(&root, "sets");
    accord_code rc =
        accord_json_only(&root, (const char *const[]){"schema", "sets", NULL}, &err);
    if (!rc)
        rc = ls ? list(&sets, as_json, &err) : get(&sets, n - 1, argv + 1, &err);
    json_decref(document);
    return rc ? status_of(&err) : ACCORD_EXIT_OK;
}
