/* wire.h - frames on the socketpair between parent and worker: {type, n_bytes} as two
 * uint32 of the machine, then the bytes.  Types 1 to 31 are the calls' (llm/wire.c), 32
 * and above belong to core/run. */
#ifndef ACCORD_WIRE_H
#define ACCORD_WIRE_H

#include <stddef.h>
#include <stdint.h>

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

#endif
