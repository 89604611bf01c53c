/* gradients_surgery.c - the second pass: a mask for each component of the weighted sum.
 *
 * The signs at a component are counted into a code, positive + 16 * negative; exact zeros
 * and members of weight 0 have no vote.  Most masks are a function of the code alone and
 * are read from a table. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "gradients_parts.h"

enum { CODES = 16 * CONTROL_MAX_VIEWS + 16 };

typedef double two __attribute__((vector_size(16)));
typedef float four __attribute__((vector_size(16), may_alias));

/* One block on its way. */
typedef struct block {
    _Alignas(16) float sum[CONTROL_BLOCK];
    _Alignas(16) float mask[CONTROL_BLOCK];
    float extra[CONTROL_BLOCK]; /* PURITY: sum of | |; SAND: of squared deviations */
    int32_t code[CONTROL_BLOCK];
} block;

typedef struct surgeon {
    const control_combine *how;
    const control_views *v;
    float coefficient[CONTROL_MAX_VIEWS];
    int32_t up[CONTROL_MAX_VIEWS], down[CONTROL_MAX_VIEWS]; /* vote of a sign */
    float mask[CODES];
    double spread; /* SAND: over `extra`, 1 / variance */
} surgeon;

static bool code_conflicts(int32_t code) {
    return (code & 15) && code >> 4;
}

static double code_agreement(int32_t code) {
    int32_t up = code & 15, down = code >> 4;

    return up + down ? fabs((double)(up - down)) / (up + down) : 0;
}

/* The mask where the signs differ. */
static double softened(const control_combine *how, int32_t code) {
    switch (how->sgs) {
    case CONTROL_SGS_HARD:
    case CONTROL_SGS_AGR_RAND:
        return 0;
    case CONTROL_SGS_SCALE:
        return how->lambda;
    case CONTROL_SGS_VOTE:
        return fmax(how->lambda, pow(code_agreement(code), how->power));
    default:
        return 1;
    }
}

/* SAND's variances are, as in its reference, unbiased, and of rows: of those that a plain
 * mean would have to have to get these members. */
static double spread(const control_views *v, const double weight[],
                     const double coefficient[]) {
    double factor = 0;

    for (uint32_t i = 0; i < v->n; i++)
        factor = weight[i] != 0 ? coefficient[i] / weight[i] : factor;
    return (v->n - 1) * factor * factor / v->n / v->n;
}

static void surgeon_init(surgeon *s, const control_combine *how, const control_views *v,
                         const double weight[], const double coefficient[]) {
    *s = (surgeon){.how = how, .v = v};
    for (uint32_t i = 0; i < v->n; i++) {
        s->coefficient[i] = (float)coefficient[i];
        s->up[i] = weight[i] > 0 ? 1 : weight[i] < 0 ? 16 : 0;
        s->down[i] = weight[i] > 0 ? 16 : weight[i] < 0 ? 1 : 0;
    }
    for (int32_t code = 1; code < CODES; code++)
        s->mask[code] = (float)(code_conflicts(code) ? softened(how, code) : 1);
    s->spread = spread(v, weight, coefficient);
}

static void block_add(block *restrict b, const float *restrict x, float w, int32_t up,
                      int32_t down) {
    for (int k = 0; k < CONTROL_BLOCK; k++) {
        b->sum[k] += w * x[k];
        b->code[k] += (x[k] > 0 ? up : 0) + (x[k] < 0 ? down : 0);
    }
}

static void block_add_sizes(block *restrict b, const float *restrict x, float w) {
    for (int k = 0; k < CONTROL_BLOCK; k++)
        b->extra[k] += fabsf(w * x[k]);
}

static void block_add_squares(block *restrict b, const float *restrict x, float w,
                              float n) {
    for (int k = 0; k < CONTROL_BLOCK; k++) {
        float deviation = w * x[k] - b->sum[k] / n;
        b->extra[k] += deviation * deviation;
    }
}

static void block_gather(const surgeon *s, size_t at, block *b) {
    float room[CONTROL_BLOCK];
    int32_t sgs = s->how->sgs;

    memset(b, 0, sizeof(*b));
    for (uint32_t i = 0; i < s->v->n; i++) {
        const float *x = control_block(s->v->row[i], at, s->v->size, room);
        block_add(b, x, s->coefficient[i], s->up[i], s->down[i]);
        if (sgs == CONTROL_SGS_PURITY)
            block_add_sizes(b, x, s->coefficient[i]);
    }
    for (uint32_t i = 0; i < s->v->n && sgs == CONTROL_SGS_SAND; i++)
        block_add_squares(b, control_block(s->v->row[i], at, s->v->size, room),
                          s->coefficient[i], (float)s->v->n);
}

