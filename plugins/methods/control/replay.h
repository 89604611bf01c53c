/* replay.h - the transitions of training, each frame stored once, in a mapped file. */
#ifndef CONTROL_REPLAY_H
#define CONTROL_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

#include "sac.h"

typedef struct control_replay control_replay;

/* [worker] A buffer of `capacity` transitions of frames [3][pixels][pixels], in the file
 * `folder`/replay, which is made anew (control_replay_restore() takes one that is there);
 * folder NULL: in memory.  Append-only: when it is full, adding is an error (capacity =
 * training steps).  ACCORD_E_IO (a full disk, found now and not later), ACCORD_E_NOMEM.
 */
accord_code control_replay_create(const accord_host *host, const char *folder,
                                  uint64_t capacity, uint32_t pixels, uint32_t n_actions,
                                  control_replay **out, accord_err *err);
/* [worker] NULL is allowed. */
void control_replay_destroy(control_replay *r);
/* [any] Bytes that a full buffer takes. */
size_t control_replay_bytes(const control_replay *r);
/* [any] Transitions in it. */
uint64_t control_replay_size(const control_replay *r);

/* [worker] The first frame of an episode. */
accord_code control_replay_begin(control_replay *r, const uint8_t *frame,
                                 accord_err *err);
/* [worker] One transition: what was done in the last frame, and the frame it led to. */
accord_code control_replay_add(control_replay *r, const float *action, float reward,
                               int32_t terminated, const uint8_t *next_frame,
                               accord_err *err);

/* [worker] n transitions drawn evenly, their stacks assembled: the three latest frames,
 * the episode's first repeated at its start.  Writes what `b` points to; b->n = n. */
void control_replay_sample(const control_replay *r, uint32_t n, uint64_t *rng,
                           uint8_t *obs, uint8_t *next_obs, float *action, float *reward,
                           float *not_done);

/* [worker] Flushes, so that a checkpoint may note control_replay_size(). */
accord_code control_replay_flush(control_replay *r, accord_err *err);
/* [worker] After a resume: exactly `size` transitions, which must be in the file.
 * ACCORD_E_CONFIG where they are not. */
accord_code control_replay_restore(control_replay *r, uint64_t size, accord_err *err);

#endif
