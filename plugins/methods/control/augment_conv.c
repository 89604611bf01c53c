/* augment_conv.c - a random convolution of the colours.
 *
 * Bytes and 16 bit weights are multiplied in pairs, as processors do fastest.  A band of
 * rows with its replicated border is laid out flat: in `first` each element is the pair
 * of the first two channels at a pixel, in `third` that of the third channel at a pixel
 * and at its right neighbour.  Then every tap lies at a fixed distance, and the band is
 * one run; the two elements between rows are computed for nothing. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"

/* Two arrays of this size stay in the nearest cache. */
enum { BAND = 2048, ROOM = BAND + 2 * CONTROL_PADDING };

typedef struct band {
    uint32_t pixels, rows; /* of the output */
    int32_t first[ROOM], third[ROOM];
    uint8_t out[3][ROOM];
} band;

/* Lays one row of a frame out, with its border. */
static void lay(const control_kernels *k, int32_t *first, int32_t *third,
                const uint8_t *const row[3], size_t pixels) {
    k->pair(first + 1, row[0], row[1], pixels);
    first[0] = first[1];
    first[pixels + 1] = first[pixels];
    k->pair(third + 1, row[2], row[2] + 1, pixels - 1);
    const int32_t left = row[2][0], right = row[2][pixels - 1];
    third[0] = left | left << 16;
    third[pixels] = right | right << 16;
    third[pixels + 1] = right;
}

static void lay_band(const control_kernels *k, band *b, const uint8_t *frame,
                     uint32_t y0) {
    const size_t stride = b->pixels + 2, plane = (size_t)b->pixels * b->pixels;

    for (uint32_t y = 0; y < b->rows + 2; y++) {
        const uint32_t below = y0 + y > 0 ? y0 + y - 1 : 0;
        const uint8_t *at =
            frame + (size_t)(below < b->pixels ? below : b->pixels - 1) * b->pixels;
        const uint8_t *const row[3] = {at, at + plane, at + 2 * plane};

        lay(k, b->first + y * stride, b->third + y * stride, row, b->pixels);
    }
    /* What is read behind the last row must be something, though none of it shows. */
    const size_t end = (b->rows + 2) * stride;
    memset(b->first + end, 0, 2 * CONTROL_PADDING * sizeof(b->first[0]));
    memset(b->third + end, 0, 2 * CONTROL_PADDING * sizeof(b->third[0]));
}

static void convolve_band(const control_kernels *k, band *b,
                          const int32_t weights[3][CONTROL_TAPS]) {
    const size_t stride = b->pixels + 2;
    uint8_t *const out[3] = {b->out[0], b->out[1], b->out[2]};
    const int32_t *at[CONTROL_TAPS];

    for (size_t y = 0; y < 3; y++) {
        for (size_t x = 0; x < 3; x++)
            at[3 * y + x] = b->first + y * stride + x;
        at[9 + 2 * y] = b->third + y * stride;
        at[10 + 2 * y] = b->third + y * stride + 2;
    }
    k->conv(out, at, weights, b->rows * stride);
}

static void convolve(const control_sample *s, size_t frame,
                     const int32_t weights[3][CONTROL_TAPS]) {
    const size_t plane = control_plane(s), stride = s->pixels + 2;
    const uint32_t most = (uint32_t)(BAND / stride) - 2;
    band b = {.pixels = s->pixels};

    for (uint32_t y0 = 0; y0 < s->pixels; y0 += b.rows) {
        b.rows = s->pixels - y0 < most ? s->pixels - y0 : most;
        lay_band(s->kernels, &b, s->in + 3 * frame * plane, y0);
        convolve_band(s->kernels, &b, weights);
        for (size_t c = 0; c < 3; c++)
            for (size_t y = 0; y < b.rows; y++)
                memcpy(s->out + (3 * frame + c) * plane + (y0 + y) * s->pixels,
                       b.out[c] + y * stride, s->pixels);
    }
}

/* In units of 1 / 4096: the sum of 27 of them has an error of some 0.0004, a fortieth of
 * a byte at the sigmoid's steepest. */
static int32_t weight(uint64_t *rng) {
    const double w = floor(4096 * accord_rng_normal(rng) + 0.5);

    return (int32_t)(w < -32767 ? -32767 : w > 32767 ? 32767 : w);
}

static int32_t both(int32_t low, int32_t high) {
    return (int32_t)((uint32_t)(low & 0xffff) | (uint32_t)high << 16);
}

/* conv: a 3 x 3 kernel from 3 to 3 channels, weights N(0, 1), no bias, for frames in 0 to
 * 1 with a replicated border, then the sigmoid (DMControl-GB's random_conv; Lee et al.
 * 2020).  Frames share the kernel. */
void control_draw_conv(const control_sample *s, const control_pictures *pictures,
                       uint64_t *rng) {
    int32_t weights[3][CONTROL_TAPS];

    for (int o = 0; o < 3; o++) {
        int32_t w[3][3][3]; /* [channel][y][x] */

        for (int i = 0; i < 27; i++)
            w[i / 9][i / 3 % 3][i % 3] = weight(rng);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++)
                weights[o][3 * y + x] = both(w[0][y][x], w[1][y][x]);
            weights[o][9 + 2 * y] = both(w[2][y][0], w[2][y][1]);
            weights[o][10 + 2 * y] = both(w[2][y][2], 0);
        }
    }
    for (size_t f = 0; f < s->frames; f++)
        convolve(s, f, (const int32_t(*)[CONTROL_TAPS])weights);
}
