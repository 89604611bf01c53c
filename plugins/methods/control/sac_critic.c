/* sac_critic.c - the critics: what they should say, how they learn it, and the slow
 * copies that they learn from. */
#include "sac_parts.h"

#include <string.h>

/* What the target critics say of stacks and actions, each [n][1]. */
static void target_q(control_sac *s, control_tensor *pixels, control_tensor *action,
                     control_tensor *q[2]) {
    control_tensor *flat = control_trunk(s, &s->target, pixels);

    control_q(s, &s->target, control_project(s, &s->target.projection, flat), action, q);
}

/* The policy sees the next stacks through the online trunk; only values have slow copies.
 */
accord_code control_sac_target(control_sac *s, const control_batch *b, uint64_t *rng,
                               float *y, accord_nn_err *err) {
    control_tensor *log_prob, *q[2];
    accord_code rc = control_sac_draw(s, b->n, rng, err);

    if (rc)
        return rc;
    accord_nn_tape_reset(s->tape);
    bool before = accord_nn_tape_record(s->tape, false);
    control_tensor *pixels = control_pixels(s, b->n, b->next_obs);
    control_policy policy = control_policy_of(s, control_trunk(s, &s->online, pixels));
    control_tensor *action = accord_nn_squashed_gaussian(
        s->tape, policy.mean, policy.log_std, s->noise, &log_prob);
    target_q(s, pixels, action, q);
    control_tensor *least = accord_nn_min(s->tape, q[0], q[1]);
    accord_nn_tape_record(s->tape, before);
    rc = accord_nn_tape_check(s->tape, err);
    const double alpha = control_alpha(s);
    for (uint32_t i = 0; !rc && i < b->n; i++) {
        double value = (double)least->data[i] - alpha * (double)log_prob->data[i];
        y[i] = (float)((double)b->reward[i] +
                       (double)b->not_done[i] * s->c.discount * value);
    }
    return rc;
}

accord_code control_sac_critic_gradient(control_sac *s, uint32_t n, const uint8_t *obs,
                                        const float *action, const float *y, float *grad,
                                        double *loss, accord_nn_err *err) {
    accord_nn_group group = s->critic_all;
    accord_nn_tape *t = s->tape;
    control_tensor *q[2];

    group.grad = grad;
    accord_nn_tape_reset(t);
    control_tensor *flat = control_trunk(s, &s->online, control_pixels(s, n, obs));
    control_tensor *wanted = accord_nn_input(t, y, ACCORD_NN_SHAPE(n, 1));
    control_q(s, &s->online, control_project(s, &s->online.projection, flat),
              accord_nn_input(t, action, ACCORD_NN_SHAPE(n, s->c.n_actions)), q);
    control_tensor *sum =
        accord_nn_add(t, accord_nn_mse(t, q[0], wanted), accord_nn_mse(t, q[1], wanted));
    if (accord_nn_backward(t, sum, &group, 1))
        return accord_nn_tape_check(t, err);
    *loss = (double)sum->data[0];
    return ACCORD_OK;
}

void control_sac_critic_step(control_sac *s, const float *grad) {
    memcpy(s->critic_all.grad, grad, s->critic_all.size * sizeof(*grad));
    accord_nn_adam_step(s->critic_adam, s->c.critic_rate);
}

static void follow(control_sac *s, const char *prefix, double tau) {
    accord_nn_ema(accord_nn_group_of(s->target.set, prefix),
                  accord_nn_group_of(s->online.set, prefix), tau);
}

void control_sac_targets_step(control_sac *s) {
    follow(s, "trunk.", s->c.encoder_tau);
    follow(s, "projection.", s->c.encoder_tau);
    follow(s, "q.", s->c.critic_tau);
}
