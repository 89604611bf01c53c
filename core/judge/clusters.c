/* clusters.c - see clusters.h. */
#include "judge/clusters.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "report/map.h"

/* A hash of the id's folder, or of the whole id where it has none. */
static accord_code key_of(const char *id, uint64_t *out, accord_err *err) {
    const char *slash = strrchr(id, '/');
    char *folder;

    if (!slash) {
        *out = accord_rng_fold_text(1, id);
        return ACCORD_OK;
    }
    size_t n = (size_t)(slash - id);
    accord_code rc = accord_alloc(n + 1, 1, &folder, err);
    if (rc)
        return rc;
    memcpy(folder, id, n);
    *out = accord_rng_fold_text(0, folder);
    free(folder);
    return ACCORD_OK;
}

accord_code accord_clusters_make(const char *const *ids, size_t n_items,
                                 accord_clusters *out, accord_err *err) {
    accord_map at = {0};
    uint64_t key;
    uint32_t *number;

    *out = (accord_clusters){0};
    accord_code rc = accord_alloc(n_items, sizeof(*out->of), &out->of, err);
    for (size_t i = 0; !rc && i < n_items; i++) {
        rc = key_of(ids[i], &key, err);
        if (!rc)
            rc = accord_map_at(&at, key, &number, err);
        if (rc)
            break;
        if (*number == ACCORD_MAP_NEW)
            *number = (uint32_t)out->n++;
        out->of[i] = *number;
    }
    accord_map_fini(&at);
    return rc;
}

void accord_clusters_fini(accord_clusters *c) {
    free(c->of);
    *c = (accord_clusters){0};
}
