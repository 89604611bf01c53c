/* tally.h - a plurality vote over answers.  Two answers are the same vote when the task's
 * canonical forms are equal byte for byte; an empty form casts no vote. */
#ifndef ACCORD_TALLY_H
#define ACCORD_TALLY_H

#include <accord/plugin.h>

typedef struct accord_tally {
    uint32_t winner; /* index of the first answer of the winning group; without any vote
                      * of the first text that is not empty, if there is one */
    uint32_t votes;  /* of the winning group */
    uint32_t tied;   /* groups that have as many votes as the winner, itself included */
} accord_tally;

/* Who counts for which episode. */
typedef struct accord_tally_place {
    const accord_host *host;
    const accord_canon_service *canon;
    accord_episode *episode;
} accord_tally_place;

/* [worker] Counts text[n], n > 0.  Of tied groups the one whose first answer is earliest
 * wins, or, with `stream` (state for <accord/rng.h>), one drawn evenly. */
accord_code accord_tally_count(const accord_tally_place *place, const char *const *text,
                               uint32_t n, uint64_t *stream, accord_tally *out,
                               accord_err *err);

#endif
