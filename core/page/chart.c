/* chart.c - see chart.h. */
#include "page/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/escape.h"

accord_code accord_chart_add(accord_chart *c, size_t n, accord_curve **out,
                             accord_err *err) {
    accord_code rc = accord_grow(&c->items, c->n, &c->cap, sizeof(*c->items), err);
    if (rc)
        return rc;
    *out = &c->items[c->n++];
    **out = (accord_curve){.n = n};
    double **arrays[] = {&(*out)->x, &(*out)->y, &(*out)->lo, &(*out)->hi};
    for (int i = 0; !rc && i < 4; i++)
        rc = accord_alloc(n, sizeof(double), arrays[i], err);
    return rc;
}

void accord_chart_fini(accord_chart *c) {
    for (size_t i = 0; i < c->n; i++) {
        free(c->items[i].name);
        free(c->items[i].x);
        free(c->items[i].y);
        free(c->items[i].lo);
        free(c->items[i].hi);
    }
    free(c->items);
    *c = (accord_chart){0};
}

static void reach(double *lo, double *hi, double v) {
    if (!isfinite(v))
        return;
    *lo = fmin(*lo, v);
    *hi = fmax(*hi, v);
}

/* The colour of the curve that was added last: its group's, or the next. */
int accord_chart_colour(const accord_chart *c) {
    const accord_curve *last = &c->items[c->n - 1];
    int next = 0;

    for (size_t i = 0; i + 1 < c->n; i++) {
        if (last->group && c->items[i].group &&
            strcmp(last->group, c->items[i].group) == 0)
            return c->items[i].colour;
        next = c->items[i].colour >= next ? c->items[i].colour + 1 : next;
    }
    return next;
}

void accord_chart_draw(const accord_chart *c, accord_plot *plot, accord_buf *b) {
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
        const accord_curve *l = &c->items[k];
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
