/* instance.h - a plugin at work: found, opened, its options read, created. */
#ifndef ACCORD_INSTANCE_H
#define ACCORD_INSTANCE_H

#include "base/json.h"
#include "host/host.h"

/* What accord_instance_create() needs. */
typedef struct accord_instance_setup {
    int32_t role;
    const char *plugin; /* id */
    const char *name;   /* what the suite calls it */
    accord_json params; /* the suite's object; value NULL when absent */
    const accord_service *services;
    void *ctx;
    const accord_role *roles; /* methods; in the order of the plugin's table */
    uint32_t n_roles;
    const accord_spec *task; /* methods */
    uint64_t seed;
    uint64_t train_budget;
    uint32_t train_width;
    const char *folder; /* learners in training; else NULL */
} accord_instance_setup;

typedef struct accord_instance {
    const accord_plugin *plugin;
    const accord_task_ops *task; /* the table of its role; the others NULL */
    const accord_method_ops *method;
    const accord_learner_ops *learner; /* methods; may be NULL */
    const accord_probe_ops *probe;     /* methods; may be NULL */
    const accord_model_ops *model;
    void *self;
    accord_host_instance host;
    accord_param_value *params;
    char *name;
    char path[4096];
} accord_instance;

/* [main] Opens plugin and tables without creating: `self` stays NULL. */
accord_code accord_instance_open(const accord_instance_setup *setup,
                                 accord_instance **out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] Opens and creates.  The setup's strings and arrays must outlive the instance. */
accord_code accord_instance_create(const accord_instance_setup *setup,
                                   accord_instance **out,
                                   accord_err *err) ACCORD_MUST_CHECK;
/* [main] NULL is allowed. */
void accord_instance_destroy(accord_instance *instance);

#endif
