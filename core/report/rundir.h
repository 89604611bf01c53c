/* rundir.h - a run directory as its files say it: what was planned, and where it lies. */
#ifndef ACCORD_RUNDIR_H
#define ACCORD_RUNDIR_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "base/err.h"

enum { ACCORD_BY_ITEM = 0, ACCORD_BY_SEED = 1, ACCORD_BY_BOTH = 2 };

typedef struct accord_run_cell {
    const char *task, *method; /* the document's */
    const json_t *modes;       /* names, in order; the document's */
    uint64_t seed;
    int unit; /* ACCORD_BY_...: what the interval resamples */
} accord_run_cell;

typedef struct accord_rundir {
    char *path;
    const char *name; /* the last part of the path */
    json_t *manifest;
    accord_run_cell *cells;
    size_t n_cells;
} accord_rundir;

/* [main] Reads DIR/manifest.json.  ACCORD_E_IO or ACCORD_E_CONFIG, with the place.
 * accord_rundir_fini() it. */
accord_code accord_rundir_open(const char *path, accord_rundir *out,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_rundir_fini(accord_rundir *r);

/* [main] "DIR/cells/TASK/METHOD/SEED/NAME" in path[PATH_MAX]. */
accord_code accord_rundir_file(const accord_rundir *r, const accord_run_cell *cell,
                               const char *name, char *path,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [main] True when `name` is TASK/METHOD/SEED of the cell, or NULL: any cell. */
bool accord_rundir_is_cell(const accord_run_cell *cell, const char *name);
/* [main] ACCORD_E_NOTFOUND: no cell is called that; names the nearest that is. */
accord_code accord_rundir_no_cell(const accord_rundir *r, const char *name,
                                  accord_err *err) ACCORD_MUST_CHECK;

/* [main] How many cells have no summary yet; `*names` is the first `most` of them, the
 * caller's to free().  NULL without memory. */
size_t accord_rundir_missing(const accord_rundir *r, size_t most, char **names);

/* [main] What the manifest says of a task. */
const json_t *accord_rundir_task(const accord_rundir *r, const char *task);
/* [main] True when its actions are something else than text: a course of steps. */
bool accord_rundir_acts(const accord_rundir *r, const char *task);
/* [main] How many training episodes of a cell are in flight together; the suite's, or 1
 * for a course of steps and 8 for text. */
int64_t accord_rundir_train_width(const accord_rundir *r, const accord_run_cell *cell);
/* [main] True when the suite holds part of this task's set out for training. */
bool accord_rundir_holdout(const accord_rundir *r, const char *task);
/* [main] Prices per million tokens, [prompt, completion]; false when the suite gives
 * none. */
bool accord_rundir_price(const accord_rundir *r, const char *model, double price[2]);

/* [main] That a document of `file` says it follows `schema`: what another version wrote
 * would read as nothing.  ACCORD_E_CONFIG, with the place. */
accord_code accord_report_schema(const json_t *document, const char *file,
                                 const char *schema, accord_err *err) ACCORD_MUST_CHECK;

/* [any] A number of ours: also "nan", "inf" and "-inf"; NaN for anything else. */
double accord_report_real(const json_t *value);

#endif
