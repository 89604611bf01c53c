/* records.c - see records.h. */
#include "records.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <accord/jsonl.h>

#include "sexp.h"

enum { MAX_FILES = 10000, MAX_ID = 200 };

static accord_code no_memory(const accord_host *host, accord_err *err) {
    return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
}

static void record_fini(struct planning_record *r) {
    free(r->id);
    free(r->name);
    free(r->text);
    free(r->published);
}

void planning_records_fini(struct planning_records *r) {
    for (size_t i = 0; i < r->n; i++)
        record_fini(&r->item[i]);
    for (size_t i = 0; i < r->n_files; i++)
        free(r->file[i]);
    free(r->item);
    free(r->file);
    *r = (struct planning_records){0};
}

/* Takes the record, also when it fails. */
static accord_code add(const accord_host *host, struct planning_records *r,
                       struct planning_record *record, accord_err *err) {
    int is_whole = record->id && record->name && record->text;

    if (is_whole && r->n == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct planning_record *more = realloc(r->item, room * sizeof(*more));
        if (more) {
            r->item = more;
            r->room = room;
        }
    }
    if (!is_whole || r->n == r->room) {
        record_fini(record);
        return no_memory(host, err);
    }
    r->item[r->n++] = *record;
    return ACCORD_OK;
}

/* Notes a file that was read, by its absolute path. */
static accord_code add_file(const accord_host *host, struct planning_records *r,
                            const char *path, accord_err *err) {
    char **more = realloc(r->file, (r->n_files + 2) * sizeof(*more));

    if (!more)
        return no_memory(host, err);
    r->file = more;
    r->file[r->n_files] = realpath(path, NULL);
    if (!r->file[r->n_files])
        return host->fail(host, err, ACCORD_E_IO, "cannot open %s", path);
    r->file[++r->n_files] = NULL;
    return ACCORD_OK;
}

/* ---- PlanBench --------------------------------------------------------------------- */

static int is_printable(const char *id) {
    for (const char *p = id; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return 0;
    return *id && strlen(id) <= MAX_ID;
}

static accord_code take_record(const accord_host *host, accord_jsonl *lines,
                               const char *field, struct planning_records *out,
                               accord_err *err) {
    struct planning_record record = {0};
    const char *path = out->file[0], *id, *text;
    unsigned long long line = accord_jsonl_line(lines);

    accord_code rc = accord_jsonl_string(lines, "question_id", &id, err);
    if (rc)
        return rc;
    if (!is_printable(id))
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "%s:%llu: \"question_id\" is no name of at most %d bytes", path,
                          line, MAX_ID);
    record.id = strdup(id);
    const char *published = accord_jsonl_text(lines, field);
    if (!published) { /* not every record has both prompts */
        free(record.id);
        return ACCORD_OK;
    }
    record.published = strdup(published);
    rc = accord_jsonl_string(lines, "pddl", &text, err);
    if (!rc)
        record.text = strdup(text);
    if (!rc && asprintf(&record.name, "%s:%llu: pddl", path, line) < 0)
        record.name = NULL;
    if (rc) {
        record_fini(&record);
        return rc;
    }
    if (!record.published) {
        record_fini(&record);
        return no_memory(host, err);
    }
    return add(host, out, &record, err);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static accord_code check_ids(const accord_host *host, const struct planning_records *r,
                             accord_err *err) {
    const char **id = malloc((r->n + 1) * sizeof(*id));
    accord_code rc = ACCORD_OK;

    if (!id)
        return no_memory(host, err);
    for (size_t i = 0; i < r->n; i++)
        id[i] = r->item[i].id;
    qsort(id, r->n, sizeof(*id), by_text);
    for (size_t i = 1; i < r->n && !rc; i++)
        if (strcmp(id[i - 1], id[i]) == 0)
            rc = host->fail(host, err, ACCORD_E_CONFIG, "two problems have the id \"%s\"",
                            id[i]);
    free(id);
    return rc;
}

accord_code planning_records_read(const accord_host *host,
                                  const struct planning_options *options,
                                  struct planning_records *out, accord_err *err) {
    const accord_param_value *v = options->value;
    const char *field = v[PLANNING_SHOTS].i ? "prompt_one_shot" : "prompt_zero_shot";
    accord_jsonl *lines = NULL;
    char path[PATH_MAX];
    int more = 0;

    *out = (struct planning_records){0};
    accord_code rc = host->data_path(host, v[PLANNING_FILE].s, path, sizeof(path), err);
    if (!rc)
        rc = add_file(host, out, path, err);
    if (!rc)
        rc = accord_jsonl_open(host, path, &lines, err);
    while (!rc && !(rc = accord_jsonl_next(lines, &more, err)) && more)
        rc = take_record(host, lines, field, out, err);
    accord_jsonl_close(lines);
    if (!rc && out->n == 0)
        rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: no record with \"%s\"", path,
                        field);
    return rc ? rc : check_ids(host, out, err);
}

