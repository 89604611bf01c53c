/* table_data.c - the rows of a table as data, with all their digits. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

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
    accord_buf_puts(out, "\n");
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
                          accord_row_unit(row), row->done, row->planned, row->n,
                          row->episodes, row->failed_calls);
        for (int o = 0; o < ACCORD_OUTCOMES; o++)
            accord_buf_printf(out, ",%" PRIu64, row->outcomes[o]);
        for (int i = 0; i < N_FIGURES; i++)
            accord_buf_printf(out, isnan(f[i].value) ? "," : ",%.17g", f[i].value);
        accord_buf_puts(out, "\n");
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
    for (size_t c = 0; c < row->n_curves; c++) {
        accord_json_key(out, NULL);
        accord_buf_puts(out, "{");
        accord_json_text(out, "kind", row->curves[c].kind);
        accord_json_int(out, "seeds", (int64_t)row->curves[c].seeds);
        json_numbers(out, "score", row->curves[c].score, row->curves[c].k);
        json_numbers(out, "tokens", row->curves[c].tokens, row->curves[c].k);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "]");
}

/* Unknown is null. */
void accord_table_json(const accord_rows *rows, accord_buf *out) {
    accord_buf_puts(out, "[");
    for (size_t r = 0; r < rows->n; r++) {
        const accord_row *row = &rows->items[r];
        figure f[N_FIGURES];
        figures(row, f);
        accord_buf_puts(out, r ? ",\n{" : "{");
        accord_json_text(out, "run", row->run);
        accord_json_text(out, "task", row->task);
        accord_json_text(out, "mode", row->mode);
        accord_json_text(out, "method", row->method);
        accord_json_text(out, "unit", accord_row_unit(row));
        accord_json_int(out, "seeds_done", (int64_t)row->done);
        accord_json_int(out, "seeds_planned", (int64_t)row->planned);
        accord_json_int(out, "items", (int64_t)row->n);
        accord_json_int(out, "episodes", (int64_t)row->episodes);
        accord_json_int(out, "failed_calls", (int64_t)row->failed_calls);
        for (int i = 0; i < N_FIGURES; i++)
            if (isnan(f[i].value))
                accord_json_text(out, f[i].name, NULL);
            else
                accord_json_real(out, f[i].name, f[i].value);
        json_lists(out, row);
        accord_buf_puts(out, "}");
    }
    accord_buf_puts(out, "]\n");
}
