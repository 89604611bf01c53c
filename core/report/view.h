/* view.h - one evaluation of a cell in one mode: its episodes in order, its calls. */
#ifndef ACCORD_VIEW_H
#define ACCORD_VIEW_H

#include <stddef.h>

#include "report/rundir.h"
#include "report/tally.h"

typedef struct accord_view {
    const accord_tally *tally;
    uint32_t mode;
    uint64_t step;               /* training done when it was played */
    const accord_tally_ep **eps; /* by index, item id and visit */
    size_t n;
} accord_view;

/* [main] The last evaluation in `mode`, or, with `step` not UINT64_MAX, that one.  Empty
 * when there is none.  accord_view_fini() in any case. */
accord_code accord_view_make(const accord_tally *tally, uint32_t mode, uint64_t step,
                             accord_view *out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_view_fini(accord_view *v);
/* [any] The mean score, in order. */
double accord_view_score(const accord_view *v);

/* [main] Writes the member "candidates": what a vote over j samples, or stopping after
 * round r, would have scored. */
accord_code accord_view_candidates(const accord_view *v, accord_buf *b,
                                   accord_err *err) ACCORD_MUST_CHECK;
/* [main] Writes the members "usage", "calls", "failed_calls", "tokens" and "cost": what
 * one evaluation asked. */
accord_code accord_view_usage(const accord_view *v, const accord_rundir *run,
                              accord_buf *b, accord_err *err) ACCORD_MUST_CHECK;
/* [main] Writes the member "spent": what the whole cell asked, by phase. */
accord_code accord_tally_spent(const accord_tally *t, const accord_rundir *run,
                               accord_buf *b, accord_err *err) ACCORD_MUST_CHECK;

#endif
