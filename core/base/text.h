/* text.h - small questions about texts. */
#ifndef ACCORD_TEXT_H
#define ACCORD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* [any] [a-z0-9_]+, at most 63 bytes: what ids and the names in suites look like. */
bool accord_text_is_id(const char *text);

/* [any] Edits (insert, delete, replace) that turn a into b; at most 255 bytes count. */
size_t accord_text_distance(const char *a, const char *b);

/* [any] The entry of `known` (NULL-terminated) that is nearest to `word`, for "did you
 * mean"; NULL when none is near.  An equal entry is the nearest. */
const char *accord_text_nearest(const char *word, const char *const *known);

#endif
