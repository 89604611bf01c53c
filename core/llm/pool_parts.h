/* pool_parts.h - what the files of the pool share, and nobody else includes.
 *
 * A call is made of a CALL frame and lives until its verdict:
 *
 *   QUEUED --window free--> FLYING --2xx--> JUDGED --ok, fail--> closed
 *     ^                       |                |
 *     +------ WAITING <-------+---- retry -----+        any other end: closed */
#ifndef ACCORD_POOL_PARTS_H
#define ACCORD_POOL_PARTS_H

#include <curl/curl.h>

#include "llm/pool.h"

typedef struct accord_pool_call accord_pool_call;
typedef struct accord_pool_http accord_pool_http;
typedef struct accord_pool_lane accord_pool_lane;

enum { CALL_FREE, CALL_QUEUED, CALL_WAITING, CALL_FLYING, CALL_JUDGED };

enum { NO_TIMER = -1 };

/* One of curl's sockets. */
typedef struct accord_pool_fd {
    uint8_t events; /* what epoll was asked for */
    uint8_t wanted; /* what curl wants */
    bool ours;      /* a connection: we hear when it is closed */
} accord_pool_fd;

struct accord_pool_call {
    int state;
    uint32_t slot;
    uint32_t generation; /* counts the calls of a slot, so that no old ticket fits */
    accord_pool_worker *worker;
    accord_pool_call *worker_prev, *worker_next; /* all calls of the worker */
    accord_pool_call *prev, *next;               /* the queue of the model */
    accord_pool_lane *lane;
    accord_pool_http *http; /* FLYING */
    bool holds_window;
    uint64_t id; /* the worker's */
    char *frame; /* what url, key_env and body point into */
    const char *url, *key_env, *body;
    size_t n_body;
    int64_t deadline_ns;
    int64_t wake_ns; /* in the heap of timers */
    int timer;       /* place in the heap, or NO_TIMER */
    uint32_t tries;
    int64_t sent_ns, first_ns, done_ns; /* of the last attempt */
};

/* An easy handle with its headers and buffers; used again and again. */
struct accord_pool_http {
    CURL *easy;
    accord_pool_http *next; /* idle ones of the model */
    accord_pool_http *all;  /* every one of the model */
    accord_pool_call *call; /* NULL when idle */
    char *url;
    char *key_env;
    struct curl_slist *headers;
    accord_wire body; /* what was received */
    bool too_long;
    char why[CURL_ERROR_SIZE];
};

struct accord_pool_lane {
    accord_pool_model set;
    accord_pool *pool;
    accord_pool_call *head, *tail; /* QUEUED, oldest first */
    uint32_t in_flight;            /* holders of the window */
    accord_pool_http *idle, *all;
};

struct accord_pool_worker {
    accord_pool *pool;
    accord_pool_worker *prev, *next;
    int fd;
    void *user;
    uint32_t events; /* what epoll was asked for */
    accord_wire in, out;
    accord_pool_call *calls;
    bool gone;     /* the other side closed */
    bool detached; /* freed at the end of the poll */
};

struct accord_pool {
    accord_pool_lane *lanes;
    uint32_t n_lanes;
    void (*on_frame)(void *user, uint32_t type, const void *data, size_t n);
    int64_t backoff_ns, backoff_max_ns;
    int epoll;
    CURLM *multi;
    int64_t curl_ns;     /* when curl wants to be called; INT64_MAX = not */
    accord_pool_fd *fds; /* [n_fds] by number */
    size_t n_fds;
    accord_pool_call **calls; /* [n_calls] slots */
    uint32_t *free_slots;
    accord_pool_call **timers; /* binary heap by wake_ns */
    uint32_t n_calls, n_free, n_timers;
    size_t cap_slots; /* of all three */
    accord_pool_worker *workers;
    accord_pool_worker *detached; /* by next */
    bool polling;
    uint64_t jitter; /* random state */
    uint64_t token_budget;
    double cost_budget;
    accord_pool_usage usage;
};

/* ---- call.c: slots, queue, timers ---- */

/* Makes a call of a CALL frame.  False when the frame makes no sense. */
bool accord_pool_call_open(accord_pool_worker *w, const char *data, size_t n);
/* The call that a VERDICT of this worker means, or NULL. */
accord_pool_call *accord_pool_call_find(accord_pool_worker *w, uint64_t ticket);
/* Takes it out of every list and frees what it holds. */
void accord_pool_call_close(accord_pool_call *c);
void accord_pool_call_enqueue(accord_pool_call *c, bool first);
void accord_pool_call_dequeue(accord_pool_call *c);
/* From now on FLYING is over: gives the place in the window back. */
void accord_pool_call_leave_window(accord_pool_call *c);
void accord_pool_timer_set(accord_pool_call *c, int64_t wake_ns);
void accord_pool_timer_clear(accord_pool_call *c);
/* Starts what the windows allow; true when something was started. */
bool accord_pool_call_dispatch(accord_pool *p);
/* Deals with the calls whose time has come. */
void accord_pool_call_timers(accord_pool *p, int64_t now);

/* ---- settle.c: what becomes of an attempt ---- */

/* Ends a call for good with a sentence; the worker is told. */
void accord_pool_call_end(accord_pool_call *c, int32_t outcome, const char *message);
/* curl is done with an attempt. */
void accord_pool_call_settle(accord_pool_call *c, CURLcode result);
void accord_pool_call_verdict(accord_pool_call *c, const accord_wire_verdict *v,
                              const char *message);

/* ---- retry.c: which failures pass, and how long to wait ---- */

bool accord_pool_retry_status(long status);
bool accord_pool_retry_curl(CURLcode code);
/* Full jitter (Brooker 2015): uniform in (0, min(max, base 2^(tries-1))); never less than
 * what the server asked for. */
int64_t accord_pool_retry_delay(accord_pool *p, uint32_t tries, int64_t retry_after_s);

/* ---- http.c: easy handles ---- */

/* Hands an attempt to curl.  False and why[size] when it cannot be made. */
bool accord_pool_http_start(accord_pool_call *c, int64_t timeout_ns, char *why,
                            size_t size);
/* Takes the handle back from its call and forgets what it received. */
void accord_pool_http_release(accord_pool_http *h);
void accord_pool_http_destroy(accord_pool_http *h);
/* Text of a server's error, at most 200 bytes, without the key. */
void accord_pool_http_error_text(const accord_pool_http *h, char *out, size_t size);

/* ---- sockets.c: curl's sockets and its timer ---- */

/* Registers the callbacks of the multi handle, and of an easy one. */
void accord_pool_sockets_setup_multi(accord_pool *p);
void accord_pool_sockets_setup(accord_pool *p, CURL *easy);
void accord_pool_sockets_event(accord_pool *p, int fd, uint32_t events);
/* Calls curl when its timer is due; true when it was. */
bool accord_pool_sockets_timer(accord_pool *p);

/* ---- peers.c: the workers' sockets ---- */

void accord_pool_peer_event(accord_pool_worker *w, uint32_t events);
/* Writes what the socket takes of what is queued. */
void accord_pool_peer_flush(accord_pool_worker *w);
void accord_pool_peer_put(accord_pool_worker *w, uint32_t type, const struct iovec *parts,
                          int n);
void accord_pool_peer_stop(accord_pool_worker *w, uint8_t reason);
void accord_pool_peers_free_detached(accord_pool *p);

/* ---- budget.c ---- */

void accord_pool_budget_add(accord_pool_lane *lane, uint32_t calls, uint64_t prompt,
                            uint64_t completion);

#endif
