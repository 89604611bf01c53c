/* cell.h - a whole cell: trains if the method learns, evaluates in every mode, and marks
 * the journal as done. */
#ifndef ACCORD_CELL_H
#define ACCORD_CELL_H

#include "run/sweep.h"

/* [main] Plays what the journal does not hold yet.  ACCORD_E_STOPPED: left unfinished. */
accord_code accord_cell_play(accord_stage *s, const accord_given_up *given_up,
                             uint32_t n_given_up, accord_err *err) ACCORD_MUST_CHECK;

/* [main] Plays one episode of an evaluation alone: a suspect. */
accord_code accord_cell_alone(accord_stage *s, const accord_place *place,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
