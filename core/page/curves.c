/* curves.c - what becomes of training: learning curves and profiles over seeds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/chart.h"
#include "page/pages.h"
#include "stats/runs.h"

enum { N_TAU = 61 };

static bool is_row(const accord_page_cell *c, const accord_rundir *run,
                   const accord_row *row) {
    return c->run == run && strcmp(c->cell->task, row->task) == 0 &&
           strcmp(c->cell->method, row->method) == 0;
}

/* The marks of a row, by step and cell: out[n_marks], returns how many. */
static size_t marks_of(const accord_page *p, size_t run, const accord_row *row,
                       const accord_page_mark **out) {
    size_t n = 0;

    for (size_t i = 0; i < p->n_marks; i++) {
        const accord_page_mark *m = &p->marks[i];
        if (is_row(&p->cells[m->cell], &p->runs[run], row) &&
            strcmp(m->mode, row->mode) == 0)
            out[n++] = m;
    }
    return n;
}

static int by_step(const void *a, const void *b) {
    const accord_page_mark *x = *(const accord_page_mark *const *)a;
    const accord_page_mark *y = *(const accord_page_mark *const *)b;

    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static double mean_seconds(const accord_page_mark **marks, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += marks[i]->seconds;
    return sum / (double)n;
}

/* The IQM over seeds at each step at which all seeds were evaluated.  The horizontal axis
 * is the step, or `by_time` how long its seeds trained to get there, on average. */
static accord_code fill_curve(const accord_page_mark **marks, size_t n, size_t seeds,
                              bool by_time, accord_curve *out, accord_err *err) {
    double *x = NULL;
    accord_stat *iqm = NULL;
    accord_stat area;
    size_t points = 0;

    accord_code rc = accord_alloc(n, sizeof(*x), &x, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(*iqm), &iqm, err);
    for (size_t i = 0; !rc && i + seeds <= n;) {
        if (marks[i + seeds - 1]->step != marks[i]->step) {
            uint64_t step = marks[i]->step;
            while (i < n && marks[i]->step == step)
                i++;
            continue;
        }
        out->x[points] =
            by_time ? mean_seconds(marks + i, seeds) : (double)marks[i]->step;
        for (size_t s = 0; s < seeds; s++)
            x[points * seeds + s] = marks[i + s]->sum / (double)marks[i + s]->n;
        points++;
        i += seeds;
    }
    if (!rc && points)
        rc = accord_runs_curve(&(accord_curves){out->x, x, points, seeds, 1},
                               &(accord_draws){.seed = 1, .n = 2000}, iqm, &area, err);
    for (size_t i = 0; !rc && i < points; i++) {
        out->y[i] = iqm[i].mean;
        out->lo[i] = iqm[i].lo;
        out->hi[i] = iqm[i].hi;
    }
    out->n = points;
    free(x);
    free(iqm);
    return rc;
}

static size_t count_cells(const accord_page_mark **marks, size_t n) {
    size_t seeds = 0;

    for (size_t i = 0; i < n; i++) {
        bool new = true;
        for (size_t k = 0; new &&k < i; k++)
            new = marks[k]->cell != marks[i]->cell;
        seeds += new;
    }
    return seeds;
}

/* Some clock ran, and it is known of all. */
static bool has_times(const accord_page_mark **marks, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += marks[i]->seconds;
    return sum > 0;
}

static accord_code add_row(const accord_page *p, size_t run, const accord_row *row,
                           bool by_time, accord_chart *c, accord_err *err) {
    const accord_page_mark **marks;
    accord_curve *line;

    accord_code rc = accord_alloc(p->n_marks, sizeof(*marks), &marks, err);
    size_t n = rc ? 0 : marks_of(p, run, row, marks);
    if (n)
        qsort(marks, n, sizeof(*marks), by_step);
    if (!rc && n && marks[0]->step != marks[n - 1]->step &&
        (!by_time || has_times(marks, n))) {
        rc = accord_chart_add(c, n, &line, err);
        if (!rc) {
            line->name = accord_page_row_name(p, row);
            line->colour = accord_chart_colour(c);
            rc = fill_curve(marks, n, count_cells(marks, n), by_time, line, err);
        }
    }
    free(marks);
    return rc;
}

/* Seconds into what suits the longest training; its label. */
static const char *in_units(accord_chart *c) {
    static const struct {
        double seconds;
        const char *label;
    } units[] = {{3600, "training time, hours"},
                 {60, "training time, minutes"},
                 {1, "training time, seconds"}};
    double longest = 0;
    size_t u = 0;

    for (size_t k = 0; k < c->n; k++)
        for (size_t i = 0; i < c->items[k].n; i++)
            longest = fmax(longest, c->items[k].x[i]);
    while (units[u].seconds > 1 && longest < 3 * units[u].seconds)
        u++;
    for (size_t k = 0; k < c->n; k++)
        for (size_t i = 0; i < c->items[k].n; i++)
            c->items[k].x[i] /= units[u].seconds;
    return units[u].label;
}

static void draw_learning(accord_page *p, size_t run, const accord_row *first,
                          bool by_time, accord_chart *c, size_t *number) {
    accord_scale scale = accord_page_scale(p, run, first);
    const char *steps = accord_rundir_acts(&p->runs[run], first->task)
                            ? "training, agent steps"
                            : "training episodes";
    char *place = accord_row_place(first);
    char *title =
        accord_xasprintf("%s: learning curves%s", place, by_time ? " against time" : "");
    char id[32];

    if (!*number)
        accord_page_section(&p->b, "curves", "Learning curves");
    snprintf(id, sizeof(id), "curve%zu", (*number)++);
    accord_chart_draw(c,
                      &(accord_plot){.id = id,
                                     .title = title,
                                     .desc = "The interquartile mean over training seeds "
                                             "at each evaluation, with a 95 % bootstrap "
                                             "band from two seeds on.",
                                     .x_label = by_time ? in_units(c) : steps,
                                     .y_label = scale.name,
                                     .percent_y = scale.share},
                      &p->b);
    free(place);
    free(title);
}

static accord_code learning(accord_page *p, size_t run, size_t from, size_t to,
                            bool by_time, size_t *number, accord_err *err) {
    accord_code rc = ACCORD_OK;
    accord_chart c = {0};

    for (size_t i = from; !rc && i < to; i++)
        rc = add_row(p, run, &p->rows[run].items[i], by_time, &c, err);
    if (!rc && c.n)
        draw_learning(p, run, &p->rows[run].items[from], by_time, &c, number);
    accord_chart_fini(&c);
    return rc;
}

accord_code accord_page_curves(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t r = 0; !rc && r < p->n_runs; r++) {
        const accord_rows *rows = &p->rows[r];
        for (size_t i = 0; !rc && i < rows->n;) {
            size_t to = accord_page_place_end(rows, i);
            rc = learning(p, r, i, to, false, &number, err);
            if (!rc)
                rc = learning(p, r, i, to, true, &number, err);
            i = to;
        }
    }
    if (number)
        accord_buf_puts(&p->b,
                        "<p class=\"quiet\">Lines are interquartile means over "
                        "training seeds, bands their 95 % bootstrap intervals. "
                        "Training time is that of the training episodes, updates "
                        "included and evaluations left out; it depends on the machine "
                        "and on what else ran there.</p>\n"
                        "</section>\n");
    return rc;
}

