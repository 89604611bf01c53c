/* check_planning_read.c - plans as models write them: forms, corrections, junk, and the
 * recorded replies of five models with their published verdicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/jsonl.h>
#include <accord/rng.h>

#include "host/host.h"
#include "problems.h"
#include "reply.h"
#include "suites.h"
#include "verdict.h"

/* Blocks a to e, also called by their colours: b stands on c, the rest on the table. */
static const char problem[] =
    "(define (problem p) (:domain blocksworld-4ops) (:objects a b c d e)"
    "(:init (handempty) (ontable a) (on b c) (ontable c) (ontable d) (ontable e)"
    "(clear a) (clear b) (clear d) (clear e)) (:goal (on c b)))";
static const struct planning_alias aliases[] = {
    {"red", 0}, {"blue", 1}, {"orange", 2}, {"yellow", 3}, {"white", 4}};

static void begin(struct planning_lexicon *l, const char *domain, const char *text,
                  int n_aliases) {
    const struct strips_text d = {"d", domain}, p = {"p", text};
    struct strips_source source;
    struct strips_task *task;

    ck_assert_msg(!strips_task_read(&d, &p, &source, &task), "%s", source.message);
    *l = (struct planning_lexicon){task, planning_speech_of(task), aliases, n_aliases};
}

static void end(struct planning_lexicon *l) {
    strips_task_destroy((struct strips_task *)l->task);
}

/* The plan in PDDL with blanks for line ends, a bar, and the form. */
static char *read_reply(const struct planning_lexicon *l, const char *reply) {
    struct planning_buffer out = {0};
    struct planning_steps steps;

    planning_read_steps(l, reply, &steps);
    planning_write_steps(l->task, &steps, &out);
    planning_write(&out, "|%s", planning_form_name(&steps));
    for (char *p = out.text; (p = strchr(p, '\n'));)
        *p = ' ';
    planning_steps_fini(&steps);
    return out.text;
}

#define FOUR "(unstack b c) (put-down b) (pick-up c) (stack c b)|"

