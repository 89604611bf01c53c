/* base64.h - bytes as text, and back (RFC 4648, section 4, with padding). */
#ifndef ACCORD_BASE64_H
#define ACCORD_BASE64_H

#include "base/buf.h"

/* [any] Adds the text of n bytes. */
void accord_base64_add(accord_buf *b, const void *data, size_t n);

/* [any] The bytes of `text`, of which there must be `n`; free() them.  ACCORD_E_CONFIG
 * for a text that is not base64 or has another length. */
accord_code accord_base64_read(const char *text, size_t n, uint8_t **out,
                               accord_err *err) ACCORD_MUST_CHECK;

#endif
