/* check_pocket_models.c - the committed pocket models are what their manifest says. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recipe.h"
#include "speaker.h"
#include "suites.h"
#include "template.h"
#include "tokenizer.h"

static const char *const names[] = {"s", "m", "m2"};

static const char *path_of(const char *file) {
    static char path[4096];
    const char *srcdir = getenv("srcdir");

    snprintf(path, sizeof(path), "%s/benchmarks/pocket/%s", srcdir ? srcdir : ".", file);
    return path;
}

static json_t *read_manifest(void) {
    json_error_t err;
    json_t *manifest = json_load_file(path_of("manifest.json"), 0, &err);

    ck_assert_msg(manifest != NULL, "manifest.json:%d: %s", err.line, err.text);
    return manifest;
}

static void open_model(const char *name, pocket_speaker *s) {
    struct pocket_err err = {0};
    char file[16];

    snprintf(file, sizeof(file), "%s.pocket", name);
    ck_assert_msg(!pocket_speaker_open(s, name, path_of(file), &err), "%s", err.text);
}

/* When these differ, the models no longer read what the methods write: `make pocket`. */
START_TEST(test_prompts_are_still_what_the_models_learnt) {
    json_t *manifest = read_manifest();
    char hex[65];

    ck_assert_int_eq(pocket_sections_hash(hex, NULL), 0);
    ck_assert_str_eq(json_string_value(json_object_get(manifest, "sections")), hex);
    pocket_vocabulary_hash(hex);
    ck_assert_str_eq(json_string_value(json_object_get(manifest, "vocabulary")), hex);
    json_decref(manifest);
}
END_TEST

/* Every phase was finished by the recipe as it stands. */
START_TEST(test_the_manifest_follows_the_recipe) {
    const pocket_recipe *recipe = pocket_recipe_of(names[_i]);
    json_t *manifest = read_manifest(), *phases, *steps;
    pocket_speaker s;
    const char *seed;
    json_int_t parameters;
    char hex[17];

    open_model(names[_i], &s);
    ck_assert_int_eq(json_unpack(json_object_get(manifest, "models"),
                                 "{s:{s:s, s:I, s:o}}", names[_i], "seed", &seed,
                                 "parameters", &parameters, "phases", &phases),
                     0);
    snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)recipe->seed);
    ck_assert_str_eq(seed, hex);
    ck_assert_int_eq(parameters, (json_int_t)pocket_shape_size(&s.weights.shape));
    for (int i = 0; i < POCKET_PHASES; i++) {
        if (!recipe->phase[i].steps)
            continue;
        steps = json_object_get(json_object_get(phases, recipe->phase[i].name), "steps");
        ck_assert_int_eq(json_integer_value(steps), (json_int_t)recipe->phase[i].steps);
    }
    pocket_speaker_close(&s);
    json_decref(manifest);
}
END_TEST

/* ---- what they are worth ------------------------------------------------------------
 */

enum { N = 100 };

/* Accuracy on the first problems that a suite asks at a level of maths. */
static double examine(const char *name, int32_t level, double temperature) {
    static pocket_problem problem[N];
    static pocket_said said[N];
    const pocket_round round = {
        .task = ACCORD_TASK_ANSWER, .temperature = temperature, .samples = 1, .seed = 3};
    struct pocket_err err = {0};
    pocket_speaker s;

    open_model(name, &s);
    for (uint64_t i = 0; i < N; i++) {
        pocket_key key = {POCKET_MATHS, level, 1, ACCORD_SPLIT_EVAL, i};
        ck_assert_int_eq(pocket_problem_make(&key, &problem[i]), 0);
    }
    ck_assert_msg(!pocket_speak(&s, problem, N, &round, said, &err), "%s", err.text);
    double accuracy = pocket_accuracy(said, N);
    pocket_said_fini(said, N);
    pocket_speaker_close(&s);
    return accuracy;
}

/* The share that the manifest gives, from 0 to 1. */
static double recorded(const char *suite, const char *model, const char *what) {
    json_t *manifest = read_manifest(), *row;
    double value = -1;
    size_t i;

    json_array_foreach(
        json_object_get(json_object_get(manifest, "scores"), suite), i,
        row) if (strcmp(json_string_value(json_object_get(row, "model")), model) == 0)
        value = json_number_value(json_object_get(row, what)) / 100;
    json_decref(manifest);
    ck_assert_msg(value >= 0, "the manifest has no %s of %s on %s", what, model, suite);
    return value;
}

/* Four standard errors of a hundred answers. */
START_TEST(test_scores_are_those_of_the_manifest) {
    double want = recorded("maths_3", names[_i], "t1");
    double got = examine(names[_i], 3, 1);
    double off = 4 * sqrt(want * (1 - want) / N) + 0.01;

    ck_assert_msg(got > want - off && got < want + off, "%s: %g, recorded %g", names[_i],
                  got, want);
}
END_TEST

/* What the methods live on: a model that is unsure, but more often right than wrong. */
START_TEST(test_models_are_unsure_and_a_majority_helps) {
    const char *m = names[_i];
    double one = recorded("maths_3", m, "t1");

    ck_assert_msg(one >= 0.45 && one <= 0.8, "%s: one sample %g", m, one);
    ck_assert_double_ge(recorded("maths_3", m, "majority_15"), one + 0.08);
    ck_assert_double_gt(recorded("maths_3", m, "t0.2"), recorded("maths_3", m, "t1.5"));
    ck_assert_double_gt(one, recorded("maths_3", "s", "t1"));
    ck_assert_double_gt(recorded("maths_3", "s+m+m2", "majority_15"), one);
}
END_TEST

Suite *suite_pocket_models(void) {
    Suite *s = suite_create("pocket_models");
    TCase *c = tcase_create("models");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_prompts_are_still_what_the_models_learnt);
    tcase_add_loop_test(c, test_the_manifest_follows_the_recipe, 0, 3);
    tcase_add_loop_test(c, test_scores_are_those_of_the_manifest, 0, 3);
    tcase_add_loop_test(c, test_models_are_unsure_and_a_majority_helps, 1, 3);
    suite_add_tcase(s, c);
    return s;
}
