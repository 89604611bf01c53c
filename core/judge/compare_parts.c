/* compare_parts.c - of a comparison: its flips, their transcripts, tokens, equal tokens,
 * and what all control tasks say together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/compare.h"
#include "stats/runs.h"

/* rliable's number; its intervals move in the third digit below it. */
enum { RUN_RESAMPLES = 50000 };

static int larger_first(const void *a, const void *b, void *gain) {
    size_t i = *(const size_t *)a;
    size_t j = *(const size_t *)b;
    double x = fabs(((const double *)gain)[i]);
    double y = fabs(((const double *)gain)[j]);

    if (x > y || x < y)
        return x > y ? -1 : 1;
    return (i > j) - (i < j);
}

accord_code accord_comparison_flips(const accord_comparison *c, size_t **out, size_t *n,
                                    accord_err *err) {
    accord_code rc = accord_alloc(c->x.n_items, sizeof(**out), out, err);

    *n = 0;
    if (rc)
        return rc;
    for (size_t i = 0; i < c->x.n_items; i++)
        if (c->x.gain[i] > 0 || c->x.gain[i] < 0)
            (*out)[(*n)++] = i;
    qsort_r(*out, *n, sizeof(**out), larger_first, c->x.gain);
    return rc;
}

void accord_comparison_show(const accord_comparison *c, int side, const char *item,
                            accord_buf *out) {
    const accord_row *row = side == ACCORD_SIDE_A ? c->a : c->b;
    const accord_rundir *run = side == ACCORD_SIDE_A ? c->run_a : c->run_b;

    accord_show_command(run, row, item, out);
}

accord_spending accord_row_spending(const accord_row *row, const accord_scale *scale) {
    double tokens = row->prompt + row->completion;
    double right = scale->share && row->score.mean > 0 ? row->score.mean : (double)NAN;

    return (accord_spending){.tokens = tokens,
                             .per_right = tokens / right,
                             .cost_per_right = row->cost / (double)row->episodes / right};
}

bool accord_comparison_equal(const accord_comparison *c, size_t n,
                             accord_equal_tokens *out) {
    int side = n < c->a->curves.n ? ACCORD_SIDE_A : ACCORD_SIDE_B;
    const accord_row *mine = side == ACCORD_SIDE_A ? c->a : c->b;
    const accord_row *other = side == ACCORD_SIDE_A ? c->b : c->a;
    size_t at = side == ACCORD_SIDE_A ? n : n - c->a->curves.n;

    if (at >= mine->curves.n)
        return false;
    *out = (accord_equal_tokens){.curve = &mine->curves.items[at],
                                 .side = side,
                                 .tokens = other->prompt + other->completion};
    accord_curve_bracket(out->curve, out->tokens, &out->below, &out->above);
    return true;
}

/* The runs of all tasks that `first` and its likes were compared on, scores brought to
 * 0 .. 1 by their range: [n_runs][n_tasks] of both sides. */
typedef struct matrix {
    double *x[2];
    size_t n_runs[2];
    size_t n_tasks;
} matrix;

static bool belongs(const accord_comparison *c, const accord_comparison *first) {
    return c->x.unit == ACCORD_BY_SEED && !c->e.refused && c->x.n_items > 0 &&
           strcmp(c->a->mode, first->a->mode) == 0 &&
           strcmp(c->a->method, first->a->method) == 0 &&
           strcmp(c->b->method, first->b->method) == 0;
}

static void fill(matrix *m, const accord_comparison *c, size_t task) {
    const json_t *entry = accord_rundir_task(c->run_a, c->a->task);
    double min = accord_report_real(json_object_get(entry, "min"));
    double max = accord_report_real(json_object_get(entry, "max"));

    for (int side = 0; side < 2; side++) {
        const double *x = side ? c->x.b : c->x.a;
        size_t n = side ? c->x.n_b : c->x.n_a;
        for (size_t r = 0; r < m->n_runs[side]; r++)
            m->x[side][r * m->n_tasks + task] =
                r < n ? (x[r] - min) / (max - min) : (double)NAN;
    }
}

static accord_code aggregate(const matrix *m, accord_overall *o, accord_err *err) {
    const accord_draws draws = {.seed = 1, .n = RUN_RESAMPLES};
    const accord_runs a = {m->x[0], m->n_runs[0], m->n_tasks};
    const accord_runs b = {m->x[1], m->n_runs[1], m->n_tasks};
    accord_stat all[ACCORD_RUNS_N_AGGREGATES];

    accord_code rc = accord_runs_aggregate(&a, &draws, all, err);
    if (rc)
        return rc;
    o->iqm_a = all[ACCORD_RUNS_IQM];
    if ((rc = accord_runs_aggregate(&b, &draws, all, err)))
        return rc;
    o->iqm_b = all[ACCORD_RUNS_IQM];
    if ((rc = accord_runs_difference(&a, &b, &draws, all, err)))
        return rc;
    o->iqm_delta = all[ACCORD_RUNS_IQM];
    return accord_runs_improvement(&a, &b, &draws, &o->improvement, err);
}

static accord_code overall(accord_compared *all, const accord_comparison *first,
                           accord_err *err) {
    matrix m = {0};
    accord_overall o = {.first = first};

    for (size_t i = 0; i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        if (!belongs(c, first))
            continue;
        m.n_tasks++;
        m.n_runs[0] = c->x.n_a > m.n_runs[0] ? c->x.n_a : m.n_runs[0];
        m.n_runs[1] = c->x.n_b > m.n_runs[1] ? c->x.n_b : m.n_runs[1];
    }
    accord_code rc = ACCORD_OK;
    for (int side = 0; !rc && side < 2; side++)
        rc = accord_alloc(m.n_runs[side] * m.n_tasks, sizeof(double), &m.x[side], err);
    size_t task = 0;
    for (size_t i = 0; !rc && i < all->n; i++)
        if (belongs(&all->items[i], first))
            fill(&m, &all->items[i], task++);
    o.n_tasks = m.n_tasks;
    if (!rc)
        rc = aggregate(&m, &o, err);
    if (!rc)
        rc = accord_grow(&all->overall, all->n_overall, &all->cap_overall,
                         sizeof(*all->overall), err);
    if (!rc)
        all->overall[all->n_overall++] = o;
    free(m.x[0]);
    free(m.x[1]);
    return rc;
}

accord_code accord_compared_overall(accord_compared *all, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        bool first = belongs(c, c);
        size_t tasks = 0;
        for (size_t j = 0; first && j < all->n; j++) {
            tasks += belongs(&all->items[j], c);
            first = j >= i || !belongs(&all->items[j], c);
        }
        if (first && tasks > 1)
            rc = overall(all, c, err);
    }
    return rc;
}
