/* rows.c - see rows.h. */
#include "report/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"

/* A row while its cells are read. */
typedef struct gather {
    const accord_rundir *run;
    accord_row *row;
    bool metrics;
    accord_grid score, strict, flexible;
    double sum_answered, calls, prompt, completion;
} gather;

accord_code accord_summary_load(const accord_rundir *run, const accord_run_cell *cell,
                                json_t **out, accord_err *err) {
    char path[PATH_MAX];

    *out = NULL;
    accord_code rc = accord_rundir_file(run, cell, "summary.json", path, err);
    if (rc || !accord_file_exists(path))
        return rc;
    rc = accord_json_load(path, out, err);
    if (!rc)
        rc = accord_report_schema(*out, path, "accord.summary/1", err);
    if (rc) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

const json_t *accord_summary_mode(const json_t *summary, const char *mode) {
    const json_t *modes = json_object_get(summary, "modes");

    for (size_t i = 0; i < json_array_size(modes); i++) {
        const json_t *entry = json_array_get(modes, i);
        const char *name = json_string_value(json_object_get(entry, "mode"));
        if (name && strcmp(name, mode) == 0)
            return entry;
    }
    return NULL;
}

char *accord_row_place(const accord_row *row) {
    if (strcmp(row->mode, "default") == 0)
        return accord_xstrdup(row->task);
    return accord_xasprintf("%s/%s", row->task, row->mode);
}

const char *accord_unit_name(int unit) {
    static const char *const names[] = {"item", "seed", "item x seed"};

    return names[unit];
}

static double number(const json_t *object, const char *key) {
    return accord_report_real(json_object_get(object, key));
}

static uint64_t count(const json_t *object, const char *key) {
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static accord_code add_scores(accord_grid *g, const json_t *ids, const json_t *scores,
                              size_t seed, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < json_array_size(scores); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        if (id)
            rc = accord_grid_add(g, id, seed,
                                 accord_report_real(json_array_get(scores, i)), err);
    }
    return rc;
}

static accord_code add_items(gather *g, const json_t *items, accord_err *err) {
    const json_t *ids = json_object_get(items, "id");
    const json_t *strict = json_object_get(items, "strict");
    const json_t *flexible = json_object_get(items, "flexible");
    size_t seed = g->row->done;

    g->row->has_strict |= strict != NULL;
    g->row->has_flexible |= flexible != NULL;
    accord_code rc =
        add_scores(&g->score, ids, json_object_get(items, "score"), seed, err);
    if (!rc)
        rc = add_scores(&g->strict, ids, strict, seed, err);
    if (!rc)
        rc = add_scores(&g->flexible, ids, flexible, seed, err);
    return rc;
}

static void add_counts(gather *g, const json_t *mode) {
    const json_t *outcomes = json_object_get(mode, "outcomes");
    const json_t *tokens = json_object_get(mode, "tokens");
    accord_row *row = g->row;
    uint64_t answered = count(mode, "answered");

    row->episodes += count(mode, "n");
    row->answered += answered;
    row->failed_calls += count(mode, "failed_calls");
    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        row->outcomes[o] += count(outcomes, accord_outcomes[o]);
    if (answered)
        g->sum_answered += number(mode, "score_answered") * (double)answered;
    g->calls += number(mode, "calls");
    g->prompt += accord_report_real(json_array_get(tokens, 0));
    g->completion += accord_report_real(json_array_get(tokens, 1));
    row->cost += number(mode, "cost");
}

static void add_timing(accord_row *row, const json_t *timing) {
    const json_t *call = json_object_get(timing, "call_ms");
    const json_t *episode = json_object_get(timing, "episode_ms");

    row->call_ms[0] += number(call, "p50");
    row->call_ms[1] += number(call, "p95");
    row->episode_ms[0] += number(episode, "p50");
    row->episode_ms[1] += number(episode, "p95");
}

static const char *score_name(const gather *g) {
    const json_t *task = accord_rundir_task(g->run, g->row->task);
    const char *name = json_string_value(json_object_get(task, "score"));

    return name ? name : "score";
}

static accord_code add_metrics(gather *g, const json_t *summary, const json_t *mode,
                               accord_err *err) {
    if (!g->metrics)
        return ACCORD_OK;
    accord_code rc = accord_metrics_add(&g->row->metrics,
                                        json_object_get(summary, "metrics"), true, err);
    if (!rc)
        rc = accord_metrics_add(&g->row->metrics, json_object_get(mode, "metrics"), false,
                                err);
    return rc;
}

static accord_code add_cell(gather *g, const accord_run_cell *cell, accord_err *err) {
    json_t *summary;

    g->row->planned++;
    accord_code rc = accord_summary_load(g->run, cell, &summary, err);
    const json_t *mode = accord_summary_mode(summary, g->row->mode);
    if (!rc)
        rc = add_metrics(g, summary, mode, err);
    if (!rc && mode) {
        rc = add_items(g, json_object_get(mode, "items"), err);
        if (!rc)
            rc = accord_parts_add(&g->row->parts, mode, score_name(g), err);
        add_counts(g, mode);
        accord_row_curves_add(&g->row->curves, json_object_get(mode, "candidates"));
        add_timing(g->row,
                   json_object_get(json_object_get(summary, "timing"), g->row->mode));
        g->row->seeds[g->row->done] = cell->seed;
        g->row->done++;
    }
    json_decref(summary);
    return rc;
}

static void clamp(accord_stat *stat, double min, double max) {
    if (stat->lo < min)
        stat->lo = min;
    if (stat->hi > max)
        stat->hi = max;
}

static accord_code estimate(gather *g, accord_err *err) {
    accord_row *row = g->row;
    const json_t *task = accord_rundir_task(g->run, row->task);
    double min = number(task, "min");
    double max = number(task, "max");

    accord_code rc =
        accord_grid_estimate(&g->score, row->unit, row->done, &row->score, err);
    if (!rc)
        rc = accord_grid_estimate(&g->strict, row->unit, row->done, &row->strict, err);
    if (!rc)
        rc =
            accord_grid_estimate(&g->flexible, row->unit, row->done, &row->flexible, err);
    clamp(&row->score, min, max);
    row->higher = !json_is_false(json_object_get(task, "higher_is_better"));
    row->share = min >= 0 && min <= 0 && max >= 1 && max <= 1;
    row->n = g->score.n_items;
    double episodes = (double)row->episodes;
    row->score_answered = g->sum_answered / (double)row->answered;
    row->calls = g->calls / episodes;
    row->prompt = g->prompt / episodes;
    row->completion = g->completion / episodes;
    for (int q = 0; q < 2; q++) {
        row->call_ms[q] /= (double)row->done;
        row->episode_ms[q] /= (double)row->done;
    }
    return rc;
}

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static bool is_of(const accord_run_cell *cell, const accord_row *row) {
    return same(cell->task, row->task) && same(cell->method, row->method);
}

static accord_code fill_row(const accord_rundir *run, accord_row *row,
                            const accord_rows *rows, accord_err *err) {
    gather g = {.run = run, .row = row, .metrics = rows->keep_metrics};
    bool keep = rows->keep_scores;
    size_t planned = 0;
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < run->n_cells; i++)
        planned += is_of(&run->cells[i], row);
    g.score.n_seeds = g.strict.n_seeds = g.flexible.n_seeds = planned;
    g.score.named = keep;
    rc = accord_alloc(planned, sizeof(*row->seeds), &row->seeds, err);
    for (size_t i = 0; !rc && i < run->n_cells; i++)
        if (is_of(&run->cells[i], row))
            rc = add_cell(&g, &run->cells[i], err);
    accord_metrics_sort(&row->metrics);
    if (!rc)
        rc = estimate(&g, err);
    if (keep)
        row->scores = g.score;
    else
        accord_grid_fini(&g.score);
    accord_grid_fini(&g.strict);
    accord_grid_fini(&g.flexible);
    return rc;
}

