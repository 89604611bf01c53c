/* grade_parts.h - a cell while it is graded: what grade.c and grade_answers.c share. */
#ifndef ACCORD_GRADE_PARTS_H
#define ACCORD_GRADE_PARTS_H

#include <stdio.h>

#include "run/grade.h"
#include "run/stage.h"

/* The last evaluation of a mode. */
typedef struct accord_graded_mode {
    uint64_t n, moved, otherwise, kept;
    double before, after; /* sums */
} accord_graded_mode;

typedef struct accord_grading {
    const json_t *order;
    const accord_suite_task *entry;
    accord_instance *task;
    accord_order items;
    accord_grade_files files;
    uint64_t line;
    FILE *out; /* the new journal, or NULL */
    char *path;
    json_t *modes; /* {MODE: place in sums} */
    accord_graded_mode *sums;
    size_t n_sums, cap_sums;
    json_t *moves;
    uint64_t candidates, moved_candidates;
    char who[200];
} accord_grading;

/* [main] A line of the new journal, where one is written. */
accord_code accord_grade_write(const accord_grading *g, const char *raw, size_t n,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] A candidate and the end of an episode of evaluation: graded, counted, written.
 * `raw` is the line as it stands.  ACCORD_E_CONFIG for what does not fit together. */
accord_code accord_grade_candidate(accord_grading *g, const json_t *line, const char *raw,
                                   size_t n, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_grade_ending(accord_grading *g, const json_t *line, const char *raw,
                                size_t n, accord_err *err) ACCORD_MUST_CHECK;

#endif
