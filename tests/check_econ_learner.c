/* check_econ_learner.c - what ECON's learner promises to those who call it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>
#include <accord/sha256.h>

#include "chaos.h"
#include "econ_rig.h"
#include "econ_suites.h"
#include "scratch.h"

START_TEST(test_item_1_the_unit_square_is_the_box) {
    econ_config c = econ_defaults;
    econ_action low = econ_action_at(&c, 0, 0), high = econ_action_at(&c, 1, 1);

    ck_assert_double_eq_tol(low.temperature, 0.1, 1e-12);
    ck_assert_double_eq_tol(low.top_p, 0.1, 1e-12);
    ck_assert_double_eq_tol(high.temperature, 2.0, 1e-12);
    ck_assert_double_eq_tol(high.top_p, 0.9, 1e-12);
}
END_TEST

START_TEST(test_noise_falls_and_then_stays) {
    econ_config c = econ_defaults;

    ck_assert_double_eq(econ_noise(&c, 0), c.noise_start);
    ck_assert_double_lt(econ_noise(&c, c.noise_episodes / 2), c.noise_start);
    ck_assert_double_eq(econ_noise(&c, c.noise_episodes), c.noise_end);
    ck_assert_double_eq(econ_noise(&c, 100 * c.noise_episodes), c.noise_end);
}
END_TEST

/* ---- decisions ---- */

