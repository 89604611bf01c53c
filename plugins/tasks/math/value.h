/* value.h - numbers of an answer: exact fractions while they fit 128 bits, else complex
 * doubles.  A fraction that outgrew 128 bits keeps its residue modulo 2^61 - 1, which
 * tells 2^1000 from 2^1000 - 1.  Every operation takes bounded time; what leaves the
 * bounds is not ok. */
#ifndef ACCORD_MATH_VALUE_H
#define ACCORD_MATH_VALUE_H

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

typedef __int128 math_wide;

typedef struct math_value {
    math_wide p, q;   /* p / q in lowest terms, q > 0, where exact */
    double complex z; /* the value, rounded; infinite where only the residue is known */
    uint64_t residue; /* modulo 2^61 - 1, where rational and not exact */
    int ok;           /* 0: undefined, infinite or past the bounds */
    int exact;
    int rational;
} math_value;

/* [any] p / q; not ok when q is 0. */
math_value math_ratio(math_wide p, math_wide q);

/* [any] An inexact value; not ok when it is not finite. */
math_value math_inexact(double complex z);

/* [any] The four operations and the power; not ok when an operand is not. */
math_value math_add(math_value a, math_value b);
math_value math_mul(math_value a, math_value b);
math_value math_div(math_value a, math_value b);
math_value math_neg(math_value a);
math_value math_pow(math_value a, math_value b);

/* [any] n!, for whole n from 0 to 5000. */
math_value math_factorial(math_value n);

/* [any] 1 and *out when the value is exactly a whole number of at most 18 digits. */
int math_whole(math_value a, long long *out);

/* [any] Writes a number so that equal values give equal bytes: whole numbers exactly,
 * others to 10 digits, as a fraction where a small one has these digits, very large and
 * very small fractions by their residue. */
void math_value_text(math_value a, char *buf, size_t size);

#endif
