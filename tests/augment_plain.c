/* augment_plain.c - see augment_plain.h.  Written from the definitions, in the order of
 * the draws: nothing is vectorised and nothing is approximated but as the definition
 * says. */
#include "augment_plain.h"

#include <math.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "pictures.h"

static int within(int x, int n) {
    return x < 0 ? 0 : x < n ? x : n - 1;
}

static uint8_t at(const control_sample *s, int c, int y, int x) {
    const int n = (int)s->pixels;

    return s->in[((size_t)c * s->pixels + (size_t)within(y, n)) * s->pixels +
                 (size_t)within(x, n)];
}

static uint8_t *to(const control_sample *s, int c, int y, int x) {
    return &s->out[((size_t)c * s->pixels + (size_t)y) * s->pixels + (size_t)x];
}

static uint8_t byte(double x) {
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : floor(x + 0.5));
}

#define EACH(s, c, y, x) \
    for (int c = 0; c < 3 * (int)(s)->frames; c++) \
        for (int y = 0; y < (int)(s)->pixels; y++) \
            for (int x = 0; x < (int)(s)->pixels; x++)

static void shift(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const int pad = (int)fmax(1, floor(4 * s->pixels / 84.0 + 0.5));
    const int dx = (int)accord_rng_below(rng, (uint64_t)(2 * pad + 1)) - pad,
              dy = (int)accord_rng_below(rng, (uint64_t)(2 * pad + 1)) - pad;

    EACH(s, c, y, x) * to(s, c, y, x) = at(s, c, y + dy, x + dx);
}

static void conv(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    double w[3][3][3][3];

    for (int o = 0; o < 3; o++)
        for (int i = 0; i < 27; i++)
            w[o][i / 9][i / 3 % 3][i % 3] = accord_rng_normal(rng);
    EACH(s, c, y, x) {
        double sum = 0;

        for (int i = 0; i < 27; i++)
            sum += w[c % 3][i / 9][i / 3 % 3][i % 3] *
                   at(s, c / 3 * 3 + i / 9, y + i / 3 % 3 - 1, x + i % 3 - 1) / 255.0;
        *to(s, c, y, x) = byte(255 / (1 + exp(-sum)));
    }
}

static int rounded(int x, int denominator) {
    return (2 * x + denominator) / (2 * denominator);
}

/* Bilinear, places in units of 1 / 256, down first. */
static int part_of(const control_crop *c, int channel, int y, int x, int pixels) {
    const int h = (int)c->height, w = (int)c->width;
    const int from = c->flip ? pixels - 1 - x : x;
    const int v = abs((2 * y + 1) * h * 128 / pixels - 128) *
                  ((2 * y + 1) * h * 128 / pixels > 128),
              u = abs((2 * from + 1) * w * 128 / pixels - 128) *
                  ((2 * from + 1) * w * 128 / pixels > 128);
    int columns[2];

    for (int k = 0; k < 2; k++) {
        const size_t column = (size_t)within(u / 256 + k, w);
        const size_t top = (size_t)within(v / 256, h),
                     bottom = (size_t)within(v / 256 + 1, h);
        const int a = c->from[4 * (top * c->side + column) + (size_t)channel];
        const int b = c->from[4 * (bottom * c->side + column) + (size_t)channel];

        columns[k] = rounded(a * (256 - v % 256) + b * (v % 256), 256);
    }
    return rounded(columns[0] * (256 - u % 256) + columns[1] * (u % 256), 256);
}

static void overlay(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const control_crop crop = control_pictures_choose(p, rng);

    EACH(s, c, y, x) {
        const int picture = part_of(&crop, c % 3, y, x, (int)s->pixels);

        *to(s, c, y, x) = (uint8_t)((at(s, c, y, x) + picture + 1) / 2);
    }
}

static void rectangle(const control_sample *s, const uint8_t colour[3], uint64_t *rng) {
    const int least = rounded(10 * (int)s->pixels, 84),
              most = rounded(30 * (int)s->pixels, 84);
    const int h = least + (int)accord_rng_below(rng, (uint64_t)(most - least));
    const int w = least + (int)accord_rng_below(rng, (uint64_t)(most - least));

    EACH(s, c, y, x)
    *to(s, c, y, x) =
        y >= h && y < 2 * h && x >= w && x < 2 * w ? colour[c % 3] : at(s, c, y, x);
}

