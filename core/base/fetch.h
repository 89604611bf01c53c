/* fetch.h - one published file over HTTP: whole and with the right hash, or not at all.
 */
#ifndef ACCORD_FETCH_H
#define ACCORD_FETCH_H

#include <stdint.h>

#include "base/err.h"

typedef struct accord_fetch_file {
    const char *url;    /* http or https */
    const char *sha256; /* 64 hexadecimal digits in lower case */
    uint64_t n_bytes;
    const char *path; /* where it goes; its folder exists */
} accord_fetch_file;

/* [main] Downloads to path.part, goes on where an earlier download was cut, compares
 * length and SHA-256, and renames.  After curl_global_init().  On failure `path` is as it
 * was. What was cut stays in path.part for the next time; what is wrong (too long,
 * another hash) is deleted.  ACCORD_E_IO with a sentence; ACCORD_E_LIMIT when another
 * process is at it. */
accord_code accord_fetch(const accord_fetch_file *file,
                         accord_err *err) ACCORD_MUST_CHECK;

#endif
