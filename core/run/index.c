/* index.c - see index.h.  Open addressing, at most half full. */
#include "run/index.h"

#include <stdlib.h>

#include <accord/rng.h>

#include "base/mem.h"

uint64_t accord_index_hash(const char *key) {
    uint64_t hash = accord_rng_fold_text(0, key);

    return hash ? hash : 1;
}

static accord_index_entry *slot(const accord_index *x, uint64_t hash) {
    size_t i = hash & (x->cap - 1);

    while (x->entries[i].hash && x->entries[i].hash != hash)
        i = (i + 1) & (x->cap - 1);
    return &x->entries[i];
}

accord_index_entry *accord_index_find(const accord_index *x, uint64_t hash) {
    accord_index_entry *e = x->cap ? slot(x, hash) : NULL;

    return e && e->hash ? e : NULL;
}

static accord_code enlarge(accord_index *x, accord_err *err) {
    accord_index bigger = {.cap = x->cap ? x->cap * 2 : 1024, .n = x->n};

    accord_code rc =
        accord_alloc(bigger.cap, sizeof(*bigger.entries), &bigger.entries, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < x->cap; i++)
        if (x->entries[i].hash)
            *slot(&bigger, x->entries[i].hash) = x->entries[i];
    free(x->entries);
    *x = bigger;
    return ACCORD_OK;
}

accord_code accord_index_put(accord_index *x, uint64_t hash, accord_index_entry **out,
                             accord_err *err) {
    if (x->n * 2 >= x->cap) {
        accord_code rc = enlarge(x, err);
        if (rc)
            return rc;
    }
    *out = slot(x, hash);
    if (!(*out)->hash) {
        **out = (accord_index_entry){.hash = hash, .journal = -1, .text = -1};
        x->n++;
    }
    return ACCORD_OK;
}

void accord_index_fini(accord_index *x) {
    free(x->entries);
    *x = (accord_index){0};
}