static const struct {
    const char *reply;
    const char *plan;
} forms[] = {
    /* lists and lines */
    {"unstack b c\nput-down b\npick-up c\nstack c b", FOUR "names"},
    {"(unstack b c)\n(put-down b)\n(pick-up c)\n(stack c b)", FOUR "pddl"},
    {"(UNSTACK B C) (PUT-DOWN B) (PICK-UP C) (STACK C B)", FOUR "pddl"},
    {"unstack the blue block from on top of the orange block\nput down the blue block\n"
     "pick up the orange block\nstack the orange block on top of the blue block",
     FOUR "words"},
    {"Here is my plan:\n\n1. Unstack the blue block from the orange block.\n"
     "2. Put down the blue block on the table.\n3. Pick up the orange block.\n"
     "4. Stack the orange block on the blue block.\n\nNow the goal holds: orange is on "
     "blue.",
     FOUR "numbered words"},
    {"1) unstack blue orange\n2) put-down blue\n3) pick-up orange\n4) stack orange blue",
     FOUR "numbered names"},
    {"- Unstack block b from block c\n- Put down block b\n- Pick up block c\n"
     "- Stack block c on block b",
     FOUR "words"},
    {"* **Unstack** the *blue* block from the *orange* block\n* **Put down** blue\n"
     "* **Pick up** orange\n* **Stack** orange on blue",
     FOUR "words"},
    {"\xe2\x80\xa2 Unstack B from C\n\xe2\x80\xa2 Put B down\n\xe2\x80\xa2 Pick C up\n"
     "\xe2\x80\xa2 Stack C onto B",
     FOUR "words"},
    {"Step 1: Unstack blue from orange.\nStep 2: Put down blue.\nStep 3: Pick up "
     "orange.\nStep 4: Stack orange on blue.",
     FOUR "numbered words"},
    {"**Step 1:** unstack(b, c)\n**Step 2:** put_down(b)\n**Step 3:** pick_up(c)\n"
     "**Step 4:** stack(c, b)",
     FOUR "numbered names"},
    {"First, unstack the blue block from the orange block. Then, put down the blue "
     "block. "
     "Next, pick up the orange block. Finally, stack the orange block on the blue block.",
     FOUR "words"},
    {"First, I unstack blue from orange, then put it down, then pick up orange, and then "
     "stack it on blue.",
     FOUR "words"},
    {"Plan: unstack b c, put-down b, pick-up c, stack c b", FOUR "names"},
    {"1. Unstack B from C 2. Put down B 3. Pick up C 4. Stack C on B",
     FOUR "numbered words"},
    /* marks around a plan */
    {"[PLAN]\nunstack the blue block from on top of the orange block\nput down the blue "
     "block\npick up the orange block\nstack the orange block on top of the blue block\n"
     "[PLAN END]\nThat is all.",
     FOUR "tagged words"},
    {"unstack b c\nput-down b\npick-up c\nstack c b\n[PLAN END]\n\n[STATEMENT]\nAs "
     "initial...\n[PLAN]\npick-up a\n[PLAN END]",
     FOUR "tagged names"},
    {"Thinking aloud: pick up red first?\n```pddl\n(unstack b c)\n(put-down b)\n"
     "(pick-up c)\n(stack c b)\n```\nDone.",
     FOUR "pddl"},
    {"<think>\npick-up a\nstack a b\n</think>\n(unstack b c)\n(put-down b)\n(pick-up c)\n"
     "(stack c b)",
     FOUR "pddl"},
    /* JSON, tables, LaTeX */
    {"[\"unstack b c\", \"put-down b\", \"pick-up c\", \"stack c b\"]", FOUR "names"},
    {"```json\n{\"plan\": [\n  \"(unstack b c)\",\n  \"(put-down b)\",\n  \"(pick-up "
     "c)\",\n  \"(stack c b)\"\n]}\n```",
     FOUR "pddl"},
    {"{\"plan\": [{\"action\": \"unstack\", \"args\": [\"b\", \"c\"]}, {\"action\": "
     "\"put-down\", \"args\": [\"b\"]}, {\"action\": \"pick-up\", \"args\": [\"c\"]}, "
     "{\"action\": \"stack\", \"args\": [\"c\", \"b\"]}]}",
     FOUR "words"},
    {"| Step | Action | Why |\n|---|---|---|\n| 1 | Unstack blue from orange | it is "
     "clear |\n| 2 | Put down blue | hand |\n| 3 | Pick up orange | clear |\n| 4 | Stack "
     "orange on blue | goal |",
     FOUR "numbered words"},
    {"| 1 | unstack | blue | orange |\n| 2 | put-down | blue | |\n| 3 | pick-up | orange "
     "| |\n| 4 | stack | orange | blue |",
     FOUR "numbered names"},
    {"\\begin{enumerate}\n\\item \\text{unstack}(b, c)\n\\item \\text{put-down}(b)\n"
     "\\item \\text{pick-up}(c)\n\\item \\text{stack}(c, b)\n\\end{enumerate}",
     FOUR "names"},
    /* other words for the actions */
    {"Remove the blue block from the orange block\nPlace the blue block on the table\n"
     "Grab the orange block\nPlace the orange block on the blue block",
     FOUR "words"},
    {"pick the blue block off the orange block\nset down blue\npickup orange\nput orange "
     "on top of blue",
     FOUR "words"},
    /* commentary */
    {"1. Unstack blue from orange (since blue is clear and on top of orange, I can "
     "unstack it).\n   - Your hand now holds the blue block.\n2. Put down the blue block "
     "(you could also stack it on red).\n3. Pick up the orange block.\n   * Pick up is "
     "possible because orange is clear.\n4. Stack the orange block on the blue block, "
     "which is clear, so that orange is on blue.",
     FOUR "numbered words"},
    {"To achieve the goal of stacking the orange block on the blue block, do this:\n"
     "1. (unstack b c) - take the blue block off\n2. (put-down b) - free the hand\n"
     "3. (pick-up c)\n4. (stack c b)",
     FOUR "numbered pddl"},
    /* corrections */
    {"1. Pick up orange\n2. Stack orange on blue\n\nWait, that is wrong. The corrected "
     "plan is:\n1. Unstack blue from orange\n2. Put down blue\n3. Pick up orange\n4. "
     "Stack orange on blue",
     FOUR "numbered words"},
    {"pick up orange\nLet me redo the plan.\nunstack blue from orange\nput down blue\n"
     "pick up orange\nstack orange on blue",
     FOUR "words"},
    {"1. Unstack blue from orange\n2. Stack blue on orange is not possible, so put down "
     "the blue block\n3. Pick up orange\n4. Stack orange on blue",
     FOUR "numbered words"},
    {"1. Unstack blue from orange\n2. Put down blue\n3. Pick up red (no, this is not "
     "needed)\n4. Pick up orange\n5. Stack orange on blue",
     FOUR "numbered words"},
    {"In words:\n1. Unstack blue from orange\n2. Put down blue\n3. Pick up orange\n4. "
     "Stack orange on blue\n\nIn PDDL:\n(unstack b c)\n(put-down b)\n(pick-up c)\n(stack "
     "c b)",
     FOUR "pddl"},
    {"(unstack b c)\n(put-down b)\n(pick-up c)\n(stack c b)\n\nExplanation:\n1. Unstack "
     "the blue block from the orange block to free it.\n2. Put down the blue block.",
     FOUR "pddl"},
    {"### Phase 1: free orange\n1. Unstack blue from orange\n2. Put down blue\n\n### "
     "Phase 2: the goal\n1. Pick up orange\n2. Stack orange on blue",
     FOUR "numbered words"},
    /* the letter a and the article */
    {"pick up a\nput down block a\npick-up a", "(pick-up a) (put-down a) (pick-up "
                                               "a)|words"},
    /* mistakes stay mistakes */
    {"1. Pick up the purple block\n2. Put down red", "(pick-up) (put-down a)|numbered "
                                                     "words"},
    {"(pick-up z)\n(put-down a)", "(pick-up ?) (put-down a)|pddl"},
    {"(fly a b)\n(put-down a)", "(? a b) (put-down a)|pddl"},
    {"1. Unstack the yellow block from the table.\n2. Put down the yellow block.",
     "(unstack d) (put-down d)|numbered words"},
    /* nothing */
    {"", "|no plan"},
    {"I'm sorry, but I can't help with that.", "|no plan"},
    {"The red block is on the table and the blue block is on the orange block.",
     "|no plan"},
    {"You must stack the orange block on the blue block.", "|no plan"},
    {"[PLAN]\n[PLAN END]", "|no plan"},
};

