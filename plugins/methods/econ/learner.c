/* learner.c - makes a learner, decides with it, shows it episodes; see learner.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "learner_parts.h"

/* Of one step's tensors; the largest panel with the paper's sizes takes a tenth. */
static const size_t tape_bytes = (size_t)1 << 30;

static bool clusters_fit(const econ_config *c) {
    uint32_t n = 0;

    if (c->n_clusters < 1 || c->n_clusters > ECON_MAX_CLUSTERS)
        return false;
    for (uint32_t k = 0; k < c->n_clusters; k++) {
        if (c->n_clusters > 1 && (c->cluster[k] < 1 || c->cluster[k] > c->n))
            return false;
        n += c->cluster[k];
    }
    return c->n_clusters == 1 || n == c->n;
}

static bool is_share(double x) {
    return x >= 0 && x <= 1;
}

static bool is_rate(double x) {
    return x >= 0 && isfinite(x);
}

static const char *wrong_size(const econ_config *c) {
    if (c->n < 1 || c->n > ECON_MAX_AGENTS)
        return "executors are 1 to 16";
    if (!clusters_fit(c))
        return "clusters are 1 to 4 and hold all executors";
    if (c->width < 1 || c->width > 1 << 16)
        return "an embedding is 1 to 65536 wide";
    if (c->entity < 1 || c->entity > 4096 || c->belief < 1 || c->belief > 256)
        return "the networks are 1 to 4096 wide, beliefs 1 to 256";
    if (c->heads < 1 || c->entity % c->heads || c->belief % c->heads)
        return "heads divide the width of the networks and of beliefs";
    if (c->batch < 1 || c->batch > c->buffer || c->buffer > 1 << 16)
        return "a batch is 1 episode to the whole buffer";
    if (c->update_every < 1)
        return "an update comes after 1 episode or more";
    if (c->grid_t < 2 || c->grid_p < 2 || c->grid_t > 64 || c->grid_p > 64)
        return "the grid is 2 to 64 points each way";
    return NULL;
}

static const char *wrong_number(const econ_config *c) {
    double sum = 0;

    if (!(c->t_min < c->t_max && c->p_min < c->p_max) || !isfinite(c->t_max - c->t_min) ||
        !isfinite(c->p_max - c->p_min))
        return "the box of actions is empty";
    if (!is_share(c->discount) || !is_share(c->tau) || !is_share(c->beta))
        return "discount, tau and beta are from 0 to 1";
    if (!is_rate(c->rate) || !is_rate(c->rate_coordinator) || !is_rate(c->rate_actor) ||
        !is_rate(c->alpha_rate))
        return "a learning rate is 0 or more";
    if (!is_rate(c->lambda_e) || !is_rate(c->lambda_m) || !is_rate(c->lambda_b) ||
        !(c->clip > 0) || !is_rate(c->noise_start) || !is_rate(c->noise_end))
        return "weights of losses and noise are 0 or more, the clip above 0";
    for (int k = 0; k < ECON_REWARDS; k++) {
        if (!(c->alpha[k] > 0))
            return "weights of the rewards are above 0";
        sum += c->alpha[k];
    }
    if (fabs(sum - 1) > 1e-6 || !(c->alpha_ts_min >= 0 && c->alpha_ts_min < 1))
        return "weights of the rewards sum to 1, the least is below 1";
    return NULL;
}

static accord_code nets_create(econ_nets *net, const econ_config *c, uint64_t seed,
                               accord_nn_err *err) {
    accord_code rc = econ_beliefs_create(&net->beliefs, c, &seed, err);

    if (!rc)
        rc = econ_encoder_create(&net->encoder, c, &seed, err);
    if (!rc)
        rc = econ_mixer_create(&net->mixer, c, &seed, err);
    return rc;
}

static void nets_destroy(econ_nets *net) {
    accord_nn_params_destroy(net->beliefs.set);
    accord_nn_params_destroy(net->encoder.set);
    accord_nn_params_destroy(net->mixer.set);
}

static accord_code weights_create(econ_learner *l, accord_nn_err *err) {
    l->weights = accord_nn_params_create();
    l->logits =
        accord_nn_param_add(l->weights, "weights", 0, ACCORD_NN_SHAPE(ECON_REWARDS));
    accord_code rc = accord_nn_params_seal(l->weights, err);
    if (rc)
        return rc;
    memcpy(l->alpha, l->c.alpha, sizeof(l->alpha));
    econ_weights_write(l);
    return ACCORD_OK;
}

accord_nn_group econ_group(const econ_learner *l, int which) {
    accord_nn_params *set[ECON_GROUPS] = {l->now.beliefs.set, l->actors.set,
                                          l->now.encoder.set, l->now.mixer.set,
                                          l->weights};

    return accord_nn_group_all(set[which]);
}

