/* control_rig.h - a control method at work in a test, without a run: options by name, a
 * task of moving squares, and what it records. */
#ifndef CONTROL_RIG_H
#define CONTROL_RIG_H

#include "agent.h"
#include "base/err.h"
#include "host/host.h"

enum { RIG_PIXELS = 48, RIG_ACTIONS = 2, RIG_STEPS = 10, RIG_METRICS = 4096 };

typedef struct control_rig {
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
    } metrics[RIG_METRICS];
    uint32_t n_metrics;
} control_rig;

/* The methods as their plugins are, with small batches and an early beginning. */
extern const control_method rig_sac, rig_drq, rig_svea, rig_naive, rig_cg2a, rig_gas,
    rig_sgs, rig_pcgrad, rig_agr_sum;

/* Creates it with options "name=value name=value"; folder may be NULL. */
accord_code rig_create(control_rig *r, const control_method *m, const char *options,
                       const char *folder);
/* The same for a task of another number of actions. */
accord_code rig_create_for(control_rig *r, const control_method *m, const char *options,
                           const char *folder, uint32_t n_actions);
/* Destroys it; the code of a failure is allowed to have left nothing. */
void rig_destroy(control_rig *r);
/* Plays and feeds back whole episodes until `steps` in all; each is RIG_STEPS long. */
accord_code rig_train(control_rig *r, uint64_t steps);
/* The action of an evaluation that has seen the frames `seen` [n]. */
void rig_act(control_rig *r, const int *seen, int n, float action[RIG_ACTIONS]);
/* The last value of a metric, or NaN. */
double rig_metric(const control_rig *r, const char *name);

#endif
