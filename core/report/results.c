/* results.c - results.json and timing.json of a run, from its summaries.  The first has
 * no dates and no clock in it: it is the same for the same journals, byte for byte. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/report.h"
#include "report/table.h"

#define MAX_RESULTS ((size_t)1 << 30)

typedef struct results {
    accord_rundir run;
    accord_buf b;      /* results.json */
    accord_buf timing; /* timing.json */
    size_t n;          /* cells written */
} results;

static void copy(accord_buf *b, const char *key, const json_t *value);

static void copy_members(accord_buf *b, const json_t *value) {
    const char *key;
    json_t *member;

    accord_buf_puts(b, "{");
    json_object_foreach((json_t *)value, key, member) copy(b, key, member);
    accord_buf_puts(b, "}");
}

static void copy_elements(accord_buf *b, const json_t *value) {
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < json_array_size(value); i++)
        copy(b, NULL, json_array_get(value, i));
    accord_buf_puts(b, "]");
}

/* Writes a value of a summary as it stood there. */
static void copy(accord_buf *b, const char *key, const json_t *value) {
    if (json_is_integer(value)) {
        accord_json_int(b, key, json_integer_value(value));
    } else if (json_is_real(value)) {
        accord_json_real(b, key, json_real_value(value));
    } else if (json_is_object(value) || json_is_array(value)) {
        accord_json_key(b, key);
        if (json_is_object(value))
            copy_members(b, value);
        else
            copy_elements(b, value);
    } else {
        accord_json_text(b, key, json_string_value(value));
    }
}

/* The groups of a mode's usage stand sorted by role, so a role's are neighbours. */
static void write_usage(accord_buf *b, const json_t *usage) {
    static const char *const sums[] = {"calls", "failed_calls", "prompt", "completion"};
    size_t n = json_array_size(usage);

    accord_json_key(b, "usage");
    accord_buf_puts(b, "{");
    for (size_t i = 0; i < n;) {
        const char *role =
            json_string_value(json_object_get(json_array_get(usage, i), "role"));
        int64_t total[4] = {0};
        const char *next = role;
        while (role && next && strcmp(role, next) == 0) {
            for (int s = 0; s < 4; s++)
                total[s] += json_integer_value(
                    json_object_get(json_array_get(usage, i), sums[s]));
            i++;
            next = json_string_value(json_object_get(json_array_get(usage, i), "role"));
        }
        if (!role)
            break;
        accord_json_key(b, role);
        accord_buf_puts(b, "{");
        for (int s = 0; s < 4; s++)
            accord_json_int(b, sums[s], total[s]);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "}");
}

/* The metrics of the training and, over them, those of the evaluation. */
static void write_metrics(accord_buf *b, const json_t *cell, const json_t *mode) {
    json_t *all = json_object();

    json_object_update(all, json_object_get(cell, "metrics"));
    json_object_update(all, json_object_get(mode, "metrics"));
    copy(b, "metrics", all);
    json_decref(all);
}

static void write_head(accord_buf *b, size_t n, const accord_run_cell *cell,
                       const char *mode) {
    accord_buf_puts(b, n ? ",\n{" : "\n{");
    accord_json_text(b, "task", cell->task);
    accord_json_text(b, "method", cell->method);
    accord_json_text(b, "mode", mode);
    accord_json_int(b, "seed", (int64_t)cell->seed);
}

static void write_mode(results *r, const accord_run_cell *cell, const json_t *summary,
                       const json_t *mode) {
    static const char *const copied[] = {"n", "score", "ci", "parts", "outcomes"};
    static const char *const some[] = {"asked", "groups"};
    const char *name = json_string_value(json_object_get(mode, "mode"));
    accord_buf *b = &r->b;

    if (!name)
        return;
    write_head(b, r->n, cell, name);
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
        copy(b, copied[i], json_object_get(mode, copied[i]));
    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        if (json_object_get(mode, some[i]))
            copy(b, some[i], json_object_get(mode, some[i]));
    write_usage(b, json_object_get(mode, "usage"));
    copy(b, "cost", json_object_get(mode, "cost"));
    write_metrics(b, summary, mode);
    accord_buf_puts(b, "}");
    write_head(&r->timing, r->n, cell, name);
    copy(&r->timing, "timing", json_object_get(json_object_get(summary, "timing"), name));
    accord_buf_puts(&r->timing, "}");
    r->n++;
}

