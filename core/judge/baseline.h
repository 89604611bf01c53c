/* baseline.h - a committed file of scores, which later runs are held to.
 *
 * JSON lines: what it is of, each task with what can move its scores, each row of task,
 * mode and method, then each of its items and replicates:
 *   {"k":"baseline","schema":"accord.baseline/1","run":"pocket"}
 *   {"k":"task","task":"math","is":{"plugin":"math",...,"data":{FILE:sha256}}}
 *   {"k":"row","task":"math","mode":"default","method":"vote","unit":"item","seeds":[1]}
 *   {"k":"item","task":"math","mode":"default","method":"vote","item":"q7","seed":1,
 *    "score":1}
 * The same run gives the same bytes: no date, no path. */
#ifndef ACCORD_BASELINE_H
#define ACCORD_BASELINE_H

#include "judge/aligned.h"
#include "report/rows.h"

typedef struct accord_baseline_row {
    char *task, *mode, *method;
    int unit;
    uint64_t *seeds; /* [n_seeds] */
    size_t n_seeds;
    accord_grid scores;
} accord_baseline_row;

typedef struct accord_baseline {
    json_t *tasks; /* {TASK: what it is} */
    accord_baseline_row *rows;
    size_t n, cap;
} accord_baseline;

/* [main] Writes the rows of a run, kept with their scores. */
accord_code accord_baseline_write(const accord_rundir *run, const accord_rows *rows,
                                  const char *file, accord_err *err) ACCORD_MUST_CHECK;

/* [main] ACCORD_E_NOTFOUND when there is no such file, ACCORD_E_CONFIG with file and line
 * for what is no baseline or has no scores.  accord_baseline_fini() in any case. */
accord_code accord_baseline_read(const char *file, accord_baseline *out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_baseline_fini(accord_baseline *b);

/* [any] NULL when it has no such row. */
const accord_baseline_row *accord_baseline_find(const accord_baseline *b,
                                                const char *task, const char *mode,
                                                const char *method);

#endif
