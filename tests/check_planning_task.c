/* check_planning_task.c - the task planning as a suite uses it: questions, verdicts, the
 * interactive and the back-prompting play, options that are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "fake_host.h"
#include "suites.h"
#include "task_rig.h"

static void use_own_rows(void) {
    const char *srcdir = getenv("srcdir");
    char path[4096];

    snprintf(path, sizeof(path), "%s/tests/data", srcdir ? srcdir : ".");
    setenv("ACCORD_DATA", path, 1);
}

/* An episode that is played by hand. */
struct play {
    task_rig rig;
    void *ep;
    accord_obs obs;
    const char *id;
    double parts[ACCORD_MAX_PARTS];
    accord_step out;
};

static void play_begin(struct play *p, const char *params, int32_t split, uint64_t item) {
    *p = (struct play){0};
    task_rig_begin(&p->rig, "planning", params);
    p->ep = task_rig_open(&p->rig, split, item, &p->obs, &p->id);
}

static void play_end(struct play *p) {
    task_rig_close(&p->rig, p->ep);
    task_rig_end(&p->rig);
}

static void act(struct play *p, const char *text) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = text};
    accord_err err = {0};

    p->out =
        (accord_step){.struct_size = sizeof(p->out), .parts = p->parts, .obs = &p->obs};
    ck_assert_msg(!p->rig.ops->step(p->ep, &action, &p->out, &err), "%s", err.msg);
}

static const char *extra(const struct play *p, const char *name) {
    const accord_record *r = p->obs.record;

    for (uint32_t i = 0; i < r->n_extras; i++)
        if (strcmp(r->extras[i].name, name) == 0)
            return r->extras[i].text;
    return NULL;
}

static void has(const char *text, const char *part) {
    ck_assert_msg(text && strstr(text, part) != NULL, "no \"%s\" in:\n%s", part,
                  text ? text : "(nothing)");
}

#define PLAN "(unstack b a)\n(put-down b)\n(pick-up a)\n(stack a b)"

START_TEST(test_published_records_are_asked_as_published) {
    struct play p;
    char canon[256];
    const accord_action action = {.struct_size = sizeof(action),
                                  .kind = ACCORD_TEXT,
                                  .text = "1. Unstack blue from red\n2. Put down blue\n"
                                          "3. Pick up red\n4. Stack red on blue"};

    play_begin(&p, "{'source':'planbench'}", ACCORD_SPLIT_EVAL, 0);
    ck_assert_uint_eq(p.rig.spec->n_items[ACCORD_SPLIT_EVAL], 4);
    ck_assert_uint_eq(p.rig.spec->n_items[ACCORD_SPLIT_TRAIN], 0);
    ck_assert_str_eq(p.id, "own-1");
    ck_assert_str_eq(p.obs.record->instruction, "");
    ck_assert_str_eq(p.obs.record->question,
                     "The blue block is on the red block. Put the red block on the blue "
                     "block. What is the plan?");
    has(extra(&p, "pddl"), "(define (domain blocksworld-4ops)");
    has(extra(&p, "pddl"), "(define (problem own-1)");
    ck_assert_ptr_null(extra(&p, "verifier"));
    p.rig.ops->canon(p.ep, &action, canon, sizeof(canon), NULL);
    ck_assert_str_eq(canon, PLAN);
    act(&p, action.text);
    ck_assert_double_eq(p.out.reward, 1);
    ck_assert_int_eq(p.out.end, ACCORD_END_TERMINATED);
    ck_assert_str_eq(p.out.note, "numbered words");
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(p.parts[i], 1);
    ck_assert_double_eq(p.parts[3], 0);
    play_end(&p);
    play_begin(&p, "{'source':'planbench','shots':1}", ACCORD_SPLIT_EVAL, 3);
    ck_assert_str_eq(p.id, "own-5");
    has(p.obs.record->question, "An example. ");
    play_end(&p);
}
END_TEST

