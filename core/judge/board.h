/* board.h - the leaderboard: which row of a table is best in its task and mode, which are
 * tied with it, and which lie on the Pareto front of score against tokens. */
#ifndef ACCORD_BOARD_H
#define ACCORD_BOARD_H

#include "report/rows.h"

/* [main] Brings the rows of one task and mode together and marks them (`standing`,
 * `p_best`, `front`, the remarks), those of all runs against each other where the task is
 * the same in all (fingerprint.h).  The best is the one with the best score; a row is
 * tied with it unless the paired test of effect.h finds a difference, p after Holm over
 * the comparisons of the task and mode.  The best was chosen by the same scores, so a tie
 * says "not worse for sure", and no more.  The rows must keep their scores.  Fits
 * accord_table_how.mark.  ACCORD_E_NOMEM. */
accord_code accord_board_mark(accord_rows *rows, accord_err *err) ACCORD_MUST_CHECK;

#endif
