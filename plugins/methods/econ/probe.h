/* probe.h - the equilibrium, measured in the game: the first items of the train split are
 * played once as learnt and once for each deviation of each executor, with the same
 * random numbers.  gap.h makes numbers of what they earned.
 *
 * Variant 0: everybody plays what it learnt.  Variant 1 + i g g + j: executor i alone
 * plays point j of a g x g grid over the box, at every stage.
 *
 * Probes also decide on early stopping (stop.h). */
#ifndef ECON_PROBE_H
#define ECON_PROBE_H

#include "gap.h"
#include "options.h"
#include "stop.h"

enum { ECON_MAX_MARKS = 4096, ECON_MAX_DEVIATING = 4 };

typedef struct econ_probe {
    accord_probe_plan plan;
    uint64_t *marks;
    uint32_t n, side; /* executors, of the grid */
    uint32_t width;   /* of embeddings */
    econ_payoffs payoffs;
    /* Summed in the items' order at last: sums do not depend on who ended first. */
    econ_base base[ECON_MAX_ITEMS];
    uint32_t n_items; /* that came so far */
    uint32_t n_told;  /* episodes that came so far */
    uint64_t step;    /* when it is probed */
    float *finals;    /* [items][width] of variant 0 */
    econ_stop stop;   /* what the checks before came to */
} econ_probe;

/* [worker] ACCORD_E_CONFIG where the panel is too large for its deviations. */
accord_code econ_probe_init(econ_probe *p, const accord_host *host, const econ_options *o,
                            uint32_t n, uint32_t n_clusters, uint32_t width,
                            uint64_t budget, accord_err *err);
void econ_probe_fini(econ_probe *p);

/* [any] Who deviates in a variant, and to which point of the unit square; false: nobody.
 */
bool econ_probe_deviation(const econ_probe *p, uint32_t variant, uint32_t *agent,
                          float unit[2]);

/* What an episode of a probe came to. */
typedef struct econ_report {
    uint64_t item, step;
    uint32_t variant;
    const double *payoff;      /* [n]; NULL: it failed */
    const econ_action *action; /* [n], of the last stage */
    const float *final;        /* [width] or NULL */
    double agreement;          /* NaN: unknown */
} econ_report;

/* [worker] An episode of a probe has ended.  True with the last one: see
 * econ_probe_settle(). */
bool econ_probe_tell(econ_probe *p, const econ_report *r);

/* What a probe came to; NaN what it cannot tell. */
typedef struct econ_finding {
    econ_gaps gaps;
    double cumulative;                /* regret summed over the training so far */
    double reward, agreement, change; /* means over the items as learnt */
    double temperature[ECON_MAX_AGENTS], top_p[ECON_MAX_AGENTS];
} econ_finding;

/* [worker] Concludes a probe and forgets its episodes.  `standing`
 * says that nothing is learned, so that the regret is the same over all `budget`
 * episodes.  False when there is none under way. */
bool econ_probe_settle(econ_probe *p, const econ_options *o, bool standing,
                       uint64_t budget, econ_finding *out);

#endif
