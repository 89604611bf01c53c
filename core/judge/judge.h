/* judge.h - what the commands call: comparisons of methods within a run and between two.
 */
#ifndef ACCORD_JUDGE_H
#define ACCORD_JUDGE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

/* What `accord compare` is asked for. */
typedef struct accord_compare_how {
    const char *run;
    const char *other;    /* a second run, to compare `run` against; or NULL */
    const char *baseline; /* a method; NULL = the suite's, or the first of a task */
    bool pairs;           /* all pairs of methods instead */
    bool json;
    size_t resamples; /* 0 = 10,000 */
} accord_compare_how;

typedef struct accord_compare_found {
    size_t compared;     /* pairs of methods */
    size_t incomparable; /* tasks that the two runs have and that are not the same */
} accord_compare_found;

/* [main] Prints the comparison.  ACCORD_E_NOTFOUND for a method that is not there,
 * ACCORD_E_CONFIG for what is no run. */
accord_code accord_judge_compare(const accord_compare_how *how, FILE *out,
                                 accord_compare_found *found,
                                 accord_err *err) ACCORD_MUST_CHECK;

#endif
