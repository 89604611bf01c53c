/* episode.h - one item played once: the one loop of Accord. */
#ifndef ACCORD_EPISODE_H
#define ACCORD_EPISODE_H

#include "run/stage.h"

/* A transition that waits for its feedback. */
typedef struct accord_kept {
    accord_obs *obs, *next_obs;
    accord_action *action;
    double reward;
    int32_t end;
} accord_kept;

/* How often (agent, role, round, sample) called before. */
typedef struct accord_ordinal {
    uint64_t key;
    uint32_t n;
} accord_ordinal;

/* The jobs of one complete(), kept until the episode closes. */
typedef struct accord_batch {
    struct accord_batch *next;
    uint32_t n;
    accord_llm_job *jobs;         /* [n] */
    const accord_reply **replies; /* [n] */
} accord_batch;

/* What the ABI hands out as an opaque handle. */
struct accord_episode {
    accord_stage *stage;
    accord_place place;
    uint32_t slot;
    const accord_spec *spec;
    accord_key key;
    uint64_t visit;
    uint32_t variant;
    char name[512];   /* its key in the journal */
    const char *item; /* inside name */
    uint64_t stream;
    void *task_ep, *method_ep;
    int64_t opened_ns, deadline_ns;
    /* What happened so far. */
    uint64_t steps;
    double score;
    int32_t end;
    double parts[ACCORD_MAX_PARTS];
    uint32_t n_parts;
    char *note;
    char *text; /* the final action's, where actions are text */
    char *canon;
    accord_actions actions;
    uint64_t tokens;
    uint32_t failed_calls, api_errors, timeouts;
    bool out_of_budget, out_of_time, stopped, crashed;
    int32_t last_finish;
    accord_err error; /* what a plugin said */
    accord_batch *batches;
    accord_ordinal *ordinals;
    size_t n_ordinals, cap_ordinals;
    accord_candidate *candidates;
    size_t n_candidates, cap_candidates;
    accord_kept *kept;
    size_t n_kept, cap_kept;
};

/* [worker] Plays the episode at `place` and journals it, unless the journal has it
 * already. Training: feedback after each step at width 1; else the transitions wait in
 * `kept` for accord_episode_feedback().  ACCORD_E_STOPPED: it was left open.  Another
 * code: the cell cannot go on.  The caller closes the episode in every case. */
accord_code accord_episode_play(accord_episode *e, accord_stage *s,
                                const accord_place *place, uint32_t slot,
                                accord_err *err) ACCORD_MUST_CHECK;

/* [worker] Delivers what waits, in order. */
accord_code accord_episode_feedback(accord_episode *e, accord_err *err) ACCORD_MUST_CHECK;

/* [worker] Closes the method's side and frees what the episode holds. */
void accord_episode_close(accord_episode *e);

/* [worker] Journals the episode at `place` as failed without playing it: what a parent
 * does with an episode that killed its worker. */
accord_code accord_episode_give_up(accord_stage *s, const accord_place *place,
                                   const char *outcome,
                                   accord_err *err) ACCORD_MUST_CHECK;

/* [worker] The one scoring primitive: plays `action` on a fresh episode of the same key.
 * *canon is the caller's.  ACCORD_E_ARG on tasks of more than one step. */
accord_code accord_episode_score(accord_episode *e, const accord_action *action,
                                 double *score, char **canon,
                                 accord_err *err) ACCORD_MUST_CHECK;

#endif
