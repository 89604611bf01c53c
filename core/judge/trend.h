/* trend.h - the parts of `accord trend`: series of scores and where their level changed.
 */
#ifndef ACCORD_TREND_H
#define ACCORD_TREND_H

#include "judge/history.h"
#include "judge/judge.h"
#include "stats/steps.h"

/* A constant series has any step this often. */
#define ACCORD_TREND_ALARM 0.05
/* Longer series are searched in their last points only: the search takes time n^2. */
enum { ACCORD_TREND_LONGEST = 5000 };
/* Steps that are told in words, the last ones. */
enum { ACCORD_TREND_TOLD = 5 };

typedef struct accord_trend_point {
    const accord_history_run *run;
    const accord_history_row *row;
    double noise; /* standard error; NaN = unknown, and not searched */
} accord_trend_point;

/* What can be compared: the same task, mode, method, items and interval's unit, and a
 * task that nothing moved.  Borrows. */
typedef struct accord_trend_series {
    const char *task, *mode, *method;
    accord_scale scale;
    accord_trend_point *points; /* [n], by date */
    size_t n, cap;
    bool ended;           /* the last run has no point of it */
    accord_sentences why; /* it is not the series before it */
    accord_steps steps;   /* of the points that were searched: */
    size_t *searched;     /* [n_searched] their places among the points */
    size_t n_searched;
} accord_trend_series;

typedef struct accord_trend {
    accord_trend_how how;
    accord_history history;
    accord_trend_series *items; /* in the order in which they began */
    size_t n, cap;
    accord_sentences notes;
} accord_trend;

/* [main] Reads the history and finds the steps.  accord_trend_fini() in any case. */
accord_code accord_trend_make(const accord_trend_how *how, accord_trend *out,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_trend_fini(accord_trend *t);

/* [any] The first point of a level. */
const accord_trend_point *accord_trend_first(const accord_trend_series *s,
                                             const accord_level *level);
/* [any] Whether the suite is another than at the searched point before this level. */
bool accord_trend_suite_changed(const accord_trend_series *s, const accord_level *level);
/* [any] The first level whose step is told in words. */
size_t accord_trend_told(const accord_trend_series *s);
/* [main] "METHOD on TASK" or "METHOD on TASK/MODE"; "2026-11-29, commit 1a2b3c4"; what a
 * step is.  The caller's. */
char *accord_trend_name(const accord_trend_series *s);
char *accord_trend_when(const accord_trend_point *p);
char *accord_trend_step(const accord_trend_series *s, const accord_level *level);

/* [main] For people; one JSON document; an SVG picture. */
void accord_trend_words(const accord_trend *t, accord_buf *out);
void accord_trend_json(const accord_trend *t, accord_buf *out);
void accord_trend_svg(const accord_trend *t, accord_buf *out);

#endif
