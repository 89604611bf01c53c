/* check_gate.c - the rule of the gate by hand and by simulation, baselines, and runs held
 * to them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>
#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "chaos.h"
#include "judge/gate.h"
#include "report/rundir.h"
#include "run_files.h"
#include "scratch.h"
#include "stats/power.h"
#include "suites.h"

#define near_to(eps, a, b) \
    ck_assert_msg(fabs((a) - (b)) < (eps), "%.12g is not %.12g", (double)(a), (double)(b))
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)

/* ---- the rule */

static accord_decision measured(double gain, double se, size_t n, double p) {
    return (accord_decision){
        .gain = gain, .se = se, .df = (double)n - 1, .p = p, .n = n, .margin = 0.02};
}

static int decide(accord_decision *d) {
    ck_assert_int_eq(accord_decisions_make(d, 1, NULL), ACCORD_OK);
    return d->verdict;
}

START_TEST(test_the_rule_has_three_answers) {
    /* Lower bounds -.0116, -.0266; upper bounds -.0234 and below. */
    accord_decision good = measured(0.0, 0.007, 1000, 0.5);
    accord_decision unsure = measured(-0.01, 0.01, 1000, 0.16);
    accord_decision bad = measured(-0.04, 0.01, 1000, 0.0001);
    /* Worse for sure, but by less than half the margin. */
    accord_decision little = measured(-0.009, 0.0005, 1000, 1e-9);
    accord_decision wide = measured(-0.009, 0.0065, 4, 0.04);

    ck_assert_int_eq(decide(&good), ACCORD_GATE_PASS);
    near_to(1e-4, good.lower, -1.6464 * 0.007);
    ck_assert_int_eq(decide(&unsure), ACCORD_GATE_INCONCLUSIVE);
    ck_assert_int_eq(decide(&bad), ACCORD_GATE_REGRESS);
    ck_assert_int_eq(decide(&little), ACCORD_GATE_PASS);
    ck_assert_int_eq(decide(&wide), ACCORD_GATE_INCONCLUSIVE);
}
END_TEST

START_TEST(test_the_bound_and_the_test_must_both_say_worse) {
    /* Few flips: Student's upper bound is below 0, and three fair coins fall alike once
     * in eight (mid-p 1/16). */
    accord_decision d = measured(-0.033, 0.0171, 100, 0.0625);

    ck_assert_int_eq(decide(&d), ACCORD_GATE_INCONCLUSIVE);
    ck_assert(d.upper < 0);
}
END_TEST

START_TEST(test_many_rows_make_a_regression_harder_and_a_pass_no_easier) {
    accord_decision d[10];

    for (int i = 0; i < 10; i++)
        d[i] = measured(0, 0.007, 1000, 0.5);
    d[3] = measured(-0.025, 0.012, 1000, 0.0188);
    accord_decision alone = d[3];
    ck_assert_int_eq(decide(&alone), ACCORD_GATE_REGRESS);
    ck_assert_int_eq(accord_decisions_make(d, 10, NULL), ACCORD_OK);
    ck_assert_int_eq(d[3].verdict, ACCORD_GATE_INCONCLUSIVE);
    near_to(1e-9, d[3].p_holm, 0.188);
    near_to(1e-12, d[3].lower, alone.lower);
    ck_assert(d[3].upper > 0 && alone.upper < 0);
}
END_TEST

START_TEST(test_the_n_that_would_decide) {
    /* Seen: nothing lost.  To tell 0 from -2 points, one-sided at 5 % with 80 % chance,
     * takes ((1.6449 + .8416) .5 / .02)^2 items. */
    accord_decision d = measured(0, 0.05, 100, 0.5);

    ck_assert_int_eq(decide(&d), ACCORD_GATE_INCONCLUSIVE);
    near_to(1.0, d.wanted, pow((1.644854 + 0.841621) * 0.5 / 0.02, 2));
}
END_TEST

/* ---- two sides by simulation */

static const uint64_t seeds_of[2][3] = {{1, 2, 3}, {4, 5, 6}};

typedef struct tally {
    int verdicts[ACCORD_GATE_N_VERDICTS];
    double sd; /* of the differences, over all pairs */
} tally;

typedef struct trial {
    size_t n_items, n_seeds;
    double drop, margin;
} trial;

/* An item's score on one side, the mean over its seeds; the new one's chances are lower
 * by `drop` on average.  Three items in four are sure, the others a matter of luck. */
