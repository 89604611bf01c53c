/* seal.c - journal -> summary.json.  Everything but "timing" is a pure function of
 * manifest and journal, summed in key order whatever the order of the lines. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/parts.h"
#include "report/report.h"
#include "report/view.h"
#include "stats/stats.h"

#define MAX_SUMMARY ((size_t)1 << 32)

/* What a summary is written from. */
typedef struct seal {
    accord_rundir run;
    const accord_run_cell *cell;
    const json_t *part_names;
    accord_tally tally;
    accord_buf b;
    accord_buf timing;
} seal;

static void write_items(const seal *s, const accord_view *v, accord_buf *b) {
    accord_json_key(b, "items");
    accord_buf_puts(b, "{\"id\":[");
    for (size_t i = 0; i < v->n; i++)
        accord_json_text(b, NULL, accord_tally_item(&s->tally, v->eps[i]));
    accord_buf_puts(b, "],\"score\":[");
    for (size_t i = 0; i < v->n; i++)
        accord_json_real(b, NULL, v->eps[i]->score);
    accord_buf_puts(b, "],\"answered\":[");
    for (size_t i = 0; i < v->n; i++)
        accord_json_int(b, NULL, v->eps[i]->answered);
    accord_buf_puts(b, "]");
    for (size_t p = 0; p < s->tally.n_parts; p++) {
        const char *name = json_string_value(json_array_get(s->part_names, p));
        if (strcmp(name, "strict") != 0 && strcmp(name, "flexible") != 0)
            continue;
        accord_json_key(b, name);
        accord_buf_puts(b, "[");
        for (size_t i = 0; i < v->n; i++)
            accord_json_real(
                b, NULL,
                s->tally
                    .parts[(size_t)(v->eps[i] - s->tally.eps) * s->tally.n_parts + p]);
        accord_buf_puts(b, "]");
    }
    accord_buf_puts(b, "}");
}

/* The interval of this one cell: its items; one training seed has none. */
static accord_code write_interval(const seal *s, const accord_view *v, accord_buf *b,
                                  accord_err *err) {
    double *scores;

    if (s->cell->unit != ACCORD_BY_ITEM) {
        accord_json_text(b, "ci", NULL);
        return ACCORD_OK;
    }
    accord_code rc = accord_alloc(v->n, sizeof(double), &scores, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < v->n; i++)
        scores[i] = v->eps[i]->score;
    accord_stat stat = accord_stats_score(scores, v->n);
    free(scores);
    if (isnan(stat.lo)) {
        accord_json_text(b, "ci", NULL);
        return ACCORD_OK;
    }
    accord_json_key(b, "ci");
    accord_buf_puts(b, "[");
    accord_json_real(b, NULL, stat.lo);
    accord_json_real(b, NULL, stat.hi);
    accord_buf_puts(b, "]");
    return ACCORD_OK;
}

static accord_code write_scores(const seal *s, const accord_view *v, accord_buf *b,
                                accord_err *err) {
    uint64_t outcomes[ACCORD_OUTCOMES] = {0};
    uint64_t answered = 0;
    double sum = 0;

    for (size_t i = 0; i < v->n; i++) {
        outcomes[v->eps[i]->outcome]++;
        if (v->eps[i]->answered) {
            answered++;
            sum += v->eps[i]->score;
        }
    }
    accord_json_int(b, "n", (int64_t)v->n);
    accord_json_known(b, "score", accord_view_score(v));
    accord_code rc = write_interval(s, v, b, err);
    accord_json_int(b, "answered", (int64_t)answered);
    accord_json_known(b, "score_answered",
                      answered ? sum / (double)answered : (double)NAN);
    accord_json_key(b, "outcomes");
    accord_buf_puts(b, "{");
    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        if (outcomes[o])
            accord_json_int(b, accord_outcomes[o], (int64_t)outcomes[o]);
    accord_buf_puts(b, "}");
    return rc;
}

static int by_time(const void *a, const void *b) {
    const accord_tally_metric *x = *(const accord_tally_metric *const *)a;
    const accord_tally_metric *y = *(const accord_tally_metric *const *)b;

    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return (x->ep > y->ep) - (x->ep < y->ep);
}

static double mean_of(const accord_tally_metric **metrics, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += metrics[i]->value;
    return n ? sum / (double)n : (double)NAN;
}

/* In order of time.  Episodes that are in flight together have no order, so what stands
 * at the first step and at the last one is averaged. */
static void write_metric(accord_buf *b, const char *name,
                         const accord_tally_metric **metrics, size_t n) {
    size_t first = 0, last = n;

    while (first < n && metrics[first]->step == metrics[0]->step)
        first++;
    while (last > 0 && metrics[last - 1]->step == metrics[n - 1]->step)
        last--;
    accord_json_key(b, name);
    accord_buf_puts(b, "{");
    accord_json_real(b, "first", mean_of(metrics, first));
    accord_json_real(b, "last", mean_of(metrics + last, n - last));
    accord_json_real(b, "mean", mean_of(metrics, n));
    accord_json_int(b, "n", (int64_t)n);
    accord_buf_puts(b, "}");
}

