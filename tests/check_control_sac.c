/* check_control_sac.c - soft actor-critic: networks, losses and their gradients, against
 * the same in double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "control_suites.h"
#include "tiny_sac.h"

START_TEST(test_sizes_go_by_name) {
    const control_size *paper = control_size_find("paper");
    const control_size *laptop = control_size_find("laptop");

    ck_assert(paper && paper->pixels == 84 && paper->layers == 11);
    ck_assert(laptop && laptop->pixels == 48 && laptop->strided == 2);
    ck_assert_ptr_null(control_size_find("desktop"));
}
END_TEST

/* Critics and actors for 6 actions, the large ones as many as in DMControl-GB. */
static const struct {
    const char *name;
    size_t critic, actor;
} counts[] = {{"paper", 3826990, 2576824}, {"laptop", 208904, 121282}};

START_TEST(test_as_many_parameters_as_there) {
    control_sac_config c = CONTROL_SAC;
    accord_nn_err err = {0};
    control_sac *s;

    c.size = control_size_find(counts[_i].name);
    c.n_actions = 6;
    ck_assert_msg(control_sac_create(&c, &s, &err) == 0, "%s", err.text);
    ck_assert_uint_eq(control_sac_critic_size(s), counts[_i].critic);
    ck_assert_uint_eq(accord_nn_params_size(s->actor.set), counts[_i].actor);
    ck_assert_uint_eq(control_sac_encoder_size(s),
                      accord_nn_params_find(s->online.set, "q.0.0.weight")->offset);
    control_sac_destroy(s);
}
END_TEST

static void check_first(const accord_nn_param *p) {
    double squares = 0.0, rows = (double)p->shape[0];

    for (size_t i = 0; i < p->size; i++) {
        double v = (double)p->value[i];
        squares += v * v;
        if (p->rank == 4 && i % 9 != 4)
            ck_assert_msg(v == 0.0, "%s is not 0 beside its centre", p->name);
    }
    double side = fmin(rows, (double)(p->size / p->shape[0] / (p->rank == 4 ? 9 : 1)));
    double want = p->rank == 4 ? 2.0 * side : p->rank == 2 ? side : 0.0;
    if (strstr(p->name, "norm.gain"))
        want = rows;
    ck_assert_msg(fabs(squares - want) < 1e-4 * (1.0 + want), "%s: %g, not %g", p->name,
                  squares, want);
}

/* Orthogonal matrices have as many squares as the shorter side is long. */
START_TEST(test_first_values) {
    control_sac_config c = tiny_config(7);
    control_sac *s, *t;

    ck_assert_int_eq(control_sac_create(&c, &s, NULL), 0);
    for (int k = TINY_ONLINE; k <= TINY_ACTOR; k++)
        for (size_t i = 0; i < accord_nn_params_count(tiny_set(s, k)); i++)
            check_first(accord_nn_params_at(tiny_set(s, k), i));
    ck_assert_double_eq_tol(control_alpha(s), 0.1, 1e-7);
    accord_nn_group a = accord_nn_group_all(s->online.set);
    accord_nn_group b = accord_nn_group_all(s->target.set);
    ck_assert_mem_eq(a.value, b.value, a.size * sizeof(float));
    tiny_values v = tiny_keep(s);
    ck_assert_int_eq(control_sac_create(&c, &t, NULL), 0);
    ck_assert_uint_eq(tiny_changed(t, &v), 0);
    control_sac_destroy(t);
    c.seed++;
    ck_assert_int_eq(control_sac_create(&c, &t, NULL), 0);
    ck_assert_uint_eq(tiny_changed(t, &v), 7);
    control_sac_destroy(t);
    control_sac_destroy(s);
    tiny_drop(&v);
}
END_TEST

