/* llm.h - the worker's side of model calls: sends requests, waits, decodes.
 *
 * A model that computes runs here on one batching thread, which is handed all requests
 * that wait at that moment, grouped by model.  A model that speaks to a server is encoded
 * and decoded here under the run token; the bytes travel to the parent over the
 * socketpair (llm/wire.h), which holds the one curl handle, the windows, retries and
 * budgets (llm/pool.h).  Journals, streams and accounts are the business of core/run. */
#ifndef ACCORD_LLM_H
#define ACCORD_LLM_H

#include <stdbool.h>

#include "base/err.h"

typedef struct accord_llm accord_llm;

/* The run token as the caller keeps it: plugin code (encode, decode) runs while it is
 * held.  accord_llm_complete() is called with it held and returns with it held. */
typedef struct accord_llm_token {
    void (*take)(void *ctx);
    void (*release)(void *ctx);
    void *ctx;
} accord_llm_token;

/* A model instance as the worker made it.  The caller's, until accord_llm_destroy(). */
typedef struct accord_llm_model {
    uint32_t
        index; /* position in the run's list of models: what the parent knows it by */
    const accord_model_ops *ops;
    void *self;
    const accord_caps *caps;
} accord_llm_model;

/* One call: what goes in, and what came of it. */
typedef struct accord_llm_job {
    const accord_llm_model *model;
    const accord_request *request; /* complete: stamped by the caller */
    /* [worker] May be NULL.  Called with the token held, once, when what came of the call
     * is known: others of the same complete() may still be waiting, or end it with
     * ACCORD_E_STOPPED.  `job` counts during the call. */
    void (*on_done)(void *ctx, const struct accord_llm_job *job);
    void *ctx;
    /* Out.  Texts belong to the job: accord_llm_job_fini(). */
    accord_reply reply;
    int64_t scheduled_ns; /* when it was handed over; accord_now_ns() */
    int64_t sent_ns;      /* when its last try left, or its batch began */
    int64_t first_ns;     /* first byte of the reply */
    int64_t done_ns;
    uint32_t tries;
} accord_llm_job;

/* [main] `fd` is the socketpair to the parent, or -1 when there is none (all models
 * compute).  Frames that are not about calls, and STOP, are handed to on_frame on the
 * reader's thread (llm/wire.h); on_frame with type 0 says that the parent is gone.  `fd`
 * stays open, the caller's. */
accord_code
accord_llm_create(int fd, const accord_llm_token *token,
                  void (*on_frame)(void *ctx, uint32_t type, const void *data, size_t n),
                  void *ctx, accord_llm **out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] Waits for the batching thread and the reader; no call may be waiting.  NULL is
 * allowed. */
void accord_llm_destroy(accord_llm *llm);

/* [worker] Runs n calls together and waits for all.  A call that failed says so in
 * reply.error.  `deadline_ns` (accord_now_ns() scale, 0 = none): calls that are not done
 * by then end as ACCORD_CALL_TIMEOUT.  ACCORD_E_STOPPED once accord_llm_stop() was called
 * or the run's budget is spent: nothing of the jobs counts then but what on_done saw.  A
 * call that was with a server when the budget ran out still brings its reply. */
accord_code accord_llm_complete(accord_llm *llm, accord_llm_job *jobs, uint32_t n,
                                int64_t deadline_ns, accord_err *err) ACCORD_MUST_CHECK;

/* [worker] Embeds n texts with one model: out[n][caps->embed_width]; `usage` gets tokens
 * and times as one job, and in reply.error whether it failed. */
accord_code accord_llm_embed(accord_llm *llm, const accord_llm_model *model,
                             const char *const *text, uint32_t n, float *out,
                             int64_t deadline_ns, accord_llm_job *usage,
                             accord_err *err) ACCORD_MUST_CHECK;

/* [any] Lets every waiting call return ACCORD_E_STOPPED, now and from now on. */
void accord_llm_stop(accord_llm *llm);

/* [any] Sends a frame of the caller's to the parent; order is kept.  False once the
 * parent is gone. */
bool accord_llm_send(accord_llm *llm, uint32_t type, const void *data, size_t n);

/* [any] Frees what a job holds. */
void accord_llm_job_fini(accord_llm_job *job);

#endif
