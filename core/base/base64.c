/* base64.c - see base64.h. */
#include "base/base64.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The four digits of n bytes, at most three. */
static void write_four(const uint8_t *p, size_t n, char *out) {
    uint32_t word = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) |
                    (n > 2 ? (uint32_t)p[2] : 0);

    out[0] = digits[word >> 18];
    out[1] = digits[word >> 12 & 63];
    out[2] = n > 1 ? digits[word >> 6 & 63] : '=';
    out[3] = n > 2 ? digits[word & 63] : '=';
}

void accord_base64_add(accord_buf *b, const void *data, size_t n) {
    char block[1024]; /* the buffer is not asked for every four digits */
    const uint8_t *p = data;
    size_t full = 0;

    for (size_t i = 0; i < n; i += 3) {
        write_four(p + i, n - i, block + full);
        full += 4;
        if (full == sizeof(block)) {
            accord_buf_add(b, block, full);
            full = 0;
        }
    }
    accord_buf_add(b, block, full);
}

/* The six bits of a digit, or -1. */
static int value_of(char c) {
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* Three bytes of four digits; `n` of the bytes count.  False when they are no digits. */
static bool read_four(const char *text, size_t n, uint8_t *out) {
    uint32_t word = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i <= n ? value_of(text[i]) : 0;
        if (value < 0 || (i > n && text[i] != '='))
            return false;
        word = word << 6 | (uint32_t)value;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(word >> (16 - 8 * i));
    return (word & ((UINT32_C(1) << (24 - 8 * n)) - 1)) == 0;
}

accord_code accord_base64_read(const char *text, size_t n, uint8_t **out,
                               accord_err *err) {
    size_t length = strlen(text);

    *out = NULL;
    if (length % 4 != 0 || length / 4 != (n + 2) / 3)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%zu characters of base64 are not %zu bytes", length, n);
    accord_code rc = accord_alloc(n, 1, out, err);
    for (size_t i = 0; i < n && !rc; i += 3)
        if (!read_four(text + i / 3 * 4, n - i < 3 ? n - i : 3, *out + i))
            rc = accord_fail(err, ACCORD_E_CONFIG, "no base64 at character %zu",
                             i / 3 * 4);
    if (rc) {
        free(*out);
        *out = NULL;
    }
    return rc;
}
