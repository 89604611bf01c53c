/* augment_grain.c - augmentations of detail: noise, blur. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"

/* Of 65536: salt and pepper are one pixel in twenty each. */
enum { SALT = 3277 };

/* Draws which of n pixels are set (salt) and which are not kept (pepper). */
static void draw_grains(uint8_t *set, uint8_t *keep, size_t n, uint64_t *rng) {
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i++, bits >>= 16) {
        if (i % 4 == 0)
            bits = accord_rng_next(rng);
        const uint32_t u = bits & 0xffff;
        set[i] = u < SALT ? 255 : 0;
        keep[i] = u - SALT < SALT ? 0 : 255;
    }
}

/* noise: salt and pepper, a pixel in ten is white or black in all channels and frames
 * (TLDA's random_pepper; the share is ours, for TLDA's is an argument without a
 * default). */
void control_draw_noise(const control_sample *s, const control_pictures *pictures,
                        uint64_t *rng) {
    enum { RUN = 4096 };
    const size_t plane = control_plane(s);
    uint8_t set[RUN], keep[RUN];

    for (size_t at = 0; at < plane; at += RUN) {
        const size_t n = plane - at < RUN ? plane - at : RUN;

        draw_grains(set, keep, n, rng);
        for (size_t c = 0; c < 3 * s->frames; c++)
            s->kernels->mask(s->out + c * plane + at, s->in + c * plane + at, set, keep,
                             n);
    }
}

enum {
    MAX_RADIUS = (6 * CONTROL_MAX_PIXELS + 83) / 84,
    MAX_ROW = CONTROL_MAX_PIXELS + 2 * MAX_RADIUS
};

/* Gaussian weights w[0 .. radius] in units of 1 / 256, one for each side; the middle one
 * takes what rounding left. */
static void gaussian(uint16_t *w, uint32_t radius, double deviation) {
    double sum = 1;
    uint32_t rest = 256;

    for (uint32_t k = 1; k <= radius; k++)
        sum += 2 * exp(-0.5 * k * k / (deviation * deviation));
    for (uint32_t k = 1; k <= radius; k++) {
        const double share = exp(-0.5 * k * k / (deviation * deviation)) / sum;

        w[k] = (uint16_t)(256 * share + 0.5);
        rest -= 2u * w[k];
    }
    w[0] = (uint16_t)rest;
}

/* Along the rows of a plane into tall[radius + pixels + radius][pixels].  Beyond the
 * border lies a mirror image, without the border's own pixel. */
static void blur_rows(const control_sample *s, const uint8_t *in, const uint16_t *w,
                      uint32_t radius, uint8_t *tall) {
    const uint32_t n = s->pixels;
    uint8_t row[MAX_ROW + CONTROL_PADDING] = {0};

    for (uint32_t y = 0; y < n; y++) {
        memcpy(row + radius, in + (size_t)y * n, n);
        for (uint32_t k = 1; k <= radius; k++) {
            row[radius - k] = row[radius + k];
            row[radius + n - 1 + k] = row[radius + n - 1 - k];
        }
        s->kernels->blur(tall + (size_t)(radius + y) * n, row + radius, 1, w, radius, n);
    }
    for (uint32_t k = 1; k <= radius; k++) {
        memcpy(tall + (size_t)(radius - k) * n, tall + (size_t)(radius + k) * n, n);
        memcpy(tall + (size_t)(radius + n - 1 + k) * n,
               tall + (size_t)(radius + n - 1 - k) * n, n);
    }
}

/* blur: a Gaussian of standard deviation 5 over 13 x 13 pixels (of 84), mirrored at the
 * border (TLDA's random_blur, which despite its name draws nothing).  Each direction
 * rounds to bytes, and weights are in units of 1 / 256. */
void control_draw_blur(const control_sample *s, const control_pictures *pictures,
                       uint64_t *rng) {
    const uint32_t radius = control_scaled(6, s->pixels);
    const size_t plane = control_plane(s);
    uint8_t tall[MAX_ROW * CONTROL_MAX_PIXELS + CONTROL_PADDING];
    uint16_t w[MAX_RADIUS + 1];

    gaussian(w, radius, 5.0 * s->pixels / CONTROL_PUBLISHED_PIXELS);
    memset(tall + (2 * radius + s->pixels) * s->pixels, 0, CONTROL_PADDING);
    for (size_t c = 0; c < 3 * s->frames; c++) {
        blur_rows(s, s->in + c * plane, w, radius, tall);
        s->kernels->blur(s->out + c * plane, tall + radius * s->pixels,
                         (ptrdiff_t)s->pixels, w, radius, plane);
    }
}
