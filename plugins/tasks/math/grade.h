/* grade.h - finds the final answer in a reply and tells whether two answers are the same.
 *
 * Nothing here allocates, keeps state or executes anything.  Time, memory and depth of
 * recursion are bounded for every input; an answer past the bounds equals only itself,
 * byte for byte.  Texts are NUL-terminated and may be NULL, which reads as "".  All
 * functions are [any]. */
#ifndef ACCORD_MATH_GRADE_H
#define ACCORD_MATH_GRADE_H

#include <stddef.h>

/* How a data set's answers look: decides how a bare value is read. */
enum {
    MATH_ANSWER_NUMBER = 0,     /* GSM8K, SVAMP, GSM-Hard */
    MATH_ANSWER_EXPRESSION = 1, /* MATH-500 */
    MATH_ANSWER_YES_NO = 2,     /* StrategyQA */
    MATH_ANSWER_CHOICE = 3,     /* a letter */
    MATH_ANSWER_AUTO = 4,       /* nothing is known */
};

/* Finds the final answer in a reply and writes it to buf[size].  *rule, which may not be
 * NULL, names the rule that fired ("boxed", "hashes", "json", "answer_is", "last_number",
 * "none", ...), a static string.  Returns the answer's length, 0 = none.  strict: only
 * the forms that an instruction asks for (boxed, ####, "the answer is", "answer:", the
 * field "answer" of a JSON reply); otherwise the last number and its like count too. Only
 * the last 64 KiB of a reply are looked at. */
size_t math_extract(const char *reply, int kind, int strict, char *buf, size_t size,
                    const char **rule);

/* Writes the canonical form of an answer, made without the reference, to buf[size]:
 * equal bytes = the same answer, "" = none. */
void math_canon(const char *answer, int kind, char *buf, size_t size);

/* The flexible grader: 1 if both are mathematically the same answer; value, set,
 * interval, tuple and matrix are compared, unit words and formatting ignored.  Equal
 * canon implies this.  No answer (NULL, "") equals no gold but an empty one. */
int math_equal(const char *gold, const char *answer, int kind);

/* The strict grader: 1 if both are the same after plain normalisation (white space,
 * currency, thousands separators, zeros and the period at the end), without algebra. */
int math_equal_strict(const char *gold, const char *answer, int kind);

#endif
