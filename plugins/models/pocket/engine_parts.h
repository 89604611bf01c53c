/* engine_parts.h - what is inside an engine.  Private to it.
 *
 * A sequence lives in a slot, which has its part of the cache.  What a slot holds stays
 * known after its job has ended: a prompt that begins alike copies it. */
#ifndef ACCORD_POCKET_ENGINE_PARTS_H
#define ACCORD_POCKET_ENGINE_PARTS_H

#include "engine.h"

/* Rows of one pass: a token of each slot, and prompts in blocks. */
enum { POCKET_ROWS = 128 };

/* A token at its place in a sequence. */
struct pocket_row {
    uint32_t slot;
    uint32_t position;
    int32_t token;
    int wants_logits;
};

struct packed_layer {
    struct pocket_packed qkv, out, up, down;
};

struct pocket_slot {
    int32_t *tokens; /* [context]: what the cache holds */
    size_t n;
};

/* Room for a pass over POCKET_ROWS rows. */
struct pocket_scratch {
    float *x;         /* [rows][width]: the residual stream */
    float *y;         /* [rows][width] */
    float *qkv;       /* [rows][3 width] */
    float *hidden;    /* [rows][the widest] */
    void *small;      /* [rows][the widest], quantised */
    float *scale;     /* [rows] */
    float *score;     /* [context] */
    float *logits;    /* [rows][vocabulary rounded up] */
    float *weights;   /* [vocabulary rounded up] */
    uint32_t *chosen; /* the same */
    float *chosen_weight;
};

struct stream; /* schedule.c */

struct pocket_engine {
    const struct pocket_weights *weights;
    const struct pocket_kernels *kernels;
    struct pocket_shape shape;
    float head_scale; /* 1 / sqrt(size of a head) */
    struct pocket_packed embed;
    struct packed_layer layer[POCKET_MAX_LAYERS];
    void *packed; /* memory of all packed matrices */
    void *cache_memory;
    uint16_t *cache; /* [slot][layer][key, value][width positions] */
    struct pocket_slot slot[POCKET_SLOTS];
    int32_t *tokens;
    void *room; /* memory of scratch */
    struct pocket_scratch scratch;
    float *barred; /* [vocabulary rounded up]: -1e30 for what may not be said, else 0 */
    struct stream *streams; /* of the last run */
    size_t n_streams;
};

/* Computes rows[n], n <= POCKET_ROWS.  The rows of a slot follow on what it holds, in
 * order.  Leaves those that want logits in rows[], in their order, with their last hidden
 * states in scratch.y and their logits in scratch.logits; returns how many they are. */
size_t pocket_forward(struct pocket_engine *e, struct pocket_row *rows, size_t n);

/* Copies the first n positions of a slot's cache to another slot. */
void pocket_copy_slot(struct pocket_engine *e, uint32_t to, uint32_t from, size_t n);

/* How a token is drawn. */
struct pocket_draw {
    float temperature; /* 0: the likeliest */
    float top_p;
    uint64_t rng;
};

/* Draws a token from logits[vocabulary], which it changes, and sets *logprob. */
int32_t pocket_sample(struct pocket_engine *e, float *logits, struct pocket_draw *draw,
                      float *logprob);

/* Frees what the last run left. */
void pocket_streams_free(struct pocket_engine *e);

#endif
