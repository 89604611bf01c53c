/* arena.c - a tape's memory: chunks that are filled in order and emptied by a reset, and
 * in them blocks that are used for a while. */
#include <stdlib.h>

#include "nn/pages.h"
#include "nn/tape.h"

enum { ALIGN = 64, FIRST_CHUNK = 1 << 20 };

struct chunk {
    struct chunk *next;
    size_t cap, used; /* of the bytes behind this struct */
    char *data;       /* aligned */
};

struct block {
    struct block *next;
    size_t cap; /* floats behind the block's ALIGN bytes */
};

void accord_nn_arena_reset(tape *t) {
    for (struct chunk *c = t->chunks; c; c = c->next)
        c->used = 0;
    t->chunk = t->chunks;
    t->free_blocks = NULL;
}

void accord_nn_arena_destroy(tape *t) {
    while (t->chunks) {
        struct chunk *c = t->chunks;
        t->chunks = c->next;
        free(c);
    }
}

size_t accord_nn_tape_bytes(const accord_nn_tape *t) {
    return t->bytes;
}

/* Gives back the chunks that this step does not use. */
static void drop_unused(tape *t) {
    struct chunk **at = &t->chunks;

    t->chunk = NULL;
    while (*at) {
        struct chunk *c = *at;
        if (c->used) {
            t->chunk = c;
            at = &c->next;
            continue;
        }
        *at = c->next;
        t->bytes -= c->cap;
        free(c);
    }
}

/* A chunk as large as all before it together, so that their number stays small. */
static struct chunk *add_chunk(tape *t, size_t n_bytes) {
    if (n_bytes > t->max_bytes - t->bytes)
        drop_unused(t);
    size_t cap = t->bytes > FIRST_CHUNK ? t->bytes : FIRST_CHUNK;
    if (cap > t->max_bytes - t->bytes || n_bytes > cap)
        cap = n_bytes;
    if (cap > t->max_bytes - t->bytes) {
        accord_nn_refuse(t, ACCORD_E_LIMIT,
                         "the tape's maximum of %zu bytes is reached: %zu are used, %zu "
                         "more are needed",
                         t->max_bytes, t->bytes, n_bytes);
        return NULL;
    }
    struct chunk *c = malloc(sizeof(*c) + ALIGN + cap);
    if (!c) {
        accord_nn_refuse(t, ACCORD_E_NOMEM, "out of memory for %zu bytes", cap);
        return NULL;
    }
    accord_pages_huge(c, cap);
    *c = (struct chunk){.cap = cap};
    uintptr_t behind = (uintptr_t)(c + 1);
    c->data = (char *)(c + 1) + (ALIGN - behind % ALIGN) % ALIGN;
    t->bytes += cap;
    if (t->chunk)
        t->chunk->next = c;
    else
        t->chunks = c;
    return c;
}

void *accord_nn_alloc(tape *t, size_t n_bytes) {
    if (t->err.code)
        return NULL;
    if (n_bytes > SIZE_MAX / 4) {
        accord_nn_refuse(t, ACCORD_E_LIMIT, "a tensor is too large");
        return NULL;
    }
    n_bytes = (n_bytes + ALIGN - 1) / ALIGN * ALIGN;
    while (t->chunk && t->chunk->cap - t->chunk->used < n_bytes && t->chunk->next)
        t->chunk = t->chunk->next;
    if (!t->chunk || t->chunk->cap - t->chunk->used < n_bytes) {
        struct chunk *c = add_chunk(t, n_bytes);
        if (!c)
            return NULL;
        t->chunk = c;
    }
    void *p = t->chunk->data + t->chunk->used;
    t->chunk->used += n_bytes;
    return p;
}

/* The smallest free block that is large enough and less than twice too large. */
float *accord_nn_scratch(tape *t, size_t n) {
    struct block **best = NULL;

    for (struct block **b = &t->free_blocks; *b; b = &(*b)->next)
        if ((*b)->cap >= n && (*b)->cap / 2 <= n && (!best || (*b)->cap < (*best)->cap))
            best = b;
    struct block *found;
    if (best) {
        found = *best;
        *best = found->next;
    } else {
        size_t cap = n > SIZE_MAX / 16 ? SIZE_MAX / 16 : (n + 15) / 16 * 16;
        found = accord_nn_alloc(t, ALIGN + cap * sizeof(float));
        if (!found)
            return NULL;
        found->cap = cap;
    }
    return (float *)(void *)((char *)found + ALIGN);
}

void accord_nn_release(tape *t, float *p) {
    if (!p)
        return;
    struct block *b = (struct block *)(void *)((char *)p - ALIGN);
    b->next = t->free_blocks;
    t->free_blocks = b;
}
