/* wire.h - frames on the socketpair between parent and worker: {type, n_bytes} as two
 * uint32 of the machine, then the bytes.  Types 1 to 31 are the calls' (llm/wire.c), 32
 * and above belong to core/run. */
#ifndef ACCORD_WIRE_H
#define ACCORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum {
    ACCORD_FRAME_GONE = 0,    /* never sent: the other side closed */
    ACCORD_FRAME_CALL = 1,    /* worker -> parent: a request for a server */
    ACCORD_FRAME_REPLY = 2,   /* parent -> worker: what came back */
    ACCORD_FRAME_VERDICT = 3, /* worker -> parent: ok, retry or fail, and the usage */
    ACCORD_FRAME_USAGE = 4,   /* worker -> parent: tokens of a model that computes, and of
                                 calls that a resumed journal already holds */
    ACCORD_FRAME_STOP = 5, /* parent -> worker: stop issuing and drain (signal, budget) */
    ACCORD_FRAME_RUN = 32, /* first type of core/run */
};

/* The one byte of a STOP frame.  Both refuse new calls.  BUDGET lets the calls that are
 * with a server finish, SIGNAL ends every wait at once. */
enum { ACCORD_STOP_BUDGET = 1, ACCORD_STOP_SIGNAL = 2 };

#define ACCORD_WIRE_BODY_MAX  ((size_t)64 << 20) /* of a server's reply */
#define ACCORD_WIRE_FRAME_MAX (ACCORD_WIRE_BODY_MAX + 65536)

/* CALL, followed by url, key_env and body, the first two with their NUL. */
typedef struct accord_wire_call {
    uint64_t id;         /* the worker's */
    int64_t deadline_ns; /* of the episode; 0 = none */
    uint32_t model;
    uint32_t n_url;
    uint32_t n_key_env; /* the name of a variable; the key itself never travels */
    uint32_t n_body;
} accord_wire_call;

enum {
    ACCORD_OUTCOME_HTTP = 0,    /* status 2xx: to be decoded, and a VERDICT is awaited */
    ACCORD_OUTCOME_TIMEOUT = 1, /* the others are final; the body says why */
    ACCORD_OUTCOME_FAILED = 2,
    ACCORD_OUTCOME_STOPPED = 3, /* never issued: the budget is spent */
};

/* REPLY, followed by content type and body, both with their NUL.  The times are those of
 * the last attempt, on the scale of accord_now_ns(). */
typedef struct accord_wire_reply {
    uint64_t id;
    uint64_t ticket; /* names the call in the VERDICT */
    int64_t sent_ns;
    int64_t first_ns;
    int64_t done_ns;
    int32_t outcome;
    int32_t status;
    uint32_t tries;
    uint32_t n_type;
    uint32_t n_body;
    uint32_t reserved;
} accord_wire_reply;

/* VERDICT, followed by a message with its NUL. */
typedef struct accord_wire_verdict {
    uint64_t ticket;
    uint64_t prompt_tokens;
    uint64_t completion_tokens;
    int32_t verdict; /* ACCORD_VERDICT_... */
    uint32_t n_message;
} accord_wire_verdict;

/* USAGE */
typedef struct accord_wire_usage {
    uint32_t model; /* index in the run's list */
    uint32_t calls;
    uint64_t prompt_tokens;
    uint64_t completion_tokens;
} accord_wire_usage;

/* Bytes on their way in or out: what lies between begin and end. */
typedef struct accord_wire {
    char *data;
    size_t begin;
    size_t end;
    size_t cap;
} accord_wire;

/* [any] */
void accord_wire_fini(accord_wire *w);
/* [any] Room for n more bytes behind `end`. */
void accord_wire_reserve(accord_wire *w, size_t n);
/* [any] The first n bytes have been dealt with.  Gives back the memory of a large frame.
 */
void accord_wire_drop(accord_wire *w, size_t n);
/* [any] Appends a frame made of parts. */
void accord_wire_put(accord_wire *w, uint32_t type, const struct iovec *parts, int n);
/* [any] Takes the first frame: 1 and *data until the buffer is touched again; 0 when it
 * is not complete; -1 when it is longer than ACCORD_WIRE_FRAME_MAX. */
int accord_wire_next(accord_wire *w, uint32_t *type, const char **data, size_t *n);

#endif
