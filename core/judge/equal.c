/* equal.c - see equal.h. */
#include "judge/equal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/effect.h"
#include "judge/sentences.h"

enum { RESAMPLES = 10000 };

/* The place at hand: a task and mode of a run. */
typedef struct view {
    accord_rows *rows;
    accord_equal *out;
    const accord_row *method;
} view;

static const accord_stat unknown = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};

static double tokens_of(const accord_row *row) {
    return row->prompt + row->completion;
}

static bool same_place(const accord_row *a, const accord_row *b) {
    return a->of == b->of && strcmp(a->task, b->task) == 0 &&
           strcmp(a->mode, b->mode) == 0;
}

/* A remark that begins with the place; takes `text`. */
static void remark(view *v, char *text) {
    char *place = accord_row_place(v->method);

    accord_rows_remark(v->rows, accord_xasprintf("%s: %s", place, text));
    free(place);
    free(text);
}

/* ---- the difference ---------------------------------------------------------------- */

/* What could not be paired is said. */
static void note_lone(view *v, const accord_row *row, const char *point,
                      const accord_aligned *x) {
    size_t alone =
        accord_aligned_lone(x, ACCORD_SIDE_A) + accord_aligned_lone(x, ACCORD_SIDE_B);

    if (alone)
        remark(v, accord_xasprintf("%s and %s (%s) have %zu items in common, and %zu "
                                   "have no partner",
                                   v->method->method, row->method, point, x->n_items,
                                   alone));
}

static accord_code subtract(view *v, accord_equal_line *line, const accord_grid *scores,
                            const char *point, accord_err *err) {
    const accord_row *m = v->method;
    const json_t *task = accord_rundir_task(m->of, m->task);
    const accord_side a = {&m->scores, m->seeds, m->done, m->unit};
    const accord_side b = {scores, line->row->seeds, line->row->done, line->row->unit};
    const accord_effect_how how = {
        .min = accord_report_real(json_object_get(task, "min")),
        .max = accord_report_real(json_object_get(task, "max")),
        .resamples = RESAMPLES,
    };
    accord_aligned x;
    accord_effect e;

    accord_code rc = accord_aligned_make(&a, &b, &x, err);
    if (!rc)
        rc = accord_effect_make(&x, &how, &e, err);
    if (!rc) {
        note_lone(v, line->row, point, &x);
        line->gain = e.delta;
        line->unit = x.unit;
        line->n = x.n_items;
        if (e.refused)
            accord_rows_remark(
                v->rows, accord_xasprintf("fewer than %d training seeds have no interval",
                                          ACCORD_ENOUGH_SEEDS));
    }
    accord_aligned_fini(&x);
    return rc;
}

/* ---- lines ------------------------------------------------------------------------- */

static accord_code new_line(view *v, const accord_row *row, int where,
                            accord_equal_line **line, accord_err *err) {
    accord_equal *out = v->out;
    accord_code rc =
        accord_grow(&out->items, out->n, &out->cap, sizeof(*out->items), err);

    if (rc)
        return rc;
    *line = &out->items[out->n++];
    **line = (accord_equal_line){.row = row,
                                 .method = v->method,
                                 .where = where,
                                 .score = row->done ? row->score.mean : (double)NAN,
                                 .tokens = row->done ? tokens_of(row) : (double)NAN,
                                 .gain = unknown,
                                 .unit = row->unit};
    return ACCORD_OK;
}

static accord_code add_played(view *v, const accord_row *row, accord_err *err) {
    accord_equal_line *line;

    accord_code rc = new_line(v, row, ACCORD_EQUAL_PLAYED, &line, err);
    if (!rc && row->done)
        rc = subtract(v, line, &row->scores, "as played", err);
    return rc;
}

static accord_code add_point(view *v, const accord_row *row, const accord_row_curve *c,
                             size_t at, int where, accord_err *err) {
    accord_grid scores = {0};
    accord_equal_line *line;
    size_t found = 0;

    accord_code rc = new_line(v, row, where, &line, err);
    if (rc)
        return rc;
    line->curve = c;
    line->at = at;
    line->score = c->score[at];
    line->tokens = c->tokens[at];
    char *point = accord_curve_point(c, at);
    rc = accord_row_point(row, c, at, &scores, &found, err);
    if (!rc)
        rc = subtract(v, line, &scores, point, err);
    if (!rc && found < row->done)
        remark(v, accord_xasprintf("%s (%s): %zu of %zu summaries hold what each item "
                                   "scored there; `accord rescore` writes those anew "
                                   "that an older Accord wrote",
                                   row->method, point, found, row->done));
    accord_grid_fini(&scores);
    free(point);
    return rc;
}

