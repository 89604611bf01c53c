/* augment.h - image augmentations of visual reinforcement learning, as one table.
 *
 * All work on stacks of frames as bytes, [n][3 frames][pixels][pixels], in place of
 * floats in 0 to 1: what comes out is rounded to the nearest byte.  One draw per stack,
 * shared by its frames, unless the entry says otherwise.  The sources of the definitions
 * stand at each entry in augment.c. */
#ifndef CONTROL_AUGMENT_H
#define CONTROL_AUGMENT_H

#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

enum { CONTROL_MAX_CHAIN = 4 };

/* The frames that can be augmented: the loops keep bands of them on the stack. */
enum { CONTROL_MIN_PIXELS = 16, CONTROL_MAX_PIXELS = 256 };

/* Where overlay takes its pictures from: a folder of the user's (PNG, JPEG), or textures
 * that are generated; read once, scaled to `pixels`. */
typedef struct control_pictures control_pictures;

/* [worker] `folder` NULL or "": generated textures.  ACCORD_E_NOTFOUND, ACCORD_E_CONFIG
 * for a folder without pictures; ACCORD_E_NOMEM.  *out is the caller's. */
accord_code control_pictures_create(const accord_host *host, const char *folder,
                                    uint32_t pixels, control_pictures **out,
                                    accord_err *err);
/* [worker] NULL is allowed. */
void control_pictures_destroy(control_pictures *p);
/* [any] One line for the record: what they are and how many. */
const char *control_pictures_text(const control_pictures *p);

/* What an augmentation is applied to.  in and out do not overlap. */
typedef struct control_stacks {
    uint32_t n, frames, pixels; /* pixels: CONTROL_MIN_PIXELS to CONTROL_MAX_PIXELS */
    const uint8_t *in;          /* [n][3 frames][pixels][pixels] */
    uint8_t *out;
} control_stacks;

typedef struct control_augmentation {
    const char *name; /* "shift", "conv", "overlay", ... */
    const char *help; /* one line */
    int32_t needs_pictures;
    void (*apply)(const control_stacks *s, const control_pictures *pictures,
                  uint64_t *rng);
} control_augmentation;

/* [any] The table: shift conv overlay cutout cutout_color jitter grayscale rotation noise
 * blur; NULL at its end. */
const control_augmentation *control_augmentation_at(uint32_t i);
/* [any] By name, or NULL. */
const control_augmentation *control_augmentation_find(const char *name);

/* A chain of augmentations, applied one after the other: "conv", "conv+overlay". */
typedef struct control_chain {
    char name[64];
    uint32_t n;
    const control_augmentation *of[CONTROL_MAX_CHAIN];
} control_chain;

/* [any] Reads a list of chains, "conv,overlay" or "conv+overlay,jitter", into
 * out[max]; "" or "none" is an empty list.  ACCORD_E_CONFIG names what is wrong and lists
 * what there is. */
accord_code control_chains_read(const accord_host *host, const char *text,
                                control_chain *out, uint32_t max, uint32_t *n,
                                accord_err *err);
/* [worker] Applies a chain; `scratch` [size of in], only used where the chain has more
 * than one member. */
void control_chain_apply(const control_chain *c, const control_stacks *s,
                         uint8_t *scratch, const control_pictures *pictures,
                         uint64_t *rng);

#endif
