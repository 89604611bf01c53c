/* peers.c - the workers' sockets: framed, never blocking, written once a turn. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "llm/pool_parts.h"

/* A worker that does not read its replies is not read either, so what it is owed stays
 * below this and what its window holds. */
#define OUT_HIGH ((size_t)64 << 20)

enum { READ_SIZE = 256 << 10, READS_A_TURN = 8 };

static void watch(accord_pool_worker *w) {
    size_t owed = w->out.end - w->out.begin;
    uint32_t events = (owed < OUT_HIGH ? EPOLLIN : 0u) | (owed ? EPOLLOUT : 0u);
    struct epoll_event e = {.events = events, .data.u64 = (uintptr_t)w};

    if (events == w->events)
        return;
    w->events = events;
    epoll_ctl(w->pool->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

static void gone(accord_pool_worker *w) {
    if (w->gone || w->detached)
        return;
    w->gone = true;
    epoll_ctl(w->pool->epoll, EPOLL_CTL_DEL, w->fd, NULL);
    while (w->calls)
        accord_pool_call_close(w->calls);
    w->pool->on_frame(w->user, ACCORD_FRAME_GONE, NULL, 0);
}

void accord_pool_peer_put(accord_pool_worker *w, uint32_t type, const struct iovec *parts,
                          int n) {
    if (!w->gone && !w->detached)
        accord_wire_put(&w->out, type, parts, n);
}

void accord_pool_peer_stop(accord_pool_worker *w, uint8_t reason) {
    const struct iovec part = {&reason, 1};

    accord_pool_peer_put(w, ACCORD_FRAME_STOP, &part, 1);
}

/* False when the other side is gone. */
static bool write_out(accord_pool_worker *w) {
    while (w->out.begin < w->out.end) {
        ssize_t n = send(w->fd, w->out.data + w->out.begin, w->out.end - w->out.begin,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN;
        accord_wire_drop(&w->out, (size_t)n);
    }
    return true;
}

void accord_pool_peer_flush(accord_pool_worker *w) {
    if (w->gone || w->detached)
        return;
    if (write_out(w))
        watch(w);
    else
        gone(w);
}

static bool take_verdict(accord_pool_worker *w, const char *data, size_t n) {
    accord_wire_verdict v;

    if (n < sizeof(v))
        return false;
    memcpy(&v, data, sizeof(v));
    if (!v.n_message || n != sizeof(v) + v.n_message || data[n - 1])
        return false;
    accord_pool_call *c = accord_pool_call_find(w, v.ticket);
    if (c)
        accord_pool_call_verdict(c, &v, data + sizeof(v));
    return c;
}

static bool take_usage(accord_pool_worker *w, const char *data, size_t n) {
    accord_wire_usage u;

    if (n != sizeof(u))
        return false;
    memcpy(&u, data, sizeof(u));
    if (u.model >= w->pool->n_lanes)
        return false;
    accord_pool_budget_add(&w->pool->lanes[u.model], u.calls, u.prompt_tokens,
                           u.completion_tokens);
    return true;
}

static bool take_frame(accord_pool_worker *w, uint32_t type, const char *data, size_t n) {
    switch (type) {
    case ACCORD_FRAME_CALL:
        return accord_pool_call_open(w, data, n);
    case ACCORD_FRAME_VERDICT:
        return take_verdict(w, data, n);
    case ACCORD_FRAME_USAGE:
        return take_usage(w, data, n);
    default:
        if (type < ACCORD_FRAME_RUN)
            return false;
        w->pool->on_frame(w->user, type, data, n);
        return true;
    }
}

/* A worker that sends nonsense has lost its memory: as good as gone. */
static void take_frames(accord_pool_worker *w) {
    uint32_t type;
    const char *data;
    size_t n;
    int got = 0;

    while (!w->gone && !w->detached &&
           (got = accord_wire_next(&w->in, &type, &data, &n)) > 0)
        if (!take_frame(w, type, data, n)) {
            got = -1;
            break;
        }
    if (got < 0) {
        accord_log(ACCORD_ERROR, "llm", "a worker sent a frame that makes no sense");
        gone(w);
    }
    accord_wire_drop(&w->in, 0);
}

static void read_frames(accord_pool_worker *w) {
    for (int i = 0; i < READS_A_TURN && !w->gone && !w->detached; i++) {
        accord_wire_reserve(&w->in, READ_SIZE);
        size_t room = w->in.cap - w->in.end;
        ssize_t n = recv(w->fd, w->in.data + w->in.end, room, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            gone(w);
            return;
        }
        w->in.end += (size_t)n;
        take_frames(w);
        if ((size_t)n < room)
            return;
    }
}

void accord_pool_peer_event(accord_pool_worker *w, uint32_t events) {
    if (w->gone || w->detached)
        return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        read_frames(w);
    if (events & EPOLLOUT)
        accord_pool_peer_flush(w);
}

accord_code accord_pool_attach(accord_pool *pool, int fd, void *user,
                               accord_pool_worker **out, accord_err *err) {
    accord_pool_worker *w = accord_xalloc(sizeof(*w));

    *out = NULL;
    *w = (accord_pool_worker){.pool = pool, .fd = fd, .user = user, .events = EPOLLIN};
    struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uintptr_t)w};
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0 ||
        epoll_ctl(pool->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
        accord_fail(err, ACCORD_E_IO, "cannot watch a worker's socket: %s",
                    strerror(errno));
        free(w);
        return ACCORD_E_IO;
    }
    w->next = pool->workers;
    if (w->next)
        w->next->prev = w;
    pool->workers = w;
    if (pool->usage.budget_spent)
        accord_pool_peer_stop(w, ACCORD_STOP_BUDGET);
    *out = w;
    return ACCORD_OK;
}

void accord_pool_detach(accord_pool *pool, accord_pool_worker *w) {
    if (!w || w->detached)
        return;
    if (!w->gone) {
        write_out(w); /* the caller's last words, as far as the socket takes them */
        epoll_ctl(pool->epoll, EPOLL_CTL_DEL, w->fd, NULL);
    }
    w->detached = true;
    while (w->calls)
        accord_pool_call_close(w->calls);
    close(w->fd);
    *(w->prev ? &w->prev->next : &pool->workers) = w->next;
    if (w->next)
        w->next->prev = w->prev;
    w->next = pool->detached;
    pool->detached = w;
    if (!pool->polling)
        accord_pool_peers_free_detached(pool);
}

void accord_pool_send(accord_pool *pool, accord_pool_worker *worker, uint32_t type,
                      const void *data, size_t n) {
    const struct iovec part = {(void *)(uintptr_t)data, n};

    accord_pool_peer_put(worker, type, &part, 1);
    if (!pool->polling && !worker->gone)
        write_out(worker); /* the next poll sees to what is left, and to an error */
}

void accord_pool_peers_free_detached(accord_pool *p) {
    while (p->detached) {
        accord_pool_worker *w = p->detached;
        p->detached = w->next;
        accord_wire_fini(&w->in);
        accord_wire_fini(&w->out);
        free(w);
    }
}
