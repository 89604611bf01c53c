/* augment_parts.h - what the files of the augmentations share. */
#ifndef CONTROL_AUGMENT_PARTS_H
#define CONTROL_AUGMENT_PARTS_H

#include "augment.h"
#include "augment_kernels.h"

/* Sizes below are published for frames of this side and scale with pixels. */
enum { CONTROL_PUBLISHED_PIXELS = 84 };

/* One sample on its way. */
typedef struct control_sample {
    uint32_t frames, pixels;
    const uint8_t *in; /* [3 frames][pixels][pixels] */
    uint8_t *out;
    const control_kernels *kernels;
} control_sample;

typedef void control_draw(const control_sample *s, const control_pictures *pictures,
                          uint64_t *rng);

/* [any] Calls `draw` for each sample with a stream of its own, made of one draw of *rng
 * and the sample's number. */
void control_each(const control_stacks *s, const control_pictures *pictures,
                  uint64_t *rng, control_draw *draw);

/* [any] A length that is published for 84 pixels, at this size; at least 1. */
static inline uint32_t control_scaled(uint32_t length, uint32_t pixels) {
    const uint32_t scaled =
        (length * pixels + CONTROL_PUBLISHED_PIXELS / 2) / CONTROL_PUBLISHED_PIXELS;

    return scaled ? scaled : 1;
}

static inline size_t control_plane(const control_sample *s) {
    return (size_t)s->pixels * s->pixels;
}

/* The entries of the table; each is described at its definition. */
control_draw control_draw_blur, control_draw_conv, control_draw_cutout,
    control_draw_cutout_color, control_draw_grayscale, control_draw_jitter,
    control_draw_noise, control_draw_overlay, control_draw_rotation, control_draw_shift;

#endif
