/* learn.c - see learn.h. */
#include "learn.h"

#include <string.h>

#include "tell.h"

static void describe(const econ_episode *e, uint32_t t, econ_stage *out) {
    const econ_turn *turn = &e->turn[t];

    *out = (econ_stage){.team = turn->team};
    econ_views(e, t, out->view);
    memcpy(out->action, turn->action, sizeof(out->action));
    memcpy(out->reward, turn->reward, sizeof(out->reward));
    memcpy(out->cluster_reward, turn->cluster_reward, sizeof(out->cluster_reward));
    out->commitment = turn->is_embedded ? econ_vector_final(e, t) : NULL;
}

/* A training episode that failed half-way teaches nothing. */
static accord_code econ_feedback(void *self, const accord_transition *t,
                                 accord_err *err) {
    econ *c = self;
    econ_episode *e = t->ep;
    econ_stage stages[ECON_MAX_STAGES];
    econ_losses losses = {.updated = false};
    accord_nn_err why = {0};

    econ_settle(c, NULL);
    if (!c->learns || e->n_turns == 0)
        return ACCORD_OK;
    for (uint32_t k = 0; k < e->n_turns; k++)
        describe(e, k, &stages[k]);
    accord_code rc = econ_observe(c->learner, stages, e->n_turns, &losses, &why);
    if (rc)
        return econ_nn_fail(c, rc, &why, err);
    if (losses.updated && !losses.skipped)
        c->probe.stop.loss_now = losses.td + losses.encoder + losses.mixer;
    econ_tell_learned(e, &losses);
    return ACCORD_OK;
}

static accord_code econ_save(void *self, const char *dir, accord_err *err) {
    econ *c = self;
    accord_nn_err why = {0};

    if (!c->learns)
        return ACCORD_OK;
    accord_code rc = econ_need_learner(c, err);
    if (rc)
        return rc;
    rc = econ_learner_save(c->learner, dir, &why);
    return rc ? econ_nn_fail(c, rc, &why, err)
              : econ_stop_save(&c->probe.stop, dir, c->host, err);
}

static accord_code econ_load(void *self, const char *dir, accord_err *err) {
    econ *c = self;
    accord_nn_err why = {0};

    if (!c->learns)
        return ACCORD_OK;
    accord_code rc = econ_need_learner(c, err);
    if (rc)
        return rc;
    rc = econ_learner_load(c->learner, dir, &why);
    return rc ? econ_nn_fail(c, rc, &why, err)
              : econ_stop_load(&c->probe.stop, dir, c->host, err);
}

/* The controls have nothing to learn. */
static int32_t econ_finished(void *self) {
    econ *c = self;

    econ_settle(c, NULL);
    return !c->learns || econ_stop_due(&c->probe.stop, &c->o);
}

const accord_learner_ops econ_learner_ops = {
    .struct_size = sizeof(econ_learner_ops),
    .feedback = econ_feedback,
    .save = econ_save,
    .load = econ_load,
    .finished = econ_finished,
};
