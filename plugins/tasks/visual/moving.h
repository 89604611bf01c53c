/* moving.h - films made from a seed, for users who have no clips.
 *
 * A film is a drifting and breathing view of overlapping patches, large ones rare and
 * small ones frequent, in front of each other and moving the faster the nearer they are,
 * with shading and fractal texture: the "dead leaves" model, whose statistics come close
 * to those of natural pictures (Lee, Mumford, Huang, IJCV 41, 2001). */
#ifndef ACCORD_VISUAL_MOVING_H
#define ACCORD_VISUAL_MOVING_H

#include <stdint.h>

/* Frames of a film until it is shown from the start, as many as most published clips. */
enum { MOVING_LENGTH = 500 };

typedef struct moving moving;

/* [any] Room for one film at a time, of frames width x height; choose it with
 * moving_choose().  NULL without memory.  The caller's, see moving_destroy(). */
moving *moving_create(int width, int height);
/* [any] NULL is allowed. */
void moving_destroy(moving *m);

/* [any] Makes the film of this seed. */
void moving_choose(moving *m, uint64_t seed);

/* [any] Writes frame t of the chosen film, rgb[height][width][3]: the same bytes on every
 * machine. */
void moving_frame(moving *m, uint32_t t, unsigned char *rgb);

#endif
