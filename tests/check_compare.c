/* check_compare.c - comparisons of runs written by hand: verdicts, unmatched items,
 * refusals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "chaos.h"
#include "judge/compare.h"
#include "report/rundir.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(task, method, seed, unit, mode) \
    "{\"task\":\"" task "\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"" mode "\"],\"episodes\":4,\"unit\":\"" unit "\"}"
#define TEXT_CELL(method, seed) CELL("gsm", method, seed, "item", "default")

#define near_to(eps, a, b) \
    ck_assert_msg(fabs((a) - (b)) < (eps), "%.12g is not %.12g", (double)(a), (double)(b))
#define near(a, b) near_to(1e-9, a, b)
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

/* A sealed cell of a task whose episodes have these scores. */
static void seal_by_hand(const char *task, const char *method, int seed, const char *mode,
                         const double *scores, size_t n) {
    char *cell = run_cell(task, method, seed);
    FILE *f = run_open(cell, "summary.json");

    fprintf(f,
            "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"%s\",\"n\":%zu,"
            "\"answered\":%zu,\"calls\":0,\"tokens\":[0,0],\"cost\":null,\"items\":{"
            "\"id\":[",
            mode, n, n);
    for (size_t i = 0; i < n; i++)
        fprintf(f, "%s\"g%zu/s%zu\"", i ? "," : "", i / 2, i);
    fputs("],\"score\":[", f);
    for (size_t i = 0; i < n; i++)
        fprintf(f, "%s%.17g", i ? "," : "", scores[i]);
    fputs("]}}]}\n", f);
    ck_assert_int_eq(fclose(f), 0);
    free(cell);
}

typedef struct answer {
    accord_code rc;
    accord_err err;
    accord_compare_found found;
    char *text;
} answer;

static answer compare(const char *run, const char *other, const char *baseline,
                      bool json) {
    answer a = {0};
    size_t n;
    char *first = scratch_path(run);
    char *second = other ? scratch_path(other) : NULL;
    FILE *out = open_memstream(&a.text, &n);

    a.rc = accord_judge_compare(
        &(accord_compare_how){
            .run = first, .other = second, .baseline = baseline, .json = json},
        out, &a.found, &a.err);
    fclose(out);
    free(first);
    free(second);
    return a;
}

static char *words(const char *run, const char *other) {
    answer a = compare(run, other, NULL, false);

    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    run_join(a.text);
    return a.text;
}