/* The two points next to the method's tokens, or the one where there is no other. */
static accord_code add_points(view *v, const accord_row *row, const accord_row_curve *c,
                              accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t below, above;

    if (strcmp(c->kind, "sample") == 0)
        accord_rows_remark(v->rows, accord_xstrdup("maj@k: a vote over k of the samples, "
                                                   "the mean over all choices of k"));
    accord_curve_bracket(c, tokens_of(v->method), &below, &above);
    if (below < c->k)
        rc = add_point(v, row, c, below, ACCORD_EQUAL_BELOW, err);
    if (!rc && above < c->k)
        rc = add_point(v, row, c, above, ACCORD_EQUAL_ABOVE, err);
    if (!rc && (below == c->k || above == c->k))
        remark(v, accord_xasprintf("every %s@ of %s spends %s tokens than %s; the "
                                   "nearest stands alone",
                                   strcmp(c->kind, "sample") == 0 ? "maj" : c->kind,
                                   row->method, below == c->k ? "more" : "no more",
                                   v->method->method));
    return rc;
}

static accord_code add_place(view *v, accord_err *err) {
    accord_equal_line *line;
    size_t curves = 0;

    if (v->method->done == 0) {
        remark(v, accord_xasprintf("no cell of %s is sealed yet", v->method->method));
        return ACCORD_OK;
    }
    accord_code rc = new_line(v, v->method, ACCORD_EQUAL_SELF, &line, err);
    for (size_t i = 0; !rc && i < v->rows->n; i++) {
        const accord_row *row = &v->rows->items[i];
        if (row == v->method || !same_place(row, v->method))
            continue;
        rc = add_played(v, row, err);
        for (size_t c = 0; !rc && c < row->curves.n; c++, curves++)
            rc = add_points(v, row, &row->curves.items[c], err);
    }
    if (!rc && curves == 0)
        remark(v, accord_xasprintf("no method beside %s named candidates: there is none "
                                   "to read at equal tokens",
                                   v->method->method));
    return rc;
}

/* ---- the whole --------------------------------------------------------------------- */

/* Places where others were played and the method was not. */
static void note_absent(accord_rows *rows, const char *method) {
    for (size_t i = 0; i < rows->n; i++) {
        const accord_row *row = &rows->items[i];
        bool there = false;
        for (size_t j = 0; !there && j < rows->n; j++)
            there = same_place(row, &rows->items[j]) &&
                    strcmp(rows->items[j].method, method) == 0;
        if (there)
            continue;
        char *place = accord_row_place(row);
        accord_rows_remark(rows, accord_xasprintf("%s: %s was not played there in %s",
                                                  place, method, row->run));
        free(place);
    }
}

static void explain(accord_rows *rows, const char *method) {
    accord_rows_remark(rows,
                       accord_xasprintf("tokens/q: prompt and completion tokens of a "
                                        "question at evaluation; what training spent is "
                                        "not in them"));
    accord_rows_remark(
        rows, accord_xasprintf("%s minus it: paired by item, by item and seed where one "
                               "of the two learns; each interval is of its line alone",
                               method));
}

accord_code accord_equal_make(accord_rows *rows, const char *method, accord_equal *out,
                              accord_err *err) {
    view v = {.rows = rows, .out = out};
    bool one = true;

    *out = (accord_equal){.method = method};
    for (size_t i = 1; i < rows->n; i++)
        one &= rows->items[i].of == rows->items[0].of;
    const char *run = rows->n && one ? rows->items[0].of->path : "any of the runs";
    accord_code rc = accord_rows_need_method(rows, run, method, err);
    if (!rc)
        explain(rows, method);
    for (size_t i = 0; !rc && i < rows->n; i++) {
        v.method = &rows->items[i];
        if (strcmp(v.method->method, method) == 0)
            rc = add_place(&v, err);
    }
    if (!rc)
        note_absent(rows, method);
    return rc;
}
