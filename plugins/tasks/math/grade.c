/* grade.c - the two graders and the canonical form. */
#include "grade.h"

#include <stdio.h>
#include <string.h>

void math_canon(const char *answer, int kind, char *buf, size_t size) {
    (void)kind;
    if (size)
        snprintf(buf, size, "%s", answer ? answer : "");
}

int math_equal(const char *gold, const char *answer, int kind) {
    (void)kind;
    return gold && answer && *gold && !strcmp(gold, answer);
}

int math_equal_strict(const char *gold, const char *answer, int kind) {
    return math_equal(gold, answer, kind);
}
