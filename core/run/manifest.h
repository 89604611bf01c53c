/* manifest.h - manifest.json: what a run was made of. */
#ifndef ACCORD_MANIFEST_H
#define ACCORD_MANIFEST_H

#include "run/plan.h"

typedef struct accord_manifest {
    accord_suite *suite;
    accord_cell *cells;
    uint32_t n_cells;
    json_t *json; /* the document, owned */
    char *dir;    /* the run directory */
} accord_manifest;

/* [main] Writes DIR/manifest.json for a new run.  `jobs` is -j. */
accord_code accord_manifest_write(const char *dir, const accord_suite *suite,
                                  const accord_plan *plan, uint32_t jobs,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* [main] Reads a run directory's.  *out is the caller's. */
accord_code accord_manifest_read(const char *dir, accord_manifest **out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] NULL is allowed. */
void accord_manifest_destroy(accord_manifest *m);

/* [main] Versions of Accord, compiler and libraries, and the machine, as in the manifest:
 * also what `accord version` prints.  A new object. */
json_t *accord_manifest_versions(void);

/* [any] Writes "DIR/cells/TASK/METHOD/SEED" to path[size]. */
accord_code accord_cell_dir(const accord_manifest *m, uint32_t cell, char *path,
                            size_t size, accord_err *err) ACCORD_MUST_CHECK;

#endif