/* The first comparison of the JSON answer; `all` is to be given to json_decref(). */
static const json_t *first_of(const char *run, const char *other, json_t **all) {
    answer a = compare(run, other, NULL, true);

    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    *all = json_loads(a.text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(*all != NULL, "no JSON: %s", a.text);
    free(a.text);
    return json_array_get(json_object_get(*all, "comparisons"), 0);
}

static double number(const json_t *j, const char *key) {
    const json_t *value = json_object_get(j, key);

    ck_assert_msg(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

static double at(const json_t *j, const char *key, size_t i) {
    const json_t *value = json_array_get(json_object_get(j, key), i);

    ck_assert_msg(json_is_number(value), "%s[%zu] is no number", key, i);
    return json_number_value(value);
}

static void two_methods(const char *vote, const char *single) {
    run_begin("r", TEXT_CELL("vote", "1") "," TEXT_CELL("single", "1"));
    run_edit_manifest("\"suite\":\"s\",",
                      "\"suite\":\"s\",\"baseline\":{\"gsm\":\"single\"},");
    run_play("vote", 1, vote, 300);
    run_play("single", 1, single, 100);
}

START_TEST(test_the_verdict_comes_first) {
    two_methods("1111111111110", "0000000000001");
    char *text = words("r", NULL);
    has(text, "vote beats single on gsm by 84.6 points (95 % ");
    has(text, "p = 0.002)");
    ck_assert_ptr_eq(strstr(text, "vote beats"), text);
    has(text, "Differences on gsm from single, in points:");
    lacks(text, "\033");
    free(text);
}
END_TEST

START_TEST(test_ten_items_by_hand) {
    two_methods("1101011011", "1001001110");
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    near(number(c, "delta"), 0.2);
    near(number(c, "only_a"), 3);
    near(number(c, "only_b"), 1);
    near(number(c, "both"), 4);
    near(number(c, "neither"), 2);
    /* 2 (P(X = 0) + P(X = 1) / 2) of four coins */
    near(number(c, "p"), 2 * (1.0 / 16 + 0.5 * 4 / 16));
    near(number(c, "n"), 10);
    /* The spread of the differences is .2 for the mean of ten: 2.8016 times that. */
    near(number(c, "detectable"), (1.959963984540054 + 0.8416212335729143) * 0.2);
    ck_assert_str_eq(json_string_value(json_object_get(c, "better")), "not significant");
    near(number(json_object_get(c, "a"), "tokens_per_question"), 400);
    near(number(json_object_get(c, "a"), "tokens_per_correct"), 400 / 0.7);
    near(number(json_object_get(c, "b"), "cost_per_correct"),
         (100 * 1 + 100 * 2) / 1e6 / 0.5);
    ck_assert_int_eq(json_array_size(json_object_get(c, "flips")), 4);
    json_decref(all);

    char *text = words("r", NULL);
    has(text, "vote against single on gsm: not significant, +20.0 points");
    has(text, "detectable here: 56.0");
    has(text, "p = 0.38");
    free(text);
}
END_TEST

START_TEST(test_flips_come_with_the_command_that_shows_them) {
    two_methods("1101011011", "1001001110");
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    const json_t *flip = json_array_get(json_object_get(c, "flips"), 2);
    char *run = scratch_path("r");
    char *command =
        accord_xasprintf("accord show %s --cell gsm/vote/1 --item 'q#7'", run);

    ck_assert_str_eq(json_string_value(json_object_get(flip, "item")), "q#7");
    near(number(flip, "gain"), -1);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(flip, "show"), 0)),
                     command);
    json_decref(all);
    char *text = words("r", NULL);
    has(text, "4 of 10, 3 gained and 1 lost");
    has(text, command);
    free(command);
    free(text);
    free(run);
}
END_TEST

START_TEST(test_a_family_is_adjusted_as_one) {
    run_begin("r", TEXT_CELL("single", "1") "," TEXT_CELL("x", "1") "," TEXT_CELL(
                       "y", "1") "," TEXT_CELL("z", "1"));
    run_play("single", 1, "0000000000", 1);
    run_play("x", 1, "1111110000", 1); /* six flips: mid-p 2^-6 */
    run_play("y", 1, "1111100000", 1); /* five: 2^-5 */
    run_play("z", 1, "0000000000", 1);
    answer a = compare("r", NULL, NULL, true);
    json_t *all = json_loads(a.text, 0, NULL);
    const json_t *list = json_object_get(all, "comparisons");

    ck_assert_int_eq(json_array_size(list), 3);
    near(number(json_array_get(list, 0), "p"), 1.0 / 64);
    near(number(json_array_get(list, 0), "p_holm"), 3.0 / 64);
    near(number(json_array_get(list, 1), "p_holm"), 2.0 / 32);
    near(number(json_array_get(list, 2), "p_holm"), 1);
    ck_assert_str_eq(
        json_string_value(json_object_get(json_array_get(list, 0), "better")), "a");
    ck_assert_str_eq(
        json_string_value(json_object_get(json_array_get(list, 1), "better")),
        "not significant");
    json_decref(all);
    free(a.text);
    char *text = words("r", NULL);
    has(text, "z against single on gsm: not significant, the same score on all 10 items");
    free(text);
}
END_TEST

