/* palette.h - the settings of the colour modes: 100 sets of colours for floor, agent and
 * sky, of which every episode draws one. */
#ifndef ACCORD_VISUAL_PALETTE_H
#define ACCORD_VISUAL_PALETTE_H

#include <stdbool.h>

#include <accord/plugin.h>

#include "numpy_random.h"

/* RGB, 0 to 1. */
typedef struct palette_setting {
    float grid[6]; /* the checker's two colours */
    float self[3]; /* material `self`, the agent */
    float sky[3];  /* the sky's zenith */
} palette_setting;

typedef struct palette {
    palette_setting *setting;
    size_t n;
    char *file; /* the published settings, or NULL: generated */
    /* Where the last draw stopped, so that episodes in order cost one draw each. */
    numpy_random stream;
    uint32_t seed;
    uint64_t drawn;
} palette;

/* [worker] Reads the data file dmcgb/NAME.jsonl if it is there, else makes 100 settings
 * after the published distribution: the default colours plus normal noise of standard
 * deviation `spread` on each channel, clipped to [0, 1].  *out is the caller's, see
 * palette_fini(), also on failure.  ACCORD_E_CONFIG names file, line and field. */
accord_code palette_open(const accord_host *host, const char *name, double spread,
                         palette *out, accord_err *err);

/* [worker] The setting of episode `item`, as published: draw number item + 1 of
 * RandomState(seed).  After 2^20 episodes the draws begin again. */
const palette_setting *palette_draw(palette *p, uint32_t seed, uint64_t item);

/* [any] */
void palette_fini(palette *p);

#endif
