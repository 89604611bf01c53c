/* check_show.c - transcripts of run directories written by hand. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/recorded.h"
#include "report/report.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

static accord_err err;

static accord_code show_into(const accord_show *what, char **text) {
    size_t n;
    FILE *out = open_memstream(text, &n);

    err = (accord_err){0};
    accord_code rc = accord_report_show(what, out, &err);
    fclose(out);
    return rc;
}

static char *show(const char *cell, const char *item, bool raw) {
    char *dir = run_path("");
    char *text;

    ck_assert_msg(show_into(&(accord_show){dir, cell, item, raw}, &text) == ACCORD_OK,
                  "%s", err.msg);
    free(dir);
    return text;
}

static void call(FILE *journal, FILE *text, int agent, int round, const char *prompt,
                 const char *reply) {
    static const char key[] =
        "\"k\":\"call\",\"ep\":\"eval/0/default/0/a#1\",\"agent\":%d,"
        "\"role\":\"debater\",\"round\":%d,\"sample\":0,\"ord\":0,"
        "\"hash\":\"0\"";

    fputs("{", text);
    fprintf(text, key, agent, round);
    fprintf(text,
            ",\"temperature\":0.7,\"top_p\":1,\"messages\":[{\"role\":\"user\","
            "\"text\":\"%s\"}],\"reply\":\"%s\"}\n",
            prompt, reply);
    fputs("{", journal);
    fprintf(journal, key, agent, round);
    fputs(",\"model\":\"m\",\"tokens\":[100,20],\"finish\":\"stop\",\"error\":null,"
          "\"us\":[1,2,250000],\"tries\":1}\n",
          journal);
}

static void round_end(FILE *journal, FILE *text, int round, const char *canon,
                      int score) {
    static const char key[] = "{\"k\":\"cand\",\"ep\":\"eval/0/default/0/a#1\",\"kind\":"
                              "\"round\",\"index\":%d,";

    fprintf(text, key, round);
    fprintf(text, "\"text\":\"%s\"}\n", canon);
    fprintf(journal, key, round);
    fprintf(journal, "\"canon\":\"%s\",\"score\":%d,\"tokens\":240}\n", canon, score);
}

/* Two debaters, two rounds; the second one's first round came in first. */
static void debate_run(void) {
    run_begin("r", "{\"task\":\"gsm\",\"method\":\"debate\",\"seed\":1,\"modes\":"
                   "[\"default\"],\"unit\":\"item\"}");
    char *cell = run_cell("gsm", "debate", 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");

    call(journal, text, 1, 0, "Task: answer\\nQuestion: How many?",
         "I count six.\\nSo 6.\\u001b[31m");
    call(journal, text, 0, 0, "Task: answer\\nQuestion: How many?", "Twice three is 7.");
    round_end(journal, text, 0, "6", 0);
    call(journal, text, 0, 1,
         "Task: revise\\nQuestion: How many?\\nAnswer: Twice three is 7.\\nPeer 2: I "
         "count "
         "six.\\n So 6.\\u001b[31m",
         "You are right. 42");
    call(journal, text, 1, 1,
         "Task: revise\\nQuestion: How many?\\nAnswer: I count six.\\n So "
         "6.\\u001b[31m\\nPeer 1: Twice three is 7.",
         "Still 42");
    round_end(journal, text, 1, "42", 1);
    fputs("{\"k\":\"action\",\"ep\":\"eval/0/default/0/a#1\",\"text\":\"42\"}\n", text);
    run_episode(journal, &(ep_line){"a#1", 0, "correct", 1, 1, 1});
    run_episode(journal, &(ep_line){"gsm8k-main-test-#2", 1, "wrong", 0, 10, 5});
    run_finish(journal);
    fclose(text);
    free(cell);
}

START_TEST(test_a_debate_reads_like_a_conversation) {
    debate_run();
    char *text = show("gsm/debate/1", "a#1", false);

    ck_assert_str_eq(
        text,
        "gsm/debate/1  eval/0/default/0/a#1\n"
        "\n"
        "debater 0, round 0  (m, temperature 0.7, 100 + 20 tokens, 250ms)\n"
        "  to it, as user:\n"
        "  | Task: answer\n"
        "  | Question: How many?\n"
        "  it says:\n"
        "    Twice three is 7.\n"
        "\n"
        "debater 1, round 0  (m, temperature 0.7, 100 + 20 tokens, 250ms)\n"
        "  it says:\n"
        "    I count six.\n"
        "    So 6.?[31m\n"
        "\n"
        "solver 0, round 0  (m, 1 + 1 tokens, 1.0ms)\n"
        "\n"
        "after round 0: 6  (score 0)\n"
        "\n"
        "debater 0, round 1  (m, temperature 0.7, 100 + 20 tokens, 250ms)\n"
        "  to it, as user:\n"
        "  | Task: revise\n"
        "  | ...\n"
        "  | Answer: ...\n"
        "  | Peer 2: ...\n"
        "  it says:\n"
        "    You are right. 42\n"
        "\n"
        "debater 1, round 1  (m, temperature 0.7, 100 + 20 tokens, 250ms)\n"
        "  to it, as user:\n"
        "  | ...\n"
        "  | Answer: ...\n"
        "  | Peer 1: ...\n"
        "  it says:\n"
        "    Still 42\n"
        "\n"
        "after round 1: 42  (score 1)\n"
        "\n"
        "final answer:\n"
        "    42\n"
        "\n"
        "verdict: correct, score 1 (strict 1, flexible 1), read as 42, by boxed; 2.0ms\n"
        "\n");
    free(text);
}
END_TEST

START_TEST(test_without_an_item_the_episodes_are_listed) {
    debate_run();
    char *text = show(NULL, NULL, false);

    has(text, "gsm/debate/1: 2 episodes, 6 calls\n");
    has(text, "  correct               1       482 tokens     0.002 s  a#1\n");
    has(text, "  wrong                 0        15 tokens     0.004 s  "
              "gsm8k-main-test-#2\n");
    free(text);
}
END_TEST

START_TEST(test_json_gives_the_lines_as_they_stand) {
    debate_run();
    char *item = show(NULL, "gsm8k-main-test-#2", true);
    char *all = show("gsm/debate/1", NULL, true);
    char *path = run_path("cells/gsm/debate/1/journal.jsonl");
    char *journal = run_read(path);

    has(journal, item); /* its two lines are neighbours */
    has(item, "\"outcome\":\"wrong\"");
    lacks(item, "a#1");
    has(all, journal);
    has(all, "\"reply\":\"Still 42\"");
    free(path);
    free(journal);
    free(item);
    free(all);
}
END_TEST

START_TEST(test_a_miss_names_what_is_nearest) {
    debate_run();
    char *dir = run_path("");
    char *text;

    ck_assert_int_eq(
        show_into(&(accord_show){dir, NULL, "gsm8k-main-test-2", false}, &text),
        ACCORD_E_NOTFOUND);
    has(err.msg, "(did you mean \"gsm8k-main-test-#2\"?)");
    free(text);
    ck_assert_int_eq(show_into(&(accord_show){dir, NULL, "elsewhere", false}, &text),
                     ACCORD_E_NOTFOUND);
    lacks(err.msg, "did you mean");
    free(text);
    ck_assert_int_eq(show_into(&(accord_show){dir, "gsm/debat/1", NULL, false}, &text),
                     ACCORD_E_NOTFOUND);
    has(err.msg, "no cell \"gsm/debat/1\"");
    has(err.msg, "(did you mean \"gsm/debate/1\"?)");
    free(text);
    free(dir);
}
END_TEST

START_TEST(test_a_cell_that_is_under_way_can_be_read) {
    run_begin("r", "{\"task\":\"gsm\",\"method\":\"debate\",\"seed\":1,\"modes\":"
                   "[\"default\"]},{\"task\":\"gsm\",\"method\":\"vote\",\"seed\":1,"
                   "\"modes\":[\"default\"]}");
    char *cell = run_cell("gsm", "debate", 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");

    call(journal, text, 0, 0, "Question: How many?", "Six");
    fputs("{\"k\":\"ep\",\"ep\":\"ev", journal);
    fclose(journal);
    fclose(text);
    char *list = show(NULL, NULL, false);
    has(list, "gsm/debate/1: 0 episodes, 1 calls, not finished\n");
    has(list, "gsm/vote/1: not begun\n");
    char *item = show(NULL, "a#1", false);
    has(item, "    Six\n");
    has(item, "\nnot finished\n");
    free(item);
    free(list);
    free(cell);
}
END_TEST

START_TEST(test_a_failed_call_says_why) {
    run_begin("r", "{\"task\":\"gsm\",\"method\":\"single\",\"seed\":1,\"modes\":"
                   "[\"default\"]}");
    char *cell = run_cell("gsm", "single", 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");

    run_episode(journal, &(ep_line){"a#1", 0, "api_error", 0, 0, 0});
    fputs(
        "{\"k\":\"call\",\"ep\":\"eval/0/default/0/a#1\",\"agent\":0,\"role\":\"solver\","
        "\"round\":0,\"sample\":0,\"ord\":0,\"hash\":\"0\",\"temperature\":0,"
        "\"messages\":"
        "[],\"reply\":\"\",\"message\":\"status 500\"}\n",
        text);
    fclose(journal);
    fclose(text);
    char *item = show(NULL, "a#1", false);
    has(item, "failed: api: status 500\n");
    has(item, "verdict: api_error, score 0");
    free(item);
    free(cell);
}
END_TEST

/* Two evaluations of a learner, each with its actions; the second in two modes. */
static void pole_run(void) {
    static const char *const eps[] = {"eval/0/train", "eval/5000/train",
                                      "eval/5000/hard"};

    run_begin("r", "{\"task\":\"pole\",\"method\":\"cg2a\",\"seed\":1,\"modes\":"
                   "[\"train\",\"hard\"],\"unit\":\"seed\"}");
    char *cell = run_cell("pole", "cg2a", 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");

    fputs("{\"k\":\"ep\",\"ep\":\"train/0/train/0/p-7\",\"item\":\"p-7\",\"index\":0,"
          "\"outcome\":\"finished\",\"answered\":true,\"score\":1,\"parts\":[]}\n",
          journal);
    for (int i = 0; i < 3; i++) {
        fprintf(text,
                "{\"k\":\"actions\",\"ep\":\"%s/0/p-1\",\"type\":\"float32\",\"steps\":"
                "%d,\"width\":1,\"data\":\"\"}\n",
                eps[i], i + 1);
        fprintf(
            journal,
            "{\"k\":\"ep\",\"ep\":\"%s/0/p-1\",\"item\":\"p-1\",\"index\":%d,"
            "\"outcome\":\"finished\",\"answered\":true,\"canon\":null,\"score\":%d.5,"
            "\"parts\":[],\"note\":null,\"steps\":%d,\"end\":\"truncated\",\"us\":2000,"
            "\"failed_calls\":0,\"error\":null}\n",
            eps[i], i + 7, i + 800, i + 1);
    }
    fclose(text);
    run_finish(journal);
    free(cell);
}

START_TEST(test_a_course_of_actions_has_steps_and_a_return) {
    pole_run();
    char *list = show(NULL, NULL, false);
    char *item = show(NULL, "p-1", false);

    has(list,
        "  finished          800.5      1 steps     0.002 s  p-1  (eval at 0, train");
    has(item,
        "\nverdict: finished, return 802.5 in 3 steps, to the limit of time; 2.0ms\n"
        "actions: 3 of 1 x float32, recorded (--frames DIR shows what they did)\n");
    free(list);
    free(item);
}
END_TEST

static accord_code find(const char *cell, const char *item, const char *mode,
                        uint64_t step, accord_recorded *r) {
    char *dir = run_path("");
    const accord_recorded_wish wish = {dir, cell, item, mode, step};

    err = (accord_err){0};
    accord_code rc = accord_recorded_find(&wish, r, &err);
    free(dir);
    return rc;
}

START_TEST(test_the_last_evaluation_is_found_unless_a_step_is_named) {
    accord_recorded r;

    pole_run();
    ck_assert_msg(!find(NULL, "p-1", "train", UINT64_MAX, &r), "%s", err.msg);
    ck_assert_uint_eq(r.index, 8);
    ck_assert_uint_eq(r.steps, 2);
    ck_assert_str_eq(r.mode, "train");
    ck_assert(r.answered && r.score > 801.4 && r.score < 801.6);
    ck_assert_int_eq(json_integer_value(json_object_get(r.actions, "steps")), 2);
    accord_recorded_fini(&r);
    ck_assert_int_eq(find("pole/cg2a/1", "p-1", NULL, 0, &r), ACCORD_OK);
    ck_assert_uint_eq(r.steps, 1);
    accord_recorded_fini(&r);
}
END_TEST

START_TEST(test_an_episode_that_cannot_be_told_is_a_sentence) {
    static const struct {
        const char *cell, *item, *mode;
        uint64_t step;
        accord_code code;
        const char *why;
    } bad[] = {
        {NULL, "p-1", NULL, UINT64_MAX, ACCORD_E_ARG, "--mode train, --mode hard"},
        {NULL, "p-1", "harder", UINT64_MAX, ACCORD_E_NOTFOUND, "in mode harder"},
        {NULL, "p-1", NULL, 7, ACCORD_E_NOTFOUND, "was not evaluated at step 7"},
        {NULL, "p-7", NULL, UINT64_MAX, ACCORD_E_NOTFOUND, "p-7 of"},
        {NULL, "p-2", "hard", UINT64_MAX, ACCORD_E_NOTFOUND, "(did you mean \"p-"},
        {"pole/cg2/1", "p-1", "hard", UINT64_MAX, ACCORD_E_NOTFOUND,
         "(did you mean \"pole/cg2a/1\"?)"},
    };
    accord_recorded r;

    pole_run();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(find(bad[i].cell, bad[i].item, bad[i].mode, bad[i].step, &r),
                         bad[i].code);
        has(err.msg, bad[i].why);
        accord_recorded_fini(&r);
    }
    debate_run();
    ck_assert_int_eq(find(NULL, "a#1", NULL, UINT64_MAX, &r), ACCORD_E_CONFIG);
    has(err.msg, "r has no actions of eval/0/default/0/a#1: the run is older");
    accord_recorded_fini(&r);
}
END_TEST

Suite *suite_show(void) {
    Suite *s = suite_create("show");
    TCase *tc = tcase_create("transcript");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_a_debate_reads_like_a_conversation);
    tcase_add_test(tc, test_without_an_item_the_episodes_are_listed);
    tcase_add_test(tc, test_json_gives_the_lines_as_they_stand);
    tcase_add_test(tc, test_a_miss_names_what_is_nearest);
    tcase_add_test(tc, test_a_cell_that_is_under_way_can_be_read);
    tcase_add_test(tc, test_a_failed_call_says_why);
    tcase_add_test(tc, test_a_course_of_actions_has_steps_and_a_return);
    tcase_add_test(tc, test_the_last_evaluation_is_found_unless_a_step_is_named);
    tcase_add_test(tc, test_an_episode_that_cannot_be_told_is_a_sentence);
    suite_add_tcase(s, tc);
    return s;
}
