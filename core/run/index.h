/* index.h - which keys a journal holds, and where: a hash table of 64-bit key hashes. */
#ifndef ACCORD_INDEX_H
#define ACCORD_INDEX_H

#include <stdbool.h>

#include "base/err.h"

typedef struct accord_index_entry {
    uint64_t hash;   /* 0 = free */
    int64_t journal; /* offset of the line in journal.jsonl, -1 = none */
    int64_t text;    /* offset of the line in text.jsonl, -1 = none */
} accord_index_entry;

typedef struct accord_index {
    accord_index_entry *entries;
    size_t cap; /* a power of two, or 0 */
    size_t n;
} accord_index;

/* [any] The hash of a text, never 0. */
uint64_t accord_index_hash(const char *key);

/* [any] The entry of a hash, or NULL. */
accord_index_entry *accord_index_find(const accord_index *x, uint64_t hash);

/* [any] The entry of a hash, made (with offsets -1) where it is missing. */
accord_code accord_index_put(accord_index *x, uint64_t hash, accord_index_entry **out,
                             accord_err *err) ACCORD_MUST_CHECK;

/* [any] */
void accord_index_fini(accord_index *x);

#endif
