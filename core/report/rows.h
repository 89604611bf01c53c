/* rows.h - the summaries of a run put together: one row per task, mode and method, over
 * its seeds. */
#ifndef ACCORD_ROWS_H
#define ACCORD_ROWS_H

#include "report/curve.h"
#include "report/grid.h"
#include "report/metrics.h"
#include "report/parts.h"
#include "report/rundir.h"
#include "report/tally.h"
#include "stats/stats.h"

/* How a row stands to the best one of its task and mode, once core/judge has marked it.
 */
enum {
    ACCORD_STANDS_ALONE, /* nothing to stand against, or not marked */
    ACCORD_STANDS_BEST,
    ACCORD_STANDS_TIED,   /* its difference to the best is not significant */
    ACCORD_STANDS_BEHIND, /* it is */
    ACCORD_STANDS_OPEN,   /* the two cannot be tested against each other */
};

/* Unknown numbers are NaN. */
typedef struct accord_row {
    const accord_rundir *of;
    const char *run, *task, *mode, *method; /* the run directory's */
    size_t task_rank, mode_rank;            /* places in the suite */
    int unit;
    size_t planned, done; /* seeds */
    size_t n;             /* items */
    bool share;           /* the score runs from 0 to 1 */
    bool higher;          /* is better */
    int standing;         /* ACCORD_STANDS_... */
    double p_best;        /* of the difference to the best, after Holm; NaN */
    bool front;           /* no other scores as much with fewer tokens */
    accord_stat score, strict, flexible;
    bool has_strict, has_flexible;
    uint64_t episodes, answered, failed_calls;
    uint64_t outcomes[ACCORD_OUTCOMES];
    double score_answered;
    double calls, prompt, completion; /* of a question */
    double cost;                      /* of all seeds together */
    double call_ms[2], episode_ms[2]; /* p50 and p95, averaged over seeds */
    accord_row_curves curves;
    accord_parts parts;         /* the score first */
    accord_row_metrics metrics; /* where they are kept */
    accord_grid scores;         /* [items][seeds], where they are kept */
    uint64_t *seeds;            /* [done] */
} accord_row;

typedef struct accord_rows {
    accord_row *items;
    size_t n, cap;
    /* Set before rows are added. */
    bool keep_scores;  /* every item's score stays */
    bool keep_metrics; /* what methods reported, too */
    char **remarks;    /* [n_remarks], what a reader must know of the standings */
    size_t n_remarks;
} accord_rows;

/* [main] Adds the rows of a run, by task then mode or by mode then task.  Rows borrow
 * from `run`.  accord_rows_fini() in any case; *out begins zeroed. */
accord_code accord_rows_add(const accord_rundir *run, bool by_mode, accord_rows *out,
                            accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_rows_fini(accord_rows *rows);
/* [main] One more remark, unless it stands there; takes `text`. */
void accord_rows_remark(accord_rows *rows, char *text);

/* [main] What each item scores at a point of one of the row's curves, in the columns of
 * row->seeds: *out, named, to be given to accord_grid_fini() in any case.  *found counts
 * the cells that hold it, see curve.h. */
accord_code accord_row_point(const accord_row *row, const accord_row_curve *c, size_t at,
                             accord_grid *out, size_t *found,
                             accord_err *err) ACCORD_MUST_CHECK;

/* [main] The summary of a cell, *out NULL when it is not sealed; json_decref() it. */
accord_code accord_summary_load(const accord_rundir *run, const accord_run_cell *cell,
                                json_t **out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] What a summary says of a mode, or NULL. */
const json_t *accord_summary_mode(const json_t *summary, const char *mode);

/* [any] "TASK" or, where the mode is not the default, "TASK/MODE".  The caller's. */
char *accord_row_place(const accord_row *row);
/* [any] "item", "seed" or "item x seed" of ACCORD_BY_... */
const char *accord_unit_name(int unit);

#endif
