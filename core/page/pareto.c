/* pareto.c - the score against tokens, with the front of what nothing beats in both. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"
#include "page/plot.h"

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
        plot.x1 *= 1.6; /* room for names */
        plot.x_label = "tokens per question (logarithmic)";
    } else {
        accord_plot_air(&plot.x0, &plot.x1);
        plot.x1 += 0.15 * (plot.x1 - plot.x0);
    }
    accord_plot_air(&plot.y0, &plot.y1);
    return plot;
}

static void point(accord_page *p, const accord_plot *plot, const accord_scale *scale,
                  const accord_row *row, size_t rank, bool front) {
    double x = accord_plot_x(plot, tokens_of(row));
    double y = accord_plot_y(plot, row->score.mean);
    char *name = accord_page_row_name(p, row);
    char *score = accord_scale_score(scale, row->score.mean);

    accord_buf_printf(&p->b, "<g><title>");
    accord_page_text(&p->b, name);
    accord_buf_printf(&p->b,
                      ": %s at %.0f tokens</title><circle class=\"dot %s\" "
                      "cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>",
                      score, tokens_of(row), front ? "c0" : "off", x, y, front ? 5 : 4);
    bool left = x > 430;
    accord_buf_printf(&p->b,
                      "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%zu",
                      front ? "name" : "tick", left ? "end" : "start",
                      x + (left ? -8 : 8), y + (front ? -6 : 12), rank);
    if (front) {
        accord_buf_puts(&p->b, " ");
        accord_page_text(&p->b, name);
    }
    accord_buf_puts(&p->b, "</text></g>\n");
    free(name);
    free(score);
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
    plot.desc = "One point for each method, numbered as in the leaderboard. Named points "
                "are on the Pareto front: no other method is better at the same tokens.";
    accord_buf_puts(&p->b, "<figure><figcaption>");
    accord_page_text(&p->b, place);
    accord_buf_puts(&p->b, "</figcaption>\n");
    accord_plot_begin(&plot, &p->b);
    front_line(p, &plot, rows, n, &scale);
    for (size_t i = 0; i < n; i++)
        point(p, &plot, &scale, rows[i], i + 1, on_front(rows, n, i, scale.higher));
    accord_plot_end(&p->b);
    accord_buf_puts(&p->b, "</figure>\n");
    free(title);
    free(place);
}

void accord_page_pareto(accord_page *p) {
    size_t number = 0;

    for (size_t r = 0; r < p->n_runs; r++) {
        const accord_rows *rows = &p->rows[r];
        const accord_row **ranked = accord_xalloc((rows->n + 1) * sizeof(*ranked));
        for (size_t i = 0; i < rows->n; i = accord_page_place_end(rows, i)) {
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
        accord_buf_puts(&p->b,
                        "<p class=\"quiet\">Numbers are ranks in the leaderboard; named "
                        "methods are on the Pareto front.</p>\n</section>\n");
}
