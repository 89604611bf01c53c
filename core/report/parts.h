/* parts.h - score parts and their groups, from a summary's mode to a table.
 *
 * A part that is no number in an episode was not asked there and counts nowhere.  Parts
 * named "GROUP/NAME" are shares from 0 to 1 of one group, and a group has two rates:
 * micro, the mean over all that was asked in all episodes, and macro, the share of the
 * episodes in which all that was asked of the group is 1. */
#ifndef ACCORD_PARTS_H
#define ACCORD_PARTS_H

#include <jansson.h>

#include "report/view.h"

/* A part, a group's rate, or the score. */
typedef struct accord_part {
    char *name; /* "hard/budget", "hard (micro)" */
    double mean;
    double n; /* how many numbers it is the mean of */
} accord_part;

typedef struct accord_parts {
    accord_part *items;
    size_t n, cap;
} accord_parts;

/* [main] Writes the members "parts" (means) of a mode and, where they say something,
 * "asked" (numbers in each mean, for parts that were not asked everywhere) and "groups".
 * `names` are those of the manifest. */
accord_code accord_parts_write(const accord_view *v, const json_t *names, accord_buf *b,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] Adds what a summary says of a mode to the means over seeds, the score under its
 * name first. */
accord_code accord_parts_add(accord_parts *parts, const json_t *mode, const char *score,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_parts_fini(accord_parts *parts);

#endif