accord_code accord_row_point(const accord_row *row, const accord_row_curve *c, size_t at,
                             accord_grid *out, size_t *found, accord_err *err) {
    size_t column = 0;
    accord_code rc = ACCORD_OK;

    *found = 0;
    *out = (accord_grid){.named = true, .n_seeds = row->planned};
    for (size_t i = 0; !rc && i < row->of->n_cells; i++) {
        json_t *summary = NULL;
        bool has = false;
        if (is_of(&row->of->cells[i], row))
            rc = accord_summary_load(row->of, &row->of->cells[i], &summary, err);
        const json_t *mode = accord_summary_mode(summary, row->mode);
        if (!rc && mode)
            rc = accord_curve_scores(c, at, mode, column++, out, &has, err);
        *found += has;
        json_decref(summary);
    }
    return rc;
}

/* Adds the row of a cell's mode unless it is there. */
static accord_code new_row(accord_rows *out, size_t first, const accord_rundir *run,
                           const accord_run_cell *cell, const char *mode, size_t rank,
                           accord_err *err) {
    size_t task_rank = out->n;

    for (size_t i = out->n; i > first; i--) {
        const accord_row *r = &out->items[i - 1];
        if (!same(r->task, cell->task))
            continue;
        task_rank = r->task_rank;
        if (same(r->mode, mode) && same(r->method, cell->method))
            return ACCORD_OK;
    }
    accord_code rc =
        accord_grow(&out->items, out->n, &out->cap, sizeof(*out->items), err);
    if (!rc)
        out->items[out->n++] = (accord_row){
            .of = run,
            .run = run->name,
            .task = cell->task,
            .mode = mode,
            .method = cell->method,
            .unit = cell->unit,
            .task_rank = task_rank,
            .mode_rank = rank,
            .p_best = (double)NAN,
        };
    return rc;
}