START_TEST(test_the_baseline_wins_and_lower_may_be_better) {
    two_methods("0000000", "1111111");
    char *text = words("r", NULL);
    has(text, "single beats vote on gsm by 100.0 points");
    free(text);
    run_edit_manifest("\"higher_is_better\":true", "\"higher_is_better\":false");
    text = words("r", NULL);
    has(text, "vote beats single on gsm by 100.0 points");
    free(text);
}
END_TEST

START_TEST(test_all_pairs_need_no_baseline) {
    run_begin("r", TEXT_CELL("x", "1") "," TEXT_CELL("y", "1") "," TEXT_CELL("z", "1"));
    run_play("x", 1, "1111", 1);
    run_play("y", 1, "1110", 1);
    run_play("z", 1, "1100", 1);
    char *run = scratch_path("r");
    char *text;
    size_t n;
    accord_err err = {0};
    accord_compare_found found;
    FILE *out = open_memstream(&text, &n);
    accord_compare_how how = {.run = run, .pairs = true};

    ck_assert_int_eq(accord_judge_compare(&how, out, &found, &err), ACCORD_OK);
    fclose(out);
    ck_assert_uint_eq(found.compared, 3);
    has(text, "y against z on gsm: not significant, +25.0 points");
    free(text);
    how.baseline = "x";
    ck_assert_int_eq(accord_judge_compare(&how, stdout, &found, &err), ACCORD_E_ARG);
    free(run);
}
END_TEST

START_TEST(test_an_unknown_baseline_is_named_with_the_nearest) {
    two_methods("11", "10");
    answer a = compare("r", NULL, "singel", false);

    ck_assert_int_eq(a.rc, ACCORD_E_NOTFOUND);
    has(a.err.msg, "no method \"singel\" in ");
    has(a.err.msg, "(did you mean \"single\"?)");
    free(a.text);
}
END_TEST

START_TEST(test_two_runs_list_what_does_not_match) {
    run_begin("old", TEXT_CELL("vote", "1") "," TEXT_CELL("gone", "1"));
    run_play("vote", 1, "110-", 1);
    run_play("gone", 1, "1", 1);
    run_begin("new", TEXT_CELL("vote", "1") "," TEXT_CELL("vote", "2"));
    run_play("vote", 1, "-111", 1);
    char *text = words("new", "old");
    has(text, "vote of new against vote of old on gsm: not significant, +50.0 points");
    has(text, "gone on gsm is in ");
    has(text, "incomplete: 1 of 2 cells are missing: gsm/vote/2");
    has(text, "unmatched on gsm, vote of new against vote of old: 2;");
    has(text, "item q#3 (");
    has(text, "/new only), item q#0 (");
    free(text);
    json_t *all;
    const json_t *c = first_of("new", "old", &all);
    const json_t *lone = json_array_get(json_object_get(c, "unmatched"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(lone, "only")), "a");
    ck_assert_str_eq(json_string_value(json_object_get(lone, "item")), "q#3");
    near(number(c, "n"), 2);
    json_decref(all);
}
END_TEST

START_TEST(test_other_parameters_or_data_are_not_compared) {
    run_begin("a", TEXT_CELL("vote", "1"));
    run_edit_manifest(
        "\"suite\":\"s\",",
        "\"suite\":\"s\",\"tasks\":{\"gsm\":{\"params\":{\"split\":\"x\"}}},");
    run_edit_manifest("\"methods\":{}",
                      "\"methods\":{},\"data\":{\"gsm.jsonl\":\"abc\"}");
    run_play("vote", 1, "11", 1);
    run_begin("b", TEXT_CELL("vote", "1"));
    run_edit_manifest("\"methods\":{}",
                      "\"methods\":{},\"data\":{\"gsm.jsonl\":\"def\"}");
    run_play("vote", 1, "11", 1);
    answer x = compare("a", "b", NULL, false);
    ck_assert_int_eq(x.rc, ACCORD_OK);
    ck_assert_uint_eq(x.found.compared, 0);
    ck_assert_uint_eq(x.found.incomparable, 1);
    run_join(x.text);
    has(x.text, "Nothing could be compared.");
    has(x.text, "not comparable: gsm, parameter split: \"x\" in ");
    has(x.text, "not comparable: the data file gsm.jsonl: SHA-256 abc... in ");
    free(x.text);
}
END_TEST