static double roll(const trial *how, bool is_new, uint64_t luck, size_t i) {
    uint64_t item = accord_rng_fold(11, i);
    double p = accord_rng_uniform(&item) < 0.75 ? 0.97 : 0.5;
    double right = 0;

    if (is_new)
        p *= 1 - how->drop / (0.75 * 0.97 + 0.25 * 0.5);
    for (size_t s = 0; s < how->n_seeds; s++) {
        uint64_t draw = accord_rng_fold(
            accord_rng_fold(accord_rng_fold(luck, seeds_of[is_new][s]), is_new), i);
        right += accord_rng_uniform(&draw) < p;
    }
    return right / (double)how->n_seeds;
}

/* Two aligned sides, A the new one. */
static accord_aligned roll_pair(const trial *how, uint64_t luck) {
    size_t bytes = how->n_items * sizeof(double);
    accord_aligned x = {.unit = ACCORD_BY_ITEM,
                        .n_items = how->n_items,
                        .n_seeds = 1,
                        .single = how->n_seeds == 1,
                        .a = accord_xalloc(bytes),
                        .b = accord_xalloc(bytes),
                        .gain = accord_xalloc(bytes),
                        .n_a = how->n_items,
                        .n_b = how->n_items};

    for (size_t i = 0; i < how->n_items; i++) {
        x.a[i] = roll(how, true, luck, i);
        x.b[i] = roll(how, false, luck, i);
        x.gain[i] = x.a[i] - x.b[i];
    }
    return x;
}

static tally simulate(int n_pairs, const trial *how) {
    tally t = {0};

    for (int pair = 0; pair < n_pairs; pair++) {
        accord_aligned x = roll_pair(how, (uint64_t)pair);
        accord_decision d;
        ck_assert_int_eq(accord_decision_measure(&x, how->margin, true, &d, NULL),
                         ACCORD_OK);
        t.verdicts[decide(&d)]++;
        t.sd += d.se * sqrt((double)how->n_items) / n_pairs;
        accord_aligned_fini(&x);
    }
    return t;
}

START_TEST(test_other_seeds_of_the_same_method_raise_no_alarm) {
    /* Of 200 pairs alone, 16 may regress at a true rate of 3.5 %: it was seen. */
    enum { PAIRS = 2000 };
    static const trial trials[] = {
        {100, 1, 0, 0.01}, {400, 1, 0, 0.01}, {1319, 1, 0, 0.01}, {400, 3, 0, 0.01}};

    tally t = simulate(PAIRS, &trials[_i]);
    printf("gate: %d pairs of the same method, %zu items, %zu seed(s), margin %.0f: %d "
           "pass, "
           "%d inconclusive, %d regress (%.1f %%)\n",
           PAIRS, trials[_i].n_items, trials[_i].n_seeds, 100 * trials[_i].margin,
           t.verdicts[ACCORD_GATE_PASS], t.verdicts[ACCORD_GATE_INCONCLUSIVE],
           t.verdicts[ACCORD_GATE_REGRESS],
           100.0 * t.verdicts[ACCORD_GATE_REGRESS] / PAIRS);
    ck_assert_int_le(t.verdicts[ACCORD_GATE_REGRESS], PAIRS / 20);
}
END_TEST

START_TEST(test_a_drop_of_twice_the_margin_is_caught_where_power_says_so) {
    enum { PAIRS = 1000 };
    static const trial trials[] = {
        {1000, 1, 0.04, 0.02}, {1000, 1, 0.08, 0.04}, {1000, 3, 0.04, 0.02}};
    trial how = trials[_i];

    double sd = simulate(100, &how).sd;
    double n =
        accord_power_items((accord_power){.alpha = 0.05, .power = 0.9}, sd, how.drop);
    how.n_items = (size_t)n;
    tally t = simulate(PAIRS, &how);
    printf("gate: a drop of %.0f points at margin %.0f, %.0f items, %zu seed(s) (sd "
           "%.3f, 90 "
           "%% power): %d of %d caught (%.1f %%)\n",
           100 * how.drop, 100 * how.margin, n, how.n_seeds, sd,
           t.verdicts[ACCORD_GATE_REGRESS], PAIRS,
           100.0 * t.verdicts[ACCORD_GATE_REGRESS] / PAIRS);
    ck_assert_int_ge(t.verdicts[ACCORD_GATE_REGRESS], PAIRS * 9 / 10);
    ck_assert_int_eq(t.verdicts[ACCORD_GATE_PASS], 0);
}
END_TEST

