/* compare.c - which rows meet, their effects, and the family of tests that they are. */
#include "judge/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/fingerprint.h"
#include "stats/multiple.h"

#define MAX_TEXT ((size_t)1 << 30)
#define ALPHA    0.05
enum { RESAMPLES = 10000 };

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static accord_scale scale_of(const accord_rundir *run, const accord_row *row) {
    const json_t *task = accord_rundir_task(run, row->task);
    const char *name = json_string_value(json_object_get(task, "score"));

    return (accord_scale){
        .share = row->share,
        .higher = !json_is_false(json_object_get(task, "higher_is_better")),
        .name = name ? name : "score",
    };
}

static accord_side side_of(const accord_row *row) {
    return (accord_side){&row->scores, row->seeds, row->done, row->unit};
}

static accord_code judge(accord_compared *all, accord_comparison *c, accord_err *err) {
    const json_t *task = accord_rundir_task(c->run_a, c->a->task);
    const accord_side a = side_of(c->a);
    const accord_side b = side_of(c->b);
    const accord_effect_how how = {
        .min = accord_report_real(json_object_get(task, "min")),
        .max = accord_report_real(json_object_get(task, "max")),
        .resamples = all->how.resamples,
        .bootstrap = all->how.json,
        .clusters = all->how.clusters,
    };

    accord_code rc = accord_aligned_make(&a, &b, &c->x, err);
    return rc ? rc : accord_effect_make(&c->x, &how, &c->e, err);
}

static accord_code meet(accord_compared *all, size_t run_b, const accord_row *a,
                        const accord_row *b, accord_err *err) {
    accord_code rc =
        accord_grow(&all->items, all->n, &all->cap, sizeof(*all->items), err);
    if (rc)
        return rc;
    accord_comparison *c = &all->items[all->n++];
    *c = (accord_comparison){.a = a,
                             .b = b,
                             .run_a = &all->runs[0],
                             .run_b = &all->runs[run_b],
                             .scale = scale_of(&all->runs[0], a)};
    return judge(all, c, err);
}

static bool same_place(const accord_row *a, const accord_row *b) {
    return same(a->task, b->task) && same(a->mode, b->mode);
}

/* The baseline of a place: the one that was asked for, the suite's, or the first. */
static const accord_row *baseline_of(accord_compared *all, const accord_row *row) {
    const json_t *suite = json_object_get(all->runs[0].manifest, "suite");
    const json_t *given = json_object_get(json_object_get(suite, "baseline"), row->task);
    const char *method = all->how.baseline ? all->how.baseline : json_string_value(given);
    const accord_rows *rows = &all->rows[0];

    for (size_t i = 0; i < rows->n; i++) {
        const accord_row *r = &rows->items[i];
        if (same_place(r, row) && (!method || same(r->method, method)))
            return r;
    }
    return NULL;
}

static accord_code within_run(accord_compared *all, accord_err *err) {
    const accord_rows *rows = &all->rows[0];
    accord_code rc = ACCORD_OK;

    if (all->how.baseline)
        rc = accord_rows_need_method(rows, all->runs[0].path, all->how.baseline, err);
    for (size_t i = 0; !rc && i < rows->n; i++) {
        const accord_row *row = &rows->items[i];
        const accord_row *base = all->how.pairs ? NULL : baseline_of(all, row);
        if (row->done == 0)
            continue; /* said once, with the cells that are missing */
        for (size_t j = i + 1; !rc && all->how.pairs && j < rows->n; j++)
            if (same_place(row, &rows->items[j]) && rows->items[j].done)
                rc = meet(all, 0, row, &rows->items[j], err);
        if (base && base != row && base->done)
            rc = meet(all, 0, row, base, err);
        else if (!all->how.pairs && (!base || !base->done))
            accord_sentences_take(
                &all->warnings,
                accord_xasprintf("%s on %s was not compared: its baseline was not played "
                                 "there",
                                 row->method, row->task));
    }
    return rc;
}

/* True when the two runs' tasks of this name can be compared; says once why not. */
static bool comparable(accord_compared *all, const char *task) {
    accord_sentences why = {0};
    json_t *a = accord_fingerprint(&all->runs[0], task);
    json_t *b = accord_fingerprint(&all->runs[1], task);

    accord_fingerprint_differ(task, a, all->runs[0].path, b, all->runs[1].path, &why);
    bool fit = why.n == 0;
    for (size_t i = 0; i < why.n; i++)
        accord_sentences_take(&all->warnings,
                              accord_xasprintf("not comparable: %s", why.items[i]));
    accord_sentences_fini(&why);
    json_decref(a);
    json_decref(b);
    return fit;
}

static const accord_row *partner(const accord_compared *all, const accord_row *row) {
    const accord_rows *rows = &all->rows[1];
    const char *method = all->how.baseline ? all->how.baseline : row->method;

    for (size_t i = 0; i < rows->n; i++)
        if (same_place(&rows->items[i], row) && same(rows->items[i].method, method))
            return &rows->items[i];
    return NULL;
}

/* Rows of a run that have no partner in the other, one sentence each. */
static void note_alone(accord_compared *all, size_t run, const accord_row *row) {
    char *place = accord_row_place(row);

    accord_sentences_take(&all->warnings,
                          accord_xasprintf("%s on %s is in %s alone", row->method, place,
                                           all->runs[run].path));
    free(place);
}

