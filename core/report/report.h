/* report.h - what is made of a run's journals: summaries, results, tables, transcripts.
 */
#ifndef ACCORD_REPORT_H
#define ACCORD_REPORT_H

#include <stdio.h>

#include "base/err.h"

/* [main] Reads the journal of a finished cell and writes its summary.json: a pure
 * function of manifest and journal but for the member "timing". */
accord_code accord_report_seal(const char *run_dir, const char *cell_dir,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [main] Writes results.json and timing.json from the summaries.  Cells that are not
 * sealed are left out and counted in *missing. */
accord_code accord_report_results(const char *run_dir, uint32_t *missing,
                                  accord_err *err) ACCORD_MUST_CHECK;

/* [main] Prints the table of one or more runs in a format of `accord table -f`.  `by` is
 * "task" or "mode". */
accord_code accord_report_table(const char *const *run_dirs, uint32_t n,
                                const char *format, const char *by, FILE *out,
                                accord_err *err) ACCORD_MUST_CHECK;

#endif
