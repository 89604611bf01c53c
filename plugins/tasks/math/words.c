/* words.c - numbers in words, and the words that are units. */
#include <ctype.h>
#include <string.h>

#include "clean.h"
#include "tree.h"

struct numeral {
    const char *text;
    long long value;
};

static const struct numeral numerals[] = {{"zero", 0},
                                          {"one", 1},
                                          {"two", 2},
                                          {"three", 3},
                                          {"four", 4},
                                          {"five", 5},
                                          {"six", 6},
                                          {"seven", 7},
                                          {"eight", 8},
                                          {"nine", 9},
                                          {"ten", 10},
                                          {"eleven", 11},
                                          {"twelve", 12},
                                          {"thirteen", 13},
                                          {"fourteen", 14},
                                          {"fifteen", 15},
                                          {"sixteen", 16},
                                          {"seventeen", 17},
                                          {"eighteen", 18},
                                          {"nineteen", 19},
                                          {"twenty", 20},
                                          {"thirty", 30},
                                          {"forty", 40},
                                          {"fifty", 50},
                                          {"sixty", 60},
                                          {"seventy", 70},
                                          {"eighty", 80},
                                          {"ninety", 90},
                                          {"hundred", 100},
                                          {"thousand", 1000},
                                          {"million", 1000000},
                                          {"billion", 1000000000},
                                          {"trillion", 1000000000000}};

static int numeral(const char *text, size_t n, long long *out) {
    for (size_t i = 0; i < sizeof(numerals) / sizeof(numerals[0]); i++)
        if (math_is_word(text, n, numerals[i].text)) {
            *out = numerals[i].value;
            return 1;
        }
    return 0;
}

int math_number_words(const char *text, size_t n, long long *out) {
    long long total = 0, part = 0, value;
    int seen = 0;

    *out = 0;
    for (size_t i = 0; i < n && seen < 16;) {
        size_t len = 0;
        while (i + len < n && isalpha((unsigned char)text[i + len]))
            len++;
        if (len && numeral(text + i, len, &value)) {
            seen++;
            if (value < 100) {
                part += value;
            } else if (value == 100) {
                part = (part ? part : 1) * 100;
            } else {
                total += (part ? part : 1) * value;
                part = 0;
            }
        } else if (len ? !seen || !math_is_word(text + i, len, "and")
                       : !strchr(" -", text[i])) {
            return 0;
        }
        i += len ? len : 1;
    }
    *out = total + part;
    return seen > 0 && seen < 16;
}

int math_is_unit(const char *text, size_t n) {
    static const char *const units[] = {"cm",  "mm",  "km",   "kg",   "mg",  "ft",  "mi",
                                        "hr",  "lb",  "oz",   "ml",   "mL",  "sq",  "yd",
                                        "Hz",  "kW",  "km",   "mph",  "kmh", "min", "sec",
                                        "hrs", "lbs", "mins", "secs", "pm",  "am",  "USD",
                                        "EUR", "GBP", "pts",  "psi",  "rpm", "gal", "cc"};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (math_is(text, n, units[i]))
            return 1;
    return 0;
}
