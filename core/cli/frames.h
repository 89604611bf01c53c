/* frames.h - `accord show --frames`: a recorded episode as pictures. */
#ifndef ACCORD_CLI_FRAMES_H
#define ACCORD_CLI_FRAMES_H

#include <stdint.h>

#include "report/recorded.h"

typedef struct accord_cli_frames {
    accord_recorded_wish wish;
    const char *dir; /* new or empty */
    uint32_t side;   /* 0: as in the run */
    uint32_t scale;  /* 0: so that small frames can be seen */
    uint32_t fps;
} accord_cli_frames;

/* [main] Writes the pictures and prints what they are; the exit status.  It is
 * ACCORD_EXIT_INCOMPLETE where the episode took another course than in the run. */
int accord_cli_show_frames(const accord_cli_frames *what);

#endif