/* Chance in one of ten on side B, in `of_ten` on side A, under each of n_seeds. */
static accord_aligned learners(int unit, size_t n_seeds, int of_ten) {
    size_t n_items = 40;
    size_t n = unit == ACCORD_BY_SEED ? n_seeds : n_items * n_seeds;
    accord_aligned x = {.unit = unit,
                        .n_items = n_items,
                        .n_seeds = n_seeds,
                        .a = accord_xalloc(n * sizeof(double)),
                        .b = accord_xalloc(n * sizeof(double)),
                        .gain = accord_xalloc(n_items * sizeof(double)),
                        .n_a = n,
                        .n_b = n};

    for (size_t i = 0; i < n; i++) {
        uint64_t draw = accord_rng_fold(5, i);
        x.a[i] = accord_rng_below(&draw, 10) < (uint64_t)of_ten;
        x.b[i] = accord_rng_below(&draw, 10) > 0;
        if (unit == ACCORD_BY_SEED) { /* a run's score, not an episode's */
            x.a[i] = 0.1 * of_ten + 0.01 * (double)(i % 3);
            x.b[i] = 0.9 + 0.01 * (double)(i % 2);
        } else {
            x.gain[i / n_seeds] += (x.a[i] - x.b[i]) / (double)n_seeds;
        }
    }
    return x;
}

static int verdict_on(int unit, size_t n_seeds, int of_ten, accord_decision *d) {
    accord_aligned x = learners(unit, n_seeds, of_ten);

    ck_assert_int_eq(accord_decision_measure(&x, 0.02, true, d, NULL), ACCORD_OK);
    accord_aligned_fini(&x);
    return decide(d);
}

START_TEST(test_learners_are_judged_by_their_seeds) {
    accord_decision d;

    ck_assert_int_eq(verdict_on(ACCORD_BY_BOTH, 3, 3, &d), ACCORD_GATE_REGRESS);
    ck_assert(d.df < 3); /* of three seeds, however many items */
    ck_assert_int_eq(verdict_on(ACCORD_BY_BOTH, 1, 3, &d), ACCORD_GATE_INCONCLUSIVE);
    ck_assert(isnan(d.lower));
    ck_assert_int_eq(verdict_on(ACCORD_BY_SEED, 5, 5, &d), ACCORD_GATE_REGRESS);
    ck_assert(d.by_seed);
    ck_assert_uint_eq(d.n, 5);
    ck_assert_int_eq(verdict_on(ACCORD_BY_SEED, 4, 5, &d), ACCORD_GATE_INCONCLUSIVE);
    ck_assert_int_eq(verdict_on(ACCORD_BY_SEED, 5, 10, &d), ACCORD_GATE_PASS);
}
END_TEST

/* ---- runs and baselines */

#define CELL(method, seed) \
    "{\"task\":\"gsm\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"default\"],\"episodes\":4,\"unit\":\"item\"}"

static void play(const char *method, int seed, const char *right) {
    run_play(method, seed, right, 10);
}

typedef struct answer {
    accord_code rc;
    accord_err err;
    int found;
    char *text;
} answer;

static answer gate(const char *run, accord_gate_how how) {
    answer a = {0};
    size_t n;
    char *path = scratch_path(run);
    char *file = scratch_path("baseline.jsonl");
    FILE *out = open_memstream(&a.text, &n);

    how.run = path;
    if (how.write)
        how.write = file;
    else
        how.baseline = file;
    if (!(how.margin > 0))
        how.margin = 1;
    if (!(how.coverage > 0))
        how.coverage = 0.95;
    a.rc = accord_judge_gate(&how, out, &a.found, &a.err);
    fclose(out);
    run_join(a.text);
    free(path);
    free(file);
    return a;
}

static int found(const char *run, const char *text) {
    answer a = gate(run, (accord_gate_how){0});

    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    has(a.text, text);
    free(a.text);
    return a.found;
}

static void write_baseline(const char *run) {
    answer a = gate(run, (accord_gate_how){.write = ""});

    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    ck_assert_int_eq(a.found, ACCORD_GATE_OK);
    free(a.text);
}

static const char forty[] = "1111111111111111111111111111111111111111";

