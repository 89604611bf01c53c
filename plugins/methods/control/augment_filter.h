/* augment_filter.h - sums over neighbours and blends, at the level that is being
 * compiled. */
#ifndef CONTROL_AUGMENT_FILTER_H
#define CONTROL_AUGMENT_FILTER_H

#include "augment_kernels.h"
#include "augment_vec.h"

/* Here and below the last vector ends where the row ends, and does some elements again.
 */
static void kernel_pair(int32_t *out, const uint8_t *lo, const uint8_t *hi, size_t n) {
    size_t i = 0;

    for (; i + W <= n; i += W)
        vstore(out + i, vbytes_int(lo + i) | (vbytes_int(hi + i) << 16));
    if (i < n && n >= W)
        vstore(out + n - W, vbytes_int(lo + n - W) | (vbytes_int(hi + n - W) << 16));
    else
        for (; i < n; i++)
            out[i] = lo[i] | hi[i] << 16;
}

/* 255 / (1 + exp(-x)) to the nearest byte, for x = (z + 0.5) / 4080: below 8.03 that is
 * all there is to tell apart.  For t = |x| / 8.03 the eighth root of 1 / (1 + exp(|x|))
 * is nearly a parabola; the polynomial is a fit of ours to the least largest error, in
 * units of 2^-14.  Before rounding the error is at most 0.071 of a byte. */
VFN void store_sigmoid(uint8_t *p, vh z) {
    const vh sign = z >> 15, t = z ^ sign;
    vh q = vmulr(t * 0 - 13181, t) + 27939;

    q = vmulr(q, t) - 16784;
    q = vmulr(q, t) - 8126;
    q = (vmulr(q, t) + 16375) << 1;
    q = vmulr(q, q);
    q = vmulr(q, q);
    q = (vmulr(q, q) + 128) >> 8; /* 255 / (1 + exp(|x|)) */
    vstore_short(p, (vu)(q ^ ~sign) & 255);
}

/* Sums of one output channel at 2 W pixels. */
typedef struct sums {
    vi low, high;
} sums;

VFN sums add_tap(sums s, vi low, vi high, int32_t weights) {
    const vi w = (vi){0} + weights;

    return (sums){vdot(s.low, low, w), vdot(s.high, high, w)};
}

/* The channels are written out: in a loop over them compilers keep sums in memory. */
static void kernel_conv(uint8_t *const out[3], const int32_t *const at[CONTROL_TAPS],
                        const int32_t weights[3][CONTROL_TAPS], size_t n) {
    for (size_t i = 0; i < n; i += 2 * W) {
        sums r = {{0}, {0}}, g = r, b = r;

        for (int t = 0; t < CONTROL_TAPS; t++) {
            const vi low = vload(at[t] + i), high = vload(at[t] + i + W);

            r = add_tap(r, low, high, weights[0][t]);
            g = add_tap(g, low, high, weights[1][t]);
            b = add_tap(b, low, high, weights[2][t]);
        }
        store_sigmoid(out[0] + i, vnarrow(r.low >> 8, r.high >> 8));
        store_sigmoid(out[1] + i, vnarrow(g.low >> 8, g.high >> 8));
        store_sigmoid(out[2] + i, vnarrow(b.low >> 8, b.high >> 8));
    }
}

static void kernel_average(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n) {
    size_t i = 0;

    for (; i + VECTOR <= n; i += VECTOR) {
        const vb x = vload_b(a + i), y = vload_b(b + i);
        const vb half = (x | y) - (((x ^ y) >> 1) & 0x7f);

        memcpy(out + i, &half, sizeof(half));
    }
    for (; i < n; i++)
        out[i] = (uint8_t)((a[i] + b[i] + 1) >> 1);
}

static void kernel_mask(uint8_t *out, const uint8_t *in, const uint8_t *set,
                        const uint8_t *keep, size_t n) {
    size_t i = 0;

    for (; i + VECTOR <= n; i += VECTOR) {
        const vb y = (vload_b(in + i) | vload_b(set + i)) & vload_b(keep + i);

        memcpy(out + i, &y, sizeof(y));
    }
    for (; i < n; i++)
        out[i] = (uint8_t)((in[i] | set[i]) & keep[i]);
}

static void kernel_lerp(uint16_t *out, const uint8_t *a, const uint8_t *b, uint32_t v,
                        size_t n) {
    const uint16_t of_b = (uint16_t)v, of_a = (uint16_t)(256 - v);

    for (size_t i = 0; i < n; i += 2 * W) {
        const vu y = (vbytes_short(a + i) * of_a + vbytes_short(b + i) * of_b + 128) >> 8;

        vstore_u(out + i, y);
    }
}

/* Here and below the last vector ends where the row ends, and does some elements again.
 */
static void kernel_widen(uint16_t *out, const uint8_t *in, size_t n) {
    size_t i = 0;

    for (; i + 2 * W <= n; i += 2 * W)
        vstore_u(out + i, vbytes_short(in + i));
    if (i < n && n >= 2 * W)
        vstore_u(out + n - 2 * W, vbytes_short(in + n - 2 * W));
    else
        for (; i < n; i++)
            out[i] = in[i];
}

static void kernel_narrow(uint8_t *out, const uint16_t *in, size_t n) {
    size_t i = 0;

    for (; i + 2 * W <= n; i += 2 * W)
        vstore_short(out + i, vload_u(in + i));
    if (i < n && n >= 2 * W)
        vstore_short(out + n - 2 * W, vload_u(in + n - 2 * W));
    else
        for (; i < n; i++)
            out[i] = (uint8_t)in[i];
}

/* Two vectors at a time, so that what is done for each weight is done once for both. */
static void kernel_blur(uint16_t *out, const uint16_t *in, ptrdiff_t step,
                        const uint16_t *w, uint32_t radius, size_t n) {
    for (size_t i = 0; i < n; i += 4 * W) {
        const uint16_t *before = in + i, *after = before;
        vu low = vload_u(before) * w[0] + 128,
           high = vload_u(before + 2 * W) * w[0] + 128;

        for (const uint16_t *wk = w + 1; wk <= w + radius; wk++) {
            before -= step;
            after += step;
            low += (vload_u(before) + vload_u(after)) * *wk;
            high += (vload_u(before + 2 * W) + vload_u(after + 2 * W)) * *wk;
        }
        vstore_u(out + i, low >> 8);
        vstore_u(out + i + 2 * W, high >> 8);
    }
}

#endif
