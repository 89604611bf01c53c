/* check_show.c - transcripts of run directories written by hand. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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
    suite_add_tcase(s, tc);
    return s;
}