static void mask_by_purity(block *b) {
    for (int k = 0; k < CONTROL_BLOCK; k++)
        b->mask[k] = b->extra[k] > 0 ? fabsf(b->sum[k]) / b->extra[k] : 0;
}

/* Shahtalebi et al. 2021. */
static void mask_by_variance(const surgeon *s, block *b) {
    for (int k = 0; k < CONTROL_BLOCK; k++) {
        double squares = (double)b->extra[k];
        double over = code_agreement(b->code[k]) - s->how->tau;
        b->mask[k] = 0;
        if (b->code[k] && over > 0)
            b->mask[k] =
                squares > 0 ? (float)tanh(s->how->kappa * over * s->spread / squares) : 1;
    }
}

static void mask_by_code(const surgeon *s, block *b) {
    for (int k = 0; k < CONTROL_BLOCK; k++)
        b->mask[k] = s->mask[b->code[k]];
}

static void block_mask(const surgeon *s, block *b) {
    if (s->how->sgs == CONTROL_SGS_PURITY)
        mask_by_purity(b);
    else if (s->how->sgs == CONTROL_SGS_SAND)
        mask_by_variance(s, b);
    else
        mask_by_code(s, b);
}

static void block_count(const block *b, control_surgery *done) {
    int32_t voters = 0, conflicts = 0;

    for (int k = 0; k < CONTROL_BLOCK; k++) {
        voters += b->code[k] != 0;
        conflicts += ((b->code[k] & 15) != 0) & (b->code[k] >> 4 != 0);
    }
    done->voters += (uint64_t)voters;
    done->conflicts += (uint64_t)conflicts;
}

/* sum *= mask, and the sums over what comes out. */
static void block_cut(block *b, control_surgery *done) {
    four *sum = (four *)b->sum, *mask = (four *)b->mask, masks = {0, 0, 0, 0};
    two squares = {0, 0};

    for (int k = 0; k < CONTROL_BLOCK / 4; k++) {
        sum[k] *= mask[k];
        masks += mask[k];
        two low = {(double)sum[k][0], (double)sum[k][1]};
        two high = {(double)sum[k][2], (double)sum[k][3]};
        squares += low * low + high * high;
    }
    done->mask +=
        ((double)masks[0] + (double)masks[1]) + ((double)masks[2] + (double)masks[3]);
    done->squares += squares[0] + squares[1];
}

static double block_size(const block *b) {
    double size = 0;

    for (int k = 0; k < CONTROL_BLOCK; k++)
        size += (double)fabsf(b->sum[k]);
    return size;
}

/* Mansilla et al. 2021: where signs differ, normal noise of the mean size elsewhere. */
static void fill_with_noise(const surgeon *s, uint64_t *rng, float *out,
                            control_surgery *done) {
    uint64_t agreeing = done->voters - done->conflicts;
    double size = agreeing ? done->agreed / (double)agreeing : 0;
    block b;

    for (size_t at = 0; at < s->v->size; at += CONTROL_BLOCK) {
        block_gather(s, at, &b);
        for (int k = 0; k < CONTROL_BLOCK; k++) {
            if (!code_conflicts(b.code[k]))
                continue;
            out[at + (size_t)k] = (float)(size * accord_rng_normal(rng));
            done->squares += (double)out[at + (size_t)k] * (double)out[at + (size_t)k];
        }
    }
}

void control_operate(const control_combine *how, const control_views *v,
                     const double weight[], const double coefficient[], uint64_t *rng,
                     float *out, control_surgery *done) {
    surgeon s;
    block b;

    *done = (control_surgery){0};
    surgeon_init(&s, how, v, weight, coefficient);
    for (size_t at = 0; at < v->size; at += CONTROL_BLOCK) {
        size_t left = v->size - at;
        block_gather(&s, at, &b);
        block_mask(&s, &b);
        block_count(&b, done);
        block_cut(&b, done);
        if (how->sgs == CONTROL_SGS_AGR_RAND)
            done->agreed += block_size(&b);
        memcpy(out + at, b.sum,
               (left < CONTROL_BLOCK ? left : CONTROL_BLOCK) * sizeof(float));
    }
    if (how->sgs == CONTROL_SGS_AGR_RAND)
        fill_with_noise(&s, rng, out, done);
}