START_TEST(test_a_run_passes_its_own_baseline) {
    run_begin("r", CELL("vote", "1") "," CELL("vote", "2"));
    play("vote", 1, "1101");
    play("vote", 2, "1001");
    write_baseline("r");
    ck_assert_int_eq(
        found("r", "pass: vote on gsm: 62.5%, the same score on all 4 items"),
        ACCORD_GATE_OK);
    char *path = scratch_path("baseline.jsonl");
    char *text = run_read(path);
    has(text, "{\"k\":\"row\",\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"vote\","
              "\"unit\":\"item\",\"seeds\":[1,2]}\n"
              "{\"k\":\"item\",\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"vote\","
              "\"item\":\"q#0\",\"seed\":1,\"score\":1}\n");
    free(text);
    free(path);
}
END_TEST

START_TEST(test_a_worse_run_regresses_and_names_what_was_lost) {
    run_begin("old", CELL("vote", "1"));
    play("vote", 1, forty);
    write_baseline("old");
    run_begin("new", CELL("vote", "1"));
    play("vote", 1, "0000000000111111111111111111111111111111");
    answer a = gate("new", (accord_gate_how){0});
    ck_assert_int_eq(a.found, ACCORD_GATE_WORSE);
    has(a.text, "gate: regress (1 regress)");
    has(a.text, "regress: vote on gsm: 75.0%, was 100.0%: -25.0 points (at least");
    has(a.text, "--cell gsm/vote/1 --item 'q#0'");
    free(a.text);
}
END_TEST

START_TEST(test_a_few_flips_are_inconclusive_with_the_n_that_decides) {
    run_begin("old", CELL("vote", "1"));
    play("vote", 1, forty);
    write_baseline("old");
    run_begin("new", CELL("vote", "1"));
    play("vote", 1, "0111111111111111111111111111111111111111");
    ck_assert_int_eq(found("new", "items would decide (there are 40)"),
                     ACCORD_GATE_UNSURE);
}
END_TEST

START_TEST(test_other_samples_or_tasks_are_not_comparable) {
    run_begin("old", CELL("vote", "1") "," CELL("single", "1"));
    play("vote", 1, "1111");
    play("single", 1, "1111");
    write_baseline("old");
    run_begin("new", CELL("vote", "1"));
    play("vote", 1, "111");
    answer a = gate("new", (accord_gate_how){0});
    ck_assert_int_eq(a.found, ACCORD_GATE_UNFIT);
    has(a.text, "not comparable: single on gsm: the run does not have it");
    has(a.text, "0 samples are in the run alone and 1 in the");
    has(a.text, "q#3");
    free(a.text);
}
END_TEST

START_TEST(test_what_broke_off_is_no_score) {
    run_begin("r", CELL("vote", "1"));
    play("vote", 1, "1x11");
    answer a = gate("r", (accord_gate_how){.write = ""});
    ck_assert_int_eq(a.found, ACCORD_GATE_UNFIT);
    has(a.text, "was not written");
    has(a.text, "25.0% of the episodes broke off");
    free(a.text);
    char *path = scratch_path("baseline.jsonl");
    ck_assert(!accord_file_exists(path));
    free(path);
    run_begin("good", CELL("vote", "1"));
    play("vote", 1, "1111");
    write_baseline("good");
    ck_assert_int_eq(found("r", "25.0% of the episodes broke off"), ACCORD_GATE_UNFIT);
    a = gate("r", (accord_gate_how){.coverage = 0.5});
    ck_assert_int_eq(a.found, ACCORD_GATE_UNSURE);
    free(a.text);
}
END_TEST

START_TEST(test_an_unfinished_run_makes_no_baseline_and_passes_none) {
    run_begin("good", CELL("vote", "1") "," CELL("vote", "2"));
    play("vote", 1, "1111");
    play("vote", 2, "1111");
    write_baseline("good");
    run_begin("half", CELL("vote", "1") "," CELL("vote", "2"));
    play("vote", 1, "1111");
    ck_assert_int_eq(found("half", "1 of 2 cells are not finished"), ACCORD_GATE_UNFIT);
    answer a = gate("half", (accord_gate_how){.write = ""});
    ck_assert_int_eq(a.found, ACCORD_GATE_UNFIT);
    free(a.text);
}
END_TEST

