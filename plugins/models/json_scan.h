/* json_scan.h - reads a JSON text (RFC 8259) into a flat list of values.
 *
 * A reply is read once for each call and little of it is wanted: no tree is made, nothing
 * is copied, and the list is used again for the next text. */
#ifndef ACCORD_JSON_SCAN_H
#define ACCORD_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_SCAN_DEPTH = 64 }; /* nesting that is read: a few kilobytes of stack */

enum json_scan_kind {
    JSON_SCAN_NULL,
    JSON_SCAN_FALSE,
    JSON_SCAN_TRUE,
    JSON_SCAN_INTEGER,
    JSON_SCAN_REAL,
    JSON_SCAN_STRING,
    JSON_SCAN_ARRAY,  /* its elements follow */
    JSON_SCAN_OBJECT, /* its members follow, each a STRING and a value */
};

typedef struct json_scan_value {
    const char *text; /* in the text that was read; of a STRING, behind the quote */
    uint32_t length;  /* bytes; ARRAY and OBJECT: elements or members */
    uint32_t next;    /* number of the value behind this one and all that it holds */
    uint8_t kind;
    bool escaped; /* a STRING with a backslash */
} json_scan_value;

/* Begin with zeros. */
typedef struct json_scan_list {
    json_scan_value *values; /* values[0] is the whole text */
    uint32_t n, cap;
} json_scan_list;

enum json_scan_fault {
    JSON_SCAN_FINE,
    JSON_SCAN_NO_MEMORY,
    JSON_SCAN_TOO_DEEP,
    JSON_SCAN_MALFORMED
};

/* [any] Reads text[n], which must live as long as the list is used, and be followed by a
 * NUL.  The whole text must be one object or array.  *fault_at is the offset of what is
 * wrong. */
enum json_scan_fault json_scan_text(json_scan_list *list, const char *text, size_t n,
                                    size_t *fault_at);
void json_scan_fini(json_scan_list *list);

/* All take NULL for a value that is not there.  Of members with the same name the last
 * counts. */
const json_scan_value *json_scan_member(const json_scan_list *list,
                                        const json_scan_value *object, const char *name);
/* The first element, or NULL. */
const json_scan_value *json_scan_first(const json_scan_value *array);
/* The next element of the same array; do not ask behind the last. */
const json_scan_value *json_scan_after(const json_scan_list *list,
                                       const json_scan_value *element);
/* INTEGER: the number, saturated; else 0. */
int64_t json_scan_integer(const json_scan_value *v);
/* INTEGER and REAL, else 0. */
double json_scan_number(const json_scan_value *v);
/* Writes a STRING's characters to out[v->length + 1] as a C string; those that are NUL
 * are left out.  "" for every other kind.  Returns the length. */
size_t json_scan_string(const json_scan_value *v, char *out);

/* The length of the valid UTF-8 sequence at s (RFC 3629), which ends in a NUL, or 0. */
size_t json_scan_utf8(const char *s);

#endif
