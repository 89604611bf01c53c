/* evaluate.h - one evaluation: every mode, the same items for every method and seed. */
#ifndef ACCORD_EVALUATE_H
#define ACCORD_EVALUATE_H

#include "run/sweep.h"

/* [main] Plays all modes once, `step` units into the training. */
accord_code accord_evaluate(accord_stage *s, uint64_t step,
                            const accord_given_up *given_up, uint32_t n_given_up,
                            accord_err *err) ACCORD_MUST_CHECK;

#endif
