/* trend_svg.c - a trend as an SVG picture: a panel for each series, one below the other.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "judge/trend.h"
#include "judge/xml.h"

/* Sizes in pixels. */
enum { WIDTH = 860, LEFT = 72, RIGHT = 24, TITLE = 44, PLOT = 120, BELOW = 40 };
enum { PANEL = TITLE + PLOT + BELOW, MOST_POINTS = 400 };

/* What a panel shows of its series, and where. */
typedef struct panel {
    const accord_trend_series *s;
    size_t from; /* the first point that is shown */
    double top;
    double lo, hi; /* scores at the plot's edges */
    double tick;   /* between two lines */
} panel;

static const char style[] =
    "<style>\n"
    "text { font: 12px system-ui, sans-serif; fill: #1f2328; }\n"
    ".name { font-size: 14px; font-weight: 600; }\n"
    ".soft { fill: #59636e; }\n"
    ".paper { fill: #ffffff; }\n"
    ".grid { stroke: #d1d9e0; stroke-width: 1; }\n"
    ".whisker { stroke: #8c959f; stroke-width: 1; }\n"
    ".point { fill: #0550ae; }\n"
    ".level { stroke: #0550ae; stroke-width: 2; opacity: 0.45; }\n"
    ".better { stroke: #1a7f37; stroke-width: 1.5; stroke-dasharray: 4 3; }\n"
    ".worse { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 3; }\n"
    "text.better, text.worse { stroke: none; }\n"
    "text.better { fill: #1a7f37; }\n"
    "text.worse { fill: #cf222e; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "text { fill: #f0f6fc; }\n"
    ".soft { fill: #9198a1; }\n"
    ".paper { fill: #0d1117; }\n"
    ".grid { stroke: #3d444d; }\n"
    ".whisker { stroke: #767e89; }\n"
    ".point { fill: #79c0ff; }\n"
    ".level { stroke: #79c0ff; }\n"
    ".better { stroke: #3fb950; }\n"
    ".worse { stroke: #f85149; }\n"
    "text.better { fill: #3fb950; }\n"
    "text.worse { fill: #f85149; }\n"
    "}\n"
    "</style>\n";

/* 1, 2 or 5 times a power of ten, about a third of `range`. */
static double nice_tick(double range) {
    double power = pow(10, floor(log10(range / 3)));
    double rest = range / 3 / power;

    return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

static double or_else(double value, double other) {
    return isnan(value) ? other : value;
}

/* Room for all that is shown; a level always has some. */
static panel panel_of(const accord_trend_series *s, double top) {
    size_t from = s->n > MOST_POINTS ? s->n - MOST_POINTS : 0;
    panel p = {.s = s, .from = from, .top = top, .lo = (double)INFINITY};

    p.hi = -(double)INFINITY;
    for (size_t i = from; i < s->n; i++) {
        const accord_history_row *r = s->points[i].row;
        p.lo = fmin(p.lo, fmin(r->score, or_else(r->lo, r->score)));
        p.hi = fmax(p.hi, fmax(r->score, or_else(r->hi, r->score)));
    }
    double least = fmax(fabs(p.hi), 1e-300) * 1e-6;
    if (!(p.hi - p.lo > least)) {
        double room = fmax(fabs(p.hi) * 0.1, 1e-6);
        p.lo -= room;
        p.hi += room;
    }
    p.tick = nice_tick(p.hi - p.lo);
    p.lo = floor(p.lo / p.tick) * p.tick;
    p.hi = ceil(p.hi / p.tick) * p.tick;
    return p;
}

static double x_of(const panel *p, size_t point) {
    double n = (double)(p->s->n - p->from);

    return LEFT + ((double)(point - p->from) + 0.5) / n * (WIDTH - LEFT - RIGHT);
}

static double y_of(const panel *p, double score) {
    return p->top + TITLE + (p->hi - score) / (p->hi - p->lo) * PLOT;
}

static void line(accord_buf *b, const char *class, double x1, double y1, double x2,
                 double y2) {
    accord_buf_printf(b,
                      "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
                      "y2=\"%.1f\"/>\n",
                      class, x1, y1, x2, y2);
}

static void text(accord_buf *b, const char *class, const char *anchor, double x, double y,
                 const char *words) {
    accord_buf_printf(b, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">",
                      class, anchor, x, y);
    accord_xml_text(b, words ? words : "");
    accord_buf_puts(b, "</text>\n");
}

static void scale(const panel *p, accord_buf *b) {
    int n = (int)((p->hi - p->lo) / p->tick + 0.5);

    for (int i = 0; i <= n; i++) {
        double score = p->lo + i * p->tick;
        /* 0 and not 1e-17. */
        score = fabs(score) < p->tick * 1e-6 ? 0 : score;
        char *words = accord_scale_score(&p->s->scale, score);
        line(b, "grid", LEFT, y_of(p, score), WIDTH - RIGHT, y_of(p, score));
        text(b, "soft", "end", LEFT - 8, y_of(p, score) + 4, words);
        free(words);
    }
}

static void point(const panel *p, size_t i, accord_buf *b) {
    const accord_trend_point *at = &p->s->points[i];
    char *when = accord_trend_when(at);
    char *score = accord_scale_score(&p->s->scale, at->row->score);
    char *words = accord_xasprintf("%s: %s", when, score);
    double x = x_of(p, i);

    if (!isnan(at->row->lo) && !isnan(at->row->hi))
        line(b, "whisker", x, y_of(p, at->row->lo), x, y_of(p, at->row->hi));
    accord_buf_printf(b,
                      "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>",
                      x, y_of(p, at->row->score));
    accord_xml_text(b, words);
    accord_buf_puts(b, "</title></circle>\n");
    free(words);
    free(score);
    free(when);
}

/* From its first point to its last, as far as they are shown. */
static void level(const panel *p, const accord_level *l, accord_buf *b) {
    size_t first = p->s->searched[l->from];
    size_t last = p->s->searched[l->from + l->n - 1];
    double half = (WIDTH - LEFT - RIGHT) / 2.0 / (double)(p->s->n - p->from);

    if (last < p->from)
        return;
    if (first < p->from)
        first = p->from;
    /* A single point gets a stroke as wide as its place. */
    line(b, "level", x_of(p, first) - 0.8 * half, y_of(p, l->mean),
         x_of(p, last) + 0.8 * half, y_of(p, l->mean));
}

static void step(const panel *p, const accord_level *l, accord_buf *b) {
    const char *class = (l->step > 0) == p->s->scale.higher ? "better" : "worse";
    size_t first = p->s->searched[l->from];
    double half = (WIDTH - LEFT - RIGHT) / 2.0 / (double)(p->s->n - p->from);

    if (first <= p->from)
        return;
    double x = x_of(p, first) - half;
    char *gap = accord_scale_gap(&p->s->scale, l->step, true);
    bool late = x > WIDTH - 160;
    line(b, class, x, p->top + TITLE - 14, x, p->top + TITLE + PLOT);
    accord_buf *words = &(accord_buf){0};
    accord_buf_init(words, 1 << 12);
    accord_buf_printf(words, "%s%s, %.10s", gap, accord_scale_unit(&p->s->scale),
                      p->s->points[first].run->date);
    text(b, class, late ? "end" : "start", late ? x - 4 : x + 4, p->top + TITLE - 5,
         words->data);
    accord_buf_fini(words);
    free(gap);
}

static void dates(const panel *p, accord_buf *b) {
    const accord_trend_series *s = p->s;
    double y = p->top + TITLE + PLOT + 18;
    char *first = accord_xasprintf("%.10s", s->points[p->from].run->date);
    char *last = accord_xasprintf("%.10s", s->points[s->n - 1].run->date);

    if (s->n - p->from > 1)
        text(b, "soft", "start", LEFT, y, first);
    text(b, "soft", "end", WIDTH - RIGHT, y, last);
    if (p->from > 0) {
        char *left = accord_xasprintf("the last %d of %zu points", MOST_POINTS, s->n);
        text(b, "soft", "middle", (LEFT + WIDTH - RIGHT) / 2.0, y, left);
        free(left);
    }
    free(first);
    free(last);
}

/* What a screen reader reads of a panel. */
static void describe(const panel *p, size_t number, const char *name, accord_buf *b) {
    const accord_trend_series *s = p->s;
    const accord_trend_point *last = &s->points[s->n - 1];
    char *score = accord_scale_score(&s->scale, last->row->score);
    char *when = accord_trend_when(last);

    accord_buf_printf(b,
                      "<g role=\"img\" aria-labelledby=\"t%zu d%zu\">\n"
                      "<title id=\"t%zu\">",
                      number, number, number);
    accord_xml_text(b, name);
    accord_buf_printf(b, "</title>\n<desc id=\"d%zu\">%zu points, the last %s on ",
                      number, s->n, score);
    accord_xml_text(b, when);
    accord_buf_puts(b, s->steps.n > 1 ? ". " : ". No step.");
    for (size_t k = accord_trend_told(s); k < s->steps.n; k++) {
        char *words = accord_trend_step(s, &s->steps.levels[k]);
        accord_buf_puts(b, k > accord_trend_told(s) ? "; " : "");
        accord_xml_text(b, words);
        free(words);
    }
    accord_buf_puts(b, "</desc>\n");
    free(when);
    free(score);
}

static void draw(const accord_trend_series *s, size_t number, accord_buf *b) {
    panel p = panel_of(s, (double)number * PANEL);
    char *name = accord_trend_name(s);
    char *title = accord_xasprintf("%s%s", name, s->ended ? " (ended)" : "");
    char *score = accord_scale_score(&s->scale, s->points[s->n - 1].row->score);

    describe(&p, number, name, b);
    text(b, "name", "start", LEFT, p.top + 22, title);
    text(b, "name", "end", WIDTH - RIGHT, p.top + 22, score);
    scale(&p, b);
    for (size_t k = 0; k < s->steps.n; k++)
        level(&p, &s->steps.levels[k], b);
    for (size_t i = p.from; i < s->n; i++)
        point(&p, i, b);
    for (size_t k = 1; k < s->steps.n; k++)
        step(&p, &s->steps.levels[k], b);
    dates(&p, b);
    accord_buf_puts(b, "</g>\n");
    free(score);
    free(title);
    free(name);
}

void accord_trend_svg(const accord_trend *t, accord_buf *b) {
    size_t height = t->n * PANEL + 12;

    accord_buf_printf(b,
                      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                      "height=\"%zu\" viewBox=\"0 0 %d %zu\">\n",
                      WIDTH, height, WIDTH, height);
    accord_buf_puts(b, "<title>Scores of the suite ");
    accord_xml_text(b, t->history.runs[0].suite);
    accord_buf_puts(b, " over time</title>\n");
    accord_buf_puts(b, style);
    accord_buf_puts(b, "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    for (size_t i = 0; i < t->n; i++)
        draw(&t->items[i], i, b);
    accord_buf_puts(b, "</svg>\n");
}
