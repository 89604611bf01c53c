/* check_control_agent.c - the driver of the control methods: what they share and where
 * they differ, resume to the byte, and what they say when something is wrong. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent_rig.h"
#include "base/file.h"
#include "chaos.h"
#include "control_suites.h"
#include "gradients.h"
#include "scratch.h"

static agent_rig rig;

static void make(const control_method *m, const char *options, const char *folder) {
    ck_assert_msg(!agent_rig_create(&rig, m, options, folder), "%s", rig.err.msg);
}

static void train(uint64_t steps) {
    ck_assert_msg(!agent_rig_train(&rig, steps), "%s", rig.err.msg);
}

/* A checkpoint in a new folder `name`; its bytes. */
static char *save(const char *name, size_t *n) {
    char *dir = scratch_path(name), path[4096], *bytes;

    ck_assert(!accord_mkdirs(dir, NULL));
    ck_assert_msg(!rig.learner->save(rig.self, dir, &rig.err), "%s", rig.err.msg);
    snprintf(path, sizeof(path), "%s/agent", dir);
    ck_assert(!accord_file_read(path, 1 << 28, &bytes, n, NULL));
    free(dir);
    return bytes;
}

static accord_code load(const char *name) {
    char *dir = scratch_path(name);
    accord_code rc = rig.learner->load(rig.self, dir, &rig.err);

    free(dir);
    return rc;
}

/* The checkpoint of a method after 20 steps. */
static char *trained(const control_method *m, const char *options, size_t *n) {
    make(m, options, NULL);
    train(20);
    char *bytes = save("trained", n);
    agent_rig_destroy(&rig);
    return bytes;
}

static int same_as_drq(const control_method *m, const char *options) {
    size_t n, n_drq;
    char *drq = trained(&agent_drq, "", &n_drq);
    char *other = trained(m, options, &n);
    int same = n == n_drq && memcmp(drq, other, n) == 0;

    free(drq);
    free(other);
    return same;
}

/* ---- what the methods are -------------------------------------------------------------
 */

static const control_method *const with_views[] = {
    &agent_cg2a, &agent_gas, &agent_sgs, &agent_pcgrad, &agent_agr_sum, &agent_naive};

START_TEST(test_without_strong_augmentations_every_method_is_drq_bit_for_bit) {
    ck_assert(same_as_drq(with_views[_i], "augmentations="));
}
END_TEST

static const char *const naive_readings[] = {"augmentations= reading=chained",
                                             "augmentations= reading=random"};

START_TEST(test_so_is_every_reading_of_naive) {
    ck_assert(same_as_drq(&agent_naive, naive_readings[_i]));
}
END_TEST

/* What differs must differ: the test above could not fail otherwise. */
static const struct {
    const control_method *m;
    const char *options;
} others[] = {
    {&agent_sac, ""},
    {&agent_svea, ""},
    {&agent_svea, "augmentations=overlay"},
    {&agent_cg2a, ""},
    {&agent_cg2a, "scope=encoder_only"},
    {&agent_cg2a, "gas=maxmin"},
    {&agent_cg2a, "scale=mean_norm"},
    {&agent_cg2a, "lambda=0.25"},
    {&agent_cg2a, "augmentations=conv,overlay,jitter power=2"},
    {&agent_cg2a, "views_per_update=1"},
    {&agent_gas, ""},
    {&agent_sgs, ""},
    {&agent_pcgrad, ""},
    {&agent_agr_sum, ""},
    {&agent_naive, ""},
    {&agent_naive, "reading=chained"},
    {&agent_naive, "reading=random"},
    {&agent_drq, "critic_rate=0.0005"},
    {&agent_drq, "actor_rate=0.0005"},
    {&agent_drq, "alpha_rate=0.0005"},
    {&agent_drq, "temperature=0.2"},
    {&agent_drq, "discount=0.9"},
    {&agent_drq, "critic_tau=0.1"},
    {&agent_drq, "encoder_tau=0.1"},
    {&agent_drq, "actor_every=3"},
    {&agent_drq, "target_every=3"},
    {&agent_drq, "batch=5"},
    {&agent_drq, "init_steps=15"},
    {&agent_drq, "updates_per_step=2"},
    {&agent_drq, "n_step=3"},
    {&agent_drq, ""},
};
enum { N_OTHERS = sizeof(others) / sizeof(others[0]) };

START_TEST(test_every_method_and_option_makes_another_agent) {
    char *bytes[N_OTHERS];
    size_t n[N_OTHERS];

    for (int i = 0; i < N_OTHERS; i++)
        bytes[i] = trained(others[i].m, others[i].options, &n[i]);
    for (int i = 0; i < N_OTHERS; i++)
        for (int k = 0; k < i; k++)
            ck_assert_msg(n[i] != n[k] || memcmp(bytes[i], bytes[k], n[i]) != 0,
                          "\"%s\" (%d) changes nothing against \"%s\" (%d)",
                          others[i].options, i, others[k].options, k);
    for (int i = 0; i < N_OTHERS; i++)
        free(bytes[i]);
}
END_TEST