START_TEST(test_score_parts_tell_plans_apart) {
    static const struct {
        const char *reply;
        double valid, goal, optimal, failed;
        const char *note;
    } rows[] = {
        {PLAN, 1, 1, 1, 0, "pddl"},
        {"(unstack b a)\n(put-down b)\n(pick-up b)\n(put-down b)\n(pick-up a)\n(stack a "
         "b)",
         1, 1, 0, 0, "pddl"},
        {"(unstack b a)\n(put-down b)", 1, 0, 0, 0,
         "pddl; at the end it does not hold that the red block is on the blue block"},
        {"(unstack b a)\n(pick-up a)", 0, 0, 0, 2,
         "pddl; step 2: pick up the red block: it does not hold that the hand is empty"},
        {"", 0, 0, 0, 0, "no plan; no plan was found in the reply"},
        {"I am sorry, I cannot do that.", 0, 0, 0, 0,
         "no plan; no plan was found in the reply"},
        {"pick up the green block", 0, 0, 0, 1, NULL},
    };
    struct play p;

    play_begin(&p, "{'source':'planbench'}", ACCORD_SPLIT_EVAL, 0);
    act(&p, rows[_i].reply);
    ck_assert_double_eq(p.parts[0], rows[_i].valid);
    ck_assert_double_eq(p.parts[1], rows[_i].goal);
    ck_assert_double_eq(p.parts[2], rows[_i].optimal);
    ck_assert_double_eq(p.parts[3], rows[_i].failed);
    ck_assert_double_eq(p.out.reward, rows[_i].goal);
    if (rows[_i].note)
        ck_assert_str_eq(p.out.note, rows[_i].note);
    play_end(&p);
}
END_TEST

START_TEST(test_the_published_reading_passes_over_crowded_lines) {
    static const char reply[] = "1. Unstack the blue block from the red block\n2. Put "
                                "down the blue block, so that "
                                "the red block is clear\n3. Pick up the red block\n4. "
                                "Stack the red block on top of "
                                "the blue block";
    struct play p;

    play_begin(&p, "{'source':'planbench'}", ACCORD_SPLIT_EVAL, 0);
    act(&p, reply);
    ck_assert_double_eq(p.out.reward, 1);
    play_end(&p);
    play_begin(&p, "{'source':'planbench','reading':'published'}", ACCORD_SPLIT_EVAL, 0);
    act(&p, reply);
    ck_assert_double_eq(p.out.reward, 0);
    ck_assert_double_eq(p.parts[3], 2);
    play_end(&p);
}
END_TEST

START_TEST(test_generated_questions_are_short_and_plain) {
    struct play p;

    play_begin(&p, "{'level':2,'seed':4}", ACCORD_SPLIT_EVAL, 7);
    ck_assert_str_eq(p.id, "blocksworld-4-level2-eval-7");
    ck_assert_uint_eq(p.rig.spec->n_items[0], ACCORD_ENDLESS);
    ck_assert_uint_eq(p.obs.record->n_examples, 8);
    has(p.obs.record->question, "Start: the hand is empty, ");
    has(p.obs.record->question, "\nGoal: the ");
    ck_assert_int_lt((int)strlen(p.obs.record->question), 700);
    ck_assert_str_eq(p.obs.record->instruction,
                     "Write the plan, one action a line, and nothing else.");
    for (uint32_t i = 0; i < 8; i++)
        ck_assert_ptr_null(
            strstr(p.obs.record->question, p.obs.record->examples[i].question));
    play_end(&p);
    play_begin(&p, "{'level':1,'wording':'pddl','shots':1}", ACCORD_SPLIT_TRAIN, 0);
    has(p.obs.record->question, "(:action pick-up");
    has(p.obs.record->question, "(:init (handempty)");
    has(p.obs.record->question, "The plan:\n(");
    has(p.obs.record->examples[0].solution, "(stack ");
    play_end(&p);
}
END_TEST

