/* child.h - a worker process as its parent holds it: pid, socket, shared page. */
#ifndef ACCORD_CHILD_H
#define ACCORD_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "llm/pool.h"
#include "run/live.h"
#include "run/sweep.h"
#include "run/worker.h"

typedef struct accord_child {
    pid_t pid; /* 0 = none */
    accord_pool *pool;
    accord_pool_worker *worker;
    accord_live *live;
    bool hung; /* it was killed for holding the token too long */
} accord_child;

typedef struct accord_child_setup {
    const char *dir;
    uint32_t cell;
    const accord_place *suspect; /* play only this one; NULL: the whole cell */
    const accord_given_up *given_up;
    uint32_t n_given_up;
    accord_pool *pool;
    void *user; /* for the pool's on_frame */
} accord_child_setup;

/* [main] posix_spawn of this executable: never a bare fork. */
accord_code accord_child_start(const accord_child_setup *setup, accord_child *out,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] Waits for its end; the status of waitpid(). */
int accord_child_reap(accord_child *c);
/* [main] Closes socket and page. */
void accord_child_end(accord_child *c);
/* [main] SIGKILL, then reap and end. */
void accord_child_kill(accord_child *c);
/* [main] SIGKILL when the token's holder has shown no life for `limit_ns`. */
void accord_child_kill_if_hung(accord_child *c, int64_t limit_ns);

/* [any] True when it exited with this status. */
bool accord_child_said(int status, int code);
/* [any] "was killed by signal 6 (Aborted)", "exited with status 1", "hung". */
const char *accord_child_describe(int status, bool hung, char text[64]);

#endif
