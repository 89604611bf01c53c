/* decide.h - the rule of a gate: did a method get worse than its baseline by more than a
 * margin?  Pass, regress, or inconclusive with the n that would decide.
 *
 * A non-inferiority test (Piaggio et al. 2012, JAMA 308:2594) with a regression verdict
 * beside it.  Gains are new minus baseline, turned so that more is better. */
#ifndef ACCORD_DECIDE_H
#define ACCORD_DECIDE_H

#include "judge/aligned.h"
#include "judge/effect.h"

enum {
    ACCORD_GATE_PASS,
    ACCORD_GATE_REGRESS,
    ACCORD_GATE_INCONCLUSIVE,
    ACCORD_GATE_INCOMPARABLE,
    ACCORD_GATE_N_VERDICTS,
};

/* A pass is wrong at most this often, when the method is worse by the margin. */
#define ACCORD_GATE_ALPHA 0.05
/* A regression of an unchanged method.  Promised are under 5 % of false alarms, and that
 * a drop is caught 9 times of 10 at the n which accord_power_items() gives for {0.05,
 * 0.9}. One-sided 5 % would keep the first on average only, 2.5 % the second; 3.5 % keeps
 * both with room for the luck of some hundred gates: expected are 3.5 % and 92 %. */
#define ACCORD_GATE_ALARM 0.035

typedef struct accord_decision {
    /* Measured, in the score's unit. */
    double score, base; /* means over what was matched */
    double gain, se, df;
    double p;   /* one-sided, that the gain is not below 0 */
    bool alike; /* every item's score is what it was */
    size_t n;   /* items, or training seeds */
    bool by_seed;
    double margin;
    /* Decided. */
    double lower;  /* one-sided bound of the gain, at ACCORD_GATE_ALPHA */
    double upper;  /* one-sided, at what Holm leaves this row of ACCORD_GATE_ALARM */
    double p_holm; /* adjusted for all rows of the gate */
    int verdict;   /* ACCORD_GATE_...; incomparable is set by the caller, and stays */
    double wanted; /* the n that would decide with 80 % chance; NaN = cannot be told */
} accord_decision;

/* [main] What the rule needs of a row: side A is new, side B the baseline.  `margin` is
 * in the score's unit.  ACCORD_E_NOMEM. */
accord_code accord_decision_measure(const accord_aligned *x, double margin, bool higher,
                                    accord_decision *out,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* [main] Decides all rows of a gate:
 *   pass          every item scores as it did, or lower > -margin;
 *   regress       upper < 0, p after Holm below ACCORD_GATE_ALARM, and the gain at most
 *                 -margin / 2;
 *   inconclusive  otherwise.
 * A gate passes only when all rows do, so `lower` needs no adjustment for their number;
 * it regresses when any does, so `upper` and p do.  With right and wrong, one replicate
 * each, p is McNemar's mid-p, without which Student's bound is too sure of few flips.
 * ACCORD_E_NOMEM. */
accord_code accord_decisions_make(accord_decision *d, size_t n,
                                  accord_err *err) ACCORD_MUST_CHECK;

#endif
