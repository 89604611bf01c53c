/* table_data.c - the rows of a table as data, with all their digits. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/table.h"

/* A number of a row under its name. */
typedef struct figure {
    const char *name;
    double value;
} figure;

enum { N_FIGURES = 17 };

static void figures(const accord_row *row, figure out[N_FIGURES]) {
    double episodes = (double)row->episodes;
    const figure all[N_FIGURES] = {
        {"score", row->score.mean},
        {"stderr", row->score.se},
        {"ci_low", row->score.lo},
        {"ci_high", row->score.hi},
        {"coverage", (double)row->answered / episodes},
        {"score_answered", row->score_answered},
        {"calls_per_question", row->calls},
        {"prompt_tokens_per_question", row->prompt},
        {"completion_tokens_per_question", row->completion},
        {"cost_per_question", row->cost / episodes},
        {"cost", row->done ? row->cost : (double)NAN},
        {"call_ms_p50", row->call_ms[0]},
        {"call_ms_p95", row->call_ms[1]},
        {"episode_ms_p50", row->episode_ms[0]},
        {"episode_ms_p95", row->episode_ms[1]},
        {"strict", row->has_strict ? row->strict.mean : (double)NAN},
        {"flexible", row->has_flexible ? row->flexible.mean : (double)NAN},
    };

    memcpy(out, all, sizeof(all));
}

void accord_table_csv_text(accord_buf *out, const char *text) {
    bool quote = text[strcspn(text, ",\"\r\n")] != '\0';

    if (!quote) {
        accord_buf_puts(out, text);
        return;
    }
    accord_buf_puts(out, "\"");
    for (; *text; text++) {
        if (*text == '"')
            accord_buf_puts(out, "\"");
        accord_buf_add(out, text, 1);
    }
    accord_buf_puts(out, "\"");
}

static void csv_head(accord_buf *out) {
    figure f[N_FIGURES];

    figures(&(accord_row){0}, f);
    accord_buf_puts(out, "run,task,mode,method,unit,seeds_done,seeds_planned,items,"
                         "episodes,failed_calls");
    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        accord_buf_printf(out, ",%s", accord_outcomes[o]);
    for (int i = 0; i < N_FIGURES; i++)
        accord_buf_printf(out, ",%s", f[i].name);
    accord_buf_puts(out, ",higher_is_better,standing,p_to_best,pareto\n");
}

/* "" where there is nothing to stand against. */
static const char *standing_name(const accord_row *row) {
    static const char *const names[] = {"", "best", "tied", "behind", "open"};

    return names[row->standing];
}

/* Unknown is an empty field. */
void accord_table_csv(const accord_rows *rows, accord_buf *out) {
    csv_head(out);
    for (size_t r = 0; r < rows->n; r++) {
        const accord_row *row = &rows->items[r];
        const char *names[] = {row->run, row->task, row->mode, row->method};
        figure f[N_FIGURES];
        figures(row, f);
        for (int i = 0; i < 4; i++) {
            accord_table_csv_text(out, names[i]);
            accord_buf_puts(out, ",");
        }
        accord_buf_printf(out, "%s,%zu,%zu,%zu,%" PRIu64 ",%" PRIu64,
                          accord_unit_name(row->unit), row->done, row->planned, row->n,
                          row->episodes, row->failed_calls);
        for (int o = 0; o < ACCORD_OUTCOMES; o++)
            accord_buf_printf(out, ",%" PRIu64, row->outcomes[o]);
        for (int i = 0; i < N_FIGURES; i++)
            accord_buf_printf(out, isnan(f[i].value) ? "," : ",%.17g", f[i].value);
        accord_buf_printf(out, ",%s,%s,", row->higher ? "true" : "false",
                          standing_name(row));
        if (!isnan(row->p_best))
            accord_buf_printf(out, "%.17g", row->p_best);
        accord_buf_puts(out, row->front ? ",true\n" : ",false\n");
    }
}

static void json_numbers(accord_buf *out, const char *key, const double *x, size_t n) {
    accord_json_key(out, key);
    accord_buf_puts(out, "[");
    for (size_t i = 0; i < n; i++)
        accord_json_real(out, NULL, x[i]);
    accord_buf_puts(out, "]");
}

static void json_lists(accord_buf *out, const accord_row *row) {
    accord_json_key(out, "outcomes");
    accord_buf_puts(out, "{");
    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        if (row->outcomes[o])
            accord_json_int(out, accord_outcomes[o], (int64_t)row->outcomes[o]);
    accord_buf_puts(out, "}");
    accord_json_key(out, "candidates");
    accord_buf_puts(out, "[");
    for (size_t c = 0; c < row->curves.n; c++) {
        accord_json_key(out, NULL);
        accord_buf_puts(out, "{");
        accord_json_text(out, "kind", row->curves.items[c].kind);
        accord_json_int(out, "seeds", (int64_t)row->curves.items[c].seeds);
        json_numbers(out, "score", row->curves.items[c].score, row->curves.items[c].k);
        json_numbers(out, "tokens", row->curves.items[c].tokens, row->curves.items[c].k);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "]");
}

