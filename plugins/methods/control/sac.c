/* sac.c - the whole: creation, acting, checkpoints; see sac.h. */
#include "sac_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

static accord_code check(const control_sac_config *c, accord_nn_err *err) {
    if (!c->size || !c->n_actions)
        return accord_nn_fail(err, ACCORD_E_ARG, "a network without size or actions");
    if (!c->size->layers || c->size->layers > CONTROL_MAX_LAYERS ||
        !control_flat(c->size))
        return accord_nn_fail(err, ACCORD_E_ARG,
                              "%u layers over %u pixels leave nothing to look at",
                              c->size->layers, c->size->pixels);
    if (!(c->temperature > 0.0 && c->log_std_min < c->log_std_max))
        return accord_nn_fail(err, ACCORD_E_ARG,
                              "temperature %g, log_std in [%g, %g]: the first is "
                              "above 0, the second a range",
                              c->temperature, c->log_std_min, c->log_std_max);
    return ACCORD_OK;
}

static accord_code create_nets(control_sac *s, accord_nn_err *err) {
    const uint64_t seed = s->c.seed, from = accord_rng_fold_text(seed, "critic");
    const control_size *size = &s->size;
    accord_code rc = control_critic_create(&s->online, size, s->c.n_actions, from, err);

    rc = rc ? rc : control_critic_create(&s->target, size, s->c.n_actions, from, err);
    rc = rc ? rc
            : control_actor_create(&s->actor, size, s->c.n_actions,
                                   accord_rng_fold_text(seed, "actor"), err);
    s->temperature = accord_nn_params_create();
    s->log_alpha = accord_nn_param_add(s->temperature, "log_alpha",
                                       (float)log(s->c.temperature), ACCORD_NN_SHAPE(1));
    return rc ? rc : accord_nn_params_seal(s->temperature, err);
}

/* The temperature's momentum is shorter, as in DMControl-GB. */
static accord_code create_optimisers(control_sac *s, accord_nn_err *err) {
    const accord_nn_adam_config usual = ACCORD_NN_ADAM;
    accord_nn_adam_config shorter = ACCORD_NN_ADAM;

    shorter.beta1 = 0.5;
    s->critic_all = accord_nn_group_all(s->online.set);
    accord_code rc = accord_nn_adam_create(s->critic_all, &usual, &s->critic_adam, err);
    rc = rc ? rc
            : accord_nn_adam_create(accord_nn_group_all(s->actor.set), &usual,
                                    &s->actor_adam, err);
    return rc ? rc
              : accord_nn_adam_create(accord_nn_group_all(s->temperature), &shorter,
                                      &s->alpha_adam, err);
}

accord_code control_sac_create(const control_sac_config *c, control_sac **out,
                               accord_nn_err *err) {
    const size_t most = (size_t)16 << 30; /* a limit of last resort: 128 stacks of the
                                             large network take 0.5 GB */
    accord_code rc = check(c, err);

    *out = NULL;
    if (rc)
        return rc;
    control_sac *s = calloc(1, sizeof(*s));
    if (!s)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
    s->c = *c;
    s->size = *c->size;
    s->c.size = &s->size;
    s->tape = accord_nn_tape_create(most);
    if (!s->tape)
        rc = accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
    rc = rc ? rc : create_nets(s, err);
    rc = rc ? rc : create_optimisers(s, err);
    if (rc) {
        control_sac_destroy(s);
        return rc;
    }
    *out = s;
    return ACCORD_OK;
}

void control_sac_destroy(control_sac *s) {
    if (!s)
        return;
    accord_nn_adam_destroy(s->critic_adam);
    accord_nn_adam_destroy(s->actor_adam);
    accord_nn_adam_destroy(s->alpha_adam);
    accord_nn_params_destroy(s->online.set);
    accord_nn_params_destroy(s->target.set);
    accord_nn_params_destroy(s->actor.set);
    accord_nn_params_destroy(s->temperature);
    accord_nn_tape_destroy(s->tape);
    free(s->noise);
    free(s);
}

size_t control_sac_critic_size(const control_sac *s) {
    return s->critic_all.size;
}

size_t control_sac_encoder_size(const control_sac *s) {
    return accord_nn_group_of(s->online.set, "trunk").size +
           accord_nn_group_of(s->online.set, "projection").size;
}

size_t control_sac_parts(control_sac *s, accord_nn_part *parts) {
    const accord_nn_part all[] = {
        {.name = "critic", .params = s->online.set},
        {.name = "target", .params = s->target.set},
        {.name = "actor", .params = s->actor.set},
        {.name = "temperature", .params = s->temperature},
        {.name = "critic.adam", .adam = s->critic_adam},
        {.name = "actor.adam", .adam = s->actor_adam},
        {.name = "temperature.adam", .adam = s->alpha_adam},
    };

    memcpy(parts, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]);
}