/* ---- the loop -------------------------------------------------------------------------
 */

/* Each update is recorded once. */
static uint32_t n_updates(void) {
    uint32_t n = 0;

    for (uint32_t i = 0; i < rig.n_metrics; i++)
        n += strcmp(rig.metrics[i].name, "skipped") == 0;
    return n;
}

/* Steps 1 to 9 do nothing, step 10 is worth those of 10. */
START_TEST(test_it_begins_after_init_steps_with_as_many_updates) {
    uint32_t each = _i ? 3 : 1;

    make(&agent_drq, _i ? "metrics_every=1 updates_per_step=3" : "metrics_every=1", NULL);
    train(AGENT_STEPS);
    ck_assert_uint_eq(n_updates(), AGENT_STEPS * each);
    train(2 * AGENT_STEPS);
    ck_assert_uint_eq(n_updates(), 2 * AGENT_STEPS * each);
    agent_rig_destroy(&rig);
}
END_TEST

/* The budget of 200 steps may end in a round's first episode: all of it has to fit. */
START_TEST(test_the_last_round_of_episodes_fits) {
    make(&agent_drq, "init_steps=1000 width=4", NULL);
    train(190 + 4 * AGENT_STEPS);
    agent_rig_destroy(&rig);
    make(&agent_drq, "init_steps=1000", NULL);
    train(190 + AGENT_STEPS);
    ck_assert_int_eq(agent_rig_train(&rig, 190 + 2 * AGENT_STEPS), ACCORD_E_LIMIT);
    agent_rig_destroy(&rig);
}
END_TEST

START_TEST(test_actions_see_three_frames_and_repeat_the_first) {
    float once[AGENT_ACTIONS], thrice[AGENT_ACTIONS], moved[AGENT_ACTIONS],
        later[AGENT_ACTIONS];

    make(&agent_drq, "", NULL);
    agent_rig_act(&rig, (int[]){4}, 1, once);
    agent_rig_act(&rig, (int[]){4, 4, 4}, 3, thrice);
    agent_rig_act(&rig, (int[]){1, 4, 4}, 3, moved);
    agent_rig_act(&rig, (int[]){1, 4, 4, 4}, 4, later);
    ck_assert(memcmp(once, thrice, sizeof(once)) == 0);
    ck_assert(memcmp(once, moved, sizeof(once)) != 0);
    ck_assert(memcmp(once, later, sizeof(once)) == 0);
    for (int i = 0; i < AGENT_ACTIONS; i++)
        ck_assert(once[i] >= -1 && once[i] <= 1);
    agent_rig_destroy(&rig);
}
END_TEST

START_TEST(test_it_learns_which_action_pays) {
    float before[AGENT_ACTIONS], after[AGENT_ACTIONS];

    make(&agent_drq, "batch=16 discount=0.5 actor_rate=0.003", NULL);
    agent_rig_act(&rig, (int[]){4}, 1, before);
    train(120);
    agent_rig_act(&rig, (int[]){4}, 1, after);
    ck_assert_msg(after[0] > 0.5f && after[0] > before[0], "%g, then %g",
                  (double)before[0], (double)after[0]);
    agent_rig_destroy(&rig);
}
END_TEST

START_TEST(test_views_are_told_about) {
    static const char *const names[] = {
        "critic_loss", "actor_loss", "alpha",      "entropy",    "q",
        "target",      "norm_ratio", "cosine.0_1", "cosine.0_2", "cosine.1_2",
        "conflict",    "mask",       "length",     "skipped"};

    make(&agent_cg2a, "metrics_every=10", NULL);
    train(30);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ck_assert_msg(isfinite(agent_rig_metric(&rig, names[i])), "%s", names[i]);
    ck_assert(isnan(agent_rig_metric(&rig, "weight.3")) &&
              isnan(agent_rig_metric(&rig, "cosine.0_3")));
    ck_assert_double_eq_tol(agent_rig_metric(&rig, "weight.0") +
                                agent_rig_metric(&rig, "weight.1") +
                                agent_rig_metric(&rig, "weight.2"),
                            1, 1e-9);
    ck_assert(fabs(agent_rig_metric(&rig, "cosine.0_1")) <= 1);
    ck_assert(agent_rig_metric(&rig, "norm_ratio") >= 1);
    ck_assert(agent_rig_metric(&rig, "skipped") == 0);
    agent_rig_destroy(&rig);
    make(&agent_drq, "metrics_every=10", NULL); /* one view has no such things */
    train(30);
    ck_assert(isnan(agent_rig_metric(&rig, "norm_ratio")) &&
              isnan(agent_rig_metric(&rig, "weight.0")));
    agent_rig_destroy(&rig);
}
END_TEST

