/* history_parts.h - what reading and appending share. */
#ifndef ACCORD_HISTORY_PARTS_H
#define ACCORD_HISTORY_PARTS_H

#include "base/buf.h"
#include "judge/history.h"

#define ACCORD_HISTORY_SCHEMA "accord.history/1"

/* [main] Adds the runs of a text to *h, in the order of its lines; `file` for errors. */
accord_code accord_history_parse(accord_history *h, const char *file, const char *text,
                                 size_t n, accord_err *err) ACCORD_MUST_CHECK;

/* [main] The line of a run, with its end. */
accord_code accord_history_line(const accord_rundir *run, const accord_rows *rows,
                                const accord_history_note *note, accord_buf *out,
                                accord_sentences *notes,
                                accord_err *err) ACCORD_MUST_CHECK;

#endif
