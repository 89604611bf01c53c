/* table_equal.c - `accord table --equal-tokens METHOD`: what stands beside one method. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/table.h"

static const char *const places[] = {"self", "played", "below", "above"};

static char *point_of(const accord_equal_line *line) {
    return line->curve ? accord_curve_point(line->curve, line->at)
                       : accord_xstrdup("played");
}

/* What a line spends of what the method spends. */
static double relative(const accord_equal_line *line) {
    double tokens = line->method->prompt + line->method->completion;

    return tokens > 0 ? line->tokens / tokens : (double)NAN;
}

/* ---- in words ---------------------------------------------------------------------- */

static char *known(const char *format, double value) {
    char text[64];

    if (isnan(value))
        return accord_xstrdup("n/a");
    snprintf(text, sizeof(text), "%.*f%s", format[0] - '0', value, format + 1);
    return accord_xstrdup(text);
}

/* Shares in points of a hundred, as the intervals of `accord table` are. */
static void gain_cells(const accord_equal_line *line, accord_sheet *out) {
    bool share = line->row->share;
    double scale = share ? 100 : 1;
    const accord_stat *g = &line->gain;
    bool self = line->where == ACCORD_EQUAL_SELF;
    const char *none = self ? "" : "n/a";

    accord_sheet_take(out, isnan(g->mean) ? accord_xstrdup(none)
                                          : accord_xasprintf(share ? "%+.1f" : "%+.4g",
                                                             g->mean * scale));
    accord_sheet_take(out,
                      isnan(g->lo) || isnan(g->hi)
                          ? accord_xstrdup(none)
                          : accord_xasprintf(share ? "%+.1f .. %+.1f" : "%+.4g .. %+.4g",
                                             g->lo * scale, g->hi * scale));
    accord_sheet_take(out, accord_xstrdup(self ? "" : accord_unit_name(line->unit)));
    accord_sheet_take(out, self ? accord_xstrdup("") : accord_xasprintf("%zu", line->n));
}

static void line_cells(const accord_equal_line *line, bool named, bool arrow,
                       accord_sheet *out) {
    const accord_row *row = line->row;

    if (named)
        accord_sheet_take(out, accord_xstrdup(row->run));
    accord_sheet_take(out, accord_row_place(row));
    accord_sheet_take(out, accord_xstrdup(row->method));
    accord_sheet_take(out, point_of(line));
    accord_sheet_take(out, accord_table_score(row, line->score, arrow));
    accord_sheet_take(out, known("0", line->tokens));
    accord_sheet_take(out, known("0%", 100 * relative(line)));
    gain_cells(line, out);
}

static void heading(const accord_equal *equal, bool named, const char *better,
                    accord_sheet *out) {
    char *names[] = {
        accord_xstrdup("run"),
        accord_xstrdup("task"),
        accord_xstrdup("method"),
        accord_xstrdup("point"),
        accord_xasprintf("score%s%s", better ? " " : "", better ? better : ""),
        accord_xstrdup("tokens/q"),
        accord_xasprintf("of %s's", equal->method),
        accord_xasprintf("%s minus it", equal->method),
        accord_xstrdup("95% interval"),
        accord_xstrdup("unit"),
        accord_xstrdup("n"),
    };
    const size_t n = sizeof(names) / sizeof(names[0]);

    if (!named)
        free(names[0]);
    for (size_t i = named ? 0 : 1; i < n; i++) {
        out->left[out->n_columns++] = i < 4 || i == n - 2; /* the rest are numbers */
        accord_sheet_take(out, names[i]);
    }
}

void accord_table_equal_words(const accord_rows *rows, const accord_equal *equal,
                              bool named, accord_sheet *out) {
    const char *better = accord_table_better(rows);

    heading(equal, named, better, out);
    for (size_t i = 0; i < equal->n; i++)
        line_cells(&equal->items[i], named, !better, out);
}

/* ---- as data ----------------------------------------------------------------------- */

static void csv_number(accord_buf *out, double value) {
    accord_buf_printf(out, isnan(value) ? "," : ",%.17g", value);
}

/* Unknown is an empty field. */
void accord_table_equal_csv(const accord_equal *equal, accord_buf *out) {
    accord_buf_puts(out, "run,task,mode,method,point,where,score,tokens_per_question,"
                         "tokens_relative,minus,difference,ci_low,ci_high,unit,items\n");
    for (size_t i = 0; i < equal->n; i++) {
        const accord_equal_line *line = &equal->items[i];
        const accord_row *row = line->row;
        char *point = point_of(line);
        const char *names[] = {row->run, row->task, row->mode, row->method, point};
        for (int k = 0; k < 5; k++) {
            accord_table_csv_text(out, names[k]);
            accord_buf_puts(out, ",");
        }
        accord_buf_puts(out, places[line->where]);
        csv_number(out, line->score);
        csv_number(out, line->tokens);
        csv_number(out, relative(line));
        accord_buf_puts(out, ",");
        accord_table_csv_text(out, equal->method);
        csv_number(out, line->gain.mean);
        csv_number(out, line->gain.lo);
        csv_number(out, line->gain.hi);
        accord_buf_printf(out, ",%s,%zu\n", accord_unit_name(line->unit), line->n);
        free(point);
    }
}

static void json_line(const accord_equal_line *line, accord_buf *out) {
    const accord_row *row = line->row;
    char *point = point_of(line);

    accord_json_text(out, "run", row->run);
    accord_json_text(out, "task", row->task);
    accord_json_text(out, "mode", row->mode);
    accord_json_text(out, "method", row->method);
    accord_json_text(out, "point", point);
    accord_json_text(out, "where", places[line->where]);
    accord_json_known(out, "score", line->score);
    accord_json_known(out, "tokens_per_question", line->tokens);
    accord_json_known(out, "tokens_relative", relative(line));
    accord_json_known(out, "difference", line->gain.mean);
    accord_json_known(out, "ci_low", line->gain.lo);
    accord_json_known(out, "ci_high", line->gain.hi);
    accord_json_text(out, "unit", accord_unit_name(line->unit));
    accord_json_int(out, "items", (int64_t)line->n);
    free(point);
}

/* Unknown is null. */
void accord_table_equal_json(const accord_rows *rows, const accord_equal *equal,
                             accord_buf *out) {
    accord_buf_puts(out, "{\"schema\":\"accord.equal_tokens/1\"");
    accord_json_text(out, "method", equal->method);
    accord_buf_puts(out, ",\n\"lines\":[");
    for (size_t i = 0; i < equal->n; i++) {
        accord_buf_puts(out, i ? ",\n{" : "\n{");
        json_line(&equal->items[i], out);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "],\n\"remarks\":[");
    for (size_t i = 0; i < rows->n_remarks; i++)
        accord_json_text(out, NULL, rows->remarks[i]);
    accord_buf_puts(out, "]}\n");
}
