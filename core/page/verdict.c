/* verdict.c - who won, by how much, how sure: the first thing on the page.
 *
 * Who leads and what is tied with it are the standings of `accord table` (judge/board.h),
 * with Holm's family of a task and mode; below them stand all pairs in one family, as
 * `accord compare RUN --pairs` prints them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"

enum { MAX_SENTENCES = 400, MAX_TIES = 6 };

static void paragraph(accord_buf *b, const char *element, char *text) {
    accord_buf_printf(b, "<%s>", element);
    accord_page_text(b, text);
    accord_buf_printf(b, "%s</%s>\n", *element == 'h' ? "" : ".", element);
    free(text);
}

/* The comparison of two methods in a place, or NULL. */
static const accord_comparison *between(const accord_compared *all, const accord_row *x,
                                        const accord_row *y) {
    for (size_t i = 0; i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        bool same =
            strcmp(c->a->method, x->method) == 0 && strcmp(c->b->method, y->method) == 0;
        bool turned =
            strcmp(c->a->method, y->method) == 0 && strcmp(c->b->method, x->method) == 0;
        if ((same || turned) && strcmp(c->a->task, x->task) == 0 &&
            strcmp(c->a->mode, x->mode) == 0)
            return c;
    }
    return NULL;
}

/* What the leader of a place is to the others. */
typedef struct standing {
    const accord_row **rows; /* [n], best first */
    size_t n;
    size_t beaten, tied, unknown;
    char *ties; /* names */
} standing;

static void add_tie(standing *s, accord_buf *names, const char *method) {
    if (s->tied < MAX_TIES)
        accord_buf_printf(names, "%s%s", s->tied ? ", " : "", method);
    else if (s->tied == MAX_TIES)
        accord_buf_puts(names, " and others");
    s->tied++;
}

/* Of methods with equal scores the table's leader comes first. */
static void lead(standing *s) {
    for (size_t i = 0; i < s->n; i++) {
        const accord_row *row = s->rows[i];
        if (row->standing != ACCORD_STANDS_BEST)
            continue;
        memmove(s->rows + 1, s->rows, i * sizeof(*s->rows));
        s->rows[0] = row;
    }
}

static void stand(standing *s) {
    accord_buf names;

    accord_buf_init(&names, 1 << 20);
    lead(s);
    for (size_t i = 1; i < s->n; i++) {
        const accord_row *row = s->rows[i];
        s->beaten += row->standing == ACCORD_STANDS_BEHIND;
        s->unknown += row->standing == ACCORD_STANDS_OPEN;
        if (row->standing == ACCORD_STANDS_TIED)
            add_tie(s, &names, row->method);
    }
    s->ties = accord_buf_take(&names);
}

/* The sentence on the leader and the second, at the level of the standings. */
static char *how_sure(const accord_compared *all, const standing *s) {
    const accord_row *second = s->rows[1];
    const accord_comparison *found = between(all, s->rows[0], second);
    accord_comparison c;

    if (!found)
        return NULL;
    c = *found;
    bool first = strcmp(c.a->method, s->rows[0]->method) == 0;
    c.p_holm = second->p_best;
    if (second->standing == ACCORD_STANDS_BEHIND)
        c.verdict = first ? ACCORD_A_BETTER : ACCORD_B_BETTER;
    else if (second->standing == ACCORD_STANDS_TIED)
        c.verdict = ACCORD_UNDECIDED;
    return accord_comparison_verdict(all, &c);
}

static char *headline(const standing *s, const char *place) {
    const char *leader = s->rows[0]->method;

    if (s->beaten == s->n - 1)
        return s->n == 2 ? accord_xasprintf("%s wins on %s", leader, place)
                         : accord_xasprintf("%s wins on %s, ahead of all %zu others",
                                            leader, place, s->n - 1);
    if (s->tied)
        return accord_xasprintf("No clear winner on %s: %s leads, but it cannot be told "
                                "apart from %s",
                                place, leader, s->ties ? s->ties : "others");
    return accord_xasprintf("No verdict on %s, where %s has the best score", place,
                            leader);
}

