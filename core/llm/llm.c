/* llm.c - the worker's side of model calls: its two threads, its socket, and the wait. */
#include "llm/llm.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/llm_parts.h"

enum { READ_SIZE = 256 << 10, QUIET_MS = 1, HELD_BYTES = 1500 };

/* The parent ends a call at its deadline and says how; this long its word is awaited. */
#define GRACE_NS (ACCORD_S_NS / 4)

/* ---- out ---- */

void accord_llm_put(accord_llm *llm, uint32_t type, const struct iovec *parts, int n,
                    bool urgent) {
    pthread_mutex_lock(&llm->out_lock);
    llm->urgent |= urgent;
    if (!llm->gone)
        accord_wire_put(&llm->out, type, parts, n);
    pthread_mutex_unlock(&llm->out_lock);
}

/* 0 when all was written, else the reason. */
static int write_sending(accord_llm *llm, bool wait) {
    accord_wire *w = &llm->sending;

    while (w->begin < w->end) {
        ssize_t n = send(llm->fd, w->data + w->begin, w->end - w->begin,
                         MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            accord_wire_drop(w, (size_t)n);
    }
    return 0;
}

bool accord_llm_flush(accord_llm *llm, bool wait) {
    int why = 0;

    pthread_mutex_lock(&llm->out_lock);
    if (llm->writing || llm->gone) {
        pthread_mutex_unlock(&llm->out_lock);
        return true;
    }
    llm->writing = true;
    llm->urgent = false;
    while (!why && (llm->sending.end || llm->out.end)) {
        if (!llm->sending.end) {
            accord_wire full = llm->out;
            llm->out = llm->sending;
            llm->sending = full;
        }
        pthread_mutex_unlock(&llm->out_lock);
        why = write_sending(llm, wait);
        pthread_mutex_lock(&llm->out_lock);
    }
    llm->writing = false;
    if (why == EAGAIN)
        llm->urgent = true;
    else if (why)
        llm->gone = true;
    pthread_mutex_unlock(&llm->out_lock);
    return why != EAGAIN;
}

bool accord_llm_send(accord_llm *llm, uint32_t type, const void *data, size_t n) {
    const struct iovec part = {(void *)(uintptr_t)data, n};

    if (llm->fd < 0)
        return false;
    accord_llm_put(llm, type, &part, 1, true);
    accord_llm_flush(llm, true);
    pthread_mutex_lock(&llm->out_lock);
    bool gone = llm->gone;
    pthread_mutex_unlock(&llm->out_lock);
    return !gone;
}

/* ---- in ---- */

/* The budget's stop: no new calls, but what is with a server comes back; the parent ends
 * what is not. */
static void stop_issuing(accord_llm *llm) {
    pthread_mutex_lock(&llm->lock);
    llm->stopped = true;
    accord_llm_batch_stop(llm);
    pthread_mutex_unlock(&llm->lock);
}

void accord_llm_stop(accord_llm *llm) {
    pthread_mutex_lock(&llm->lock);
    llm->stopped = true;
    for (accord_llm_group *g = llm->groups; g; g = g->next)
        accord_llm_group_stop(g);
    pthread_mutex_unlock(&llm->lock);
}

static void take_frame(accord_llm *llm, uint32_t type, const char *data, size_t n) {
    if (type == ACCORD_FRAME_REPLY) {
        accord_llm_client_reply(llm, data, n);
        return;
    }
    if (type == ACCORD_FRAME_STOP && n && data[0] == ACCORD_STOP_BUDGET)
        stop_issuing(llm);
    else if (type == ACCORD_FRAME_STOP)
        accord_llm_stop(llm);
    llm->on_frame(llm->ctx, type, data, n);
}

static void lost(accord_llm *llm) {
    pthread_mutex_lock(&llm->out_lock);
    llm->gone = true;
    pthread_mutex_unlock(&llm->out_lock);
    accord_llm_stop(llm);
    pthread_mutex_lock(&llm->lock);
    bool closing = llm->closing;
    pthread_mutex_unlock(&llm->lock);
    if (!closing)
        llm->on_frame(llm->ctx, ACCORD_FRAME_GONE, NULL, 0);
}

/* True when nothing more is to be written soon. */
static bool at_rest(accord_llm *llm) {
    if (atomic_load(&llm->undecided))
        return false;
    pthread_mutex_lock(&llm->out_lock);
    bool rest = llm->gone || (!llm->writing && !llm->out.end && !llm->sending.end);
    pthread_mutex_unlock(&llm->out_lock);
    return rest;
}

/* Receives.  Verdicts that no other frame took along leave when it is quiet; where the
 * socket is full another thread waits, for a reader that waits to write may wait for
 * ever. */
static ssize_t receive(accord_llm *llm, char *data, size_t size) {
    ssize_t n = recv(llm->fd, data, size, MSG_DONTWAIT);

    while (n < 0 && errno == EAGAIN) {
        struct pollfd p = {.fd = llm->fd, .events = POLLIN};
        if (at_rest(llm))
            return recv(llm->fd, data, size, 0);
        if (poll(&p, 1, QUIET_MS) == 0 && !accord_llm_flush(llm, false)) {
            pthread_mutex_lock(&llm->lock);
            llm->flush_wanted = true;
            pthread_cond_signal(&llm->work);
            pthread_mutex_unlock(&llm->lock);
        }
        n = recv(llm->fd, data, size, MSG_DONTWAIT);
    }
    return n;
}

static void *read_frames(void *user) {
    accord_llm *llm = user;
    accord_wire in = {0};
    uint32_t type;
    const char *data;
    size_t n;
    int got = 0;

    while (got >= 0) {
        accord_wire_reserve(&in, READ_SIZE);
        ssize_t k = receive(llm, in.data + in.end, in.cap - in.end);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            break;
        in.end += (size_t)k;
        while ((got = accord_wire_next(&in, &type, &data, &n)) > 0)
            take_frame(llm, type, data, n);
        accord_wire_drop(&in, 0);
    }
    accord_wire_fini(&in);
    lost(llm);
    return NULL;
}

/* ---- life ---- */

/* One parent serves all workers.  Without this the kernel lets each of a worker's many
 * threads, when it wakes up, take the parent's processor.  Threads made later inherit it.
 * A system that refuses is slower, no more. */
static void let_parent_run(void) {
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
}

/* Signals are the main thread's business. */
static bool start_thread(pthread_t *thread, void *(*run)(void *), void *ctx) {
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int why = pthread_create(thread, NULL, run, ctx);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return why == 0;
}

accord_code accord_llm_create(int fd, const accord_llm_token *token,
                              void (*on_frame)(void *ctx, uint32_t type, const void *data,
                                               size_t n),
                              void *ctx, accord_llm **out, accord_err *err) {
    accord_llm *llm = accord_xalloc(sizeof(*llm));

    *out = NULL;
    llm->fd = fd;
    llm->token = *token;
    llm->on_frame = on_frame;
    llm->ctx = ctx;
    if (fd >= 0)
        let_parent_run();
    pthread_mutex_init(&llm->lock, NULL);
    pthread_mutex_init(&llm->out_lock, NULL);
    pthread_cond_init(&llm->work, NULL);
    llm->has_batcher = start_thread(&llm->batcher, accord_llm_batch_run, llm);
    llm->has_reader = fd >= 0 && start_thread(&llm->reader, read_frames, llm);
    if (!llm->has_batcher || (fd >= 0 && !llm->has_reader)) {
        accord_llm_destroy(llm);
        return accord_fail(err, ACCORD_E_IO, "cannot start the threads of model calls");
    }
    *out = llm;
    return ACCORD_OK;
}

void accord_llm_destroy(accord_llm *llm) {
    if (!llm)
        return;
    pthread_mutex_lock(&llm->lock);
    llm->closing = true;
    pthread_cond_signal(&llm->work);
    pthread_mutex_unlock(&llm->lock);
    if (llm->has_batcher)
        pthread_join(llm->batcher, NULL);
    if (llm->has_reader) {
        accord_llm_flush(llm, true);
        shutdown(llm->fd, SHUT_RD);
        pthread_join(llm->reader, NULL);
    }
    accord_llm_batch_fini(llm);
    accord_wire_fini(&llm->out);
    accord_wire_fini(&llm->sending);
    free(llm->slots);
    free(llm->free_slots);
    pthread_cond_destroy(&llm->work);
    pthread_mutex_destroy(&llm->out_lock);
    pthread_mutex_destroy(&llm->lock);
    free(llm);
}

/* ---- waiting ---- */

/* Waits for something to do; returns the replies to decode. */
static accord_llm_wait *await(accord_llm_group *g, int64_t until_ns) {
    struct timespec until = {until_ns / ACCORD_S_NS, until_ns % ACCORD_S_NS};
    int why = 0;

    pthread_mutex_lock(&g->lock);
    while (g->left && !g->ready && !g->baton && !g->stopped && why != ETIMEDOUT)
        why = until_ns ? pthread_cond_timedwait(&g->cond, &g->lock, &until)
                       : pthread_cond_wait(&g->cond, &g->lock);
    g->late = why == ETIMEDOUT;
    accord_llm_wait *ready = g->ready;
    g->ready = NULL;
    pthread_mutex_unlock(&g->lock);
    return ready;
}

static bool over(accord_llm_group *g) {
    pthread_mutex_lock(&g->lock);
    bool is = !g->left || g->stopped || g->late;
    pthread_mutex_unlock(&g->lock);
    return is;
}

/* Whether what was put may stay: nobody waits for it, or it is little and one who has the
 * baton will take it along.  Only while a reply is undecided, for then the reader looks
 * after it too, and no plugin that keeps the token for long can hold it up.  More than a
 * little goes at once, or the parent would idle until all of a chain have had their turn.
 */
static bool may_stay(accord_llm *llm, bool more) {
    bool watched = more && atomic_load(&llm->undecided);

    pthread_mutex_lock(&llm->out_lock);
    bool stay = !llm->urgent || (watched && llm->out.end < HELD_BYTES);
    pthread_mutex_unlock(&llm->out_lock);
    return stay;
}

/* Called with the token. */
static void tell(accord_llm_wait *w) {
    if (w->job->on_done && !w->told)
        w->job->on_done(w->job->ctx, w->job);
    w->told = true;
}

/* Called with the token, returns with it. */
static void wait_all(accord_llm *llm, accord_llm_group *g, int64_t until_ns) {
    bool more = accord_llm_chain_pass(llm, g);

    for (;;) {
        llm->token.release(llm->token.ctx);
        if (!may_stay(llm, more))
            accord_llm_flush(llm, true);
        accord_llm_wait *ready = await(g, until_ns);
        llm->token.take(llm->token.ctx);
        more = accord_llm_chain_pass(llm, g); /* it wakes up while this one decodes */
        while (ready) {
            accord_llm_wait *next = ready->next_ready;
            accord_llm_client_decode(llm, ready);
            if (ready->done)
                tell(ready);
            ready = next;
        }
        /* A full socket must not hold up the others: write without the token then. */
        if (over(g) && (may_stay(llm, more) || accord_llm_flush(llm, false)))
            return;
    }
}

static void start(accord_llm *llm, accord_llm_wait *w, int64_t deadline_ns) {
    bool server = w->job->model->caps->flags & ACCORD_CAP_SERVER;
    const char *wrong =
        w->call->request ? accord_llm_request_check(w->call->request) : NULL;

    if (wrong)
        accord_llm_wait_fail(w, ACCORD_CALL_API, wrong);
    else if (server)
        accord_llm_client_start(llm, w, deadline_ns);
    else
        accord_llm_batch_start(llm, w);
}

/* Runs calls whose waits have job, call and vectors set. */
static accord_code run(accord_llm *llm, accord_llm_wait *waits, uint32_t n,
                       int64_t deadline_ns, accord_err *err) {
    accord_llm_group g;
    bool servers = false;

    if (!accord_llm_group_join(llm, &g, n))
        return accord_fail(err, ACCORD_E_STOPPED, "the run is stopping");
    for (uint32_t i = 0; i < n; i++) {
        waits[i].group = &g;
        waits[i].slot = NO_SLOT;
        waits[i].job->reply = (accord_reply){.struct_size = sizeof(accord_reply)};
        waits[i].job->scheduled_ns = accord_now_ns();
        waits[i].job->sent_ns = waits[i].job->first_ns = waits[i].job->done_ns = 0;
        waits[i].job->tries = 0;
        servers |= waits[i].job->model->caps->flags & ACCORD_CAP_SERVER;
        start(llm, &waits[i], deadline_ns);
    }
    wait_all(llm, &g, deadline_ns && servers ? deadline_ns + GRACE_NS : deadline_ns);
    accord_llm_group_leave(llm, &g, waits, n);
    bool stopped = g.stopped && g.left;
    for (uint32_t i = 0; i < n; i++) {
        if (!waits[i].done && !stopped)
            accord_llm_job_fail(waits[i].job, ACCORD_CALL_TIMEOUT,
                                "the episode's time was up");
        if (waits[i].done || !stopped)
            tell(&waits[i]);
        if (stopped)
            accord_llm_job_fini(waits[i].job);
    }
    return stopped ? accord_fail(err, ACCORD_E_STOPPED, "the run is stopping")
                   : ACCORD_OK;
}

accord_code accord_llm_complete(accord_llm *llm, accord_llm_job *jobs, uint32_t n,
                                int64_t deadline_ns, accord_err *err) {
    accord_llm_wait *waits = accord_xalloc(n * sizeof(*waits));
    accord_call *calls = accord_xalloc(n * sizeof(*calls));

    for (uint32_t i = 0; i < n; i++) {
        calls[i] = (accord_call){.struct_size = sizeof(calls[i]),
                                 .kind = ACCORD_CALL_CHAT,
                                 .request = jobs[i].request};
        waits[i] = (accord_llm_wait){.job = &jobs[i], .call = &calls[i]};
    }
    accord_code code = run(llm, waits, n, deadline_ns, err);
    free(calls);
    free(waits);
    return code;
}

accord_code accord_llm_embed(accord_llm *llm, const accord_llm_model *model,
                             const char *const *text, uint32_t n, float *out,
                             int64_t deadline_ns, accord_llm_job *usage,
                             accord_err *err) {
    const accord_call call = {.struct_size = sizeof(call),
                              .kind = ACCORD_CALL_EMBED,
                              .text = text,
                              .n_text = n};
    accord_llm_wait wait = {.job = usage, .call = &call, .vectors = out};

    usage->model = model;
    usage->request = NULL;
    return run(llm, &wait, 1, deadline_ns, err);
}
