/* find.h - where in a reply an answer may stand.  Every search reads the reply a bounded
 * number of times. */
#ifndef ACCORD_MATH_FIND_H
#define ACCORD_MATH_FIND_H

#include <stddef.h>

/* A piece of a longer text; n = 0 and text = NULL where nothing was found. */
typedef struct math_span {
    const char *text;
    size_t n;
} math_span;

/* [any] The content of the last \boxed.  *boxes becomes 0 where there is none; the
 * content of an unclosed one is what is left of the text and *closed is 0. */
math_span math_find_boxed(const char *text, size_t n, int *boxes, int *closed);

/* [any] Writes the contents of the last boxes that stand together ("\boxed{1} and
 * \boxed{2}"), a comma between them, to buf; 0 if it is no group of at least two. */
size_t math_find_boxes(const char *text, size_t n, char *buf, size_t size);

/* [any] Where a reply begins behind the last </think>, 0 if nothing stands there. */
size_t math_find_thought(const char *text, size_t n);

/* [any] What follows the last #### in its line. */
math_span math_find_hashes(const char *text, size_t n);

/* [any] Writes the value of the last "answer" field of a JSON reply to buf and sets
 * *found; 0 for one that is empty, null or cut. */
size_t math_find_json(const char *text, size_t n, char *buf, size_t size, int *found);

/* [any] What follows the last "answer is", "answer:" and their like in its sentence. */
math_span math_find_answer_is(const char *text, size_t n);

/* [any] The last $...$, \(...\) or \[...\]. */
math_span math_find_math(const char *text, size_t n);

/* [any] The last number that no letter precedes, or the first one; *count says how many
 * there are.  0 of them when the one asked for stands in a line of code. */
math_span math_find_number(const char *text, size_t n, int first, int *count);

/* [any] The last word of yes, no, true, false; first = 1: only as the first word. */
math_span math_find_yes_no(const char *text, size_t n, int first);

/* [any] The last letter of a choice: "(C)", "C." or a C alone. */
math_span math_find_choice(const char *text, size_t n);

#endif
