/* map.h - from 64-bit hashes to numbers: which line of a journal a key was last seen in.
 *
 * Keys are compared by their hash alone.  A million keys meet by chance once in forty
 * million runs. */
#ifndef ACCORD_MAP_H
#define ACCORD_MAP_H

#include <stddef.h>

#include "base/err.h"

enum { ACCORD_MAP_NEW = UINT32_MAX };

typedef struct accord_map {
    uint64_t *keys; /* 0 = free */
    uint32_t *values;
    size_t cap; /* a power of 2 */
    size_t n;
} accord_map;

/* [any] *value points to the key's number, which is ACCORD_MAP_NEW when the key was not
 * there; it is there now.  Valid until the next call.  A zeroed map is empty. */
accord_code accord_map_at(accord_map *m, uint64_t key, uint32_t **value,
                          accord_err *err) ACCORD_MUST_CHECK;
/* [any] The key's number, or ACCORD_MAP_NEW. */
uint32_t accord_map_find(const accord_map *m, uint64_t key);
/* [any] */
void accord_map_fini(accord_map *m);

#endif
