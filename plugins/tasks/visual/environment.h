/* environment.h - a task at work: the world that all its episodes share, and the
 * environment of one episode.
 *
 * An agent step holds one action for `repeat` control steps and pays the sum of their
 * rewards; a control step is the domain's number of physics steps; an episode has 1000
 * control steps.  Where the repeat does not divide them the last agent step is shorter.
 */
#ifndef ACCORD_VISUAL_ENVIRONMENT_H
#define ACCORD_VISUAL_ENVIRONMENT_H

#include <stdbool.h>

#include <accord/plugin.h>

#include "domain.h"
#include "model.h"

enum { CONTROL_STEPS = 1000 };

typedef struct world_options {
    const char *domain;
    const char *task;   /* "" = the usual one */
    const char *assets; /* folder of the published suite; "" = our own models */
    int repeat;         /* control steps of an agent step; 0 = as published */
} world_options;

struct world {
    const accord_host *host;
    const domain *domain;
    const domain_task *task;
    struct model model;       /* also written to, see environment_enter() */
    int id[DOMAIN_MAX_NAMES]; /* of domain->names; of a sensor the first of its data */
    mjtNum *target;           /* where the model has the target that moves, or NULL */
    int flags;                /* the model's own opt.disableflags */
    int repeat;
};

struct environment {
    world *world;
    mjData *data;
    double target[3];  /* where this episode has it */
    int control_steps; /* so far */
};

/* [worker] ACCORD_E_CONFIG for an unknown domain or task, for MJCF that does not load or
 * lacks what the task looks up.  world_fini() in any case. */
accord_code world_init(world *w, const accord_host *host, const world_options *options,
                       accord_err *err);
/* [any] Its environments must be gone. */
void world_fini(world *w);
/* [any] Agent steps of an episode. */
int world_steps(const world *w);

/* [worker] Not usable before environment_reset().  environment_fini() in any case. */
accord_code environment_init(environment *e, world *w, accord_err *err);
/* [any] */
void environment_fini(environment *e);

/* [worker] A start state drawn from *rng. */
accord_code environment_reset(environment *e, uint64_t *rng, accord_err *err);

/* [worker] One agent step with action[n_action]; *reward is the sum.  When MuJoCo warns
 * or gives up: ACCORD_E_INTERNAL with its words, and the environment can only be reset.
 * ACCORD_E_ARG after the end. */
accord_code environment_step(environment *e, const float *action, double *reward,
                             accord_err *err);
/* [any] */
bool environment_ended(const environment *e);

/* [worker] Writes the state observation, float[task->n_state]. */
void environment_observe(const environment *e, float *state);

/* ---- for tests and for what draws ------------------------------------------------- */

/* [worker] Several environments share a model in which one target moves.  Brings it to
 * where this environment has it; needed before MuJoCo is called on its data. */
void environment_enter(environment *e);

/* [worker] One control step with ctrl[n_action]; errors as environment_step(). */
accord_code environment_control(environment *e, const double *ctrl, accord_err *err);

/* [worker] mj_resetData and the given state, qpos[n_q] and qvel[n_q], with all that
 * follows from them. */
accord_code environment_set(environment *e, const double *qpos, const double *qvel,
                            accord_err *err);

/* ---- for the domains -------------------------------------------------------------- */

/* [worker] n physics steps with the ctrl that stands, as dm_control takes them: what is
 * derived from the state is up to date afterwards. */
void environment_advance(environment *e, int n);

/* [worker] mj_forward without the motors, as dm_control begins an episode. */
void environment_forward(environment *e);

#endif
