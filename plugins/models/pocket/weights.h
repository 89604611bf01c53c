/* weights.h - the weights of a pocket model in a file.
 *
 *   offset  bytes  what
 *   0       8      "ACPOCKET"
 *   8       4      version, 1
 *   12      4      bytes of the whole file
 *   16      64     SHA-256 of all that follows, in hexadecimal
 *   80      64     hash of the vocabulary (tokenizer.h)
 *   144     64     hash of the prompt sections (template.h)
 *   208     24     struct pocket_shape
 *   256     ...    the parameters in the order of shape.h
 *
 * Numbers are little-endian.  Every array begins at a multiple of 64 bytes, zeros
 * between. A matrix is float scale[rows], then int8_t value[rows][columns]: row r stands
 * for scale[r] value[r][...], -127 <= value <= 127.  Gains are float[columns]. */
#ifndef ACCORD_POCKET_WEIGHTS_H
#define ACCORD_POCKET_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "shape.h"

/* A quantised matrix. */
struct pocket_matrix {
    const float *scale;  /* [rows] */
    const int8_t *value; /* [rows][columns] */
    uint32_t rows, columns;
};

struct pocket_layer {
    const float *norm1; /* [width] */
    struct pocket_matrix qkv, out;
    const float *norm2; /* [width] */
    struct pocket_matrix up, down;
};

/* A file of weights, mapped read-only. */
struct pocket_weights {
    struct pocket_shape shape;
    struct pocket_matrix embed, position;
    struct pocket_layer layer[POCKET_MAX_LAYERS];
    const float *norm; /* [width] */
    const void *map;
    size_t n_bytes;
};

/* [any] Writes the parameters values[pocket_shape_size()], in the order of shape.h, to
 * `path`: each row of a matrix divided by its largest magnitude / 127 and rounded to the
 * nearest.  The file appears whole or not at all.  ACCORD_E_ARG for a value that is not
 * finite or a shape that is not sound; ACCORD_E_IO, ACCORD_E_NOMEM. */
accord_code pocket_weights_write(const char *path, const struct pocket_shape *shape,
                                 const float *values, struct pocket_err *err);

/* [any] Maps a file and checks all of it.  ACCORD_E_NOTFOUND, ACCORD_E_IO: it is not
 * there, or cannot be read. ACCORD_E_CONFIG with a sentence that names the file: no
 * weights, another version, cut short, changed, made for another vocabulary or other
 * prompt sections, or with scales or gains beyond 1000. */
accord_code pocket_weights_open(const char *path, struct pocket_weights *out,
                                struct pocket_err *err);

/* [any] Unmaps; a zeroed struct is allowed. */
void pocket_weights_close(struct pocket_weights *w);

#endif
