/* value.c - exact fractions, complex doubles and how they are written. */
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 math_uwide;

static const math_value nothing = {.q = 1};

static math_uwide magnitude(math_wide a) {
    return a < 0 ? -(math_uwide)a : (math_uwide)a;
}

static math_uwide common_divisor(math_uwide a, math_uwide b) {
    while (b) {
        math_uwide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* ---- residues modulo 2^61 - 1, a prime --------------------------------------------- */

static const uint64_t prime = ((uint64_t)1 << 61) - 1;

static uint64_t residue_mul(uint64_t a, uint64_t b) {
    math_uwide product = (math_uwide)a * b;
    uint64_t r = ((uint64_t)product & prime) + (uint64_t)(product >> 61);

    return r >= prime ? r - prime : r;
}

static uint64_t residue_pow(uint64_t a, uint64_t n) {
    uint64_t result = 1;

    for (; n; n >>= 1, a = residue_mul(a, a))
        if (n & 1)
            result = residue_mul(result, a);
    return result;
}

static uint64_t residue_inverse(uint64_t a) {
    return residue_pow(a, prime - 2);
}

static uint64_t residue_of_whole(math_wide a) {
    uint64_t r = (uint64_t)(magnitude(a) % prime);

    return a < 0 && r ? prime - r : r;
}

static uint64_t residue_of(math_value a) {
    if (!a.exact)
        return a.residue;
    uint64_t top = residue_of_whole(a.p);
    return a.q == 1 ? top : residue_mul(top, residue_inverse(residue_of_whole(a.q)));
}

/* ---- arithmetic ------------------------------------------------------------------- */

math_value math_ratio(math_wide p, math_wide q) {
    /* The most negative number has no negation. */
    const math_wide lowest = (math_wide)((math_uwide)1 << 127);

    if (q == 0 || p == lowest || q == lowest)
        return nothing;
    math_wide g = (math_wide)common_divisor(magnitude(p), magnitude(q));
    if (q < 0)
        g = -g;
    p /= g;
    q /= g;
    return (math_value){
        .p = p, .q = q, .z = (double)p / (double)q, .ok = 1, .exact = 1, .rational = 1};
}

math_value math_inexact(double complex z) {
    if (!isfinite(creal(z)) || !isfinite(cimag(z)))
        return nothing;
    return (math_value){.q = 1, .z = z, .ok = 1};
}

/* What became of two fractions whose result outgrew 128 bits. */
static math_value outgrown(double z, uint64_t residue) {
    return (math_value){.q = 1, .z = z, .residue = residue, .ok = 1, .rational = 1};
}

math_value math_add(math_value a, math_value b) {
    math_wide left, right, sum, q;

    if (!a.ok || !b.ok)
        return nothing;
    if (a.exact && b.exact && !__builtin_mul_overflow(a.p, b.q, &left) &&
        !__builtin_mul_overflow(b.p, a.q, &right) &&
        !__builtin_add_overflow(left, right, &sum) &&
        !__builtin_mul_overflow(a.q, b.q, &q))
        return math_ratio(sum, q);
    if (a.rational && b.rational)
        return outgrown(creal(a.z) + creal(b.z), (residue_of(a) + residue_of(b)) % prime);
    return math_inexact(a.z + b.z);
}

math_value math_mul(math_value a, math_value b) {
    math_wide p, q;

    if (!a.ok || !b.ok)
        return nothing;
    if (a.exact && b.exact && !__builtin_mul_overflow(a.p, b.p, &p) &&
        !__builtin_mul_overflow(a.q, b.q, &q))
        return math_ratio(p, q);
    if (a.rational && b.rational)
        return outgrown(creal(a.z) * creal(b.z),
                        residue_mul(residue_of(a), residue_of(b)));
    return math_inexact(a.z * b.z);
}

math_value math_div(math_value a, math_value b) {
    math_wide p, q;

    if (!a.ok || !b.ok)
        return nothing;
    if (a.exact && b.exact && !__builtin_mul_overflow(a.p, b.q, &p) &&
        !__builtin_mul_overflow(a.q, b.p, &q))
        return math_ratio(p, q);
    if (a.rational && b.rational)
        return residue_of(b)
                   ? outgrown(creal(a.z) / creal(b.z),
                              residue_mul(residue_of(a), residue_inverse(residue_of(b))))
                   : nothing;
    return cabs(b.z) < 1e-290 ? nothing : math_inexact(a.z / b.z);
}

math_value math_neg(math_value a) {
    return math_mul(math_ratio(-1, 1), a);
}

/* Square and multiply: at most 60 rounds. */
static math_value whole_power(math_value a, long long n) {
    math_value result = math_ratio(1, 1);

    if (!a.rational && n > 1024)
        return math_inexact(cpow(a.z, (double)n));
    for (; n; n >>= 1) {
        if (n & 1)
            result = math_mul(result, a);
        if (n > 1)
            a = math_mul(a, a);
    }
    return result;
}

/* The real root of a negative number, where the exponent's denominator is odd: who
 * writes (-8)^{1/3} means -2. */
static math_value negative_base(math_value a, math_value b) {
    if (!a.exact || !b.exact || b.q % 2 == 0)
        return math_inexact(cpow(a.z, b.z));
    double root = pow(-creal(a.z), creal(b.z));
    return math_inexact(b.p % 2 ? -root : root);
}

math_value math_pow(math_value a, math_value b) {
    long long n;

    if (!a.ok || !b.ok)
        return nothing;
    if (math_whole(b, &n)) {
        math_value power = whole_power(a, n < 0 ? -n : n);
        return n < 0 ? math_div(math_ratio(1, 1), power) : power;
    }
    if (cabs(a.z) == 0)
        return creal(b.z) > 0 ? math_ratio(0, 1) : nothing;
    if (cimag(a.z) == 0 && cimag(b.z) == 0)
        return creal(a.z) < 0 ? negative_base(a, b)
                              : math_inexact(pow(creal(a.z), creal(b.z)));
    return math_inexact(cpow(a.z, b.z));
}

math_value math_factorial(math_value value) {
    math_value result = math_ratio(1, 1);
    long long n;

    if (!math_whole(value, &n) || n < 0 || n > 5000)
        return nothing;
    for (long long k = 2; k <= n; k++)
        result = math_mul(result, math_ratio(k, 1));
    return result;
}

int math_whole(math_value a, long long *out) {
    const math_wide limit = 1000000000000000000;

    *out = 0;
    if (!a.ok || !a.exact || a.q != 1 || a.p >= limit || a.p <= -limit)
        return 0;
    *out = (long long)a.p;
    return 1;
}

/* ---- writing ---------------------------------------------------------------------- */

static void write_whole(math_wide p, char *buf, size_t size) {
    char digits[48];
    size_t at = sizeof(digits) - 1;
    math_uwide rest = magnitude(p);

    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + (int)(rest % 10));
    while (rest /= 10);
    if (p < 0)
        digits[--at] = '-';
    snprintf(buf, size, "%s", digits + at);
}

/* Finds the fraction with the smallest denominator (continued fraction of x) whose 12
 * digits are `decimal`; 0 if its denominator passes 9999. */
static int write_fraction(double x, const char *decimal, char *buf, size_t size) {
    double h0 = 1, h1 = floor(x), k0 = 0, k1 = 1, rest = x - floor(x);
    char shown[40];

    for (int step = 0; step < 16 && k1 <= 9999 && fabs(h1) < 1e12; step++) {
        snprintf(shown, sizeof(shown), "%.10g", h1 / k1);
        if (!strcmp(shown, decimal)) {
            snprintf(buf, size, "%.0f/%.0f", h1, k1);
            return 1;
        }
        if (rest < 1e-13)
            return 0;
        double whole = floor(1 / rest);
        double h2 = whole * h1 + h0, k2 = whole * k1 + k0;
        rest = 1 / rest - whole;
        h0 = h1, h1 = h2, k0 = k1, k1 = k2;
    }
    return 0;
}

/* Only the 10 digits decide, so that rounding noise does not. */
static void write_real(double x, char *buf, size_t size) {
    char decimal[40];
    size_t digits = 0;

    if (fabs(x) < 1e15 && fabs(x - round(x)) <= 1e-11 * fabs(x)) {
        snprintf(buf, size, "%.0f", round(x) + 0.0); /* no "-0" */
        return;
    }
    snprintf(decimal, sizeof(decimal), "%.10g", x);
    for (const char *c = decimal; *c && *c != 'e'; c++)
        digits += *c >= '0' && *c <= '9';
    if (digits <= 7 || !write_fraction(strtod(decimal, NULL), decimal, buf, size))
        snprintf(buf, size, "%s", decimal);
}

void math_value_text(math_value a, char *buf, size_t size) {
    char re[64], im[64];

    if (!a.ok) {
        snprintf(buf, size, "?");
        return;
    }
    if (a.exact && (a.q == 1 || cabs(a.z) > 1e8)) { /* too large for 10 digits */
        write_whole(a.p, buf, size);
        if (a.q != 1) {
            write_whole(a.q, re, sizeof(re));
            snprintf(buf + strlen(buf), size - strlen(buf), "/%s", re);
        }
        return;
    }
    /* Only a sum that should be zero comes out this small. */
    if (!a.rational && cabs(a.z) < 1e-13)
        a.z = 0;
    if (a.rational && !a.exact && !(cabs(a.z) < 1e15 && cabs(a.z) > 1e-15)) {
        snprintf(buf, size, "huge#%llx", (unsigned long long)a.residue);
        return;
    }
    double tiny = 1e-11 * cabs(a.z);
    write_real(fabs(creal(a.z)) <= tiny ? 0 : creal(a.z), re, sizeof(re));
    if (fabs(cimag(a.z)) <= tiny) {
        snprintf(buf, size, "%s", re);
        return;
    }
    write_real(cimag(a.z), im, sizeof(im));
    snprintf(buf, size, "%s + (%s)i", re, im);
}
