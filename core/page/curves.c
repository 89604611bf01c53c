/* curves.c - what happens during training: learning curves, profiles over seeds, metrics.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"
#include "page/plot.h"
#include "stats/runs.h"

enum { MAX_METRIC_CHARTS = 40, MAX_POINTS = 240, N_TAU = 61 };

/* One curve of a chart: [n] points. */
typedef struct curve {
    char *name;        /* on the line */
    const char *group; /* in the legend; curves of a group share a colour */
    int colour;
    double *x, *y, *lo, *hi;
    size_t n;
} curve;

typedef struct chart {
    curve *items;
    size_t n, cap;
} chart;

static accord_code add_curve(chart *c, size_t n, curve **out, accord_err *err) {
    accord_code rc = accord_grow(&c->items, c->n, &c->cap, sizeof(*c->items), err);
    if (rc)
        return rc;
    *out = &c->items[c->n++];
    **out = (curve){.n = n};
    double **arrays[] = {&(*out)->x, &(*out)->y, &(*out)->lo, &(*out)->hi};
    for (int i = 0; !rc && i < 4; i++)
        rc = accord_alloc(n, sizeof(double), arrays[i], err);
    return rc;
}

static void chart_fini(chart *c) {
    for (size_t i = 0; i < c->n; i++) {
        free(c->items[i].name);
        free(c->items[i].x);
        free(c->items[i].y);
        free(c->items[i].lo);
        free(c->items[i].hi);
    }
    free(c->items);
    *c = (chart){0};
}

static void reach(double *lo, double *hi, double v) {
    if (!isfinite(v))
        return;
    *lo = fmin(*lo, v);
    *hi = fmax(*hi, v);
}

/* The colour of the curve that was added last: its group's, or the next. */
static int colour_of(const chart *c) {
    const curve *last = &c->items[c->n - 1];
    int next = 0;

    for (size_t i = 0; i + 1 < c->n; i++) {
        if (last->group && c->items[i].group &&
            strcmp(last->group, c->items[i].group) == 0)
            return c->items[i].colour;
        next = c->items[i].colour >= next ? c->items[i].colour + 1 : next;
    }
    return next;
}

static void draw(accord_buf *b, const chart *c, accord_plot *plot) {
    int colours = 0;

    plot->x0 = plot->y0 = (double)INFINITY;
    plot->x1 = plot->y1 = -(double)INFINITY;
    for (size_t k = 0; k < c->n; k++)
        for (size_t i = 0; i < c->items[k].n; i++) {
            reach(&plot->x0, &plot->x1, c->items[k].x[i]);
            reach(&plot->y0, &plot->y1, c->items[k].y[i]);
            reach(&plot->y0, &plot->y1, c->items[k].lo[i]);
            reach(&plot->y0, &plot->y1, c->items[k].hi[i]);
        }
    accord_plot_air(&plot->y0, &plot->y1);
    if (!(plot->x1 > plot->x0))
        accord_plot_air(&plot->x0, &plot->x1);
    accord_buf_puts(b, "<figure><figcaption>");
    accord_page_text(b, plot->title);
    accord_buf_puts(b, "</figcaption>\n");
    accord_plot_begin(plot, b);
    for (size_t k = 0; k < c->n; k++) {
        const curve *l = &c->items[k];
        accord_buf_puts(b, "<g><title>");
        accord_page_text(b, l->name);
        accord_buf_puts(b, "</title>\n");
        accord_plot_band(plot, l->x, l->lo, l->hi, l->n, l->colour, b);
        accord_plot_line(plot, l->x, l->y, l->n, l->colour, b);
        accord_buf_puts(b, "</g>\n");
    }
    accord_plot_end(b);
    accord_buf_puts(b, "<ul class=\"legend\">\n");
    for (size_t k = 0; k < c->n; k++)
        if (c->items[k].colour == colours)
            accord_plot_legend(b, colours++,
                               c->items[k].group ? c->items[k].group : c->items[k].name);
    accord_buf_puts(b, "</ul></figure>\n");
}

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

