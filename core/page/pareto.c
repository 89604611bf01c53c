/* pareto.c - the score against tokens, with the front of what nothing beats in both. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"
#include "page/plot.h"

enum { MAX_LABELS = 256 };

static double tokens_of(const accord_row *row) {
    return row->prompt + row->completion;
}

/* True when no other row is at least as good in both and better in one. */
static bool on_front(const accord_row **rows, size_t n, size_t i, bool higher) {
    double sign = higher ? 1 : -1;

    for (size_t j = 0; j < n; j++) {
        double gain = sign * (rows[j]->score.mean - rows[i]->score.mean);
        double saved = tokens_of(rows[i]) - tokens_of(rows[j]);
        if (j != i && gain >= 0 && saved >= 0 && (gain > 0 || saved > 0))
            return false;
    }
    return true;
}

static accord_plot frame(const accord_row **rows, size_t n, const accord_scale *scale) {
    accord_plot plot = {.x_label = "tokens per question",
                        .y_label = scale->name,
                        .percent_y = scale->share,
                        .x0 = (double)INFINITY,
                        .x1 = 0,
                        .y0 = (double)INFINITY,
                        .y1 = -(double)INFINITY};

    for (size_t i = 0; i < n; i++) {
        plot.x0 = fmin(plot.x0, tokens_of(rows[i]));
        plot.x1 = fmax(plot.x1, tokens_of(rows[i]));
        plot.y0 = fmin(plot.y0, rows[i]->score.mean);
        plot.y1 = fmax(plot.y1, rows[i]->score.mean);
    }
    plot.log_x = plot.x0 > 0 && plot.x1 > 5 * plot.x0;
    if (plot.log_x) {
        plot.x0 /= 1.25;
        plot.x1 *= 1.25;
        plot.x_label = "tokens per question (logarithmic)";
    } else {
        accord_plot_air(&plot.x0, &plot.x1);
    }
    accord_plot_air(&plot.y0, &plot.y1);
    if (scale->share) {
        plot.y0 = fmax(plot.y0, 0);
        plot.y1 = fmin(plot.y1, 1);
    }
    return plot;
}

/* Where labels stand already: they keep clear of each other. */
typedef struct labels {
    double x[MAX_LABELS], y[MAX_LABELS];
    size_t n;
} labels;

static bool is_free(const labels *l, double x, double y) {
    for (size_t i = 0; i < l->n; i++)
        if (fabs(l->x[i] - x) < 16 && fabs(l->y[i] - y) < 12)
            return false;
    return l->n < MAX_LABELS;
}

/* Tries places around the point, the nearest first. */
static void label(accord_buf *b, labels *l, double x, double y, size_t rank, bool front) {
    static const double around[][2] = {{12, 4},  {-12, 4},  {0, -9},  {0, 17},
                                       {11, -9}, {-11, -9}, {11, 17}, {-11, 17},
                                       {0, -21}, {0, 29},   {24, 4},  {-24, 4}};

    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
        double at[] = {x + around[i][0], y + around[i][1]};
        if (!is_free(l, at[0], at[1]))
            continue;
        l->x[l->n] = at[0];
        l->y[l->n++] = at[1];
        accord_buf_printf(b,
                          "<text class=\"%s\" text-anchor=\"middle\" x=\"%.1f\" "
                          "y=\"%.1f\">%zu</text>",
                          front ? "name" : "tick", at[0], at[1], rank);
        return;
    }
}

static void point(accord_page *p, const accord_plot *plot, const accord_scale *scale,
                  const accord_row *row, bool front) {
    char *name = accord_page_row_name(p, row);
    char *score = accord_scale_score(scale, row->score.mean);

    accord_buf_puts(&p->b, "<g><title>");
    accord_page_text(&p->b, name);
    accord_buf_printf(&p->b,
                      ": %s at %.0f tokens</title><circle class=\"dot %s\" "
                      "cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/></g>\n",
                      score, tokens_of(row), front ? "c0" : "off",
                      accord_plot_x(plot, tokens_of(row)),
                      accord_plot_y(plot, row->score.mean), front ? 5 : 4);
    free(name);
    free(score);
}

