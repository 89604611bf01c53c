/* check_control_sac_steps.c - soft actor-critic as it goes on: what each step moves,
 * learning, checkpoints, trouble. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "control_suites.h"
#include "scratch.h"
#include "tiny_sac.h"

enum { ONLINE = 1, TARGET = 2, ACTOR = 4, TEMPERATURE = 8 };

static float *gradient_of(control_sac *s, const tiny_batch *b, const float *y,
                          double *loss) {
    float *grad = malloc(control_sac_critic_size(s) * sizeof(float));

    ck_assert_int_eq(control_sac_critic_gradient(s, TINY_BATCH, b->obs, b->action, y,
                                                 grad, loss, NULL),
                     0);
    return grad;
}

/* ---- what moves ---- */

START_TEST(test_each_step_moves_its_own) {
    control_sac *s = tiny_create(1);
    float y[TINY_BATCH], action[TINY_ACTIONS];
    control_actor_info info;
    uint64_t rng = 1;
    tiny_batch b;
    double loss;

    tiny_draw(&b, 1);
    tiny_values v = tiny_keep(s);
    ck_assert_int_eq(control_sac_act(s, b.obs, &rng, action, NULL), 0);
    ck_assert_int_eq(control_sac_target(s, &b.b, &rng, y, NULL), 0);
    float *grad = gradient_of(s, &b, y, &loss);
    ck_assert_uint_eq(tiny_changed(s, &v), 0);
    control_sac_critic_step(s, grad);
    ck_assert_uint_eq(tiny_changed(s, &v), ONLINE);
    tiny_drop(&v);
    v = tiny_keep(s);
    ck_assert_int_eq(control_sac_actor_step(s, &b.b, &rng, &info, NULL), 0);
    ck_assert_uint_eq(tiny_changed(s, &v), ACTOR | TEMPERATURE);
    tiny_drop(&v);
    v = tiny_keep(s);
    control_sac_targets_step(s);
    ck_assert_uint_eq(tiny_changed(s, &v), TARGET);
    tiny_drop(&v);
    free(grad);
    control_sac_destroy(s);
}
END_TEST

/* Adam's first step is the rate times the sign, wherever the gradient is not tiny: from
 * the first convolution to the last bias. */
START_TEST(test_the_critic_goes_down_its_gradient) {
    control_sac *s = tiny_create(2);
    const size_t n = control_sac_critic_size(s);
    const float *value = accord_nn_group_all(s->online.set).value;
    float y[TINY_BATCH] = {1, -1, 0.5f, 0, 2};
    size_t moved = 0;
    tiny_batch b;
    double loss, after;

    tiny_draw(&b, 2);
    tiny_values v = tiny_keep(s);
    float *grad = gradient_of(s, &b, y, &loss);
    control_sac_critic_step(s, grad);
    for (size_t i = 0; i < n; i++) {
        if (fabsf(grad[i]) < 1e-4f)
            continue;
        double want = grad[i] > 0.0f ? -1e-3 : 1e-3;
        ck_assert_double_eq_tol((double)value[i] - (double)v.of[TINY_ONLINE][i], want,
                                1e-6);
        moved++;
    }
    ck_assert_uint_gt(moved, n / 2);
    free(grad);
    free(gradient_of(s, &b, y, &after));
    ck_assert(after < loss);
    tiny_drop(&v);
    control_sac_destroy(s);
}
END_TEST

/* Every average is the formula, and the critics' is the slower. */
START_TEST(test_targets_follow) {
    control_sac *s = tiny_create(3);
    const float *from = accord_nn_group_all(s->online.set).value;
    const float *to = accord_nn_group_all(s->target.set).value;
    tiny_values v = tiny_keep(s);
    size_t slow = 0;

    control_sac_targets_step(s);
    for (size_t i = 0; i < accord_nn_params_count(s->online.set); i++) {
        const accord_nn_param *p = accord_nn_params_at(s->online.set, i);
        double tau = strncmp(p->name, "q.", 2) == 0 ? 0.01 : 0.05;
        slow += tau < 0.02;
        for (size_t k = p->offset; k < p->offset + p->size; k++) {
            double old = (double)v.of[TINY_TARGET][k];
            ck_assert_double_eq_tol((double)to[k], old + tau * ((double)from[k] - old),
                                    1e-7);
        }
    }
    ck_assert_uint_eq(slow, 12);
    tiny_drop(&v);
    control_sac_destroy(s);
}
END_TEST

