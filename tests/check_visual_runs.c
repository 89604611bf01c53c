/* check_visual_runs.c - the domains against recorded trajectories of the published
 * models: control_suite/DOMAIN.json in ACCORD_DATA.
 *
 * A recorded state gives the recorded reward; one control step from a recorded state
 * gives the next; a whole run from its first state gives the run.  The last is chaotic
 * with contacts, and an engine of another version is held to 1e-6 on one step only. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "visual_scene.h"
#include "visual_suites.h"

#include "base/err.h"

enum { MAX_NUMBERS = 16, RECORDED_WITH = 222 };

static json_t *document;

/* NULL, and a word about it, where the file is absent: the test is skipped then. */
static json_t *load(const char *name) {
    const char *folder = getenv("ACCORD_DATA");
    char path[4096];
    json_error_t error;

    snprintf(path, sizeof(path), "%s/control_suite/%s.json", folder ? folder : "", name);
    FILE *f = folder ? fopen(path, "r") : NULL;
    if (!f) {
        fprintf(stderr, "skipped: %s: ACCORD_DATA has no control_suite/%s.json\n", name,
                name);
        return NULL;
    }
    json_t *j = json_loadf(f, 0, &error);
    fclose(f);
    ck_assert_msg(j != NULL, "%s:%d: %s", path, error.line, error.text);
    return j;
}

static int numbers(const json_t *list, double *out) {
    int n = (int)json_array_size(list);

    ck_assert_int_le(n, MAX_NUMBERS);
    for (int i = 0; i < n; i++)
        out[i] = json_number_value(json_array_get(list, (size_t)i));
    return n;
}

/* Row k of a run's "qpos", "qvel" or "ctrl". */
static int row(const json_t *run, const char *name, size_t k, double *out) {
    return numbers(json_array_get(json_object_get(run, name), k), out);
}

