/* arena.h - memory that is given back all at once. */
#ifndef ACCORD_PLANNING_ARENA_H
#define ACCORD_PLANNING_ARENA_H

#include <stddef.h>

struct strips_chunk;

/* Begin with {0}. */
struct strips_arena {
    struct strips_chunk *chunk;
    size_t n_bytes; /* handed out so far */
};

/* [any] `n` zeroed objects of `size` bytes, or NULL without memory. */
void *strips_alloc(struct strips_arena *a, size_t n, size_t size);
/* [any] A copy of `n` bytes and a NUL, or NULL. */
char *strips_copy(struct strips_arena *a, const char *text, size_t n);
/* [any] Frees everything. */
void strips_arena_fini(struct strips_arena *a);

#endif
