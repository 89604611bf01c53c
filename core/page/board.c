/* board.c - the leaderboard with whiskers, and how episodes ended. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"
#include "page/plot.h"
#include "report/sheet.h"
#include "report/table.h"

enum { BAR = 220 };

/* The score axis that the whiskers of a place share. */
typedef struct axis {
    double lo, hi;
} axis;

static axis axis_of(const accord_row **rows, size_t n) {
    axis a = {(double)INFINITY, -(double)INFINITY};

    for (size_t i = 0; i < n; i++) {
        const accord_stat *s = &rows[i]->score;
        a.lo = fmin(a.lo, isnan(s->lo) ? s->mean : s->lo);
        a.hi = fmax(a.hi, isnan(s->hi) ? s->mean : s->hi);
    }
    accord_plot_air(&a.lo, &a.hi);
    if (n && rows[0]->share)
        a = (axis){fmax(a.lo, 0), fmin(a.hi, 1)};
    return a;
}

static double at(const axis *a, double v) {
    return BAR * fmin(fmax((v - a->lo) / (a->hi - a->lo), 0), 1);
}

static void whisker(accord_buf *b, const axis *a, const accord_stat *s) {
    accord_buf_printf(b,
                      "<svg class=\"whisker\" viewBox=\"0 0 %d 20\" aria-hidden=\"true\">"
                      "<line class=\"grid\" x1=\"0\" x2=\"%d\" y1=\"10\" y2=\"10\"/>",
                      BAR, BAR);
    if (!isnan(s->lo))
        accord_buf_printf(b,
                          "<path class=\"line c0\" d=\"M%.1f 10L%.1f 10M%.1f 5L%.1f "
                          "15M%.1f 5L%.1f 15\"/>",
                          at(a, s->lo), at(a, s->hi), at(a, s->lo), at(a, s->lo),
                          at(a, s->hi), at(a, s->hi));
    accord_buf_printf(b, "<circle class=\"dot c0\" cx=\"%.1f\" cy=\"10\" r=\"4\"/></svg>",
                      at(a, s->mean));
}

/* A number with all its digits for machines and few for people. */
static void data_cell(accord_buf *b, const char *name, double value, char *text) {
    accord_buf b2;

    accord_buf_init(&b2, 64);
    accord_json_real(&b2, NULL, value);
    accord_buf_printf(b, "<td class=\"n\"><data class=\"%s\" value=\"", name);
    accord_page_text(b, b2.data);
    accord_buf_puts(b, "\">");
    accord_page_text(b, text);
    accord_buf_puts(b, "</data></td>");
    accord_buf_fini(&b2);
    free(text);
}

static void write_numbers(accord_buf *b, const accord_scale *scale,
                          const accord_row *row) {
    char *lo = accord_scale_score(scale, row->score.lo);
    char *hi = accord_scale_score(scale, row->score.hi);
    double tokens = row->prompt + row->completion;

    data_cell(b, "score", row->score.mean, accord_scale_score(scale, row->score.mean));
    accord_buf_puts(b, "<td class=\"n\">");
    if (isnan(row->score.lo))
        accord_buf_puts(b, "n/a");
    else
        accord_buf_printf(b, "%s to %s", lo, hi);
    accord_buf_printf(b, "</td><td class=\"n\">%zu</td><td class=\"n\">%zu of %zu</td>",
                      row->n, row->done, row->planned);
    accord_buf_puts(b, "<td class=\"n\">");
    if (isnan(tokens))
        accord_buf_puts(b, "n/a");
    else
        accord_buf_printf(b, "%.0f", tokens);
    accord_buf_puts(b, "</td><td class=\"n\">");
    if (isnan(row->cost))
        accord_buf_puts(b, "n/a");
    else
        accord_buf_printf(b, "%.4g", row->cost);
    accord_buf_puts(b, "</td>");
    free(lo);
    free(hi);
}

static void board_head(accord_buf *b, const accord_scale *scale, const axis *a,
                       const char *place) {
    char *lo = accord_scale_score(scale, a->lo);
    char *hi = accord_scale_score(scale, a->hi);

    accord_buf_puts(b, "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                       "aria-label=\"Leaderboard\"><table class=\"board\"><caption>");
    accord_page_text(b, place);
    accord_buf_puts(b, ": ");
    accord_page_text(b, scale->name);
    accord_buf_printf(b, ", %s is better</caption>\n",
                      scale->higher ? "higher" : "lower");
    accord_buf_printf(
        b,
        "<thead><tr><th scope=\"col\" class=\"n\">#</th><th scope=\"col\">Method</th>"
        "<th scope=\"col\" class=\"axis\"><span>%s</span><span>%s</span></th>"
        "<th scope=\"col\" class=\"n\">Score</th><th scope=\"col\" class=\"n\">95 %% "
        "interval</th><th scope=\"col\" class=\"n\">Items</th><th scope=\"col\" "
        "class=\"n\">Seeds</th><th scope=\"col\" class=\"n\">Tokens each</th>"
        "<th scope=\"col\" class=\"n\">Cost</th></tr></thead>\n<tbody>\n",
        lo, hi);
    free(lo);
    free(hi);
}

static void board_of(accord_page *p, size_t run, const accord_row **rows, size_t n) {
    accord_scale scale = accord_page_scale(p, run, rows[0]);
    axis a = axis_of(rows, n);
    char *place = accord_row_place(rows[0]);
    accord_buf *b = &p->b;

    board_head(b, &scale, &a, place);
    for (size_t i = 0; i < n; i++) {
        char *name = accord_page_row_name(p, rows[i]);
        accord_buf_printf(b, "<tr><td class=\"n\">%zu</td><th scope=\"row\">", i + 1);
        accord_page_text(b, name);
        accord_buf_puts(b, "</th><td class=\"bar\">");
        whisker(b, &a, &rows[i]->score);
        accord_buf_puts(b, "</td>");
        write_numbers(b, &scale, rows[i]);
        accord_buf_puts(b, "</tr>\n");
        free(name);
    }
    accord_buf_puts(b, "</tbody></table></div>\n");
    free(place);
}

