/* pool.h - the parent's side of model calls: one curl multi handle for the whole run, its
 * windows, retries, deadlines and budgets, and the event loop over the workers' sockets.
 */
#ifndef ACCORD_POOL_H
#define ACCORD_POOL_H

#include <stdbool.h>

#include "base/err.h"
#include "llm/wire.h"

typedef struct accord_pool accord_pool;
typedef struct accord_pool_worker accord_pool_worker;

/* How a model of the suite is called, by its index in the run's list. */
typedef struct accord_pool_model {
    uint32_t window;     /* requests in flight, over all workers; default 64 */
    uint32_t retries;    /* further attempts of one call; default 5 */
    double timeout_s;    /* of one attempt; default 120 */
    double prompt_price; /* per million tokens, in the suite's currency; 0 = free */
    double completion_price;
} accord_pool_model;

typedef struct accord_pool_setup {
    const accord_pool_model *models; /* copied */
    uint32_t n_models;
    uint64_t token_budget; /* 0 = none */
    double cost_budget;    /* 0 = none */
    /* [main] A frame of core/run (type >= ACCORD_FRAME_RUN); type ACCORD_FRAME_GONE: the
     * worker closed its end. */
    void (*on_frame)(void *user, uint32_t type, const void *data, size_t n);
    double backoff_s;     /* wait before the first retry, doubled each time; 0 = 0.5 */
    double backoff_max_s; /* its bound; 0 = 30 */
} accord_pool_setup;

/* What was spent so far, over all workers. */
typedef struct accord_pool_usage {
    uint64_t calls;
    uint64_t tokens;
    double cost;
    uint32_t in_flight; /* with a server, or decoded by a worker at this moment */
    bool budget_spent;  /* no further call is issued; every worker was sent STOP; the run
                           has stopped once in_flight is 0 */
} accord_pool_usage;

/* [main] After curl_global_init(). */
accord_code accord_pool_create(const accord_pool_setup *setup, accord_pool **out,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] Cuts what is in flight.  NULL is allowed. */
void accord_pool_destroy(accord_pool *pool);

/* [main] Takes over `fd`, the parent's end of a worker's socketpair.  `user` is handed to
 * on_frame. */
accord_code accord_pool_attach(accord_pool *pool, int fd, void *user,
                               accord_pool_worker **out,
                               accord_err *err) ACCORD_MUST_CHECK;
/* [main] Closes the worker's socket and drops its calls.  Allowed in on_frame. */
void accord_pool_detach(accord_pool *pool, accord_pool_worker *worker);

/* [main] Queues a frame for a worker; order is kept. */
void accord_pool_send(accord_pool *pool, accord_pool_worker *worker, uint32_t type,
                      const void *data, size_t n);

/* [main] Waits at most `timeout_ms` for something to do and does it.  Returns early when
 * a signal arrives. */
accord_code accord_pool_poll(accord_pool *pool, int timeout_ms,
                             accord_err *err) ACCORD_MUST_CHECK;

/* [main] */
void accord_pool_usage_get(const accord_pool *pool, accord_pool_usage *out);

#endif
