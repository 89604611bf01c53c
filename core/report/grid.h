/* grid.h - scores by item and seed, and the estimate that fits their unit. */
#ifndef ACCORD_GRID_H
#define ACCORD_GRID_H

#include "report/map.h"
#include "stats/stats.h"

typedef struct accord_grid {
    size_t n_seeds; /* columns, fixed */
    size_t n_items, cap;
    double *sum;   /* [cap] */
    double *count; /* visits; 0 = not played */
    accord_map at;
} accord_grid;

/* [any] One score of an item under a seed's number; visits of an item are averaged. */
accord_code accord_grid_add(accord_grid *g, const char *item, size_t seed, double score,
                            accord_err *err) ACCORD_MUST_CHECK;
/* [any] The estimate for a unit (ACCORD_BY_... of rundir.h), over the first `done`
 * seeds. */
accord_code accord_grid_estimate(const accord_grid *g, int unit, size_t done,
                                 accord_stat *out, accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_grid_fini(accord_grid *g);

#endif
