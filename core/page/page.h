/* page.h - runs as one HTML file that needs no network. */
#ifndef ACCORD_PAGE_H
#define ACCORD_PAGE_H

#include <stddef.h>

#include "base/err.h"

/* What `accord report` is asked for. */
typedef struct accord_page_how {
    const char *const *runs;
    size_t n_runs;
    const char *out; /* the file to write */
    size_t max_talk; /* the most bytes that transcripts take */
    size_t max_list; /* the most bytes of the list of episodes; 0 = 1 MiB */
} accord_page_how;

typedef struct accord_page_found {
    size_t bytes;            /* of the file */
    size_t episodes, listed; /* of the last evaluations; of them in the list */
    size_t talks, left_out;  /* transcripts in the page; that there are besides */
} accord_page_found;

/* [main] Writes the page.  The same runs give the same bytes.  ACCORD_E_CONFIG for what
 * is no run, ACCORD_E_IO with the place. */
accord_code accord_page_write(const accord_page_how *how, accord_page_found *found,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
