/* check_econ_net.c - ECON's networks: their shape is what the method's theory needs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "econ_rig.h"
#include "econ_suites.h"

enum { ROWS = 1000 };

/* A coordinator with random weights, and teams in ROWS random states. */
struct room {
    econ_config c;
    econ_encoder encoder;
    econ_mixer mixer;
    accord_nn_params *values; /* local values as parameters, so that they get gradients */
    accord_nn_param *q[ECON_MAX_AGENTS];
    float *belief[ECON_MAX_AGENTS], *action[ECON_MAX_AGENTS];
    accord_nn_tape *tape;
    uint64_t rng;
};

static void values_create(struct room *r) {
    char name[8] = "q0";

    r->values = accord_nn_params_create();
    for (uint32_t i = 0; i < r->c.n; i++) {
        name[1] = (char)('a' + i);
        r->q[i] = accord_nn_param_add(r->values, name, 0, ACCORD_NN_SHAPE(ROWS, 1));
    }
    ck_assert_int_eq(accord_nn_params_seal(r->values, NULL), 0);
    rig_shake(r->values, 1.0, &r->rng);
}

static void enter(struct room *r, uint32_t n) {
    accord_nn_err err = {0};

    *r = (struct room){.c = rig_config(n), .rng = 3 + n};
    ck_assert_int_eq(econ_encoder_create(&r->encoder, &r->c, &r->rng, &err), 0);
    ck_assert_int_eq(econ_mixer_create(&r->mixer, &r->c, &r->rng, &err), 0);
    rig_shake(r->encoder.set, 0.5, &r->rng);
    rig_shake(r->mixer.set, 0.5, &r->rng);
    values_create(r);
    r->tape = accord_nn_tape_create((size_t)1 << 30);
    for (uint32_t i = 0; i < n; i++) {
        r->belief[i] = calloc((size_t)ROWS * r->c.belief, sizeof(float));
        r->action[i] = calloc((size_t)ROWS * 2, sizeof(float));
        ck_assert(r->belief[i] && r->action[i]);
        rig_normal(r->belief[i], (size_t)ROWS * r->c.belief, 1.0, &r->rng);
        for (size_t k = 0; k < (size_t)ROWS * 2; k++)
            r->action[i][k] = (float)accord_rng_uniform(&r->rng);
    }
}

static void leave(struct room *r) {
    accord_nn_params_destroy(r->encoder.set);
    accord_nn_params_destroy(r->mixer.set);
    accord_nn_params_destroy(r->values);
    accord_nn_tape_destroy(r->tape);
    for (uint32_t i = 0; i < r->c.n; i++) {
        free(r->belief[i]);
        free(r->action[i]);
    }
}

/* The team with executor order[i] in i's place; NULL: as they are. */
static econ_mixed mix(struct room *r, const uint32_t *order) {
    econ_team team = {0};

    accord_nn_tape_reset(r->tape);
    for (uint32_t i = 0; i < r->c.n; i++) {
        uint32_t who = order ? order[i] : i;
        team.belief[i] =
            accord_nn_input(r->tape, r->belief[who], ACCORD_NN_SHAPE(ROWS, r->c.belief));
        team.action[i] =
            accord_nn_input(r->tape, r->action[who], ACCORD_NN_SHAPE(ROWS, 2));
        team.q[i] = accord_nn_use(r->tape, r->q[who]);
    }
    return econ_mix(r->tape, &r->encoder, &r->mixer, &r->c, &team);
}

START_TEST(test_item_2_no_local_value_lowers_the_total) {
    static const uint32_t sizes[] = {1, 3, 9};
    struct room r;

    enter(&r, sizes[_i]);
    econ_mixed mixed = mix(&r, NULL);
    econ_tensor *sum = accord_nn_sum(r.tape, mixed.q_tot, ACCORD_NN_ALL);
    accord_nn_group values = accord_nn_group_all(r.values);
    ck_assert_int_eq(accord_nn_backward(r.tape, sum, &values, 1), 0);
    size_t rising = 0;
    for (size_t k = 0; k < values.size; k++) {
        ck_assert_msg(values.grad[k] >= 0, "value %zu: %g", k, (double)values.grad[k]);
        rising += values.grad[k] > 0;
    }
    ck_assert_uint_gt(rising, values.size / 2);
    leave(&r);
}
END_TEST

static void compare(const float *a, const float *b, size_t n) {
    for (size_t k = 0; k < n; k++)
        ck_assert_double_eq_tol((double)a[k], (double)b[k],
                                1e-4 * (1 + fabs((double)a[k])));
}

