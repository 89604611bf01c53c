/* trend.c - see trend.h: which points are one series, and what the command writes. */
#include "judge/trend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "judge/fingerprint.h"
#include "report/sheet.h"

#define MAX_TEXT ((size_t)1 << 28)
/* Intervals are two-sided at 95 %. */
#define Z 1.959963984540054

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* An interval's half width, as a standard error: Wilson's keeps 30 of 30 from being sure,
 * and Student's makes few seeds count for less. */
static double noise_of(const accord_history_row *r) {
    double noise = (r->hi - r->lo) / (2 * Z);

    return noise > 0 && isfinite(1 / (noise * noise)) ? noise : (double)NAN;
}

static const accord_trend_point *last_of(const accord_trend_series *s) {
    return &s->points[s->n - 1];
}

static const json_t *task_of(const accord_history_run *run, const char *task) {
    return json_object_get(run->tasks, task);
}

static bool is_of(const accord_trend_series *s, const accord_history_row *row) {
    return same(s->task, row->task) && same(s->mode, row->mode) &&
           same(s->method, row->method);
}

/* What keeps a row out of a series of the same name, as sentences. */
static void differ(const accord_trend_series *s, const accord_history_run *run,
                   const accord_history_row *row, accord_sentences *why) {
    const accord_trend_point *last = last_of(s);
    bool by_seed = same(row->unit, "seed");

    accord_fingerprint_differ(row->task, task_of(run, row->task), "the new one",
                              task_of(last->run, row->task), "the old one", why);
    if (!same(row->unit, last->row->unit))
        accord_sentences_take(
            why, accord_xasprintf("the interval is by %s in the new one, by %s in the "
                                  "old one",
                                  row->unit, last->row->unit));
    /* A learner's start states may follow its seed; then only their number counts. */
    if (by_seed ? row->n != last->row->n : !same(row->items, last->row->items))
        accord_sentences_take(why,
                              accord_xasprintf("other items (%zu; %zu in the old one)",
                                               row->n, last->row->n));
}

static accord_scale scale_of(const json_t *task) {
    double min = accord_report_real(json_object_get(task, "min"));
    double max = accord_report_real(json_object_get(task, "max"));
    const char *name = json_string_value(json_object_get(task, "score"));

    return (accord_scale){.share = min >= 0 && min <= 0 && max >= 1 && max <= 1,
                          .higher =
                              !json_is_false(json_object_get(task, "higher_is_better")),
                          .name = name ? name : "score"};
}

static accord_code begin_series(accord_trend *t, const accord_history_run *run,
                                const accord_history_row *row, accord_sentences *why,
                                accord_err *err) {
    accord_code rc = accord_grow(&t->items, t->n, &t->cap, sizeof(*t->items), err);

    if (rc)
        return rc;
    accord_trend_series *s = &t->items[t->n++];
    *s = (accord_trend_series){
        .task = row->task, .mode = row->mode, .method = row->method, .why = *why};
    *why = (accord_sentences){0};
    s->scale = scale_of(task_of(run, row->task));
    return ACCORD_OK;
}

/* The series that a row continues, or a new one: the newest of its name that it can be
 * compared with, so that a change taken back is one, too. */
static accord_code find_series(accord_trend *t, const accord_history_run *run,
                               const accord_history_row *row, size_t *at,
                               accord_err *err) {
    accord_sentences why = {0};

    for (size_t i = t->n; i-- > 0;) {
        accord_sentences here = {0};
        if (!is_of(&t->items[i], row))
            continue;
        differ(&t->items[i], run, row, &here);
        if (here.n == 0) {
            accord_sentences_fini(&why);
            *at = i;
            return ACCORD_OK;
        }
        if (why.n == 0)
            why = here;
        else
            accord_sentences_fini(&here);
    }
    *at = t->n;
    accord_code rc = begin_series(t, run, row, &why, err);
    accord_sentences_fini(&why);
    return rc;
}

static accord_code add_point(accord_trend *t, const accord_history_run *run,
                             const accord_history_row *row, accord_err *err) {
    size_t at;
    accord_code rc = find_series(t, run, row, &at, err);

    if (rc)
        return rc;
    accord_trend_series *s = &t->items[at];
    rc = accord_grow(&s->points, s->n, &s->cap, sizeof(*s->points), err);
    if (!rc)
        s->points[s->n++] =
            (accord_trend_point){.run = run, .row = row, .noise = noise_of(row)};
    return rc;
}

static bool is_wanted(const accord_trend *t, const accord_history_row *row) {
    return (!t->how.method || same(t->how.method, row->method)) &&
           (!t->how.task || same(t->how.task, row->task));
}

static accord_code collect(accord_trend *t, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < t->history.n; i++) {
        const accord_history_run *run = &t->history.runs[i];
        for (size_t k = 0; !rc && k < run->n; k++)
            if (is_wanted(t, &run->rows[k]))
                rc = add_point(t, run, &run->rows[k], err);
    }
    for (size_t i = 0; !rc && i < t->n; i++)
        t->items[i].ended =
            last_of(&t->items[i])->run != &t->history.runs[t->history.n - 1];
    if (rc || t->n > 0)
        return rc;
    return accord_fail(
        err, ACCORD_E_NOTFOUND, "%s has no scores%s%s%s%s", t->how.history,
        t->how.method ? " of the method " : "", t->how.method ? t->how.method : "",
        t->how.task ? " on the task " : "", t->how.task ? t->how.task : "");
}

