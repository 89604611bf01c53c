/* history.c - reading a history: see history.h. */
#include "judge/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "judge/history_parts.h"

#define MAX_FILE ((size_t)1 << 30)

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static accord_code text_at(const accord_json *line, const char *key, const char **out,
                           accord_err *err) {
    accord_json member = accord_json_get(line, key);

    *out = NULL;
    accord_code rc = accord_json_read_text(&member, out, err);
    return rc || *out ? rc : accord_json_fail(&member, err, "missing");
}

static accord_code count_at(const accord_json *row, const char *key, size_t *out,
                            accord_err *err) {
    accord_json member = accord_json_get(row, key);
    int64_t n = 0;

    if (!member.value)
        return accord_json_fail(&member, err, "missing");
    accord_code rc = accord_json_read_int(&member, 1, INT64_C(1) << 40, &n, err);
    *out = (size_t)n;
    return rc;
}

/* A finite number, or NaN where null may stand. */
static accord_code real_at(const accord_json *row, const char *key, bool needed,
                           double *out, accord_err *err) {
    accord_json member = accord_json_get(row, key);

    *out = (double)NAN;
    if (!needed && (!member.value || json_is_null(member.value)))
        return ACCORD_OK;
    if (!json_is_number(member.value) || !isfinite(json_number_value(member.value)))
        return accord_json_fail(&member, err, "expected a number");
    *out = json_number_value(member.value);
    return ACCORD_OK;
}

static accord_code read_numbers(const accord_json *j, accord_history_row *out,
                                accord_err *err) {
    accord_code rc = count_at(j, "n", &out->n, err);

    if (!rc)
        rc = count_at(j, "seeds", &out->seeds, err);
    if (!rc)
        rc = real_at(j, "score", true, &out->score, err);
    if (!rc)
        rc = real_at(j, "se", false, &out->se, err);
    if (!rc)
        rc = real_at(j, "lo", false, &out->lo, err);
    if (!rc)
        rc = real_at(j, "hi", false, &out->hi, err);
    if (!rc && out->se < 0)
        rc = accord_json_fail(j, err, "a standard error below 0");
    if (!rc && out->lo > out->hi)
        rc = accord_json_fail(j, err, "an interval that ends before it begins");
    return rc;
}

static accord_code read_row(const accord_json *j, const accord_history_run *run,
                            accord_history_row *out, accord_err *err) {
    accord_code rc = accord_json_expect(j, JSON_OBJECT, err);

    if (!rc)
        rc = text_at(j, "task", &out->task, err);
    if (!rc)
        rc = text_at(j, "mode", &out->mode, err);
    if (!rc)
        rc = text_at(j, "method", &out->method, err);
    if (!rc)
        rc = text_at(j, "unit", &out->unit, err);
    if (!rc)
        rc = text_at(j, "items", &out->items, err);
    if (!rc)
        rc = read_numbers(j, out, err);
    if (!rc && !json_is_object(json_object_get(run->tasks, out->task)))
        rc = accord_json_fail(j, err, "the line says nothing of its task");
    for (const accord_history_row *r = run->rows; !rc && r < out; r++)
        if (same(r->task, out->task) && same(r->mode, out->mode) &&
            same(r->method, out->method))
            rc = accord_json_fail(j, err, "a second row of the same method");
    return rc;
}

static accord_code read_rows(const accord_json *line, accord_history_run *out,
                             accord_err *err) {
    accord_json rows = accord_json_get(line, "rows");
    accord_code rc = accord_json_expect(&rows, JSON_ARRAY, err);
    size_t n = json_array_size(rows.value);

    if (!rc)
        rc = accord_alloc(n, sizeof(*out->rows), &out->rows, err);
    for (size_t i = 0; !rc && i < n; i++) {
        accord_json row = accord_json_at(&rows, i);
        rc = read_row(&row, out, &out->rows[i], err);
        out->n++;
    }
    return rc;
}

static accord_code read_schema(const accord_json *line, accord_err *err) {
    const char *schema;
    accord_code rc = text_at(line, "schema", &schema, err);

    if (!rc && !same(schema, ACCORD_HISTORY_SCHEMA))
        rc = accord_json_fail(line, err,
                              "\"%.40s\" is not " ACCORD_HISTORY_SCHEMA
                              ", which this accord reads",
                              schema);
    return rc;
}