/* ---- resume ---------------------------------------------------------------------------
 */

START_TEST(test_a_resumed_agent_is_the_same_to_the_byte) {
    const control_method *m = _i ? &agent_naive : &agent_cg2a;
    const char *options =
        _i ? "reading=random n_step=3 metrics_every=7" : "metrics_every=7";
    char *kept = scratch_path("kept"), *other = scratch_path("other");
    size_t n, n_again;

    ck_assert(!accord_mkdirs(kept, NULL) && !accord_mkdirs(other, NULL));
    make(m, options, other);
    train(40);
    char *bytes = save("straight", &n);
    agent_rig_destroy(&rig);

    make(m, options, kept);
    train(20);
    free(save("half", &n_again));
    train(30); /* what comes after the checkpoint is lost */
    agent_rig_destroy(&rig);
    make(m, options, kept);
    ck_assert_msg(!load("half"), "%s", rig.err.msg);
    rig.steps = 20;
    train(40);
    char *again = save("resumed", &n_again);
    agent_rig_destroy(&rig);

    ck_assert(n == n_again && memcmp(bytes, again, n) == 0);
    free(bytes);
    free(again);
    free(kept);
    free(other);
}
END_TEST

START_TEST(test_a_checkpoint_that_does_not_fit_is_refused) {
    char *kept = scratch_path("kept"), path[4096];
    size_t n;

    ck_assert(!accord_mkdirs(kept, NULL));
    make(&agent_drq, "", kept);
    train(20);
    free(save("mine", &n));
    ck_assert_int_eq(load("none"), ACCORD_E_NOTFOUND);
    rig.err = (accord_err){0};
    agent_rig_destroy(&rig);
    make(&agent_drq, "", NULL); /* where its transitions are is not known */
    ck_assert_int_eq(load("mine"), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(rig.err.msg, "needs its replay buffer"), "%s", rig.err.msg);
    agent_rig_destroy(&rig);
    snprintf(path, sizeof(path), "%s/replay", kept);
    ck_assert_int_eq(remove(path), 0);
    make(&agent_drq, "", kept);
    ck_assert_int_eq(load("mine"), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(rig.err.msg, "needs 20 transitions"), "%s", rig.err.msg);
    agent_rig_destroy(&rig);
    free(kept);
}
END_TEST

START_TEST(test_a_checkpoint_of_another_network_is_refused) {
    size_t n;

    make(&agent_drq, "", NULL);
    free(save("mine", &n));
    agent_rig_destroy(&rig);
    ck_assert_msg(!agent_rig_create_for(&rig, &agent_drq, "", NULL, AGENT_ACTIONS + 1),
                  "%s", rig.err.msg);
    ck_assert_int_eq(load("mine"), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(rig.err.msg, "mine/agent"), "%s", rig.err.msg);
    agent_rig_destroy(&rig);
}
END_TEST

/* ---- what goes wrong ------------------------------------------------------------------
 */

START_TEST(test_a_gradient_that_is_no_number_is_skipped_and_counted) {
    const control_method *m = _i ? &agent_cg2a : &agent_drq;
    float before[AGENT_ACTIONS], after[AGENT_ACTIONS];

    make(m, "metrics_every=1", NULL);
    rig.poison = 1;
    agent_rig_act(&rig, (int[]){4}, 1, before);
    train(AGENT_STEPS);
    ck_assert(agent_rig_metric(&rig, "skipped") >= AGENT_STEPS);
    ck_assert(isnan(agent_rig_metric(&rig, "critic_loss")));
    /* The critic is as it was, and nothing else is spoilt. */
    agent_rig_act(&rig, (int[]){4}, 1, after);
    ck_assert(isfinite(after[0]) && isfinite(after[1]));
    size_t n;
    free(save("poisoned", &n)); /* which refuses numbers that are none */
    agent_rig_destroy(&rig);
}
END_TEST

static const struct {
    const control_method *m;
    const char *options, *says;
    accord_code code;
} wrong[] = {
    {&agent_drq, "size=paper", "are 48 x 48: set the task's parameter \"size\" to 84",
     ACCORD_E_CONFIG},
    {&agent_cg2a, "augmentations=conv,convolution", "convolution", ACCORD_E_CONFIG},
    {&agent_svea, "augmentations=conv,overlay", "where one augmentation",
     ACCORD_E_CONFIG},
    {&agent_svea, "augmentations=", "where one augmentation", ACCORD_E_CONFIG},
    {&agent_cg2a,
     "augmentations=conv,overlay,cutout,jitter,noise,blur,rotation,grayscale",
     "more than 7", ACCORD_E_CONFIG},
    {&agent_cg2a, "views_per_update=3", "is 3, and \"augmentations\" has 2",
     ACCORD_E_CONFIG},
    {&agent_cg2a, "overlay=/dev/null/none", "/dev/null/none", ACCORD_E_NOTFOUND},
    {&agent_drq, "batch=1000000000", "no memory for an update", ACCORD_E_NOMEM},
    {&agent_cg2a, "batch=1000000000", "3 views", ACCORD_E_NOMEM},
};

