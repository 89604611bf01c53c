/* clean.h - writes an answer in one plain spelling, ready for the parser.
 *
 * Math delimiters, spacing and size commands go, the many spellings of one sign become
 * one, thousands marks that cannot be list commas become MATH_GROUP, the text of \text
 * and its like stands between MATH_WORDS and MATH_WORDS_END. */
#ifndef ACCORD_MATH_CLEAN_H
#define ACCORD_MATH_CLEAN_H

#include <stddef.h>

enum {
    MATH_ANSWER_MAX = 2048, /* a longer answer is compared byte for byte */
    MATH_REPLY_MAX = 65536, /* an answer is looked for in that much at the end */
    MATH_CLEAN_MAX = 6144,
    MATH_GROUP = 1,
    MATH_WORDS = 2,
    MATH_WORDS_END = 3,
};

/* [any] Writes the plain spelling of text[n] to out[MATH_CLEAN_MAX]; 0 if it is too
 * long. */
int math_clean(const char *text, size_t n, char *out);

/* [any] The text without white space and decoration at both ends: quotes, stars,
 * back-quotes, a period at the end.  *n is set to what is left. */
const char *math_trim(const char *text, size_t *n);

/* [any] 1 if text[n] equals word. */
int math_is(const char *text, size_t n, const char *word);

/* [any] The same without regard to case. */
int math_is_word(const char *text, size_t n, const char *word);

#endif