static void cutout(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    rectangle(s, (const uint8_t[3]){0}, rng);
}

static void cutout_color(const control_sample *s, const control_pictures *p,
                         uint64_t *rng) {
    uint8_t colour[3];

    for (int c = 0; c < 3; c++)
        colour[c] = (uint8_t)accord_rng_below(rng, 255);
    rectangle(s, colour, rng);
}

/* The usual conversions, hue in degrees. */
static void to_hsv(const double rgb[3], double hsv[3]) {
    const double most = fmax(rgb[0], fmax(rgb[1], rgb[2]));
    const double range = most - fmin(rgb[0], fmin(rgb[1], rgb[2]));

    hsv[0] = hsv[1] = 0;
    hsv[2] = most;
    if (range == 0)
        return;
    hsv[1] = range / most;
    if (most == rgb[0])
        hsv[0] = 60 * (rgb[1] - rgb[2]) / range;
    else if (most == rgb[1])
        hsv[0] = 60 * (rgb[2] - rgb[0]) / range + 120;
    else
        hsv[0] = 60 * (rgb[0] - rgb[1]) / range + 240;
}

static void to_rgb(const double hsv[3], double rgb[3]) {
    const double hue = hsv[0] - 360 * floor(hsv[0] / 360), chroma = hsv[1] * hsv[2];
    const double second = chroma * (1 - fabs(fmod(hue / 60, 2) - 1));
    static const int order[6][3] = {{0, 1, 2}, {1, 0, 2}, {1, 2, 0},
                                    {2, 1, 0}, {2, 0, 1}, {0, 2, 1}};
    const int *by = order[(int)(hue / 60) % 6];

    rgb[by[0]] = hsv[2];
    rgb[by[1]] = hsv[2] - chroma + second;
    rgb[by[2]] = hsv[2] - chroma;
}

static void contrast(const control_sample *s, double factor) {
    const size_t plane = (size_t)s->pixels * s->pixels;

    for (size_t c = 0; c < 3 * s->frames; c++) {
        double mean = 0;

        for (size_t i = 0; i < plane; i++)
            mean += s->out[c * plane + i] / (double)plane;
        for (size_t i = 0; i < plane; i++)
            s->out[c * plane + i] = byte((s->out[c * plane + i] - mean) * factor + mean);
    }
}

static void turn(const control_sample *s, double hue, double saturation, double value) {
    const size_t plane = (size_t)s->pixels * s->pixels;

    for (size_t i = 0; i < s->frames * plane; i++) {
        uint8_t *out = s->out + i / plane * 3 * plane + i % plane;
        double rgb[3] = {out[0], out[plane], out[2 * plane]}, hsv[3];

        to_hsv(rgb, hsv);
        hsv[0] += hue;
        hsv[1] = fmin(hsv[1] * saturation, 1);
        hsv[2] = fmin(hsv[2] * value, 255);
        to_rgb(hsv, rgb);
        for (size_t c = 0; c < 3; c++)
            out[c * plane] = byte(rgb[c]);
    }
}

static double uniform(uint64_t *rng, double low, double high) {
    return low + (high - low) * accord_rng_uniform(rng);
}

static void jitter(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const int contrast_first = accord_rng_uniform(rng) >= 0.5;
    const double factor = uniform(rng, 0.6, 1.4), value = uniform(rng, 0.6, 1.4);
    const double hue = uniform(rng, -0.5, 0.5) * 255 / 360 * 360;
    const double saturation = uniform(rng, 0.6, 1.4);

    EACH(s, c, y, x) * to(s, c, y, x) = at(s, c, y, x);
    if (contrast_first)
        contrast(s, factor);
    turn(s, hue, saturation, value);
    if (!contrast_first)
        contrast(s, factor);
}

static void grayscale(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const int grey = accord_rng_uniform(rng) < 0.3;

    EACH(s, c, y, x) {
        const int first = c - c % 3;

        *to(s, c, y, x) =
            grey ? byte(0.2989 * at(s, first, y, x) + 0.587 * at(s, first + 1, y, x) +
                        0.114 * at(s, first + 2, y, x))
                 : at(s, c, y, x);
    }
}

