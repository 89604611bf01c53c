/* task_rig.h - a task at work in a test: created from JSON parameters as a suite would,
 * played without a run. */
#ifndef TASK_RIG_H
#define TASK_RIG_H

#include "host/instance.h"

typedef struct task_rig {
    accord_instance *instance;
    const accord_task_ops *ops;
    const accord_spec *spec; /* of its first mode */
    json_t *params;
} task_rig;

/* What one answer to an item came to. */
typedef struct task_verdict {
    double reward;
    double parts[ACCORD_MAX_PARTS];
    int32_t end;
    char id[256];
    char note[32];
    char canon[512];
} task_verdict;

/* Creates plugin `id` with `params` ("{'level': 2}", single quotes allowed).  The code is
 * that of the creation; on failure there is nothing to end. */
accord_code task_rig_try(task_rig *rig, const char *id, const char *params,
                         accord_err *err);
/* The same; a failure fails the test. */
void task_rig_begin(task_rig *rig, const char *id, const char *params);
void task_rig_end(task_rig *rig);

/* Opens an item; what *obs holds lives until task_rig_close(). */
void *task_rig_open(task_rig *rig, int32_t split, uint64_t item, accord_obs *obs,
                    const char **id);
void task_rig_close(task_rig *rig, void *ep);

/* Answers an item of one step. */
task_verdict task_rig_answer(task_rig *rig, int32_t split, uint64_t item,
                             const char *text);

#endif
