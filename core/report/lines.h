/* lines.h - the .jsonl files of a cell, a line at a time, and the keys in them. */
#ifndef ACCORD_LINES_H
#define ACCORD_LINES_H

#include <stdbool.h>

#include <accord/jsonl.h>

#include "base/err.h"

typedef struct accord_lines {
    accord_jsonl *reader;
    bool torn; /* the file does not end in a newline */
} accord_lines;

/* [any] ACCORD_E_IO if it cannot be read.  accord_lines_close() it. */
accord_code accord_lines_open(const char *path, accord_lines *out,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [any] The next object; *more is 0 at the end.  A torn last line is the end. */
accord_code accord_lines_next(accord_lines *l, int *more,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_lines_close(accord_lines *l);

/* [any] A number, or 0 where there is none; "nan", "inf" and "-inf" are numbers. */
double accord_lines_real(accord_lines *l, const char *field);
uint64_t accord_lines_uint(accord_lines *l, const char *field);
/* [any] The numbers of a list, at most n; what is missing is 0. */
void accord_lines_reals(accord_lines *l, const char *field, double *out, size_t n);

enum { ACCORD_IN_TRAIN = 0, ACCORD_IN_EVAL = 1, ACCORD_IN_PROBE = 2, ACCORD_IN_N = 3 };

/* An episode's name: PHASE/STEP/MODE/VISIT/ITEM. */
typedef struct accord_ep_name {
    int phase; /* ACCORD_IN_... */
    uint64_t step;
    uint32_t visit;
    char mode[64];
    const char *item; /* the rest of the text */
} accord_ep_name;

/* [any] False when `text` is no episode's name. */
bool accord_ep_name_read(const char *text, accord_ep_name *out);

#endif
