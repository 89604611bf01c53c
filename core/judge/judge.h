/* judge.h - what the commands call: comparisons of methods within a run and between two,
 * the gate against a baseline, and scores over time. */
#ifndef ACCORD_JUDGE_H
#define ACCORD_JUDGE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

/* What `accord compare` is asked for. */
typedef struct accord_compare_how {
    const char *run;
    const char *other; /* a second run, to compare `run` against; or NULL */
    /* A method that all are compared with, of `other` where there is one.  NULL = the
     * suite's, or a task's first; between runs each method with itself. */
    const char *baseline;
    bool pairs;    /* all pairs of methods instead */
    bool clusters; /* items whose ids share a folder are one cluster */
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

/* What `accord gate` is asked for. */
typedef struct accord_gate_how {
    const char *run;
    const char *baseline;     /* a file to hold the run to; or NULL */
    const char *write;        /* a file to write the run's scores to; or NULL */
    double margin;            /* how much worse is still good, in percent of the range */
    double coverage;          /* the least share of episodes that nothing broke off */
    bool strict;              /* inconclusive fails, too */
    bool json;                /* the answer as JSON */
    const char *junit;        /* files to write beside it, or NULL: JUnit XML, */
    const char *bmf;          /* Bencher's metric format, */
    const char *bigger;       /* github-action-benchmark's customBiggerIsBetter, */
    const char *step_summary; /* Markdown to be appended */
    bool annotate;            /* ::error and ::warning lines on `out` */
} accord_gate_how;

enum {
    ACCORD_GATE_OK,     /* passed, or a baseline was written */
    ACCORD_GATE_WORSE,  /* at least one row regressed */
    ACCORD_GATE_UNSURE, /* none regressed, at least one is inconclusive */
    ACCORD_GATE_UNFIT,  /* none regressed, but something could not be compared */
};

/* [main] Prints the verdict of all rows and of each; *found is ACCORD_GATE_...
 * ACCORD_E_NOTFOUND without a baseline, ACCORD_E_CONFIG where there are no samples. */
accord_code accord_judge_gate(const accord_gate_how *how, FILE *out, int *found,
                              accord_err *err) ACCORD_MUST_CHECK;

/* What `accord trend` is asked for. */
typedef struct accord_trend_how {
    const char *history;
    const char *append; /* a run to add first; or NULL */
    const char *commit, *date;
    double coverage; /* the least share of its episodes that nothing broke off */
    const char *method, *task; /* those alone; or NULL */
    bool json;
    bool unicode;    /* the reader's terminal can show blocks */
    const char *svg; /* a file for the chart; or NULL */
} accord_trend_how;

/* [main] Appends the run and prints what the history says.  *fit is false, and nothing
 * was written or printed, when the run is incomplete; sentences on what was done or
 * missing go to `log`.  ACCORD_E_NOTFOUND without a history or a method or task of that
 * name, ACCORD_E_CONFIG for a damaged one, with the line. */
accord_code accord_judge_trend(const accord_trend_how *how, FILE *out, FILE *log,
                               bool *fit, accord_err *err) ACCORD_MUST_CHECK;

#endif
