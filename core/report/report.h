/* report.h - what is made of a run's journals: summaries, results, tables, transcripts.
 */
#ifndef ACCORD_REPORT_H
#define ACCORD_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "report/equal.h"
#include "report/rows.h"

/* [main] Reads the journal of a finished cell and writes its summary.json: a pure
 * function of manifest and journal but for the member "timing". */
accord_code accord_report_seal(const char *run_dir, const char *cell_dir,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [main] Writes results.json and timing.json from the summaries.  Cells that are not
 * sealed are left out and counted in *missing. */
accord_code accord_report_results(const char *run_dir, uint32_t *missing,
                                  accord_err *err) ACCORD_MUST_CHECK;

/* What `accord table` is asked for. */
typedef struct accord_table_how {
    const char *format; /* of -f; NULL is "text" */
    const char *by;     /* "task" or "mode"; NULL is "task" */
    bool parts;         /* the parts of the scores instead of the scores */
    /* Marks how the rows stand to each other, or NULL; core/judge has one.  It finds the
     * items' scores in the rows and may reorder them. */
    accord_code (*mark)(accord_rows *rows, accord_err *err);
    /* The metrics whose names begin with a word of "grad,loss" instead of the scores; ""
     * is all, NULL none. */
    const char *metrics;
    const char *equal_tokens; /* a method: what stands beside it, see equal.h; or NULL */
    /* Finds that; core/judge has it. */
    accord_code (*beside)(accord_rows *rows, const char *method, accord_equal *out,
                          accord_err *err);
} accord_table_how;

/* [main] Prints the table of one or more runs.  ACCORD_E_ARG for an unknown format or
 * order, ACCORD_E_NOTFOUND for a method that is in none of them. */
accord_code accord_report_table(const char *const *run_dirs, uint32_t n,
                                const accord_table_how *how, FILE *out,
                                accord_err *err) ACCORD_MUST_CHECK;

/* What `accord show` is asked for. */
typedef struct accord_show {
    const char *run_dir;
    const char *cell; /* TASK/METHOD/SEED, or NULL for all */
    const char *item; /* an item's id, or NULL for the list of episodes */
    bool raw;         /* the lines of the journals as they stand */
} accord_show;

/* [main] Prints the episodes of cells, or all that was said about an item.
 * ACCORD_E_NOTFOUND for a cell or an item that is not there, with the nearest that is. */
accord_code accord_report_show(const accord_show *what, FILE *out,
                               accord_err *err) ACCORD_MUST_CHECK;

#endif
