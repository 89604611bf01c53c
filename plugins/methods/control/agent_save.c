/* agent_save.c - an agent's checkpoint: networks and counters in one file; the
 * transitions stay where they are, and their number is noted. */
#include <limits.h>
#include <stdio.h>

#include "agent_parts.h"

/* The parts of the file; returns how many. */
static size_t list_parts(control_agent *a, accord_nn_part *parts) {
    size_t n = control_sac_parts(a->sac, parts);

    parts[n++] = (accord_nn_part){
        .name = "agent", .bytes = &a->state, .n_bytes = sizeof(a->state)};
    return n;
}

static accord_code path_of(const control_agent *a, const char *dir, char *path,
                           accord_err *err) {
    if (snprintf(path, PATH_MAX, "%s/agent", dir) < PATH_MAX)
        return ACCORD_OK;
    return a->host->fail(a->host, err, ACCORD_E_CONFIG, "the path %s is too long", dir);
}

accord_code control_agent_save(void *self, const char *dir, accord_err *err) {
    control_agent *a = self;
    accord_nn_part parts[CONTROL_SAC_PARTS + 1];
    accord_nn_err why = {0};
    char path[PATH_MAX];

    accord_code rc = path_of(a, dir, path, err);
    if (!rc)
        rc = control_agent_ready(a, err);
    if (!rc && a->replay)
        rc = control_replay_flush(a->replay, err);
    if (rc)
        return rc;
    rc = accord_nn_save(path, parts, list_parts(a, parts), &why);
    return rc ? control_agent_failed(a, rc, &why, err) : ACCORD_OK;
}

accord_code control_agent_load(void *self, const char *dir, accord_err *err) {
    control_agent *a = self;
    accord_nn_part parts[CONTROL_SAC_PARTS + 1];
    accord_nn_err why = {0};
    char path[PATH_MAX];

    accord_code rc = path_of(a, dir, path, err);
    if (!rc)
        rc = control_agent_ready(a, err);
    if (rc)
        return rc;
    rc = accord_nn_load(path, parts, list_parts(a, parts), &why);
    if (rc)
        return control_agent_failed(a, rc, &why, err);
    if (a->replay)
        return control_replay_restore(a->replay, a->state.steps, err);
    if (a->state.steps == 0 || a->capacity == 0)
        return ACCORD_OK;
    return a->host->fail(a->host, err, ACCORD_E_CONFIG,
                         "%s needs its replay buffer, and no folder of it was named",
                         path);
}
