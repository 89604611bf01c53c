/* score.c - see score.h. */
#include "run/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { CANON_BYTES = 4096 };

static accord_code play(const accord_task_ops *task, void *ep, accord_obs *obs,
                        const accord_action *action, accord_scored *out,
                        accord_err *err) {
    accord_step step = {.struct_size = sizeof(step), .parts = out->parts, .obs = obs};
    char text[CANON_BYTES] = "";

    accord_code rc = task->step(ep, action, &step, err);
    if (rc)
        return rc;
    out->score = step.reward;
    out->note = accord_xstrdup(step.note);
    if (task->canon)
        rc = task->canon(ep, action, text, sizeof(text), err);
    if (!rc)
        out->canon = accord_xstrdup(text);
    return rc;
}

accord_code accord_score_afresh(const accord_instance *task, const accord_spec *spec,
                                const accord_key *key, const char *item,
                                const accord_action *action, accord_scored *out,
                                bool *opened, accord_err *err) {
    accord_obs obs = {.struct_size = sizeof(obs), .kind = spec->obs.kind};
    const char *id = NULL;
    void *ep;

    *out = (accord_scored){0};
    if (opened)
        *opened = false;
    accord_code rc = task->task->open(task->self, key, &ep, &obs, &id, err);
    if (rc)
        return rc;
    if (item && (!id || strcmp(id, item) != 0))
        rc = accord_fail(err, ACCORD_E_NOTFOUND, "item %s is %s now", item,
                         id ? id : "nothing");
    if (!rc && opened)
        *opened = true;
    if (!rc)
        rc = play(task->task, ep, &obs, action, out, err);
    task->task->close(ep);
    return rc;
}

void accord_scored_fini(accord_scored *s) {
    free(s->canon);
    free(s->note);
    *s = (accord_scored){0};
}
