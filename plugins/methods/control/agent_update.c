/* agent_update.c - one update of an agent, in the order of DMControl-GB. */
#include <math.h>

#include "agent_parts.h"

accord_code control_agent_failed(const control_agent *a, accord_code code,
                                 const accord_nn_err *why, accord_err *err) {
    return a->host->fail(a->host, err, code, "%s", why->text);
}

/* One gradient out of n rows.  0: the step is to be skipped.  A view that is not finite
 * spoils the step: the others alone would be another method's. */
static int combine(control_agent *a, uint32_t n) {
    size_t all = control_sac_critic_size(a->sac), part = all;
    uint64_t *rng = &a->state.rng[DRAW_COMBINE];
    const control_combine mean = {.gas = CONTROL_GAS_NONE, .sgs = CONTROL_SGS_NONE};
    control_combined info, rest;

    if (a->encoder_only)
        part = control_sac_encoder_size(a->sac);
    int good = control_combine_gradients(&a->how, a->b.grad, all, n, part, rng,
                                         a->b.combined, &info) &&
               info.dropped == 0;
    if (good && part < all)
        good = control_combine_gradients(&mean, a->b.grad + part, all, n, all - part, rng,
                                         a->b.combined + part, &rest) &&
               rest.dropped == 0;
    if (good && n > 1)
        control_report_combined(&a->state, &info);
    return good;
}

static accord_code update_critic(control_agent *a, accord_err *err) {
    uint32_t n;
    double loss;

    accord_code rc = control_views_gradients(a, &n, &loss, err);
    if (rc)
        return rc;
    control_report_add(&a->state, MEAN_CRITIC, loss);
    if (combine(a, n))
        control_sac_critic_step(a->sac, a->b.combined);
    else
        a->state.skipped++;
    return ACCORD_OK;
}

static accord_code update_actor(control_agent *a, const control_batch *batch,
                                accord_err *err) {
    control_actor_info info = {0};
    accord_nn_err why = {0};

    accord_code rc =
        control_sac_actor_step(a->sac, batch, &a->state.rng[DRAW_ACTOR], &info, &why);
    if (rc)
        return control_agent_failed(a, rc, &why, err);
    a->state.skipped += info.skipped != 0;
    control_report_add(&a->state, MEAN_ACTOR, info.loss);
    control_report_add(&a->state, MEAN_ALPHA, info.alpha);
    control_report_add(&a->state, MEAN_ENTROPY, info.entropy);
    control_report_add(&a->state, MEAN_Q, info.q);
    return ACCORD_OK;
}

static accord_code target(control_agent *a, const control_batch *batch, accord_err *err) {
    accord_nn_err why = {0};
    double sum = 0;

    accord_code rc =
        control_sac_target(a->sac, batch, &a->state.rng[DRAW_TARGET], a->b.y, &why);
    if (rc)
        return control_agent_failed(a, rc, &why, err);
    for (uint32_t i = 0; i < batch->n; i++)
        sum += (double)a->b.y[i];
    control_report_add(&a->state, MEAN_TARGET, sum / batch->n);
    return ACCORD_OK;
}

static accord_code update(control_agent *a, accord_err *err) {
    control_buffers *b = &a->b;
    uint32_t n = (uint32_t)a->options.batch;

    control_replay_sample(a->replay, n, &a->state.rng[DRAW_SAMPLE], b->raw, b->raw_next,
                          b->action, b->reward, b->not_done);
    control_views_weak(a);
    const control_batch batch = {.n = n,
                                 .obs = b->obs,
                                 .next_obs = b->next,
                                 .action = b->action,
                                 .reward = b->reward,
                                 .not_done = b->not_done};
    accord_code rc = target(a, &batch, err);
    if (!rc)
        rc = update_critic(a, err);
    if (!rc && a->state.steps % (uint64_t)a->options.actor_every == 0)
        rc = update_actor(a, &batch, err);
    if (rc)
        return rc;
    if (a->state.steps % (uint64_t)a->options.target_every == 0)
        control_sac_targets_step(a->sac);
    if (++a->state.updates % (uint64_t)a->options.metrics_every == 0)
        control_report_write(a);
    return ACCORD_OK;
}

/* As published: nothing before init_steps, then the updates of all these steps, all
 * counted as of this one, then those of each step. */
accord_code control_agent_learn(control_agent *a, accord_err *err) {
    uint64_t first = (uint64_t)a->options.init_steps;
    uint64_t n = a->state.steps == first ? first : a->state.steps > first;
    accord_code rc = ACCORD_OK;

    n *= (uint64_t)a->options.updates_per_step;
    for (uint64_t i = 0; i < n && !rc; i++)
        rc = update(a, err);
    return rc;
}
