/* buf.h - a growing text with a maximum, and the writer of JSON lines.
 *
 * Failure sticks: after an overflow or without memory nothing more is added, `failed` is
 * set, and the caller looks once at the end. */
#ifndef ACCORD_BUF_H
#define ACCORD_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct accord_buf {
    char *data; /* NUL-terminated once something was added */
    size_t n;
    size_t cap;
    size_t max;
    bool failed;
    bool no_memory; /* why it failed; else it was too long */
} accord_buf;

/* [any] An empty buffer that never holds more than `max` bytes. */
void accord_buf_init(accord_buf *b, size_t max);
/* [any] */
void accord_buf_fini(accord_buf *b);
/* [any] Keeps the memory. */
void accord_buf_clear(accord_buf *b);
/* [any] Hands the text over (free() it) and empties the buffer; "" if nothing was added,
 * NULL if there is no memory for that. */
char *accord_buf_take(accord_buf *b);

void accord_buf_add(accord_buf *b, const void *data, size_t n);
void accord_buf_puts(accord_buf *b, const char *text);
void accord_buf_printf(accord_buf *b, const char *fmt, ...) ACCORD_PRINTF(2, 3);

/* JSON, member by member: the key with its comma and colon, then the value.
 *   accord_buf_puts(b, "{");
 *   accord_json_text(b, "k", "call");
 *   accord_json_int(b, "n", 3);
 * `key` NULL writes an array's element.  NULL text is null.  Invalid UTF-8 becomes
 * U+FFFD. Numbers that are not finite become "nan", "inf", "-inf"; others read back the
 * same. */
void accord_json_key(accord_buf *b, const char *key);
void accord_json_text(accord_buf *b, const char *key, const char *text);
void accord_json_int(accord_buf *b, const char *key, int64_t value);
void accord_json_real(accord_buf *b, const char *key, double value);
/* A number that may be unknown: NaN is null; of _finite an infinity is, too. */
void accord_json_known(accord_buf *b, const char *key, double value);
void accord_json_finite(accord_buf *b, const char *key, double value);
void accord_json_bool(accord_buf *b, const char *key, bool value);

/* [any] ACCORD_OK, or why the buffer failed: ACCORD_E_LIMIT, "WHAT is longer than N
 * bytes", or ACCORD_E_NOMEM. */
accord_code accord_buf_check(const accord_buf *b, const char *what,
                             accord_err *err) ACCORD_MUST_CHECK;

#endif