/* A quarter counter-clockwise brings the right column to the top. */
static void rotation(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const int n = (int)s->pixels;
    const int quarters =
        accord_rng_uniform(rng) < 0.3 ? 1 + (int)accord_rng_below(rng, 3) : 0;

    EACH(s, c, y, x) {
        int row = y, column = x;

        for (int k = 0; k < quarters; k++) {
            const int old = row;
            row = column;
            column = n - 1 - old;
        }
        *to(s, c, y, x) = at(s, c, row, column);
    }
}

static void noise(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    uint64_t bits = 0;

    for (int i = 0; i < (int)(s->pixels * s->pixels); i++) {
        bits = i % 4 ? bits / 65536 : accord_rng_next(rng);
        const int y = i / (int)s->pixels, x = i % (int)s->pixels, u = (int)(bits % 65536);
        for (int c = 0; c < 3 * (int)s->frames; c++)
            *to(s, c, y, x) = u < 3277 ? 255 : u < 2 * 3277 ? 0 : at(s, c, y, x);
    }
}

static int mirrored(int i, int n) {
    return i < 0 ? -i : i < n ? i : 2 * (n - 1) - i;
}

static double bell(int k, int pixels) {
    const double deviation = 5.0 * pixels / 84;

    return exp(-k * k / (2 * deviation * deviation));
}

static void blur(const control_sample *s, const control_pictures *p, uint64_t *rng) {
    const int n = (int)s->pixels, radius = rounded(6 * n, 84);
    int w[64] = {0}, rest = 256;
    double sum = 0;
    uint8_t *along = malloc((size_t)n * (size_t)n);

    for (int k = -radius; k <= radius; k++)
        sum += bell(k, n);
    for (int k = 1; k <= radius; k++)
        rest -= 2 * (w[k] = (int)(256 * bell(k, n) / sum + 0.5));
    w[0] = rest;
    for (int c = 0; c < 3 * (int)s->frames; c++) {
        for (int i = 0; i < n * n; i++) {
            int total = 128;
            for (int k = -radius; k <= radius; k++)
                total += w[abs(k)] * at(s, c, i / n, mirrored(i % n + k, n));
            along[i] = (uint8_t)(total / 256);
        }
        for (int i = 0; i < n * n; i++) {
            int total = 128;
            for (int k = -radius; k <= radius; k++)
                total += w[abs(k)] * along[mirrored(i / n + k, n) * n + i % n];
            *to(s, c, i / n, i % n) = (uint8_t)(total / 256);
        }
    }
    free(along);
}

void plain_gaussian(const uint8_t *in, double *out, int pixels) {
    const int radius = rounded(6 * pixels, 84);

    for (int i = 0; i < pixels * pixels; i++) {
        double sum = 0, total = 0;

        for (int dy = -radius; dy <= radius; dy++)
            for (int dx = -radius; dx <= radius; dx++) {
                const double w = bell(dy, pixels) * bell(dx, pixels);

                sum += w;
                total += w * in[mirrored(i / pixels + dy, pixels) * pixels +
                                mirrored(i % pixels + dx, pixels)];
            }
        out[i] = total / sum;
    }
}

/* conv: weights in units of 1 / 4096 and a fitted sigmoid; jitter: floats, and a byte
 * that differs after the first of two steps; grayscale: weights in units of 2^-16. */
const plain_augmentation plain_augmentations[PLAIN_N] = {
    {"shift", control_draw_shift, shift, 0, 0},
    {"conv", control_draw_conv, conv, 1, 0.04},
    {"overlay", control_draw_overlay, overlay, 0, 0},
    {"cutout", control_draw_cutout, cutout, 0, 0},
    {"cutout_color", control_draw_cutout_color, cutout_color, 0, 0},
    {"jitter", control_draw_jitter, jitter, 1, 0.0005},
    {"grayscale", control_draw_grayscale, grayscale, 1, 0.005},
    {"rotation", control_draw_rotation, rotation, 0, 0},
    {"noise", control_draw_noise, noise, 0, 0},
    {"blur", control_draw_blur, blur, 0, 0},
};
