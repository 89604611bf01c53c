/* pictures.h - what overlay mixes into frames: inside control_pictures. */
#ifndef CONTROL_PICTURES_H
#define CONTROL_PICTURES_H

#include <stddef.h>
#include <stdint.h>

#include "augment.h"
#include "augment_kernels.h"

enum {
    CONTROL_TEXTURES = 64,
    /* Of a folder with more, as many are kept, evenly from the list of their names. */
    CONTROL_MAX_PICTURES = 1024
};

struct control_pictures {
    uint32_t n, side; /* side: twice that of a frame, so that parts have details too */
    uint8_t *rgbx;    /* [n][side][side][4], and padding */
    char text[160];
};

/* A part of a picture, to be scaled to a frame. */
typedef struct control_crop {
    const uint8_t *from; /* its top left pixel, in rows of 4 side bytes */
    size_t side;
    uint32_t height, width;
    int flip; /* left and right are exchanged */
} control_crop;

/* [worker] Room for n pictures, empty.  NULL without memory. */
control_pictures *control_pictures_room(uint32_t n, uint32_t pixels);

/* [worker] The pictures of a folder and of all folders in it.  See
 * control_pictures_create(). */
accord_code control_pictures_read(const accord_host *host, const char *folder,
                                  uint32_t pixels, control_pictures **out,
                                  accord_err *err);

/* [any] Generates texture number `i`, rgbx[side][side][4]: the same bytes on every
 * machine.  `tile` from control_texture_tile(). */
void control_texture(const float *tile, uint32_t i, uint32_t side, uint8_t *rgbx);

enum { CONTROL_TILE = 256 };
/* [any] Writes fractal noise in 0 to 1, tile[CONTROL_TILE][CONTROL_TILE], which repeats
 * without a seam. */
void control_texture_tile(float *tile);

/* [any] Draws a picture, a part of it with 0.08 to 1 of its area and 3/4 to 4/3 as wide
 * as high, and whether it is flipped: torchvision's RandomResizedCrop and
 * RandomHorizontalFlip. */
control_crop control_pictures_choose(const control_pictures *p, uint64_t *rng);

/* [any] Scales a part to pixels x pixels and writes `rows` rows of it from y0 on to
 * out[c][rows][pixels], bilinear between pixel centres. */
void control_crop_rows(const control_crop *c, uint32_t pixels, uint32_t y0, uint32_t rows,
                       const control_kernels *k, uint8_t *const out[3]);

#endif
