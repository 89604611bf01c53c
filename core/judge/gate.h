/* gate.h - the parts of `accord gate`: a run held to a baseline, row by row. */
#ifndef ACCORD_GATE_H
#define ACCORD_GATE_H

#include "judge/baseline.h"
#include "judge/decide.h"
#include "judge/judge.h"
#include "judge/sentences.h"

/* A row of task, mode and method.  Borrows. */
typedef struct accord_gate_row {
    const accord_row *row;           /* NULL = the run does not have it */
    const accord_baseline_row *base; /* NULL = the baseline does not have it */
    const char *task, *mode, *method;
    accord_scale scale;
    accord_aligned x;
    accord_decision d;
    double coverage;      /* of the run's episodes; NaN without */
    accord_sentences why; /* it is not comparable */
} accord_gate_row;

typedef struct accord_gated {
    accord_gate_how how;
    accord_rundir run;
    accord_rows rows;
    accord_baseline baseline;
    accord_gate_row *items; /* the baseline's rows, in its order */
    size_t n, cap;
    size_t count[ACCORD_GATE_N_VERDICTS];
    int found;              /* ACCORD_GATE_OK ... */
    accord_sentences notes; /* rows without a baseline, and the like */
} accord_gated;

/* [main] Reads the run and the baseline and decides.  accord_gated_fini() in any case. */
accord_code accord_gated_make(const accord_gate_how *how, accord_gated *out,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_gated_fini(accord_gated *g);

/* [main] A sentence when less than the share `least` of a row's episodes came to their
 * end, or NULL.  The caller's. */
char *accord_gate_broken(const accord_row *row, double least);

/* [any] "pass", "regress", "inconclusive", "not comparable". */
const char *accord_gate_word(int verdict);
/* [any] The verdict on all rows in a word: "pass", ... */
const char *accord_gated_word(const accord_gated *g);
/* [main] "TASK" or "TASK/MODE".  The caller's. */
char *accord_gate_place(const accord_gate_row *r);
/* [main] What was found of a row, after its verdict; the caller's. */
char *accord_gate_sentence(const accord_gated *g, const accord_gate_row *r);
/* [any] Whether this row makes the command fail. */
bool accord_gate_fails(const accord_gated *g, const accord_gate_row *r);

/* [main] For people; Markdown; GitHub's annotations; one JSON document. */
void accord_gated_words(const accord_gated *g, accord_buf *out);
void accord_gated_markdown(const accord_gated *g, accord_buf *out);
void accord_gated_annotations(const accord_gated *g, accord_buf *out);
void accord_gated_json(const accord_gated *g, accord_buf *out);
/* [main] JUnit: a suite per task and mode, a case per method; a failure is a regression,
 * an error what could not be compared, an inconclusive row is skipped unless strict. */
void accord_gated_junit(const accord_gated *g, accord_buf *out);
/* [main] Bencher's metric format: {ROW: {"score": {value, lower_value, upper_value}}}. */
void accord_gated_bmf(const accord_gated *g, accord_buf *out);
/* [main] github-action-benchmark's customBiggerIsBetter. */
void accord_gated_bigger(const accord_gated *g, accord_buf *out);

#endif