static char *score_words(const accord_scale *scale, const accord_row *row) {
    char *mean = accord_scale_score(scale, row->score.mean);
    char *lo = accord_scale_score(scale, row->score.lo);
    char *hi = accord_scale_score(scale, row->score.hi);
    char *interval = isnan(row->score.lo)
                         ? accord_xstrdup("no interval")
                         : accord_xasprintf("95 %% interval over %ss %s to %s",
                                            accord_unit_name(row->unit), lo, hi);
    char *text = accord_xasprintf(
        "%s: %s %s on %zu item%s and %zu seed%s (%s)", row->method, scale->name, mean,
        row->n, row->n == 1 ? "" : "s", row->done, row->done == 1 ? "" : "s", interval);

    free(mean);
    free(lo);
    free(hi);
    free(interval);
    return text;
}

/* The places with one method only: no verdict, but their scores. */
static void write_alone(accord_page *p, size_t run, const accord_row **rows) {
    const accord_rows *all = &p->rows[run];
    bool open = false;

    for (size_t i = 0; i < all->n; i = accord_page_place_end(all, i)) {
        if (accord_page_ranked(p, run, i, rows) != 1)
            continue;
        if (!open)
            accord_buf_puts(&p->b, "<div class=\"verdict\">\n<h3>No verdict: nothing to "
                                   "compare with</h3>\n<p>One method each on:</p><ul>\n");
        open = true;
        accord_scale scale = accord_page_scale(p, run, rows[0]);
        char *place = accord_row_place(rows[0]);
        char *words = score_words(&scale, rows[0]);
        paragraph(&p->b, "li", accord_xasprintf("%s: %s", place, words));
        free(place);
        free(words);
    }
    if (open)
        accord_buf_puts(&p->b, "</ul></div>\n");
}

static void write_place(accord_page *p, size_t run, const accord_compared *all,
                        standing *s) {
    accord_scale scale = accord_page_scale(p, run, s->rows[0]);
    char *place = accord_row_place(s->rows[0]);
    accord_buf *b = &p->b;

    stand(s);
    accord_buf_puts(b, "<div class=\"verdict\">\n");
    paragraph(b, "h3", headline(s, place));
    paragraph(b, "p", score_words(&scale, s->rows[0]));
    char *sure = how_sure(all, s);
    if (sure) {
        accord_buf_puts(b, "<p><b>How sure?</b> ");
        accord_page_text(b, sure);
        accord_buf_puts(b, ".</p>\n");
    }
    free(sure);
    if (s->n > 2 && s->beaten < s->n - 1)
        accord_buf_printf(
            b, "<p>Of %zu others the leader is clearly better than %zu%s.</p>\n",
            s->n - 1, s->beaten, s->unknown ? ", and some allow no verdict" : "");
    accord_buf_puts(b, "</div>\n");
    free(place);
    free(s->ties);
}

static void write_overall(const accord_compared *all, accord_buf *b) {
    for (size_t i = 0; i < all->n_overall; i++) {
        const accord_overall *o = &all->overall[i];
        if (i == 0)
            accord_buf_puts(b, "<div class=\"verdict\">\n<h3>All control tasks "
                               "together</h3>\n");
        paragraph(b, "p",
                  accord_xasprintf(
                      "Over %zu control tasks in mode %s, scores from 0 to 1: "
                      "interquartile mean "
                      "%.3f of %s against %.3f of %s, difference %+.3f (95 %% %.3f to "
                      "%.3f); probability of improvement %.2f (95 %% %.2f to %.2f)",
                      o->n_tasks, o->first->a->mode, o->iqm_a.mean, o->first->a->method,
                      o->iqm_b.mean, o->first->b->method, o->iqm_delta.mean,
                      o->iqm_delta.lo, o->iqm_delta.hi, o->improvement.mean,
                      o->improvement.lo, o->improvement.hi));
    }
    if (all->n_overall)
        accord_buf_puts(b, "</div>\n");
}

