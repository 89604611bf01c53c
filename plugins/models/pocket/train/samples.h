/* samples.h - what models answered to problems of the train split: a file of JSON lines,
 * {"kind": 0, "level": 3, "seed": 5, "item": 17, "right": 1, "text": "..."}. */
#ifndef ACCORD_POCKET_SAMPLES_H
#define ACCORD_POCKET_SAMPLES_H

#include <stddef.h>
#include <stdio.h>

#include "problem.h"

/* All answers to one problem, in the order of the file. */
typedef struct pocket_group {
    pocket_key key;
    char **text; /* [n] */
    size_t n;
} pocket_group;

typedef struct pocket_samples {
    pocket_group *group; /* [n]; in the order in which their problems came first */
    size_t n;
} pocket_samples;

/* [any] Appends one line; a write error is the stream's. */
void pocket_sample_write(FILE *file, const pocket_key *key, int is_right,
                         const char *text);

/* [any] Reads `path`, in which the answers to a problem stand together, and adds them to
 * what is there: the answers of several models to the same problems, in the same order.
 * Begin with {0}.  ACCORD_E_IO, ACCORD_E_CONFIG, ACCORD_E_NOMEM. */
accord_code pocket_samples_read(const accord_host *host, const char *path,
                                pocket_samples *samples, accord_err *err);

/* [any] Drops the problems that have fewer than `least` answers. */
void pocket_samples_prune(pocket_samples *samples, size_t least);

/* [any] */
void pocket_samples_fini(pocket_samples *samples);

#endif
