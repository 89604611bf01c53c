/* sac_actor.c - the actor and the temperature. */
#include "sac_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

double control_alpha(const control_sac *s) {
    return exp((double)s->log_alpha->value[0]);
}

accord_code control_sac_draw(control_sac *s, size_t n, uint64_t *rng,
                             accord_nn_err *err) {
    const size_t size = n * s->c.n_actions;

    if (size > s->n_noise) {
        float *more = realloc(s->noise, size * sizeof(*more));
        if (!more)
            return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
        s->noise = more;
        s->n_noise = size;
    }
    for (size_t i = 0; i < size; i++)
        s->noise[i] = (float)accord_rng_normal(rng);
    return ACCORD_OK;
}

accord_code control_sac_act(control_sac *s, const uint8_t *stack, uint64_t *rng,
                            float *action, accord_nn_err *err) {
    accord_code rc = rng ? control_sac_draw(s, 1, rng, err) : ACCORD_OK;

    if (rc)
        return rc;
    accord_nn_tape_reset(s->tape);
    bool before = accord_nn_tape_record(s->tape, false);
    control_policy policy =
        control_policy_of(s, control_trunk(s, &s->online, control_pixels(s, 1, stack)));
    control_tensor *a = rng ? accord_nn_squashed_gaussian(s->tape, policy.mean,
                                                          policy.log_std, s->noise, NULL)
                            : accord_nn_tanh(s->tape, policy.mean);
    accord_nn_tape_record(s->tape, before);
    rc = accord_nn_tape_check(s->tape, err);
    if (!rc)
        memcpy(action, a->data, s->c.n_actions * sizeof(*action));
    return rc;
}

/* mean of (alpha log pi - the lesser Q); *log_prob [n].  Neither trunk nor the critic's
 * projection is on the way from the loss to the actor: both are computed without being
 * written down. */
static control_tensor *actor_loss(control_sac *s, uint32_t n, const uint8_t *obs,
                                  control_tensor **log_prob) {
    accord_nn_tape *t = s->tape;
    control_tensor *q[2];

    bool before = accord_nn_tape_record(t, false);
    control_tensor *flat = control_trunk(s, &s->online, control_pixels(s, n, obs));
    control_tensor *features = control_project(s, &s->online.projection, flat);
    accord_nn_tape_record(t, before);
    control_policy policy = control_policy_of(s, flat);
    control_tensor *action =
        accord_nn_squashed_gaussian(t, policy.mean, policy.log_std, s->noise, log_prob);
    control_q(s, &s->online, features, action, q);
    control_tensor *cost = accord_nn_affine(t, *log_prob, (float)control_alpha(s), 0.0f);
    control_tensor *least = accord_nn_min(t, q[0], q[1]);
    return accord_nn_sub(t, accord_nn_mean(t, cost, ACCORD_NN_ALL),
                         accord_nn_mean(t, least, ACCORD_NN_ALL));
}

/* alpha (entropy - target entropy), through log alpha; the target is -n_actions. */
static void step_alpha(control_sac *s, double entropy) {
    s->log_alpha->grad[0] =
        (float)(control_alpha(s) * (entropy + (double)s->c.n_actions));
    accord_nn_adam_step(s->alpha_adam, s->c.alpha_rate);
}

accord_code control_sac_actor_step(control_sac *s, const control_batch *b, uint64_t *rng,
                                   control_actor_info *info, accord_nn_err *err) {
    accord_nn_group group = accord_nn_group_all(s->actor.set);
    control_tensor *log_prob;
    double sum = 0.0;
    accord_code rc = control_sac_draw(s, b->n, rng, err);

    *info = (control_actor_info){.alpha = control_alpha(s)};
    if (rc)
        return rc;
    accord_nn_tape_reset(s->tape);
    control_tensor *loss = actor_loss(s, b->n, b->obs, &log_prob);
    if (accord_nn_backward(s->tape, loss, &group, 1))
        return accord_nn_tape_check(s->tape, err);
    for (uint32_t i = 0; i < b->n; i++)
        sum -= (double)log_prob->data[i];
    info->loss = (double)loss->data[0];
    info->entropy = sum / b->n;
    info->q = -control_alpha(s) * info->entropy - info->loss;
    info->skipped = !isfinite(info->loss) || !isfinite(info->entropy) ||
                    !isfinite(accord_nn_grad_norm(group));
    if (info->skipped)
        return ACCORD_OK;
    accord_nn_adam_step(s->actor_adam, s->c.actor_rate);
    step_alpha(s, info->entropy);
    info->alpha = control_alpha(s);
    return ACCORD_OK;
}
