/* live.h - the page that a worker shares with its parent: which episode holds the run
 * token, since when, and which others are in flight.  When the worker dies, the parent
 * knows whom to suspect. */
#ifndef ACCORD_LIVE_H
#define ACCORD_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACCORD_SLOTS = 4096, ACCORD_PLACE_TEXT = 96 };

/* Where an episode stands in a cell. */
typedef struct accord_place {
    int32_t phase;  /* ACCORD_PHASE_... */
    uint32_t mode;  /* index into the cell's modes */
    uint64_t step;  /* training done when it is played */
    uint64_t index; /* in the order of play of that phase */
} accord_place;

typedef struct accord_live_slot {
    _Atomic uint32_t busy;
    accord_place place;
} accord_live_slot;

enum { ACCORD_LIVE_MESSAGE = 512 };

typedef struct accord_live {
    _Atomic uint64_t played; /* episodes that ended */
    _Atomic uint64_t total;  /* of the cell, as far as known */
    _Atomic uint64_t trained;
    _Atomic uint64_t train_budget;
    int32_t code; /* why the worker gave up, written before it exits; an accord_code */
    char message[ACCORD_LIVE_MESSAGE];
    _Atomic uint32_t holder;  /* slot + 1 of the token's holder, 0 = nobody */
    _Atomic int64_t since_ns; /* accord_now_ns() of its last sign of life */
    accord_live_slot slots[ACCORD_SLOTS];
} accord_live;

/* [any] "eval:0:0:17" and back; false when it is none. */
void accord_place_format(const accord_place *place, char text[ACCORD_PLACE_TEXT]);
bool accord_place_parse(const char *text, accord_place *place);
bool accord_place_equal(const accord_place *a, const accord_place *b);

/* [any] "train", "eval", "probe". */
const char *accord_phase_name(int32_t phase);

#endif
