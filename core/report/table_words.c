/* table_words.c - the rows of a table in words. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/table.h"

enum { MAX_NAMED = 10 };

#define UP   "\xe2\x86\x91" /* U+2191 */
#define DOWN "\xe2\x86\x93" /* U+2193 */

char *accord_table_score(const accord_row *row, double score, bool arrow) {
    const char *better = !arrow ? "" : row->higher ? " " UP : " " DOWN;

    if (isnan(score))
        return accord_xasprintf("n/a%s", better);
    return row->share ? accord_xasprintf("%.1f%%%s", score * 100, better)
                      : accord_xasprintf("%.4g%s", score, better);
}

const char *accord_table_better(const accord_rows *rows) {
    for (size_t i = 1; i < rows->n; i++)
        if (rows->items[i].higher != rows->items[0].higher)
            return NULL;
    return rows->n && rows->items[0].higher ? UP : DOWN;
}

static char *interval_text(const accord_row *row) {
    double scale = row->share ? 100 : 1;

    if (isnan(row->score.lo) || isnan(row->score.hi))
        return accord_xstrdup("n/a");
    return accord_xasprintf(row->share ? "%.1f .. %.1f" : "%.4g .. %.4g",
                            row->score.lo * scale, row->score.hi * scale);
}

/* "n/a" for what is not known; `format` is for one double. */
static char *number_text(const char *format, double value) {
    char text[64];

    if (isnan(value))
        return accord_xstrdup("n/a");
    if (strcmp(format, "g") == 0)
        snprintf(text, sizeof(text), "%.3g", value);
    else
        snprintf(text, sizeof(text), "%.*f", format[0] - '0', value);
    return accord_xstrdup(text);
}

static char *latency_text(const accord_row *row) {
    char p50[32], p95[32];

    accord_report_duration(p50, row->episode_ms[0]);
    accord_report_duration(p95, row->episode_ms[1]);
    return accord_xasprintf("%s/%s", p50, p95);
}

/* What the rows have to say: a column of "n/a" helps nobody. */
typedef struct columns {
    bool run, lead, cost;
    const char *better; /* of the score: an arrow, or NULL where the rows differ */
} columns;

static columns columns_of(const accord_rows *rows, bool named) {
    columns has = {.run = named, .better = accord_table_better(rows)};

    for (size_t i = 0; i < rows->n; i++) {
        const accord_row *row = &rows->items[i];
        has.cost |= row->done && !isnan(row->cost);
        has.lead |= row->standing != ACCORD_STANDS_ALONE;
    }
    return has;
}

static void head(accord_sheet *out, bool left, const char *name, const char *better) {
    out->left[out->n_columns++] = left;
    accord_sheet_take(
        out, accord_xasprintf("%s%s%s", name, better ? " " : "", better ? better : ""));
}

static void heading(accord_sheet *out, const columns *has) {
    if (has->run)
        head(out, true, "run", NULL);
    head(out, true, "task", NULL);
    head(out, true, "method", NULL);
    head(out, false, "score", has->better);
    head(out, false, "95% interval", NULL);
    if (has->lead)
        head(out, true, "lead", NULL);
    head(out, true, "unit", NULL);
    head(out, false, "n", NULL);
    head(out, false, "seeds", NULL);
    head(out, false, "answered", NULL);
    head(out, false, "of them", has->better);
    head(out, false, "calls/q", DOWN);
    head(out, false, "tokens/q", DOWN);
    if (has->cost)
        head(out, false, "cost/q", DOWN);
    head(out, false, "p50/p95", DOWN);
}

static char *standing_text(const accord_row *row) {
    static const char *const words[] = {"", "best", "tied", "", "n/a"};

    return accord_xstrdup(words[row->standing]);
}

static char *tokens_text(const accord_row *row) {
    char *number = number_text("0", row->prompt + row->completion);
    char *text = accord_xasprintf("%s%s", row->front ? "*" : "", number);

    free(number);
    return text;
}

static void row_cells(const accord_row *row, const columns *has, accord_sheet *out) {
    double episodes = (double)row->episodes;
    double coverage = row->episodes ? (double)row->answered / episodes : (double)NAN;

    if (has->run)
        accord_sheet_take(out, accord_xstrdup(row->run));
    accord_sheet_take(out, accord_row_place(row));
    accord_sheet_take(out, accord_xstrdup(row->method));
    accord_sheet_take(out, accord_table_score(row, row->score.mean, !has->better));
    accord_sheet_take(out, interval_text(row));
    if (has->lead)
        accord_sheet_take(out, standing_text(row));
    accord_sheet_take(out, accord_xstrdup(accord_unit_name(row->unit)));
    accord_sheet_take(out, accord_xasprintf("%zu", row->n));
    accord_sheet_take(out, accord_xasprintf("%zu/%zu", row->done, row->planned));
    accord_sheet_take(out, isnan(coverage) ? accord_xstrdup("n/a")
                                           : accord_xasprintf("%.1f%%", coverage * 100));
    accord_sheet_take(out, accord_table_score(row, row->score_answered, !has->better));
    accord_sheet_take(out, number_text("1", row->calls));
    accord_sheet_take(out, tokens_text(row));
    if (has->cost)
        accord_sheet_take(out, number_text("g", row->cost / episodes));
    accord_sheet_take(out, latency_text(row));
}