/* Answers an item with its own worked solution, which is for its names and wording. */
START_TEST(test_worked_examples_are_right_answers) {
    static const char *const params[] = {
        "{'level':3}",
        "{'level':3,'wording':'pddl'}",
        "{'level':3,'names':'mystery'}",
        "{'level':3,'names':'random','wording':'pddl'}",
        "{'domain':'logistics','level':3}",
        "{'domain':'logistics','level':2,'names':'mystery'}",
        "{'domain':'logistics','level':2,'names':'random'}",
    };
    struct play p;

    play_begin(&p, params[_i], ACCORD_SPLIT_EVAL, 0);
    const accord_example *e = &p.obs.record->examples[0];
    char *solution = strdup(e->solution), *question = strdup(e->question);
    const char *id;
    task_rig_close(&p.rig, p.ep);
    p.ep = task_rig_open(&p.rig, ACCORD_SPLIT_TRAIN, UINT64_C(1) << 63, &p.obs, &id);
    has(p.obs.record->question, question);
    act(&p, solution);
    ck_assert_msg(p.out.reward > 0.5, "%s\n%s\n%s", question, solution, p.out.note);
    ck_assert_double_eq(p.parts[2], 1);
    free(solution);
    free(question);
    play_end(&p);
}
END_TEST

START_TEST(test_mystery_names_say_nothing) {
    static const char *const telling[] = {"stack", "pick",    "holding", "clear", "table",
                                          "truck", "package", "place",   "city",  "red"};
    struct play p;

    play_begin(&p,
               _i ? "{'domain':'logistics','level':3,'names':'random'}"
                  : "{'level':3,'names':'mystery'}",
               ACCORD_SPLIT_EVAL, 0);
    for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++) {
        ck_assert_msg(!strstr(p.obs.record->question, telling[i]), "%s", telling[i]);
        ck_assert_msg(strcmp(telling[i], "red") == 0 || _i ||
                          !strstr(extra(&p, "pddl"), "stack"),
                      "pddl");
    }
    if (!_i)
        has(p.obs.record->question, "attack x: needs province x, planet x, harmony.");
    play_end(&p);
}
END_TEST

START_TEST(test_interactive_play_gives_one_result_at_a_time) {
    struct play p;

    play_begin(&p, "{'source':'planbench','play':'interactive','max_actions':6}",
               ACCORD_SPLIT_EVAL, 0);
    ck_assert_uint_eq(p.rig.spec->max_steps, 6);
    has(p.obs.record->question, "Now: the hand is empty, the red block is on the table");
    ck_assert_str_eq(p.obs.record->instruction,
                     "Write the next action and nothing else.");
    act(&p, "pick up the red block");
    ck_assert_int_eq(p.out.end, ACCORD_END_NO);
    has(p.obs.record->question,
        "Last action: it could not be done: pick up the red block: "
        "it does not hold that the red block is clear.");
    has(extra(&p, "verifier"), "it does not hold that the red block is clear");
    act(&p, "1. unstack blue from red\n2. put down blue");
    has(p.obs.record->question, "Now: the red block is on the table");
    has(p.obs.record->question, "the hand holds the blue block");
    has(p.obs.record->question, "unstack the blue block from the red block was done.");
    has(extra(&p, "pddl"), "(holding b)");
    ck_assert_ptr_null(extra(&p, "verifier"));
    act(&p, "(put-down b)");
    act(&p, "(pick-up a)");
    act(&p, "(stack a b)");
    ck_assert_int_eq(p.out.end, ACCORD_END_TERMINATED);
    ck_assert_double_eq(p.out.reward, 1);
    ck_assert_double_eq(p.parts[0], 0); /* the first action was a mistake */
    ck_assert_double_eq(p.parts[1], 1);
    ck_assert_double_eq(p.parts[2], 0);
    ck_assert_double_eq(p.parts[3], 1);
    play_end(&p);
}
END_TEST

START_TEST(test_interactive_play_ends_at_its_limit) {
    struct play p;
    accord_err err = {0};
    const accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_TEXT};

    play_begin(&p, "{'level':2,'play':'interactive','max_actions':2}", ACCORD_SPLIT_EVAL,
               0);
    act(&p, NULL);
    has(p.obs.record->question, "no action was found in the reply");
    act(&p, "what?");
    ck_assert_int_eq(p.out.end, ACCORD_END_TRUNCATED);
    ck_assert_double_eq(p.out.reward, 0);
    ck_assert_int_eq(p.rig.ops->step(p.ep, &action, &p.out, &err), ACCORD_E_ARG);
    play_end(&p);
}
END_TEST

