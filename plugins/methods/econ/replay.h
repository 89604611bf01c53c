/* replay.h - the last episodes, and batches of them as the networks read them. */
#ifndef ECON_REPLAY_H
#define ECON_REPLAY_H

#include "learner.h"

/* An episode without its embeddings, which lie in a table of its own: row 0 is all 0, for
 * what was not said; one that several executors saw, or at several stages, is one row. */
typedef struct econ_episode {
    uint32_t stages, rows;
    int32_t view[ECON_MAX_STAGES][ECON_MAX_AGENTS][3];
    int32_t commitment[ECON_MAX_STAGES]; /* 0: none */
    float unit[ECON_MAX_STAGES][ECON_MAX_AGENTS][2];
    double reward[ECON_MAX_STAGES][ECON_MAX_AGENTS][ECON_REWARDS];
    double cluster_reward[ECON_MAX_STAGES][ECON_MAX_CLUSTERS];
    double team[ECON_MAX_STAGES]; /* NaN: the mean of r_i */
} econ_episode;

/* A ring of `capacity` episodes. */
typedef struct econ_replay {
    uint32_t capacity, width, max_rows; /* of one episode's table */
    uint32_t stored, next;
    econ_episode *episode; /* [capacity] */
    float *table;          /* [capacity][max_rows][width] */
} econ_replay;

/* [worker] Zeroed memory for the ring; free with econ_replay_free, also after a failure.
 */
accord_code econ_replay_init(econ_replay *r, const econ_config *c, accord_nn_err *err);
void econ_replay_free(econ_replay *r);
/* [worker] Copies an episode over the oldest.  ACCORD_E_ARG, and nothing is changed, if
 * something in it is not finite or there are too many stages. */
accord_code econ_replay_add(econ_replay *r, const econ_config *c,
                            const econ_stage *stages, uint32_t n_stages,
                            accord_nn_err *err);
/* [any] ACCORD_E_CONFIG if a ring that was read from a file cannot be one. */
accord_code econ_replay_check(const econ_replay *r, const econ_config *c,
                              accord_nn_err *err);

/* Episodes side by side.  Row (s, b), stage s of episode b, is s * episodes + b; shorter
 * episodes are padded with rows that do not count. */
typedef struct econ_batch {
    uint32_t episodes, stages;
    size_t rows;                       /* episodes x stages */
    size_t embedded;                   /* rows of the table */
    double counted;                    /* rows that count */
    float *table;                      /* [embedded][width], row 0 all 0 */
    int32_t *view[ECON_MAX_AGENTS][3]; /* [rows] */
    int32_t *commitment;               /* [rows], 0: none */
    float *last[ECON_MAX_AGENTS];      /* [rows][2]: the actions before, of the square */
    float *action[ECON_MAX_AGENTS];    /* [rows][2] */
    float *reward[ECON_MAX_AGENTS];    /* [rows][ECON_REWARDS] */
    float *cluster_reward[ECON_MAX_AGENTS]; /* [rows]: of its cluster */
    float *team;                            /* [rows], NaN: the mean */
    float *counts;                          /* [rows]: 1, or 0 for padding */
    float *goes_on;                         /* [rows]: 1 where a stage follows */
    float *committed;                       /* [rows]: 1 where there was a final output */
    uint32_t *chosen;                       /* [capacity], scratch */
    void *floats, *ints;                    /* what all these lie in */
} econ_batch;

/* [worker] Memory for batches of up to c->batch episodes; free with econ_batch_free. */
accord_code econ_batch_init(econ_batch *b, const econ_config *c, const econ_replay *r,
                            accord_nn_err *err);
void econ_batch_free(econ_batch *b);
/* [worker] Draws min(c->batch, stored) different episodes, all equally likely. */
void econ_batch_draw(econ_batch *b, const econ_config *c, const econ_replay *r,
                     uint64_t *rng);

#endif
