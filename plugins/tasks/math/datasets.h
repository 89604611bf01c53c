/* datasets.h - the published question sets and how their files are laid out. */
#ifndef ACCORD_MATH_DATASETS_H
#define ACCORD_MATH_DATASETS_H

#include "items.h"

/* What an answer's field also holds, or where the steps of a solution stand. */
enum {
    MATH_STEPS_NONE = 0,
    MATH_STEPS_TEXT = 1,     /* a text of its own */
    MATH_STEPS_GSM8K = 2,    /* in the answer, before "#### " */
    MATH_STEPS_EQUATION = 3, /* "( 8.0 - 3.0 )" */
    MATH_STEPS_FACTS = 4,    /* a list of sentences */
};

/* One row: where the items are and which fields they have.  "" is none. */
struct math_layout {
    const char *name;
    int kind; /* MATH_ANSWER_... */
    int steps;
    const char *file;       /* what is evaluated */
    const char *train_file; /* "" none; may be `file`, told apart by `split` */
    const char *split;      /* field that says to which part a row belongs */
    const char *eval_value; /* its value in what is evaluated, else train */
    const char *question;
    const char *answer;
    const char *solution;
    const char *id;      /* field; "" where an id is a prefix and the line from 0 */
    const char *eval_id; /* the prefixes */
    const char *train_id;
};

/* The layout of a published data set, or NULL. */
const struct math_layout *math_layout_find(const char *name);

enum { MATH_MAX_FILES = 2 };

/* A data set in memory. */
struct math_dataset {
    struct math_items part[2]; /* by split */
    char *file[MATH_MAX_FILES + 1];
};

/* Reads the files of `layout`, finds the two parts and makes them disjoint.  *out is the
 * caller's, also on failure.  Every error names the file, and the line where one is
 * wrong. */
accord_code math_dataset_read(const accord_host *host, const struct math_layout *layout,
                              int holdout, struct math_dataset *out, accord_err *err);

/* Frees what is in it. */
void math_dataset_fini(struct math_dataset *d);

#endif
