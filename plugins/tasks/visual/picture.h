/* picture.h - PNG and JPEG files as RGB bytes.
 *
 * Files are not trusted: whatever they hold, the answer is a picture or a sentence.
 * Where configure did not find libpng or libjpeg, the sentence says so. */
#ifndef ACCORD_VISUAL_PICTURE_H
#define ACCORD_VISUAL_PICTURE_H

#include <stdbool.h>

#include <accord/plugin.h>

/* Larger pictures and files are refused: a frame of a film has 4096 pixels a side. */
enum { PICTURE_MAX_SIDE = 4096, PICTURE_MAX_BYTES = 64 << 20 };

typedef struct picture {
    int width, height;
    unsigned char *rgb; /* [height][width][3] */
} picture;

/* [any] True for the names of pictures: .png, .jpg, .jpeg, in any case. */
bool picture_is_name(const char *name);

/* [any] Reads a file; which format it is, its content tells.  Transparent pixels lie on
 * black.  *out is the caller's, see picture_fini(); empty on failure.  ACCORD_E_IO if the
 * file cannot be read, ACCORD_E_CONFIG if it is damaged, too large or of another kind,
 * ACCORD_E_UNSUPPORTED if its library is missing, ACCORD_E_NOMEM. */
accord_code picture_read(const accord_host *host, const char *path, picture *out,
                         accord_err *err);

/* [any] The same for a file in memory; `name` is for sentences. */
accord_code picture_decode(const accord_host *host, const char *name,
                           const unsigned char *bytes, size_t n, picture *out,
                           accord_err *err);

/* [any] */
void picture_fini(picture *p);

/* [any] Resizes as the published code does: bilinear between pixel centres, clamped at
 * the border, without antialiasing, truncated to bytes.  Writes out[height][width][3]. */
void picture_resize(const picture *p, int width, int height, unsigned char *out);

#endif
