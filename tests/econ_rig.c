/* econ_rig.c - see econ_rig.h. */
#include "econ_rig.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include <accord/rng.h>

econ_config rig_config(uint32_t n) {
    econ_config c = econ_defaults;

    c.n = n;
    c.width = RIG_WIDTH;
    c.entity = 16;
    c.belief = 8;
    c.heads = 2;
    c.buffer = 8;
    c.batch = 4;
    c.update_every = 2;
    c.updates = 2;
    c.seed = 5;
    if (n == 9) {
        c.n_clusters = 3;
        for (int k = 0; k < 3; k++)
            c.cluster[k] = 3;
    }
    return c;
}

econ_learner *rig_learner(const econ_config *c) {
    accord_nn_err err = {0};
    econ_learner *l;

    ck_assert_msg(econ_learner_create(c, &l, &err) == ACCORD_OK, "%s", err.text);
    return l;
}

void rig_normal(float *x, size_t n, double std, uint64_t *rng) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(std * accord_rng_normal(rng));
}

void rig_shake(accord_nn_params *set, double std, uint64_t *rng) {
    accord_nn_group all = accord_nn_group_all(set);

    rig_normal(all.value, all.size, std, rng);
}

static void fill_stage(econ_stage *stage, const econ_config *c, uint64_t *rng) {
    for (uint32_t i = 0; i < c->n; i++) {
        stage->action[i] = econ_action_at(c, (float)accord_rng_uniform(rng),
                                          (float)accord_rng_uniform(rng));
        for (int k = 0; k < ECON_REWARDS; k++)
            stage->reward[i][k] = accord_rng_uniform(rng);
    }
    for (uint32_t k = 0; k < c->n_clusters; k++)
        stage->cluster_reward[k] = accord_rng_uniform(rng);
    stage->team = (double)NAN;
}

void rig_fill(rig_episode *e, const econ_config *c, uint32_t stages, uint64_t *rng) {
    memset(e, 0, sizeof(*e));
    e->stages = stages;
    rig_normal(e->question, RIG_WIDTH, 0.3, rng);
    for (uint32_t i = 0; i < c->n; i++)
        rig_normal(e->strategy[i], RIG_WIDTH, 0.3, rng);
    for (uint32_t s = 0; s < stages; s++) {
        econ_stage *stage = &e->stage[s];
        fill_stage(stage, c, rng);
        rig_normal(e->said[s], RIG_WIDTH, 0.3, rng);
        stage->commitment = e->said[s];
        for (uint32_t i = 0; i < c->n; i++)
            stage->view[i] = (econ_view){.question = e->question,
                                         .strategy = e->strategy[i],
                                         .commitment = s ? e->said[s - 1] : NULL};
    }
}

void rig_train(econ_learner *l, uint32_t n, uint64_t *rng) {
    accord_nn_err err = {0};
    econ_losses losses;

    for (uint32_t k = 0; k < n; k++) {
        rig_episode e;
        rig_fill(&e, &l->c, 1 + k % 3, rng);
        ck_assert_msg(econ_observe(l, e.stage, e.stages, &losses, &err) == ACCORD_OK,
                      "%s", err.text);
        ck_assert(!losses.skipped);
    }
}

static size_t different(const accord_nn_params *a, const accord_nn_params *b) {
    size_t n = 0;

    ck_assert_uint_eq(accord_nn_params_size(a), accord_nn_params_size(b));
    for (size_t i = 0; i < accord_nn_params_count(a); i++) {
        const accord_nn_param *x = accord_nn_params_at(a, i),
                              *y = accord_nn_params_at(b, i);
        for (size_t k = 0; k < x->size; k++)
            n += memcmp(&x->value[k], &y->value[k], sizeof(float)) != 0;
    }
    return n;
}

size_t rig_different(const econ_learner *a, const econ_learner *b) {
    return different(a->now.beliefs.set, b->now.beliefs.set) +
           different(a->now.encoder.set, b->now.encoder.set) +
           different(a->now.mixer.set, b->now.mixer.set) +
           different(a->target.beliefs.set, b->target.beliefs.set) +
           different(a->target.encoder.set, b->target.encoder.set) +
           different(a->target.mixer.set, b->target.mixer.set) +
           different(a->actors.set, b->actors.set) + different(a->weights, b->weights);
}