START_TEST(test_the_verifier_speaks_for_so_many_rounds) {
    struct play p;

    play_begin(&p, "{'source':'planbench','play':'backprompt','rounds':2}",
               ACCORD_SPLIT_EVAL, 0);
    ck_assert_uint_eq(p.rig.spec->max_steps, 3);
    act(&p, "(pick-up a)");
    ck_assert_int_eq(p.out.end, ACCORD_END_NO);
    has(p.obs.record->question, "The blue block is on the red block.");
    has(p.obs.record->question,
        "Your last plan:\n(pick-up a)\nIt is wrong: step 1: pick up "
        "the red block: it does not hold that the red block is "
        "clear.\nGive a new plan.");
    has(extra(&p, "verifier"), "step 1: pick up the red block");
    act(&p, "no idea");
    has(extra(&p, "verifier"), "no plan was found in the reply");
    act(&p, PLAN);
    ck_assert_int_eq(p.out.end, ACCORD_END_TERMINATED);
    ck_assert_double_eq(p.out.reward, 1);
    ck_assert_double_eq(p.parts[2], 1);
    play_end(&p);
    play_begin(&p, "{'source':'planbench','play':'backprompt','rounds':1}",
               ACCORD_SPLIT_EVAL, 0);
    act(&p, "(pick-up a)");
    act(&p, "(pick-up a)");
    ck_assert_int_eq(p.out.end, ACCORD_END_TRUNCATED);
    play_end(&p);
}
END_TEST

START_TEST(test_pddl_files_are_played) {
    struct play p;

    play_begin(&p,
               "{'domain':'pddl','domain_file':'planning/domain.pddl','problem_file':"
               "'planning'}",
               ACCORD_SPLIT_EVAL, 1);
    ck_assert_uint_eq(p.rig.spec->n_items[ACCORD_SPLIT_EVAL], 2);
    ck_assert_str_eq(p.id, "two");
    ck_assert_str_eq(strrchr(p.rig.spec->files[0], '/'), "/domain.pddl");
    has(p.obs.record->question, "take b r: needs robot-at r, at b r, free.");
    has(p.obs.record->question, "Things: west, east (room); b1, b2 (ball).");
    act(&p, "take b1 west\nmove west east\nleave b1 east\nmove east west\ntake b2 west\n"
            "move west east\nleave b2 east");
    ck_assert_msg(p.out.reward > 0.5, "%s", p.out.note);
    ck_assert_double_eq(p.parts[2], 1);
    play_end(&p);
}
END_TEST

START_TEST(test_a_holdout_gives_worked_examples) {
    struct play p;

    play_begin(&p, "{'source':'planbench','holdout':true}", ACCORD_SPLIT_EVAL, 0);
    uint64_t n = p.rig.spec->n_items[ACCORD_SPLIT_TRAIN];
    ck_assert_uint_eq(n + p.rig.spec->n_items[ACCORD_SPLIT_EVAL], 4);
    ck_assert_uint_eq(p.obs.record->n_examples, n);
    play_end(&p);
}
END_TEST

/* The same problem in other words belongs to the same split. */
START_TEST(test_no_problem_is_in_both_splits) {
    enum { N = 150 };
    static char *text[2][N];
    struct play p;

    play_begin(&p, "{'level':1}", ACCORD_SPLIT_EVAL, 0);
    task_rig_close(&p.rig, p.ep);
    for (int split = 0; split < 2; split++)
        for (uint64_t i = 0; i < N; i++) {
            p.ep = task_rig_open(&p.rig, split, i, &p.obs, &p.id);
            text[split][i] = strdup(p.obs.record->question);
            task_rig_close(&p.rig, p.ep);
        }
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            ck_assert_str_ne(text[0][i], text[1][k]);
    for (int i = 0; i < 2 * N; i++)
        free(text[i / N][i % N]);
    task_rig_end(&p.rig);
}
END_TEST

