/* rescore.h - `accord rescore`: a run graded again, and what moved. */
#ifndef ACCORD_CLI_RESCORE_H
#define ACCORD_CLI_RESCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "run/rescore.h"

typedef struct accord_cli_rescore {
    const char *run;
    const char *out; /* a folder for the new run, or NULL: only says what would move */
    const char *const *set;
    uint32_t n_set;
    bool json;
} accord_cli_rescore;

/* [main] The whole command; the exit status. */
int accord_cli_rescore_run(const accord_cli_rescore *what);

/* [main] What was found, `found[i]` of cell i (rescore.h).  `shown` is the run that the
 * commands for transcripts name. */
void accord_cli_rescore_words(const accord_rescore *r, json_t *const *found,
                              const char *shown, accord_buf *out);
void accord_cli_rescore_data(const accord_rescore *r, json_t *const *found,
                             accord_buf *out);

#endif