START_TEST(test_clusters_widen_the_interval) {
    /* Ids g0/.. and so on: three groups of two, each wholly gained or not at all. */
    static const double vote[] = {1, 1, 1, 1, 0, 0};
    static const double single[] = {0, 0, 0, 0, 0, 0};
    run_begin("r", TEXT_CELL("vote", "1") "," TEXT_CELL("single", "1"));
    run_edit_manifest("\"suite\":\"s\",",
                      "\"suite\":\"s\",\"baseline\":{\"gsm\":\"single\"},");
    seal_by_hand("gsm", "vote", 1, "default", vote, 6);
    seal_by_hand("gsm", "single", 1, "default", single, 6);
    char *run = scratch_path("r");
    char *text;
    size_t n;
    accord_err err = {0};
    accord_compare_found found;
    FILE *out = open_memstream(&text, &n);

    ck_assert_int_eq(
        accord_judge_compare(
            &(accord_compare_how){.run = run, .clusters = true, .json = true}, out,
            &found, &err),
        ACCORD_OK);
    fclose(out);
    json_t *all = json_loads(text, 0, NULL);
    const json_t *c = json_array_get(json_object_get(all, "comparisons"), 0);
    near(number(c, "clusters"), 3);
    /* The clusters' sums of d - 2/3 are 2/3, 2/3 and -4/3: se^2 is 3/2 times 24/9 over
     * 36; that of single items is (4/9 * 3) / 30. */
    near(number(c, "design_effect"), (1.5 * 24 / 9 / 36) / (12.0 / 9 / 30));
    near(number(c, "delta"), 2.0 / 3);
    /* The signs of two clusters that gained and one that did not: 4 of 8 are as far. */
    near(number(c, "p"), 0.5);
    json_decref(all);
    free(text);
    free(run);
}
END_TEST

static void control(int n_seeds, double shift) {
    accord_buf cells;

    accord_buf_init(&cells, 1 << 16);
    for (int s = 1; s <= n_seeds; s++)
        for (int m = 0; m < 2; m++)
            accord_buf_printf(&cells,
                              "%s{\"task\":\"pole\",\"method\":\"%s\",\"seed\":%d,"
                              "\"modes\":[\"hard\"],\"episodes\":2,\"unit\":\"seed\"}",
                              cells.n ? "," : "", m ? "drq" : "cg2a", s);
    run_begin("r", cells.data);
    accord_buf_fini(&cells);
    for (int s = 1; s <= n_seeds; s++) {
        const double cg2a[] = {600 + 10 * s + shift, 620 + 10 * s + shift};
        const double drq[] = {500 + 20 * s, 540 + 20 * s};
        seal_by_hand("pole", "cg2a", s, "hard", cg2a, 2);
        seal_by_hand("pole", "drq", s, "hard", drq, 2);
    }
    run_edit_manifest("\"suite\":\"s\",",
                      "\"suite\":\"s\",\"baseline\":{\"pole\":\"drq\"},");
}

START_TEST(test_few_training_seeds_get_their_values_and_no_verdict) {
    control(3, 100);
    char *text = words("r", NULL);
    has(text, "cg2a against drq on pole/hard: too few training seeds for a verdict");
    has(text, "(3 and 3; 5 of");
    has(text, "720 730 740 against 540 560");
    lacks(text, "beats");
    lacks(text, "IQM");
    free(text);
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    ck_assert_str_eq(json_string_value(json_object_get(c, "better")), "none");
    ck_assert(json_is_null(json_object_get(c, "p")));
    near(at(json_object_get(c, "b"), "by_seed", 2), 580);
    json_decref(all);
}
END_TEST

