/* kernels_float.h - the float kernels, for the level that is being compiled.
 *
 * A vector has 16 lanes at every level; sums over a row are kept in its lanes and these
 * are added from the first to the last. */
#ifndef ACCORD_POCKET_KERNELS_FLOAT_H
#define ACCORD_POCKET_KERNELS_FLOAT_H

#include <math.h>
#include <string.h>

#include "kernels.h"

/* No such vector leaves this file: all functions that take one are inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"

#define VFN static inline __attribute__((always_inline, unused))

enum { LANES = POCKET_LANES };

typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef uint32_t vu __attribute__((vector_size(64)));
typedef uint16_t vh __attribute__((vector_size(32)));

VFN vf vset(float x) {
    return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}
VFN vf vload(const float *p) {
    vf v;
    memcpy(&v, p, sizeof(v));
    return v;
}
VFN void vstore(float *p, vf v) {
    memcpy(p, &v, sizeof(v));
}
/* 16 bfloat16. */
VFN vf vload_half(const uint16_t *p) {
    vh h;
    memcpy(&h, p, sizeof(h));
    return (vf)(__builtin_convertvector(h, vu) << 16);
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
VFN float vsum(vf v) {
    float sum = 0;

    for (int i = 0; i < LANES; i++)
        sum += v[i];
    return sum;
}
VFN float vlargest(vf v) {
    float most = v[0];

    for (int i = 1; i < LANES; i++)
        most = v[i] > most ? v[i] : most;
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

VFN float largest_magnitude(const float *x, size_t n) {
    vf most = vset(0);

    for (size_t i = 0; i < n; i += LANES)
        most = vmax(vabs(vload(x + i)), most);
    return vlargest(most);
}

static float kernel_quantise(void *to, const float *x, size_t n) {
    float most = largest_magnitude(x, n);
    float inverse = most > 1e-30f ? 127.0f / most : 0;

    for (size_t i = 0; i < n; i += LANES) {
        vi q = __builtin_convertvector(vround(vload(x + i) * inverse), vi);
#if POCKET_STEP == 4
        typedef uint8_t narrow __attribute__((vector_size(16)));
        narrow small = __builtin_convertvector(q + 128, narrow);
#else
        typedef int16_t narrow __attribute__((vector_size(32)));
        narrow small = __builtin_convertvector(q, narrow);
#endif
        memcpy((char *)to + i * sizeof(small) / LANES, &small, sizeof(small));
    }
    return most > 1e-30f ? most / 127.0f : 0;
}

static void kernel_norm(float *out, const float *x, const float *gain, size_t n) {
    vf sum = vset(0);

    for (size_t i = 0; i < n; i += LANES)
        sum += vload(x + i) * vload(x + i);
    float factor = 1.0f / sqrtf(vsum(sum) / (float)n + 1e-5f);
    for (size_t i = 0; i < n; i += LANES)
        vstore(out + i, vload(x + i) * factor * vload(gain + i));
}

static void kernel_add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i += LANES)
        vstore(x + i, vload(x + i) + vload(y + i));
}

static void kernel_relu(float *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES)
        vstore(x + i, vmax(vload(x + i), vset(0)));
}

/* The scores of 16 positions; those from n on count for nothing. */
VFN vf score_block(const float *q, const struct pocket_head *h, size_t block, size_t n) {
    const uint16_t *key = h->key + block * h->size * LANES;
    const vi lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    vf a = vset(0), b = vset(0), c = vset(0), d = vset(0);

    for (size_t i = 0; i < h->size; i += 4, key += 4 * LANES) {
        a += vload_half(key) * q[i];
        b += vload_half(key + LANES) * q[i + 1];
        c += vload_half(key + 2 * LANES) * q[i + 2];
        d += vload_half(key + 3 * LANES) * q[i + 3];
    }
    vi inside = lane + (int32_t)(block * LANES) < (int32_t)n;
    return vselect(inside, ((a + b) + (c + d)) * h->scale, vset(-1e30f));
}

/* The mean of 16 numbers of each position's value, weighted by p[n]. */
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

static void kernel_attend(float *out, const float *q, const struct pocket_head *h,
                          size_t n, float *score) {
    size_t blocks = (n + LANES - 1) / LANES;
    vf most = vset(-1e30f), sum = vset(0);

    for (size_t b = 0; b < blocks; b++) {
        vf s = score_block(q, h, b, n);
        most = vmax(s, most);
        vstore(score + b * LANES, s);
    }
    float top = vlargest(most);
    for (size_t b = 0; b < blocks; b++) {
        vf p = vexp(vload(score + b * LANES) - top);
        sum += p;
        vstore(score + b * LANES, p);
    }
    float factor = 1.0f / vsum(sum);
    for (size_t i = 0; i < h->size; i += LANES)
        vstore(out + i, mix(score, h->value + i, h->size, n) * factor);
}

static double kernel_weigh(float *p, const float *x, size_t n, float most,
                           float temperature) {
    float inverse = 1.0f / temperature;
    vf sum = vset(0);

    for (size_t i = 0; i < n; i += LANES) {
        vf e = vexp((vload(x + i) - most) * inverse);
        sum += e;
        vstore(p + i, e);
    }
    return (double)vsum(sum);
}

#endif
