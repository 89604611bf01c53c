/* json_emit.h - writes a JSON text piece by piece: commas and colons are the caller's. */
#ifndef ACCORD_JSON_EMIT_H
#define ACCORD_JSON_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begin with zeros; free() the text.  Its room is used again when `n` is set to 0. */
typedef struct json_emit {
    char *text; /* ends in a NUL once something was written */
    size_t n, cap;
    bool failed; /* there was no memory: nothing more is written */
} json_emit;

/* [any] As it is. */
void json_emit_text(json_emit *w, const char *text);
/* [any] A string with its quotes.  What is no UTF-8 becomes U+FFFD. */
void json_emit_string(json_emit *w, const char *text);
void json_emit_integer(json_emit *w, int64_t value);
/* [any] To nine digits, always as a fraction ("1.0"), since some servers ask for one. */
void json_emit_real(json_emit *w, double value);

#endif