START_TEST(test_plans_are_read_in_every_form) {
    struct planning_lexicon l;

    begin(&l, planning_blocksworld, problem, 5);
    char *plan = read_reply(&l, forms[_i].reply);
    ck_assert_msg(strcmp(plan, forms[_i].plan) == 0, "%s\nwas read as %s\nnot as %s",
                  forms[_i].reply, plan, forms[_i].plan);
    free(plan);
    end(&l);
}
END_TEST

START_TEST(test_logistics_is_told_from_its_objects) {
    static const char cargo[] =
        "(define (problem p) (:domain logistics) (:objects p1 - package t1 - truck a1 - "
        "plane l1 - airport l2 - place c1 - city) (:init (at p1 l1) (at t1 l1) (at a1 "
        "l1) "
        "(in-city l1 c1) (in-city l2 c1)) (:goal (at p1 l2)))";
    struct planning_lexicon l;

    begin(&l, planning_logistics, cargo, 0);
    char *plan = read_reply(
        &l,
        "1. Load p1 into t1 at l1\n2. Unload package p1 from truck t1 at location l1\n"
        "3. load p1 into the airplane a1 at l1\n4. drive t1 from l1 to l2 in city c1\n"
        "5. fly a1 from l1 to l1\n");
    ck_assert_str_eq(plan,
                     "(load-truck p1 t1 l1) (unload-truck p1 t1 l1) (load-airplane p1 a1 "
                     "l1) (drive-truck t1 l1 l2 c1) (fly-airplane a1 l1 l1)|numbered "
                     "words");
    free(plan);
    end(&l);
}
END_TEST

/* ---- hostile replies --------------------------------------------------------------- */

static double cpu_seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Judges a reply; the reason is in `why`. */
static struct planning_verdict judge(const struct planning_lexicon *l, const char *reply,
                                     char why[256]) {
    struct planning_buffer text = {0};
    struct planning_steps steps;
    struct planning_verdict v;
    struct strips_state s;

    planning_read_steps(l, reply, &steps);
    ck_assert(strips_state_init(&s, l->task));
    ck_assert(planning_judge(l, &s, &steps, 0, &v, &text));
    snprintf(why, 256, "%s", planning_text(&text));
    strips_state_fini(&s);
    planning_steps_fini(&steps);
    planning_buffer_fini(&text);
    return v;
}

