/* replay.h - the transitions of training, each frame stored once, in a mapped file. */
#ifndef CONTROL_REPLAY_H
#define CONTROL_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

typedef struct control_replay control_replay;

/* [worker] A buffer of `capacity` transitions of frames [3][pixels][pixels], in the file
 * `folder`/replay.  A file that fits is left as it is until the first transition is
 * written or control_replay_restore() takes what is in it; any other is made anew.
 * folder NULL: in memory.  Append-only: when it is full, adding is an error (capacity =
 * training steps).  ACCORD_E_IO (a full disk, found now and not later), ACCORD_E_NOMEM.
 */
accord_code control_replay_create(const accord_host *host, const char *folder,
                                  uint64_t capacity, uint32_t pixels, uint32_t n_actions,
                                  control_replay **out, accord_err *err);
/* [worker] NULL is allowed. */
void control_replay_destroy(control_replay *r);
/* [any] Bytes that a full buffer takes.  Episodes shorter than some 60 steps take up to
 * twice as much, as each has a first frame that no transition led to. */
size_t control_replay_bytes(const control_replay *r);
/* [any] Transitions in it. */
uint64_t control_replay_size(const control_replay *r);

/* [worker] The first frame of an episode.  ACCORD_E_IO, ACCORD_E_NOMEM where the file has
 * to grow for it and cannot; ACCORD_E_LIMIT when the buffer is full. */
accord_code control_replay_begin(control_replay *r, const uint8_t *frame,
                                 accord_err *err);
/* [worker] One transition: what was done in the last frame, and the frame it led to.
 * Errors as above; ACCORD_E_ARG before control_replay_begin(). */
accord_code control_replay_add(control_replay *r, const float *action, float reward,
                               int32_t terminated, const uint8_t *next_frame,
                               accord_err *err);

/* [worker] From now on a drawn transition leads over k steps: `steps`, or fewer where the
 * episode ends or goes on.  Its reward is sum_i discount^i r_i and its not_done
 * discount^(k - 1), 0 where it terminated (Sutton 1988; as in Yarats et al. 2021, DrQ-v2,
 * with 3).  A buffer begins with one step. */
void control_replay_look_ahead(control_replay *r, uint32_t steps, double discount);
/* [worker] n transitions drawn evenly, with replacement, from a buffer that is not empty;
 * their stacks are assembled: the three latest frames, the episode's first repeated at
 * its start.  obs, next_obs [n][9][pixels][pixels]; action [n][n_actions]; reward and
 * not_done [n], the latter 0 where the episode terminated, else 1 (or as above). */
void control_replay_sample(const control_replay *r, uint32_t n, uint64_t *rng,
                           uint8_t *obs, uint8_t *next_obs, float *action, float *reward,
                           float *not_done);

/* [worker] Flushes, so that a checkpoint may note control_replay_size().  ACCORD_E_IO. */
accord_code control_replay_flush(control_replay *r, accord_err *err);
/* [worker] After a resume: exactly `size` transitions, which must be in the file.
 * ACCORD_E_CONFIG where they are not. */
accord_code control_replay_restore(control_replay *r, uint64_t size, accord_err *err);

#endif
