/* baseline.c - see baseline.h. */
#include "judge/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "judge/fingerprint.h"

#define MAX_FILE ((size_t)1 << 30)
#define SCHEMA   "accord.baseline/1"

static const char *const units[] = {"item", "seed", "both"};

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* ---- writing */

static void begin(accord_buf *b, const char *kind) {
    accord_buf_puts(b, "{");
    accord_json_text(b, "k", kind);
}

static accord_code write_task(const accord_rundir *run, const char *task, accord_buf *b,
                              accord_err *err) {
    json_t *is = accord_fingerprint(run, task);
    char *text = is ? json_dumps(is, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    if (text) {
        begin(b, "task");
        accord_json_text(b, "task", task);
        accord_json_key(b, "is");
        accord_buf_puts(b, text);
        accord_buf_puts(b, "}\n");
    }
    free(text);
    json_decref(is);
    return text ? ACCORD_OK : accord_fail(err, ACCORD_E_NOMEM, "out of memory");
}

static void write_place(const accord_row *row, const char *kind, accord_buf *b) {
    begin(b, kind);
    accord_json_text(b, "task", row->task);
    accord_json_text(b, "mode", row->mode);
    accord_json_text(b, "method", row->method);
}

static void write_row(const accord_row *row, accord_buf *b) {
    write_place(row, "row", b);
    accord_json_text(b, "unit", units[row->unit]);
    accord_json_key(b, "seeds");
    accord_buf_puts(b, "[");
    for (size_t s = 0; s < row->done; s++)
        accord_json_int(b, NULL, (int64_t)row->seeds[s]);
    accord_buf_puts(b, "]}\n");
    for (size_t i = 0; i < row->scores.n_items; i++)
        for (size_t s = 0; s < row->done; s++) {
            double score = accord_grid_score(&row->scores, i, s);
            if (isnan(score))
                continue;
            write_place(row, "item", b);
            accord_json_text(b, "item", row->scores.ids[i]);
            accord_json_int(b, "seed", (int64_t)row->seeds[s]);
            accord_json_real(b, "score", score);
            accord_buf_puts(b, "}\n");
        }
}

accord_code accord_baseline_write(const accord_rundir *run, const accord_rows *rows,
                                  const char *file, accord_err *err) {
    accord_code rc = ACCORD_OK;
    accord_buf b;

    accord_buf_init(&b, MAX_FILE);
    begin(&b, "baseline");
    accord_json_text(&b, "schema", SCHEMA);
    accord_json_text(&b, "run", run->name);
    accord_buf_puts(&b, "}\n");
    for (size_t i = 0; !rc && i < rows->n; i++)
        if (i == 0 || !same(rows->items[i].task, rows->items[i - 1].task))
            rc = write_task(run, rows->items[i].task, &b, err);
    for (size_t i = 0; i < rows->n; i++)
        write_row(&rows->items[i], &b);
    if (!rc)
        rc = accord_buf_check(&b, "the baseline", err);
    if (!rc)
        rc = accord_file_write(file, b.data, b.n, err);
    accord_buf_fini(&b);
    return rc;
}

/* ---- reading */

static accord_code text_at(const accord_json *line, const char *key, const char **out,
                           accord_err *err) {
    accord_json member = accord_json_get(line, key);

    *out = NULL;
    accord_code rc = accord_json_read_text(&member, out, err);
    return rc || *out ? rc : accord_json_fail(&member, err, "missing");
}

typedef struct place {
    const char *task, *mode, *method;
} place;

static accord_code read_place(const accord_json *line, place *out, accord_err *err) {
    accord_code rc = text_at(line, "task", &out->task, err);

    if (!rc)
        rc = text_at(line, "mode", &out->mode, err);
    return rc ? rc : text_at(line, "method", &out->method, err);
}

static accord_code read_seeds(const accord_json *line, accord_baseline_row *row,
                              accord_err *err) {
    accord_json seeds = accord_json_get(line, "seeds");
    accord_code rc = accord_json_expect(&seeds, JSON_ARRAY, err);
    size_t n = json_array_size(seeds.value);

    if (!rc)
        rc = accord_alloc(n, sizeof(*row->seeds), &row->seeds, err);
    for (size_t i = 0; !rc && i < n; i++) {
        accord_json seed = accord_json_at(&seeds, i);
        int64_t value = 0;
        rc = accord_json_read_int(&seed, INT64_MIN, INT64_MAX, &value, err);
        row->seeds[row->n_seeds++] = (uint64_t)value;
    }
    row->scores = (accord_grid){.n_seeds = n, .named = true};
    return rc || n > 0 ? rc : accord_json_fail(&seeds, err, "a row without seeds");
}

static accord_code read_row(accord_baseline *b, const accord_json *line,
                            accord_err *err) {
    const char *unit;
    place at;

    accord_code rc = read_place(line, &at, err);
    if (!rc)
        rc = text_at(line, "unit", &unit, err);
    if (!rc)
        rc = accord_grow(&b->rows, b->n, &b->cap, sizeof(*b->rows), err);
    if (rc)
        return rc;
    accord_baseline_row *row = &b->rows[b->n++];
    *row = (accord_baseline_row){.task = accord_xstrdup(at.task),
                                 .mode = accord_xstrdup(at.mode),
                                 .method = accord_xstrdup(at.method),
                                 .unit = -1};
    for (int u = 0; u < 3; u++)
        if (same(units[u], unit))
            row->unit = u;
    if (row->unit < 0) {
        accord_json member = accord_json_get(line, "unit");
        return accord_json_fail(&member, err, "\"%.20s\" is no unit", unit);
    }
    return read_seeds(line, row, err);
}

static accord_code read_item(accord_baseline *b, const accord_json *line,
                             accord_err *err) {
    accord_json seed_member = accord_json_get(line, "seed");
    accord_json score_member = accord_json_get(line, "score");
    const char *item;
    int64_t seed = 0;
    place at;

    accord_code rc = read_place(line, &at, err);
    if (!rc)
        rc = text_at(line, "item", &item, err);
    if (!rc)
        rc = accord_json_read_int(&seed_member, INT64_MIN, INT64_MAX, &seed, err);
    if (rc)
        return rc;
    const char *word = json_string_value(score_member.value);
    bool endless = word && (same(word, "inf") || same(word, "-inf"));
    double score = accord_report_real(score_member.value);
    if (!json_is_number(score_member.value) && !endless)
        return accord_json_fail(&score_member, err, "expected a number");
    /* Lines stand row by row, so the last row is the one that is meant. */
    accord_baseline_row *row = b->n ? &b->rows[b->n - 1] : NULL;
    size_t column = 0;
    if (!row || !same(row->task, at.task) || !same(row->mode, at.mode) ||
        !same(row->method, at.method))
        return accord_json_fail(line, err, "an item that is not of the row above it");
    while (column < row->n_seeds && row->seeds[column] != (uint64_t)seed)
        column++;
    if (column == row->n_seeds)
        return accord_json_fail(&seed_member, err, "no seed of the row above it");
    size_t known = accord_grid_find(&row->scores, item);
    if (known < row->scores.n_items &&
        !isnan(accord_grid_score(&row->scores, known, column)))
        return accord_json_fail(line, err,
                                "the item %.100s under this seed is there "
                                "already",
                                item);
    return accord_grid_add(&row->scores, item, column, score, err);
}

static accord_code read_task(accord_baseline *b, const accord_json *line,
                             accord_err *err) {
    accord_json is = accord_json_get(line, "is");
    const char *task;

    accord_code rc = text_at(line, "task", &task, err);
    if (!rc)
        rc = accord_json_expect(&is, JSON_OBJECT, err);
    if (!rc && json_object_set(b->tasks, task, is.value))
        rc = accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    return rc;
}

static accord_code read_line(accord_baseline *b, json_t *value, const char *where,
                             size_t number, accord_err *err) {
    accord_json line = accord_json_root(value, where);
    const char *kind;
    const char *schema = NULL;

    accord_code rc = accord_json_expect(&line, JSON_OBJECT, err);
    if (!rc)
        rc = text_at(&line, "k", &kind, err);
    if (rc)
        return rc;
    if ((number == 1) != same(kind, "baseline"))
        return accord_json_fail(&line, err,
                                number == 1 ? "no baseline begins like this"
                                            : "a second baseline");
    if (number == 1) {
        rc = text_at(&line, "schema", &schema, err);
        if (!rc && !same(schema, SCHEMA))
            rc = accord_json_fail(&line, err,
                                  "\"%.40s\" is not " SCHEMA ", which this accord reads",
                                  schema);
        return rc;
    }
    if (same(kind, "task"))
        return read_task(b, &line, err);
    if (same(kind, "row"))
        return read_row(b, &line, err);
    if (same(kind, "item"))
        return read_item(b, &line, err);
    return accord_json_fail(&line, err, "\"%.20s\" is no kind of line", kind);
}

static accord_code read_lines(accord_baseline *b, char *text, const char *file,
                              accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (char *line = text; !rc && *line;) {
        char *end = line + strcspn(line, "\n");
        char *where = accord_xasprintf("%s:%zu", file, ++number);
        json_error_t why;
        json_t *value = json_loadb(line, (size_t)(end - line), 0, &why);
        rc = value ? read_line(b, value, where, number, err)
                   : accord_fail(err, ACCORD_E_CONFIG, "%s: %s", where, why.text);
        json_decref(value);
        free(where);
        line = *end ? end + 1 : end;
    }
    return rc;
}

accord_code accord_baseline_read(const char *file, accord_baseline *out,
                                 accord_err *err) {
    char *text = NULL;
    size_t n;
    size_t items = 0;

    *out = (accord_baseline){.tasks = json_object()};
    if (!out->tasks)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    if (!accord_file_exists(file))
        return accord_fail(err, ACCORD_E_NOTFOUND,
                           "there is no baseline %s: accord gate RUN --write %s makes "
                           "one",
                           file, file);
    accord_code rc = accord_file_read(file, MAX_FILE, &text, &n, err);
    if (!rc)
        rc = read_lines(out, text, file, err);
    for (size_t i = 0; i < out->n; i++)
        items += out->rows[i].scores.n_items;
    if (!rc && items == 0)
        rc = accord_fail(err, ACCORD_E_CONFIG, "%s has no scores", file);
    free(text);
    return rc;
}

void accord_baseline_fini(accord_baseline *b) {
    for (size_t i = 0; i < b->n; i++) {
        free(b->rows[i].task);
        free(b->rows[i].mode);
        free(b->rows[i].method);
        free(b->rows[i].seeds);
        accord_grid_fini(&b->rows[i].scores);
    }
    free(b->rows);
    json_decref(b->tasks);
    *b = (accord_baseline){0};
}

const accord_baseline_row *accord_baseline_find(const accord_baseline *b,
                                                const char *task, const char *mode,
                                                const char *method) {
    for (size_t i = 0; i < b->n; i++)
        if (same(b->rows[i].task, task) && same(b->rows[i].mode, mode) &&
            same(b->rows[i].method, method))
            return &b->rows[i];
    return NULL;
}
