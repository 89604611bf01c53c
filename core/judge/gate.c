/* gate.c - see gate.h: what is held to what, and what the command writes. */
#include "judge/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "judge/fingerprint.h"

#define MAX_TEXT ((size_t)1 << 30)

/* Outcomes that say nothing of the method: something broke, or money ran out. */
static const char *const broken[] = {"plugin_crash", "budget", "timeout", "api_error"};

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static double coverage(const accord_row *row) {
    uint64_t lost = 0;

    for (int o = 0; o < ACCORD_OUTCOMES; o++)
        for (size_t b = 0; b < sizeof(broken) / sizeof(broken[0]); b++)
            if (same(accord_outcomes[o], broken[b]))
                lost += row->outcomes[o];
    return row->episodes ? 1 - (double)lost / (double)row->episodes : (double)NAN;
}

char *accord_gate_broken(const accord_row *row, double least) {
    double covered = coverage(row);

    if (!(covered < least))
        return NULL;
    char *place = accord_row_place(row);
    char *text = accord_xasprintf("%s on %s: %.1f%% of the episodes broke off (crash, "
                                  "timeout, API error, budget)",
                                  row->method, place, 100 * (1 - covered));
    free(place);
    return text;
}

static const accord_row *find_row(const accord_rows *rows,
                                  const accord_baseline_row *base) {
    for (size_t i = 0; i < rows->n; i++) {
        const accord_row *r = &rows->items[i];
        if (same(r->task, base->task) && same(r->mode, base->mode) &&
            same(r->method, base->method))
            return r;
    }
    return NULL;
}

static void complain(accord_gate_row *r, char *sentence) {
    accord_sentences_take(&r->why, sentence);
    r->d.verdict = ACCORD_GATE_INCOMPARABLE;
}

static accord_code check_task(accord_gated *g, accord_gate_row *r, accord_err *err) {
    json_t *now = accord_fingerprint(&g->run, r->task);
    const json_t *then = json_object_get(g->baseline.tasks, r->task);

    if (!now)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    accord_fingerprint_differ(r->task, now, "the run", then, "the baseline", &r->why);
    json_decref(now);
    return ACCORD_OK;
}

/* Samples must be the same: a row that lost its hard questions did not get better. */
static void check_samples(accord_gate_row *r) {
    const accord_unmatched *first = NULL;
    size_t n[2] = {0};

    for (size_t i = 0; i < r->x.n_lone; i++) {
        const accord_unmatched *lone = &r->x.lone[i];
        if (!lone->item)
            continue; /* seeds may be others */
        n[lone->side]++;
        if (!first)
            first = lone;
    }
    if (first)
        accord_sentences_take(
            &r->why, accord_xasprintf("%zu samples are in the run alone and %zu in the "
                                      "baseline alone, the first of them %s",
                                      n[ACCORD_SIDE_A], n[ACCORD_SIDE_B], first->item));
}

/* What is infinite has no mean and no interval: it would be inconclusive for ever, or lie
 * on both sides and be left out. */
static void check_finite(const accord_side *s, const char *where, accord_gate_row *r) {
    const char *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < s->grid->n_items; i++)
        for (size_t k = 0; k < s->n_seeds; k++) {
            if (!isinf(accord_grid_score(s->grid, i, k)))
                continue;
            first = first ? first : s->grid->ids[i];
            n++;
        }
    if (n > 0)
        accord_sentences_take(
            &r->why,
            accord_xasprintf("%zu infinite scores in %s, the first of them of %s", n,
                             where, first));
}

static double margin_of(const accord_gated *g, const accord_gate_row *r) {
    const json_t *task = accord_rundir_task(&g->run, r->task);
    double range = accord_report_real(json_object_get(task, "max")) -
                   accord_report_real(json_object_get(task, "min"));

    if (!isfinite(range)) { /* no range: of what the baseline reached */
        range = 0;
        for (size_t i = 0; i < r->x.n_b; i++)
            range += fabs(r->x.b[i]) / (double)r->x.n_b;
    }
    return g->how.margin / 100 * range;
}