static const struct {
    const char *params;
    const char *message;
} refused[] = {
    {"{'source':'planbench','level':2}",
     "\"level\" is for source \"generated\", not \"planbench\""},
    {"{'rounds':2}", "\"rounds\" is for play \"backprompt\", not \"plan\""},
    {"{'max_actions':2}", "\"max_actions\" is for play \"interactive\""},
    {"{'holdout':true}", "\"holdout\" is for source \"planbench\""},
    {"{'reading':'published'}", "\"reading\" is for source \"planbench\""},
    {"{'domain':'logistics','source':'planbench'}",
     "domain \"logistics\" has no source \"planbench\""},
    {"{'domain':'pddl','problem_file':'planning/one.pddl'}",
     "domain \"pddl\" needs the parameter \"domain_file\""},
    {"{'source':'files'}", "needs the parameter \"problem_file\""},
    {"{'source':'files','problem_file':'planning/one.pddl'}",
     "one.pddl:2: expected the domain's name"},
    {"{'source':'planbench','file':'planbench/none.jsonl'}", "ACCORD_DATA"},
    {"{'source':'planbench','shots':1,'play':'interactive'}", "no train split"},
    {"{'domain':'chess'}", "chess"},
    {"{'level':8}", "level"},
};

START_TEST(test_wrong_options_are_refused_with_a_sentence) {
    accord_err err = {0};
    task_rig rig;

    ck_assert_int_ne(task_rig_try(&rig, "planning", refused[_i].params, &err), ACCORD_OK);
    ck_assert_msg(strstr(err.msg, refused[_i].message) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_a_plan_that_does_not_fit_is_known_by_its_hash) {
    char *reply[2], canon[2][256];
    struct play p;

    play_begin(&p, "{'source':'planbench'}", ACCORD_SPLIT_EVAL, 0);
    for (int i = 0; i < 2; i++) {
        reply[i] = calloc(1, 4096);
        for (int k = 0; k < 100; k++)
            memcpy(reply[i] + 13 * k, k == 99 && i ? "(put-down b)\n" : "(put-down a)\n",
                   13);
        const accord_action action = {
            .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = reply[i]};
        p.rig.ops->canon(p.ep, &action, canon[i], sizeof(canon[i]), NULL);
        free(reply[i]);
    }
    ck_assert_int_lt((int)strlen(canon[0]), 256);
    ck_assert_str_ne(canon[0], canon[1]);
    play_end(&p);
}
END_TEST

/* ---- memory ---- */

/* Opens item 0, answers it once, asks for its canonical form. */
static accord_code play_once(task_rig *rig, accord_err *err) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = "default",
                            .seed = 1};
    const accord_action action = {.struct_size = sizeof(action),
                                  .kind = ACCORD_TEXT,
                                  .text = "1. pick up the red block\n2. (put-down a)"};
    double parts[ACCORD_MAX_PARTS] = {0};
    accord_obs obs = {.struct_size = sizeof(obs)};
    accord_step out = {.struct_size = sizeof(out), .parts = parts, .obs = &obs};
    void *self = rig->instance->self;
    void *ep = NULL;
    char canon[256];
    const char *id;

    accord_code rc = rig->ops->open(self, &key, &ep, &obs, &id, err);
    if (!rc) {
        rc = rig->ops->step(ep, &action, &out, err);
        if (!rc)
            rc = rig->ops->canon(ep, &action, canon, sizeof(canon), err);
        rig->ops->close(ep);
    }
    return rc;
}

/* The same plugin, linked so that its allocations can be made to fail.  Records are read
 * by jansson, which drops the end of a text without memory and says nothing. */