/* The IQM over seeds at each step at which all seeds were evaluated. */
static accord_code fill_curve(const accord_page_mark **marks, size_t n, size_t seeds,
                              curve *out, accord_err *err) {
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
        out->x[points] = (double)marks[i]->step;
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

static accord_code add_row(const accord_page *p, size_t run, const accord_row *row,
                           chart *c, accord_err *err) {
    const accord_page_mark **marks;
    curve *line;

    accord_code rc = accord_alloc(p->n_marks, sizeof(*marks), &marks, err);
    size_t n = rc ? 0 : marks_of(p, run, row, marks);
    if (n)
        qsort(marks, n, sizeof(*marks), by_step);
    if (!rc && n && marks[0]->step != marks[n - 1]->step) {
        rc = add_curve(c, n, &line, err);
        if (!rc) {
            line->name = accord_page_row_name(p, row);
            line->colour = colour_of(c);
            rc = fill_curve(marks, n, count_cells(marks, n), line, err);
        }
    }
    free(marks);
    return rc;
}

static accord_code learning(accord_page *p, size_t run, size_t from, size_t to,
                            size_t *number, accord_err *err) {
    const accord_row *first = &p->rows[run].items[from];
    accord_scale scale = accord_page_scale(p, run, first);
    accord_code rc = ACCORD_OK;
    chart c = {0};

    for (size_t i = from; !rc && i < to; i++)
        rc = add_row(p, run, &p->rows[run].items[i], &c, err);
    if (!rc && c.n) {
        char *place = accord_row_place(first);
        char *title = accord_xasprintf("%s: learning curves", place);
        char id[32];
        if (!*number)
            accord_page_section(&p->b, "curves", "Learning curves");
        snprintf(id, sizeof(id), "curve%zu", (*number)++);
        draw(&p->b, &c,
             &(accord_plot){.id = id,
                            .title = title,
                            .desc = "The interquartile mean over training seeds at each "
                                    "evaluation, with a 95 % bootstrap band from two "
                                    "seeds on.",
                            .x_label = "training (episodes or steps)",
                            .y_label = scale.name,
                            .percent_y = scale.share});
        free(place);
        free(title);
    }
    chart_fini(&c);
    return rc;
}

accord_code accord_page_curves(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t r = 0; !rc && r < p->n_runs; r++) {
        const accord_rows *rows = &p->rows[r];
        for (size_t i = 0; !rc && i < rows->n;) {
            size_t to = accord_page_place_end(rows, i);
            rc = learning(p, r, i, to, &number, err);
            i = to;
        }
    }
    if (number)
        accord_buf_puts(&p->b,
                        "<p class=\"quiet\">Lines are interquartile means over "
                        "training seeds, bands their 95 % bootstrap intervals.</p>\n"
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
                               chart *c, accord_err *err) {
    const accord_rows *rows = &p->rows[run];
    size_t n_tasks = 0, n_runs = 0, task = 0;
    accord_stat share[N_TAU];
    double *x = NULL;
    curve *line = NULL;

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
        rc = add_curve(c, N_TAU, &line, err);
    for (size_t i = 0; !rc && i < N_TAU; i++)
        line->x[i] = (double)i / (N_TAU - 1);
    if (!rc) {
        line->name = accord_page_row_name(p, first);
        line->colour = colour_of(c);
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
    chart c = {0};

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
        draw(&p->b, &c,
             &(accord_plot){.id = id,
                            .title = title,
                            .desc = "The share of tasks and training seeds whose score, "
                                    "from 0 to 1 in the task's range, is above the value "
                                    "on the horizontal axis, with 95 % bootstrap bands.",
                            .x_label = "score, 0 to 1 in the task's range",
                            .y_label = "share of runs above it",
                            .percent_y = true});
        free(title);
    }
    chart_fini(&c);
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

/* The points of one cell's metric; metrics of a cell stand in the journal's order. */
static accord_code add_metric(const accord_page *p, uint32_t cell, const char *name,
                              chart *c, accord_err *err) {
    const accord_page_cell *of = &p->cells[cell];
    size_t n = 0, at = 0;
    curve *line;

    for (size_t i = of->first_metric; i < of->end_metric; i++)
        n += p->metrics[i].name == name;
    if (n < 2)
        return ACCORD_OK;
    size_t every = (n + MAX_POINTS - 1) / MAX_POINTS;
    accord_code rc = add_curve(c, n / every + 1, &line, err);
    if (rc)
        return rc;
    line->name = accord_xasprintf("%s, seed %llu", of->cell->method,
                                  (unsigned long long)of->cell->seed);
    line->group = of->cell->method;
    line->colour = colour_of(c);
    line->n = 0;
    for (size_t i = of->first_metric; i < of->end_metric; i++) {
        const accord_page_metric *m = &p->metrics[i];
        if (m->name != name || at++ % every)
            continue;
        line->x[line->n] = (double)m->step;
        line->y[line->n] = m->sum / (double)m->n;
        line->lo[line->n] = line->hi[line->n] = (double)NAN;
        line->n++;
    }
    return rc;
}

static accord_code metric(accord_page *p, const accord_page_cell *of, const char *name,
                          size_t *number, accord_err *err) {
    accord_code rc = ACCORD_OK;
    chart c = {0};

    for (uint32_t i = 0; !rc && i < p->n_cells; i++)
        if (p->cells[i].run == of->run &&
            strcmp(p->cells[i].cell->task, of->cell->task) == 0)
            rc = add_metric(p, i, name, &c, err);
    if (!rc && c.n) {
        if (!*number)
            accord_page_section(&p->b, "metrics", "Metrics of the methods");
        if (*number < MAX_METRIC_CHARTS) {
            char *title = accord_xasprintf("%s: %s", of->cell->task, name);
            char id[32];
            snprintf(id, sizeof(id), "metric%zu", *number);
            draw(&p->b, &c,
                 &(accord_plot){.id = id,
                                .title = title,
                                .desc =
                                    "What the method reported, a line for each of its "
                                    "seeds; values of several episodes are averaged.",
                                .x_label = "step",
                                .y_label = name});
            free(title);
        }
        ++*number;
    }
    chart_fini(&c);
    return rc;
}

static bool first_of_task(const accord_page *p, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (p->cells[i].run == p->cells[at].run &&
            strcmp(p->cells[i].cell->task, p->cells[at].cell->task) == 0)
            return false;
    return true;
}

accord_code accord_page_metrics(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t i = 0; !rc && i < p->n_cells; i++)
        for (size_t k = 0; !rc && first_of_task(p, i) && k < p->names.n; k++)
            rc = metric(p, &p->cells[i], p->names.items[k], &number, err);
    if (number > MAX_METRIC_CHARTS)
        accord_buf_printf(&p->b,
                          "<p class=\"note\">%zu more charts of metrics are left "
                          "out.</p>\n",
                          number - MAX_METRIC_CHARTS);
    if (number)
        accord_buf_puts(&p->b, "</section>\n");
    return rc;
}
