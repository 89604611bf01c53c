/* kind.h - what a family of planning problems gives the plugin: the operations of a task,
 * chosen by the option "domain".
 *
 * An instance of the plugin is one kind's instance; every function below has the contract
 * of its namesake in accord_ops or accord_task_ops.  An episode begins with a struct
 * planning_episode, which is how the plugin finds its kind again. */
#ifndef ACCORD_PLANNING_KIND_H
#define ACCORD_PLANNING_KIND_H

#include <accord/plugin.h>

#include "options.h"

struct planning_kind {
    accord_code (*create)(const accord_host *host, const struct planning_options *options,
                          void **self, accord_err *err);
    void (*destroy)(void *self); /* NULL is allowed */
    /* The only mode is "default"; the plugin has checked that. */
    const accord_spec *(*spec)(void *self);
    accord_code (*open)(void *self, const accord_key *key, void **ep, accord_obs *obs,
                        const char **id, accord_err *err);
    accord_code (*step)(void *ep, const accord_action *action, accord_step *out,
                        accord_err *err);
    accord_code (*canon)(void *ep, const accord_action *action, char *buf, size_t size,
                         accord_err *err);
    void (*close)(void *ep);
};

/* The first member of every kind's episode; open() sets it. */
struct planning_episode {
    const struct planning_kind *kind;
};

/* Problems that are stated in PDDL (strips.c). */
extern const struct planning_kind planning_strips;
/* Trips (travel.c). */
extern const struct planning_kind planning_travel;

#endif
