/* worker.h - a worker process: plays one cell and ends.  It finds its socket to the
 * parent at descriptor 3 and the shared page at descriptor 4. */
#ifndef ACCORD_WORKER_H
#define ACCORD_WORKER_H

#include "base/err.h"

enum { ACCORD_WORKER_SOCKET = 3, ACCORD_WORKER_PAGE = 4 };

/* Exit status of a worker. */
enum {
    ACCORD_WORKER_DONE = 0,
    ACCORD_WORKER_OPEN = 3,   /* stopped; the cell goes on with a resume */
    ACCORD_WORKER_FAILED = 4, /* the shared page says why */
};

/* [main] The hidden sub-command: worker DIR CELL [--alone PLACE] [--give-up
 * PLACE=OUTCOME].
 * `*played` is set when the cell is complete and can be sealed, `cell_dir` (4096 bytes)
 * then names its folder. */
int accord_worker_main(int argc, char **argv, int *played, char *cell_dir);

#endif