static double largest_difference(const double *a, const double *b, int n) {
    double largest = 0;

    for (int i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/* Puts the target and the joints' damping where the run had them. */
static void prepare(visual_scene *s, const json_t *run) {
    const char *joint;
    json_t *value;
    mjModel *m = s->w.model.m;

    numbers(json_object_get(run, "target_pos"), s->e.target);
    json_object_foreach(json_object_get(run, "dof_damping"), joint, value) {
        int id = mj_name2id(m, mjOBJ_JOINT, joint);
        ck_assert_int_ge(id, 0);
        ck_assert_double_eq(m->dof_damping[m->jnt_dofadr[id]], json_number_value(value));
    }
}

static void set(visual_scene *s, const double *qpos, const double *qvel) {
    accord_err err = {0};

    ck_assert_msg(!environment_set(&s->e, qpos, qvel, &err), "%s", err.msg);
}

static void control(visual_scene *s, const json_t *run, size_t k) {
    double ctrl[MAX_NUMBERS];
    accord_err err = {0};

    row(run, "ctrl", k, ctrl);
    ck_assert_msg(!environment_control(&s->e, ctrl, &err), "%s", err.msg);
}

static void set_row(visual_scene *s, const json_t *run, size_t k) {
    double qpos[MAX_NUMBERS], qvel[MAX_NUMBERS];

    row(run, "qpos", k, qpos);
    row(run, "qvel", k, qvel);
    set(s, qpos, qvel);
}

static void set_start(visual_scene *s, const json_t *run) {
    double qpos[MAX_NUMBERS], qvel[MAX_NUMBERS];

    numbers(json_object_get(run, "qpos0"), qpos);
    numbers(json_object_get(run, "qvel0"), qvel);
    set(s, qpos, qvel);
}

/* Largest differences of qpos and qvel to row k. */
static void compare(const visual_scene *s, const json_t *run, size_t k, double *dq,
                    double *dv) {
    double values[MAX_NUMBERS];

    *dq = fmax(*dq,
               largest_difference(s->e.data->qpos, values, row(run, "qpos", k, values)));
    *dv = fmax(*dv,
               largest_difference(s->e.data->qvel, values, row(run, "qvel", k, values)));
}

/* ---- the three tests, of one task's rewards in one run ----------------------------- */

static void check_rewards(visual_scene *s, const json_t *run, const json_t *reward) {
    double ctrl[MAX_NUMBERS];

    for (size_t k = 0; k < json_array_size(reward); k++) {
        set_row(s, run, k);
        mju_copy(s->e.data->ctrl, ctrl, row(run, "ctrl", k, ctrl));
        ck_assert_double_eq_tol(s->w.task->reward(&s->e),
                                json_number_value(json_array_get(reward, k)), 1e-12);
    }
}

static void check_single_steps(visual_scene *s, const json_t *run, size_t n) {
    bool same = mj_version() == RECORDED_WITH;
    double dq = 0, dv = 0;

    for (size_t k = 0; k + 1 < n; k++) {
        set_row(s, run, k);
        control(s, run, k + 1);
        compare(s, run, k + 1, &dq, &dv);
    }
    ck_assert_double_le(dq, same ? 1e-12 : 1e-6);
    ck_assert_double_le(dv, same ? 1e-10 : 1e-4);
}

static void check_whole(visual_scene *s, const json_t *run, const json_t *reward) {
    double dq = 0, dv = 0;
    const json_t *ncon = json_object_get(run, "ncon");

    if (mj_version() != RECORDED_WITH)
        return;
    set_start(s, run);
    for (size_t k = 0; k < json_array_size(reward); k++) {
        control(s, run, k);
        compare(s, run, k, &dq, &dv);
        ck_assert_int_eq(s->e.data->ncon, json_integer_value(json_array_get(ncon, k)));
        ck_assert_double_eq_tol(s->w.task->reward(&s->e),
                                json_number_value(json_array_get(reward, k)), 1e-9);
    }
    ck_assert_double_le(dq, 1e-9);
}

/* Cheetah's start: the drawn pose settles into qpos0 and qvel0. */
static void check_settling(visual_scene *s, const json_t *run) {
    double drawn[MAX_NUMBERS], qpos[MAX_NUMBERS], qvel[MAX_NUMBERS];
    int n = numbers(json_object_get(run, "settle_qpos"), drawn);
    int steps = (int)json_integer_value(json_object_get(run, "settle_steps"));

    if (!steps)
        return;
    mj_resetData(s->w.model.m, s->e.data);
    environment_forward(&s->e);
    mju_copy(s->e.data->qpos, drawn, n);
    environment_advance(&s->e, steps);
    numbers(json_object_get(run, "qpos0"), qpos);
    numbers(json_object_get(run, "qvel0"), qvel);
    ck_assert_double_le(largest_difference(s->e.data->qpos, qpos, n), 1e-9);
    ck_assert_double_le(largest_difference(s->e.data->qvel, qvel, n), 1e-7);
}

static void check_run(const char *name, const json_t *run) {
    const char *task;
    json_t *reward;

    json_object_foreach(json_object_get(run, "reward"), task, reward) {
        visual_scene s;
        size_t n = json_array_size(reward);
        visual_scene_begin(&s, name, task);
        prepare(&s, run);
        ck_assert_uint_ge(n, 2);
        check_rewards(&s, run, reward);
        check_single_steps(&s, run, n);
        check_whole(&s, run, reward);
        check_settling(&s, run);
        visual_scene_end(&s);
    }
}

START_TEST(test_recorded_runs_are_repeated) {
    const json_t *run;
    size_t i;

    document = load(domains[_i]->name);
    if (!document)
        return;
    ck_assert_str_eq(json_string_value(json_object_get(document, "domain")),
                     domains[_i]->name);
    ck_assert_int_eq(json_integer_value(json_object_get(document, "substeps")),
                     domains[_i]->substeps);
    const json_t *runs = json_object_get(document, "runs");
    ck_assert_uint_ge(json_array_size(runs), 1);
    json_array_foreach(runs, i, run) check_run(domains[_i]->name, run);
    json_decref(document);
}
END_TEST

Suite *suite_visual_runs(void) {
    Suite *s = suite_create("visual_runs");
    TCase *tc = tcase_create("recorded");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_recorded_runs_are_repeated, 0, n_domains);
    suite_add_tcase(s, tc);
    return s;
}
