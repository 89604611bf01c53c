/* plot.c - see plot.h. */
#include "page/plot.h"

#include <math.h>

#include "page/escape.h"

enum { LEFT = 64, RIGHT = 20, TOP = 14, BOTTOM = 48 };

void accord_plot_air(double *lo, double *hi) {
    if (!isfinite(*lo) || !isfinite(*hi) || *lo > *hi) {
        *lo = 0;
        *hi = 1;
    }
    double air = *hi > *lo ? 0.06 * (*hi - *lo) : fmax(fabs(*lo) * 0.1, 0.5);
    *lo -= air;
    *hi += air;
}

static double share(double v, double lo, double hi, bool log) {
    if (log) {
        v = log10(fmax(v, 1e-300));
        lo = log10(fmax(lo, 1e-300));
        hi = log10(fmax(hi, 1e-300));
    }
    return hi > lo ? fmin(fmax((v - lo) / (hi - lo), -0.1), 1.1) : 0.5;
}

double accord_plot_x(const accord_plot *p, double x) {
    return LEFT + share(x, p->x0, p->x1, p->log_x) * (ACCORD_PLOT_WIDTH - LEFT - RIGHT);
}

double accord_plot_y(const accord_plot *p, double y) {
    return ACCORD_PLOT_HEIGHT - BOTTOM -
           share(y, p->y0, p->y1, false) * (ACCORD_PLOT_HEIGHT - TOP - BOTTOM);
}

/* 1, 2 or 5 times a power of ten, about `wanted` of them in the range. */
static double step_of(double lo, double hi, int wanted) {
    double raw = (hi - lo) / wanted;
    double power = pow(10, floor(log10(raw)));
    double m = raw / power;

    return power * (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10);
}

static void number(accord_buf *out, double v, bool percent) {
    double x = fabs(v) < 1e-12 ? 0 : v;

    if (percent)
        accord_buf_printf(out, "%g %%", round(x * 1e4) / 100);
    else if (fabs(x) >= 1e6)
        accord_buf_printf(out, "%gM", round(x / 1e4) / 100);
    else if (fabs(x) >= 1e4)
        accord_buf_printf(out, "%gk", round(x / 10) / 100);
    else
        accord_buf_printf(out, "%.4g", x);
}

static void y_tick(const accord_plot *p, double v, accord_buf *out) {
    double y = accord_plot_y(p, v);

    accord_buf_printf(out,
                      "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
                      "y2=\"%.1f\"/><text class=\"tick\" text-anchor=\"end\" x=\"%d\" "
                      "y=\"%.1f\">",
                      LEFT, ACCORD_PLOT_WIDTH - RIGHT, y, y, LEFT - 8, y + 4);
    number(out, v, p->percent_y);
    accord_buf_puts(out, "</text>\n");
}

static void x_tick(const accord_plot *p, double v, accord_buf *out) {
    double x = accord_plot_x(p, v);

    accord_buf_printf(out,
                      "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
                      "y2=\"%d\"/><text class=\"tick\" text-anchor=\"middle\" "
                      "x=\"%.1f\" y=\"%d\">",
                      x, x, TOP, ACCORD_PLOT_HEIGHT - BOTTOM, x,
                      ACCORD_PLOT_HEIGHT - BOTTOM + 17);
    number(out, v, false);
    accord_buf_puts(out, "</text>\n");
}

static void x_ticks(const accord_plot *p, accord_buf *out) {
    static const double marks[] = {1, 2, 5};

    if (!p->log_x) {
        double step = step_of(p->x0, p->x1, 6);
        for (double v = ceil(p->x0 / step) * step; v <= p->x1 + step * 1e-9; v += step)
            x_tick(p, v, out);
        return;
    }
    for (double power = pow(10, floor(log10(p->x0))); power <= p->x1; power *= 10)
        for (int i = 0; i < 3; i++)
            if (power * marks[i] >= p->x0 && power * marks[i] <= p->x1)
                x_tick(p, power * marks[i], out);
}

void accord_plot_begin(const accord_plot *p, accord_buf *out) {
    accord_buf_printf(out,
                      "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" "
                      "aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">",
                      ACCORD_PLOT_WIDTH, ACCORD_PLOT_HEIGHT, p->id, p->id, p->id);
    accord_page_text(out, p->title);
    accord_buf_printf(out, "</title><desc id=\"%s-d\">", p->id);
    accord_page_text(out, p->desc);
    accord_buf_puts(out, "</desc>\n");
    double step = step_of(p->y0, p->y1, 5);
    for (double v = ceil(p->y0 / step) * step; v <= p->y1 + step * 1e-9; v += step)
        y_tick(p, v, out);
    x_ticks(p, out);
    accord_buf_printf(out,
                      "<text class=\"label\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">",
                      (LEFT + ACCORD_PLOT_WIDTH - RIGHT) / 2, ACCORD_PLOT_HEIGHT - 8);
    accord_page_text(out, p->x_label);
    accord_buf_printf(out,
                      "</text><text class=\"label\" text-anchor=\"middle\" "
                      "transform=\"translate(14 %d) rotate(-90)\">",
                      (TOP + ACCORD_PLOT_HEIGHT - BOTTOM) / 2);
    accord_page_text(out, p->y_label);
    accord_buf_puts(out, "</text>\n");
}

void accord_plot_end(accord_buf *out) {
    accord_buf_puts(out, "</svg>\n");
}

void accord_plot_line(const accord_plot *p, const double *x, const double *y, size_t n,
                      int c, accord_buf *out) {
    bool open = false;

    accord_buf_printf(out, "<path class=\"line c%d\" d=\"", c % ACCORD_PLOT_COLOURS);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(y[i]))
            continue;
        accord_buf_printf(out, "%s%.1f %.1f", open ? "L" : "M", accord_plot_x(p, x[i]),
                          accord_plot_y(p, y[i]));
        open = true;
    }
    accord_buf_puts(out, "\"/>\n");
}

void accord_plot_band(const accord_plot *p, const double *x, const double *lo,
                      const double *hi, size_t n, int c, accord_buf *out) {
    bool open = false;

    for (size_t i = 0; i < n; i++)
        if (!isfinite(lo[i]) || !isfinite(hi[i]))
            return;
    accord_buf_printf(out, "<path class=\"band c%d\" d=\"", c % ACCORD_PLOT_COLOURS);
    for (size_t i = 0; i < n; i++) {
        accord_buf_printf(out, "%s%.1f %.1f", open ? "L" : "M", accord_plot_x(p, x[i]),
                          accord_plot_y(p, hi[i]));
        open = true;
    }
    for (size_t i = n; i > 0; i--)
        accord_buf_printf(out, "L%.1f %.1f", accord_plot_x(p, x[i - 1]),
                          accord_plot_y(p, lo[i - 1]));
    accord_buf_puts(out, open ? "Z\"/>\n" : "\"/>\n");
}

void accord_plot_legend(accord_buf *out, int c, const char *name) {
    accord_buf_printf(out,
                      "<li><svg class=\"key\" viewBox=\"0 0 28 10\" aria-hidden=\"true\">"
                      "<path class=\"line c%d\" d=\"M1 5L27 5\"/></svg> ",
                      c % ACCORD_PLOT_COLOURS);
    accord_page_text(out, name);
    accord_buf_puts(out, "</li>\n");
}
