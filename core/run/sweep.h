/* sweep.h - plays a row of episodes, many in flight: one thread each, one token. */
#ifndef ACCORD_SWEEP_H
#define ACCORD_SWEEP_H

#include "run/episode.h"

/* An episode that killed its worker and is not played again. */
typedef struct accord_given_up {
    accord_place place;
    const char *outcome;
} accord_given_up;

typedef struct accord_sweep {
    accord_stage *stage;
    accord_place first; /* of the row; its index counts up from here */
    uint64_t n;
    uint32_t width; /* episodes in flight */
    const accord_given_up *given_up;
    uint32_t n_given_up;
    accord_episode
        *keep; /* [n]: episodes stay open for their feedback; NULL: they close */
} accord_sweep;

/* [main] Plays the row, flushing the journal each second.  ACCORD_E_STOPPED: it was left
 * unfinished.  Another code: the cell cannot go on. */
accord_code accord_sweep_run(accord_sweep *sweep, accord_err *err) ACCORD_MUST_CHECK;

#endif