START_TEST(test_training_seeds_are_judged_as_runs) {
    control(5, 100);
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    /* means 720 .. 760 and 540 .. 620: variances 250 and 1000 of five runs each */
    near(number(c, "delta"), 160);
    near_to(1e-6, at(c, "ci", 0),
            160 - 2.4588237068884107 * sqrt(250.0)); /* t of 100/17 */
    near(number(json_object_get(json_object_get(c, "a"), "iqm"), "value"), 740);
    near(number(json_object_get(c, "iqm_delta"), "value"), 160);
    near(number(json_object_get(c, "improvement"), "value"), 1);
    ck_assert_str_eq(json_string_value(json_object_get(c, "better")), "a");
    json_decref(all);
    char *text = words("r", NULL);
    has(text, "cg2a beats drq on pole/hard by 160 (return, 95 % ");
    has(text, "probability of improvement 1.00");
    free(text);
}
END_TEST

START_TEST(test_a_learner_on_text_varies_by_item_and_seed) {
    run_begin("r", CELL("gsm", "econ", "1", "both", "default") "," CELL(
                       "gsm", "econ", "2", "both",
                       "default") "," CELL("gsm", "econ", "3", "both",
                                           "default") "," TEXT_CELL("single", "1"));
    run_edit_manifest("\"suite\":\"s\",",
                      "\"suite\":\"s\",\"baseline\":{\"gsm\":\"single\"},");
    run_play("econ", 1, "111111111111", 1);
    run_play("econ", 2, "111111111110", 1);
    run_play("econ", 3, "111111110111", 1);
    run_play("single", 1, "000010001000", 1);
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    ck_assert_str_eq(json_string_value(json_object_get(c, "unit")), "both");
    ck_assert_str_eq(json_string_value(json_object_get(c, "seeds")), "one");
    near(number(c, "delta"), (36.0 - 2) / 36 - 2.0 / 12);
    ck_assert(number(c, "p") < 0.05);
    ck_assert(at(c, "ci", 0) > 0.4);
    json_decref(all);
}
END_TEST

/* Three samples of each question, named on the way, 100 tokens each. */
static void name_samples(const char *method, int n_items) {
    char *cell = run_cell("gsm", method, 1);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < n_items; i++)
        for (int k = 0; k < 3; k++)
            fprintf(
                f,
                "{\"k\":\"cand\",\"ep\":\"eval/0/default/0/q#%d\",\"kind\":\"sample\","
                "\"index\":%d,\"canon\":\"42\",\"score\":1,\"tokens\":%d}\n",
                i, k, 100 * (k + 1));
    fclose(f);
    free(cell);
}

START_TEST(test_equal_tokens_come_from_the_candidates) {
    run_begin("r", TEXT_CELL("vote", "1") "," TEXT_CELL("single", "1"));
    run_edit_manifest("\"suite\":\"s\",",
                      "\"suite\":\"s\",\"baseline\":{\"gsm\":\"single\"},");
    name_samples("vote", 4);
    run_play("vote", 1, "1111", 200);
    run_play("single", 1, "1100", 50); /* 150 tokens a question */
    json_t *all;
    const json_t *c = first_of("r", NULL, &all);
    const json_t *e = json_array_get(json_object_get(c, "equal_tokens"), 0);
    near(number(e, "tokens"), 150);
    near(number(json_object_get(e, "below"), "tokens"), 100);
    near(number(json_object_get(e, "above"), "tokens"), 200);
    near(number(json_object_get(e, "above"), "index"), 1);
    near(number(json_object_get(e, "above"), "score"), 1);
    json_decref(all);
    char *text = words("r", NULL);
    has(text,
        "single has 50.0% on gsm for 150; vote: maj@1 100.0% for 100, maj@2 100.0%");
    free(text);
}
END_TEST

