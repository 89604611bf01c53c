/* augment_colour.h - contrast, hue, saturation and brightness, at the level that is being
 * compiled. */
#ifndef CONTROL_AUGMENT_COLOUR_H
#define CONTROL_AUGMENT_COLOUR_H

#include "augment_kernels.h"
#include "augment_vec.h"

VFN vf clamp(vf x, float high) {
    return vmin(vmax(x, vset(0)), vset(high));
}

static uint32_t kernel_sum(const uint8_t *in, size_t n) {
    vi lanes = {0};
    uint32_t sum = 0;
    size_t i = 0;

    for (; i + W <= n; i += W)
        lanes += vbytes_int(in + i);
    for (int k = 0; k < W; k++)
        sum += (uint32_t)lanes[k];
    for (; i < n; i++)
        sum += in[i];
    return sum;
}

static void kernel_contrast(uint8_t *out, const uint8_t *in, float mean, float factor,
                            size_t n) {
    uint8_t last[W] = {0};
    size_t i = 0;

    for (; i + W <= n; i += W)
        vstore_bytes(out + i, clamp((vbytes(in + i) - mean) * factor + mean, 255));
    memcpy(last, in + i, n - i);
    vstore_bytes(last, clamp((vbytes(last) - mean) * factor + mean, 255));
    memcpy(out + i, last, n - i);
}

/* Hue in sextants, -1 to 5, for a colour whose largest channel is `most` and whose
 * smallest lies `range` below it. */
VFN vf hue_of(vf r, vf g, vf b, vf most, vf per_range) {
    vf hue = vselect(veq(most, g), b - r, g - b);

    hue = vselect(veq(most, b), r - g, hue) * per_range;
    return hue + vselect(veq(most, b), vset(4), vselect(veq(most, g), vset(2), vset(0)));
}

/* The share of a channel's colour at a hue: 1 within one sextant of the channel's own and
 * 0 from the second on. */
VFN vf share(vf hue, float own) {
    return clamp(2.0f - vabs(hue - own), 1);
}

VFN void turn(vf rgb[3], const control_hsv *how) {
    const vf r = rgb[0], g = rgb[1], b = rgb[2];
    const vf most = vmax(r, vmax(g, b)), range = most - vmin(r, vmin(g, b));
    /* One division for two; both are whole numbers, and where one is 0 so is what it
     * divides. */
    const vf some = vmax(most, vset(1)), apart = vmax(range, vset(1));
    const vf per_both = 1.0f / (some * apart);
    vf hue = hue_of(r, g, b, most, per_both * some) + how->hue;

    hue += vselect(vlt(hue, vset(0)), vset(6), vset(0));
    hue -= vselect(vlt(hue, vset(6)), vset(0), vset(6));
    const vf value = clamp(most * how->value, 255);
    const vf chroma = value * clamp(range * (per_both * apart) * how->saturation, 1);
    const vf grey = value - chroma;
    rgb[0] = grey + chroma * (1.0f - share(hue, 3));
    rgb[1] = grey + chroma * share(hue, 2);
    rgb[2] = grey + chroma * share(hue, 4);
}

VFN void turn_at(uint8_t *const out[3], const uint8_t *const in[3], size_t i,
                 const control_hsv *how) {
    vf rgb[3] = {vbytes(in[0] + i), vbytes(in[1] + i), vbytes(in[2] + i)};

    turn(rgb, how);
    vstore_bytes(out[0] + i, clamp(rgb[0], 255));
    vstore_bytes(out[1] + i, clamp(rgb[1], 255));
    vstore_bytes(out[2] + i, clamp(rgb[2], 255));
}

static void kernel_hsv(uint8_t *const out[3], const uint8_t *const in[3],
                       const control_hsv *how, size_t n) {
    uint8_t last[3][W] = {{0}};
    uint8_t *const to[3] = {last[0], last[1], last[2]};
    const uint8_t *const from[3] = {last[0], last[1], last[2]};
    size_t i = 0;

    for (; i + W <= n; i += W)
        turn_at(out, in, i, how);
    for (int c = 0; c < 3; c++)
        memcpy(last[c], in[c] + i, n - i);
    turn_at(to, from, 0, how);
    for (int c = 0; c < 3; c++)
        memcpy(out[c] + i, last[c], n - i);
}

#endif
