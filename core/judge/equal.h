/* equal.h - one method beside all others at equal tokens: a view of a run, not a run. */
#ifndef ACCORD_JUDGE_EQUAL_H
#define ACCORD_JUDGE_EQUAL_H

#include "report/equal.h"

/* [main] For each task and mode of each run: the method, then every other one as it was
 * played and, where it named candidates, at the two points (a vote over k of its samples,
 * its answer after round r) whose mean tokens bracket the method's; where all spend more,
 * or all no more, at the nearest, and a remark of the rows says so.  Each with the
 * method's score minus its own: paired by item, by item and seed where a side learns, the
 * interval that effect.h makes.  The rows must keep their scores.  Fits
 * accord_table_how.beside.  ACCORD_E_NOTFOUND where no row is of the method,
 * ACCORD_E_NOMEM.  free() out->items in any case. */
accord_code accord_equal_make(accord_rows *rows, const char *method, accord_equal *out,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
