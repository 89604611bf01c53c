/* runs.h - a method over few training runs and some tasks, as rliable looks at it
 * (Agarwal et al. 2021, arXiv 2108.13264).
 *
 * Scores are normalised (a return of 1000 is 1).  Intervals are percentile intervals of
 * the stratified bootstrap: each task's runs are drawn with replacement, tasks and
 * methods independently of each other; 50,000 replicates are usual, 2,000 for profiles.
 * A seed does not pair the runs of two methods.  A task without runs makes an estimate
 * NaN, a task with one run its interval. */
#ifndef ACCORD_RUNS_H
#define ACCORD_RUNS_H

#include <stddef.h>

#include "base/err.h"
#include "stats/draws.h"
#include "stats/stats.h"

typedef struct accord_runs {
    const double *x; /* [n_runs][n_tasks], NaN = there is no such run */
    size_t n_runs, n_tasks;
} accord_runs;

enum {
    ACCORD_RUNS_MEAN,   /* of the tasks' means */
    ACCORD_RUNS_MEDIAN, /* of the tasks' means */
    /* The mean of all runs x tasks without the int(0.25 N) lowest and highest. */
    ACCORD_RUNS_IQM,
    ACCORD_RUNS_GAP, /* optimality gap: 1 - mean of min(x, 1) over all; lower is better */
    ACCORD_RUNS_N_AGGREGATES
};

/* [any] ACCORD_E_NOMEM. */
accord_code accord_runs_aggregate(const accord_runs *x, const accord_draws *how,
                                  accord_stat out[ACCORD_RUNS_N_AGGREGATES],
                                  accord_err *err) ACCORD_MUST_CHECK;

/* [any] The aggregates of x minus those of y, drawn independently.  Tasks need not be the
 * same.  ACCORD_E_NOMEM. */
accord_code accord_runs_difference(const accord_runs *x, const accord_runs *y,
                                   const accord_draws *how,
                                   accord_stat out[ACCORD_RUNS_N_AGGREGATES],
                                   accord_err *err) ACCORD_MUST_CHECK;

/* [any] Probability of improvement P(X > Y): the mean over tasks of U / (n_x n_y), U of
 * Mann and Whitney with ties counted half.  NaN unless both have the same n_tasks.
 * ACCORD_E_NOMEM.
 */
accord_code accord_runs_improvement(const accord_runs *x, const accord_runs *y,
                                    const accord_draws *how, accord_stat *out,
                                    accord_err *err) ACCORD_MUST_CHECK;

enum { ACCORD_RUNS_ALL_RUNS, ACCORD_RUNS_TASK_MEANS };

typedef struct accord_profile {
    const double *tau; /* [n_tau] */
    size_t n_tau;
    int of; /* the share of runs x tasks, or of the tasks' means */
} accord_profile;

/* [any] Performance profile: out[n_tau] is the share of scores over tau, with pointwise
 * intervals.  ACCORD_E_NOMEM. */
accord_code accord_runs_profile(const accord_runs *x, const accord_profile *profile,
                                const accord_draws *how, accord_stat *out,
                                accord_err *err) ACCORD_MUST_CHECK;

/* Learning curves: the scores at n_points marks of training, counted in environment steps
 * (agent steps times action repeat), rising. */
typedef struct accord_curves {
    const double *steps; /* [n_points] */
    const double *x;     /* [n_points][n_runs][n_tasks] */
    size_t n_points, n_runs, n_tasks;
} accord_curves;

/* [any] Sample efficiency: iqm[n_points] is the IQM at each mark, pointwise; *area is the
 * area under that curve by trapezoids over the range of steps, so of the score's unit,
 * NaN below two points.  A run with a hole is left out; a drawn run is drawn with its
 * whole curve.  ACCORD_E_NOMEM. */
accord_code accord_runs_curve(const accord_curves *curves, const accord_draws *how,
                              accord_stat *iqm, accord_stat *area,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
