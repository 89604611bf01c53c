/* page.c - puts a page together. */
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "judge/board.h"
#include "page/assets.inc"
#include "page/escape.h"
#include "page/pages.h"

#define MAX_PAGE ((size_t)1 << 30)

void accord_page_section(accord_buf *b, const char *id, const char *title) {
    accord_buf_printf(b,
                      "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 "
                      "id=\"h-%s\">%s</h2>\n",
                      id, id, id, title);
}

accord_scale accord_page_scale(const accord_page *p, size_t run, const accord_row *row) {
    const json_t *task = accord_rundir_task(&p->runs[run], row->task);
    const char *name = json_string_value(json_object_get(task, "score"));

    return (accord_scale){
        .share = row->share,
        .higher = !json_is_false(json_object_get(task, "higher_is_better")),
        .name = name ? name : "score",
    };
}

char *accord_page_row_name(const accord_page *p, const accord_row *row) {
    if (p->n_runs == 1)
        return accord_xstrdup(row->method);
    return accord_xasprintf("%s of %s", row->method, row->run);
}

size_t accord_page_place_end(const accord_rows *rows, size_t first) {
    size_t i = first;

    while (i < rows->n && strcmp(rows->items[i].task, rows->items[first].task) == 0 &&
           strcmp(rows->items[i].mode, rows->items[first].mode) == 0)
        i++;
    return i;
}

size_t accord_page_ranked(const accord_page *p, size_t run, size_t first,
                          const accord_row **out) {
    const accord_rows *rows = &p->rows[run];
    size_t to = accord_page_place_end(rows, first);
    size_t n = 0;

    for (size_t i = first; i < to; i++) {
        const accord_row *row = &rows->items[i];
        double sign = accord_page_scale(p, run, row).higher ? 1 : -1;
        if (!row->done || isnan(row->score.mean))
            continue;
        size_t at = n++;
        for (; at > 0 && sign * out[at - 1]->score.mean < sign * row->score.mean; at--)
            out[at] = out[at - 1];
        out[at] = row;
    }
    return n;
}

static accord_code open_runs(accord_page *p, accord_err *err) {
    accord_code rc = accord_alloc(p->how->n_runs, sizeof(*p->runs), &p->runs, err);

    if (!rc)
        rc = accord_alloc(p->how->n_runs, sizeof(*p->rows), &p->rows, err);
    for (size_t i = 0; !rc && i < p->how->n_runs; i++) {
        rc = accord_rundir_open(p->how->runs[i], &p->runs[i], err);
        if (rc)
            break;
        p->n_runs++;
        p->rows[i].keep_scores = true;
        rc = accord_rows_add(&p->runs[i], false, &p->rows[i], err);
        if (!rc)
            rc = accord_board_mark(&p->rows[i], err);
    }
    return rc;
}

static void write_head(accord_page *p) {
    accord_buf *b = &p->b;

    accord_buf_puts(
        b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta "
           "charset=\"utf-8\">\n<meta name=\"viewport\" "
           "content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" "
           "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
           "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
           "<link rel=\"icon\" href=\"data:,\">\n<title>Accord report: ");
    for (size_t i = 0; i < p->n_runs; i++) {
        accord_buf_puts(b, i ? ", " : "");
        accord_page_text(b, p->runs[i].name);
    }
    accord_buf_puts(b, "</title>\n<style>\n");
    accord_buf_add(b, page_css, sizeof(page_css));
    accord_buf_puts(b, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip "
                       "to the verdict</a>\n<header>\n<h1>");
    for (size_t i = 0; i < p->n_runs; i++) {
        accord_buf_puts(b, i ? ", " : "");
        accord_page_text(b, p->runs[i].name);
    }
    accord_buf_puts(b, "</h1>\n<p class=\"quiet\">");
    for (size_t i = 0; i < p->n_runs; i++) {
        const json_t *suite = json_object_get(p->runs[i].manifest, "suite");
        accord_page_text(b, json_string_value(json_object_get(suite, "summary")));
        accord_buf_puts(b, i + 1 < p->n_runs ? "; " : "");
    }
    accord_buf_puts(b, "</p>\n<nav aria-label=\"Sections\" id=\"nav\"></nav>\n</header>\n"
                       "<main id=\"main\">\n");
}

static accord_code write_page(accord_page *p, accord_err *err) {
    accord_code rc = accord_page_gather(p, err);

    if (rc)
        return rc;
    if ((rc = accord_page_rank(p, err)) || (rc = accord_page_talks(p, err)))
        return rc;
    write_head(p);
    if ((rc = accord_page_verdict(p, err)))
        return rc;
    if ((rc = accord_page_board(p, err)) || (rc = accord_page_pareto(p, err)))
        return rc;
    if ((rc = accord_page_curves(p, err)) || (rc = accord_page_profiles(p, err)))
        return rc;
    if ((rc = accord_page_outcomes(p, err)))
        return rc;
    if ((rc = accord_page_metrics(p, err)) || (rc = accord_page_list(p, err)))
        return rc;
    accord_buf_puts(&p->b, "</main>\n<footer><p class=\"quiet\">Made by <code>accord "
                           "report</code>; all numbers are those of <code>accord "
                           "table</code> and <code>accord compare --pairs</code>.</p>"
                           "</footer>\n");
    accord_buf_add(&p->b, p->talks.data ? p->talks.data : "", p->talks.n);
    accord_buf_puts(&p->b, "<script>\n");
    accord_buf_add(&p->b, page_js, sizeof(page_js));
    accord_buf_puts(&p->b, "</script>\n</body>\n</html>\n");
    return accord_buf_check(&p->b, "the report", err);
}

static void page_fini(accord_page *p) {
    for (size_t i = 0; p->rows && i < p->how->n_runs; i++)
        accord_rows_fini(&p->rows[i]);
    for (size_t i = 0; i < p->n_runs; i++)
        accord_rundir_fini(&p->runs[i]);
    for (size_t i = 0; i < p->n_items; i++)
        free(p->items[i].id);
    for (size_t i = 0; i < p->names.n; i++)
        free(p->names.items[i]);
    free(p->names.items);
    free(p->runs);
    free(p->rows);
    free(p->cells);
    free(p->items);
    free(p->eps);
    free(p->marks);
    free(p->metrics);
    accord_map_fini(&p->item_at);
    accord_buf_fini(&p->b);
    accord_buf_fini(&p->talks);
}

accord_code accord_page_write(const accord_page_how *how, accord_page_found *found,
                              accord_err *err) {
    accord_page p = {.how = how};

    accord_buf_init(&p.b, MAX_PAGE);
    accord_buf_init(&p.talks, MAX_PAGE);
    accord_code rc = open_runs(&p, err);
    if (!rc)
        rc = write_page(&p, err);
    if (!rc)
        rc = accord_file_write(how->out, p.b.data, p.b.n, err);
    p.found.bytes = p.b.n;
    *found = p.found;
    page_fini(&p);
    return rc;
}
