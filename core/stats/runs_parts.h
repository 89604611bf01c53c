/* runs_parts.h - what the files of runs.h share. */
#ifndef ACCORD_RUNS_PARTS_H
#define ACCORD_RUNS_PARTS_H

#include "stats/runs.h"

/* A value and where it stands in x. */
typedef struct accord_runs_value {
    double x;
    size_t at;
} accord_runs_value;

/* The scores task by task, without holes, and sorted once for all replicates. */
typedef struct accord_runs_table {
    double *x;                 /* [n] */
    size_t n, n_tasks, fewest; /* fewest: runs of the task that has the fewest */
    size_t *first;             /* [n_tasks + 1]: where a task's scores begin */
    accord_runs_value *sorted; /* [n], rising */
    size_t *rank;              /* [n]: x[i] is sorted[rank[i]] */
} accord_runs_table;

/* [any] x[n_runs][n_tasks]; a run is left out where `there` (as large) is NaN.  On
 * failure there is nothing to free.  ACCORD_E_NOMEM. */
accord_code accord_runs_table_init(accord_runs_table *t, const accord_runs *x,
                                   const double *there,
                                   accord_err *err) ACCORD_MUST_CHECK;
void accord_runs_table_fini(accord_runs_table *t);

/* [any] Draws each task's runs with replacement: pick[n] are indices into x, task by
 * task. state NULL: every run once, which gives the estimate itself. */
void accord_runs_pick(const accord_runs_table *t, uint64_t *state, double *pick);

/* [any] How often each sorted value was picked: counts[n]. */
void accord_runs_count(const accord_runs_table *t, const double *pick, double *counts);

/* [any] The mean of what is left without the int(0.25 n) lowest and highest. */
double accord_runs_iqm(const accord_runs_table *t, const double *counts);

/* [any] The means of the picked runs of each task: means[n_tasks]. */
void accord_runs_means(const accord_runs_table *t, const double *pick, double *means);

/* [any] job->one once without drawing for the estimates, then how->n times:
 * out[job->n_out].  Without intervals when `fewest` is below 2, without anything when it
 * is 0.  ACCORD_E_NOMEM. */
accord_code accord_runs_draw(const accord_draws_job *job, const accord_draws *how,
                             size_t fewest, accord_stat *out,
                             accord_err *err) ACCORD_MUST_CHECK;

#endif