static accord_code read_when(const accord_json *line, accord_history_run *out,
                             accord_err *err) {
    accord_json date_member = accord_json_get(line, "date");
    accord_json commit = accord_json_get(line, "commit");
    const char *date;

    accord_code rc = text_at(line, "date", &date, err);
    if (!rc && accord_history_date(date, out->date, NULL))
        rc = accord_json_fail(&date_member, err, "\"%.40s\" is no date", date);
    if (!rc && commit.value && !json_is_null(commit.value))
        rc = accord_json_read_text(&commit, &out->commit, err);
    return rc;
}

static accord_code read_run(const accord_json *line, accord_history_run *out,
                            accord_err *err) {
    accord_json tasks = accord_json_get(line, "tasks");
    accord_code rc = read_schema(line, err);

    if (!rc)
        rc = text_at(line, "suite", &out->suite, err);
    if (!rc)
        rc = text_at(line, "suite_sha256", &out->suite_sha256, err);
    if (!rc)
        rc = text_at(line, "run", &out->run, err);
    if (!rc)
        rc = text_at(line, "id", &out->id, err);
    if (!rc)
        rc = read_when(line, out, err);
    if (!rc)
        rc = accord_json_expect(&tasks, JSON_OBJECT, err);
    out->tasks = tasks.value;
    return rc ? rc : read_rows(line, out, err);
}

static accord_code add_run(accord_history *h, json_t *value, const char *where,
                           size_t number, accord_err *err) {
    accord_json line = accord_json_root(value, where);
    accord_code rc = accord_json_expect(&line, JSON_OBJECT, err);

    if (!rc)
        rc = accord_grow(&h->runs, h->n, &h->cap, sizeof(*h->runs), err);
    if (rc)
        return rc;
    accord_history_run *run = &h->runs[h->n++];
    *run = (accord_history_run){.line = json_incref(value), .number = number};
    rc = read_run(&line, run, err);
    if (!rc && !same(run->suite, h->runs[0].suite))
        rc = accord_json_fail(&line, err,
                              "of the suite \"%.60s\", but the history is of \"%.60s\"",
                              run->suite, h->runs[0].suite);
    return rc;
}

/* A last line without an end may be what a crash left of it. */
static accord_code read_line(accord_history *h, const char *file, const char *text,
                             size_t n, size_t number, bool ends, accord_err *err) {
    json_error_t why;
    char *where = accord_xasprintf("%s:%zu", file, number);
    json_t *value = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
    accord_code rc = ACCORD_OK;

    if (value)
        rc = add_run(h, value, where, number, err);
    else if (ends)
        rc = accord_fail(err, ACCORD_E_CONFIG, "%s: damaged: %s", where, why.text);
    h->torn = !ends && !value;
    h->open_end = !ends && value;
    json_decref(value);
    free(where);
    return rc;
}

accord_code accord_history_parse(accord_history *h, const char *file, const char *text,
                                 size_t n, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t at = 0; !rc && at < n;) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end ? (size_t)(end - (text + at)) : n - at;
        number++;
        if (length > 0)
            rc = read_line(h, file, text + at, length, number, end != NULL, err);
        if (!h->torn)
            h->whole = at + length + (end != NULL);
        at += length + 1;
    }
    return rc;
}

static int by_date(const void *a, const void *b) {
    const accord_history_run *x = a;
    const accord_history_run *y = b;
    int order = strcmp(x->date, y->date);

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

accord_code accord_history_read(const char *file, accord_history *out, accord_err *err) {
    char *text = NULL;
    size_t n;

    *out = (accord_history){0};
    if (!accord_file_exists(file))
        return accord_fail(err, ACCORD_E_NOTFOUND,
                           "there is no history %s: accord trend %s --append RUN begins "
                           "one",
                           file, file);
    accord_code rc = accord_file_read(file, MAX_FILE, &text, &n, err);
    if (!rc)
        rc = accord_history_parse(out, file, text, n, err);
    for (size_t i = 1; i < out->n; i++)
        out->unsorted |= strcmp(out->runs[i - 1].date, out->runs[i].date) > 0;
    if (!rc && out->n > 0)
        qsort(out->runs, out->n, sizeof(*out->runs), by_date);
    free(text);
    return rc;
}

void accord_history_fini(accord_history *h) {
    for (size_t i = 0; i < h->n; i++) {
        free(h->runs[i].rows);
        json_decref(h->runs[i].line);
    }
    free(h->runs);
    *h = (accord_history){0};
}
