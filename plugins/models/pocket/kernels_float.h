/* kernels_float.h - the float kernels, for the level that is being compiled.
 *
 * Numbers are worked on 16 at a time, in as many native vectors as that takes; sums over
 * a row are kept in the 16 lanes and these are added from the first to the last.  So
 * every level makes the same roundings. */
#ifndef ACCORD_POCKET_KERNELS_FLOAT_H
#define ACCORD_POCKET_KERNELS_FLOAT_H

#include <math.h>
#include <string.h>

#include "kernels.h"

#define VFN static inline __attribute__((always_inline, unused))

#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

enum {
    LANES = POCKET_LANES,
    NATIVE = (int)(sizeof(vw) / sizeof(float)), /* lanes of a native vector */
    PARTS = LANES / NATIVE,
};

typedef float vf __attribute__((vector_size(sizeof(vw))));
typedef int32_t vi __attribute__((vector_size(sizeof(vw))));

VFN vf vset(float x) {
    return (vf)splat((union {
                         float f;
                         int32_t i;
                     }){x}
                         .i);
}
VFN vf vload(const float *p) {
    vf v;
    memcpy(&v, p, sizeof(v));
    return v;
}
VFN void vstore(float *p, vf v) {
    memcpy(p, &v, sizeof(v));
}
VFN vf vload_half(const uint16_t *p) {
    return (vf)widen(p);
}
VFN vf vselect(vi mask, vf a, vf b) {
    return (vf)(((vi)a & mask) | ((vi)b & ~mask));
}
VFN vf vmax(vf a, vf b) {
    return vselect(a > b, a, b);
}
VFN vf vabs(vf x) {
    return (vf)((vi)x & 0x7fffffff);
}

/* 16 lanes together. */
VFN float sum_of(const vf lanes[PARTS]) {
    float lane[LANES], sum = 0;

    memcpy(lane, lanes, sizeof(lane));
    for (int i = 0; i < LANES; i++)
        sum += lane[i];
    return sum;
}
VFN float largest_of(const vf lanes[PARTS]) {
    float lane[LANES], most;

    memcpy(lane, lanes, sizeof(lane));
    most = lane[0];
    for (int i = 1; i < LANES; i++)
        most = lane[i] > most ? lane[i] : most;
    return most;
}

/* The nearest integer of |x| < 2^22, as a float. */
VFN vf vround(vf x) {
    return (x + 0x1.8p23f) - 0x1.8p23f;
}

/* exp(x) for x <= 0, and 0 below -87: x = n log 2 + r with log 2 in two parts (Cody and
 * Waite 1980), a polynomial in r, and n into the exponent.  Relative error below 2e-7. */
VFN vf vexp(vf x) {
    vf n = vround(vmax(x, vset(-88.0f)) * 1.44269504f);
    vf r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    vf q = vset(1.39464954e-3f);

    q = q * r + 8.36661068e-3f;
    q = q * r + 4.16662814e-2f;
    q = q * r + 1.66665428e-1f;
    q = q * r + 0.5f;
    q = ((q * r) * r + r) + 1.0f;
    vf power = (vf)((__builtin_convertvector(n, vi) + 127) << 23);
    return vselect(x > vset(-87.0f), q * power, vset(0));
}

static float kernel_quantise(void *to, const float *x, size_t n) {
    vf most[PARTS];
    vw q[PARTS];

    UNROLL for (int p = 0; p < PARTS; p++) most[p] = vset(0);
    for (size_t i = 0; i < n; i += LANES)
        UNROLL for (int p = 0; p < PARTS; p++) most[p] =
            vmax(vabs(vload(x + i + p * NATIVE)), most[p]);
    float top = largest_of(most), inverse = top > 1e-30f ? 127.0f / top : 0;
    for (size_t i = 0; i < n; i += LANES) {
        UNROLL for (int p = 0; p < PARTS; p++) {
            vf whole = vround(vload(x + i + p * NATIVE) * inverse);
            q[p] = (vw) __builtin_convertvector(whole, vi);
        }
        narrow((char *)to + i * 4 / POCKET_STEP, q);
    }
    return top > 1e-30f ? top / 127.0f : 0;
}