/* An actor that is too sure raises alpha, one that is too random lowers it; by Adam's
 * first step, the rate. */
START_TEST(test_alpha_moves_the_right_way) {
    control_sac *s = tiny_create(4);
    float *bias = s->actor.mlp.layer[2].bias->value;
    control_actor_info info;
    uint64_t rng = 2;
    tiny_batch b;

    tiny_draw(&b, 4);
    for (int i = 0; i < TINY_ACTIONS; i++)
        bias[TINY_ACTIONS + i] = _i ? 1.0f : -3.0f;
    double before = (double)s->log_alpha->value[0];
    ck_assert_int_eq(control_sac_actor_step(s, &b.b, &rng, &info, NULL), 0);
    ck_assert_int_eq(info.entropy > -TINY_ACTIONS, _i);
    ck_assert_double_eq_tol((double)s->log_alpha->value[0] - before, _i ? -1e-4 : 1e-4,
                            1e-6);
    ck_assert_double_eq_tol(info.alpha, exp((double)s->log_alpha->value[0]), 1e-12);
    control_sac_destroy(s);
}
END_TEST

/* Adam with beta1 0.5 over two gradients that differ in sign and size. */
START_TEST(test_alpha_has_little_momentum) {
    control_sac *s = tiny_create(4);
    float *bias = s->actor.mlp.layer[2].bias->value;
    double want = (double)s->log_alpha->value[0], m = 0.0, v = 0.0;
    control_actor_info info;
    uint64_t rng = 2;
    tiny_batch b;

    tiny_draw(&b, 4);
    for (int t = 1; t <= 2; t++) {
        bias[TINY_ACTIONS] = bias[TINY_ACTIONS + 1] = t == 1 ? 1.0f : -3.0f;
        ck_assert_int_eq(control_sac_actor_step(s, &b.b, &rng, &info, NULL), 0);
        double g = (double)s->log_alpha->grad[0];
        ck_assert_int_eq(g > 0.0, t == 1);
        m = 0.5 * m + 0.5 * g;
        v = 0.999 * v + 0.001 * g * g;
        want -= 1e-4 * m / (1.0 - pow(0.5, t)) / (sqrt(v / (1.0 - pow(0.999, t))) + 1e-8);
    }
    ck_assert_double_eq_tol((double)s->log_alpha->value[0], want, 1e-6);
    control_sac_destroy(s);
}
END_TEST

/* Two pictures, left dark or right dark, ask for opposite actions; one step long. */
static void draw_question(tiny_batch *b, uint64_t *rng) {
    for (int i = 0; i < TINY_BATCH; i++) {
        int right = (int)accord_rng_below(rng, 2);
        for (int k = 0; k < TINY_STACK; k++)
            b->obs[i * TINY_STACK + k] =
                (k % TINY_PIXELS >= TINY_PIXELS / 2) == right ? 20 : 220;
        double miss = 0.0;
        for (int k = 0; k < TINY_ACTIONS; k++) {
            float *a = &b->action[i * TINY_ACTIONS + k];
            *a = (float)(2.0 * accord_rng_uniform(rng) - 1.0);
            double want = (right == (k == 0)) ? 0.5 : -0.5;
            miss += ((double)*a - want) * ((double)*a - want);
        }
        b->reward[i] = (float)-miss;
        b->not_done[i] = 0.0f;
    }
    memcpy(b->next_obs, b->obs, sizeof(b->obs));
}