START_TEST(test_sentences_break_between_words_only) {
    accord_buf b;

    accord_buf_init(&b, 1 << 16);
    accord_sentence_write(
        &b,
        "a sentence that is longer than a line of eighty columns must be "
        "broken (95 % 1.0 to 2.0, and not before p = 0.021)",
        2);
    for (char *line = b.data; *line; line += strcspn(line, "\n") + 1)
        ck_assert_int_le(strcspn(line, "\n"), 80);
    lacks(b.data, "\n      %");
    lacks(b.data, "95\n");
    has(b.data, "p = 0.021");
    accord_buf_clear(&b);
    accord_shell_word(&b, "it's");
    accord_shell_word(&b, "a/b-1.json");
    accord_shell_word(&b, "");
    ck_assert_str_eq(b.data, "'it'\\''s'a/b-1.json''");
    accord_buf_fini(&b);
}
END_TEST

/* Effects of every unit, each with its memory running out. */
START_TEST(test_an_effect_without_memory_says_so) {
    static const double a[] = {1, 0, 1, 0.5, 1, 0};
    static const double b[] = {0, 0, 1, 0, 1, 1};
    static const double gain[] = {1, 0, 0, 0.5, 0, -1};
    static const char *ids[] = {"x/1", "x/2", "y/1", "y/2", "z", "w"};
    static const int units[] = {ACCORD_BY_ITEM, ACCORD_BY_ITEM, ACCORD_BY_BOTH,
                                ACCORD_BY_SEED};
    const accord_aligned x = {.unit = units[_i],
                              .n_items = units[_i] == ACCORD_BY_BOTH ? 3 : 6,
                              .n_seeds = units[_i] == ACCORD_BY_BOTH ? 2 : 1,
                              .ids = ids,
                              .a = (double *)a,
                              .b = (double *)b,
                              .n_a = 6,
                              .n_b = 6,
                              .gain = (double *)gain};
    const accord_effect_how how = {
        .max = 1, .resamples = 100, .threads = 1, .bootstrap = true, .clusters = _i == 1};
    int failed = 1;
    uint64_t n;

    for (n = 0; failed; n++) {
        accord_effect e;
        chaos_fail_after(n);
        accord_code rc = accord_effect_make(&x, &how, &e, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        if (!failed)
            ck_assert(!isnan(e.p));
    }
    ck_assert_uint_gt(n, 2);
}
END_TEST

Suite *suite_compare(void) {
    Suite *s = suite_create("compare");
    TCase *tc = tcase_create("compare");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_the_verdict_comes_first);
    tcase_add_test(tc, test_ten_items_by_hand);
    tcase_add_test(tc, test_flips_come_with_the_command_that_shows_them);
    tcase_add_test(tc, test_a_family_is_adjusted_as_one);
    tcase_add_test(tc, test_the_baseline_wins_and_lower_may_be_better);
    tcase_add_test(tc, test_all_pairs_need_no_baseline);
    tcase_add_test(tc, test_an_unknown_baseline_is_named_with_the_nearest);
    tcase_add_test(tc, test_two_runs_list_what_does_not_match);
    tcase_add_test(tc, test_other_parameters_or_data_are_not_compared);
    tcase_add_test(tc, test_clusters_widen_the_interval);
    tcase_add_test(tc, test_few_training_seeds_get_their_values_and_no_verdict);
    tcase_add_test(tc, test_training_seeds_are_judged_as_runs);
    tcase_add_test(tc, test_a_learner_on_text_varies_by_item_and_seed);
    tcase_add_test(tc, test_equal_tokens_come_from_the_candidates);
    tcase_add_test(tc, test_sentences_break_between_words_only);
    tcase_add_loop_test(tc, test_an_effect_without_memory_says_so, 0, 4);
    suite_add_tcase(s, tc);
    return s;
}
