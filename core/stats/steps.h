/* steps.h - where the level of a short, noisy series changed. */
#ifndef ACCORD_STEPS_H
#define ACCORD_STEPS_H

#include <stddef.h>

#include "base/err.h"

/* Points from .. from + n - 1 with one level. */
typedef struct accord_level {
    size_t from, n;
    double mean, se; /* weighted by 1 / se^2 */
    /* Of the step from the level before; NaN for the first. */
    double step, step_se;
    double p; /* two-sided, times the places where it could have been */
    /* The level's first point lies between these, at 95 %: the places between the levels
     * on both sides that are likely enough. */
    size_t earliest, latest;
} accord_level;

typedef struct accord_steps {
    accord_level *levels; /* [n], in order; at least one of a series with points */
    size_t n;
    double penalty;
} accord_steps;

/* [any] What a step must take off the weighted squared error to count in a series of n
 * points, so that a constant one gets any step with probability `alarm` at most.  Where
 * nothing changes, m given steps take off chi-square with m degrees of freedom; this is
 * the least b with  sum over m of C(n - 1, m) P(chi2_m >= m b) <= alarm  (Boole). */
double accord_steps_penalty(size_t n, double alarm);

/* [any] Levels of the series y[n] whose standard errors se[n] are known, finite and above
 * 0: the segmentation with the least  sum of ((y - level) / se)^2 + penalty * steps,
 * found exactly by optimal partitioning (Jackson et al. 2005, IEEE Signal Processing
 * Letters 12:105; the costs and penalties of Killick, Fearnhead and Eckley 2012, JASA
 * 107:1590).  Takes time n^2 and memory n.  accord_steps_fini() in any case.
 * ACCORD_E_NOMEM. */
accord_code accord_steps_find(const double *y, const double *se, size_t n, double alarm,
                              accord_steps *out, accord_err *err) ACCORD_MUST_CHECK;

/* [any] The same where se[n] were estimated from the scores they belong to: a share near
 * 1 has the smaller standard error the higher it happens to be, and would weigh too much
 * where it is high.  Points of the same kind[n] (as many items and seeds) share the mean
 * of their variances: of the whole series at first, then, in a second search, of each
 * level that the first one found. */
accord_code accord_steps_find_pooled(const double *y, const double *se,
                                     const size_t *kind, size_t n, double alarm,
                                     accord_steps *out,
                                     accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_steps_fini(accord_steps *s);

#endif
