/* talk.h - all lines about one item in one cell, and how they read as a conversation. */
#ifndef ACCORD_TALK_H
#define ACCORD_TALK_H

#include <jansson.h>
#include <stdio.h>

#include "base/buf.h"
#include "report/rundir.h"

/* A line of the journal or of text.jsonl. */
typedef struct accord_talk_line {
    json_t *json;
    char *key; /* what the line is about; a later line with the same key replaces it */
} accord_talk_line;

typedef struct accord_talk {
    accord_talk_line *lines; /* journal first, then texts, each in the file's order */
    size_t n, cap;
} accord_talk;

/* [main] Reads the lines about `item`, and with `raw` not NULL appends them to it as they
 * stand.  `near` is the item that comes nearest so far, at distance *distance; the caller
 * frees it.  A cell that was not begun has no lines. */
accord_code accord_talk_read(const accord_rundir *run, const accord_run_cell *cell,
                             const char *item, accord_buf *raw, accord_talk *out,
                             char **near, size_t *distance,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [main] ACCORD_E_NOTFOUND: no item is called that in `where`; names `near`, at distance
 * `distance`, if that is near enough. */
accord_code accord_talk_no_item(const char *item, const char *where, const char *near,
                                size_t distance, accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_talk_fini(accord_talk *t);

/* A call: its line of the journal (accounts) and of text.jsonl (words); one may be NULL.
 */
typedef struct accord_talk_call {
    const json_t *account, *words; /* the talk's */
    size_t role;                   /* in order of appearance */
    size_t seen;                   /* the number of its first line */
} accord_talk_call;

/* [main] Adds a line as it stands in a file; it replaces one with the same key among
 * those from number `first` on. */
accord_code accord_talk_add(accord_talk *t, const char *line, size_t first,
                            accord_err *err) ACCORD_MUST_CHECK;
/* [main] The calls of an episode by round, role, agent and sample: (*out)[*n], free()
 * it. */
accord_code accord_talk_calls(const accord_talk *t, const char *ep,
                              accord_talk_call **out, size_t *n,
                              accord_err *err) ACCORD_MUST_CHECK;

/* [main] Writes the episodes one after the other: who was asked what, who said what. */
accord_code accord_talk_print(const accord_talk *t, const accord_rundir *run,
                              const accord_run_cell *cell, accord_buf *out,
                              accord_err *err) ACCORD_MUST_CHECK;

#endif
