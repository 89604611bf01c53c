/* agent.h - the driver that all control methods share: it acts, keeps what happened, and
 * updates soft actor-critic.  A method is a control_method: which views of a batch the
 * critic learns from, and how their gradients become one. */
#ifndef CONTROL_AGENT_H
#define CONTROL_AGENT_H

#include <accord/plugin.h>

#include "options.h"

/* What the critic learns from. */
enum {
    CONTROL_VIEWS_ONE,  /* the weak view: what was seen, or its random shift */
    CONTROL_VIEWS_PAIR, /* weak and one strong view as one batch of twice the size */
    CONTROL_VIEWS_EACH, /* weak and strong views, a gradient each, combined */
    /* Three readings of "naively applied": the mean of the gradients of all views, all
     * augmentations on top of each other on all that is seen (targets and actor too), one
     * view drawn in each update. */
    CONTROL_VIEWS_READING,
};

typedef struct control_method {
    const accord_param *params; /* the plugin's, which must name CONTROL_P_ALL */
    uint32_t n_params;
    int32_t shift; /* 1: o and o' are shifted at random, 0: they are as seen */
    int32_t views; /* CONTROL_VIEWS_... */
    /* Solver and surgery, by their names in control_gas_choices[] and
     * control_sgs_choices[], where the method has no option for them. */
    const char *gas, *sgs;
} control_method;

/* [worker] accord_ops.create of a control method; `m` is static.  Pictures that the
 * networks cannot see, a list of augmentations that cannot be read, a full disk and too
 * little memory are sentences. */
accord_code control_agent_create(const control_method *m, const accord_host *host,
                                 const accord_setup *setup, void **self, accord_err *err);
/* [worker] NULL is allowed. */
void control_agent_destroy(void *self);
/* [any] Tables of a method that learns. */
const void *control_agent_extension(const char *id);
/* What the plugin needs of the host. */
extern const char *const control_agent_needs[];

/* The rest of a method's file: create(), its operations and its entry. */
#define CONTROL_PLUGIN(name, line, paper) \
    static accord_code create(const accord_host *host, const accord_setup *setup, \
                              void **self, accord_err *err) { \
        return control_agent_create(&method, host, setup, self, err); \
    } \
    static const accord_ops ops = { \
        .struct_size = sizeof(ops), \
        .create = create, \
        .destroy = control_agent_destroy, \
        .extension = control_agent_extension, \
    }; \
    const accord_plugin accord_plugin_entry = { \
        ACCORD_PLUGIN_HEAD, \
        .role = ACCORD_ROLE_METHOD, \
        .id = name, \
        .version = "1.0", \
        .summary = line, \
        .reference = paper, \
        .license = "MIT", \
        .params = params, \
        .n_params = sizeof(params) / sizeof(params[0]), \
        .needs = control_agent_needs, \
        .ops = &ops, \
    }

#endif