static void outcome_note(const accord_row *row, const char *who, accord_sheet *out) {
    accord_buf b;
    const char *comma = "";

    accord_buf_init(&b, 1 << 20);
    accord_buf_printf(&b, "%s: ", who);
    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        if (row->outcomes[o]) {
            accord_buf_printf(&b, "%s%" PRIu64 " %s", comma, row->outcomes[o],
                              accord_outcomes[o]);
            comma = ", ";
        }
    if (row->failed_calls)
        accord_buf_printf(&b, "; %" PRIu64 " failed calls", row->failed_calls);
    if (row->cost > 0)
        accord_buf_printf(&b, "; cost %.4g in all", row->cost);
    accord_sheet_note(out, accord_buf_take(&b));
}

/* Up to 16 points of a curve, the last one among them. */
static void curve_note(const accord_row *row, const accord_row_curve *c, const char *who,
                       accord_sheet *out) {
    bool samples = strcmp(c->kind, "sample") == 0;
    size_t stride = (c->k + 15) / 16;
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    accord_buf_printf(&b, "%s by %s, score/tokens: ", who, c->kind);
    for (size_t j = 0; j < c->k; j++) {
        if ((j + 1) % stride && j + 1 < c->k && j > 0)
            continue;
        char *score = accord_table_score(row, c->score[j], false);
        if (samples)
            accord_buf_printf(&b, "%smaj@%zu=%s/%.0f", j ? ", " : "", j + 1, score,
                              c->tokens[j]);
        else
            accord_buf_printf(&b, "%s@%zu=%s/%.0f", j ? ", " : "", j, score,
                              c->tokens[j]);
        free(score);
    }
    accord_sheet_note(out, accord_buf_take(&b));
}

static void row_notes(const accord_row *row, bool named, accord_sheet *out) {
    if (row->done == 0)
        return;
    char *place = accord_row_place(row);
    char *who = accord_xasprintf("%s%s%s %s", named ? row->run : "", named ? " " : "",
                                 place, row->method);
    outcome_note(row, who, out);
    for (size_t c = 0; c < row->curves.n; c++)
        curve_note(row, &row->curves.items[c], who, out);
    free(place);
    free(who);
}

void accord_table_words(const accord_rows *rows, bool named, accord_sheet *out) {
    const columns has = columns_of(rows, named);

    heading(out, &has);
    for (size_t i = 0; i < rows->n; i++)
        row_cells(&rows->items[i], &has, out);
    for (size_t i = 0; i < rows->n; i++)
        row_notes(&rows->items[i], named, out);
}

static void missing_note(const accord_rundir *run, const char *who, accord_sheet *out) {
    char *names;
    size_t missing = accord_rundir_missing(run, MAX_NAMED, &names);

    if (missing)
        accord_sheet_note(
            out, accord_xasprintf("%sincomplete: %zu of %zu cells are missing: %s", who,
                                  missing, run->n_cells, names ? names : ""));
    free(names);
}

static void skipped_notes(const accord_rundir *run, const char *who, accord_sheet *out) {
    const json_t *skipped = json_object_get(run->manifest, "skipped");

    for (size_t i = 0; i < json_array_size(skipped); i++) {
        const json_t *pair = json_array_get(skipped, i);
        const char *task = json_string_value(json_object_get(pair, "task"));
        const char *method = json_string_value(json_object_get(pair, "method"));
        const char *reason = json_string_value(json_object_get(pair, "reason"));
        accord_sheet_note(out, accord_xasprintf("%sskipped: %s %s: %s", who,
                                                task ? task : "?", method ? method : "?",
                                                reason ? reason : "no reason given"));
    }
}

void accord_table_notes(const accord_rundir *run, bool named, accord_sheet *out) {
    char *who = accord_xasprintf("%s%s", named ? run->name : "", named ? ": " : "");
    const json_t *tasks = json_object_get(run->manifest, "tasks");
    const char *task;
    json_t *entry;

    json_object_foreach((json_t *)tasks, task, entry) {
        if (accord_rundir_holdout(run, task))
            accord_sheet_note(
                out, accord_xasprintf("%s%s: a fifth of the items is held out for "
                                      "training and not evaluated",
                                      who, task));
    }
    missing_note(run, who, out);
    skipped_notes(run, who, out);
    free(who);
}
