/* call.c - the calls of the pool: their slots, the queue of each model, the timers. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/pool_parts.h"

/* ---- timers: a binary heap, earliest first ---- */

static void heap_place(accord_pool *p, uint32_t at, accord_pool_call *c) {
    p->timers[at] = c;
    c->timer = (int)at;
}

static void heap_up(accord_pool *p, uint32_t at, accord_pool_call *c) {
    while (at && p->timers[(at - 1) / 2]->wake_ns > c->wake_ns) {
        heap_place(p, at, p->timers[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_place(p, at, c);
}

static void heap_down(accord_pool *p, uint32_t at, accord_pool_call *c) {
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= p->n_timers)
            break;
        if (child + 1 < p->n_timers &&
            p->timers[child + 1]->wake_ns < p->timers[child]->wake_ns)
            child++;
        if (p->timers[child]->wake_ns >= c->wake_ns)
            break;
        heap_place(p, at, p->timers[child]);
        at = child;
    }
    heap_place(p, at, c);
}

void accord_pool_timer_clear(accord_pool_call *c) {
    accord_pool *p = c->lane->pool;

    if (c->timer == NO_TIMER)
        return;
    uint32_t at = (uint32_t)c->timer;
    accord_pool_call *last = p->timers[--p->n_timers];
    c->timer = NO_TIMER;
    if (last == c)
        return;
    if (at && p->timers[(at - 1) / 2]->wake_ns > last->wake_ns)
        heap_up(p, at, last);
    else
        heap_down(p, at, last);
}

/* There is a place in the heap for every slot: accord_pool_call_open() saw to it. */
void accord_pool_timer_set(accord_pool_call *c, int64_t wake_ns) {
    accord_pool *p = c->lane->pool;

    accord_pool_timer_clear(c);
    c->wake_ns = wake_ns;
    heap_up(p, p->n_timers++, c);
}

void accord_pool_call_timers(accord_pool *p, int64_t now) {
    while (p->n_timers && p->timers[0]->wake_ns <= now) {
        accord_pool_call *c = p->timers[0];
        accord_pool_timer_clear(c);
        if (c->state == CALL_WAITING)
            accord_pool_call_enqueue(c, true);
        else
            accord_pool_call_end(c, ACCORD_OUTCOME_TIMEOUT,
                                 "the episode's time was up before the call was sent");
    }
}

/* ---- slots ---- */

static accord_pool_call *new_slot(accord_pool *p) {
    if (p->n_free)
        return p->calls[p->free_slots[--p->n_free]];
    if (p->n_calls == p->cap_slots) {
        size_t cap = p->cap_slots ? 2 * p->cap_slots : 64;
        p->calls = accord_xrealloc(p->calls, cap * sizeof(*p->calls));
        p->timers = accord_xrealloc(p->timers, cap * sizeof(*p->timers));
        p->free_slots = accord_xrealloc(p->free_slots, cap * sizeof(*p->free_slots));
        p->cap_slots = cap;
    }
    accord_pool_call *c = accord_xalloc(sizeof(*c));
    c->slot = p->n_calls;
    p->calls[p->n_calls++] = c;
    return c;
}

accord_pool_call *accord_pool_call_find(accord_pool_worker *w, uint64_t ticket) {
    uint32_t slot = (uint32_t)ticket;

    if (slot >= w->pool->n_calls)
        return NULL;
    accord_pool_call *c = w->pool->calls[slot];
    bool fits =
        c->state == CALL_JUDGED && c->worker == w && c->generation == ticket >> 32;
    return fits ? c : NULL;
}

/* The three texts behind the head, each where the head says it is. */
static bool read_texts(accord_pool_call *c, const accord_wire_call *head,
                       const char *data, size_t n) {
    if (!head->n_url || !head->n_key_env ||
        (uint64_t)head->n_url + head->n_key_env + head->n_body != n ||
        data[head->n_url - 1] || data[head->n_url + head->n_key_env - 1])
        return false;
    c->frame = malloc(n);
    if (!c->frame)
        return false;
    memcpy(c->frame, data, n);
    c->url = c->frame;
    c->key_env = c->url + head->n_url;
    c->body = c->key_env + head->n_key_env;
    c->n_body = head->n_body;
    return true;
}

static void link_worker(accord_pool_call *c, accord_pool_worker *w) {
    c->worker = w;
    c->worker_prev = NULL;
    c->worker_next = w->calls;
    if (w->calls)
        w->calls->worker_prev = c;
    w->calls = c;
}

bool accord_pool_call_open(accord_pool_worker *w, const char *data, size_t n) {
    accord_pool *p = w->pool;
    accord_wire_call head;

    if (n < sizeof(head))
        return false;
    memcpy(&head, data, sizeof(head));
    if (head.model >= p->n_lanes)
        return false;
    accord_pool_call *c = new_slot(p);
    *c = (accord_pool_call){.slot = c->slot,
                            .generation = c->generation + 1,
                            .lane = &p->lanes[head.model],
                            .id = head.id,
                            .deadline_ns = head.deadline_ns,
                            .timer = NO_TIMER};
    if (!read_texts(c, &head, data + sizeof(head), n - sizeof(head))) {
        p->free_slots[p->n_free++] = c->slot;
        return false;
    }
    link_worker(c, w);
    if (p->usage.budget_spent)
        accord_pool_call_end(c, ACCORD_OUTCOME_STOPPED, "the run's budget is spent");
    else
        accord_pool_call_enqueue(c, false);
    return true;
}

void accord_pool_call_close(accord_pool_call *c) {
    accord_pool *p = c->lane->pool;

    if (c->state == CALL_QUEUED)
        accord_pool_call_dequeue(c);
    accord_pool_timer_clear(c);
    if (c->http)
        accord_pool_http_release(c->http);
    accord_pool_call_leave_window(c);
    if (c->state == CALL_FLYING || c->state == CALL_JUDGED)
        p->usage.in_flight--;
    if (c->worker_prev)
        c->worker_prev->worker_next = c->worker_next;
    else
        c->worker->calls = c->worker_next;
    if (c->worker_next)
        c->worker_next->worker_prev = c->worker_prev;
    free(c->frame);
    c->frame = NULL;
    c->worker = NULL;
    c->state = CALL_FREE;
    p->free_slots[p->n_free++] = c->slot;
}

/* ---- the queue of a model ---- */

void accord_pool_call_enqueue(accord_pool_call *c, bool first) {
    accord_pool_lane *lane = c->lane;

    c->state = CALL_QUEUED;
    c->prev = first ? NULL : lane->tail;
    c->next = first ? lane->head : NULL;
    *(c->prev ? &c->prev->next : &lane->head) = c;
    *(c->next ? &c->next->prev : &lane->tail) = c;
    if (c->deadline_ns)
        accord_pool_timer_set(c, c->deadline_ns);
}

void accord_pool_call_dequeue(accord_pool_call *c) {
    accord_pool_lane *lane = c->lane;

    *(c->prev ? &c->prev->next : &lane->head) = c->next;
    *(c->next ? &c->next->prev : &lane->tail) = c->prev;
    c->prev = c->next = NULL;
    accord_pool_timer_clear(c);
}

void accord_pool_call_leave_window(accord_pool_call *c) {
    if (c->holds_window)
        c->lane->in_flight--;
    c->holds_window = false;
}

static void start(accord_pool_call *c) {
    int64_t now = accord_now_ns();
    int64_t left = (int64_t)(c->lane->set.timeout_s * (double)ACCORD_S_NS);
    char why[200];

    accord_pool_call_dequeue(c);
    c->state = CALL_FLYING;
    c->lane->pool->usage.in_flight++;
    c->lane->in_flight++;
    c->holds_window = true;
    c->tries++;
    c->sent_ns = now;
    if (c->deadline_ns && c->deadline_ns - now < left)
        left = c->deadline_ns - now;
    if (left <= 0)
        accord_pool_call_end(c, ACCORD_OUTCOME_TIMEOUT, "the episode's time was up");
    else if (!accord_pool_http_start(c, left, why, sizeof(why)))
        accord_pool_call_end(c, ACCORD_OUTCOME_FAILED, why);
}

bool accord_pool_call_dispatch(accord_pool *p) {
    bool any = false;

    for (uint32_t i = 0; i < p->n_lanes; i++) {
        accord_pool_lane *lane = &p->lanes[i];
        while (lane->head && lane->in_flight < lane->set.window) {
            start(lane->head);
            any = true;
        }
    }
    return any;
}