/* ---- PDDL files -------------------------------------------------------------------- */

static accord_code read_text(const accord_host *host, struct planning_records *r,
                             const char *path, char **out, accord_err *err) {
    accord_code rc = add_file(host, r, path, err);
    FILE *f = rc ? NULL : fopen(path, "r");

    *out = NULL;
    if (rc)
        return rc;
    char *text = f ? malloc(STRIPS_BYTES + 2) : NULL;
    size_t n = text ? fread(text, 1, STRIPS_BYTES + 1, f) : 0;
    int is_bad = !f || ferror(f);
    if (f)
        fclose(f);
    if (is_bad || !text) {
        free(text);
        return is_bad ? host->fail(host, err, ACCORD_E_IO, "cannot read %s", path)
                      : no_memory(host, err);
    }
    text[n] = '\0';
    if (strlen(text) != n) {
        free(text);
        return host->fail(host, err, ACCORD_E_CONFIG, "%s: a byte 0 is no PDDL", path);
    }
    char *shorter = realloc(text, n + 1);
    *out = shorter ? shorter : text;
    return ACCORD_OK;
}

/* The id is the file's name without ".pddl". */
static accord_code add_problem(const accord_host *host, struct planning_records *r,
                               const char *path, accord_err *err) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);
    struct planning_record record = {0};

    if (n > 5 && strcmp(name + n - 5, ".pddl") == 0)
        n -= 5;
    accord_code rc = read_text(host, r, path, &record.text, err);
    if (rc)
        return rc;
    record.id = strndup(name, n < MAX_ID ? n : MAX_ID);
    record.name = strdup(path);
    if (record.id && !is_printable(record.id)) {
        record_fini(&record);
        return host->fail(host, err, ACCORD_E_CONFIG, "a file's name cannot be an id");
    }
    return add(host, r, &record, err);
}

static int is_problem(const struct dirent *d) {
    size_t n = strlen(d->d_name);

    return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".pddl") == 0 &&
           strcmp(d->d_name, "domain.pddl") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static accord_code read_folder(const accord_host *host, struct planning_records *r,
                               const char *folder, accord_err *err) {
    struct dirent **list;
    int n = scandir(folder, &list, is_problem, by_name);
    accord_code rc = ACCORD_OK;
    char path[PATH_MAX];

    if (n < 0)
        return host->fail(host, err, ACCORD_E_IO, "cannot read the folder %s", folder);
    if (n > MAX_FILES)
        rc = host->fail(host, err, ACCORD_E_LIMIT, "%s: more than %d problems", folder,
                        MAX_FILES);
    for (int i = 0; i < n; i++) {
        if (!rc && snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name) <
                       (int)sizeof(path))
            rc = add_problem(host, r, path, err);
        free(list[i]);
    }
    free(list);
    if (!rc && n == 0)
        rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: no problem (*.pddl)", folder);
    return rc;
}

accord_code planning_files_read(const accord_host *host,
                                const struct planning_options *options, char **domain,
                                struct planning_records *out, accord_err *err) {
    const char *domain_file = options->value[PLANNING_DOMAIN_FILE].s;
    const char *problem_file = options->value[PLANNING_PROBLEM_FILE].s;
    struct stat st;
    char path[PATH_MAX];
    accord_code rc = ACCORD_OK;

    *out = (struct planning_records){0};
    *domain = NULL;
    if (!*problem_file)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "source \"files\" needs the parameter \"problem_file\"");
    if (!*domain_file && options->choice[PLANNING_DOMAIN] == PLANNING_PDDL)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "domain \"pddl\" needs the parameter \"domain_file\"");
    if (*domain_file &&
        !(rc = host->data_path(host, domain_file, path, sizeof(path), err)))
        rc = read_text(host, out, path, domain, err);
    if (!rc)
        rc = host->data_path(host, problem_file, path, sizeof(path), err);
    if (rc)
        return rc;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return read_folder(host, out, path, err);
    return add_problem(host, out, path, err);
}