/* Whether row b belongs before a.  Methods keep the suite's order. */
static bool precedes(const accord_row *b, const accord_row *a, bool by_mode) {
    if (by_mode && a->mode_rank != b->mode_rank)
        return b->mode_rank < a->mode_rank;
    if (by_mode && !same(a->mode, b->mode))
        return strcmp(b->mode, a->mode) < 0;
    if (a->task_rank != b->task_rank)
        return b->task_rank < a->task_rank;
    return b->mode_rank < a->mode_rank;
}

static void sort_rows(accord_row *rows, size_t n, bool by_mode) {
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && precedes(&rows[j], &rows[j - 1], by_mode); j--) {
            accord_row swap = rows[j];
            rows[j] = rows[j - 1];
            rows[j - 1] = swap;
        }
}

accord_code accord_rows_add(const accord_rundir *run, bool by_mode, accord_rows *out,
                            accord_err *err) {
    size_t first = out->n;
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < run->n_cells; i++)
        for (size_t m = 0; !rc && m < json_array_size(run->cells[i].modes); m++) {
            const char *mode = json_string_value(json_array_get(run->cells[i].modes, m));
            if (mode)
                rc = new_row(out, first, run, &run->cells[i], mode, m, err);
        }
    for (size_t i = first; !rc && i < out->n; i++)
        rc = fill_row(run, &out->items[i], out, err);
    if (!rc)
        sort_rows(out->items + first, out->n - first, by_mode);
    return rc;
}

void accord_rows_fini(accord_rows *rows) {
    for (size_t i = 0; i < rows->n; i++) {
        accord_row *row = &rows->items[i];
        accord_row_curves_fini(&row->curves);
        free(row->seeds);
        accord_grid_fini(&row->scores);
        accord_parts_fini(&row->parts);
        accord_metrics_fini(&row->metrics);
    }
    for (size_t i = 0; i < rows->n_remarks; i++)
        free(rows->remarks[i]);
    free(rows->remarks);
    free(rows->items);
    *rows = (accord_rows){0};
}

void accord_rows_remark(accord_rows *rows, char *text) {
    for (size_t i = 0; i < rows->n_remarks; i++)
        if (same(rows->remarks[i], text)) {
            free(text);
            return;
        }
    rows->remarks =
        accord_xrealloc(rows->remarks, (rows->n_remarks + 1) * sizeof(*rows->remarks));
    rows->remarks[rows->n_remarks++] = text;
}