START_TEST(test_what_is_wrong_is_said) {
    static const struct {
        const char *reply;
        const char *why;
        int failed_step;
    } rows[] = {
        {"", "no plan was found in the reply", 0},
        {"(unstack b c)\n(put-down b)\n(stack c b)",
         "step 3: (stack c b): (holding c) does not hold", 3},
        {"(unstack b c)\n(put-down b)", "at the end (on c b) does not hold", 0},
        {"(pick-up z)", "step 1: (pick-up z): its object 1 is not in the problem", 1},
        {"(fly a b)", "step 1: (fly a b): there is no such action", 1},
        {"(unstack b c)\n(stack b)", "step 2: (stack b): stack takes 2 objects, not 1",
         2},
        {"(unstack b c)\n(put-down b)\n(pick-up c)\n(stack c b)", "", 0},
    };
    struct planning_lexicon l;
    char why[256];

    begin(&l, planning_blocksworld, problem, 5);
    struct planning_verdict v = judge(&l, rows[_i].reply, why);
    ck_assert_str_eq(why, rows[_i].why);
    ck_assert_int_eq(v.failed_step, rows[_i].failed_step);
    ck_assert_int_eq(v.reaches_goal, _i == 6);
    ck_assert_int_eq(v.is_valid, _i == 6 || _i == 2);
    end(&l);
}
END_TEST

START_TEST(test_a_plan_of_100000_lines_is_bounded) {
    static const char *const lines[] = {"(pick-up a)\n(put-down a)\n",
                                        "pick up the red block\nput down the red block\n",
                                        "((((((((", "1. 1. 1. then then (", "stack: ,;"};
    struct planning_lexicon l;
    size_t n = strlen(lines[_i]);
    char *reply = malloc(50000 * n + 1), why[256];
    double begun = cpu_seconds();

    for (size_t i = 0; i < 50000; i++)
        memcpy(reply + i * n, lines[_i], n);
    reply[50000 * n] = '\0';
    begin(&l, planning_blocksworld, problem, 5);
    struct planning_verdict v = judge(&l, reply, why);
    ck_assert_int_eq(v.reaches_goal, 0);
    ck_assert_str_ne(why, "");
    ck_assert(cpu_seconds() - begun < 10);
    free(reply);
    end(&l);
}
END_TEST

START_TEST(test_mutated_replies_never_crash) {
    uint64_t rng = accord_rng_fold(3, (uint64_t)_i);
    struct planning_lexicon l;
    char why[256];

    begin(&l, planning_blocksworld, problem, 5);
    for (int round = 0; round < 2000; round++) {
        char *a = strdup(forms[accord_rng_below(&rng, 30)].reply);
        char *b = strdup(forms[accord_rng_below(&rng, 30)].reply), *both;
        for (int k = 0; k < 4 && *a; k++)
            a[accord_rng_below(&rng, strlen(a))] =
                (char)(1 + accord_rng_below(&rng, 255));
        b[accord_rng_below(&rng, strlen(b) + 1)] = '\0';
        ck_assert_int_ge(asprintf(&both, "%s%s", a, b), 0);
        judge(&l, both, why);
        free(a);
        free(b);
        free(both);
    }
    end(&l);
}
END_TEST

/* ---- recorded replies -------------------------------------------------------------- */

/* The problems by id, as tasks. */
enum { N_PROBLEMS = 602 };
struct known {
    char id[32];
    struct strips_task *task;
};

static int load_problems(struct known *known) {
    static const char *const files[] = {"planbench/blocksworld.jsonl",
                                        "planbench/blocksworld_3.jsonl"};
    char path[4096];
    int n = 0, more;

    for (int f = 0; f < 2; f++) {
        accord_jsonl *lines;
        if (accord_host_default.data_path(&accord_host_default, files[f], path,
                                          sizeof(path), NULL))
            return 0;
        ck_assert_int_eq(accord_jsonl_open(&accord_host_default, path, &lines, NULL), 0);
        while (!accord_jsonl_next(lines, &more, NULL) && more) {
            const struct strips_text d = {"d", planning_blocksworld};
            const struct strips_text p = {"p", accord_jsonl_text(lines, "pddl")};
            struct strips_source source;
            ck_assert_int_lt(n, N_PROBLEMS);
            snprintf(known[n].id, sizeof(known[n].id), "%s",
                     accord_jsonl_text(lines, "question_id"));
            ck_assert_int_eq(strips_task_read(&d, &p, &source, &known[n++].task), 0);
        }
        accord_jsonl_close(lines);
    }
    return n;
}

