/* frames.h - an episode as pictures: its task is opened again with the same key and given
 * the recorded actions, and every frame that it shows becomes a PNG and a part of one
 * animated GIF. */
#ifndef ACCORD_FRAMES_H
#define ACCORD_FRAMES_H

#include "run/manifest.h"

#define ACCORD_FRAMES_COMMAND "frames" /* the hidden sub-command of the child */
#define ACCORD_FRAMES_GIF     "episode.gif"

enum {
    ACCORD_FRAMES_SIDE = 256, /* small frames are enlarged to at least this, in the GIF */
    ACCORD_FRAMES_MAX_SIDE = 4096,
};

/* Which episode, and how it shall look. */
typedef struct accord_frames_order {
    const accord_manifest *manifest;
    uint32_t cell;
    const char *mode;
    uint64_t index;        /* the item's place in the order of play, as journalled */
    const char *item;      /* and its id */
    const json_t *actions; /* the line of text.jsonl */
    const char *dir;       /* gets the files; it exists and is empty */
    uint32_t side;         /* height and width of the frames, 0 = as the run had them */
    uint32_t scale;    /* of the GIF, 0 = the smallest that reaches ACCORD_FRAMES_SIDE */
    uint32_t delay_cs; /* of the GIF: hundredths of a second a frame */
} accord_frames_order;

typedef struct accord_frames {
    uint32_t n, height, width; /* frames: one more than steps */
    uint32_t scale;
    uint64_t steps; /* played until the episode ended, or the actions did */
    double score;   /* the sum of the rewards; NaN where it is no finite number */
} accord_frames;

/* [main] Plays the episode in a child and writes DIR/frame-0000.png ... and
 * DIR/episode.gif, those of the two that this build can write: all or, on failure, none.
 * ACCORD_E_UNSUPPORTED where the task shows no pictures, ACCORD_E_CONFIG where it is no
 * longer the task of the run. */
accord_code accord_frames_write(const accord_frames_order *order, accord_frames *out,
                                accord_err *err) ACCORD_MUST_CHECK;
/* [any] "frame-0007.png", of frame 7. */
void accord_frames_name(char name[32], uint64_t frame);
/* [main] The child's side; the process's exit status. */
int accord_frames_serve(void);

#endif