START_TEST(test_training_seeds_below_five_decide_nothing) {
    run_begin("r",
              "{\"task\":\"pole\",\"method\":\"cg2a\",\"seed\":1,\"modes\":[\"hard\"],"
              "\"episodes\":1,\"unit\":\"seed\"}");
    for (int round = 0; round < 2; round++) {
        char *cell = run_cell("pole", "cg2a", 1);
        char *path = accord_xasprintf("%s/summary.json", cell);
        FILE *f = fopen(path, "we");
        fprintf(f,
                "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"hard\",\"n\":1,"
                "\"answered\":1,\"calls\":0,\"tokens\":[0,0],\"cost\":null,\"items\":{"
                "\"id\":[\"s0\"],\"score\":[%d]}}]}\n",
                700 - 100 * round);
        fclose(f);
        free(path);
        free(cell);
        if (round == 0)
            write_baseline("r");
    }
    ck_assert_int_eq(found("r", "it takes at least 5 training seeds"),
                     ACCORD_GATE_UNSURE);
}
END_TEST

/* A control task's summary without the mode that the baseline is of. */
START_TEST(test_a_row_without_samples_never_passes) {
    run_begin("r",
              "{\"task\":\"pole\",\"method\":\"cg2a\",\"seed\":1,\"modes\":[\"hard\"],"
              "\"episodes\":1,\"unit\":\"seed\"}," CELL("vote", "1"));
    play("vote", 1, "1111");
    char *cell = run_cell("pole", "cg2a", 1);
    char *path = accord_xasprintf("%s/summary.json", cell);
    FILE *f = fopen(path, "we");
    fputs("{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"hard\",\"n\":0,"
          "\"answered\":0,\"calls\":0,\"tokens\":[0,0],\"cost\":null,\"items\":{"
          "\"id\":[],\"score\":[]}}]}\n",
          f);
    fclose(f);
    write_baseline("r");
    ck_assert_int_eq(
        found("r", "not comparable: cg2a on pole/hard: there are no samples"),
        ACCORD_GATE_UNFIT);
    free(path);
    free(cell);
}
END_TEST

START_TEST(test_an_infinite_score_is_not_inconclusive_but_no_score) {
    static const char *const scores[] = {"700", "\"-inf\""};
    run_begin("r",
              "{\"task\":\"pole\",\"method\":\"cg2a\",\"seed\":1,\"modes\":[\"hard\"],"
              "\"episodes\":2,\"unit\":\"item\"}");
    for (int round = 0; round < 2; round++) {
        char *cell = run_cell("pole", "cg2a", 1);
        char *path = accord_xasprintf("%s/summary.json", cell);
        FILE *f = fopen(path, "we");
        fprintf(f,
                "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"hard\",\"n\":2,"
                "\"answered\":2,\"calls\":0,\"tokens\":[0,0],\"cost\":null,\"items\":{"
                "\"id\":[\"s0\",\"s1\"],\"score\":[700,%s]}}]}\n",
                scores[round]);
        fclose(f);
        free(path);
        free(cell);
        if (round == 0)
            write_baseline("r");
    }
    ck_assert_int_eq(found("r", "1 infinite scores in the run, the first of them of s1"),
                     ACCORD_GATE_UNFIT);
}
END_TEST

/* ---- files that are no baseline */

typedef struct bad_file {
    const char *text, *says;
} bad_file;

#define HEAD "{\"k\":\"baseline\",\"schema\":\"accord.baseline/1\",\"run\":\"r\"}\n"
#define ROW \
    "{\"k\":\"row\",\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"vote\",\"unit\":" \
    "\"item\",\"seeds\":[1]}\n"
#define ITEM(method, seed, score) \
    "{\"k\":\"item\",\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"" method \
    "\",\"item\":\"q#0\",\"seed\":" seed ",\"score\":" score "}\n"

