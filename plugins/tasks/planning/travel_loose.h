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

/* [any] Reads the value that text[n] begins with.  *value is the caller's, NULL but for
 * OK; *used is how many bytes were looked at.  Nested at most 32 deep. */
int travel_loose_read(const char *text, size_t n, json_t **value, size_t *used);

#endif
