/* forward.c - one pass of the transformer over some rows.
 *
 * What is computed for a row depends on that row and on its slot's cache alone, and each
 * number in one order, so the rows around it do not matter. */
#include <string.h>

#include "engine_parts.h"

static size_t padded_context(const struct pocket_engine *e) {
    return ((size_t)e->shape.context + POCKET_LANES - 1) / POCKET_LANES * POCKET_LANES;
}

/* Keys (part 0) or values (part 1) of a head: [padded context][head size]. */
static uint16_t *cache_of(const struct pocket_engine *e, uint32_t slot, uint32_t layer,
                          uint32_t part, uint32_t head) {
    const struct pocket_shape *s = &e->shape;
    size_t size = s->width / s->heads;
    size_t at = (((size_t)slot * s->layers + layer) * 2 + part) * s->heads + head;

    return e->cache + at * padded_context(e) * size;
}

void pocket_copy_slot(struct pocket_engine *e, uint32_t to, uint32_t from, size_t n) {
    const struct pocket_shape *s = &e->shape;
    size_t size = s->width / s->heads;
    size_t blocks = (n + POCKET_LANES - 1) / POCKET_LANES;

    for (uint32_t layer = 0; layer < s->layers; layer++)
        for (uint32_t part = 0; part < 2; part++)
            for (uint32_t head = 0; head < s->heads; head++)
                memcpy(cache_of(e, to, layer, part, head),
                       cache_of(e, from, layer, part, head),
                       blocks * POCKET_LANES * size * sizeof(uint16_t));
    memcpy(e->slot[to].tokens, e->slot[from].tokens, n * sizeof(int32_t));
    e->slot[to].n = n;
}

/* To the nearest bfloat16, ties to even. */
static uint16_t to_half(float x) {
    uint32_t bits;

    memcpy(&bits, &x, sizeof(bits));
    return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static void embed(const struct pocket_engine *e, const struct pocket_row *row, float *x) {
    const struct pocket_matrix *tokens = &e->weights->embed,
                               *places = &e->weights->position;
    size_t width = e->shape.width;
    const int8_t *token = tokens->value + (size_t)row->token * width,
                 *place = places->value + (size_t)row->position * width;
    float a = tokens->scale[row->token], b = places->scale[row->position];

    for (size_t i = 0; i < width; i++)
        x[i] = (float)token[i] * a + (float)place[i] * b;
}

/* out[n][w->rows] = x[n][w->columns] w^T */
static void multiply(struct pocket_engine *e, float *out, const struct pocket_packed *w,
                     const float *x, size_t n) {
    const struct pocket_kernels *k = e->kernels;
    size_t bytes = w->columns * k->element;

    for (size_t r = 0; r < n; r++)
        e->scratch.scale[r] = k->quantise((char *)e->scratch.small + r * bytes,
                                          x + r * w->columns, w->columns);
    k->multiply(out, w, e->scratch.small, e->scratch.scale, n);
}

static void norm(struct pocket_engine *e, const float *gain, size_t n) {
    size_t width = e->shape.width;

    for (size_t r = 0; r < n; r++)
        e->kernels->norm(e->scratch.y + r * width, e->scratch.x + r * width, gain, width);
}

/* Keys go 16 positions to a block, so that scores of 16 are made at once. */
static void remember(struct pocket_engine *e, uint32_t layer,
                     const struct pocket_row *row, const float *qkv) {
    const struct pocket_shape *s = &e->shape;
    size_t size = s->width / s->heads, p = row->position;

    for (uint32_t h = 0; h < s->heads; h++) {
        const float *k = qkv + s->width + h * size, *v = k + s->width;
        uint16_t *key = cache_of(e, row->slot, layer, 0, h) +
                        p / POCKET_LANES * POCKET_LANES * size + p % POCKET_LANES;
        uint16_t *value = cache_of(e, row->slot, layer, 1, h) + p * size;
        for (size_t i = 0; i < size; i++) {
            key[i * POCKET_LANES] = to_half(k[i]);
            value[i] = to_half(v[i]);
        }
    }
}

static void attend(struct pocket_engine *e, uint32_t layer, const struct pocket_row *row,
                   const float *qkv, float *out) {
    const struct pocket_shape *s = &e->shape;
    uint32_t size = s->width / s->heads;

    for (uint32_t h = 0; h < s->heads; h++) {
        struct pocket_head head = {.key = cache_of(e, row->slot, layer, 0, h),
                                   .value = cache_of(e, row->slot, layer, 1, h),
                                   .size = size,
                                   .scale = e->head_scale};
        e->kernels->attend(out + h * size, qkv + h * size, &head, row->position + 1,
                           e->scratch.score);
    }
}

/* Moves the rows that want logits, and their queries, to the front; returns how many they
 * are.  Of the last layer the others only need to be remembered. */
static size_t keep_wanted(struct pocket_engine *e, struct pocket_row *rows, size_t n) {
    struct pocket_scratch *c = &e->scratch;
    size_t width = e->shape.width, wanted = 0;

    for (size_t r = 0; r < n; r++) {
        if (!rows[r].wants_logits)
            continue;
        memmove(c->x + wanted * width, c->x + r * width, width * sizeof(float));
        memmove(c->qkv + wanted * 3 * width, c->qkv + r * 3 * width,
                width * sizeof(float));
        rows[wanted++] = rows[r];
    }
    return wanted;
}

/* Returns how many rows go on. */
static size_t attention(struct pocket_engine *e, uint32_t layer, struct pocket_row *rows,
                        size_t n) {
    struct pocket_scratch *c = &e->scratch;
    size_t width = e->shape.width;

    norm(e, e->weights->layer[layer].norm1, n);
    multiply(e, c->qkv, &e->layer[layer].qkv, c->y, n);
    for (size_t r = 0; r < n; r++)
        remember(e, layer, &rows[r], c->qkv + r * 3 * width);
    if (layer + 1 == e->shape.layers)
        n = keep_wanted(e, rows, n);
    for (size_t r = 0; r < n; r++)
        attend(e, layer, &rows[r], c->qkv + r * 3 * width, c->y + r * width);
    multiply(e, c->hidden, &e->layer[layer].out, c->y, n);
    e->kernels->add(c->x, c->hidden, n * width);
    return n;
}

static void between(struct pocket_engine *e, uint32_t layer, size_t n) {
    struct pocket_scratch *c = &e->scratch;

    norm(e, e->weights->layer[layer].norm2, n);
    multiply(e, c->hidden, &e->layer[layer].up, c->y, n);
    e->kernels->relu(c->hidden, n * e->shape.hidden);
    multiply(e, c->y, &e->layer[layer].down, c->hidden, n);
    e->kernels->add(c->x, c->y, n * e->shape.width);
}

size_t pocket_forward(struct pocket_engine *e, struct pocket_row *rows, size_t n) {
    struct pocket_scratch *c = &e->scratch;

    for (size_t r = 0; r < n; r++) {
        struct pocket_slot *slot = &e->slot[rows[r].slot];
        slot->tokens[rows[r].position] = rows[r].token;
        slot->n = rows[r].position + 1;
        embed(e, &rows[r], c->x + r * e->shape.width);
    }
    for (uint32_t layer = 0; layer < e->shape.layers; layer++) {
        n = attention(e, layer, rows, n);
        between(e, layer, n);
    }
    norm(e, e->weights->norm, n);
    multiply(e, c->logits, &e->embed, c->y, n);
    return n;
}
