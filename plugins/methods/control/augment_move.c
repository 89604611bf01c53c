/* augment_move.c - augmentations that move or cover pixels: shift, rotation, cutout. */
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"

/* Row y of the plane moved by dx: what lies outside repeats the border. */
static void shift_row(uint8_t *out, const uint8_t *row, int dx, int pixels) {
    const int from = dx < 0 ? 0 : dx, gap = dx < 0 ? -dx : 0;
    const int n = pixels - (dx < 0 ? -dx : dx);

    memset(out, row[0], (size_t)gap);
    memcpy(out + gap, row + from, (size_t)n);
    memset(out + gap + n, row[pixels - 1], (size_t)(pixels - gap - n));
}

/* shift: pads by replicating 4 of 84 pixels on each side and crops back, all offsets
 * alike (DMControl-GB's random_shift; Kostrikov et al. 2020, DrQ).  Kept at 4 of 48 it
 * doubles the critic's error on cart-pole balance and nothing is learned in 4,000 steps;
 * scaled, 2 of 48, the pole is balanced. */
void control_draw_shift(const control_sample *s, const control_pictures *pictures,
                        uint64_t *rng) {
    const int pixels = (int)s->pixels, most = (int)control_scaled(4, s->pixels);
    const uint64_t offsets = (uint64_t)(2 * most + 1);
    const int dx = (int)accord_rng_below(rng, offsets) - most;
    const int dy = (int)accord_rng_below(rng, offsets) - most;

    for (uint32_t c = 0; c < 3 * s->frames; c++)
        for (int y = 0; y < pixels; y++) {
            const int from = y + dy < 0 ? 0 : y + dy < pixels ? y + dy : pixels - 1;
            const size_t plane = c * control_plane(s);

            shift_row(s->out + plane + (size_t)y * s->pixels,
                      s->in + plane + (size_t)from * s->pixels, dx, pixels);
        }
}

/* One plane turned a quarter counter-clockwise `quarters` times. */
static void turn_plane(uint8_t *out, const uint8_t *in, size_t n, uint32_t quarters) {
    /* The source of (y, x) is first + y down + x right. */
    const ptrdiff_t side = (ptrdiff_t)n;
    const ptrdiff_t first = quarters == 1   ? side - 1
                            : quarters == 2 ? side * side - 1
                                            : side * (side - 1);
    const ptrdiff_t down = quarters == 1 ? -1 : quarters == 2 ? -side : 1;
    const ptrdiff_t right = quarters == 1 ? side : quarters == 2 ? -1 : -side;

    for (ptrdiff_t y = 0; y < side; y++)
        for (ptrdiff_t x = 0; x < side; x++)
            out[y * side + x] = in[first + y * down + x * right];
}

/* rotation: with probability 0.3 by 90, 180 or 270 degrees, evenly (RAD). */
void control_draw_rotation(const control_sample *s, const control_pictures *pictures,
                           uint64_t *rng) {
    const size_t plane = control_plane(s);

    if (accord_rng_uniform(rng) >= 0.3) {
        memcpy(s->out, s->in, 3 * s->frames * plane);
        return;
    }
    const uint32_t quarters = 1 + (uint32_t)accord_rng_below(rng, 3);
    for (size_t c = 0; c < 3 * s->frames; c++)
        turn_plane(s->out + c * plane, s->in + c * plane, s->pixels, quarters);
}

/* Height and width are drawn evenly from 10 to 29 (of 84 pixels), and the top left corner
 * lies at (height, width), as in RAD: there the drawn pair serves for both. */
static void cut(const control_sample *s, const uint8_t *colour, uint64_t *rng) {
    const uint32_t least = control_scaled(10, s->pixels);
    const uint32_t most = control_scaled(30, s->pixels); /* not drawn itself */
    const size_t h = least + (size_t)accord_rng_below(rng, most - least);
    const size_t w = least + (size_t)accord_rng_below(rng, most - least);
    const size_t plane = control_plane(s);

    memcpy(s->out, s->in, 3 * s->frames * plane);
    for (size_t c = 0; c < 3 * s->frames; c++)
        for (size_t y = h; y < 2 * h; y++)
            memset(s->out + c * plane + y * s->pixels + w, colour[c % 3], w);
}

/* cutout: a black rectangle (RAD's random_cutout). */
void control_draw_cutout(const control_sample *s, const control_pictures *pictures,
                         uint64_t *rng) {
    static const uint8_t black[3] = {0, 0, 0};

    cut(s, black, rng);
}

/* cutout_color: a rectangle of one colour, each channel evenly from 0 to 254 (RAD's
 * random_cutout_color, which draws another colour for each frame; here they share it). */
void control_draw_cutout_color(const control_sample *s, const control_pictures *pictures,
                               uint64_t *rng) {
    uint8_t colour[3];

    for (int c = 0; c < 3; c++)
        colour[c] = (uint8_t)accord_rng_below(rng, 255);
    cut(s, colour, rng);
}
