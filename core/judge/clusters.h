/* clusters.h - items that come in groups, as their ids tell: "test/algebra/24.json" and
 * "test/algebra/807.json" belong to "test/algebra". */
#ifndef ACCORD_CLUSTERS_H
#define ACCORD_CLUSTERS_H

#include <stddef.h>

#include "base/err.h"

typedef struct accord_clusters {
    size_t *of; /* [n_items], below n */
    size_t n;
} accord_clusters;

/* [main] By what stands before an id's last slash; an id without one stands alone.
 * accord_clusters_fini() in any case.  ACCORD_E_NOMEM. */
accord_code accord_clusters_make(const char *const *ids, size_t n_items,
                                 accord_clusters *out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_clusters_fini(accord_clusters *c);

#endif
