/* sha256.h - SHA-256 (FIPS 180-4), for the identity of items, files and requests.
 * Not constant-time: never for secrets. */
#ifndef ACCORD_SHA256_H
#define ACCORD_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct accord_sha256 {
    uint32_t h[8];
    uint64_t n_bytes;
    uint8_t block[64];
} accord_sha256;

/* [any] */
void accord_sha256_init(accord_sha256 *s);
/* [any] */
void accord_sha256_update(accord_sha256 *s, const void *data, size_t n_bytes);
/* [any] Writes 64 hexadecimal digits and a NUL. */
void accord_sha256_hex(accord_sha256 *s, char hex[65]);

/* [any] The hash of a whole text as a number modulo `n`: "SHA-256 is 0 mod 5".  The hash
 * is read as one big-endian number. */
uint32_t accord_sha256_mod(const void *data, size_t n_bytes, uint32_t n);

#endif
