/* pool.c - the parent's one event loop: workers' sockets and curl's in one epoll. */
#include "llm/pool.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <accord/rng.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/pool_parts.h"

enum { EVENTS_A_TURN = 512 };

static int64_t seconds_ns(double given, double otherwise) {
    return (int64_t)((given > 0 ? given : otherwise) * (double)ACCORD_S_NS);
}

static void set_lanes(accord_pool *p, const accord_pool_setup *setup) {
    long connections = 8;

    p->n_lanes = setup->n_models;
    p->lanes = accord_xalloc(setup->n_models * sizeof(*p->lanes));
    for (uint32_t i = 0; i < p->n_lanes; i++) {
        accord_pool_model *m = &p->lanes[i].set;
        p->lanes[i].pool = p;
        *m = setup->models[i];
        m->window = m->window ? m->window : 64;
        m->timeout_s = m->timeout_s > 0 ? m->timeout_s : 120;
        connections += m->window;
    }
    /* By default curl keeps four for each handle and would close the others. */
    curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, connections);
}

accord_code accord_pool_create(const accord_pool_setup *setup, accord_pool **out,
                               accord_err *err) {
    accord_pool *p = accord_xalloc(sizeof(*p));

    *out = NULL;
    *p = (accord_pool){
        .on_frame = setup->on_frame,
        .backoff_ns = seconds_ns(setup->backoff_s, 0.5),
        .backoff_max_ns = seconds_ns(setup->backoff_max_s, 30),
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .multi = curl_multi_init(),
        .curl_ns = INT64_MAX,
        .token_budget = setup->token_budget,
        .cost_budget = setup->cost_budget,
        /* Only how long to wait depends on it: no result does. */
        .jitter = accord_rng_mix((uint64_t)accord_now_ns() ^ (uint64_t)getpid()),
    };
    if (p->epoll < 0 || !p->multi) {
        accord_fail(err, ACCORD_E_IO, "cannot set up the event loop: %s",
                    p->multi ? strerror(errno) : "curl has no memory");
        accord_pool_destroy(p);
        return ACCORD_E_IO;
    }
    set_lanes(p, setup);
    accord_pool_sockets_setup_multi(p);
    *out = p;
    return ACCORD_OK;
}

void accord_pool_destroy(accord_pool *p) {
    if (!p)
        return;
    while (p->workers)
        accord_pool_detach(p, p->workers);
    accord_pool_peers_free_detached(p);
    for (uint32_t i = 0; i < p->n_lanes; i++)
        while (p->lanes[i].all) {
            accord_pool_http *h = p->lanes[i].all;
            p->lanes[i].all = h->all;
            accord_pool_http_destroy(h);
        }
    curl_multi_cleanup(p->multi);
    if (p->epoll >= 0)
        close(p->epoll);
    for (uint32_t i = 0; i < p->n_calls; i++)
        free(p->calls[i]);
    free(p->calls);
    free(p->free_slots);
    free(p->timers);
    free(p->fds);
    free(p->lanes);
    free(p);
}

/* Settles the attempts that curl has finished. */
static void take_finished(accord_pool *p) {
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(p->multi, &left)) != NULL) {
        char *user = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode result = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &user);
        accord_pool_call_settle(((accord_pool_http *)(void *)user)->call, result);
    }
}

/* Lets curl work, settles, starts what may start, until nothing moves any more. */
static void turn(accord_pool *p) {
    bool moved = true;

    while (moved) {
        moved = accord_pool_sockets_timer(p);
        take_finished(p);
        accord_pool_call_timers(p, accord_now_ns());
        moved |= accord_pool_call_dispatch(p);
    }
}

/* A worker that turns out to be gone may be detached, and others with it: begin again. */
static void flush_workers(accord_pool *p) {
    accord_pool_worker *seen = p->detached;
    accord_pool_worker *w = p->workers;

    while (w) {
        if (w->out.begin < w->out.end)
            accord_pool_peer_flush(w);
        w = p->detached == seen ? w->next : p->workers;
        seen = p->detached;
    }
}

static int wait_ms(const accord_pool *p, int timeout_ms) {
    int64_t until = p->curl_ns;

    if (p->n_timers && p->timers[0]->wake_ns < until)
        until = p->timers[0]->wake_ns;
    if (until == INT64_MAX)
        return timeout_ms;
    int64_t left = (until - accord_now_ns() + 999999) / 1000000;
    left = left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
    return timeout_ms >= 0 && timeout_ms < left ? timeout_ms : (int)left;
}

accord_code accord_pool_poll(accord_pool *p, int timeout_ms, accord_err *err) {
    struct epoll_event events[EVENTS_A_TURN];

    p->polling = true;
    turn(p);
    flush_workers(p);
    int n = epoll_wait(p->epoll, events, EVENTS_A_TURN, wait_ms(p, timeout_ms));
    int why = errno;
    for (int i = 0; i < n; i++) {
        uint64_t what = events[i].data.u64;
        if (what & 1)
            accord_pool_sockets_event(p, (int)(what >> 1), events[i].events);
        else
            accord_pool_peer_event((accord_pool_worker *)(uintptr_t)what,
                                   events[i].events);
    }
    turn(p);
    flush_workers(p);
    p->polling = false;
    accord_pool_peers_free_detached(p);
    if (n < 0 && why != EINTR)
        return accord_fail(err, ACCORD_E_IO, "cannot wait for events: %s", strerror(why));
    return ACCORD_OK;
}

void accord_pool_usage_get(const accord_pool *pool, accord_pool_usage *out) {
    *out = pool->usage;
}
