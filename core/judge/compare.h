/* compare.h - the parts of `accord compare`: which rows meet, and what is found. */
#ifndef ACCORD_COMPARE_H
#define ACCORD_COMPARE_H

#include "judge/effect.h"
#include "judge/judge.h"
#include "judge/sentences.h"
#include "report/rows.h"

enum {
    ACCORD_UNDECIDED, /* the difference is not significant */
    ACCORD_A_BETTER,
    ACCORD_B_BETTER,
    ACCORD_NO_VERDICT, /* too few seeds, or nothing varies */
};

/* A row against another.  Borrows the rows and runs. */
typedef struct accord_comparison {
    const accord_row *a, *b;
    const accord_rundir *run_a, *run_b;
    accord_scale scale;
    accord_aligned x;
    accord_effect e;
    double p_holm; /* adjusted for all comparisons of the answer */
    int verdict;
} accord_comparison;

/* One method against another over all control tasks of a mode, scores from 0 to 1. */
typedef struct accord_overall {
    const accord_comparison *first; /* its methods, its mode */
    size_t n_tasks;
    accord_stat iqm_a, iqm_b, iqm_delta, improvement;
} accord_overall;

typedef struct accord_compared {
    accord_compare_how how;
    accord_rundir runs[2];
    size_t n_runs;
    accord_rows rows[2];
    accord_comparison *items;
    size_t n, cap;
    accord_overall *overall;
    size_t n_overall, cap_overall;
    size_t incomparable, incomplete;
    accord_sentences warnings; /* what was not compared, and why */
} accord_compared;

/* [main] Reads the runs and compares.  accord_compared_fini() in any case. */
accord_code accord_compared_make(const accord_compare_how *how, accord_compared *out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_compared_fini(accord_compared *c);

/* [main] Adds `overall` for what control tasks there are; called by _make. */
accord_code accord_compared_overall(accord_compared *c,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* [main] The verdict first, then numbers, flips, equal tokens, warnings. */
accord_code accord_compared_words(const accord_compared *c, accord_buf *out,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* [main] Of that: differences and spending, a table for each task and mode. */
accord_code accord_compared_tables(const accord_compared *c, accord_buf *out,
                                   accord_err *err) ACCORD_MUST_CHECK;
/* [main] All of it as one JSON document. */
accord_code accord_compared_data(const accord_compared *c, accord_buf *out,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [main] The verdict as a sentence; the caller's. */
char *accord_comparison_verdict(const accord_compared *all, const accord_comparison *c);
/* [main] "METHOD", or between runs "METHOD of RUN".  The caller's. */
char *accord_comparison_name(const accord_compared *all, const accord_comparison *c,
                             int side);
/* [main] The matched items on which the sides differ, the largest difference first:
 * (*out)[*n], numbers below x.n_items; free() it. */
accord_code accord_comparison_flips(const accord_comparison *c, size_t **out, size_t *n,
                                    accord_err *err) ACCORD_MUST_CHECK;
/* [main] The command that shows an item's transcript on one side. */
void accord_comparison_show(const accord_comparison *c, int side, const char *item,
                            accord_buf *out);

/* What a side spends beside what it gets right. */
typedef struct accord_spending {
    double tokens;    /* of a question */
    double per_right; /* tokens per correct answer; NaN unless scores are shares */
    double cost_per_right;
} accord_spending;
/* [any] */
accord_spending accord_row_spending(const accord_row *row, const accord_scale *scale);

/* Where one side's candidates (vote@k, debate@r) come nearest to the other's tokens. */
typedef struct accord_equal_tokens {
    const accord_row_curve *curve;
    int side;            /* whose candidates */
    double tokens;       /* the other side's, of a question */
    size_t below, above; /* indices; k = none on that side */
} accord_equal_tokens;
/* [any] The n-th equal-token view of a comparison; false when there are no more. */
bool accord_comparison_equal(const accord_comparison *c, size_t n,
                             accord_equal_tokens *out);

#endif