START_TEST(test_the_task_survives_a_lack_of_memory) {
    static const char *const params[] = {
        "{'level': 1, 'play': 'interactive'}",
        "{'level': 1, 'play': 'backprompt', 'wording': 'pddl', 'shots': 1}",
        "{'source': 'planbench'}",
        "{'domain': 'logistics', 'level': 1, 'names': 'mystery'}",
        "{'domain': 'travel', 'level': 1}",
    };
    const chaos_plugin *chaos = chaos_of("tests/chaos/tasks/planning.so");
    uint64_t n = 0, rounds = 0;
    int failed;

    setenv("ACCORD_PLUGIN_PATH", "tests/chaos", 1);
    do {
        task_rig rig;
        accord_err err = {0};
        chaos->fail_after(n);
        accord_code rc = task_rig_try(&rig, "planning", params[_i], &err);
        bool created = !rc;
        if (created)
            rc = play_once(&rig, &err);
        failed = chaos->stop();
        ck_assert_msg((!rc == !failed || _i == 2) && !rc == !err.msg[0], "%llu: %d %s",
                      (unsigned long long)n, rc, err.msg);
        if (created)
            task_rig_end(&rig);
        n += 1 + n / 30; /* every one of the first, some of the thousands after */
        rounds++;
    } while (failed);
    ck_assert_uint_gt(rounds, 20);
}
END_TEST

START_TEST(test_the_planner_survives_a_lack_of_memory) {
    static const char pddl[] =
        "(define (domain d) (:requirements :strips) (:predicates (at ?x) (way ?x ?y))"
        " (:action go :parameters (?x ?y) :precondition (and (at ?x) (way ?x ?y))"
        "  :effect (and (at ?y) (not (at ?x)))))"
        "(define (problem p) (:domain d) (:objects a b c)"
        " (:init (at a) (way a b) (way b c)) (:goal (at c)))";
    static const accord_extra extra = {"pddl", pddl};
    const chaos_plugin *chaos = chaos_of("tests/chaos/methods/planner.so");
    accord_record record = fake_question;
    uint64_t n = 0;
    int failed;

    record.extras = &extra;
    record.n_extras = 1;
    do {
        fake_host *f = accord_xalloc(sizeof(*f));
        chaos->fail_after(n++);
        accord_code rc =
            fake_create(f, "tests/chaos/methods/planner.so", "{}", NULL, 0, &fake_task);
        if (!rc)
            rc = fake_ask(f, &record, 1);
        failed = chaos->stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        if (!failed)
            ck_assert_str_eq(f->answer, "(go a b)\n(go b c)");
        fake_destroy(f);
    } while (failed);
    ck_assert_uint_gt(n, 20);
}
END_TEST

Suite *suite_planning_task(void) {
    Suite *s = suite_create("planning_task");
    TCase *tc = tcase_create("own rows");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, use_own_rows, NULL);
    tcase_add_test(tc, test_published_records_are_asked_as_published);
    tcase_add_loop_test(tc, test_score_parts_tell_plans_apart, 0, 7);
    tcase_add_test(tc, test_the_published_reading_passes_over_crowded_lines);
    tcase_add_test(tc, test_generated_questions_are_short_and_plain);
    tcase_add_loop_test(tc, test_worked_examples_are_right_answers, 0, 7);
    tcase_add_loop_test(tc, test_mystery_names_say_nothing, 0, 2);
    tcase_add_test(tc, test_interactive_play_gives_one_result_at_a_time);
    tcase_add_test(tc, test_interactive_play_ends_at_its_limit);
    tcase_add_test(tc, test_the_verifier_speaks_for_so_many_rounds);
    tcase_add_test(tc, test_pddl_files_are_played);
    tcase_add_test(tc, test_a_holdout_gives_worked_examples);
    tcase_add_test(tc, test_no_problem_is_in_both_splits);
    tcase_add_loop_test(tc, test_wrong_options_are_refused_with_a_sentence, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_test(tc, test_a_plan_that_does_not_fit_is_known_by_its_hash);
    tcase_add_loop_test(tc, test_the_task_survives_a_lack_of_memory, 0, 5);
    tcase_add_test(tc, test_the_planner_survives_a_lack_of_memory);
    suite_add_tcase(s, tc);
    return s;
}