static bool same_mode(const accord_row *row, const char *mode) {
    return row->unit == ACCORD_BY_SEED && row->done > 0 && strcmp(row->mode, mode) == 0;
}

/* The mean score of each seed of a row, from 0 to 1 in the task's range. */
static void seed_scores(const accord_page *p, size_t run, const accord_row *row,
                        double *x, size_t n_runs, size_t n_tasks, size_t task) {
    const json_t *entry = accord_rundir_task(&p->runs[run], row->task);
    double min = accord_report_real(json_object_get(entry, "min"));
    double max = accord_report_real(json_object_get(entry, "max"));

    for (size_t s = 0; s < n_runs; s++) {
        double sum = 0;
        size_t n = 0;
        for (size_t i = 0; s < row->done && i < row->scores.n_items; i++) {
            double score = accord_grid_score(&row->scores, i, s);
            if (isnan(score))
                continue;
            sum += score;
            n++;
        }
        x[s * n_tasks + task] = n ? (sum / (double)n - min) / (max - min) : (double)NAN;
    }
}

static accord_code add_profile(const accord_page *p, size_t run, const accord_row *first,
                               accord_chart *c, accord_err *err) {
    const accord_rows *rows = &p->rows[run];
    size_t n_tasks = 0, n_runs = 0, task = 0;
    accord_stat share[N_TAU];
    double *x = NULL;
    accord_curve *line = NULL;

    for (size_t i = 0; i < rows->n; i++)
        if (same_mode(&rows->items[i], first->mode) &&
            strcmp(rows->items[i].method, first->method) == 0) {
            n_tasks++;
            n_runs = rows->items[i].done > n_runs ? rows->items[i].done : n_runs;
        }
    if (n_runs < 2)
        return ACCORD_OK;
    accord_code rc = accord_alloc(n_runs * n_tasks, sizeof(*x), &x, err);
    for (size_t i = 0; !rc && i < rows->n; i++)
        if (same_mode(&rows->items[i], first->mode) &&
            strcmp(rows->items[i].method, first->method) == 0)
            seed_scores(p, run, &rows->items[i], x, n_runs, n_tasks, task++);
    if (!rc)
        rc = accord_chart_add(c, N_TAU, &line, err);
    for (size_t i = 0; !rc && i < N_TAU; i++)
        line->x[i] = (double)i / (N_TAU - 1);
    if (!rc) {
        line->name = accord_page_row_name(p, first);
        line->colour = accord_chart_colour(c);
        rc = accord_runs_profile(&(accord_runs){x, n_runs, n_tasks},
                                 &(accord_profile){line->x, N_TAU, ACCORD_RUNS_ALL_RUNS},
                                 &(accord_draws){.seed = 1, .n = 2000}, share, err);
    }
    for (size_t i = 0; !rc && i < N_TAU; i++) {
        line->y[i] = share[i].mean;
        line->lo[i] = share[i].lo;
        line->hi[i] = share[i].hi;
    }
    free(x);
    return rc;
}