static int by_names(const void *a, const void *b) {
    const accord_run_cell *x = *(const accord_run_cell *const *)a;
    const accord_run_cell *y = *(const accord_run_cell *const *)b;
    int by_task = strcmp(x->task, y->task);
    int by_method = strcmp(x->method, y->method);

    if (by_task || by_method)
        return by_task ? by_task : by_method;
    return (x->seed > y->seed) - (x->seed < y->seed);
}

static accord_code write_cells(results *r, uint32_t *missing, accord_err *err) {
    const accord_run_cell **cells;

    accord_code rc = accord_alloc(r->run.n_cells, sizeof(*cells), &cells, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < r->run.n_cells; i++)
        cells[i] = &r->run.cells[i];
    qsort(cells, r->run.n_cells, sizeof(*cells), by_names);
    for (size_t i = 0; !rc && i < r->run.n_cells; i++) {
        json_t *summary;
        rc = accord_summary_load(&r->run, cells[i], &summary, err);
        const json_t *modes = json_object_get(summary, "modes");
        for (size_t m = 0; m < json_array_size(modes); m++)
            write_mode(r, cells[i], summary, json_array_get(modes, m));
        *missing += !summary;
        json_decref(summary);
    }
    free(cells);
    return rc;
}

/* lm-eval writes "N/A" for a standard error that it does not have; so do we. */
void accord_results_score(accord_buf *b, const char *filter, const accord_stat *stat) {
    char key[64];

    snprintf(key, sizeof(key), "score,%s", filter);
    accord_json_real(b, key, stat->mean);
    snprintf(key, sizeof(key), "score_stderr,%s", filter);
    if (isnan(stat->se))
        accord_json_text(b, key, "N/A");
    else
        accord_json_real(b, key, stat->se);
}

static int by_row_names(const void *a, const void *b) {
    const accord_row *x = a;
    const accord_row *y = b;
    int by_task = strcmp(x->task, y->task);
    int by_mode = strcmp(x->mode, y->mode);

    if (by_task || by_mode)
        return by_task ? by_task : by_mode;
    return strcmp(x->method, y->method);
}

static accord_code write_rows(results *r, accord_err *err) {
    accord_rows rows = {0};
    accord_buf *b = &r->b;

    accord_code rc = accord_rows_add(&r->run, false, &rows, err);
    if (!rc)
        qsort(rows.items, rows.n, sizeof(*rows.items), by_row_names);
    for (size_t i = 0; !rc && i < rows.n; i++) {
        const accord_row *row = &rows.items[i];
        if (row->done == 0)
            continue;
        char *name = accord_xasprintf("%s/%s@%s", row->task, row->mode, row->method);
        accord_json_key(b, name);
        accord_buf_puts(b, "\n{");
        free(name);
        accord_results_score(b, "strict", row->has_strict ? &row->strict : &row->score);
        if (row->has_flexible)
            accord_results_score(b, "flexible", &row->flexible);
        accord_buf_puts(b, "}");
    }
    accord_rows_fini(&rows);
    return rc;
}

static accord_code write_file(const results *r, const char *name, const accord_buf *b,
                              accord_err *err) {
    accord_code rc = accord_buf_check(b, name, err);
    if (rc)
        return rc;
    char *path = accord_xasprintf("%s/%s", r->run.path, name);
    rc = accord_file_write(path, b->data, b->n, err);
    free(path);
    return rc;
}

accord_code accord_report_results(const char *run_dir, uint32_t *missing,
                                  accord_err *err) {
    results r = {0};

    *missing = 0;
    accord_buf_init(&r.b, MAX_RESULTS);
    accord_buf_init(&r.timing, MAX_RESULTS);
    accord_buf_puts(&r.b, "{\"schema\":\"accord.results/1\",\n\"cells\":[");
    accord_buf_puts(&r.timing, "{\"schema\":\"accord.timing/1\",\n\"cells\":[");
    accord_code rc = accord_rundir_open(run_dir, &r.run, err);
    if (!rc)
        rc = write_cells(&r, missing, err);
    accord_buf_puts(&r.b, "\n],\n\"results\":{");
    if (!rc)
        rc = write_rows(&r, err);
    accord_buf_puts(&r.b, "\n}}\n");
    accord_buf_puts(&r.timing, "\n]}\n");
    if (!rc)
        rc = write_file(&r, "results.json", &r.b, err);
    if (!rc)
        rc = write_file(&r, "timing.json", &r.timing, err);
    accord_rundir_fini(&r.run);
    accord_buf_fini(&r.b);
    accord_buf_fini(&r.timing);
    return rc;
}
