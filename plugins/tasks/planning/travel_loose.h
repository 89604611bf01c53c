/* travel_loose.h - JSON as models write it: single quotes, Python's None, True and False,
 * trailing and missing commas, bare keys, quotes and line ends inside texts. */
#ifndef ACCORD_TRAVEL_LOOSE_H
#define ACCORD_TRAVEL_LOOSE_H

#include <jansson.h>
#include <stddef.h>

enum {
    TRAVEL_LOOSE_OK,
    TRAVEL_LOOSE_CUT, /* the text ends in the middle */
    TRAVEL_LOOSE_BAD,
    TRAVEL_LOOSE_NOMEM,
};

/* What was read. */
struct travel_loose {
    json_t *value; /* the caller's, NULL but for OK; numbers are texts */
    size_t used;   /* bytes that were looked at */
    int is_strict; /* it is JSON as it should be */
};

/* [any] Reads the value that text[n], without a NUL, begins with.  Nested at most 32
 * deep, of at most 20,000 values.
 * One reader for both, because a strict one that runs out of memory can look as if the
 * text were bad. */
int travel_loose_read(const char *text, size_t n, struct travel_loose *out);

#endif
