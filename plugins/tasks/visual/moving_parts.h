/* moving_parts.h - the scene of a generated film, between moving.c, which makes it, and
 * moving_draw.c.
 *
 * The view is the square [0, 1] x [0, 1].  Patches live on a torus of side FIELD around
 * it, so that one which leaves comes back elsewhere, out of sight. */
#ifndef ACCORD_VISUAL_MOVING_PARTS_H
#define ACCORD_VISUAL_MOVING_PARTS_H

#include <stdbool.h>

#include "moving.h"

enum { MOVING_TILE = 256, MOVING_PATCHES = 200 };

#define MOVING_FIELD 2.4f
/* Texels in one unit of the view. */
#define MOVING_TEXELS 180.0f

struct patch {
    float x, y;          /* where it is at t = 0 */
    float vx, vy;        /* per frame */
    float width, height; /* half sizes, along its own axes */
    float cos, sin;      /* of its tilt */
    float colour[3];     /* 0 to 255 */
    float light[2];      /* how brightness changes across it */
    float texture;       /* contrast of its texture */
    float ragged; /* how far the texture eats into its outline, of its half height */
    float sharp;  /* of its edge, 1 for one pixel wide */
    float u, v;   /* where its texture begins, texels */
    bool round;
};

struct moving {
    int width, height;                          /* of a frame */
    signed char tile[MOVING_TILE][MOVING_TILE]; /* texture, -127 to 127, periodic */
    struct patch ground;                        /* behind all others */
    struct patch patch[MOVING_PATCHES];         /* far to near */
    float breath;                               /* how much the view widens and narrows */
    uint32_t period;                            /* of that, frames */
    float (*paint)[4]; /* [height width]: colours so far, and what still shows through */
};

#endif
