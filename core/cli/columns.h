/* columns.h - rows of texts, printed as aligned columns. */
#ifndef ACCORD_COLUMNS_H
#define ACCORD_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

enum { ACCORD_COLUMNS_MAX = 8 };

typedef struct accord_columns {
    size_t n_columns;
    char **cells; /* [n_rows][n_columns] */
    size_t n_rows;
    size_t cap; /* rows */
} accord_columns;

/* [main] */
void accord_columns_init(accord_columns *c, size_t n_columns);
/* [main] Copies the texts of a row; NULL is "". */
void accord_columns_add(accord_columns *c, const char *const *row);
/* [main] Prints the first `shown` columns, each line `indent` blanks in. */
void accord_columns_print(const accord_columns *c, size_t shown, int indent, FILE *out);
/* [main] Prints all columns so; the last one, where it is long, is broken between words
 * to go on below itself: at column `edge`, but not before it is `least` wide. */
void accord_columns_wrap(const accord_columns *c, int indent, size_t edge, size_t least,
                         FILE *out);
/* [main] */
void accord_columns_fini(accord_columns *c);

#endif
