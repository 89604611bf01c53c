/* progress.h - how a run stands, on stderr: a bar on a terminal, plain lines elsewhere.
 */
#ifndef ACCORD_PROGRESS_H
#define ACCORD_PROGRESS_H

#include "run/supervise.h"

enum { ACCORD_PROGRESS_NONE, ACCORD_PROGRESS_PLAIN, ACCORD_PROGRESS_BAR };

typedef struct accord_progress {
    int mode;
    int64_t started_ns, drawn_ns;
    uint64_t first_played; /* what a resumed run had already */
    bool begun;
} accord_progress;

/* [main] `name` is auto, bar, plain or none; ACCORD_E_ARG for another. */
accord_code accord_progress_init(accord_progress *p, const char *name,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] For accord_supervise_setup.progress; ctx is the accord_progress. */
void accord_progress_draw(void *ctx, const accord_standing *standing);
/* [main] Clears the bar. */
void accord_progress_end(accord_progress *p);

#endif
