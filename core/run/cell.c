/* cell.c - see cell.h. */
#include "run/cell.h"

#include "run/evaluate.h"
#include "run/learn.h"

accord_code accord_cell_play(accord_stage *s, const accord_given_up *given_up,
                             uint32_t n_given_up, accord_err *err) {
    accord_code rc = ACCORD_OK;
    uint64_t step = 0;

    if (accord_journal_finished(s->journal))
        return ACCORD_OK;
    atomic_store(&s->live->total, s->cell->episodes * s->cell->n_modes);
    if (s->cell->learns)
        rc = accord_learn(s, given_up, n_given_up, &step, err);
    if (!rc)
        rc = accord_evaluate(s, step, given_up, n_given_up, err);
    return rc ? rc : accord_journal_finish(s->journal, err);
}

accord_code accord_cell_alone(accord_stage *s, const accord_place *place,
                              accord_err *err) {
    accord_sweep sweep = {.stage = s, .first = *place, .n = 1, .width = 1};

    return accord_sweep_run(&sweep, err);
}