static accord_code hold(accord_gated *g, accord_gate_row *r, accord_err *err) {
    const accord_side a = {&r->row->scores, r->row->seeds, r->row->done, r->row->unit};
    const accord_side b = {&r->base->scores, r->base->seeds, r->base->n_seeds,
                           r->base->unit};
    const json_t *task = accord_rundir_task(&g->run, r->task);
    const char *name = json_string_value(json_object_get(task, "score"));

    r->scale = (accord_scale){
        .share = r->row->share,
        .higher = !json_is_false(json_object_get(task, "higher_is_better")),
        .name = name ? name : "score"};
    r->coverage = coverage(r->row);
    accord_code rc = check_task(g, r, err);
    if (!rc)
        rc = accord_aligned_make(&a, &b, &r->x, err);
    if (!rc)
        rc = accord_decision_measure(&r->x, margin_of(g, r), r->scale.higher, &r->d, err);
    if (rc)
        return rc;
    check_samples(r);
    check_finite(&a, "the run", r);
    check_finite(&b, "the baseline", r);
    /* Runs of nothing have the same score, and would pass. */
    if (r->x.n_items == 0 && r->why.n == 0)
        accord_sentences_take(&r->why, accord_xstrdup("there are no samples"));
    if (r->row->done < r->row->planned)
        accord_sentences_take(
            &r->why, accord_xasprintf("%zu of %zu cells are not finished",
                                      r->row->planned - r->row->done, r->row->planned));
    if (r->coverage < g->how.coverage)
        accord_sentences_take(
            &r->why,
            accord_xasprintf("%.1f%% of the episodes broke off (crash, timeout, "
                             "API error, budget); %.1f%% may",
                             100 * (1 - r->coverage), 100 * (1 - g->how.coverage)));
    if (r->why.n)
        r->d.verdict = ACCORD_GATE_INCOMPARABLE;
    return ACCORD_OK;
}

static accord_code add_row(accord_gated *g, const accord_baseline_row *base,
                           accord_err *err) {
    accord_code rc = accord_grow(&g->items, g->n, &g->cap, sizeof(*g->items), err);

    if (rc)
        return rc;
    accord_gate_row *r = &g->items[g->n++];
    *r = (accord_gate_row){.row = find_row(&g->rows, base),
                           .base = base,
                           .task = base->task,
                           .mode = base->mode,
                           .method = base->method,
                           .coverage = (double)NAN};
    if (!r->row) {
        complain(r, accord_xstrdup("the run does not have it"));
        return ACCORD_OK;
    }
    return hold(g, r, err);
}

/* The decisions of all rows at once, since p-values are adjusted for their number. */
static accord_code decide(accord_gated *g, accord_err *err) {
    accord_decision *d;

    accord_code rc = accord_alloc(g->n, sizeof(*d), &d, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < g->n; i++)
        d[i] = g->items[i].d;
    rc = accord_decisions_make(d, g->n, err);
    for (size_t i = 0; !rc && i < g->n; i++) {
        g->items[i].d = d[i];
        g->count[d[i].verdict]++;
    }
    free(d);
    g->found = g->count[ACCORD_GATE_REGRESS]        ? ACCORD_GATE_WORSE
               : g->count[ACCORD_GATE_INCOMPARABLE] ? ACCORD_GATE_UNFIT
               : g->count[ACCORD_GATE_INCONCLUSIVE] ? ACCORD_GATE_UNSURE
                                                    : ACCORD_GATE_OK;
    return rc;
}

static accord_code open_run(accord_gated *g, accord_err *err) {
    size_t samples = 0;

    accord_code rc = accord_rundir_open(g->how.run, &g->run, err);
    if (rc)
        return rc;
    g->rows.keep_scores = true;
    rc = accord_rows_add(&g->run, false, &g->rows, err);
    for (size_t i = 0; i < g->rows.n; i++)
        samples += g->rows.items[i].scores.n_items;
    if (!rc && samples == 0)
        rc = accord_fail(err, ACCORD_E_CONFIG, "%s has no samples", g->how.run);
    return rc;
}

static void note_new(accord_gated *g) {
    for (size_t i = 0; i < g->rows.n; i++) {
        const accord_row *r = &g->rows.items[i];
        if (accord_baseline_find(&g->baseline, r->task, r->mode, r->method))
            continue;
        char *place = accord_row_place(r);
        accord_sentences_take(&g->notes,
                              accord_xasprintf("%s on %s has no baseline yet and was not "
                                               "judged",
                                               r->method, place));
        free(place);
    }
}

static accord_code hold_to_baseline(accord_gated *g, accord_err *err) {
    accord_code rc = accord_baseline_read(g->how.baseline, &g->baseline, err);

    for (size_t i = 0; !rc && i < g->baseline.n; i++)
        rc = add_row(g, &g->baseline.rows[i], err);
    if (!rc)
        note_new(g);
    return rc ? rc : decide(g, err);
}

