/* check_visual_domains.c - the compiled models against the published facts, rewards'
 * parts, start states. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

#include "base/err.h"
#include "host/host.h"
#include "start.h"
#include "tolerance.h"
#include "visual_scene.h"
#include "visual_suites.h"

enum { MAX_BODIES = 8 };

/* Of the published models, compiled by MuJoCo 2.2.2. */
static const struct fact {
    const char *domain, *task;
    int nq, nu, nbody, ngeom, nsite, nsensordata, ncam;
    double mass, extent;
    double masses[MAX_BODIES]; /* without the world's */
} facts[] = {
    {"cartpole", "balance", 2, 1, 3, 5, 0, 0, 2, 1.1, 4.18, {1, .1}},
    {"ball_in_cup",
     "catch",
     4,
     2,
     3,
     7,
     3,
     0,
     2,
     .130602761,
     .668,
     {.065152914, .065449847}},
    {"finger",
     "spin",
     3,
     2,
     4,
     8,
     4,
     22,
     2,
     3.979053290,
     .665,
     {.833451965, .686781476, 2.458819850}},
    {"walker",
     "walk",
     9,
     6,
     8,
     8,
     0,
     3,
     2,
     28.540322060,
     2,
     {10.673037442, 4.057890511, 2.781356696, 2.094395102, 4.057890511, 2.781356696,
      2.094395102}},
    {"cheetah",
     "run",
     9,
     6,
     8,
     9,
     0,
     3,
     2,
     14,
     2,
     {6.250209205, 1.543514644, 1.587447699, 1.095397490, 1.438075314, 1.200836820,
      .884518828}},
    {"reacher",
     "easy",
     2,
     2,
     4,
     10,
     0,
     0,
     2,
     .081681409,
     .66,
     {.041887902, .035604717, .004188790}},
};
enum { N_FACTS = sizeof(facts) / sizeof(facts[0]) };

START_TEST(test_models_compile_to_the_published_sizes) {
    const struct fact *f = &facts[_i];
    visual_scene s;

    visual_scene_begin(&s, f->domain, f->task);
    const mjModel *m = s.w.model.m;
    ck_assert_int_eq(m->nq, f->nq);
    ck_assert_int_eq(m->nv, f->nq);
    ck_assert_int_eq(m->nu, f->nu);
    ck_assert_int_eq(m->nbody, f->nbody);
    ck_assert_int_eq(m->ngeom, f->ngeom);
    ck_assert_int_eq(m->nsite, f->nsite);
    ck_assert_int_eq(m->nsensordata, f->nsensordata);
    ck_assert_int_eq(m->ncam, f->ncam);
    ck_assert_int_eq(m->nlight, 1);
    ck_assert_int_eq(m->ntex, 2);
    visual_scene_end(&s);
}
END_TEST

START_TEST(test_bodies_weigh_what_the_published_ones_weigh) {
    const struct fact *f = &facts[_i];
    double sum = 0;
    visual_scene s;

    visual_scene_begin(&s, f->domain, f->task);
    const mjModel *m = s.w.model.m;
    for (int b = 1; b < m->nbody; b++) {
        ck_assert_double_eq_tol(m->body_mass[b], f->masses[b - 1], 5e-10);
        sum += m->body_mass[b];
    }
    ck_assert_double_eq_tol(sum, f->mass, 5e-10);
    ck_assert_double_eq_tol(m->stat.extent, f->extent, 1e-9);
    visual_scene_end(&s);
}
END_TEST

START_TEST(test_tolerance_falls_as_published) {
    static const struct tolerance_fall gauss = {TOLERANCE_GAUSSIAN, 2, .1},
                                       line = {TOLERANCE_LINEAR, 2, .5},
                                       square = {TOLERANCE_QUADRATIC, 2, 0},
                                       edge = {TOLERANCE_LINEAR, 0, 0};

    ck_assert_double_eq(tolerance(0, 0, 0, gauss), 1);
    ck_assert_double_eq(tolerance(3, 2, 3, edge), 1);
    ck_assert_double_eq(tolerance(3.5, 2, 3, edge), 0);
    ck_assert_double_eq_tol(tolerance(2, 0, 0, gauss), .1, 1e-15);
    ck_assert_double_eq_tol(tolerance(-4, 0, 0, gauss), 1e-4, 1e-15);
    ck_assert_double_eq_tol(tolerance(1, 3, HUGE_VAL, line), .5, 1e-15);
    ck_assert_double_eq_tol(tolerance(-1, 3, HUGE_VAL, line), 0, 1e-15);
    ck_assert_double_eq(tolerance(-9, 3, HUGE_VAL, line), 0);
    ck_assert_double_eq_tol(tolerance(1, 0, 0, square), .75, 1e-15);
    ck_assert_double_eq(tolerance(3, 0, 0, square), 0);
}
END_TEST

/* Mean and standard deviation of a position over many starts. */
static void moments(const char *name, const char *task, int n, int q, double *mean,
                    double *sd) {
    uint64_t rng = 5;
    double sum = 0, squares = 0;
    visual_scene s;

    visual_scene_begin(&s, name, task);
    for (int i = 0; i < n; i++) {
        accord_err err = {0};
        ck_assert_msg(!environment_reset(&s.e, &rng, &err), "%s", err.msg);
        ck_assert_double_eq(s.e.data->time, 0);
        sum += s.e.data->qpos[q];
        squares += s.e.data->qpos[q] * s.e.data->qpos[q];
    }
    *mean = sum / n;
    *sd = sqrt(squares / n - *mean * *mean);
    visual_scene_end(&s);
}