START_TEST(test_what_makes_no_network_is_refused) {
    control_size small = tiny_size;
    control_sac_config c = tiny_config(1);
    accord_nn_err err = {0};
    control_sac *s;

    small.layers = 6;
    c.size = &small;
    ck_assert_int_eq(control_sac_create(&c, &s, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "6 layers over 12 pixels leave nothing to look at");
    ck_assert_ptr_null(s);
    c = tiny_config(1);
    c.temperature = 0.0;
    ck_assert_int_eq(control_sac_create(&c, &s, NULL), ACCORD_E_ARG);
    c.size = NULL;
    ck_assert_int_eq(control_sac_create(&c, &s, NULL), ACCORD_E_ARG);
}
END_TEST

/* ---- losses ---- */

typedef struct slope {
    tiny_reference *r;
    const control_batch *b;
    const float *with; /* y, or noise */
} slope;

static double loss_of(const slope *l, int set) {
    double entropy;

    return set == TINY_ONLINE ? tiny_critic_loss(l->r, l->b, l->with)
                              : tiny_actor_loss(l->r, l->b, l->with, &entropy);
}

/* grad[.] against central differences by every parameter of the set. */
static void check_gradient(const slope *l, int set, const float *grad) {
    const double h = 1e-6;
    double *p = l->r->of[set];
    size_t n = accord_nn_params_size(tiny_set(l->r->s, set)), zeros = 0;

    for (size_t i = 0; i < n; i++) {
        double at = p[i];
        p[i] = at + h;
        double up = loss_of(l, set);
        p[i] = at - h;
        double want = (up - loss_of(l, set)) / (2.0 * h);
        p[i] = at;
        zeros += want == 0.0;
        ck_assert_msg(fabs((double)grad[i] - want) < 1e-5 + 1e-4 * fabs(want),
                      "%zu of set %d: %.9g, not %.9g", i, set, (double)grad[i], want);
    }
    ck_assert_uint_lt(zeros, n / 2);
}

START_TEST(test_the_critics_gradient) {
    control_sac *s = tiny_create((uint64_t)_i);
    tiny_reference r = tiny_reference_of(s);
    float y[TINY_BATCH], *grad = malloc(control_sac_critic_size(s) * sizeof(float));
    tiny_batch b;
    double loss;

    tiny_draw(&b, 3);
    for (int i = 0; i < TINY_BATCH; i++)
        y[i] = 0.3f * (float)i - 0.5f;
    ck_assert_int_eq(
        control_sac_critic_gradient(s, TINY_BATCH, b.obs, b.action, y, grad, &loss, NULL),
        0);
    ck_assert_double_eq_tol(loss, tiny_critic_loss(&r, &b.b, y), 1e-5);
    check_gradient(&(slope){&r, &b.b, y}, TINY_ONLINE, grad);
    free(grad);
    tiny_reference_drop(&r);
    control_sac_destroy(s);
}
END_TEST

/* The step leaves its gradient in the actor's set. */
START_TEST(test_the_actors_gradient) {
    control_sac *s = tiny_create((uint64_t)_i);
    tiny_reference r = tiny_reference_of(s);
    float noise[TINY_BATCH * TINY_ACTIONS];
    control_actor_info info;
    uint64_t rng = 11;
    double entropy;
    tiny_batch b;

    tiny_draw(&b, 4);
    tiny_noise(rng, TINY_BATCH, noise);
    double alpha = control_alpha(s), want = tiny_actor_loss(&r, &b.b, noise, &entropy);
    ck_assert_int_eq(control_sac_actor_step(s, &b.b, &rng, &info, NULL), 0);
    ck_assert_int_eq(info.skipped, 0);
    ck_assert_double_eq_tol(info.loss, want, 1e-5);
    ck_assert_double_eq_tol(info.entropy, entropy, 1e-4);
    ck_assert_double_eq_tol(info.q, -want - alpha * entropy, 1e-5);
    check_gradient(&(slope){&r, &b.b, noise}, TINY_ACTOR,
                   accord_nn_group_all(s->actor.set).grad);
    ck_assert_double_eq_tol((double)s->log_alpha->grad[0],
                            alpha * (entropy + TINY_ACTIONS), 1e-5);
    tiny_reference_drop(&r);
    control_sac_destroy(s);
}
END_TEST

/* The second transition ended its episode: nothing follows.  The others go on, those at a
 * time limit too. */
START_TEST(test_the_target) {
    control_sac *s = tiny_create(5);
    tiny_reference r = tiny_reference_of(s);
    float noise[TINY_BATCH * TINY_ACTIONS], y[TINY_BATCH];
    double want[TINY_BATCH];
    uint64_t rng = 12;
    tiny_batch b;

    tiny_draw(&b, 5);
    tiny_noise(rng, TINY_BATCH, noise);
    tiny_target(&r, &b.b, noise, want);
    ck_assert_int_eq(control_sac_target(s, &b.b, &rng, y, NULL), 0);
    for (int i = 0; i < TINY_BATCH; i++) {
        ck_assert_double_eq_tol((double)y[i], want[i], 1e-5);
        ck_assert_int_eq(y[i] == b.reward[i], i == 1);
    }
    memset(b.next_obs + TINY_STACK, 0,
           TINY_STACK); /* what follows an end does not count */
    float before = y[1];
    ck_assert_int_eq(control_sac_target(s, &b.b, &rng, y, NULL), 0);
    ck_assert(y[1] == before);
    tiny_reference_drop(&r);
    control_sac_destroy(s);
}
END_TEST

/* ---- acting ---- */

START_TEST(test_acting) {
    control_sac *s = tiny_create(6);
    tiny_reference r = tiny_reference_of(s);
    float mean[TINY_ACTIONS], again[TINY_ACTIONS], drawn[2][TINY_ACTIONS];
    double want[TINY_ACTIONS];
    uint64_t rng = 9, same = 9;
    tiny_batch b;

    tiny_draw(&b, 6);
    tiny_mean_action(&r, b.obs, want);
    ck_assert_int_eq(control_sac_act(s, b.obs, NULL, mean, NULL), 0);
    ck_assert_int_eq(control_sac_act(s, b.obs, &rng, drawn[0], NULL), 0);
    ck_assert_int_eq(control_sac_act(s, b.obs, NULL, again, NULL), 0);
    ck_assert_int_eq(control_sac_act(s, b.obs, &same, drawn[1], NULL), 0);
    ck_assert_mem_eq(mean, again, sizeof(mean));
    ck_assert_mem_eq(drawn[0], drawn[1], sizeof(mean));
    ck_assert_uint_eq(rng, same);
    for (int i = 0; i < TINY_ACTIONS; i++) {
        ck_assert_double_eq_tol((double)mean[i], want[i], 1e-5);
        ck_assert(fabsf(drawn[0][i]) <= 1.0f && drawn[0][i] != mean[i]);
    }
    ck_assert_int_eq(control_sac_act(s, b.obs, &rng, drawn[1], NULL), 0);
    ck_assert(memcmp(drawn[0], drawn[1], sizeof(mean)) != 0);
    tiny_reference_drop(&r);
    control_sac_destroy(s);
}
END_TEST

Suite *suite_control_sac(void) {
    Suite *s = suite_create("control_sac");
    TCase *nets = tcase_create("networks"), *losses = tcase_create("losses");

    tcase_set_timeout(nets, 120);
    tcase_set_timeout(losses, 60);
    tcase_add_test(nets, test_sizes_go_by_name);
    tcase_add_loop_test(nets, test_as_many_parameters_as_there, 0, 2);
    tcase_add_test(nets, test_first_values);
    tcase_add_test(nets, test_what_makes_no_network_is_refused);
    suite_add_tcase(s, nets);
    tcase_add_loop_test(losses, test_the_critics_gradient, 0, 3);
    tcase_add_loop_test(losses, test_the_actors_gradient, 0, 3);
    tcase_add_test(losses, test_the_target);
    tcase_add_test(losses, test_acting);
    suite_add_tcase(s, losses);
    return s;
}