/* A baseline of half a run would make the other half pass for ever. */
static accord_code write_baseline(accord_gated *g, accord_err *err) {
    size_t poor = 0;

    if (accord_run_missing(&g->run, &g->notes))
        poor++;
    for (size_t i = 0; i < g->rows.n; i++) {
        char *why = accord_gate_broken(&g->rows.items[i], g->how.coverage);
        if (!why)
            continue;
        accord_sentences_take(&g->notes, why);
        poor++;
    }
    g->found = poor ? ACCORD_GATE_UNFIT : ACCORD_GATE_OK;
    return poor ? ACCORD_OK : accord_baseline_write(&g->run, &g->rows, g->how.write, err);
}

accord_code accord_gated_make(const accord_gate_how *how, accord_gated *out,
                              accord_err *err) {
    *out = (accord_gated){.how = *how};
    if (!how->baseline == !how->write)
        return accord_fail(err, ACCORD_E_ARG, "one of --baseline and --write, please");
    if (!(how->margin > 0 && how->margin <= 100))
        return accord_fail(
            err, ACCORD_E_ARG,
            "the margin must be above 0, and at most 100: it is in percent "
            "of the score's range");
    if (how->write && (how->junit || how->bmf || how->bigger))
        return accord_fail(err, ACCORD_E_ARG,
                           "--junit, --bmf and --benchmark go with --baseline: --write "
                           "judges nothing");
    if (!(how->coverage >= 0 && how->coverage <= 1))
        return accord_fail(err, ACCORD_E_ARG, "the coverage is a share from 0 to 1");
    accord_code rc = open_run(out, err);
    if (!rc)
        rc = how->write ? write_baseline(out, err) : hold_to_baseline(out, err);
    return rc;
}

void accord_gated_fini(accord_gated *g) {
    for (size_t i = 0; i < g->n; i++) {
        accord_aligned_fini(&g->items[i].x);
        accord_sentences_fini(&g->items[i].why);
    }
    free(g->items);
    accord_baseline_fini(&g->baseline);
    accord_rows_fini(&g->rows);
    accord_rundir_fini(&g->run);
    accord_sentences_fini(&g->notes);
    *g = (accord_gated){0};
}

static accord_code write_file(const accord_gated *g, const char *file,
                              void (*print)(const accord_gated *, accord_buf *),
                              accord_err *err) {
    accord_buf b;

    if (!file)
        return ACCORD_OK;
    accord_buf_init(&b, MAX_TEXT);
    print(g, &b);
    accord_code rc = accord_buf_check(&b, file, err);
    if (!rc)
        rc = accord_file_write(file, b.data, b.n, err);
    accord_buf_fini(&b);
    return rc;
}

/* Other steps of the job write there, too. */
static accord_code append(const accord_gated *g, const char *file, accord_err *err) {
    accord_buf b;

    if (!file)
        return ACCORD_OK;
    accord_buf_init(&b, MAX_TEXT);
    accord_gated_markdown(g, &b);
    accord_code rc = accord_buf_check(&b, file, err);
    int fd = rc ? -1 : open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (!rc && fd < 0)
        rc = accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", file, strerror(errno));
    if (!rc)
        rc = accord_write_all(fd, b.data, b.n, file, err);
    if (fd >= 0)
        close(fd);
    accord_buf_fini(&b);
    return rc;
}

static accord_code write_files(const accord_gated *g, accord_err *err) {
    accord_code rc = write_file(g, g->how.junit, accord_gated_junit, err);

    if (!rc)
        rc = write_file(g, g->how.bmf, accord_gated_bmf, err);
    if (!rc)
        rc = write_file(g, g->how.bigger, accord_gated_bigger, err);
    return rc ? rc : append(g, g->how.step_summary, err);
}

accord_code accord_judge_gate(const accord_gate_how *how, FILE *out, int *found,
                              accord_err *err) {
    accord_gated g;
    accord_buf b;

    *found = ACCORD_GATE_UNFIT;
    accord_buf_init(&b, MAX_TEXT);
    accord_code rc = accord_gated_make(how, &g, err);
    if (!rc) {
        (how->json ? accord_gated_json : accord_gated_words)(&g, &b);
        if (how->annotate && !how->json)
            accord_gated_annotations(&g, &b);
        *found = g.found;
        rc = accord_buf_check(&b, "the verdict", err);
    }
    if (!rc && (fwrite(b.data ? b.data : "", 1, b.n, out) != b.n || fflush(out)))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write the verdict: %s",
                         strerror(errno));
    if (!rc && how->baseline)
        rc = write_files(&g, err);
    accord_gated_fini(&g);
    accord_buf_fini(&b);
    return rc;
}
