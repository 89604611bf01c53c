/* map.c - see map.h.  Open addressing, linear probes, at most half full. */
#include "report/map.h"

#include <stdlib.h>

#include "base/mem.h"

static size_t slot_of(const accord_map *m, uint64_t key) {
    size_t i = (size_t)(key * 0x9e3779b97f4a7c15u) & (m->cap - 1);

    while (m->keys[i] && m->keys[i] != key)
        i = (i + 1) & (m->cap - 1);
    return i;
}

static accord_code widen(accord_map *m, accord_err *err) {
    accord_map wide = {.cap = m->cap ? m->cap * 2 : 64, .n = m->n};

    accord_code rc = accord_alloc(wide.cap, sizeof(*wide.keys), &wide.keys, err);
    if (!rc)
        rc = accord_alloc(wide.cap, sizeof(*wide.values), &wide.values, err);
    if (rc) {
        accord_map_fini(&wide);
        return rc;
    }
    for (size_t i = 0; i < m->cap; i++)
        if (m->keys[i]) {
            size_t to = slot_of(&wide, m->keys[i]);
            wide.keys[to] = m->keys[i];
            wide.values[to] = m->values[i];
        }
    accord_map_fini(m);
    *m = wide;
    return ACCORD_OK;
}

accord_code accord_map_at(accord_map *m, uint64_t key, uint32_t **value,
                          accord_err *err) {
    *value = NULL;
    if (m->n * 2 >= m->cap) {
        accord_code rc = widen(m, err);
        if (rc)
            return rc;
    }
    key = key ? key : 1;
    size_t i = slot_of(m, key);
    if (!m->keys[i]) {
        m->keys[i] = key;
        m->values[i] = ACCORD_MAP_NEW;
        m->n++;
    }
    *value = &m->values[i];
    return ACCORD_OK;
}

uint32_t accord_map_find(const accord_map *m, uint64_t key) {
    if (m->cap == 0)
        return ACCORD_MAP_NEW;
    size_t i = slot_of(m, key ? key : 1);
    return m->keys[i] ? m->values[i] : ACCORD_MAP_NEW;
}

void accord_map_fini(accord_map *m) {
    free(m->keys);
    free(m->values);
    *m = (accord_map){0};
}
