/* board.c - see board.h. */
#include "judge/board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/effect.h"
#include "judge/fingerprint.h"
#include "stats/multiple.h"

#define ALPHA 0.05
enum { RESAMPLES = 10000 };

/* What stands against each other: rows of one task and mode. */
typedef struct group {
    accord_rows *all;
    accord_row **rows; /* [n], every one with a score */
    double *p;         /* [n], against the best */
    size_t n, best;
    size_t refused; /* too few training seeds */
} group;

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static bool same_place(const accord_row *a, const accord_row *b) {
    return same(a->task, b->task) && same(a->mode, b->mode);
}

/* ---- order ------------------------------------------------------------------------- */

/* Brings the rows of a place together, places and rows in the order they came in. */
static accord_code bring_together(accord_rows *rows, accord_err *err) {
    accord_row *sorted;
    size_t n = 0;

    accord_code rc = accord_alloc(rows->n, sizeof(*sorted), &sorted, err);
    for (size_t i = 0; !rc && i < rows->n; i++) {
        size_t first = 0;
        while (!same_place(&rows->items[first], &rows->items[i]))
            first++;
        for (size_t j = i; first == i && j < rows->n; j++)
            if (same_place(&rows->items[i], &rows->items[j]))
                sorted[n++] = rows->items[j];
    }
    if (!rc && n)
        memcpy(rows->items, sorted, n * sizeof(*sorted));
    free(sorted);
    return rc;
}

/* ---- which rows -------------------------------------------------------------------- */

static bool comparable(accord_rows *all, const accord_row *a, const accord_row *b) {
    accord_sentences why = {0};

    if (a->of == b->of)
        return true;
    json_t *of_a = accord_fingerprint(a->of, a->task);
    json_t *of_b = accord_fingerprint(b->of, b->task);
    accord_fingerprint_differ(a->task, of_a, a->run, of_b, b->run, &why);
    bool fit = why.n == 0;
    if (!fit)
        accord_rows_remark(
            all, accord_xasprintf("%s is not the same task in %s and %s, so each has its "
                                  "own best (%s)",
                                  a->task, a->run, b->run, why.items[0]));
    accord_sentences_fini(&why);
    json_decref(of_a);
    json_decref(of_b);
    return fit;
}

/* The rows from `from` to `end`, all of one place, that stand against the first of them;
 * taken[] says which are in a group already. */
static void gather(group *g, size_t from, size_t end, bool *taken) {
    accord_row *first = &g->all->items[from];
    const accord_rundir *asked = first->of;
    bool fit = true;

    g->n = 0;
    for (size_t i = from; i < end; i++) {
        accord_row *row = &g->all->items[i];
        if (taken[i])
            continue;
        if (row->of != asked) { /* the rows of a run are neighbours: one remark */
            asked = row->of;
            fit = comparable(g->all, first, row);
        }
        if (!fit)
            continue;
        taken[i] = true;
        if (row->done && !isnan(row->score.mean))
            g->rows[g->n++] = row;
    }
}

static void find_best(group *g) {
    g->best = 0;
    for (size_t i = 1; i < g->n; i++) {
        double gain = g->rows[i]->score.mean - g->rows[g->best]->score.mean;
        if (g->rows[i]->higher ? gain > 0 : gain < 0)
            g->best = i;
    }
}

/* ---- the test ---------------------------------------------------------------------- */

static accord_side side_of(const accord_row *row) {
    return (accord_side){&row->scores, row->seeds, row->done, row->unit};
}

/* What of two rows could not be paired is said; returns false when that was all. */
static bool paired(group *g, const accord_row *row, const accord_aligned *x) {
    const accord_row *best = g->rows[g->best];
    size_t alone =
        accord_aligned_lone(x, ACCORD_SIDE_A) + accord_aligned_lone(x, ACCORD_SIDE_B);

    if (alone == 0)
        return true;
    char *place = accord_row_place(row);
    accord_rows_remark(
        g->all, accord_xasprintf(
                    "%s: %s of %s and %s of %s have %zu items in common, and "
                    "%zu have no partner%s",
                    place, row->method, row->run, best->method, best->run, x->n_items,
                    alone, x->n_items ? "; the test takes what is common" : ""));
    free(place);
    return x->n_items > 0;
}

/* On the items in common a row may even be the better one: that is no tie. */
static bool reversed(const accord_effect *e, const accord_row *row) {
    return row->higher ? e->delta.mean > 0 : e->delta.mean < 0;
}

static accord_code test(group *g, size_t i, accord_err *err) {
    const accord_row *row = g->rows[i];
    const json_t *task = accord_rundir_task(row->of, row->task);
    const accord_side a = side_of(row);
    const accord_side b = side_of(g->rows[g->best]);
    const accord_effect_how how = {
        .min = accord_report_real(json_object_get(task, "min")),
        .max = accord_report_real(json_object_get(task, "max")),
        .resamples = RESAMPLES,
        .plain = true,
    };
    accord_aligned x;
    accord_effect e;

    accord_code rc = accord_aligned_make(&a, &b, &x, err);
    if (!rc && paired(g, row, &x)) {
        rc = accord_effect_make(&x, &how, &e, err);
        g->refused += !rc && e.refused;
        if (!rc && !(e.p < ALPHA && reversed(&e, row)))
            g->p[i] = e.p;
    }
    accord_aligned_fini(&x);
    return rc;
}

