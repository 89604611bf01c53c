/* grid.h - scores by item and seed, and the estimate that fits their unit. */
#ifndef ACCORD_GRID_H
#define ACCORD_GRID_H

#include <stdbool.h>

#include "report/map.h"
#include "stats/stats.h"

typedef struct accord_grid {
    size_t n_seeds; /* columns, fixed */
    bool named;     /* keep the items' ids; fixed */
    size_t n_items, cap;
    double *sum;   /* [cap][n_seeds] */
    double *count; /* visits; 0 = not played */
    char **ids;    /* [cap] where named */
    accord_map at;
} accord_grid;

/* [any] One score of an item under a seed's number; visits of an item are averaged. */
accord_code accord_grid_add(accord_grid *g, const char *item, size_t seed, double score,
                            accord_err *err) ACCORD_MUST_CHECK;
/* [any] The mean over its visits of an item's score under a seed's number; NaN = not
 * played. */
double accord_grid_score(const accord_grid *g, size_t item, size_t seed);
/* [any] The number of an item by its id; n_items = not there. */
size_t accord_grid_find(const accord_grid *g, const char *item);
/* [any] The estimate for a unit (ACCORD_BY_... of rundir.h), over the first `done`
 * seeds. */
accord_code accord_grid_estimate(const accord_grid *g, int unit, size_t done,
                                 accord_stat *out, accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_grid_fini(accord_grid *g);

#endif
