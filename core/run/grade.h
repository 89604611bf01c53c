/* grade.h - what the child of rescore.h reads of a cell before it grades. */
#ifndef ACCORD_GRADE_H
#define ACCORD_GRADE_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "run/actions.h"

/* Takes a line of a .jsonl file: the object (borrowed) and the n bytes it stands in, with
 * their line end. */
typedef accord_code (*accord_grade_line)(void *ctx, const json_t *object, const char *raw,
                                         size_t n, accord_err *err);

/* [main] Every whole line in order; a torn last line does not count.  A failure names
 * file and line.  ACCORD_E_IO, ACCORD_E_CONFIG for what is no object. */
accord_code accord_grade_lines(const char *path, accord_grade_line take, void *ctx,
                               accord_err *err) ACCORD_MUST_CHECK;

/* An episode of evaluation as the journal has it, the later line of a key. */
typedef struct accord_graded_ep {
    uint64_t index; /* in the order of play */
    uint64_t step;  /* of its evaluation */
    uint64_t line;  /* of journal.jsonl, from 1 */
    uint32_t timeouts, api_errors;
    int32_t finish; /* ACCORD_FINISH_... of its last call */
    bool ended;
} accord_graded_ep;

typedef struct accord_grade_files {
    json_t *texts; /* {EP: final answer, "EP\tKIND\tINDEX": candidate} */
    json_t *at;    /* {EP: place in eps} */
    json_t *last;  /* {MODE: step of the last evaluation} */
    accord_graded_ep *eps;
    size_t n, cap;
    bool finished;
    uint64_t line; /* while reading */
} accord_grade_files;

/* [main] Reads both files of a cell; an unfinished cell is read no further than its
 * journal.  accord_grade_files_fini() in any case. */
accord_code accord_grade_files_read(const char *cell_dir, accord_grade_files *out,
                                    accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_grade_files_fini(accord_grade_files *f);

/* [main] The episode of evaluation by its name, or NULL. */
accord_graded_ep *accord_grade_find(const accord_grade_files *f, const char *ep);
/* [main] Its final answer, or with `kind` a candidate; NULL where there is none. */
const char *accord_grade_text(const accord_grade_files *f, const char *ep,
                              const char *kind, int64_t index);

/* "eval/STEP/MODE/VISIT/ITEM" */
typedef struct accord_grade_name {
    uint64_t step;
    char mode[64];
    const char *item; /* the rest of the text */
} accord_grade_name;

/* [any] False for what is no episode of an evaluation. */
bool accord_grade_name_read(const char *ep, accord_grade_name *out);

#endif