static accord_code grid_create(econ_learner *l, accord_nn_err *err) {
    const econ_config *c = &l->c;

    l->grid = calloc((size_t)c->grid_t * c->grid_p * 2, sizeof(*l->grid));
    l->seen = calloc((1 + 3 * (size_t)c->n) * c->width, sizeof(*l->seen));
    if (!l->grid || !l->seen)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
    for (uint32_t i = 0; i < c->grid_t * c->grid_p; i++) {
        l->grid[2 * i] = (float)(i / c->grid_p) / (float)(c->grid_t - 1);
        l->grid[2 * i + 1] = (float)(i % c->grid_p) / (float)(c->grid_p - 1);
    }
    return ACCORD_OK;
}

static accord_code networks_create(econ_learner *l, accord_nn_err *err) {
    uint64_t seed = accord_rng_fold(l->c.seed, 1), actor_seed = accord_rng_fold(seed, 2);
    const accord_nn_adam_config adam = ACCORD_NN_ADAM;
    accord_code rc = nets_create(&l->now, &l->c, seed, err);

    /* The targets begin as copies: the same stream. */
    if (!rc)
        rc = nets_create(&l->target, &l->c, seed, err);
    if (!rc)
        rc = econ_actors_create(&l->actors, &l->c, &actor_seed, err);
    if (!rc)
        rc = weights_create(l, err);
    for (int k = 0; !rc && k < ECON_GROUPS; k++)
        rc = accord_nn_adam_create(econ_group(l, k), &adam, &l->adam[k], err);
    return rc;
}

static accord_code memory_create(econ_learner *l, accord_nn_err *err) {
    accord_code rc = econ_replay_init(&l->replay, &l->c, err);

    if (!rc)
        rc = econ_batch_init(&l->batch, &l->c, &l->replay, err);
    if (!rc)
        rc = econ_targets_init(&l->y, &l->c, err);
    if (!rc)
        rc = grid_create(l, err);
    if (!rc && !(l->tape = accord_nn_tape_create(tape_bytes)))
        rc = accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for a tape");
    return rc;
}

accord_code econ_learner_check(const econ_config *c, accord_nn_err *err) {
    const char *wrong = wrong_size(c);

    if (!wrong)
        wrong = wrong_number(c);
    return wrong ? accord_nn_fail(err, ACCORD_E_ARG, "%s", wrong) : ACCORD_OK;
}

accord_code econ_learner_create(const econ_config *c, econ_learner **out,
                                accord_nn_err *err) {
    econ_learner *l;

    *out = NULL;
    accord_code rc = econ_learner_check(c, err);
    if (rc)
        return rc;
    if (!(l = calloc(1, sizeof(*l))))
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
    l->c = *c;
    l->rng = accord_rng_fold(c->seed, 3);
    rc = networks_create(l, err);
    if (!rc)
        rc = memory_create(l, err);
    if (rc)
        econ_learner_destroy(l);
    else
        *out = l;
    return rc;
}

void econ_learner_destroy(econ_learner *l) {
    if (!l)
        return;
    for (int k = 0; k < ECON_GROUPS; k++)
        accord_nn_adam_destroy(l->adam[k]);
    nets_destroy(&l->now);
    nets_destroy(&l->target);
    accord_nn_params_destroy(l->actors.set);
    accord_nn_params_destroy(l->weights);
    accord_nn_tape_destroy(l->tape);
    econ_replay_free(&l->replay);
    econ_batch_free(&l->batch);
    econ_targets_free(&l->y);
    free(l->grid);
    free(l->seen);
    free(l);
}

double econ_reward(const econ_learner *l, const double reward[ECON_REWARDS]) {
    double sum = 0;

    for (int k = 0; k < ECON_REWARDS; k++)
        sum += l->alpha[k] * reward[k];
    return sum;
}

uint64_t econ_episodes(const econ_learner *l) {
    return l->episodes;
}

accord_code econ_observe(econ_learner *l, const econ_stage *stages, uint32_t n_stages,
                         econ_losses *losses, accord_nn_err *err) {
    accord_code rc = econ_replay_add(&l->replay, &l->c, stages, n_stages, err);

    *losses = (econ_losses){0};
    if (!rc) {
        l->episodes++;
        if (++l->waiting >= l->c.update_every) {
            l->waiting = 0;
            losses->updated = l->c.updates > 0;
            for (uint32_t i = 0; !rc && i < l->c.updates; i++)
                rc = econ_update(l, losses, err);
        }
    }
    memcpy(losses->alpha, l->alpha, sizeof(losses->alpha));
    return rc;
}
