/* metrics.c - what methods reported of themselves during training. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/chart.h"
#include "page/pages.h"

/* Of more seeds than lines a chart would be a thicket: they become a mean. */
enum { MAX_METRIC_CHARTS = 40, MAX_POINTS = 240, MAX_LINES = 3 };

/* A cell's values of a metric, by step; metrics of a cell stand in the journal's order.
 */
typedef struct series {
    double *x, *y; /* [n] */
    size_t n;
} series;

static accord_code series_read(const accord_page *p, const accord_page_cell *of,
                               const char *name, series *out, accord_err *err) {
    size_t room = of->end_metric - of->first_metric;

    accord_code rc = accord_alloc(room, sizeof(double), &out->x, err);
    if (!rc)
        rc = accord_alloc(room, sizeof(double), &out->y, err);
    for (size_t i = of->first_metric; !rc && i < of->end_metric; i++) {
        const accord_page_metric *m = &p->metrics[i];
        if (m->name != name || (out->n && (double)m->step <= out->x[out->n - 1]))
            continue;
        out->x[out->n] = (double)m->step;
        out->y[out->n++] = m->sum / (double)m->n;
    }
    return rc;
}

/* The value at a step, on the line between its neighbours; NaN beyond its ends. */
static double series_at(const series *s, double x) {
    size_t lo = 0, hi = s->n;

    if (!s->n || x < s->x[0] || x > s->x[s->n - 1])
        return (double)NAN;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        *(s->x[mid] <= x ? &lo : &hi) = mid;
    }
    if (s->x[lo] == x) /* the neighbour's value may be no number */
        return s->y[lo];
    return s->y[lo] + (s->y[hi] - s->y[lo]) * (x - s->x[lo]) / (s->x[hi] - s->x[lo]);
}

/* A line of its own for a seed. */
static accord_code draw_seed(const series *s, const accord_run_cell *cell,
                             accord_chart *c, accord_err *err) {
    size_t every = (s->n + MAX_POINTS - 1) / MAX_POINTS;
    accord_curve *line;

    accord_code rc = accord_chart_add(c, s->n / every + 1, &line, err);
    if (rc)
        return rc;
    line->name =
        accord_xasprintf("%s, seed %llu", cell->method, (unsigned long long)cell->seed);
    line->group = cell->method;
    line->colour = accord_chart_colour(c);
    line->n = 0;
    for (size_t i = 0; i < s->n; i += every) {
        line->x[line->n] = s->x[i];
        line->y[line->n] = s->y[i];
        line->lo[line->n] = line->hi[line->n] = (double)NAN;
        line->n++;
    }
    return rc;
}

/* Mean, least and largest over the seeds that have a number at step x, if any has. */
static void gather_at(const series *seeds, size_t n, double x, accord_curve *line) {
    double sum = 0, lo = HUGE_VAL, hi = -HUGE_VAL;
    size_t known = 0;

    for (size_t i = 0; i < n; i++) {
        double y = series_at(&seeds[i], x);
        if (!isfinite(y))
            continue;
        sum += y;
        lo = fmin(lo, y);
        hi = fmax(hi, y);
        known++;
    }
    if (!known)
        return;
    line->x[line->n] = x;
    line->y[line->n] = sum / (double)known;
    line->lo[line->n] = lo;
    line->hi[line->n++] = hi;
}

/* Many seeds are one line with a band, at the steps of the seed that has most of them. */
static accord_code draw_mean(const series *seeds, size_t n, const char *method,
                             accord_chart *c, accord_err *err) {
    const series *most = &seeds[0];
    accord_curve *line;

    for (size_t i = 1; i < n; i++)
        most = seeds[i].n > most->n ? &seeds[i] : most;
    size_t every = (most->n + MAX_POINTS - 1) / MAX_POINTS;
    accord_code rc = accord_chart_add(c, most->n / every + 1, &line, err);
    if (rc)
        return rc;
    line->name = accord_xasprintf("%s, mean of %zu seeds", method, n);
    line->group = method;
    line->colour = accord_chart_colour(c);
    line->n = 0;
    for (size_t i = 0; i < most->n; i += every)
        gather_at(seeds, n, most->x[i], line);
    return rc;
}

static bool same_task(const accord_page_cell *a, const accord_page_cell *b) {
    return a->run == b->run && strcmp(a->cell->task, b->cell->task) == 0;
}

static bool same_method(const accord_page_cell *a, const accord_page_cell *b) {
    return same_task(a, b) && strcmp(a->cell->method, b->cell->method) == 0;
}

/* All seeds of the method of cell `first`. */
static accord_code add_method(const accord_page *p, size_t first, const char *name,
                              accord_chart *c, accord_err *err) {
    const accord_run_cell **cells = NULL;
    series *seeds = NULL;
    size_t n = 0;

    accord_code rc = accord_alloc(p->n_cells, sizeof(*cells), &cells, err);
    if (!rc)
        rc = accord_alloc(p->n_cells, sizeof(*seeds), &seeds, err);
    for (size_t i = first; !rc && i < p->n_cells; i++) {
        if (!same_method(&p->cells[i], &p->cells[first]))
            continue;
        rc = series_read(p, &p->cells[i], name, &seeds[n], err);
        cells[n++] = p->cells[i].cell;
    }
    size_t drawn = 0;
    for (size_t i = 0; !rc && i < n; i++) { /* one value is no line */
        series s = seeds[i];
        seeds[i] = seeds[drawn];
        cells[drawn] = cells[i];
        seeds[drawn] = s;
        drawn += s.n > 1;
    }
    if (!rc && drawn > MAX_LINES)
        rc = draw_mean(seeds, drawn, cells[0]->method, c, err);
    for (size_t i = 0; !rc && drawn <= MAX_LINES && i < drawn; i++)
        rc = draw_seed(&seeds[i], cells[i], c, err);
    for (size_t i = 0; i < n; i++) {
        free(seeds[i].x);
        free(seeds[i].y);
    }
    free(seeds);
    free(cells);
    return rc;
}

static bool first_of_method(const accord_page *p, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (same_method(&p->cells[i], &p->cells[at]))
            return false;
    return true;
}

static accord_code metric(accord_page *p, const accord_page_cell *of, const char *name,
                          size_t *number, accord_err *err) {
    accord_code rc = ACCORD_OK;
    accord_chart c = {0};

    for (size_t i = 0; !rc && i < p->n_cells; i++)
        if (same_task(&p->cells[i], of) && first_of_method(p, i))
            rc = add_method(p, i, name, &c, err);
    if (!rc && c.n) {
        if (!*number)
            accord_page_section(&p->b, "metrics", "Metrics of the methods");
        if (*number < MAX_METRIC_CHARTS) {
            char *title = accord_xasprintf("%s: %s", of->cell->task, name);
            char id[32];
            snprintf(id, sizeof(id), "metric%zu", *number);
            accord_chart_draw(
                &c,
                &(accord_plot){.id = id,
                               .title = title,
                               .desc = "What the method reported, a line for each of its "
                                       "seeds, or of more than three their mean with a "
                                       "band from the least to the largest; values of "
                                       "several episodes are averaged.",
                               .x_label = "step",
                               .y_label = name},
                &p->b);
            free(title);
        }
        ++*number;
    }
    accord_chart_fini(&c);
    return rc;
}

static bool first_of_task(const accord_page *p, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (same_task(&p->cells[i], &p->cells[at]))
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
