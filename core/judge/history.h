/* history.h - a project's scores over time: a file of JSON lines, one per run, to which
 * is only ever appended.
 *
 *   {"schema":"accord.history/1","suite":"plans","suite_sha256":"...","run":"plans",
 *    "id":"...","date":"2026-11-29T10:11:12Z","commit":"1a2b3c4",
 *    "tasks":{TASK:what accord_fingerprint() says},
 *    "rows":[{"task","mode","method","unit","items":SHA-256 of the sorted
 * ids,"n","seeds", "score","se","lo","hi"}]} se, lo and hi are null where they are not
 * known. */
#ifndef ACCORD_HISTORY_H
#define ACCORD_HISTORY_H

#include "judge/sentences.h"
#include "report/rows.h"

/* Texts are of the run's line. */
typedef struct accord_history_row {
    const char *task, *mode, *method;
    const char *unit;  /* "item", "seed" or "both" */
    const char *items; /* which ones */
    size_t n, seeds;
    double score;
    double se, lo, hi; /* NaN = not known */
} accord_history_row;

typedef struct accord_history_run {
    json_t *line;
    size_t number; /* of the line */
    const char *id, *run, *suite, *suite_sha256;
    const char *commit; /* or NULL */
    char date[32];      /* "2026-11-29T10:11:12Z": in order as texts */
    const json_t *tasks;
    accord_history_row *rows; /* [n] */
    size_t n;
} accord_history_run;

typedef struct accord_history {
    accord_history_run *runs; /* [n], by date; those of the same date as appended */
    size_t n, cap;
    bool unsorted; /* the file's lines were in another order */
    bool torn;     /* its last line is cut off, and was left out */
    size_t whole;  /* bytes before that */
    bool open_end; /* its last line is whole, but does not end */
} accord_history;

/* [main] ACCORD_E_NOTFOUND when there is no such file; ACCORD_E_CONFIG, with file and
 * line, for what is no history, or not of one suite.  accord_history_fini() in any
 * case. */
accord_code accord_history_read(const char *file, accord_history *out,
                                accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_history_fini(accord_history *h);

/* [main] A date as UTC: "2026-11-29", with a time "T10:11:12", and with "Z" or an offset
 * "+02:00" after that.  ACCORD_E_ARG for what is no date. */
accord_code accord_history_date(const char *text, char out[32],
                                accord_err *err) ACCORD_MUST_CHECK;

/* What is said of a run beside what it says itself. */
typedef struct accord_history_note {
    const char *commit; /* or NULL */
    const char *date;   /* or NULL: when the run began */
    double coverage;    /* the least share of episodes that nothing broke off */
} accord_history_note;

enum {
    ACCORD_HISTORY_ADDED,
    ACCORD_HISTORY_KNOWN, /* the same run stands there already */
    ACCORD_HISTORY_UNFIT, /* incomplete, or too much broke off */
};

/* [main] Appends a run: under the file's lock, on disk when it returns, and all of it or
 * nothing; a torn last line is cut off first, other lines are never touched.  *found is
 * ACCORD_HISTORY_..., with sentences in `notes`.  Errors as accord_history_read() has
 * them for a damaged history, and ACCORD_E_CONFIG for one of another suite. */
accord_code accord_history_append(const char *file, const char *run,
                                  const accord_history_note *note, int *found,
                                  accord_sentences *notes,
                                  accord_err *err) ACCORD_MUST_CHECK;

#endif