typedef void place_writer(accord_page *p, size_t run, const accord_row **rows, size_t n);

/* Calls `write` for each place of each run. */
static accord_code each_place(accord_page *p, place_writer *write, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t r = 0; !rc && r < p->n_runs; r++) {
        const accord_rows *rows = &p->rows[r];
        const accord_row **ranked;
        rc = accord_alloc(rows->n, sizeof(*ranked), &ranked, err);
        for (size_t i = 0; !rc && i < rows->n; i = accord_page_place_end(rows, i)) {
            size_t n = accord_page_ranked(p, r, i, ranked);
            if (n)
                write(p, r, ranked, n);
        }
        free(ranked);
    }
    return rc;
}

/* What a reader must know beside the rows: missing cells, skipped pairs. */
static void write_notes(accord_page *p) {
    for (size_t r = 0; r < p->n_runs; r++) {
        accord_sheet sheet = {0};
        accord_table_notes(&p->runs[r], p->n_runs > 1, &sheet);
        for (size_t i = 0; i < sheet.n_notes; i++) {
            accord_buf_puts(&p->b, "<p class=\"note\">");
            accord_page_text(&p->b, sheet.notes[i]);
            accord_buf_puts(&p->b, "</p>\n");
        }
        accord_sheet_fini(&sheet);
    }
}

accord_code accord_page_board(accord_page *p, accord_err *err) {
    accord_page_section(&p->b, "leaderboard", "Leaderboard");
    accord_code rc = each_place(p, board_of, err);
    write_notes(p);
    accord_buf_puts(&p->b, "</section>\n");
    return rc;
}

static const char *const kinds[] = {"right", "wrong", "right", "failed"};
enum { WRONG = 1, FAILED = 3 };

static void outcome_bar(accord_buf *b, const accord_row *row, double total) {
    double x = 0;

    accord_buf_printf(
        b, "<svg class=\"whisker\" viewBox=\"0 0 %d 20\" aria-hidden=\"true\">", BAR);
    for (int o = 0; o < ACCORD_OUTCOMES; o++) {
        double width = total > 0 ? BAR * (double)row->outcomes[o] / total : 0;
        if (row->outcomes[o])
            accord_buf_printf(b,
                              "<rect class=\"%s\" x=\"%.2f\" y=\"3\" width=\"%.2f\" "
                              "height=\"14\"/>",
                              kinds[o < FAILED ? o : FAILED], x, width);
        x += width;
    }
    accord_buf_puts(b, "</svg>");
}

/* To the wrong answers in the list below.  Names of methods and tasks are ids, so that
 * they stand in an address as they are. */
static void write_link(accord_buf *b, const accord_row *row) {
    if (!row->outcomes[WRONG])
        return;
    accord_buf_puts(b, ": <a class=\"read\" href=\"#task=");
    accord_page_text(b, row->task);
    accord_buf_puts(b, "&amp;method=");
    accord_page_text(b, row->method);
    accord_buf_puts(b, "&amp;outcome=wrong\">read the wrong ones</a>");
}

static void outcomes_of(accord_page *p, size_t run, const accord_row **rows, size_t n) {
    char *place = accord_row_place(rows[0]);
    accord_buf *b = &p->b;

    (void)run;
    accord_buf_puts(b, "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                       "aria-label=\"Outcomes\"><table><caption>");
    accord_page_text(b, place);
    accord_buf_puts(b, "</caption><thead><tr><th scope=\"col\">Method</th><th "
                       "scope=\"col\">Shares</th><th scope=\"col\">Episodes</th></tr>"
                       "</thead><tbody>\n");
    for (size_t i = 0; i < n; i++) {
        char *name = accord_page_row_name(p, rows[i]);
        double total = 0;
        accord_buf_puts(b, "<tr><th scope=\"row\">");
        accord_page_text(b, name);
        accord_buf_puts(b, "</th><td class=\"bar\">");
        for (int o = 0; o < ACCORD_OUTCOMES; o++)
            total += (double)rows[i]->outcomes[o];
        outcome_bar(b, rows[i], total);
        accord_buf_puts(b, "</td><td>");
        const char *gap = "";
        for (int o = 0; o < ACCORD_OUTCOMES; o++)
            if (rows[i]->outcomes[o]) {
                accord_buf_printf(b, "%s%llu %s", gap,
                                  (unsigned long long)rows[i]->outcomes[o],
                                  accord_outcomes[o]);
                gap = ", ";
            }
        write_link(b, rows[i]);
        accord_buf_puts(b, "</td></tr>\n");
        free(name);
    }
    accord_buf_puts(b, "</tbody></table></div>\n");
    free(place);
}

accord_code accord_page_outcomes(accord_page *p, accord_err *err) {
    accord_page_section(&p->b, "outcomes", "How episodes ended");
    accord_buf_puts(&p->b,
                    "<p class=\"keys\"><span class=\"swatch right\"></span> correct "
                    "or finished <span class=\"swatch wrong\"></span> wrong <span "
                    "class=\"swatch failed\"></span> failed</p>\n");
    accord_code rc = each_place(p, outcomes_of, err);
    accord_buf_puts(&p->b, "</section>\n");
    return rc;
}
