/* spent.h - what the journals of an interrupted run already spent: a budget is the run's,
 * not the process's. */
#ifndef ACCORD_SPENT_H
#define ACCORD_SPENT_H

#include "run/manifest.h"

typedef struct accord_spent {
    uint64_t tokens;
    double cost; /* by the suite's prices */
} accord_spent;

/* [main] Adds up the call lines of all cells. */
accord_code accord_spent_read(const accord_manifest *m, accord_spent *out,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
