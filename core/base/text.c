/* text.c - see text.h. */
#include "base/text.h"

#include <string.h>

bool accord_text_is_id(const char *text) {
    size_t n = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;

    return n > 0 && n < 64 && text[n] == '\0';
}

/* Levenshtein's distance, one row at a time. */
size_t accord_text_distance(const char *a, const char *b) {
    size_t row[256];
    size_t n = strnlen(b, 255);

    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i] && i < 255; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t best = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = best;
        }
    }
    return row[n];
}

const char *accord_text_nearest(const char *word, const char *const *known) {
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2; /* further away is no help */

    for (; *known; known++) {
        size_t d = accord_text_distance(word, *known);
        if (d < best) {
            best = d;
            nearest = *known;
        }
    }
    return nearest;
}
