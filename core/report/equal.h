/* equal.h - `accord table --equal-tokens METHOD`: one method beside all others of its
 * task and mode, as they were played and at the points of their candidates whose tokens
 * come nearest to its own.  core/judge fills it, core/report prints it. */
#ifndef ACCORD_EQUAL_H
#define ACCORD_EQUAL_H

#include "report/rows.h"

enum {
    ACCORD_EQUAL_SELF,   /* the method itself */
    ACCORD_EQUAL_PLAYED, /* another one, as it was played */
    ACCORD_EQUAL_BELOW,  /* the point next to the method's tokens that spends no more */
    ACCORD_EQUAL_ABOVE,  /* the one that spends more */
};

/* A line.  Borrows the rows.  Unknown numbers are NaN. */
typedef struct accord_equal_line {
    const accord_row *row, *method;
    const accord_row_curve *curve; /* of a point; else NULL */
    size_t at;                     /* which point */
    int where;                     /* ACCORD_EQUAL_... */
    double score, tokens;          /* prompt and completion, of a question */
    accord_stat gain;              /* the method's score minus this one's, paired */
    int unit;                      /* ACCORD_BY_...: of gain */
    size_t n;                      /* items in gain */
} accord_equal_line;

typedef struct accord_equal {
    const char *method;
    accord_equal_line *items;
    size_t n, cap;
} accord_equal;

#endif