START_TEST(test_a_decision_follows_the_view_and_the_memory) {
    econ_config c = rig_config(3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    rig_episode e;
    econ_mind m, again;
    econ_action a[3], b[3];

    rig_shake(l->actors.set, 1.0, &rng);
    rig_fill(&e, &c, 2, &rng);
    econ_mind_begin(&m);
    ck_assert_int_eq(econ_decide(l, &m, e.stage[0].view, 0, NULL, a, NULL, NULL), 0);
    ck_assert_uint_eq(m.stage, 1);
    ck_assert(m.last[1][0] == a[1].unit[0]);
    ck_assert(a[0].unit[0] != a[1].unit[0]);
    /* Noise moves what is played and not what is believed. */
    econ_mind_begin(&again);
    ck_assert_int_eq(econ_decide(l, &again, e.stage[0].view, 0.5, &rng, b, NULL, NULL),
                     0);
    ck_assert(a[0].unit[0] != b[0].unit[0]);
    ck_assert_mem_eq(m.belief, again.belief, sizeof(m.belief));
    /* What was played is remembered: the next belief depends on it. */
    econ_mind_played(&c, &again, a);
    ck_assert_mem_eq(&m, &again, sizeof(m));
    econ_mind_played(&c, &again, b);
    ck_assert_int_eq(econ_decide(l, &m, e.stage[1].view, 0, NULL, a, NULL, NULL), 0);
    ck_assert_int_eq(econ_decide(l, &again, e.stage[1].view, 0, NULL, b, NULL, NULL), 0);
    ck_assert(m.belief[0][0] != again.belief[0][0]);
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_training_unrolls_the_beliefs_that_were_decided_with) {
    econ_config c = rig_config(9);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    rig_episode e;
    econ_mind m;
    econ_tensor *belief[ECON_MAX_AGENTS];

    rig_fill(&e, &c, 3, &rng);
    econ_mind_begin(&m);
    for (int s = 0; s < 3; s++)
        ck_assert_int_eq(
            econ_decide(l, &m, e.stage[s].view, 0.3, &rng, e.stage[s].action, NULL, NULL),
            0);
    ck_assert_int_eq(econ_replay_add(&l->replay, &c, e.stage, 3, NULL), 0);
    econ_batch_draw(&l->batch, &c, &l->replay, &rng);
    accord_nn_tape_reset(l->tape);
    econ_unroll(l->tape, &c, &l->now.beliefs, &l->batch, belief);
    for (uint32_t i = 0; i < c.n; i++)
        for (uint32_t k = 0; k < c.belief; k++)
            ck_assert_double_eq_tol((double)belief[i]->data[2 * c.belief + k],
                                    (double)m.belief[i][k], 1e-5);
    econ_learner_destroy(l);
}
END_TEST

/* ---- targets and losses ---- */

static void draw(econ_learner *l, uint64_t seed) {
    accord_nn_tape *t = l->tape;
    size_t size = (size_t)l->c.grid_t * l->c.grid_p;

    econ_batch_draw(&l->batch, &l->c, &l->replay, &seed);
    accord_nn_tape_reset(t);
    econ_tensor *grid = accord_nn_input(t, l->grid, ACCORD_NN_SHAPE(size, 2));
    ck_assert_int_eq(
        econ_targets_fill(&l->y, t, &l->c, &l->target, &l->batch, l->alpha, grid, NULL),
        0);
}

/* max over the grid of the target's Q_i at row `row`, one point at a time. */
static double best_of(econ_learner *l, uint32_t i, size_t row) {
    econ_tensor *belief[ECON_MAX_AGENTS];
    accord_nn_tape *t = l->tape;
    double best = -(double)INFINITY;

    econ_unroll(t, &l->c, &l->target.beliefs, &l->batch, belief);
    econ_tensor *b = accord_nn_slice(t, belief[i], 0, row, row + 1);
    for (uint32_t g = 0; g < l->c.grid_t * l->c.grid_p; g++) {
        econ_tensor *e = accord_nn_input(t, l->grid + 2 * g, ACCORD_NN_SHAPE(1, 2));
        best =
            fmax(best, (double)econ_q(t, &l->target.beliefs.executor[i], b, e)->data[0]);
    }
    return best;
}

START_TEST(test_the_last_stage_has_no_next_value) {
    econ_config c = rig_config(3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;

    rig_shake(l->target.beliefs.set, 0.5, &rng);
    rig_train(l, 6, &rng); /* 1, 2, 3, 1, 2, 3 stages */
    draw(l, 1);
    const econ_batch *b = &l->batch;
    for (size_t row = 0; row < b->rows; row++)
        for (uint32_t i = 0; i < 3; i++) {
            double r = 0;
            for (int k = 0; k < ECON_REWARDS; k++)
                r += l->alpha[k] * (double)b->reward[i][row * ECON_REWARDS + k];
            double next = b->goes_on[row] > 0 ? best_of(l, i, row + b->episodes) : 0;
            if (b->counts[row] > 0)
                ck_assert_double_eq_tol((double)l->y.local[i][row], r + c.discount * next,
                                        1e-5);
        }
    ck_assert(b->goes_on[b->rows - 1] == 0);
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_padding_does_not_count) {
    econ_config c = rig_config(3);
    double td[3], total[3];
    uint64_t rng;

    c.batch = 2;
    c.update_every = 100;
    for (int which = 0; which < 3; which++) { /* an episode of 1 stage, of 3, both */
        econ_learner *l = rig_learner(&c);
        rig_episode e;
        for (uint32_t k = 0; k < 2; k++) {
            rng = 10 + k;
            rig_fill(&e, &c, 1 + 2 * k, &rng);
            if (which == 2 || which == (int)k)
                ck_assert_int_eq(econ_replay_add(&l->replay, &c, e.stage, e.stages, NULL),
                                 0);
        }
        draw(l, 1);
        econ_graph g =
            econ_graph_build(l->tape, &c, &l->now, &l->actors, &l->batch, &l->y);
        td[which] = (double)g.td->data[0];
        total[which] = (double)g.td_total->data[0];
        econ_learner_destroy(l);
    }
    ck_assert_double_eq_tol(4 * td[2], td[0] + 3 * td[1], 1e-4);
    ck_assert_double_eq_tol(4 * total[2], total[0] + 3 * total[1], 1e-4);
}
END_TEST

/* Gradients of `loss` for all networks, and which of them are not 0. */
static void reach(econ_learner *l, econ_tensor *loss, bool reached[4]) {
    accord_nn_group all[4];

    for (int k = 0; k < 4; k++)
        all[k] = econ_group(l, k);
    ck_assert_int_eq(accord_nn_backward(l->tape, loss, all, 4), 0);
    for (int k = 0; k < 4; k++)
        reached[k] = accord_nn_grad_norm(all[k]) > 0;
}

START_TEST(test_item_3_local_losses_reach_executors_alone_and_the_total_never) {
    econ_config c = rig_config(_i ? 9 : 3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    bool reached[4];

    rig_train(l, 6, &rng);
    draw(l, 1);
    econ_graph g = econ_graph_build(l->tape, &c, &l->now, &l->actors, &l->batch, &l->y);
    econ_tensor *local[] = {g.td, g.align, g.executors};
    for (int k = 0; k < 3; k++) {
        reach(l, local[k], reached);
        ck_assert(reached[ECON_BELIEFS]);
        ck_assert(!reached[ECON_ACTORS] && !reached[ECON_ENCODER] &&
                  !reached[ECON_MIXER]);
    }
    reach(l, g.td_total, reached);
    ck_assert(reached[ECON_ENCODER] && reached[ECON_MIXER]);
    ck_assert(!reached[ECON_BELIEFS] && !reached[ECON_ACTORS]);
    econ_learner_destroy(l);
}
END_TEST

static void copy_gradient(econ_learner *l, int which, float *to) {
    accord_nn_group g = econ_group(l, which);

    memcpy(to, g.grad, g.size * sizeof(*to));
}

/* An update at rate 0 leaves its gradients: each group's is that of its own losses. */
START_TEST(test_item_3_an_update_sends_each_loss_to_its_group) {
    econ_config c = rig_config(_i ? 9 : 3);
    float *had[4];
    uint64_t rng = 3;
    econ_losses losses = {0};

    c.rate = c.rate_coordinator = c.rate_actor = c.alpha_rate = c.tau = 0;
    c.clip = 1e9;
    econ_learner *l = rig_learner(&c);
    rig_shake(l->now.mixer.set, 0.3, &rng);
    rig_train(l, 7, &rng);
    ck_assert_int_eq(econ_update(l, &losses, NULL), 0);
    for (int k = 0; k < 4; k++) {
        had[k] = calloc(econ_group(l, k).size, sizeof(float));
        ck_assert_ptr_nonnull(had[k]);
        copy_gradient(l, k, had[k]);
    }
    econ_graph g;
    accord_nn_tape_reset(l->tape);
    g = econ_graph_build(l->tape, &c, &l->now, &l->actors, &l->batch, &l->y);
    econ_tensor *loss[] = {g.executors, g.actor, g.td_total,
                           accord_nn_add(l->tape, g.td_total, g.difference)};
    for (int k = 0; k < 4; k++) {
        accord_nn_group group = econ_group(l, k);
        ck_assert_int_eq(accord_nn_backward(l->tape, loss[k], &group, 1), 0);
        for (size_t n = 0; n < group.size; n++)
            ck_assert_double_eq_tol((double)group.grad[n], (double)had[k][n],
                                    1e-6 + 1e-4 * fabs((double)had[k][n]));
        free(had[k]);
    }
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_item_3_every_parameter_learns) {
    econ_config c = rig_config(_i ? 9 : 3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    econ_losses losses = {0};

    rig_shake(l->now.mixer.set, 0.3, &rng);
    rig_train(l, 7, &rng);
    ck_assert_int_eq(econ_update(l, &losses, NULL), 0);
    accord_nn_params *set[] = {l->now.beliefs.set, l->actors.set, l->now.encoder.set,
                               l->now.mixer.set, l->weights};
    for (int k = 0; k < ECON_GROUPS; k++)
        for (size_t i = 0; i < accord_nn_params_count(set[k]); i++) {
            const accord_nn_param *p = accord_nn_params_at(set[k], i);
            double sum = 0;
            for (size_t n = 0; n < p->size; n++)
                sum += fabs((double)p->grad[n]);
            ck_assert_msg(sum > 0, "%s", p->name);
        }
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_the_weights_gradient_is_that_of_their_loss) {
    econ_config c = rig_config(_i ? 9 : 3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    double gradient[ECON_REWARDS], unused[ECON_REWARDS];

    rig_train(l, 6, &rng);
    draw(l, 1);
    econ_graph g = econ_graph_build(l->tape, &c, &l->now, &l->actors, &l->batch, &l->y);
    econ_reward_loss(&c, &l->batch, &l->y, &g, gradient);
    for (int k = 0; k < ECON_REWARDS; k++) {
        double loss[2], share = c.n_clusters > 1 ? 1 - c.beta : 1;
        for (int side = 0; side < 2; side++) {
            float step = side ? 1e-2f : -1e-2f;
            for (uint32_t i = 0; i < c.n; i++)
                for (size_t row = 0; row < l->batch.rows; row++)
                    l->y.reward[i][row] +=
                        (float)share * step * l->batch.reward[i][row * ECON_REWARDS + k];
            loss[side] = econ_reward_loss(&c, &l->batch, &l->y, &g, unused);
            for (uint32_t i = 0; i < c.n; i++)
                for (size_t row = 0; row < l->batch.rows; row++)
                    l->y.reward[i][row] -=
                        (float)share * step * l->batch.reward[i][row * ECON_REWARDS + k];
        }
        ck_assert_double_eq_tol(gradient[k], (loss[1] - loss[0]) / 2e-2, 1e-3);
    }
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_weights_stay_on_the_simplex_above_their_floor) {
    econ_config c = rig_config(3);
    uint64_t rng = 3;

    c.alpha_rate = 0.05;
    c.updates = 20;
    econ_learner *l = rig_learner(&c);
    /* Contribution is easy to foresee and correctness is not: the loss alone would give
     * correctness no weight. */
    for (int k = 0; k < 60; k++) {
        rig_episode e;
        econ_losses losses;
        rig_fill(&e, &c, 1, &rng);
        for (int i = 0; i < 3; i++) {
            e.stage[0].reward[i][ECON_CC] = 0;
            e.stage[0].reward[i][ECON_TS] = accord_rng_uniform(&rng) < 0.5;
        }
        ck_assert_int_eq(econ_observe(l, e.stage, 1, &losses, NULL), 0);
        double sum = losses.alpha[0] + losses.alpha[1] + losses.alpha[2];
        ck_assert_double_eq_tol(sum, 1, 1e-6);
        ck_assert_double_ge(losses.alpha[ECON_TS], c.alpha_ts_min - 1e-6);
    }
    ck_assert_double_eq_tol(l->alpha[ECON_TS], c.alpha_ts_min, 0.02);
    double r[ECON_REWARDS] = {1, 0, 0};
    ck_assert_double_eq(econ_reward(l, r), l->alpha[0]);
    econ_learner_destroy(l);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(test_a_gradient_that_is_not_finite_is_left_out_and_said) {
    econ_config c = rig_config(3);
    econ_learner *l = rig_learner(&c), *same = rig_learner(&c);
    uint64_t rng = 3;
    econ_losses losses;
    rig_episode e;

    for (int k = 0; k < 2; k++) {
        rig_fill(&e, &c, 1, &rng);
        for (int d = 0; d < RIG_WIDTH; d++)
            e.question[d] = 3e38f;
        ck_assert_int_eq(econ_observe(l, e.stage, 1, &losses, NULL), 0);
    }
    ck_assert(losses.updated && losses.skipped);
    ck_assert_uint_eq(rig_different(l, same), 0);
    /* The episodes leave the buffer, and it learns again. */
    for (uint32_t k = 0; k < c.buffer; k++) {
        rig_fill(&e, &c, 1, &rng);
        ck_assert_int_eq(econ_observe(l, e.stage, 1, &losses, NULL), 0);
    }
    ck_assert(losses.updated && !losses.skipped);
    ck_assert_uint_gt(rig_different(l, same), 0);
    econ_learner_destroy(l);
    econ_learner_destroy(same);
}
END_TEST

static void refuse_episode(econ_learner *l, const rig_episode *e, const char *why) {
    accord_nn_err err = {0};
    econ_losses losses;

    ck_assert_int_eq(econ_observe(l, e->stage, e->stages, &losses, &err), ACCORD_E_ARG);
    ck_assert_msg(strstr(err.text, why), "%s", err.text);
    ck_assert_uint_eq(econ_episodes(l), 0);
    ck_assert_uint_eq(l->replay.stored, 0);
}

START_TEST(test_episodes_that_cannot_be_are_refused) {
    econ_config c = rig_config(9);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 3;
    rig_episode e, bad;

    rig_fill(&e, &c, 2, &rng);
    bad = e;
    bad.stages = 0;
    refuse_episode(l, &bad, "0 stages");
    bad.stages = ECON_MAX_STAGES + 1;
    refuse_episode(l, &bad, "5 stages");
    bad = e;
    bad.stage[1].reward[2][ECON_TS] = (double)NAN;
    refuse_episode(l, &bad, "stage 2: a reward of executor 2 is not finite");
    bad = e;
    bad.stage[0].action[3].unit[1] = 1.5f;
    refuse_episode(l, &bad, "outside of its box");
    bad = e;
    bad.stage[0].team = (double)INFINITY;
    refuse_episode(l, &bad, "team");
    bad = e;
    bad.stage[0].cluster_reward[1] = (double)NAN;
    refuse_episode(l, &bad, "team");
    e.said[1][0] = (double)NAN;
    refuse_episode(l, &e, "an embedding is not finite");
    econ_learner_destroy(l);
}
END_TEST

START_TEST(test_configurations_that_do_not_fit_are_refused) {
    const econ_config good = rig_config(9);
    econ_config bad[16];
    size_t n = 0;
    econ_learner *l;

    for (size_t i = 0; i < 16; i++)
        bad[i] = good;
    bad[n++].n = 0;
    bad[n++].n = ECON_MAX_AGENTS + 1;
    bad[n++].cluster[0] = 4;
    bad[n++].n_clusters = 0;
    bad[n++].width = 0;
    bad[n++].heads = 3;
    bad[n++].belief = 512;
    bad[n++].batch = good.buffer + 1;
    bad[n++].update_every = 0;
    bad[n++].grid_p = 1;
    bad[n++].t_max = good.t_min;
    bad[n++].discount = 1.5;
    bad[n++].rate = (double)NAN;
    bad[n++].alpha[ECON_TS] = 0;
    bad[n++].alpha[ECON_TS] = 0.9;
    for (size_t i = 0; i < n; i++) {
        accord_nn_err err = {0};
        ck_assert_int_eq(econ_learner_create(&bad[i], &l, &err), ACCORD_E_ARG);
        ck_assert_ptr_null(l);
        ck_assert_uint_gt(strlen(err.text), 10);
    }
}
END_TEST

/* ---- checkpoints ---- */

START_TEST(test_item_3_after_loading_training_goes_on_bit_for_bit) {
    econ_config c = rig_config(_i ? 9 : 3);
    econ_learner *a = rig_learner(&c), *b = rig_learner(&c);
    char *dir = scratch_path("");
    uint64_t rng = 3, same;
    econ_mind m, again;
    econ_action x[9], y[9];
    rig_episode e;

    rig_train(a, 21, &rng); /* an odd number: an update is half due */
    ck_assert_int_eq(econ_learner_save(a, dir, NULL), 0);
    ck_assert_uint_gt(rig_different(a, b), 0);
    ck_assert_int_eq(econ_learner_load(b, dir, NULL), 0);
    ck_assert_uint_eq(rig_different(a, b), 0);
    ck_assert_uint_eq(econ_episodes(b), 21);
    same = rng;
    rig_train(a, 20, &rng);
    rig_train(b, 20, &same);
    ck_assert_uint_eq(rig_different(a, b), 0);
    ck_assert_mem_eq(a->alpha, b->alpha, sizeof(a->alpha));
    rig_fill(&e, &c, 1, &rng);
    econ_mind_begin(&m);
    econ_mind_begin(&again);
    ck_assert_int_eq(econ_decide(a, &m, e.stage[0].view, 0, NULL, x, NULL, NULL), 0);
    ck_assert_int_eq(econ_decide(b, &again, e.stage[0].view, 0, NULL, y, NULL, NULL), 0);
    ck_assert_mem_eq(&m, &again, sizeof(m));
    free(dir);
    econ_learner_destroy(a);
    econ_learner_destroy(b);
}
END_TEST

static void refuse_load(const econ_config *c, const char *dir, accord_code code,
                        const char *why) {
    econ_learner *l = rig_learner(c), *same = rig_learner(c);
    accord_nn_err err = {0};

    ck_assert_int_eq(econ_learner_load(l, dir, &err), code);
    ck_assert_msg(strstr(err.text, why), "%s", err.text);
    ck_assert_uint_eq(rig_different(l, same), 0);
    ck_assert_uint_eq(econ_episodes(l), 0);
    econ_learner_destroy(l);
    econ_learner_destroy(same);
}

START_TEST(test_item_3_a_missing_checkpoint_is_an_error) {
    econ_config c = rig_config(3);
    char *dir = scratch_path("");

    refuse_load(&c, dir, ACCORD_E_NOTFOUND, "learner.nn");
    free(dir);
}
END_TEST

START_TEST(test_a_checkpoint_of_another_panel_is_refused) {
    econ_config c = rig_config(3), other = c;
    econ_learner *l = rig_learner(&c);
    char *dir = scratch_path("");

    ck_assert_int_eq(econ_learner_save(l, dir, NULL), 0);
    other.t_max = 1.3;
    refuse_load(&other, dir, ACCORD_E_CONFIG, "bounds");
    other = rig_config(4);
    refuse_load(&other, dir, ACCORD_E_CONFIG, "learner.nn");
    free(dir);
    econ_learner_destroy(l);
}
END_TEST

/* Puts NaN over the first bytes equal to `value`, and a new digest at the end. */
static void spoil(const char *path, float value) {
    FILE *f = fopen(path, "r+b");
    static uint8_t bytes[1 << 22];
    const float nan_value = (double)NAN;
    size_t n, at = 0;
    accord_sha256 sha;
    char digest[65];

    ck_assert_ptr_nonnull(f);
    n = fread(bytes, 1, sizeof(bytes), f);
    ck_assert(n > 64 && n < sizeof(bytes));
    while (at + 4 < n && memcmp(bytes + at, &value, sizeof(value)) != 0)
        at++;
    ck_assert_uint_lt(at + 4, n);
    memcpy(bytes + at, &nan_value, sizeof(nan_value));
    accord_sha256_init(&sha);
    accord_sha256_update(&sha, bytes, n - 64);
    accord_sha256_hex(&sha, digest);
    memcpy(bytes + n - 64, digest, 64);
    rewind(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

START_TEST(test_not_a_number_in_a_checkpoint_is_refused) {
    econ_config c = rig_config(3);
    econ_learner *l = rig_learner(&c);
    char *dir = scratch_path(""), *path = scratch_path("learner.nn");
    uint64_t rng = 3;

    rig_train(l, 5, &rng);
    ck_assert_int_eq(econ_learner_save(l, dir, NULL), 0);
    if (_i == 0) /* a weight, an embedding, an action */
        spoil(path, l->now.mixer.lift.weight->value[3]);
    else if (_i == 1)
        spoil(path, l->replay.table[RIG_WIDTH + 2]);
    else
        spoil(path, l->replay.episode[0].unit[0][1][0]);
    refuse_load(&c, dir, ACCORD_E_CONFIG, _i ? "episodes" : "finite");
    free(dir);
    free(path);
    econ_learner_destroy(l);
}
END_TEST

/* ---- memory ---- */

/* A life: made, asked, taught, saved, loaded.  Stops at the first failure. */
static accord_code live(const econ_config *c, const rig_episode *e, const char *dir,
                        accord_nn_err *err) {
    econ_learner *l = NULL;
    econ_losses losses;
    econ_mind m;
    econ_action a[ECON_MAX_AGENTS];
    accord_code rc = econ_learner_create(c, &l, err);

    econ_mind_begin(&m);
    if (!rc)
        rc = econ_decide(l, &m, e->stage[0].view, 0, NULL, a, NULL, err);
    for (int k = 0; !rc && k < 2; k++)
        rc = econ_observe(l, e->stage, e->stages, &losses, err);
    if (!rc)
        rc = econ_learner_save(l, dir, err);
    if (!rc)
        rc = econ_learner_load(l, dir, err);
    econ_learner_destroy(l);
    return rc;
}

START_TEST(test_memory_may_run_out_anywhere) {
    econ_config c = rig_config(3);
    char *dir = scratch_path("");
    uint64_t rng = 3, n = 0;
    rig_episode e;
    accord_code rc = ACCORD_OK;

    rig_fill(&e, &c, 2, &rng);
    for (bool failed = true; failed; n++) {
        accord_nn_err err = {0};
        chaos_fail_after(n);
        rc = live(&c, &e, dir, &err);
        failed = chaos_stop();
        ck_assert_msg(!failed || rc == ACCORD_E_NOMEM, "allocation %u: %d %s",
                      (unsigned)n, rc, err.text);
        ck_assert_msg(!rc || err.text[0], "allocation %u: no sentence", (unsigned)n);
    }
    ck_assert_int_eq(rc, ACCORD_OK);
    ck_assert_uint_gt(n, 100);
    free(dir);
}
END_TEST

Suite *suite_econ_learner(void) {
    Suite *s = suite_create("econ_learner");
    TCase *tc = tcase_create("learner");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_item_1_the_unit_square_is_the_box);
    tcase_add_test(tc, test_noise_falls_and_then_stays);
    tcase_add_test(tc, test_a_decision_follows_the_view_and_the_memory);
    tcase_add_test(tc, test_training_unrolls_the_beliefs_that_were_decided_with);
    tcase_add_test(tc, test_the_last_stage_has_no_next_value);
    tcase_add_test(tc, test_padding_does_not_count);
    tcase_add_loop_test(
        tc, test_item_3_local_losses_reach_executors_alone_and_the_total_never, 0, 2);
    tcase_add_loop_test(tc, test_item_3_an_update_sends_each_loss_to_its_group, 0, 2);
    tcase_add_loop_test(tc, test_item_3_every_parameter_learns, 0, 2);
    tcase_add_loop_test(tc, test_the_weights_gradient_is_that_of_their_loss, 0, 2);
    tcase_add_test(tc, test_weights_stay_on_the_simplex_above_their_floor);
    tcase_add_test(tc, test_a_gradient_that_is_not_finite_is_left_out_and_said);
    tcase_add_test(tc, test_episodes_that_cannot_be_are_refused);
    tcase_add_test(tc, test_configurations_that_do_not_fit_are_refused);
    tcase_add_loop_test(tc, test_item_3_after_loading_training_goes_on_bit_for_bit, 0, 2);
    tcase_add_test(tc, test_item_3_a_missing_checkpoint_is_an_error);
    tcase_add_test(tc, test_a_checkpoint_of_another_panel_is_refused);
    tcase_add_loop_test(tc, test_not_a_number_in_a_checkpoint_is_refused, 0, 3);
    tcase_add_test(tc, test_memory_may_run_out_anywhere);
    suite_add_tcase(s, tc);
    return s;
}