static const bad_file bad_files[] = {
    {"", "has no scores"},
    {HEAD ROW, "has no scores"},
    {"{}\n", "baseline.jsonl:1: /k: missing"},
    {ROW, "baseline.jsonl:1: /: no baseline begins like this"},
    {"{\"k\":\"baseline\",\"schema\":\"accord.baseline/9\"}\n",
     "baseline.jsonl:1: /: \"accord.baseline/9\" is not accord.baseline/1"},
    {HEAD "{\"k\":\n", "baseline.jsonl:2: "},
    {HEAD HEAD, "baseline.jsonl:2: /: a second baseline"},
    {HEAD "{\"k\":\"odd\"}\n", "baseline.jsonl:2: /: \"odd\" is no kind of line"},
    {HEAD ROW ITEM("vote", "2", "1"), "baseline.jsonl:3: /seed: no seed of the row"},
    {HEAD ROW ITEM("debate", "1", "1"),
     "baseline.jsonl:3: /: an item that is not of the row"},
    {HEAD ROW ITEM("vote", "1", "\"much\""),
     "baseline.jsonl:3: /score: expected a number"},
    {HEAD ROW ITEM("vote", "1", "1") ITEM("vote", "1", "0"),
     "baseline.jsonl:4: /: the item q#0 under this seed is there already"},
    {HEAD "{\"k\":\"row\",\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"vote\","
          "\"unit\":\"day\",\"seeds\":[1]}\n",
     "baseline.jsonl:2: /unit: \"day\" is no unit"},
};

START_TEST(test_what_is_no_baseline_is_refused_with_the_place) {
    const bad_file *bad = &bad_files[_i];
    accord_err err = {0};
    accord_baseline b;
    char *path = scratch_text("baseline.jsonl", bad->text);

    ck_assert_int_eq(accord_baseline_read(path, &b, &err), ACCORD_E_CONFIG);
    has(err.msg, bad->says);
    accord_baseline_fini(&b);
    free(path);
}
END_TEST

START_TEST(test_no_baseline_is_an_error_that_says_how_to_make_one) {
    run_begin("r", CELL("vote", "1"));
    play("vote", 1, "1111");
    answer a = gate("r", (accord_gate_how){0});
    ck_assert_int_eq(a.rc, ACCORD_E_NOTFOUND);
    has(a.err.msg, "accord gate RUN --write");
    free(a.text);
}
END_TEST

START_TEST(test_deciding_without_memory_says_so) {
    accord_aligned x = roll_pair(&(trial){.n_items = 10, .n_seeds = 1, .drop = 0.5}, 1);
    accord_decision d;
    int failed = 1;
    uint64_t n;

    for (n = 0; failed; n++) {
        chaos_fail_after(n);
        accord_code rc = accord_decision_measure(&x, 0.01, true, &d, NULL);
        if (!rc)
            rc = accord_decisions_make(&d, 1, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
    }
    ck_assert_uint_gt(n, 2);
    accord_aligned_fini(&x);
}
END_TEST

Suite *suite_gate(void) {
    Suite *s = suite_create("gate");
    TCase *tc = tcase_create("gate");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, test_the_rule_has_three_answers);
    tcase_add_test(tc, test_the_bound_and_the_test_must_both_say_worse);
    tcase_add_test(tc, test_many_rows_make_a_regression_harder_and_a_pass_no_easier);
    tcase_add_test(tc, test_the_n_that_would_decide);
    tcase_add_loop_test(tc, test_other_seeds_of_the_same_method_raise_no_alarm, 0, 4);
    tcase_add_loop_test(tc, test_a_drop_of_twice_the_margin_is_caught_where_power_says_so,
                        0, 3);
    tcase_add_test(tc, test_learners_are_judged_by_their_seeds);
    tcase_add_test(tc, test_a_run_passes_its_own_baseline);
    tcase_add_test(tc, test_a_worse_run_regresses_and_names_what_was_lost);
    tcase_add_test(tc, test_a_few_flips_are_inconclusive_with_the_n_that_decides);
    tcase_add_test(tc, test_other_samples_or_tasks_are_not_comparable);
    tcase_add_test(tc, test_what_broke_off_is_no_score);
    tcase_add_test(tc, test_an_unfinished_run_makes_no_baseline_and_passes_none);
    tcase_add_test(tc, test_training_seeds_below_five_decide_nothing);
    tcase_add_test(tc, test_a_row_without_samples_never_passes);
    tcase_add_test(tc, test_an_infinite_score_is_not_inconclusive_but_no_score);
    tcase_add_loop_test(tc, test_what_is_no_baseline_is_refused_with_the_place, 0,
                        sizeof(bad_files) / sizeof(bad_files[0]));
    tcase_add_test(tc, test_no_baseline_is_an_error_that_says_how_to_make_one);
    tcase_add_test(tc, test_deciding_without_memory_says_so);
    suite_add_tcase(s, tc);
    return s;
}
