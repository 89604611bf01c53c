/* base64.c - see base64.h. */
#include "base/base64.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void accord_base64_add(accord_buf *b, const void *data, size_t n) {
    const uint8_t *p = data;

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t word = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                        (left > 2 ? p[i + 2] : 0);
        char four[4] = {digits[word >> 18], digits[word >> 12 & 63],
                        left > 1 ? digits[word >> 6 & 63] : '=',
                        left > 2 ? digits[word & 63] : '='};
        accord_buf_add(b, four, sizeof(four));
    }
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
