/* recorded.h - an episode of evaluation whose actions a run recorded. */
#ifndef ACCORD_RECORDED_H
#define ACCORD_RECORDED_H

#include "report/talk.h"

/* Which episode is looked for. */
typedef struct accord_recorded_wish {
    const char *run_dir;
    const char *cell; /* TASK/METHOD/SEED, or NULL: the one that has the item */
    const char *item; /* id */
    const char *mode; /* or NULL: the one that it was evaluated in */
    uint64_t step; /* training done when it was played; UINT64_MAX: the last evaluation */
} accord_recorded_wish;

typedef struct accord_recorded {
    uint32_t cell; /* index in the manifest */
    const char *mode;
    uint64_t index;        /* place in the order of play */
    const json_t *ending;  /* its line of the journal */
    const json_t *actions; /* its line of text.jsonl */
    double score;
    bool answered;
    uint64_t steps;
    accord_rundir run; /* the rest belongs to these */
    accord_talk talk;
} accord_recorded;

/* [main] Finds it; accord_recorded_fini() in any case.  ACCORD_E_NOTFOUND, with the
 * nearest there is; ACCORD_E_ARG where cell or mode must be said; ACCORD_E_UNSUPPORTED
 * where the actions are text; ACCORD_E_CONFIG where the run has none recorded. */
accord_code accord_recorded_find(const accord_recorded_wish *wish, accord_recorded *out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_recorded_fini(accord_recorded *r);

#endif