static void write_sentences(const accord_compared *all, accord_buf *b,
                            const char *summary) {
    accord_buf_printf(b, "<details><summary>%s: %zu</summary>\n<ul>\n", summary, all->n);
    for (size_t i = 0; i < all->n && i < MAX_SENTENCES; i++)
        paragraph(b, "li", accord_comparison_verdict(all, &all->items[i]));
    accord_buf_puts(b, "</ul>\n");
    if (all->n > MAX_SENTENCES)
        accord_buf_printf(b,
                          "<p>The first %d are shown; <code>accord compare</code> "
                          "prints all.</p>\n",
                          MAX_SENTENCES);
    accord_buf_puts(b, "</details>\n");
}

static void write_warnings(const accord_compared *all, accord_buf *b) {
    for (size_t i = 0; i < all->warnings.n; i++) {
        accord_buf_puts(b, "<p class=\"note\">");
        accord_page_text(b, all->warnings.items[i]);
        accord_buf_puts(b, "</p>\n");
    }
}

static accord_code write_places(accord_page *p, size_t run, const accord_compared *all,
                                accord_err *err) {
    const accord_rows *rows = &p->rows[run];
    const accord_row **ranked;
    size_t done = 0;

    accord_code rc = accord_alloc(rows->n, sizeof(*ranked), &ranked, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < rows->n; i++)
        done += rows->items[i].done > 0;
    accord_buf_puts(&p->b, done ? "<div class=\"cards\">\n"
                                : "<div><p>No verdict: no cell of this run is "
                                  "finished.</p>\n");
    for (size_t i = 0; i < rows->n; i = accord_page_place_end(rows, i)) {
        standing s = {.rows = ranked, .n = accord_page_ranked(p, run, i, ranked)};
        if (s.n > 1)
            write_place(p, run, all, &s);
    }
    write_alone(p, run, ranked);
    accord_buf_puts(&p->b, "</div>\n");
    free(ranked);
    return ACCORD_OK;
}

static accord_code within(accord_page *p, size_t run, accord_err *err) {
    accord_compared all;

    accord_code rc = accord_compared_make(
        &(accord_compare_how){.run = p->runs[run].path, .pairs = true}, &all, err);
    if (!rc && p->n_runs > 1) {
        accord_buf_puts(&p->b, "<p><b>Run ");
        accord_page_text(&p->b, p->runs[run].path);
        accord_buf_puts(&p->b, "</b></p>\n");
    }
    if (!rc) {
        write_overall(&all, &p->b);
        rc = write_places(p, run, &all, err);
    }
    if (!rc && all.n) {
        write_sentences(&all, &p->b, "All comparisons, p after Holm over all of them");
        write_warnings(&all, &p->b);
    }
    accord_compared_fini(&all);
    return rc;
}

static accord_code across(accord_page *p, size_t run, accord_err *err) {
    accord_compared all;

    accord_code rc = accord_compared_make(
        &(accord_compare_how){.run = p->runs[run].path, .other = p->runs[0].path}, &all,
        err);
    if (!rc) {
        paragraph(&p->b, "h3",
                  accord_xasprintf("%s against %s", p->runs[run].path, p->runs[0].path));
        for (size_t i = 0; i < all.n && i < MAX_SENTENCES; i++)
            paragraph(&p->b, "p", accord_comparison_verdict(&all, &all.items[i]));
        write_warnings(&all, &p->b);
    }
    accord_compared_fini(&all);
    return rc;
}

accord_code accord_page_verdict(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;

    accord_page_section(&p->b, "verdict", "Verdict");
    for (size_t r = 0; !rc && r < p->n_runs; r++)
        rc = within(p, r, err);
    for (size_t r = 1; !rc && r < p->n_runs; r++)
        rc = across(p, r, err);
    accord_buf_puts(&p->b,
                    "<p id=\"start\" hidden><a class=\"button\" href=\"#ep=0\">Read a "
                    "wrong answer</a></p>\n</section>\n");
    return rc;
}
