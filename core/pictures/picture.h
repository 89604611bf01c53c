/* picture.h - frames of pixels as files: PNG through libpng, animated GIF through giflib.
 * Where configure did not find one of them, its functions fail with ACCORD_E_UNSUPPORTED
 * and say which package is missing.
 *
 * Files are written beside themselves as PATH.tmp and renamed: whole or not at all.  All
 * functions are [any]. */
#ifndef ACCORD_PICTURE_H
#define ACCORD_PICTURE_H

#include <stdbool.h>

#include "base/err.h"

/* [3][height][width] bytes, red first, as the tasks of <accord/plugin.h> give them. */
typedef struct accord_picture {
    const uint8_t *pixels; /* borrowed */
    uint32_t height, width;
} accord_picture;

/* What this build can write. */
bool accord_has_png(void);
bool accord_has_gif(void);

/* Writes a PNG of the very bytes.  ACCORD_E_IO names the path. */
accord_code accord_png_write(const char *path, const accord_picture *p,
                             accord_err *err) ACCORD_MUST_CHECK;

/* How an animation looks. */
typedef struct accord_gif_look {
    uint32_t height, width; /* of the frames */
    uint32_t scale;         /* each pixel becomes scale x scale */
    uint32_t delay_cs; /* of a frame, hundredths of a second: GIF knows no other unit, and
                          viewers slow anything below 2 down */
} accord_gif_look;

typedef struct accord_gif accord_gif;

/* Begins an animation that repeats for ever.  *out is the caller's, to be closed.
 * ACCORD_E_ARG where a side is longer than GIF can say (65535). */
accord_code accord_gif_open(const char *path, const accord_gif_look *look,
                            accord_gif **out, accord_err *err) ACCORD_MUST_CHECK;
/* Adds a frame of the look's height and width, in at most 256 colours of its own: giflib
 * parts the colours, and each part becomes the mean of its pixels. */
accord_code accord_gif_add(accord_gif *g, const uint8_t *pixels,
                           accord_err *err) ACCORD_MUST_CHECK;
/* Ends the file and gives it its name; with `keep` false, removes it.  Frees g; NULL is
 * allowed. */
accord_code accord_gif_close(accord_gif *g, bool keep, accord_err *err) ACCORD_MUST_CHECK;

#endif