/* Holm over the n - 1 comparisons with the best. */
static accord_code adjust(group *g, accord_err *err) {
    double own = g->p[g->best];

    g->p[g->best] = g->p[g->n - 1];
    accord_code rc = accord_multiple_holm(g->p, g->n - 1, g->p, err);
    g->p[g->n - 1] = g->p[g->best];
    g->p[g->best] = own;
    return rc;
}

static accord_code stand(group *g, accord_err *err) {
    accord_code rc = ACCORD_OK;

    find_best(g);
    for (size_t i = 0; i < g->n; i++)
        g->p[i] = (double)NAN;
    for (size_t i = 0; !rc && i < g->n; i++)
        if (i != g->best)
            rc = test(g, i, err);
    if (!rc)
        rc = adjust(g, err);
    for (size_t i = 0; !rc && i < g->n; i++) {
        accord_row *row = g->rows[i];
        row->p_best = g->p[i];
        row->standing = i == g->best       ? ACCORD_STANDS_BEST
                        : isnan(g->p[i])   ? ACCORD_STANDS_OPEN
                        : g->p[i] >= ALPHA ? ACCORD_STANDS_TIED
                                           : ACCORD_STANDS_BEHIND;
    }
    return rc;
}

/* ---- the front --------------------------------------------------------------------- */

static double tokens_of(const accord_row *row) {
    return row->prompt + row->completion;
}

/* True when `by` scores as much with fewer tokens, or more with as many. */
static bool dominated(const accord_row *row, const accord_row *by) {
    double gain = (by->score.mean - row->score.mean) * (row->higher ? 1 : -1);
    double saved = tokens_of(row) - tokens_of(by);

    return gain >= 0 && saved >= 0 && (gain > 0 || saved > 0);
}

/* Where nobody spends a token there is no front. */
static bool mark_front(group *g) {
    bool spent = false;

    for (size_t i = 0; i < g->n; i++)
        spent |= tokens_of(g->rows[i]) > 0;
    for (size_t i = 0; spent && i < g->n; i++) {
        accord_row *row = g->rows[i];
        row->front = !isnan(tokens_of(row));
        for (size_t j = 0; j < g->n; j++)
            if (dominated(row, g->rows[j]))
                row->front = false;
    }
    return spent;
}

/* ---- the whole --------------------------------------------------------------------- */

typedef struct said {
    bool standings, fronts, refused;
} said;

static accord_code mark_group(group *g, said *what, accord_err *err) {
    if (g->n < 2)
        return ACCORD_OK;
    what->standings = true;
    what->fronts |= mark_front(g);
    accord_code rc = stand(g, err);
    what->refused |= g->refused > 0;
    return rc;
}

static accord_code mark_all(group *g, said *what, bool *taken, accord_err *err) {
    accord_rows *rows = g->all;
    accord_code rc = ACCORD_OK;

    for (size_t from = 0; !rc && from < rows->n; from++) {
        size_t end = from;
        while (end < rows->n && same_place(&rows->items[from], &rows->items[end]))
            end++;
        if (taken[from])
            continue;
        gather(g, from, end, taken);
        rc = mark_group(g, what, err);
    }
    return rc;
}

static void explain(accord_rows *rows, const said *what) {
    if (what->standings)
        accord_rows_remark(
            rows,
            accord_xstrdup("lead: best of its task; tied: no significant difference "
                           "to the best (paired, 5 % after Holm); n/a: not testable"));
    if (what->refused)
        accord_rows_remark(rows,
                           accord_xasprintf("fewer than %d training seeds are not tested",
                                            ACCORD_ENOUGH_SEEDS));
    if (what->fronts)
        accord_rows_remark(rows, accord_xstrdup("*: no other of the task scores as much "
                                                "with fewer tokens (Pareto front)"));
}

accord_code accord_board_mark(accord_rows *rows, accord_err *err) {
    group g = {.all = rows};
    bool *taken = NULL;
    said what = {0};

    accord_code rc = bring_together(rows, err);
    if (!rc)
        rc = accord_alloc(rows->n, sizeof(*g.rows), &g.rows, err);
    if (!rc)
        rc = accord_alloc(rows->n, sizeof(*g.p), &g.p, err);
    if (!rc)
        rc = accord_alloc(rows->n, sizeof(*taken), &taken, err);
    if (!rc)
        rc = mark_all(&g, &what, taken, err);
    if (!rc)
        explain(rows, &what);
    free(g.rows);
    free(g.p);
    free(taken);
    return rc;
}