static accord_code search(accord_trend_series *s, accord_err *err) {
    double *y = NULL;
    double *se = NULL;
    size_t *kind = NULL;
    size_t from = s->n > ACCORD_TREND_LONGEST ? s->n - ACCORD_TREND_LONGEST : 0;

    accord_code rc = accord_alloc(s->n, sizeof(*s->searched), &s->searched, err);
    if (!rc)
        rc = accord_alloc(s->n, sizeof(*y), &y, err);
    if (!rc)
        rc = accord_alloc(s->n, sizeof(*se), &se, err);
    if (!rc)
        rc = accord_alloc(s->n, sizeof(*kind), &kind, err);
    for (size_t i = from; !rc && i < s->n; i++) {
        if (isnan(s->points[i].noise))
            continue;
        y[s->n_searched] = s->points[i].row->score;
        se[s->n_searched] = s->points[i].noise;
        /* Of one series, items are the same, or at least as many. */
        kind[s->n_searched] = s->points[i].row->seeds;
        s->searched[s->n_searched++] = i;
    }
    if (!rc)
        rc = accord_steps_find_pooled(y, se, kind, s->n_searched, ACCORD_TREND_ALARM,
                                      &s->steps, err);
    free(y);
    free(se);
    free(kind);
    return rc;
}

static void take_notes(accord_trend *t) {
    if (t->history.torn)
        accord_sentences_take(&t->notes, accord_xasprintf("the last line of %s is torn "
                                                          "and was left out",
                                                          t->how.history));
    if (t->history.unsorted)
        accord_sentences_take(&t->notes,
                              accord_xasprintf("the lines of %s are not in the order of "
                                               "their dates; here they are",
                                               t->how.history));
}

accord_code accord_trend_make(const accord_trend_how *how, accord_trend *out,
                              accord_err *err) {
    *out = (accord_trend){.how = *how};
    accord_code rc = accord_history_read(how->history, &out->history, err);

    if (!rc && out->history.n == 0)
        rc = accord_fail(err, ACCORD_E_CONFIG, "%s has no runs", how->history);
    if (!rc)
        rc = collect(out, err);
    for (size_t i = 0; !rc && i < out->n; i++)
        rc = search(&out->items[i], err);
    if (!rc)
        take_notes(out);
    return rc;
}

void accord_trend_fini(accord_trend *t) {
    for (size_t i = 0; i < t->n; i++) {
        free(t->items[i].points);
        free(t->items[i].searched);
        accord_steps_fini(&t->items[i].steps);
        accord_sentences_fini(&t->items[i].why);
    }
    free(t->items);
    accord_history_fini(&t->history);
    accord_sentences_fini(&t->notes);
    *t = (accord_trend){0};
}

/* ---- the command */

static void log_notes(const accord_sentences *notes, FILE *log) {
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    for (size_t i = 0; i < notes->n; i++) {
        accord_buf_clear(&b);
        accord_report_clean(&b, notes->items[i], false);
        fprintf(log, "accord: %s\n", b.data ? b.data : "");
    }
    accord_buf_fini(&b);
}

static accord_code append(const accord_trend_how *how, FILE *log, bool *fit,
                          accord_err *err) {
    static const char *const said[] = {"was appended to", "stands already in",
                                       "was not appended to"};
    const accord_history_note note = {
        .commit = how->commit, .date = how->date, .coverage = how->coverage};
    accord_sentences notes = {0};
    int found;

    accord_code rc =
        accord_history_append(how->history, how->append, &note, &found, &notes, err);
    if (!rc) {
        accord_sentences_take(
            &notes, accord_xasprintf("%s %s %s", how->append, said[found], how->history));
        *fit = found != ACCORD_HISTORY_UNFIT;
    }
    log_notes(&notes, log);
    accord_sentences_fini(&notes);
    return rc;
}

static accord_code write_svg(const accord_trend *t, accord_err *err) {
    accord_buf b;

    if (!t->how.svg)
        return ACCORD_OK;
    accord_buf_init(&b, MAX_TEXT);
    accord_trend_svg(t, &b);
    accord_code rc = accord_buf_check(&b, t->how.svg, err);
    if (!rc)
        rc = accord_file_write(t->how.svg, b.data, b.n, err);
    accord_buf_fini(&b);
    return rc;
}

static accord_code show(const accord_trend *t, FILE *out, accord_err *err) {
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    (t->how.json ? accord_trend_json : accord_trend_words)(t, &b);
    accord_code rc = accord_buf_check(&b, "the trend", err);
    if (!rc && (fwrite(b.data ? b.data : "", 1, b.n, out) != b.n || fflush(out)))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write the trend: %s", strerror(errno));
    accord_buf_fini(&b);
    return rc;
}

accord_code accord_judge_trend(const accord_trend_how *how, FILE *out, FILE *log,
                               bool *fit, accord_err *err) {
    accord_trend t = {0};

    *fit = true;
    if (!how->append && (how->commit || how->date))
        return accord_fail(err, ACCORD_E_ARG,
                           "--commit and --date are said of a run: --append RUN");
    accord_code rc = how->append ? append(how, log, fit, err) : ACCORD_OK;
    if (rc || !*fit)
        return rc;
    rc = accord_trend_make(how, &t, err);
    if (!rc)
        rc = show(&t, out, err);
    if (!rc)
        rc = write_svg(&t, err);
    accord_trend_fini(&t);
    return rc;
}