typedef void (*reader)(const struct planning_lexicon *l, const char *reply,
                       struct planning_steps *out);

static int is_right(struct strips_task *task, reader read_it, const char *text,
                    char why[256]) {
    struct planning_lexicon l = {task, planning_speech_of(task), aliases,
                                 task->n_objects < 5 ? task->n_objects : 5};
    struct planning_buffer out = {0};
    struct planning_steps steps;
    struct planning_verdict v;
    struct strips_state s;

    read_it(&l, text ? text : "", &steps);
    ck_assert(strips_state_init(&s, task));
    ck_assert(planning_judge(&l, &s, &steps, 0, &v, &out));
    snprintf(why, 256, "%s", v.reaches_goal ? "it reaches the goal" : out.text);
    planning_buffer_fini(&out);
    planning_steps_fini(&steps);
    strips_state_fini(&s);
    return v.reaches_goal;
}

/* Verdicts on the published translation of each reply; on the replies by PlanBench's own
 * rule; and by reading with care, which finds right plans in lines that the rule passes
 * over, and steps that a reply takes back. */
static const struct {
    const char *what;
    const char *field;
    reader read_it;
    int least; /* of 3,000 that agree with the recorded flag */
} ways[] = {
    {"published translations", "extracted", planning_read_steps, 2999},
    {"replies by the published rule", "response", planning_read_published, 2966},
    {"replies read with care", "response", planning_read_steps, 2885},
};

START_TEST(test_verdicts_agree_with_the_recorded_ones) {
    static struct known known[N_PROBLEMS];
    int n_known = load_problems(known), n = 0, n_agree = 0, more;
    char path[4096], why[256];
    accord_jsonl *lines;

    if (n_known == 0 ||
        accord_host_default.data_path(&accord_host_default,
                                      "recorded/blocksworld_5_models.jsonl.gz", path,
                                      sizeof(path), NULL)) {
        fprintf(stderr, "skipped: recorded plans: not in ACCORD_DATA\n");
        return;
    }
    ck_assert_int_eq(accord_jsonl_open(&accord_host_default, path, &lines, NULL), 0);
    while (!accord_jsonl_next(lines, &more, NULL) && more) {
        const char *id = accord_jsonl_text(lines, "question_id");
        int k = 0;
        while (k < n_known && strcmp(known[k].id, id) != 0)
            k++;
        ck_assert_int_lt(k, n_known);
        int right = is_right(known[k].task, ways[_i].read_it,
                             accord_jsonl_text(lines, ways[_i].field), why);
        int flag = strcmp(accord_jsonl_text(lines, "correct"), "true") == 0;
        n++;
        n_agree += right == flag;
        if (right != flag && (_i == 0 || getenv("ACCORD_DIFFERENCES")))
            fprintf(stderr, "%s: %s %s: recorded %s, but %s\n", ways[_i].what, id,
                    accord_jsonl_text(lines, "model"), flag ? "right" : "wrong", why);
    }
    ck_assert_int_eq(n, 3000);
    fprintf(stderr, "%s: %d of %d agree\n", ways[_i].what, n_agree, n);
    ck_assert_int_ge(n_agree, ways[_i].least);
    accord_jsonl_close(lines);
    for (int k = 0; k < n_known; k++)
        strips_task_destroy(known[k].task);
}
END_TEST

Suite *suite_planning_read(void) {
    Suite *s = suite_create("planning_read");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_plans_are_read_in_every_form, 0,
                        sizeof(forms) / sizeof(forms[0]));
    tcase_add_test(tc, test_logistics_is_told_from_its_objects);
    tcase_add_loop_test(tc, test_what_is_wrong_is_said, 0, 7);
    tcase_add_loop_test(tc, test_a_plan_of_100000_lines_is_bounded, 0, 5);
    tcase_add_loop_test(tc, test_mutated_replies_never_crash, 0, 3);
    tcase_add_loop_test(tc, test_verdicts_agree_with_the_recorded_ones, 0, 3);
    suite_add_tcase(s, tc);
    return s;
}