static bool metric_fits(const accord_tally_metric *m, const accord_view *v) {
    bool eval = m->phase == ACCORD_IN_EVAL;

    return v ? eval && m->mode == v->mode && m->ep_step == v->step : !eval;
}

/* The metrics of an evaluation, or with `v` NULL of the training. */
static accord_code write_metrics(const seal *s, const accord_view *v, accord_buf *b,
                                 accord_err *err) {
    const accord_tally *t = &s->tally;
    const accord_tally_metric **some;

    accord_code rc = accord_alloc(t->n_metrics, sizeof(*some), &some, err);
    if (rc)
        return rc;
    accord_json_key(b, "metrics");
    accord_buf_puts(b, "{");
    for (size_t name = accord_names_next(&t->metric_names, NULL);
         name < t->metric_names.n;
         name = accord_names_next(&t->metric_names, t->metric_names.items[name])) {
        size_t n = 0, unknown = 0;
        for (size_t i = 0; i < t->n_metrics; i++) {
            const accord_tally_metric *m = &t->metrics[i];
            if (m->name != name || !metric_fits(m, v))
                continue;
            unknown += isnan(m->value);
            if (!isnan(m->value))
                some[n++] = m;
        }
        qsort(some, n, sizeof(*some), by_time);
        if (n + unknown > 0)
            write_metric(b, t->metric_names.items[name], some, n);
    }
    accord_buf_puts(b, "}");
    free(some);
    return ACCORD_OK;
}

