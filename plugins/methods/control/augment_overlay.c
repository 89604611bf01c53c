/* augment_overlay.c - a random part of a picture over the frames. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"
#include "pictures.h"

control_crop control_pictures_choose(const control_pictures *p, uint64_t *rng) {
    const uint32_t side = p->side;
    const uint8_t *picture =
        p->rgbx + (size_t)accord_rng_below(rng, p->n) * side * side * 4;
    control_crop c = {picture, side, side, side, 0};

    for (int try = 0; try < 10; try++) {
        const double area = side * (double)side * (0.08 + 0.92 * accord_rng_uniform(rng));
        const double ratio = exp((2 * accord_rng_uniform(rng) - 1) * log(4.0 / 3));
        const uint32_t width = (uint32_t)(sqrt(area * ratio) + 0.5);
        const uint32_t height = (uint32_t)(sqrt(area / ratio) + 0.5);

        if (width > side || height > side)
            continue;
        const size_t top = (size_t)accord_rng_below(rng, side - height + 1);
        const size_t left = (size_t)accord_rng_below(rng, side - width + 1);
        c.from = picture + 4 * (top * side + left);
        c.height = height;
        c.width = width;
        break;
    }
    c.flip = accord_rng_uniform(rng) < 0.5;
    return c;
}

/* Between which pixel of `n` and the next one the centre of target pixel `i` of `pixels`
 * falls, and how far along in units of 1 / 256. */
static uint32_t place(uint32_t i, uint32_t pixels, uint32_t n, uint32_t *along) {
    const uint32_t centre = (2 * i + 1) * n * 128 / pixels;
    const uint32_t at = centre > 128 ? centre - 128 : 0, low = at >> 8;

    *along = low < n - 1 ? at & 255 : 0;
    return low < n - 1 ? low : n - 1;
}

/* The four 16 bit channels of two neighbours, mixed at once in one register. */
static uint64_t mix(const uint16_t *left, uint32_t along) {
    uint64_t a, b;

    memcpy(&a, left, sizeof(a));
    memcpy(&b, left + 4, sizeof(b));
    return (a * (256 - along) + b * along + 0x0080008000800080u) >> 8;
}

void control_crop_rows(const control_crop *c, uint32_t pixels, uint32_t y0, uint32_t rows,
                       const control_kernels *k, uint8_t *const out[3]) {
    uint32_t at[CONTROL_MAX_PIXELS], along[CONTROL_MAX_PIXELS];
    uint16_t row[4 * 2 * CONTROL_MAX_PIXELS + CONTROL_PADDING];

    for (uint32_t x = 0; x < pixels; x++) {
        const uint32_t to = c->flip ? pixels - 1 - x : x;
        at[to] = 4 * place(x, pixels, c->width, &along[to]);
    }
    memset(row + 4 * c->width, 0, 4 * sizeof(row[0]));
    for (uint32_t y = 0; y < rows; y++) {
        uint32_t down;
        const uint32_t top = place(y0 + y, pixels, c->height, &down);
        const uint8_t *above = c->from + 4 * top * c->side;

        k->lerp(row, above, down ? above + 4 * c->side : above, down, 4 * c->width);
        for (uint32_t x = 0; x < pixels; x++) {
            const uint64_t rgb = mix(row + at[x], along[x]);

            out[0][y * pixels + x] = (uint8_t)rgb;
            out[1][y * pixels + x] = (uint8_t)(rgb >> 16);
            out[2][y * pixels + x] = (uint8_t)(rgb >> 32);
        }
    }
}

/* overlay: (x + picture) / 2, half bytes up; one picture for all frames (DMControl-GB's
 * random_overlay at its alpha of 0.5, there with pictures of Places365). */
void control_draw_overlay(const control_sample *s, const control_pictures *pictures,
                          uint64_t *rng) {
    enum { BAND = 8192 };
    const control_crop crop = control_pictures_choose(pictures, rng);
    const size_t plane = control_plane(s);
    const uint32_t most = BAND / s->pixels;
    uint8_t band[3][BAND];
    uint8_t *const to[3] = {band[0], band[1], band[2]};

    for (uint32_t y = 0; y < s->pixels; y += most) {
        const uint32_t rows = s->pixels - y < most ? s->pixels - y : most;
        const size_t from = (size_t)y * s->pixels;

        control_crop_rows(&crop, s->pixels, y, rows, s->kernels, to);
        for (size_t c = 0; c < 3 * s->frames; c++)
            s->kernels->average(s->out + c * plane + from, s->in + c * plane + from,
                                band[c % 3], (size_t)rows * s->pixels);
    }
}