START_TEST(test_it_learns_what_a_picture_asks_for) {
    control_size size = tiny_size;
    control_sac_config c = tiny_config(5);
    float action[TINY_ACTIONS];
    uint64_t rng = 3;
    control_sac *s;
    tiny_batch b;

    size.hidden = 32;
    c.size = &size;
    c.temperature = 0.01;
    ck_assert_int_eq(control_sac_create(&c, &s, NULL), 0);
    tiny_draw(&b, 1);
    for (int i = 0; i < 3000; i++) {
        draw_question(&b, &rng);
        ck_assert_int_eq(tiny_update(s, &b.b, &rng, NULL), 0);
    }
    for (int i = 0; i < TINY_BATCH; i++) {
        bool right = b.obs[i * TINY_STACK] == 220;
        ck_assert_int_eq(control_sac_act(s, b.obs + i * TINY_STACK, NULL, action, NULL),
                         0);
        for (int k = 0; k < TINY_ACTIONS; k++)
            ck_assert_double_eq_tol((double)action[k], right == (k == 0) ? 0.5 : -0.5,
                                    0.25);
    }
    control_sac_destroy(s);
}
END_TEST

/* ---- checkpoints ---- */

static accord_code save(control_sac *s, const char *path, accord_nn_err *err) {
    accord_nn_part parts[CONTROL_SAC_PARTS];
    size_t n = control_sac_parts(s, parts);

    ck_assert_uint_le(n, CONTROL_SAC_PARTS);
    return accord_nn_save(path, parts, n, err);
}

static accord_code load(control_sac *s, const char *path, accord_nn_err *err) {
    accord_nn_part parts[CONTROL_SAC_PARTS];
    size_t n = control_sac_parts(s, parts);

    return accord_nn_load(path, parts, n, err);
}

static void update(control_sac *s, int steps, uint64_t rng) {
    tiny_batch b;

    for (int i = 0; i < steps; i++) {
        tiny_draw(&b, rng);
        ck_assert_int_eq(tiny_update(s, &b.b, &rng, NULL), 0);
    }
}

static void ck_same_file(const char *a, const char *b) {
    FILE *fa = fopen(a, "rb"), *fb = fopen(b, "rb");
    int ca, cb;

    ck_assert(fa && fb);
    do {
        ca = getc(fa);
        cb = getc(fb);
        ck_assert_int_eq(ca, cb);
    } while (ca != EOF);
    fclose(fa);
    fclose(fb);
}

START_TEST(test_a_checkpoint_goes_on_as_if_nothing_was) {
    char *first = scratch_path("first"), *a = scratch_path("a"), *b = scratch_path("b");
    control_sac *s = tiny_create(6), *t = tiny_create(7);

    update(s, 3, 100);
    ck_assert_int_eq(save(s, first, NULL), 0);
    update(t, 2, 200); /* has momentum of its own, to be overwritten */
    ck_assert_int_eq(load(t, first, NULL), 0);
    update(s, 3, 300);
    update(t, 3, 300);
    ck_assert_int_eq(save(s, a, NULL), 0);
    ck_assert_int_eq(save(t, b, NULL), 0);
    ck_same_file(a, b);
    control_sac_destroy(s);
    control_sac_destroy(t);
    free(first);
    free(a);
    free(b);
}
END_TEST

START_TEST(test_another_networks_checkpoint_is_refused) {
    char *path = scratch_path("other");
    control_sac_config c = tiny_config(1);
    control_sac *s = tiny_create(1), *t;
    accord_nn_err err = {0};

    ck_assert_int_eq(save(s, path, NULL), 0);
    c.n_actions++;
    ck_assert_int_eq(control_sac_create(&c, &t, NULL), 0);
    tiny_values v = tiny_keep(t);
    ck_assert_int_eq(load(t, path, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.text, "q.0.0.weight: an axis is 7, expected 8") != NULL,
                  "%s", err.text);
    ck_assert_uint_eq(tiny_changed(t, &v), 0);
    tiny_drop(&v);
    control_sac_destroy(s);
    control_sac_destroy(t);
    free(path);
}
END_TEST

/* ---- trouble ---- */