static void points(accord_page *p, const accord_plot *plot, const accord_row **rows,
                   size_t n, const accord_scale *scale) {
    labels l = {.n = 0};

    for (size_t i = 0; i < n && l.n < MAX_LABELS; i++) {
        l.x[l.n] = accord_plot_x(plot, tokens_of(rows[i]));
        l.y[l.n++] = accord_plot_y(plot, rows[i]->score.mean) + 4;
    }
    for (size_t i = 0; i < n; i++)
        point(p, plot, scale, rows[i], on_front(rows, n, i, scale->higher));
    for (int front = 1; front >= 0; front--)
        for (size_t i = 0; i < n; i++)
            if (on_front(rows, n, i, scale->higher) == (front == 1))
                label(&p->b, &l, accord_plot_x(plot, tokens_of(rows[i])),
                      accord_plot_y(plot, rows[i]->score.mean), i + 1, front);
}

static void front_names(accord_page *p, const accord_row **rows, size_t n,
                        const accord_scale *scale) {
    const char *gap = "";

    accord_buf_puts(&p->b, "<p>On the front, where nothing is both better and cheaper: ");
    for (size_t i = 0; i < n; i++) {
        if (!on_front(rows, n, i, scale->higher))
            continue;
        char *name = accord_page_row_name(p, rows[i]);
        char *score = accord_scale_score(scale, rows[i]->score.mean);
        accord_buf_printf(&p->b, "%s<b>%zu</b> ", gap, i + 1);
        accord_page_text(&p->b, name);
        accord_buf_printf(&p->b, " (%s, %.0f tokens)", score, tokens_of(rows[i]));
        gap = "; ";
        free(name);
        free(score);
    }
    accord_buf_puts(&p->b, ".</p>\n");
}

static void front_line(accord_page *p, const accord_plot *plot, const accord_row **rows,
                       size_t n, const accord_scale *scale) {
    double last = (double)INFINITY;
    bool open = false;

    /* Best first, so tokens fall along the front. */
    accord_buf_puts(&p->b, "<path class=\"front\" d=\"");
    for (size_t i = 0; i < n; i++) {
        double tokens = tokens_of(rows[i]);
        if (!on_front(rows, n, i, scale->higher) || tokens > last)
            continue;
        accord_buf_printf(&p->b, "%s%.1f %.1f", open ? "L" : "M",
                          accord_plot_x(plot, tokens),
                          accord_plot_y(plot, rows[i]->score.mean));
        last = tokens;
        open = true;
    }
    accord_buf_puts(&p->b, "\"/>\n");
}

static void chart(accord_page *p, size_t run, const accord_row **rows, size_t n,
                  size_t number) {
    accord_scale scale = accord_page_scale(p, run, rows[0]);
    accord_plot plot = frame(rows, n, &scale);
    char *place = accord_row_place(rows[0]);
    char *title =
        accord_xasprintf("%s on %s against tokens per question", scale.name, place);
    char id[32];

    snprintf(id, sizeof(id), "pareto%zu", number);
    plot.id = id;
    plot.title = title;
    plot.desc = "One point for each method, numbered as in the leaderboard. Blue points "
                "are on the Pareto front: no other method is better at the same tokens.";
    accord_buf_puts(&p->b, "<figure><figcaption>");
    accord_page_text(&p->b, place);
    accord_buf_puts(&p->b, "</figcaption>\n");
    accord_plot_begin(&plot, &p->b);
    front_line(p, &plot, rows, n, &scale);
    points(p, &plot, rows, n, &scale);
    accord_plot_end(&p->b);
    front_names(p, rows, n, &scale);
    accord_buf_puts(&p->b, "</figure>\n");
    free(title);
    free(place);
}

accord_code accord_page_pareto(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t number = 0;

    for (size_t r = 0; !rc && r < p->n_runs; r++) {
        const accord_rows *rows = &p->rows[r];
        const accord_row **ranked;
        rc = accord_alloc(rows->n, sizeof(*ranked), &ranked, err);
        for (size_t i = 0; !rc && i < rows->n; i = accord_page_place_end(rows, i)) {
            size_t n = accord_page_ranked(p, r, i, ranked);
            double most = 0;
            for (size_t k = 0; k < n; k++)
                most = fmax(most, tokens_of(ranked[k]));
            if (n < 2 || !(most > 0))
                continue;
            if (!number)
                accord_page_section(&p->b, "pareto", "What accuracy costs");
            chart(p, r, ranked, n, number++);
        }
        free(ranked);
    }
    if (number)
        accord_buf_puts(&p->b, "<p class=\"quiet\">Numbers in the chart are ranks in the "
                               "leaderboard.</p>\n</section>\n");
    return rc;
}
