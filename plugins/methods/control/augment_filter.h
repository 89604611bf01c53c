/* augment_filter.h - sums over neighbours and blends, at the level that is being
 * compiled. */
#ifndef CONTROL_AUGMENT_FILTER_H
#define CONTROL_AUGMENT_FILTER_H

#include "augment_kernels.h"
#include "augment_vec.h"

static void kernel_pair(int32_t *out, const uint8_t *lo, const uint8_t *hi, size_t n) {
    size_t i = 0;

    for (; i + W <= n; i += W)
        vstore(out + i, vbytes_int(lo + i) | (vbytes_int(hi + i) << 16));
    for (; i < n; i++)
        out[i] = lo[i] | hi[i] << 16;
}

/* 255 / (1 + exp(-x)) to the nearest byte, for x = (z + 0.5) / 4080: below 8 that is all
 * there is to tell apart.  Of t = |x| / 8.03 the eighth root of 2 / (1 + exp(|x|)) is
 * nearly a parabola; the polynomial is a minimax fit of ours in units of 2^-14.  Before
 * rounding the error is at most 0.071 of a byte. */
VFN void store_sigmoid(uint8_t *p, vh z) {
    const vh sign = z >> 15, t = z ^ sign;
    vh q = vmulr(t * 0 - 13179, t) + 27956;

    q = vmulr(q, t) - 16784;
    q = vmulr(q, t) - 8131;
    q = (vmulr(q, t) + 16383) << 1;
    q = vmulr(q, q);
    q = vmulr(q, q);
    q = vmulr(q, q);
    q = 16320 - vmulr(q, q * 0 + 16320); /* 127.5 - what is left, in units of 1 / 128 */
    q = (q ^ sign) - sign;
    vstore_short(p, (vu)(q + 16384) >> 7);
}

static void kernel_conv(uint8_t *const out[3], const int32_t *const at[CONTROL_TAPS],
                        const int32_t weights[3][CONTROL_TAPS], size_t n) {
    for (size_t i = 0; i < n; i += 2 * W) {
        vi low[3] = {{0}}, high[3] = {{0}};

        for (int t = 0; t < CONTROL_TAPS; t++) {
            const vi a = vload(at[t] + i), b = vload(at[t] + i + W);

            for (int o = 0; o < 3; o++) {
                const vi w = (vi){0} + weights[o][t];

                low[o] = vdot(low[o], a, w);
                high[o] = vdot(high[o], b, w);
            }
        }
        for (int o = 0; o < 3; o++)
            store_sigmoid(out[o] + i, vnarrow(low[o] >> 8, high[o] >> 8));
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

        memcpy(out + i, &y, sizeof(y));
    }
}

VFN vu blur_at(const uint8_t *in, ptrdiff_t step, const uint16_t *w, uint32_t radius) {
    vu sum = vbytes_short(in) * w[0] + 128;

    for (ptrdiff_t k = 1; k <= (ptrdiff_t)radius; k++)
        sum += (vbytes_short(in - k * step) + vbytes_short(in + k * step)) * w[k];
    return sum >> 8;
}

static void kernel_blur(uint8_t *out, const uint8_t *in, ptrdiff_t step,
                        const uint16_t *w, uint32_t radius, size_t n) {
    uint8_t last[2 * W];
    size_t i = 0;

    for (; i + 2 * W <= n; i += 2 * W)
        vstore_short(out + i, blur_at(in + i, step, w, radius));
    if (i == n)
        return;
    vstore_short(last, blur_at(in + i, step, w, radius));
    memcpy(out + i, last, n - i);
}

#endif