START_TEST(test_what_is_not_finite_is_reported_and_moves_nothing) {
    control_sac *s = tiny_create(8);
    control_actor_info info;
    float y[TINY_BATCH];
    uint64_t rng = 4;
    tiny_batch b;
    double loss;

    tiny_draw(&b, 8);
    b.reward[2] = NAN;
    ck_assert_int_eq(control_sac_target(s, &b.b, &rng, y, NULL), 0);
    ck_assert(isnan(y[2]) && isfinite(y[1]));
    float *grad = gradient_of(s, &b, y, &loss);
    ck_assert(isnan(loss));
    ck_assert(isnan(grad[control_sac_critic_size(s) - 1]));
    s->online.q[1].layer[2].bias->value[0] = INFINITY;
    s->online.q[0].layer[2].bias->value[0] = INFINITY;
    tiny_values v = tiny_keep(s);
    ck_assert_int_eq(control_sac_actor_step(s, &b.b, &rng, &info, NULL), 0);
    ck_assert_int_eq(info.skipped, 1);
    ck_assert_uint_eq(tiny_changed(s, &v), 0);
    ck_assert_uint_eq(accord_nn_adam_steps(s->actor_adam), 0);
    tiny_drop(&v);
    free(grad);
    control_sac_destroy(s);
}
END_TEST

START_TEST(test_the_second_step_allocates_nothing) {
    control_sac *s = tiny_create(9);
    tiny_batch b;
    uint64_t rng = 5;

    tiny_draw(&b, 9);
    ck_assert_int_eq(tiny_update(s, &b.b, &rng, NULL), 0);
    size_t bytes = accord_nn_tape_bytes(s->tape);
    chaos_fail_after(0);
    accord_code rc = tiny_update(s, &b.b, &rng, NULL);
    int allocated = chaos_stop();
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(allocated, 0);
    ck_assert_uint_eq(accord_nn_tape_bytes(s->tape), bytes);
    control_sac_destroy(s);
}
END_TEST

START_TEST(test_without_memory_there_is_a_code) {
    const control_sac_config c = tiny_config(1);
    int failed = 1, n = 0;
    tiny_batch b;

    tiny_draw(&b, 1);
    for (; failed; n++) {
        accord_nn_err err = {0};
        uint64_t rng = 6;
        control_sac *s;
        chaos_fail_after((uint64_t)n);
        accord_code rc = control_sac_create(&c, &s, &err);
        if (!rc)
            rc = tiny_update(s, &b.b, &rng, &err);
        failed = chaos_stop();
        ck_assert_msg(rc == (failed ? ACCORD_E_NOMEM : ACCORD_OK), "allocation %d: %d %s",
                      n, (int)rc, err.text);
        ck_assert_int_eq(err.text[0] != 0, failed);
        if (failed && s) /* it goes on when there is memory again */
            ck_assert_int_eq(tiny_update(s, &b.b, &rng, NULL), 0);
        control_sac_destroy(s);
    }
    ck_assert_int_gt(n, 50);
}
END_TEST

Suite *suite_control_sac_steps(void) {
    Suite *s = suite_create("control_sac_steps");
    TCase *steps = tcase_create("steps"), *files = tcase_create("checkpoints");
    TCase *trouble = tcase_create("trouble");

    tcase_set_timeout(steps, 60);
    tcase_add_test(steps, test_each_step_moves_its_own);
    tcase_add_test(steps, test_the_critic_goes_down_its_gradient);
    tcase_add_test(steps, test_targets_follow);
    tcase_add_loop_test(steps, test_alpha_moves_the_right_way, 0, 2);
    tcase_add_test(steps, test_alpha_has_little_momentum);
    tcase_add_test(steps, test_it_learns_what_a_picture_asks_for);
    suite_add_tcase(s, steps);
    tcase_set_timeout(files, 60);
    tcase_add_checked_fixture(files, scratch_begin, scratch_end);
    tcase_add_test(files, test_a_checkpoint_goes_on_as_if_nothing_was);
    tcase_add_test(files, test_another_networks_checkpoint_is_refused);
    suite_add_tcase(s, files);
    tcase_set_timeout(trouble, 60);
    tcase_add_test(trouble, test_what_is_not_finite_is_reported_and_moves_nothing);
    tcase_add_test(trouble, test_the_second_step_allocates_nothing);
    tcase_add_test(trouble, test_without_memory_there_is_a_code);
    suite_add_tcase(s, trouble);
    return s;
}
