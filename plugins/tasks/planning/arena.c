/* arena.c - see arena.h. */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 4000, ALIGN = 16 };

struct strips_chunk {
    struct strips_chunk *before;
    size_t used, room;
    _Alignas(ALIGN) char data[];
};

void *strips_alloc(struct strips_arena *a, size_t n, size_t size) {
    struct strips_chunk *c = a->chunk;

    if (size > 0 && n > (SIZE_MAX / 2) / size)
        return NULL;
    size_t bytes = (n * size + ALIGN - 1) / ALIGN * ALIGN;
    if (!c || bytes > c->room - c->used) {
        size_t room = c ? c->room * 2 : CHUNK_BYTES;
        if (room > 1 << 20)
            room = 1 << 20;
        if (room < bytes)
            room = bytes;
        c = malloc(sizeof(*c) + room);
        if (!c)
            return NULL;
        *c = (struct strips_chunk){.before = a->chunk, .room = room};
        a->chunk = c;
    }
    void *p = c->data + c->used;
    c->used += bytes;
    a->n_bytes += bytes;
    return memset(p, 0, bytes);
}

char *strips_copy(struct strips_arena *a, const char *text, size_t n) {
    char *p = strips_alloc(a, n + 1, 1);

    if (p)
        memcpy(p, text, n);
    return p;
}

void strips_arena_fini(struct strips_arena *a) {
    for (struct strips_chunk *c = a->chunk; c;) {
        struct strips_chunk *before = c->before;
        free(c);
        c = before;
    }
    *a = (struct strips_arena){0};
}
