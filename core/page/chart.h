/* chart.h - lines with bands in a plot, and the legend below. */
#ifndef ACCORD_PAGE_CHART_H
#define ACCORD_PAGE_CHART_H

#include "base/err.h"
#include "page/plot.h"

/* One curve: [n] points. */
typedef struct accord_curve {
    char *name;        /* on the line */
    const char *group; /* in the legend, or NULL; curves of a group share a colour */
    int colour;
    double *x, *y, *lo, *hi; /* NaN in lo and hi: no band */
    size_t n;
} accord_curve;

typedef struct accord_chart {
    accord_curve *items;
    size_t n, cap;
} accord_chart;

/* [main] One more curve with room for n points, which the caller fills in. */
accord_code accord_chart_add(accord_chart *c, size_t n, accord_curve **out,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [any] The colour of the curve that was added last: its group's, or the next. */
int accord_chart_colour(const accord_chart *c);
/* [any] Draws it; the ranges of `plot` are set to those of the curves. */
void accord_chart_draw(const accord_chart *c, accord_plot *plot, accord_buf *out);
/* [any] */
void accord_chart_fini(accord_chart *c);

#endif
