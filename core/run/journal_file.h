/* journal_file.h - inside of the journal: shared by its reading and its writing half. */
#ifndef ACCORD_JOURNAL_FILE_H
#define ACCORD_JOURNAL_FILE_H

#include <jansson.h>
#include <pthread.h>

#include "base/buf.h"
#include "run/index.h"
#include "run/journal.h"

enum { ACCORD_LINE_MAX = 256 << 20 };

/* One append-only file. */
typedef struct accord_log_file {
    int fd;
    int64_t n; /* bytes that count */
    bool dirty;
    char path[4096];
} accord_log_file;

struct accord_journal {
    pthread_mutex_t lock;
    accord_log_file journal;
    accord_log_file text;
    accord_buf line;   /* scratch, under the lock */
    accord_err failed; /* the first failed write */
    accord_index calls;
    accord_index episodes;
    int64_t limit; /* episodes of lines before this offset count as ended */
    accord_checkpoint checkpoint;
    bool finished;
    char dir[4096];
};

/* [main] Opens both files, cuts torn lines, reads what they hold. */
accord_code accord_journal_load(accord_journal *j, bool learns,
                                accord_err *err) ACCORD_MUST_CHECK;

/* [any] "EP|AGENT|ROLE|ROUND|SAMPLE|ORDINAL|HASH" as an index hash. */
uint64_t accord_call_hash(const accord_call_key *key);

/* [any] Reads the line at `offset` as a JSON object; json_decref(). */
accord_code accord_log_line(accord_log_file *f, int64_t offset, json_t **out,
                            accord_err *err) ACCORD_MUST_CHECK;

#endif