static bool has_partner(const accord_compared *all, const accord_row *row) {
    const accord_rows *rows = &all->rows[0];

    for (size_t i = 0; i < rows->n; i++)
        if (same_place(&rows->items[i], row) && same(rows->items[i].method, row->method))
            return true;
    return false;
}

static accord_code between_runs(accord_compared *all, accord_err *err) {
    const accord_rows *rows = &all->rows[0];
    accord_code rc = ACCORD_OK;
    const char *task = "";
    bool fit = false;

    if (all->how.baseline)
        rc = accord_rows_need_method(&all->rows[1], all->runs[1].path, all->how.baseline,
                                     err);
    for (size_t i = 0; !rc && i < rows->n; i++) {
        const accord_row *row = &rows->items[i];
        const accord_row *other = partner(all, row);
        if (!other) {
            note_alone(all, 0, row);
            continue;
        }
        if (!same(task, row->task)) { /* rows stand task by task */
            task = row->task;
            fit = comparable(all, task);
            all->incomparable += !fit;
        }
        if (fit && row->done && other->done)
            rc = meet(all, 1, row, other, err);
    }
    for (size_t i = 0; !rc && !all->how.baseline && i < all->rows[1].n; i++)
        if (!has_partner(all, &all->rows[1].items[i]))
            note_alone(all, 1, &all->rows[1].items[i]);
    return rc;
}

static int verdict_of(const accord_comparison *c) {
    if (isnan(c->p_holm))
        return ACCORD_NO_VERDICT;
    if (c->p_holm >= ALPHA)
        return ACCORD_UNDECIDED;
    return (c->e.delta.mean > 0) == c->scale.higher ? ACCORD_A_BETTER : ACCORD_B_BETTER;
}

/* All comparisons of an answer are one family. */
static accord_code adjust(accord_compared *all, accord_err *err) {
    double *p;

    accord_code rc = accord_alloc(all->n, sizeof(double), &p, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < all->n; i++)
        p[i] = all->items[i].e.p;
    rc = accord_multiple_holm(p, all->n, p, err);
    for (size_t i = 0; !rc && i < all->n; i++) {
        all->items[i].p_holm = p[i];
        all->items[i].verdict = verdict_of(&all->items[i]);
    }
    free(p);
    return rc;
}

static accord_code open_runs(accord_compared *all, accord_err *err) {
    const char *paths[] = {all->how.run, all->how.other};
    accord_code rc = ACCORD_OK;

    for (size_t r = 0; !rc && r < 2 && paths[r]; r++) {
        rc = accord_rundir_open(paths[r], &all->runs[r], err);
        if (rc)
            break;
        all->n_runs++;
        all->rows[r].keep_scores = true;
        rc = accord_rows_add(&all->runs[r], false, &all->rows[r], err);
        all->incomplete += accord_run_missing(&all->runs[r], &all->warnings);
    }
    return rc;
}

accord_code accord_compared_make(const accord_compare_how *how, accord_compared *out,
                                 accord_err *err) {
    *out = (accord_compared){.how = *how};
    if (!how->resamples)
        out->how.resamples = RESAMPLES;
    if (how->pairs && (how->other || how->baseline))
        return accord_fail(err, ACCORD_E_ARG,
                           "--pairs compares all methods of one run: it goes with "
                           "neither a second run nor a baseline");
    accord_code rc = open_runs(out, err);
    if (!rc)
        rc = how->other ? between_runs(out, err) : within_run(out, err);
    if (!rc)
        rc = adjust(out, err);
    if (!rc && !out->n && !how->other && !out->warnings.n)
        accord_sentences_take(
            &out->warnings,
            accord_xasprintf(
                "%s has one method on each task: name a second run to compare "
                "it with",
                how->run));
    return rc ? rc : accord_compared_overall(out, err);
}

void accord_compared_fini(accord_compared *c) {
    for (size_t i = 0; i < c->n; i++)
        accord_aligned_fini(&c->items[i].x);
    free(c->items);
    free(c->overall);
    for (size_t r = 0; r < 2; r++) {
        accord_rows_fini(&c->rows[r]);
        if (r < c->n_runs)
            accord_rundir_fini(&c->runs[r]);
    }
    accord_sentences_fini(&c->warnings);
    *c = (accord_compared){0};
}

accord_code accord_judge_compare(const accord_compare_how *how, FILE *out,
                                 accord_compare_found *found, accord_err *err) {
    accord_compared all;
    accord_buf b;

    *found = (accord_compare_found){0};
    accord_buf_init(&b, MAX_TEXT);
    accord_code rc = accord_compared_make(how, &all, err);
    if (!rc)
        rc = how->json ? accord_compared_data(&all, &b, err)
                       : accord_compared_words(&all, &b, err);
    if (!rc)
        rc = accord_buf_check(&b, "the comparison", err);
    if (!rc && (fwrite(b.data ? b.data : "", 1, b.n, out) != b.n || fflush(out)))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write the comparison: %s",
                         strerror(errno));
    *found = (accord_compare_found){all.n, all.incomparable};
    accord_compared_fini(&all);
    accord_buf_fini(&b);
    return rc;
}
