/* table_metrics.c - `accord table --metrics`: a line for each metric of a method. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/table.h"

/* ---- which ------------------------------------------------------------------------- */

/* Whether `name` begins with one of the words of "grad,loss_"; "" is all. */
static bool is_wanted(const char *name, const char *list) {
    bool any = true;

    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ",");
        any &= n == 0;
        if (n && strncmp(name, p, n) == 0)
            return true;
        p += n + (p[n] == ',');
    }
    return any;
}

/* A cell's training is that of all its modes: the first row of a method speaks of it. */
static bool speaks_of_training(const accord_rows *rows, size_t at) {
    const accord_row *row = &rows->items[at];

    for (size_t i = 0; i < at; i++)
        if (rows->items[i].of == row->of && strcmp(rows->items[i].task, row->task) == 0 &&
            strcmp(rows->items[i].method, row->method) == 0)
            return false;
    return true;
}

/* The name that is nearest to a word, or NULL; the rows'. */
static const char *nearest(const accord_rows *rows, const char *word) {
    size_t n = 0;

    for (size_t r = 0; r < rows->n; r++)
        n += rows->items[r].metrics.n;
    const char **names = accord_xalloc((n + 1) * sizeof(*names));
    n = 0;
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < rows->items[r].metrics.n; i++)
            names[n++] = rows->items[r].metrics.items[i].name;
    const char *near = accord_text_nearest(word, names);
    free(names);
    return near;
}

static bool begins_one(const accord_rows *rows, const char *word, size_t n) {
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < rows->items[r].metrics.n; i++)
            if (strncmp(rows->items[r].metrics.items[i].name, word, n) == 0)
                return true;
    return false;
}

/* A word that fits nothing is a slip, as an unknown option is. */
static accord_code check_words(const accord_rows *rows, const char *list,
                               accord_err *err) {
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ",");
        if (n && !begins_one(rows, p, n)) {
            char *word = accord_xasprintf("%.*s", (int)n, p);
            const char *near = nearest(rows, word);
            accord_code rc = accord_fail(
                err, ACCORD_E_ARG, "no metric begins with \"%s\"%s%s%s", word,
                near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
            free(word);
            return rc;
        }
        p += n + (p[n] == ',');
    }
    return ACCORD_OK;
}

accord_code accord_table_metrics_find(const accord_rows *rows, const char *list,
                                      accord_metric_lines *out, accord_err *err) {
    accord_code rc = check_words(rows, list, err);

    for (size_t r = 0; !rc && r < rows->n; r++) {
        const accord_row_metrics *m = &rows->items[r].metrics;
        bool training = speaks_of_training(rows, r);
        for (size_t i = 0; !rc && i < m->n; i++) {
            if ((m->items[i].training && !training) || !is_wanted(m->items[i].name, list))
                continue;
            rc = accord_grow(&out->items, out->n, &out->cap, sizeof(*out->items), err);
            if (!rc)
                out->items[out->n++] =
                    (accord_metric_line){&rows->items[r], &m->items[i]};
        }
    }
    return rc;
}

/* ---- in words ---------------------------------------------------------------------- */

static void heading(accord_sheet *out, bool named) {
    static const char *const names[] = {"run",   "task", "method", "metric", "of",
                                        "first", "last", "mean",   "seeds",  "n"};

    for (size_t i = named ? 0 : 1; i < sizeof(names) / sizeof(names[0]); i++) {
        out->left[out->n_columns++] = i < 5; /* the rest are numbers */
        accord_sheet_take(out, accord_xstrdup(names[i]));
    }
}

#define PLUS_MINUS "\xc2\xb1"

/* Episodes of an evaluation have no first and last: nothing stands there. */
static char *spread_text(const accord_row_metric *m, int value) {
    accord_metric_spread s = accord_metrics_spread(m, value);

    if (!m->training && value != ACCORD_METRIC_MEAN)
        return accord_xstrdup("");
    if (isnan(s.mean))
        return accord_xstrdup("n/a");
    return isnan(s.sd) ? accord_xasprintf("%.4g", s.mean)
                       : accord_xasprintf("%.4g " PLUS_MINUS "%.2g", s.mean, s.sd);
}