static void kernel_norm(float *out, const float *x, const float *gain, size_t n) {
    vf sum[PARTS];

    UNROLL for (int p = 0; p < PARTS; p++) sum[p] = vset(0);
    for (size_t i = 0; i < n; i += LANES)
        UNROLL for (int p = 0; p < PARTS; p++) {
            vf some = vload(x + i + p * NATIVE);
            sum[p] += some * some;
        }
    float factor = 1.0f / sqrtf(sum_of(sum) / (float)n + 1e-5f);
    for (size_t i = 0; i < n; i += NATIVE)
        vstore(out + i, vload(x + i) * factor * vload(gain + i));
}

static void kernel_add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i += NATIVE)
        vstore(x + i, vload(x + i) + vload(y + i));
}

static void kernel_relu(float *x, size_t n) {
    for (size_t i = 0; i < n; i += NATIVE)
        vstore(x + i, vmax(vload(x + i), vset(0)));
}

/* The scores of a vector of positions in a block of 16. */
VFN vf score_part(const float *q, const struct pocket_head *h, const uint16_t *key) {
    vf a = vset(0), b = vset(0), c = vset(0), d = vset(0);

    for (size_t i = 0; i < h->size; i += 4, key += 4 * LANES) {
        a += vload_half(key) * q[i];
        b += vload_half(key + LANES) * q[i + 1];
        c += vload_half(key + 2 * LANES) * q[i + 2];
        d += vload_half(key + 3 * LANES) * q[i + 3];
    }
    return ((a + b) + (c + d)) * h->scale;
}

/* Scores of n positions rounded up to 16; those from n on count for nothing. */
VFN void make_scores(float *score, const float *q, const struct pocket_head *h,
                     size_t n) {
    size_t end = (n + LANES - 1) / LANES * LANES;

    for (size_t i = 0; i < end; i += LANES)
        for (int p = 0; p < PARTS; p++)
            vstore(score + i + p * NATIVE,
                   score_part(q, h, h->key + i * h->size + p * NATIVE));
    for (size_t i = n; i < end; i++)
        score[i] = -1e30f;
}

/* The mean of a vector of each position's value, weighted by p[n]. */
VFN vf mix(const float *p, const uint16_t *value, size_t stride, size_t n) {
    vf a = vset(0), b = vset(0), c = vset(0), d = vset(0);
    size_t i = 0;

    for (; i + 4 <= n; i += 4, value += 4 * stride) {
        a += vload_half(value) * p[i];
        b += vload_half(value + stride) * p[i + 1];
        c += vload_half(value + 2 * stride) * p[i + 2];
        d += vload_half(value + 3 * stride) * p[i + 3];
    }
    for (; i < n; i++, value += stride)
        a += vload_half(value) * p[i];
    return (a + b) + (c + d);
}

/* x[n] = exp((x - most) factor); returns the sum. */
VFN float exponentials(float *to, const float *x, size_t n, float most, float factor) {
    vf sum[PARTS];

    UNROLL for (int p = 0; p < PARTS; p++) sum[p] = vset(0);
    for (size_t i = 0; i < n; i += LANES)
        UNROLL for (int p = 0; p < PARTS; p++) {
            vf e = vexp((vload(x + i + p * NATIVE) - most) * factor);
            sum[p] += e;
            vstore(to + i + p * NATIVE, e);
        }
    return sum_of(sum);
}

VFN float largest(const float *x, size_t n) {
    vf most[PARTS];

    UNROLL for (int p = 0; p < PARTS; p++) most[p] = vload(x + p * NATIVE);
    for (size_t i = LANES; i < n; i += LANES)
        UNROLL for (int p = 0; p < PARTS; p++) most[p] =
            vmax(vload(x + i + p * NATIVE), most[p]);
    return largest_of(most);
}

static void kernel_attend(float *out, const float *q, const struct pocket_head *h,
                          size_t n, float *score) {
    size_t end = (n + LANES - 1) / LANES * LANES;

    make_scores(score, q, h, n);
    float sum = exponentials(score, score, end, largest(score, end), 1.0f);
    for (size_t i = 0; i < h->size; i += NATIVE)
        vstore(out + i, mix(score, h->value + i, h->size, n) * (1.0f / sum));
}

static double kernel_weigh(float *p, const float *x, size_t n, float most,
                           float temperature) {
    return (double)exponentials(p, x, n, most, 1.0f / temperature);
}

/* The first of the largest. */
static uint32_t kernel_likeliest(const float *x, size_t n) {
    float most = largest(x, n);
    uint32_t i = 0;

    while (i + 1 < n && x[i] < most)
        i++;
    return i;
}

#endif
