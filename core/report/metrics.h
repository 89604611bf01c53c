/* metrics.h - what methods reported of themselves, from summaries to a table. */
#ifndef ACCORD_REPORT_METRICS_H
#define ACCORD_REPORT_METRICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* What a summary says of a metric: its value at the first step that has one, at the last
 * one, and the mean over all. */
enum {
    ACCORD_METRIC_FIRST,
    ACCORD_METRIC_LAST,
    ACCORD_METRIC_MEAN,
    ACCORD_METRIC_VALUES
};

typedef struct accord_metric_seed {
    double of[ACCORD_METRIC_VALUES]; /* NaN: no number was reported */
} accord_metric_seed;

/* A metric of a row, over seeds. */
typedef struct accord_row_metric {
    char *name;
    bool training; /* else of the row's evaluation: its episodes have no first and last */
    double n;      /* values reported by all seeds together */
    accord_metric_seed *seeds; /* [n_seeds], those that reported it */
    size_t n_seeds, cap;
} accord_row_metric;

typedef struct accord_row_metrics {
    accord_row_metric *items; /* training first, then by name */
    size_t n, cap;
} accord_row_metrics;

/* [main] Adds what a cell's summary has under "metrics", of its training or of a mode. */
accord_code accord_metrics_add(accord_row_metrics *m, const json_t *metrics,
                               bool training, accord_err *err) ACCORD_MUST_CHECK;
/* [main] Puts them in order. */
void accord_metrics_sort(accord_row_metrics *m);
/* [any] */
void accord_metrics_fini(accord_row_metrics *m);

/* The mean over the seeds that have a number, and their standard deviation. */
typedef struct accord_metric_spread {
    double mean, sd; /* NaN for none; sd for less than two seeds */
} accord_metric_spread;

/* [any] Of ACCORD_METRIC_FIRST, _LAST or _MEAN. */
accord_metric_spread accord_metrics_spread(const accord_row_metric *m, int value);

#endif
