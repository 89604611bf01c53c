/* feed.h - the corpus as batches of tokens.
 *
 * Lessons are drawn in windows, sorted by length within a window and cut into batches of
 * about equal size, which come in random order.  So little is padding, and where a feed
 * stands is two numbers. */
#ifndef ACCORD_POCKET_FEED_H
#define ACCORD_POCKET_FEED_H

#include <stddef.h>

#include "corpus.h"

/* Sequences side by side, each padded at its end. */
typedef struct pocket_batch {
    const int32_t *tokens; /* [rows][time] */
    const int32_t *at;     /* [n_wanted], ascending: positions in tokens ... */
    const int32_t *next;   /* [n_wanted]: ... and the token that is wanted after them */
    size_t rows, time, n_wanted;
    size_t n_tokens; /* that are no padding */
} pocket_batch;

/* Where a feed stands.  Plain bytes for a checkpoint. */
typedef struct pocket_place {
    uint64_t window;
    uint64_t batch; /* in the window */
} pocket_place;

typedef struct pocket_feed_config {
    uint64_t seed;
    const pocket_mix *mix;
    const pocket_samples *samples; /* or NULL */
    size_t lessons;                /* of a window */
    size_t tokens;                 /* of a batch, padding included */
    size_t context;                /* longer lessons are left out */
} pocket_feed_config;

typedef struct pocket_feed pocket_feed;

/* [any] What config points to must outlive the feed.  NULL without memory. */
pocket_feed *pocket_feed_create(const pocket_feed_config *config);
/* [any] NULL is allowed. */
void pocket_feed_destroy(pocket_feed *f);

/* [any] The next batch, the feed's until the next call.  ACCORD_E_NOMEM. */
accord_code pocket_feed_next(pocket_feed *f, pocket_batch *out);

/* [any] Where the feed stands, and going there. */
pocket_place pocket_feed_place(const pocket_feed *f);
void pocket_feed_go(pocket_feed *f, pocket_place place);

/* [any] Tokens of a lesson: prompt, then reply with the end of text; the reply's begin at
 * *n_prompt.  *n is 0 if they are more than `room`.  ACCORD_E_NOMEM. */
accord_code pocket_lesson_tokens(const pocket_lesson *lesson, int32_t *tokens,
                                 size_t room, size_t *n_prompt, size_t *n);

#endif
