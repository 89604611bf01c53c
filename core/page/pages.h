/* pages.h - what a page is made of, and its parts. */
#ifndef ACCORD_PAGE_PAGES_H
#define ACCORD_PAGE_PAGES_H

#include "judge/compare.h"
#include "page/page.h"
#include "report/map.h"
#include "report/rows.h"
#include "report/tally.h"

/* A cell of one of the runs. */
typedef struct accord_page_cell {
    const accord_rundir *run;
    const accord_run_cell *cell;
    bool acts;                       /* steps, not text: it has no transcripts */
    size_t first_metric, end_metric; /* its own among the page's */
} accord_page_cell;

/* An item in a task and mode: the methods that meet there. */
typedef struct accord_page_item {
    char *id;
    const char *task, *mode; /* the manifest's */
    double least, most;      /* scores */
} accord_page_item;

/* An episode of a cell's last evaluation. */
typedef struct accord_page_ep {
    uint32_t cell, item, index, visit;
    uint64_t step, key;
    uint64_t tokens, us;
    double score;
    int outcome;
    size_t words; /* bytes of text there are about it */
    int urgency;  /* 0 = shown first: wrong and flipped, wrong, flipped, the rest */
    size_t turn;  /* how many of its cell and urgency come before it */
    bool chosen;  /* its transcript is in the page */
} accord_page_ep;

/* The mean score of a cell at a mark of its training. */
typedef struct accord_page_mark {
    uint32_t cell;
    const char *mode; /* the manifest's */
    uint64_t step;
    double sum;
    size_t n;
    double seconds; /* that its training took to get there; NaN: not known */
} accord_page_mark;

/* A metric of a cell at a step, the mean over what the journal has there. */
typedef struct accord_page_metric {
    const char *name; /* the page's */
    uint64_t step;
    double sum;
    size_t n;
} accord_page_metric;

typedef struct accord_page {
    const accord_page_how *how;
    accord_rundir *runs; /* [n_runs] */
    accord_rows *rows;   /* [n_runs] */
    size_t n_runs;
    accord_page_cell *cells;
    size_t n_cells, cap_cells;
    accord_page_item *items;
    size_t n_items, cap_items;
    accord_map item_at;
    accord_page_ep *eps; /* after accord_page_rank() by urgency */
    size_t n_eps, cap_eps;
    accord_page_mark *marks;
    size_t n_marks, cap_marks;
    accord_names names; /* of metrics */
    accord_page_metric *metrics;
    size_t n_metrics, cap_metrics;
    accord_page_found found;
    accord_buf b;     /* the page */
    accord_buf talks; /* script elements with transcripts */
} accord_page;

/* [main] Reads every cell's journal: episodes, marks, metrics. */
accord_code accord_page_gather(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
/* [main] Puts the episodes in the order in which they are shown. */
accord_code accord_page_rank(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
/* [main] Chooses transcripts up to how->max_talk and writes them to p->talks. */
accord_code accord_page_talks(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;

/* [main] Sections, in the page's order. */
accord_code accord_page_verdict(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_board(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_outcomes(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_pareto(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_curves(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_profiles(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_metrics(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_page_list(accord_page *p, accord_err *err) ACCORD_MUST_CHECK;

/* [main] How a row's score is spoken of. */
accord_scale accord_page_scale(const accord_page *p, size_t run, const accord_row *row);
/* [any] The row's method, with its run where there are several.  The caller's. */
char *accord_page_row_name(const accord_page *p, const accord_row *row);
/* [any] The rows of a run in a place, best first: fills out[rows->n], returns how many.
 */
size_t accord_page_ranked(const accord_page *p, size_t run, size_t first,
                          const accord_row **out);
/* [any] One after the last row of the place that begins at `first`. */
size_t accord_page_place_end(const accord_rows *rows, size_t first);
/* [any] "<section ...><h2>TITLE</h2>": `id` and `title` are ours. */
void accord_page_section(accord_buf *b, const char *id, const char *title);

#endif
