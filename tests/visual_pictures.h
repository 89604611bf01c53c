/* visual_pictures.h - PNG and JPEG files for tests.  Where a library is missing they
 * cannot be made, and what needs them is left out. */
#ifndef VISUAL_PICTURES_H
#define VISUAL_PICTURES_H

#include <stdbool.h>
#include <stddef.h>

/* Picks a format for the functions below. */
enum { PICTURES_PNG, PICTURES_JPEG, PICTURES_MANY_SCANS, PICTURES_N };

bool pictures_can(int format);

/* A file of a smooth picture whose colours depend on `shade`, in memory; the caller's to
 * free. */
unsigned char *pictures_make(int format, int width, int height, int shade, size_t *n);

/* Writes it to `name` in the scratch folder. */
void pictures_write(const char *name, int format, int width, int height, int shade);

/* The same picture's bytes, [height][width][3]. */
void pictures_paint(int width, int height, int shade, unsigned char *rgb);

#endif