static void line_cells(const accord_metric_line *line, bool named, accord_sheet *out) {
    const accord_row *row = line->row;
    const accord_row_metric *m = line->metric;

    if (named)
        accord_sheet_take(out, accord_xstrdup(row->run));
    accord_sheet_take(out,
                      m->training ? accord_xstrdup(row->task) : accord_row_place(row));
    accord_sheet_take(out, accord_xstrdup(row->method));
    accord_sheet_take(out, accord_xstrdup(m->name));
    accord_sheet_take(out, accord_xstrdup(m->training ? "training" : "evaluation"));
    for (int i = 0; i < ACCORD_METRIC_VALUES; i++)
        accord_sheet_take(out, spread_text(m, i));
    accord_sheet_take(out, accord_xasprintf("%zu", m->n_seeds));
    accord_sheet_take(out, accord_xasprintf("%.0f", m->n));
}

void accord_table_metrics_words(const accord_metric_lines *lines, bool named,
                                accord_sheet *out) {
    bool several = false;

    heading(out, named);
    for (size_t i = 0; i < lines->n; i++) {
        line_cells(&lines->items[i], named, out);
        several |= lines->items[i].metric->n_seeds > 1;
    }
    if (!lines->n)
        accord_sheet_note(out, accord_xstrdup("no method reported a metric"));
    if (several)
        accord_sheet_note(out, accord_xstrdup("means over seeds, " PLUS_MINUS
                                              " their standard deviation"));
}

/* ---- as data ----------------------------------------------------------------------- */

static const char *const value_names[ACCORD_METRIC_VALUES] = {"first", "last", "mean"};

/* Unknown is an empty field. */
static void csv_number(accord_buf *out, double value) {
    accord_buf_printf(out, isnan(value) ? "," : ",%.17g", value);
}

void accord_table_metrics_csv(const accord_metric_lines *lines, accord_buf *out) {
    accord_buf_puts(out, "run,task,mode,method,metric,of");
    for (int i = 0; i < ACCORD_METRIC_VALUES; i++)
        accord_buf_printf(out, ",%s,%s_sd", value_names[i], value_names[i]);
    accord_buf_puts(out, ",seeds,n\n");
    for (size_t l = 0; l < lines->n; l++) {
        const accord_row *row = lines->items[l].row;
        const accord_row_metric *m = lines->items[l].metric;
        const char *names[] = {row->run, row->task, m->training ? "" : row->mode,
                               row->method, m->name};
        for (int k = 0; k < 5; k++) {
            accord_table_csv_text(out, names[k]);
            accord_buf_puts(out, ",");
        }
        accord_buf_puts(out, m->training ? "training" : "evaluation");
        for (int i = 0; i < ACCORD_METRIC_VALUES; i++) {
            accord_metric_spread s = accord_metrics_spread(m, i);
            csv_number(out, s.mean);
            csv_number(out, s.sd);
        }
        accord_buf_printf(out, ",%zu,%.0f\n", m->n_seeds, m->n);
    }
}

static void json_line(const accord_metric_line *line, accord_buf *out) {
    const accord_row_metric *m = line->metric;

    accord_json_text(out, "run", line->row->run);
    accord_json_text(out, "task", line->row->task);
    accord_json_text(out, "mode", m->training ? NULL : line->row->mode);
    accord_json_text(out, "method", line->row->method);
    accord_json_text(out, "metric", m->name);
    accord_json_text(out, "of", m->training ? "training" : "evaluation");
    for (int i = 0; i < ACCORD_METRIC_VALUES; i++) {
        accord_metric_spread s = accord_metrics_spread(m, i);
        char key[16];
        snprintf(key, sizeof(key), "%s_sd", value_names[i]);
        accord_json_known(out, value_names[i], s.mean);
        accord_json_known(out, key, s.sd);
    }
    accord_json_int(out, "seeds", (int64_t)m->n_seeds);
    accord_json_int(out, "n", (int64_t)m->n);
}

/* Unknown is null. */
void accord_table_metrics_json(const accord_metric_lines *lines, accord_buf *out) {
    accord_buf_puts(out, "{\"schema\":\"accord.metrics/1\",\n\"lines\":[");
    for (size_t i = 0; i < lines->n; i++) {
        accord_buf_puts(out, i ? ",\n{" : "\n{");
        json_line(&lines->items[i], out);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "]}\n");
}