/* Over 20,000 accepted draws of the published code (2,000 of cheetah); bounds are four
 * standard errors of both together. */
START_TEST(test_starts_are_distributed_as_published) {
    static const struct {
        const char *domain, *task;
        int n, q;
        double mean, sd;
    } rows[] = {
        {"ball_in_cup", "catch", 20000, 2, 0, .125},
        {"ball_in_cup", "catch", 20000, 3, .350, .093},
        {"finger", "spin", 20000, 0, 0, 1.157},
        {"finger", "turn_easy", 20000, 1, 0, 1.142},
        {"finger", "turn_hard", 20000, 2, 0, 1.828},
        {"cheetah", "run", 2000, 1, -.100, .010},
    };
    double mean, sd;

    moments(rows[_i].domain, rows[_i].task, rows[_i].n, rows[_i].q, &mean, &sd);
    double error = 4 * rows[_i].sd * sqrt(2. / rows[_i].n) + 5e-4;
    ck_assert_double_eq_tol(mean, rows[_i].mean, error);
    ck_assert_double_eq_tol(sd, rows[_i].sd, error);
}
END_TEST

START_TEST(test_turn_puts_its_target_on_the_circle_of_the_tip) {
    uint64_t rng = 3;
    accord_err err = {0};
    visual_scene s;

    visual_scene_begin(&s, "finger", "turn_hard");
    for (int i = 0; i < 50; i++) {
        ck_assert_msg(!environment_reset(&s.e, &rng, &err), "%s", err.msg);
        double x = s.e.target[0] - .2, z = s.e.target[2] - .4;
        ck_assert_double_eq_tol(sqrt(x * x + z * z), .13, 1e-12);
        const mjModel *m = s.w.model.m;
        int target = mj_name2id(m, mjOBJ_SITE, "target");
        ck_assert_double_eq(s.e.data->site_xpos[3 * target], s.e.target[0]);
        ck_assert_double_eq(m->site_size[3 * target], .03);
        ck_assert_double_eq(m->dof_damping[2], .5);
    }
    visual_scene_end(&s);
}
END_TEST

/* Two episodes share one model; each keeps its own target. */
START_TEST(test_targets_of_two_episodes_do_not_mix) {
    uint64_t rng = 3;
    accord_err err = {0};
    const double ctrl[2] = {0};
    environment other;
    visual_scene s;

    visual_scene_begin(&s, "reacher", "easy");
    ck_assert(!environment_init(&other, &s.w, &err));
    ck_assert(!environment_reset(&s.e, &rng, &err));
    ck_assert(!environment_reset(&other, &rng, &err));
    ck_assert(!environment_control(&s.e, ctrl, &err));
    int target = mj_name2id(s.w.model.m, mjOBJ_GEOM, "target");
    ck_assert_double_eq(s.e.data->geom_xpos[3 * target], s.e.target[0]);
    ck_assert_double_eq(other.data->geom_xpos[3 * target], other.target[0]);
    ck_assert(s.e.target[0] != other.target[0]);
    environment_fini(&other);
    visual_scene_end(&s);
}
END_TEST

START_TEST(test_an_episode_has_1000_control_steps) {
    const world_options options = {"cartpole", "balance", "", 3};
    const float action[1] = {0};
    uint64_t rng = 1;
    accord_err err = {0};
    double reward, sum = 0;
    int n = 0;
    visual_scene s;

    ck_assert(!world_init(&s.w, &accord_host_default, &options, &err));
    ck_assert(!environment_init(&s.e, &s.w, &err));
    ck_assert(!environment_reset(&s.e, &rng, &err));
    for (; !environment_ended(&s.e); n++) {
        ck_assert(!environment_step(&s.e, action, &reward, &err));
        sum += reward;
    }
    ck_assert_int_eq(n, 334);
    ck_assert_int_eq(n, world_steps(&s.w));
    ck_assert_double_eq_tol(s.e.data->time, 10, 1e-9);
    ck_assert(reward > 0 && reward <= 1);
    ck_assert(sum > 100 && sum < 1000);
    ck_assert_int_eq(environment_step(&s.e, action, &reward, &err), ACCORD_E_ARG);
    visual_scene_end(&s);
}
END_TEST

Suite *suite_visual_domains(void) {
    Suite *s = suite_create("visual_domains");
    TCase *tc = tcase_create("facts");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_models_compile_to_the_published_sizes, 0, N_FACTS);
    tcase_add_loop_test(tc, test_bodies_weigh_what_the_published_ones_weigh, 0, N_FACTS);
    tcase_add_test(tc, test_tolerance_falls_as_published);
    tcase_add_loop_test(tc, test_starts_are_distributed_as_published, 0, 6);
    tcase_add_test(tc, test_turn_puts_its_target_on_the_circle_of_the_tip);
    tcase_add_test(tc, test_targets_of_two_episodes_do_not_mix);
    tcase_add_test(tc, test_an_episode_has_1000_control_steps);
    suite_add_tcase(s, tc);
    return s;
}
