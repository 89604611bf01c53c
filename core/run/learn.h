/* learn.h - the training of a cell: rounds of episodes, feedback in order, probes,
 * checkpoints and evaluations at the first boundary at or after their marks. */
#ifndef ACCORD_LEARN_H
#define ACCORD_LEARN_H

#include "run/sweep.h"

/* [main] Trains from the last checkpoint to the end of the budget (or until the method
 * has finished); *step is the training done then. */
accord_code accord_learn(accord_stage *s, const accord_given_up *given_up,
                         uint32_t n_given_up, uint64_t *step,
                         accord_err *err) ACCORD_MUST_CHECK;

#endif
