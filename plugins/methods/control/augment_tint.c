/* augment_tint.c - augmentations of colour alone: jitter, grayscale. */
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"

static float between(uint64_t *rng, double low, double high) {
    return (float)(low + (high - low) * accord_rng_uniform(rng));
}

static void contrast(const control_sample *s, size_t frame, const uint8_t *in,
                     float factor) {
    const size_t plane = control_plane(s);

    for (size_t c = 3 * frame; c < 3 * frame + 3; c++) {
        const double sum = s->kernels->sum(in + c * plane, plane);

        s->kernels->contrast(s->out + c * plane, in + c * plane,
                             (float)(sum / (double)plane), factor, plane);
    }
}

static void turn(const control_sample *s, size_t frame, const uint8_t *in,
                 const control_hsv *how) {
    const size_t plane = control_plane(s), at = 3 * frame * plane;
    uint8_t *const to[3] = {s->out + at, s->out + at + plane, s->out + at + 2 * plane};
    const uint8_t *const from[3] = {in + at, in + at + plane, in + at + 2 * plane};

    s->kernels->hsv(to, from, how, plane);
}

/* jitter: contrast about each channel's mean by 0.6 to 1.4, and in HSV brightness and
 * saturation by 0.6 to 1.4 and hue by up to half a circle times 255 / 360; which comes
 * first is drawn too (RAD's ColorJitterLayer at 0.4, 0.4, 0.4, 0.5, where the last factor
 * stands; RAD draws the order once for a batch).  Each of the two rounds to bytes. */
void control_draw_jitter(const control_sample *s, const control_pictures *pictures,
                         uint64_t *rng) {
    const int contrast_first = accord_rng_uniform(rng) >= 0.5;
    const float factor = between(rng, 0.6, 1.4);
    control_hsv how = {.value = between(rng, 0.6, 1.4)};
    const float hue = between(rng, -0.5, 0.5) * (6 * 255.0f / 360.0f);

    how.hue = hue < 0 ? hue + 6 : hue;
    how.saturation = between(rng, 0.6, 1.4);
    for (size_t f = 0; f < s->frames; f++)
        if (contrast_first) {
            contrast(s, f, s->in, factor);
            turn(s, f, s->out, &how);
        } else {
            turn(s, f, s->in, &how);
            contrast(s, f, s->out, factor);
        }
}

/* grayscale: with probability 0.3 every channel becomes 0.2989 R + 0.587 G + 0.114 B
 * (RAD, which cuts the fraction off; the weights are in units of 2^-16 here). */
void control_draw_grayscale(const control_sample *s, const control_pictures *pictures,
                            uint64_t *rng) {
    const size_t plane = control_plane(s);

    if (accord_rng_uniform(rng) >= 0.3) {
        memcpy(s->out, s->in, 3 * s->frames * plane);
        return;
    }
    for (size_t f = 0; f < s->frames; f++) {
        const uint8_t *r = s->in + 3 * f * plane, *g = r + plane, *b = g + plane;
        uint8_t *out = s->out + 3 * f * plane;

        for (size_t i = 0; i < plane; i++)
            out[i] =
                (uint8_t)((19589u * r[i] + 38470u * g[i] + 7471u * b[i] + 32768u) >> 16);
        memcpy(out + plane, out, plane);
        memcpy(out + 2 * plane, out, plane);
    }
}
