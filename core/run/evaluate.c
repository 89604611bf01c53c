/* evaluate.c - see evaluate.h. */
#include "run/evaluate.h"

accord_code accord_evaluate(accord_stage *s, uint64_t step,
                            const accord_given_up *given_up, uint32_t n_given_up,
                            accord_err *err) {
    for (uint32_t mode = 0; mode < s->cell->n_modes; mode++) {
        accord_sweep sweep = {
            .stage = s,
            .first = {.phase = ACCORD_PHASE_EVAL, .mode = mode, .step = step},
            .n = s->cell->episodes,
            .width = s->width,
            .given_up = given_up,
            .n_given_up = n_given_up};

        accord_code rc = accord_sweep_run(&sweep, err);
        if (!rc)
            rc = accord_journal_eval(s->journal, step, s->cell->modes[mode],
                                     s->cell->episodes, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}