START_TEST(test_item_2_the_order_of_executors_does_not_matter) {
    static const uint32_t three[] = {2, 0, 1};
    /* Clusters in another order, and executors within them. */
    static const uint32_t nine[] = {7, 6, 8, 0, 2, 1, 5, 4, 3};
    struct room r;
    static float e[ROWS * 8], total[ROWS];

    enter(&r, _i ? 9 : 3);
    econ_mixed mixed = mix(&r, NULL);
    ck_assert_uint_eq(mixed.e->size, sizeof(e) / sizeof(e[0]));
    memcpy(e, mixed.e->data, sizeof(e));
    memcpy(total, mixed.q_tot->data, sizeof(total));
    mixed = mix(&r, _i ? nine : three);
    compare(e, mixed.e->data, ROWS * 8);
    compare(total, mixed.q_tot->data, ROWS);
    leave(&r);
}
END_TEST

START_TEST(test_the_total_reads_actions_beliefs_and_values) {
    struct room r;
    float before;

    enter(&r, 3);
    before = mix(&r, NULL).q_tot->data[0];
    r.action[1][0] += 0.2f;
    float moved = mix(&r, NULL).q_tot->data[0];
    ck_assert(before != moved);
    r.belief[2][0] += 0.2f;
    ck_assert(moved != mix(&r, NULL).q_tot->data[0]);
    leave(&r);
}
END_TEST

START_TEST(test_a_grid_is_its_points_one_by_one) {
    econ_config c = rig_config(1);
    econ_beliefs net;
    uint64_t rng = 8;
    float belief[5 * 8], points[3 * 2], one[5 * 2];
    accord_nn_tape *t = accord_nn_tape_create(1 << 24);

    ck_assert_int_eq(econ_beliefs_create(&net, &c, &rng, NULL), 0);
    rig_shake(net.set, 0.7, &rng);
    rig_normal(belief, 5 * 8, 1.0, &rng);
    rig_normal(points, 3 * 2, 0.3, &rng);
    econ_tensor *b = accord_nn_input(t, belief, ACCORD_NN_SHAPE(5, 8));
    econ_tensor *grid = econ_q_grid(t, &net.executor[0], b,
                                    accord_nn_input(t, points, ACCORD_NN_SHAPE(3, 2)));
    for (size_t g = 0; g < 3; g++) {
        for (size_t row = 0; row < 5; row++)
            memcpy(one + 2 * row, points + 2 * g, 2 * sizeof(float));
        econ_tensor *q = econ_q(t, &net.executor[0], b,
                                accord_nn_input(t, one, ACCORD_NN_SHAPE(5, 2)));
        for (size_t row = 0; row < 5; row++)
            ck_assert_double_eq_tol((double)q->data[row], (double)grid->data[row * 3 + g],
                                    1e-5);
    }
    accord_nn_params_destroy(net.set);
    accord_nn_tape_destroy(t);
}
END_TEST

START_TEST(test_item_1_actions_stay_in_their_box) {
    econ_config c = rig_config(3);
    econ_learner *l = rig_learner(&c);
    uint64_t rng = 4;

    rig_shake(l->actors.set, 20.0, &rng);
    for (int k = 0; k < 1000; k++) {
        econ_mind m;
        econ_view view[3] = {{0}};
        econ_action a[3];
        econ_mind_begin(&m);
        for (int i = 0; i < 3; i++)
            rig_normal(m.belief[i], c.belief, 3.0, &rng);
        ck_assert_int_eq(econ_decide(l, &m, view, 2.0, &rng, a, NULL, NULL), 0);
        for (int i = 0; i < 3; i++) {
            ck_assert(a[i].temperature >= c.t_min && a[i].temperature <= c.t_max);
            ck_assert(a[i].top_p >= c.p_min && a[i].top_p <= c.p_max);
        }
    }
    econ_learner_destroy(l);
}
END_TEST

Suite *suite_econ_net(void) {
    Suite *s = suite_create("econ_net");
    TCase *tc = tcase_create("net");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_item_2_no_local_value_lowers_the_total, 0, 3);
    tcase_add_loop_test(tc, test_item_2_the_order_of_executors_does_not_matter, 0, 2);
    tcase_add_test(tc, test_the_total_reads_actions_beliefs_and_values);
    tcase_add_test(tc, test_a_grid_is_its_points_one_by_one);
    tcase_add_test(tc, test_item_1_actions_stay_in_their_box);
    suite_add_tcase(s, tc);
    return s;
}
