/* journal.h - the two append-only files of a cell: journal.jsonl, the truth, and
 * text.jsonl beside it.  README.md shows every line.
 *
 * A line counts when its write returned.  After a failed write nothing more is written
 * and every call fails with the same sentence.  All functions are [any]: one lock inside.
 */
#ifndef ACCORD_JOURNAL_H
#define ACCORD_JOURNAL_H

#include <stdbool.h>

#include "base/err.h"
#include "llm/llm.h"
#include "run/actions.h"

typedef struct accord_journal accord_journal;

/* What identifies a call. */
typedef struct accord_call_key {
    const char *ep;
    uint32_t agent;
    const char *role;
    uint32_t round;
    uint32_t sample;
    uint32_t ordinal; /* the n-th call with the same four, from 0 */
    char hash[17];    /* of the request */
} accord_call_key;

/* How an episode ended. */
typedef struct accord_ending {
    const char *ep;
    const char *item;
    uint64_t index; /* place in the order of play */
    const char *outcome;
    bool answered;
    const char *canon; /* NULL where actions are not text */
    double score;
    const double *parts;
    uint32_t n_parts;
    const char *note;
    uint64_t steps;
    int32_t end; /* ACCORD_END_... */
    int64_t ns;  /* from open to close */
    uint32_t failed_calls;
    const char *error;             /* what a plugin said, or NULL */
    const char *text;              /* final action, or NULL */
    const accord_actions *actions; /* all of them, or NULL */
} accord_ending;

/* A named answer on the way, with its score. */
typedef struct accord_candidate {
    char *kind;
    uint32_t index;
    char *text;
    uint64_t tokens; /* of the episode until it was named */
    char *canon;
    double score;
} accord_candidate;

/* A learner's last checkpoint. */
typedef struct accord_checkpoint {
    bool exists;
    uint64_t step;     /* training done, in units of the budget */
    uint64_t episodes; /* training episodes played */
    uint64_t next_eval;
    uint64_t next_probe; /* index of the next mark */
    char dir[64];        /* below the cell's folder */
} accord_checkpoint;

/* Opens (or creates) the files in the cell's folder and takes its lock, waiting for it
 * for at most a few seconds: a dying worker may still hold it.  Cuts torn last lines and
 * reads what is there.  In a cell that learns, lines beyond the last checkpoint count as
 * answers to calls only.
 * ACCORD_E_STOPPED: another worker holds the cell. */
accord_code accord_journal_open(const char *dir, bool learns, accord_journal **out,
                                accord_err *err) ACCORD_MUST_CHECK;
/* Flushes and closes.  NULL is allowed. */
void accord_journal_close(accord_journal *j);

/* True when the cell was finished before. */
bool accord_journal_finished(const accord_journal *j);
/* The last checkpoint that counts. */
const accord_checkpoint *accord_journal_checkpoint(const accord_journal *j);
/* True when the episode ended before. */
bool accord_journal_has_episode(accord_journal *j, const char *ep);
/* Looks an answered call up; fills the reply and times of `job`
 * (accord_llm_job_fini()). */
accord_code accord_journal_find_call(accord_journal *j, const accord_call_key *key,
                                     bool *found, accord_llm_job *job,
                                     accord_err *err) ACCORD_MUST_CHECK;

accord_code accord_journal_call(accord_journal *j, const accord_call_key *key,
                                const char *model, const accord_llm_job *job,
                                accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_journal_candidate(accord_journal *j, const char *ep,
                                     const accord_candidate *c,
                                     accord_err *err) ACCORD_MUST_CHECK;
/* A train.score. */
accord_code accord_journal_score(accord_journal *j, const char *ep, const char *canon,
                                 double score, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_journal_episode(accord_journal *j, const accord_ending *e,
                                   accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_journal_eval(accord_journal *j, uint64_t step, const char *mode,
                                uint64_t episodes, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_journal_metric(accord_journal *j, const char *ep, uint64_t step,
                                  const char *name, double value,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* Writes the mark of a checkpoint whose folder is in place, and flushes. */
accord_code accord_journal_mark(accord_journal *j, const accord_checkpoint *c,
                                accord_err *err) ACCORD_MUST_CHECK;
/* The last line of a finished cell; flushes. */
accord_code accord_journal_finish(accord_journal *j, accord_err *err) ACCORD_MUST_CHECK;
/* The members of such lines of journal.jsonl, without braces. */
void accord_journal_candidate_line(accord_buf *b, const char *ep,
                                   const accord_candidate *c);
void accord_journal_ending_line(accord_buf *b, const accord_ending *e);
/* Flushes both files to the disk. */
accord_code accord_journal_flush(accord_journal *j, accord_err *err) ACCORD_MUST_CHECK;

#endif
