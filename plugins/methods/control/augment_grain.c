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

enum { MAX_RADIUS = (6 * CONTROL_MAX_PIXELS + 83) / 84 };
/* Elements of a band; of the largest frames there are some 20 rows in it. */
enum { BAND = 16384, ROOM = BAND + 2 * MAX_RADIUS + 2 * CONTROL_PADDING };

/* Some rows of a plane and the rows that they see, laid out flat with what each row sees
 * beyond its ends. */
typedef struct blurring {
    const control_kernels *kernels;
    uint32_t pixels, radius;
    uint16_t w[MAX_RADIUS + 1];
    uint16_t wide[ROOM], along[ROOM];
} blurring;

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

/* Beyond the border lies a mirror image, without the border's own pixel. */
static uint32_t mirrored(int32_t i, uint32_t pixels) {
    const int32_t n = (int32_t)pixels;

    return (uint32_t)(i < 0 ? -i : i < n ? i : 2 * (n - 1) - i);
}

static void lay_row(blurring *b, uint16_t *to, const uint8_t *row) {
    uint16_t *const first = to + b->radius, *const last = first + b->pixels - 1;

    b->kernels->widen(first, row, b->pixels);
    for (uint32_t k = 1; k <= b->radius; k++) {
        *(first - k) = first[k];
        last[k] = *(last - k);
    }
}

static void blur_rows(blurring *b, const uint8_t *plane, uint8_t *out, uint32_t y0,
                      uint32_t rows) {
    const uint32_t stride = b->pixels + 2 * b->radius, all = rows + 2 * b->radius;

    for (uint32_t y = 0; y < all; y++) {
        const uint32_t from = mirrored((int32_t)(y0 + y) - (int32_t)b->radius, b->pixels);

        lay_row(b, b->wide + b->radius + y * stride, plane + (size_t)from * b->pixels);
    }
    b->kernels->blur(b->along, b->wide + b->radius, 1, b->w, b->radius, all * stride);
    b->kernels->blur(b->wide, b->along + b->radius * stride, (ptrdiff_t)stride, b->w,
                     b->radius, rows * stride);
    for (uint32_t y = 0; y < rows; y++)
        b->kernels->narrow(out + (size_t)(y0 + y) * b->pixels,
                           b->wide + y * stride + b->radius, b->pixels);
}

/* blur: a Gaussian of standard deviation 5 over 13 x 13 pixels (of 84), mirrored at the
 * border (TLDA's random_blur, which despite its name draws nothing).  Each direction
 * rounds to bytes, and weights are in units of 1 / 256. */
void control_draw_blur(const control_sample *s, const control_pictures *pictures,
                       uint64_t *rng) {
    blurring b = {.kernels = s->kernels,
                  .pixels = s->pixels,
                  .radius = control_scaled(6, s->pixels)};
    const uint32_t most = BAND / (s->pixels + 2 * b.radius) - 2 * b.radius;
    const size_t plane = control_plane(s);

    gaussian(b.w, b.radius, 5.0 * s->pixels / CONTROL_PUBLISHED_PIXELS);
    for (size_t c = 0; c < 3 * s->frames; c++)
        for (uint32_t y = 0; y < s->pixels; y += most)
            blur_rows(&b, s->in + c * plane, s->out + c * plane, y,
                      s->pixels - y < most ? s->pixels - y : most);
}
