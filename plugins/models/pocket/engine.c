/* engine.c - see engine.h: memory. */
#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "engine_parts.h"
#include "tokenizer.h"

enum { ALIGNMENT = 64 };

static size_t up_to(size_t n, size_t multiple) {
    return (n + multiple - 1) / multiple * multiple;
}

/* Hands out parts of one piece of memory; without memory it only counts. */
struct arena {
    char *base;
    size_t used;
};

static void *take(struct arena *a, size_t bytes) {
    void *at = a->base ? a->base + a->used : NULL;

    a->used += up_to(bytes, ALIGNMENT);
    return at;
}

/* Zeroed memory at a multiple of `alignment`; *memory is what is to be freed. */
static void *allocate(size_t bytes, size_t alignment, void **memory) {
    char *base = *memory = calloc(1, bytes + alignment);

    return base ? base + (alignment - (uintptr_t)base % alignment) % alignment : NULL;
}

/* Huge pages, since every pass walks through the caches of all slots. */
static uint16_t *allocate_cache(struct pocket_engine *e) {
    size_t context = up_to(e->shape.context, POCKET_LANES), huge = (size_t)2 << 20;
    size_t bytes =
        POCKET_SLOTS * e->shape.layers * 2 * context * e->shape.width * sizeof(uint16_t);
    void *cache = allocate(bytes, huge, &e->cache_memory);

#ifdef MADV_HUGEPAGE
    if (cache)
        madvise(cache, bytes / huge * huge, MADV_HUGEPAGE);
#endif
    return cache;
}

static void pack(const struct pocket_kernels *k, struct arena *a,
                 const struct pocket_matrix *m, struct pocket_packed *out) {
    size_t rows = up_to(m->rows, POCKET_LANES);
    void *value = take(a, rows * m->columns * k->element);
    float *scale = take(a, rows * sizeof(float));
    int32_t *start = take(a, rows * sizeof(int32_t));

    *out = (struct pocket_packed){.rows = (uint32_t)rows,
                                  .columns = m->columns,
                                  .value = value,
                                  .scale = scale,
                                  .start = start};
    if (value)
        k->pack(m, value, scale, start);
}

static void pack_all(struct pocket_engine *e, struct arena *a) {
    const struct pocket_weights *w = e->weights;

    pack(e->kernels, a, &w->embed, &e->embed);
    for (uint32_t i = 0; i < e->shape.layers; i++) {
        pack(e->kernels, a, &w->layer[i].qkv, &e->layer[i].qkv);
        pack(e->kernels, a, &w->layer[i].out, &e->layer[i].out);
        pack(e->kernels, a, &w->layer[i].up, &e->layer[i].up);
        pack(e->kernels, a, &w->layer[i].down, &e->layer[i].down);
    }
}

static void lay_out(struct pocket_engine *e, struct arena *a) {
    const struct pocket_shape *s = &e->shape;
    struct pocket_scratch *c = &e->scratch;
    size_t widest = s->hidden > s->width ? s->hidden : s->width, row = sizeof(float);

    c->x = take(a, POCKET_ROWS * s->width * row);
    c->y = take(a, POCKET_ROWS * s->width * row);
    c->qkv = take(a, POCKET_ROWS * 3 * s->width * row);
    c->hidden = take(a, POCKET_ROWS * widest * row);
    c->small = take(a, POCKET_ROWS * widest * e->kernels->element);
    c->scale = take(a, POCKET_ROWS * row);
    c->score = take(a, up_to(s->context, POCKET_LANES) * row);
    c->logits = take(a, POCKET_ROWS * e->embed.rows * row);
    c->weights = take(a, e->embed.rows * row);
    c->chosen = take(a, e->embed.rows * sizeof(*c->chosen));
    c->chosen_weight = take(a, e->embed.rows * row);
    e->barred = take(a, e->embed.rows * row);
}

static void bar(struct pocket_engine *e) {
    for (uint32_t i = 0; i < e->embed.rows; i++)
        e->barred[i] =
            i < e->shape.vocabulary && pocket_is_speech((int32_t)i) ? 0 : -1e30f;
}

static int make_room(struct pocket_engine *e) {
    struct arena packed = {NULL, 0}, room = {NULL, 0};

    pack_all(e, &packed);
    lay_out(e, &room);
    packed.base = allocate(packed.used, ALIGNMENT, &e->packed);
    room.base = allocate(room.used, ALIGNMENT, &e->room);
    e->cache = allocate_cache(e);
    e->tokens = calloc((size_t)POCKET_SLOTS * e->shape.context, sizeof(int32_t));
    if (!e->packed || !e->room || !e->cache || !e->tokens)
        return 0;
    packed.used = room.used = 0;
    pack_all(e, &packed);
    lay_out(e, &room);
    for (uint32_t i = 0; i < POCKET_SLOTS; i++)
        e->slot[i].tokens = e->tokens + (size_t)i * e->shape.context;
    bar(e);
    return 1;
}

accord_code pocket_engine_create(const struct pocket_weights *weights,
                                 const struct pocket_kernels *kernels,
                                 struct pocket_engine **out, struct pocket_err *err) {
    *out = NULL;
    struct pocket_engine *e = calloc(1, sizeof(*e));
    if (!e)
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    e->weights = weights;
    e->kernels = kernels;
    e->shape = weights->shape;
    e->head_scale = 1.0f / sqrtf((float)(e->shape.width / e->shape.heads));
    if (!make_room(e)) {
        pocket_engine_destroy(e);
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    }
    *out = e;
    return ACCORD_OK;
}

void pocket_engine_destroy(struct pocket_engine *e) {
    if (!e)
        return;
    pocket_streams_free(e);
    free(e->packed);
    free(e->room);
    free(e->cache_memory);
    free(e->tokens);
    free(e);
}
