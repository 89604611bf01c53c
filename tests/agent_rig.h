/* agent_rig.h - a control method at work in a test, without a run: options by name, a
 * task of moving squares, and what it records. */
#ifndef AGENT_RIG_H
#define AGENT_RIG_H

#include "agent.h"
#include "base/err.h"
#include "host/host.h"

enum { AGENT_PIXELS = 48, AGENT_ACTIONS = 2, AGENT_STEPS = 10, AGENT_METRICS = 4096 };

typedef struct agent_rig {
    accord_host_instance host;
    accord_err err;
    accord_spec task;
    void *self;
    const accord_method_ops *method;
    const accord_learner_ops *learner;
    uint64_t steps; /* of training, played */
    int32_t poison; /* 1: rewards are NaN */
    struct {
        char name[32];
        double value;
    } metrics[AGENT_METRICS];
    uint32_t n_metrics;
} agent_rig;

/* The methods as their plugins are, with small batches and an early beginning. */
extern const control_method agent_sac, agent_drq, agent_svea, agent_naive, agent_cg2a,
    agent_gas, agent_sgs, agent_pcgrad, agent_agr_sum;

/* Creates it with options "name=value name=value", of which "width" is that of the
 * training; folder may be NULL. */
accord_code agent_rig_create(agent_rig *r, const control_method *m, const char *options,
                             const char *folder);
/* The same for a task of another number of actions. */
accord_code agent_rig_create_for(agent_rig *r, const control_method *m,
                                 const char *options, const char *folder,
                                 uint32_t n_actions);
/* Destroys it; the code of a failure is allowed to have left nothing. */
void agent_rig_destroy(agent_rig *r);
/* Plays and feeds back whole episodes until `steps` in all; each is AGENT_STEPS long. */
accord_code agent_rig_train(agent_rig *r, uint64_t steps);
/* The action of an evaluation that has seen the frames `seen` [n]. */
void agent_rig_act(agent_rig *r, const int *seen, int n, float action[AGENT_ACTIONS]);
/* The last value of a metric, or NaN. */
double agent_rig_metric(const agent_rig *r, const char *name);

#endif
