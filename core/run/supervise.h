/* supervise.h - the parent of a run: starts a worker for each cell, watches them, and
 * finds out which episode killed one. */
#ifndef ACCORD_SUPERVISE_H
#define ACCORD_SUPERVISE_H

#include "llm/pool.h"
#include "run/manifest.h"

/* How a run stands; for the progress and for the exit status. */
typedef struct accord_standing {
    uint32_t n_cells, done, running, given_up;
    uint64_t played, total; /* episodes, of the cells seen so far */
    uint64_t trained, train_budget;
    accord_pool_usage usage;
    int signal;        /* SIGINT or SIGTERM arrived */
    char message[600]; /* of the first cell that was given up; "" = none */
} accord_standing;

typedef struct accord_supervise_setup {
    const accord_manifest *manifest;
    uint32_t jobs; /* workers at a time */
    /* [main] Called a few times a second.  May be NULL. */
    void (*progress)(void *ctx, const accord_standing *standing);
    void *ctx;
} accord_supervise_setup;

/* [main] Plays every cell that is not sealed.  Installs handlers of SIGINT and SIGTERM:
 * the first lets workers stop cleanly, the second kills them. */
accord_code accord_supervise(const accord_supervise_setup *setup, accord_standing *out,
                             accord_err *err) ACCORD_MUST_CHECK;

#endif
