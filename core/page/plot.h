/* plot.h - the frame of a chart in SVG: axes with ticks, from data to places. */
#ifndef ACCORD_PAGE_PLOT_H
#define ACCORD_PAGE_PLOT_H

#include <stdbool.h>

#include "base/buf.h"

enum { ACCORD_PLOT_WIDTH = 640, ACCORD_PLOT_HEIGHT = 320, ACCORD_PLOT_COLOURS = 8 };

typedef struct accord_plot {
    const char *id;           /* unique in the page, ours */
    const char *title, *desc; /* what a screen reader says; from anywhere */
    const char *x_label, *y_label;
    double x0, x1, y0, y1; /* what the axes show */
    bool log_x, percent_y;
} accord_plot;

/* [any] Widens a range until it can be shown: not empty, a little air. */
void accord_plot_air(double *lo, double *hi);
/* [any] Opens the SVG element and draws the axes. */
void accord_plot_begin(const accord_plot *p, accord_buf *out);
/* [any] Where a value stands. */
double accord_plot_x(const accord_plot *p, double x);
double accord_plot_y(const accord_plot *p, double y);
/* [any] */
void accord_plot_end(accord_buf *out);

/* [any] A line through n points with its band from lo to hi (NULL, or NaN where there is
 * none), in colour `c`. */
void accord_plot_line(const accord_plot *p, const double *x, const double *y, size_t n,
                      int c, accord_buf *out);
void accord_plot_band(const accord_plot *p, const double *x, const double *lo,
                      const double *hi, size_t n, int c, accord_buf *out);

/* [any] A legend below: begin, a name for each colour, end. */
void accord_plot_legend(accord_buf *out, int c, const char *name);

#endif