static int ascending(const void *a, const void *b) {
    double x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static void write_percentiles(accord_buf *b, const char *key, double *us, size_t n) {
    qsort(us, n, sizeof(double), ascending);
    accord_json_key(b, key);
    accord_buf_puts(b, "{");
    accord_json_known(b, "p50", accord_stats_quantile(us, n, 0.5) / 1e3);
    accord_json_known(b, "p95", accord_stats_quantile(us, n, 0.95) / 1e3);
    accord_buf_puts(b, "}");
}

/* What a clock measured, in milliseconds: of calls and of episodes. */
static accord_code write_timing(const seal *s, const accord_view *v, accord_buf *b,
                                accord_err *err) {
    const accord_tally *t = &s->tally;
    size_t n = 0;
    double total = 0;
    double *us;

    accord_code rc = accord_alloc(t->n_calls + v->n, sizeof(double), &us, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < t->n_calls; i++) {
        const accord_tally_group *g = &t->groups[t->calls[i].group];
        if (g->phase == ACCORD_IN_EVAL && g->mode == v->mode && g->step == v->step)
            us[n++] = (double)t->calls[i].us;
    }
    accord_json_key(b, t->modes.items[v->mode]);
    accord_buf_puts(b, "{");
    write_percentiles(b, "call_ms", us, n);
    for (size_t i = 0; i < v->n; i++) {
        us[i] = (double)v->eps[i]->us;
        total += us[i];
    }
    write_percentiles(b, "episode_ms", us, v->n);
    accord_json_real(b, "episodes_s", total / 1e6);
    accord_buf_puts(b, "}");
    free(us);
    return ACCORD_OK;
}

/* The evaluations on the way, the last included; empty when there is one only. */
static accord_code write_curve(const seal *s, const accord_view *last, accord_buf *b,
                               accord_err *err) {
    const accord_tally *t = &s->tally;
    accord_view v = {0};
    bool first = true;

    accord_code rc = ACCORD_OK;
    accord_json_key(b, "curve");
    accord_buf_puts(b, "[");
    for (uint64_t step = 0; !rc; step = v.step + 1) {
        uint64_t next = last->step;
        for (size_t i = 0; i < t->n_eps; i++)
            if (t->eps[i].phase == ACCORD_IN_EVAL && t->eps[i].mode == last->mode &&
                t->eps[i].step >= step && t->eps[i].step < next)
                next = t->eps[i].step;
        if (next == last->step && first)
            break;
        first = false;
        rc = accord_view_make(t, last->mode, next, &v, err);
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_int(b, "step", (int64_t)next);
        accord_json_int(b, "n", (int64_t)v.n);
        accord_json_known(b, "score", rc ? (double)NAN : accord_view_score(&v));
        accord_buf_puts(b, "}");
        accord_view_fini(&v);
        v.step = next;
        if (next == last->step)
            break;
    }
    accord_buf_puts(b, "]");
    return rc;
}

static accord_code write_mode(seal *s, const accord_view *v, accord_err *err) {
    accord_buf *b = &s->b;

    accord_json_text(b, "mode", s->tally.modes.items[v->mode]);
    accord_json_int(b, "step", (int64_t)v->step);
    accord_code rc = write_scores(s, v, b, err);
    if (!rc)
        rc = accord_parts_write(v, s->part_names, b, err);
    if (!rc)
        rc = accord_view_usage(v, &s->run, b, err);
    if (!rc)
        rc = accord_view_candidates(v, b, err);
    if (!rc)
        rc = write_metrics(s, v, b, err);
    if (!rc)
        rc = write_curve(s, v, b, err);
    write_items(s, v, b);
    return rc ? rc : write_timing(s, v, &s->timing, err);
}

static accord_code write_modes(seal *s, accord_err *err) {
    const accord_names *modes = &s->tally.modes;
    accord_code rc = ACCORD_OK;

    accord_json_key(&s->b, "modes");
    accord_buf_puts(&s->b, "[");
    for (size_t m = accord_names_next(modes, NULL); !rc && m < modes->n;
         m = accord_names_next(modes, modes->items[m])) {
        accord_view v;
        rc = accord_view_make(&s->tally, (uint32_t)m, UINT64_MAX, &v, err);
        if (!rc && v.n > 0) {
            accord_json_key(&s->b, NULL);
            accord_buf_puts(&s->b, "{");
            rc = write_mode(s, &v, err);
            accord_buf_puts(&s->b, "}");
        }
        accord_view_fini(&v);
    }
    accord_buf_puts(&s->b, "]");
    return rc;
}

/* How many episodes were played for learning and for probing. */
static void write_played(seal *s) {
    static const char *const phases[ACCORD_IN_N] = {"train", "eval", "probe"};
    int64_t n[ACCORD_IN_N] = {0};

    for (size_t i = 0; i < s->tally.n_eps; i++)
        n[s->tally.eps[i].phase]++;
    accord_json_key(&s->b, "episodes");
    accord_buf_puts(&s->b, "{");
    for (int p = 0; p < ACCORD_IN_N; p++)
        accord_json_int(&s->b, phases[p], n[p]);
    accord_buf_puts(&s->b, "}");
}

static accord_code write_summary(seal *s, accord_err *err) {
    static const char *const units[] = {"item", "seed", "both"};
    accord_buf *b = &s->b;

    accord_buf_puts(b, "{\"schema\":\"accord.summary/1\"");
    accord_json_text(b, "task", s->cell->task);
    accord_json_text(b, "method", s->cell->method);
    accord_json_int(b, "seed", (int64_t)s->cell->seed);
    accord_json_text(b, "unit", units[s->cell->unit]);
    write_played(s);
    accord_code rc = accord_tally_spent(&s->tally, &s->run, b, err);
    if (!rc)
        rc = write_metrics(s, NULL, b, err);
    accord_buf_puts(&s->timing, "{");
    if (!rc)
        rc = write_modes(s, err);
    accord_buf_puts(&s->timing, "}");
    if (!rc)
        rc = accord_buf_check(&s->timing, "the summary", err);
    if (rc)
        return rc;
    accord_json_key(b, "timing");
    accord_buf_add(b, s->timing.data, s->timing.n);
    accord_buf_puts(b, "}\n");
    return accord_buf_check(b, "the summary", err);
}

/* The cell that the folder's last three names say. */
static accord_code find_cell(seal *s, const char *cell_dir, accord_err *err) {
    size_t n = strlen(cell_dir);

    while (n > 1 && cell_dir[n - 1] == '/')
        n--;
    for (size_t i = 0; i < s->run.n_cells; i++) {
        const accord_run_cell *cell = &s->run.cells[i];
        char *tail = accord_xasprintf("/%s/%s/%llu", cell->task, cell->method,
                                      (unsigned long long)cell->seed);
        size_t m = strlen(tail);
        if (m <= n && strncmp(cell_dir + n - m, tail, m) == 0)
            s->cell = cell;
        free(tail);
    }
    if (!s->cell)
        return accord_fail(err, ACCORD_E_ARG, "%s is no cell of %s", cell_dir,
                           s->run.path);
    const json_t *task = accord_rundir_task(&s->run, s->cell->task);
    s->part_names = json_object_get(task, "parts");
    for (size_t i = 0; i < json_array_size(s->part_names); i++)
        if (!json_is_string(json_array_get(s->part_names, i)))
            return accord_fail(err, ACCORD_E_CONFIG,
                               "%s/manifest.json: /tasks/%s/parts: expected names",
                               s->run.path, s->cell->task);
    return ACCORD_OK;
}

accord_code accord_report_seal(const char *run_dir, const char *cell_dir,
                               accord_err *err) {
    seal s = {0};

    accord_buf_init(&s.b, MAX_SUMMARY);
    accord_buf_init(&s.timing, MAX_SUMMARY);
    char *journal = accord_xasprintf("%s/journal.jsonl", cell_dir);
    char *summary = accord_xasprintf("%s/summary.json", cell_dir);
    accord_code rc = accord_rundir_open(run_dir, &s.run, err);
    if (!rc)
        rc = find_cell(&s, cell_dir, err);
    if (!rc)
        rc = accord_tally_read(journal, json_array_size(s.part_names), &s.tally, err);
    if (!rc && !s.tally.done)
        rc = accord_fail(err, ACCORD_E_ARG, "%s: the cell is not finished", journal);
    if (!rc)
        rc = write_summary(&s, err);
    if (!rc)
        rc = accord_file_write(summary, s.b.data, s.b.n, err);
    accord_tally_fini(&s.tally);
    accord_rundir_fini(&s.run);
    accord_buf_fini(&s.timing);
    accord_buf_fini(&s.b);
    free(journal);
    free(summary);
    return rc;
}