static bool seen_mode(const accord_rows *rows, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (same_mode(&rows->items[i], rows->items[at].mode))
            return true;
    return false;
}

static bool seen_method(const accord_rows *rows, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (same_mode(&rows->items[i], rows->items[at].mode) &&
            strcmp(rows->items[i].method, rows->items[at].method) == 0)
            return true;
    return false;
}

static accord_code profile(accord_page *p, size_t run, const char *mode, size_t *number,
                           accord_err *err) {
    const accord_rows *rows = &p->rows[run];
    accord_code rc = ACCORD_OK;
    accord_chart c = {0};

    for (size_t i = 0; !rc && i < rows->n; i++)
        if (same_mode(&rows->items[i], mode) && !seen_method(rows, i))
            rc = add_profile(p, run, &rows->items[i], &c, err);
    if (!rc && c.n) {
        char *title =
            accord_xasprintf("All control tasks, %s: performance profile", mode);
        char id[32];
        if (!*number)
            accord_page_section(&p->b, "profiles", "Performance profiles");
        snprintf(id, sizeof(id), "profile%zu", (*number)++);
        accord_chart_draw(
            &c,
            &(accord_plot){.id = id,
                           .title = title,
                           .desc = "The share of tasks and training seeds whose score, "
                                   "from 0 to 1 in the task's range, is above the value "
                                   "on the horizontal axis, with 95 % bootstrap bands.",
                           .x_label = "score, 0 to 1 in the task's range",
                           .y_label = "share of runs above it",
                           .percent_y = true},
            &p->b);
        free(title);
    }
    accord_chart_fini(&c);
    return rc;
}

accord_code accord_page_profiles(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t r = 0; !rc && r < p->n_runs; r++)
        for (size_t i = 0; !rc && i < p->rows[r].n; i++) {
            const accord_row *row = &p->rows[r].items[i];
            if (same_mode(row, row->mode) && !seen_mode(&p->rows[r], i))
                rc = profile(p, r, row->mode, &number, err);
        }
    if (number)
        accord_buf_puts(&p->b, "</section>\n");
    return rc;
}
