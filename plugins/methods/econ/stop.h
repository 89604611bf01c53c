/* stop.h - what is remembered from one check to the next: for the change of commitments
 * on the same questions, for the cumulative regret, and for early stopping.
 *
 * Training may stop when `patience` checks in a row find all three of the paper's
 * conditions: commitments changed by at most eps_c, the mean reward is at least
 * r_threshold, L_tot changed by at most eps_l. */
#ifndef ECON_STOP_H
#define ECON_STOP_H

#include "gap.h"
#include "options.h"

/* How an item went as learnt. */
typedef struct econ_base {
    uint64_t item; /* the task's index */
    bool is_told, has_final;
    double agreement;
    econ_action action[ECON_MAX_AGENTS];
} econ_base;

typedef struct econ_stop {
    uint32_t checks, streak;
    uint64_t step;             /* of the last check */
    double regret, cumulative; /* at it, and up to it */
    double loss;               /* L_tot at it; NaN: nothing was learned yet */
    double loss_now;           /* L_tot at the last update; NaN before the first */
    uint32_t items, width;
    uint64_t item[ECON_MAX_ITEMS];
    bool has_final[ECON_MAX_ITEMS];
    float *finals; /* [items][width]: embeddings of the final outputs */
} econ_stop;

/* One check. */
typedef struct econ_check {
    uint64_t step;
    double regret, reward; /* NaN: unknown */
    uint32_t items;
    const econ_base *base; /* [items] */
    const float *finals;   /* [items][width] */
} econ_check;

/* [any] ACCORD_E_NOMEM. */
accord_code econ_stop_init(econ_stop *s, uint32_t items, uint32_t width);
void econ_stop_fini(econ_stop *s);

/* [any] Takes a check in; *change becomes the mean distance of the final outputs from
 * those of the last check, NaN at the first. */
void econ_stop_check(econ_stop *s, const econ_check *check, const econ_options *o,
                     double *change);
/* [any] Whether training may stop. */
bool econ_stop_due(const econ_stop *s, const econ_options *o);

/* [worker] Writes and reads the file "probe" of a folder. */
accord_code econ_stop_save(const econ_stop *s, const char *dir, const accord_host *host,
                           accord_err *err);
accord_code econ_stop_load(econ_stop *s, const char *dir, const accord_host *host,
                           accord_err *err);

#endif
