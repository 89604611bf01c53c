/* weights_layout.h - where things lie in a file of weights.  Private to weights.c, which
 * reads it, and quantise.c, which writes it. */
#ifndef ACCORD_POCKET_WEIGHTS_LAYOUT_H
#define ACCORD_POCKET_WEIGHTS_LAYOUT_H

#include "weights.h"

#define POCKET_MAGIC   "ACPOCKET"
#define POCKET_VERSION 1u

struct pocket_header {
    char magic[8];
    uint32_t version;
    uint32_t n_bytes;
    char digest[64];
    char vocabulary[64];
    char sections[64];
    struct pocket_shape shape;
    uint8_t zero[24];
};
_Static_assert(sizeof(struct pocket_header) == 256, "as weights.h says");

static inline size_t pocket_layout_align(size_t at) {
    return (at + 63) / 64 * 64;
}

/* Parameter i, whose bytes begin at `begin`: where its values lie (a matrix' scales lie
 * at `begin`), and where the next parameter begins. */
size_t pocket_layout_end(const struct pocket_shape *s, size_t i, size_t begin,
                         size_t *values);

/* Bytes of the whole file. */
size_t pocket_layout_size(const struct pocket_shape *s);

/* SHA-256 of what follows the digest in the header. */
void pocket_layout_digest(const void *file, size_t n_bytes, char hex[65]);

#endif
