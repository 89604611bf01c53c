/* tally.h - a cell's journal in memory: one small record per episode, call, candidate and
 * metric, of lines with the same key the later one.  Some 300 bytes per question that
 * asks one call, whatever was said in it. */
#ifndef ACCORD_TALLY_H
#define ACCORD_TALLY_H

#include <stddef.h>

#include "base/buf.h"
#include "report/lines.h"
#include "report/map.h"

/* What an episode may end as, in the order of tables. */
enum { ACCORD_OUTCOMES = 10, ACCORD_ANSWERED_OUTCOMES = 3 };
extern const char *const accord_outcomes[ACCORD_OUTCOMES];

/* A list of distinct names; the index is their number. */
typedef struct accord_names {
    char **items;
    size_t n, cap;
} accord_names;

typedef struct accord_tally_ep {
    uint64_t key;
    uint64_t step;
    uint64_t us;
    double score;
    size_t item; /* offset in tally.items */
    uint32_t index, visit, mode, steps;
    uint8_t phase, outcome, answered;
} accord_tally_ep;

/* Calls are accounted by what stands in a group. */
typedef struct accord_tally_group {
    uint64_t step;
    uint32_t mode, role, model, agent, round;
    int phase;
} accord_tally_group;

typedef struct accord_tally_call {
    uint64_t ep;
    uint64_t us;                 /* sent to done */
    uint64_t prompt, completion; /* tokens */
    uint32_t group;
    uint32_t failed;
} accord_tally_call;

typedef struct accord_tally_cand {
    uint64_t ep;
    uint64_t answer; /* a hash of the canonical form; 0 = none */
    double score;
    double tokens;
    uint32_t kind, index;
} accord_tally_cand;

typedef struct accord_tally_metric {
    uint64_t ep; /* 0 = of the cell */
    uint64_t ep_step;
    uint64_t step;
    double value;
    uint32_t name, mode;
    int phase;
} accord_tally_metric;

typedef struct accord_tally {
    size_t n_parts;
    accord_names modes, roles, models, kinds, metric_names;
    accord_buf items; /* item ids, each with its NUL */
    accord_tally_ep *eps;
    double *parts; /* [n_eps][n_parts] */
    accord_tally_group *groups;
    accord_tally_call *calls;
    accord_tally_cand *cands;
    accord_tally_metric *metrics;
    size_t n_eps, cap_eps, cap_parts, n_groups, cap_groups, n_calls, cap_calls;
    size_t n_cands, cap_cands, n_metrics, cap_metrics;
    accord_map of_ep, of_group, of_call, of_cand, of_metric;
    bool done; /* the journal ends in the mark of a finished cell */
} accord_tally;

/* [main] Reads a journal.  accord_tally_fini() in any case. */
accord_code accord_tally_read(const char *journal, size_t n_parts, accord_tally *out,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_tally_fini(accord_tally *t);

/* [any] */
const char *accord_tally_item(const accord_tally *t, const accord_tally_ep *ep);
/* [any] The number of the name that follows `last` in the alphabet, from NULL on;
 * names->n at the end. */
size_t accord_names_next(const accord_names *names, const char *last);
/* [any] What an episode's key is in calls and candidates. */
uint64_t accord_tally_key(const char *ep);

#endif
