/* llm_parts.h - what the files of the worker's side share, and nobody else includes.
 *
 * A thread that waits is a group of calls.  Whoever brings an answer holds llm->lock,
 * then the group's; a group that gives up takes its calls out of the tables under
 * llm->lock, so no answer comes too late to a stack frame that is gone. */
#ifndef ACCORD_LLM_PARTS_H
#define ACCORD_LLM_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "llm/llm.h"
#include "llm/wire.h"

typedef struct accord_llm_group accord_llm_group;
typedef struct accord_llm_wait accord_llm_wait;
typedef struct accord_llm_item accord_llm_item;

/* One call of a group. */
struct accord_llm_wait {
    accord_llm_group *group;
    accord_llm_job *job;
    const accord_call *call; /* what decode is given */
    float *vectors;          /* EMBED: where they go */
    bool done;
    bool told;             /* on_done was called */
    uint32_t slot;         /* SERVER: in llm->slots, or NO_SLOT */
    accord_llm_item *item; /* computing: in a batch, or NULL */
    char *frame;           /* a REPLY that waits to be decoded; the group's lock */
    accord_llm_wait *next_ready;
};

/* A call for the batching thread, which owns it: a copy of all it needs. */
struct accord_llm_item {
    accord_llm_item *next;
    accord_llm_wait *wait; /* NULL when nobody waits any more */
    const accord_llm_model *model;
    accord_request *request; /* complete */
    char **text;             /* embed: [n_text] */
    uint32_t n_text;
    accord_reply reply;
};

struct accord_llm_group {
    accord_llm_group *prev, *next; /* all that wait */
    pthread_mutex_t lock;
    pthread_cond_t cond;
    uint32_t left; /* calls that are not done */
    bool stopped;
    bool late;              /* the deadline has passed */
    accord_llm_wait *ready; /* have a frame */
    /* Under llm->lock, but for `baton`, which the group's lock guards. */
    accord_llm_group *chain_next;
    bool in_chain;
    bool baton; /* it is this group's turn to decode, and to wake the next */
};

enum { NO_SLOT = UINT32_MAX };

typedef struct accord_llm_slot {
    accord_llm_wait *wait; /* NULL when free */
    uint32_t generation;
} accord_llm_slot;

struct accord_llm {
    int fd;
    accord_llm_token token;
    void (*on_frame)(void *ctx, uint32_t type, const void *data, size_t n);
    void *ctx;

    pthread_mutex_t lock;
    bool stopped;      /* no more calls */
    bool closing;      /* destroy has begun */
    bool flush_wanted; /* the batching thread shall do it */
    accord_llm_group *groups;
    /* Groups whose replies are here, a few of them awake: all at once they would only
     * queue for the token. */
    accord_llm_group *chain_first, *chain_last;
    uint32_t batons_out; /* groups that were woken and have not passed it on */
    accord_llm_slot *slots;
    uint32_t n_free;
    uint32_t *free_slots;
    uint32_t cap_slots;
    accord_llm_item *first, *last; /* waiting for the batching thread */
    pthread_cond_t work;

    pthread_mutex_t out_lock;
    atomic_uint undecided; /* replies whose verdict was not put yet */
    accord_wire out;       /* put, but not yet being written */
    accord_wire sending;   /* the writing thread's */
    bool writing;          /* a thread is at it */
    bool urgent;           /* somebody waits for what was put: not only verdicts of ok */
    bool gone;             /* nobody reads any more */

    pthread_t reader, batcher;
    bool has_reader, has_batcher;
};

/* ---- llm.c ---- */

/* Appends a frame; a flush sends it.  What is not urgent leaves with the next urgent one,
 * or when the reader has been idle for a millisecond. */
void accord_llm_put(accord_llm *llm, uint32_t type, const struct iovec *parts, int n,
                    bool urgent);
/* Writes what was put, unless another thread is at it: that one goes on until nothing is
 * left.  With `wait` false it gives up when the socket is full and returns false; the
 * caller must then flush again and wait, for others may rely on it. */
bool accord_llm_flush(accord_llm *llm, bool wait);

/* ---- wait.c: groups ---- */

/* False when no more calls are made. */
bool accord_llm_group_join(accord_llm *llm, accord_llm_group *g, uint32_t n);
/* Gives up on what is not done; nobody touches group and waits any more. */
void accord_llm_group_leave(accord_llm *llm, accord_llm_group *g, accord_llm_wait *waits,
                            uint32_t n);
/* Under llm->lock: lets a group return ACCORD_E_STOPPED. */
void accord_llm_group_stop(accord_llm_group *g);
/* Under llm->lock: its turn to decode will come. */
void accord_llm_chain_add(accord_llm *llm, accord_llm_group *g);
/* Hands the baton on, if the group has it.  True when others are to come, who will flush.
 */
bool accord_llm_chain_pass(accord_llm *llm, accord_llm_group *g);
/* One call of the group is done. */
void accord_llm_wait_done(accord_llm_wait *w);
/* Writes an error into a job. */
void accord_llm_job_fail(accord_llm_job *job, int32_t error, const char *why);
/* Done, with an error. */
void accord_llm_wait_fail(accord_llm_wait *w, int32_t error, const char *why);
/* Under llm->lock. */
uint64_t accord_llm_slot_take(accord_llm *llm, accord_llm_wait *w);
accord_llm_wait *accord_llm_slot_find(accord_llm *llm, uint64_t id);
void accord_llm_slot_free(accord_llm *llm, accord_llm_wait *w);

/* ---- client.c: models that speak to a server ---- */

/* Encodes (under the token) and puts the CALL frame. */
void accord_llm_client_start(accord_llm *llm, accord_llm_wait *w, int64_t deadline_ns);
/* A REPLY frame, on the reader's thread: hands it to whom it concerns. */
void accord_llm_client_reply(accord_llm *llm, const char *data, size_t n);
/* A REPLY that nobody waits for any more: closes the call; frees the frame. */
void accord_llm_client_abandon(accord_llm *llm, char *frame);
/* Decodes the frame of a call (under the token) and puts the VERDICT. */
void accord_llm_client_decode(accord_llm *llm, accord_llm_wait *w);

/* ---- batch.c: models that compute ---- */

void accord_llm_batch_start(accord_llm *llm, accord_llm_wait *w);
/* The batching thread. */
void *accord_llm_batch_run(void *llm);
/* Under llm->lock: stops those whose calls have not begun. */
void accord_llm_batch_stop(accord_llm *llm);
void accord_llm_batch_fini(accord_llm *llm);

/* ---- request.c ---- */

/* NULL, or what is wrong with a request. */
const char *accord_llm_request_check(const accord_request *r);
/* A copy with all it points to, in one block: free() it. */
accord_request *accord_llm_request_dup(const accord_request *r);
/* Copies what a model returned; texts and log-probabilities become the job's. */
void accord_llm_reply_copy(accord_reply *to, const accord_reply *from);

#endif