START_TEST(test_what_is_wrong_is_said) {
    char *folder = scratch_path("");
    accord_code rc = agent_rig_create(&rig, wrong[_i].m, wrong[_i].options, folder);

    ck_assert_msg(rc == wrong[_i].code, "%d, not %d: %s", rc, wrong[_i].code,
                  rig.err.msg);
    ck_assert_msg(strstr(rig.err.msg, wrong[_i].says), "%s", rig.err.msg);
    ck_assert_ptr_null(rig.self);
    free(folder);
}
END_TEST

START_TEST(test_a_folder_without_pictures_is_refused) {
    char *folder = scratch_path(""), options[4096];

    snprintf(options, sizeof(options), "overlay=%s", folder);
    ck_assert_int_ne(agent_rig_create(&rig, &agent_cg2a, options, folder), ACCORD_OK);
    ck_assert_msg(strstr(rig.err.msg, folder), "%s", rig.err.msg);
    free(folder);
}
END_TEST

/* Describing a suite makes every method; none of them may take the room of a training. */
START_TEST(test_without_a_folder_nothing_is_reserved) {
    make(&agent_drq, "", NULL);
    size_t n;
    free(save("untrained", &n));
    ck_assert_int_eq(load("untrained"), ACCORD_OK);
    agent_rig_destroy(&rig);
}
END_TEST

/* Creates an agent with allocation n failing; 0 when there are fewer. */
static int fails_at(uint64_t n, const char *folder) {
    chaos_fail_after(n);
    accord_code rc = agent_rig_create(&rig, &agent_cg2a, "", folder);
    int failed = chaos_stop();

    ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
    ck_assert(failed ? rig.self == NULL && rig.err.msg[0] : rig.self != NULL);
    agent_rig_destroy(&rig);
    return failed;
}

/* Most of the allocations are the networks', which have a test of their own: of them some
 * are tried, of the agent's, the first and the last, all. */
START_TEST(test_memory_that_runs_out_leaves_nothing_behind) {
    char *folder = scratch_path("");
    uint64_t all = 0;

    for (uint64_t step = 4096; step; step /= 2)
        all += fails_at(all + step - 1, folder) ? step : 0;
    ck_assert_uint_gt(all, 20);
    ck_assert_int_eq(fails_at(all, folder), 0);
    for (uint64_t n = 0; n < all; n += n < 4 || n + 20 > all ? 1 : 11)
        ck_assert_int_eq(fails_at(n, folder), 1);
    free(folder);
}
END_TEST

Suite *suite_control_agent(void) {
    Suite *s = suite_create("control_agent");
    TCase *tc = tcase_create("agent");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 240); /* on a machine that does much else */
    tcase_add_loop_test(tc,
                        test_without_strong_augmentations_every_method_is_drq_bit_for_bit,
                        0, sizeof(with_views) / sizeof(with_views[0]));
    tcase_add_loop_test(tc, test_so_is_every_reading_of_naive, 0, 2);
    tcase_add_test(tc, test_every_method_and_option_makes_another_agent);
    tcase_add_loop_test(tc, test_it_begins_after_init_steps_with_as_many_updates, 0, 2);
    tcase_add_test(tc, test_the_last_round_of_episodes_fits);
    tcase_add_test(tc, test_actions_see_three_frames_and_repeat_the_first);
    tcase_add_test(tc, test_it_learns_which_action_pays);
    tcase_add_test(tc, test_views_are_told_about);
    tcase_add_loop_test(tc, test_a_resumed_agent_is_the_same_to_the_byte, 0, 2);
    tcase_add_test(tc, test_a_checkpoint_that_does_not_fit_is_refused);
    tcase_add_test(tc, test_a_checkpoint_of_another_network_is_refused);
    tcase_add_loop_test(tc, test_a_gradient_that_is_no_number_is_skipped_and_counted, 0,
                        2);
    tcase_add_loop_test(tc, test_what_is_wrong_is_said, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_test(tc, test_a_folder_without_pictures_is_refused);
    tcase_add_test(tc, test_without_a_folder_nothing_is_reserved);
    tcase_add_test(tc, test_memory_that_runs_out_leaves_nothing_behind);
    suite_add_tcase(s, tc);
    return s;
}
