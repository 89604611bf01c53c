/* wait.c - a thread that waits for its calls, and the numbers by which calls are known to
 * the parent. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/llm_parts.h"

bool accord_llm_group_join(accord_llm *llm, accord_llm_group *g, uint32_t n) {
    pthread_condattr_t clock;

    *g = (accord_llm_group){.left = n};
    pthread_mutex_init(&g->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&g->cond, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_lock(&llm->lock);
    bool stopped = llm->stopped;
    if (!stopped) {
        g->next = llm->groups;
        if (g->next)
            g->next->prev = g;
        llm->groups = g;
    }
    pthread_mutex_unlock(&llm->lock);
    if (stopped) {
        pthread_cond_destroy(&g->cond);
        pthread_mutex_destroy(&g->lock);
    }
    return !stopped;
}

/* A thread that was woken may have to wait for a processor, and all behind it with it: at
 * 22,000 calls a second on two processors p99 was 1 to 3 ms with one baton and 0.8 ms
 * with three (benchmarks/perf/dispatch).  More only queue for the token. */
enum { BATONS = 3 };

/* Under llm->lock: wakes the first of the chain, if a baton is left. */
static void chain_wake(accord_llm *llm) {
    accord_llm_group *g = llm->chain_first;

    if (llm->batons_out == BATONS || !g)
        return;
    llm->batons_out++;
    llm->chain_first = g->chain_next;
    if (!llm->chain_first)
        llm->chain_last = NULL;
    g->in_chain = false;
    pthread_mutex_lock(&g->lock);
    g->baton = true;
    pthread_mutex_unlock(&g->lock);
    pthread_cond_signal(&g->cond); /* it cannot leave without llm->lock */
}

void accord_llm_chain_add(accord_llm *llm, accord_llm_group *g) {
    if (g->in_chain || g->baton)
        return;
    g->in_chain = true;
    g->chain_next = NULL;
    *(llm->chain_last ? &llm->chain_last->chain_next : &llm->chain_first) = g;
    llm->chain_last = g;
    chain_wake(llm);
}

/* Under llm->lock. */
static void chain_drop(accord_llm *llm, accord_llm_group *g) {
    accord_llm_group **at = &llm->chain_first, *last = NULL;

    if (!g->in_chain)
        return;
    for (; *at != g; at = &(*at)->chain_next)
        last = *at;
    *at = g->chain_next;
    if (llm->chain_last == g)
        llm->chain_last = last;
    g->in_chain = false;
}

/* Under llm->lock. */
static void pass(accord_llm *llm, accord_llm_group *g) {
    if (!g->baton)
        return;
    pthread_mutex_lock(&g->lock);
    g->baton = false;
    pthread_mutex_unlock(&g->lock);
    llm->batons_out--;
    chain_wake(llm);
}

bool accord_llm_chain_pass(accord_llm *llm, accord_llm_group *g) {
    pthread_mutex_lock(&llm->lock);
    pass(llm, g);
    bool more = llm->batons_out;
    pthread_mutex_unlock(&llm->lock);
    return more;
}

void accord_llm_group_leave(accord_llm *llm, accord_llm_group *g, accord_llm_wait *waits,
                            uint32_t n) {
    pthread_mutex_lock(&llm->lock);
    chain_drop(llm, g);
    pass(llm, g);
    *(g->prev ? &g->prev->next : &llm->groups) = g->next;
    if (g->next)
        g->next->prev = g->prev;
    for (uint32_t i = 0; i < n; i++) {
        accord_llm_slot_free(llm, &waits[i]);
        if (waits[i].item)
            waits[i].item->wait = NULL;
    }
    pthread_mutex_unlock(&llm->lock);
    for (uint32_t i = 0; i < n; i++)
        if (waits[i].frame) {
            accord_llm_client_abandon(llm, waits[i].frame);
            atomic_fetch_sub(&llm->undecided, 1);
        }
    pthread_cond_destroy(&g->cond);
    pthread_mutex_destroy(&g->lock);
}

void accord_llm_group_stop(accord_llm_group *g) {
    pthread_mutex_lock(&g->lock);
    g->stopped = true;
    pthread_cond_signal(&g->cond);
    pthread_mutex_unlock(&g->lock);
}

void accord_llm_wait_done(accord_llm_wait *w) {
    accord_llm_group *g = w->group;

    pthread_mutex_lock(&g->lock);
    w->done = true;
    if (--g->left == 0)
        pthread_cond_signal(&g->cond);
    pthread_mutex_unlock(&g->lock);
}

void accord_llm_job_fail(accord_llm_job *job, int32_t error, const char *why) {
    job->reply.error = error;
    job->reply.text = accord_xstrdup("");
    job->reply.message = accord_xstrdup(why);
    if (!job->done_ns)
        job->done_ns = accord_now_ns();
}

void accord_llm_wait_fail(accord_llm_wait *w, int32_t error, const char *why) {
    accord_llm_job_fail(w->job, error, why);
    accord_llm_wait_done(w);
}

uint64_t accord_llm_slot_take(accord_llm *llm, accord_llm_wait *w) {
    if (!llm->n_free) {
        uint32_t cap = llm->cap_slots ? 2 * llm->cap_slots : 64;
        llm->slots = accord_xrealloc(llm->slots, cap * sizeof(*llm->slots));
        llm->free_slots =
            accord_xrealloc(llm->free_slots, cap * sizeof(*llm->free_slots));
        while (llm->cap_slots < cap) {
            llm->slots[llm->cap_slots] = (accord_llm_slot){0};
            llm->free_slots[llm->n_free++] = llm->cap_slots++;
        }
    }
    w->slot = llm->free_slots[--llm->n_free];
    accord_llm_slot *s = &llm->slots[w->slot];
    s->wait = w;
    s->generation++;
    return (uint64_t)s->generation << 32 | w->slot;
}

accord_llm_wait *accord_llm_slot_find(accord_llm *llm, uint64_t id) {
    uint32_t slot = (uint32_t)id;

    if (slot >= llm->cap_slots || llm->slots[slot].generation != id >> 32)
        return NULL;
    return llm->slots[slot].wait;
}

void accord_llm_slot_free(accord_llm *llm, accord_llm_wait *w) {
    if (w->slot == NO_SLOT)
        return;
    llm->slots[w->slot].wait = NULL;
    llm->free_slots[llm->n_free++] = w->slot;
    w->slot = NO_SLOT;
}
