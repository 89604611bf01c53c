/* augment_kernels.h - the loops of the augmentations over bytes, once per level of the
 * CPU's vector unit.
 *
 * All are [any], allocate nothing and cannot fail; arrays have any alignment.  Every
 * level gives the same bits: sums are of integers, and of floats only what IEEE 754
 * rounds exactly is used, lane by lane. */
#ifndef CONTROL_AUGMENT_KERNELS_H
#define CONTROL_AUGMENT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Where a loop says "padded", it reads and writes up to this many elements behind n. */
enum { CONTROL_PADDING = 64 };

/* The taps of a 3 x 3 kernel over 3 channels as pairs: see augment_conv.c. */
enum { CONTROL_TAPS = 15 };

/* What jitter does to hue, saturation and value. */
typedef struct control_hsv {
    float hue; /* sextants to turn by, 0 to below 6 */
    float saturation, value;
} control_hsv;

typedef struct control_kernels {
    /* out[n] = lo[n] in the low 16 bits, hi[n] in the high ones. */
    void (*pair)(int32_t *out, const uint8_t *lo, const uint8_t *hi, size_t n);
    /* out[o][n] = 255 sigmoid(sum over t of weights[o][t] x at[t][n]), where a pair of 16
     * bit times a pair of 16 bit is the sum of two products, and the sum's unit is
     * 1 / (255 x 4096).  Padded. */
    void (*conv)(uint8_t *const out[3], const int32_t *const at[CONTROL_TAPS],
                 const int32_t weights[3][CONTROL_TAPS], size_t n);
    /* The sum of n <= 65536 bytes. */
    uint32_t (*sum)(const uint8_t *in, size_t n);
    /* out = mean + factor (in - mean), clamped and rounded.  In place is allowed. */
    void (*contrast)(uint8_t *out, const uint8_t *in, float mean, float factor, size_t n);
    /* RGB to HSV, turned and scaled, and back.  In place is allowed. */
    void (*hsv)(uint8_t *const out[3], const uint8_t *const in[3], const control_hsv *how,
                size_t n);
    /* out = (a + b + 1) / 2 */
    void (*average)(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n);
    /* out = (in | set) & keep */
    void (*mask)(uint8_t *out, const uint8_t *in, const uint8_t *set, const uint8_t *keep,
                 size_t n);
    /* out = ((256 - v) a + v b + 128) / 256, v from 0 to 256.  Padded. */
    void (*lerp)(uint16_t *out, const uint8_t *a, const uint8_t *b, uint32_t v, size_t n);
    /* Bytes to 16 bits and back. */
    void (*widen)(uint16_t *out, const uint8_t *in, size_t n);
    void (*narrow)(uint8_t *out, const uint16_t *in, size_t n);
    /* out[i] = (sum over k = -radius to radius of w[|k|] in[i + k step] + 128) / 256, the
     * weights adding up to 256.  Padded; not in place. */
    void (*blur)(uint16_t *out, const uint16_t *in, ptrdiff_t step, const uint16_t *w,
                 uint32_t radius, size_t n);
} control_kernels;

enum {
    CONTROL_SSE2,
    CONTROL_AVX2,
    CONTROL_AVX512, /* with BW and VNNI */
    CONTROL_LEVELS
};

/* [any] The highest level that this CPU has. */
const control_kernels *control_kernels_best(void);
/* [any] The loops of one level; NULL where the CPU lacks it. */
const control_kernels *control_kernels_at(int level);

extern const control_kernels control_kernels_sse2;
#ifdef __x86_64__
extern const control_kernels control_kernels_avx2;
extern const control_kernels control_kernels_avx512;
#endif

#endif