static void json_row(accord_buf *out, const accord_row *row) {
    figure f[N_FIGURES];

    figures(row, f);
    accord_json_text(out, "run", row->run);
    accord_json_text(out, "task", row->task);
    accord_json_text(out, "mode", row->mode);
    accord_json_text(out, "method", row->method);
    accord_json_text(out, "unit", accord_unit_name(row->unit));
    accord_json_int(out, "seeds_done", (int64_t)row->done);
    accord_json_int(out, "seeds_planned", (int64_t)row->planned);
    accord_json_int(out, "items", (int64_t)row->n);
    accord_json_int(out, "episodes", (int64_t)row->episodes);
    accord_json_int(out, "failed_calls", (int64_t)row->failed_calls);
    for (int i = 0; i < N_FIGURES; i++)
        accord_json_known(out, f[i].name, f[i].value);
    accord_json_bool(out, "higher_is_better", row->higher);
    accord_json_text(out, "standing", *standing_name(row) ? standing_name(row) : NULL);
    accord_json_known(out, "p_to_best", row->p_best);
    accord_json_bool(out, "pareto", row->front);
    json_lists(out, row);
}

/* ---- what lm-eval's readers look for ----------------------------------------------- */

/* "TASK/MODE@METHOD", as in results.json; where runs share it, "RUN:" before it. */
static char *lm_name(const accord_rows *rows, const accord_row *row) {
    bool shared = false;

    for (size_t i = 0; i < rows->n; i++) {
        const accord_row *r = &rows->items[i];
        shared |= r != row && strcmp(r->task, row->task) == 0 &&
                  strcmp(r->mode, row->mode) == 0 && strcmp(r->method, row->method) == 0;
    }
    return accord_xasprintf("%s%s%s/%s@%s", shared ? row->run : "", shared ? ":" : "",
                            row->task, row->mode, row->method);
}

static const char *version_of(const accord_row *row) {
    const json_t *plugins = json_object_get(row->of->manifest, "plugins");
    const json_t *task = accord_rundir_task(row->of, row->task);
    const char *id = json_string_value(json_object_get(task, "plugin"));
    char *name = accord_xasprintf("task/%s", id ? id : "");
    const json_t *plugin = json_object_get(plugins, name);

    free(name);
    return json_string_value(json_object_get(plugin, "version"));
}

static void lm_results(accord_buf *out, const char *name, const accord_row *row) {
    accord_json_key(out, name);
    accord_buf_puts(out, "{");
    accord_json_text(out, "alias", name);
    accord_results_score(out, "strict", row->has_strict ? &row->strict : &row->score);
    if (row->has_flexible)
        accord_results_score(out, "flexible", &row->flexible);
    accord_buf_puts(out, "}");
}

static void lm_version(accord_buf *out, const char *name, const accord_row *row) {
    accord_json_text(out, name, version_of(row));
}

static void lm_direction(accord_buf *out, const char *name, const accord_row *row) {
    accord_json_key(out, name);
    accord_buf_puts(out, "{");
    accord_json_bool(out, "score", row->higher);
    accord_buf_puts(out, "}");
}

static void lm_samples(accord_buf *out, const char *name, const accord_row *row) {
    accord_json_key(out, name);
    accord_buf_puts(out, "{");
    accord_json_int(out, "original", (int64_t)row->n);
    accord_json_int(out, "effective", (int64_t)row->n);
    accord_buf_puts(out, "}");
}

static void lm_config(accord_buf *out, const char *name, const accord_row *row) {
    accord_json_key(out, name);
    accord_buf_puts(out, "{");
    accord_json_text(out, "task", row->task);
    accord_json_text(out, "mode", row->mode);
    accord_json_text(out, "method", row->method);
    accord_buf_puts(out, "}");
}

/* One table of lm-eval's: a member for each row that has a score. */
static void lm_table(accord_buf *out, const char *key, const accord_rows *rows,
                     void (*member)(accord_buf *, const char *, const accord_row *)) {
    accord_json_key(out, key);
    accord_buf_puts(out, "{");
    for (size_t r = 0; r < rows->n; r++) {
        if (rows->items[r].done == 0)
            continue;
        char *name = lm_name(rows, &rows->items[r]);
        member(out, name, &rows->items[r]);
        free(name);
    }
    accord_buf_puts(out, "}");
}

void accord_table_json(const accord_rows *rows, accord_buf *out) {
    accord_buf_puts(out, "{\"schema\":\"accord.table/1\",\n\"rows\":[");
    for (size_t r = 0; r < rows->n; r++) {
        accord_buf_puts(out, r ? ",\n{" : "\n{");
        json_row(out, &rows->items[r]);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "],\n\"remarks\":[");
    for (size_t i = 0; i < rows->n_remarks; i++)
        accord_json_text(out, NULL, rows->remarks[i]);
    accord_buf_puts(out, "]");
    lm_table(out, "results", rows, lm_results);
    lm_table(out, "versions", rows, lm_version);
    accord_json_key(out, "n-shot"); /* a method's matter: its readers want the table */
    accord_buf_puts(out, "{}");
    lm_table(out, "higher_is_better", rows, lm_direction);
    lm_table(out, "n-samples", rows, lm_samples);
    lm_table(out, "configs", rows, lm_config);
    accord_buf_puts(out, "}\n");
}
