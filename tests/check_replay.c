/* check_replay.c - recorded answers: what is found, what is missed, what is refused. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "fake_host.h"
#include "scratch.h"
#include "suites.h"

#define ROW(item, model, sample, text) \
    "{\"question_id\":\"" item "\",\"model\":\"" model "\",\"sample_index\":" #sample \
    ",\"response\":\"" text "\"}\n"

static const char two_models[] = ROW("q-#0", "a", 0, "it is 4")
    ROW("q-#0", "b", 0, "it is 5") ROW("q-#1", "a", 1, "second") ROW(
        "q-#1", "a", 0,
        "first") "\n" /* */
                 "{\"question_id\":\"q-#12\",\"model\":\"a\",\"sample_index\":0,"
                 "\"response\":\"cut\","
                 "\"finish\":\"length\",\"prompt_tokens\":11,\"completion_tokens\":22}\n";

static char *path; /* of the rows that were loaded last */

static fake_host *load(const char *plugin, const char *rows, const char *model) {
    fake_host *f = accord_xalloc(sizeof(*f));
    char params[512];

    free(path);
    path = scratch_text("rows.jsonl", rows);
    snprintf(params, sizeof(params), "{\"file\":\"%s\",\"model\":\"%s\"}", path, model);
    fake_create(f, plugin, params, NULL, 0, NULL);
    return f;
}

static fake_host *need(const char *rows, const char *model) {
    fake_host *f = load("plugins/models/replay.so", rows, model);

    ck_assert_msg(f->err.code == ACCORD_OK, "%s", f->err.msg);
    return f;
}

static const accord_model_ops *ops_of(const fake_host *f) {
    return f->plugin->ops->extension(ACCORD_MODEL);
}

static accord_code say_code(fake_host *f, const char *item, accord_err *err) {
    accord_request request = ACCORD_REQUEST_INIT;
    const accord_request *requests[] = {&request};
    accord_reply reply = {.struct_size = sizeof(reply)};
    accord_reply *replies[] = {&reply};

    request.item = item;
    return ops_of(f)->complete(f->self, requests, 1, replies, err);
}

static accord_reply say(fake_host *f, const char *item, uint32_t sample) {
    static const accord_message messages[] = {{"system", "Think."},
                                              {"user", "What is 2 plus 2,  then?\n"}};
    accord_request request = ACCORD_REQUEST_INIT;
    const accord_request *requests[] = {&request};
    accord_reply reply = {.struct_size = sizeof(reply)};
    accord_reply *replies[] = {&reply};

    request.item = item;
    request.sample = sample;
    request.messages = messages;
    request.n_messages = 2;
    ck_assert_int_eq(ops_of(f)->complete(f->self, requests, 1, replies, NULL), ACCORD_OK);
    return reply;
}

START_TEST(test_answers_are_found_by_item_model_and_sample) {
    fake_host *f = need(two_models, "a");

    ck_assert_str_eq(say(f, "q-#0", 0).text, "it is 4");
    ck_assert_str_eq(say(f, "q-#1", 0).text, "first");
    ck_assert_str_eq(say(f, "q-#1", 1).text, "second");
    fake_destroy(f);
    f = need(two_models, "b");
    ck_assert_str_eq(say(f, "q-#0", 0).text, "it is 5");
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_only_model_of_a_file_needs_no_name) {
    fake_host *f = need(ROW("x", "solo", 0, "yes"), "");

    ck_assert_str_eq(say(f, "x", 0).text, "yes");
    fake_destroy(f);
}
END_TEST

START_TEST(test_tokens_and_finish_are_the_recorded_ones_where_they_are_known) {
    fake_host *f = need(two_models, "a");
    accord_reply reply = say(f, "q-#12", 0);

    ck_assert_int_eq(reply.finish, ACCORD_FINISH_LENGTH);
    ck_assert_uint_eq(reply.prompt_tokens, 11);
    ck_assert_uint_eq(reply.completion_tokens, 22);
    fake_destroy(f);
}
END_TEST

/* Think. | What is 2 plus 2, then? and second: a token for every four bytes of a word. */
START_TEST(test_tokens_are_else_counted_by_words_and_bytes) {
    fake_host *f = need(two_models, "a");
    accord_reply reply = say(f, "q-#1", 1);

    ck_assert_int_eq(reply.finish, ACCORD_FINISH_STOP);
    ck_assert_uint_eq(reply.prompt_tokens, 2 + 1 + 1 + 1 + 1 + 1 + 2);
    ck_assert_uint_eq(reply.completion_tokens, 2);
    fake_destroy(f);
}
END_TEST

static const struct {
    const char *item;
    uint32_t sample;
    const char *near;
} misses[] = {
    {"q-#1", 5, "to item q-#1, sample 5; the nearest is item q-#1, sample 1"},
    {"q-#13", 0, "nearest is item q-#1, sample 0"},
    {"t-#12", 0, "nearest is item q-#12, sample 0"},
    {"", 0, "to item , sample 0; the nearest is item q-#0, sample 0"},
};

START_TEST(test_a_miss_names_the_nearest_key) {
    fake_host *f = need(two_models, "a");
    accord_reply reply = say(f, misses[_i].item, misses[_i].sample);

    ck_assert_int_eq(reply.error, ACCORD_CALL_API);
    ck_assert_str_eq(reply.text, "");
    ck_assert_msg(strstr(reply.message, "no recorded answer of a to item") != NULL &&
                      strstr(reply.message, misses[_i].near) != NULL,
                  "%s", reply.message);
    fake_destroy(f);
}
END_TEST

START_TEST(test_every_miss_of_a_batch_has_its_own_message) {
    fake_host *f = need(two_models, "a");
    accord_request first = ACCORD_REQUEST_INIT, second = ACCORD_REQUEST_INIT;
    const accord_request *requests[] = {&first, &second};
    accord_reply one = {.struct_size = sizeof(one)}, two = one;
    accord_reply *replies[] = {&one, &two};

    first.item = "first";
    second.item = "second";
    ck_assert_int_eq(ops_of(f)->complete(f->self, requests, 2, replies, NULL), ACCORD_OK);
    ck_assert_ptr_nonnull(strstr(one.message, "item first,"));
    ck_assert_ptr_nonnull(strstr(two.message, "item second,"));
    fake_destroy(f);
}
END_TEST

START_TEST(test_replay_is_deterministic_and_names_its_file) {
    fake_host *f = need(two_models, "a");
    const accord_caps *caps;

    ck_assert_int_eq(ops_of(f)->caps(f->self, &caps, NULL), ACCORD_OK);
    ck_assert_uint_eq(caps->flags, ACCORD_CAP_DETERMINISTIC);
    ck_assert_str_eq(caps->files[0], path);
    ck_assert_ptr_null(caps->files[1]);
    fake_destroy(f);
}
END_TEST

static const struct {
    const char *rows, *model, *why;
} bad[] = {
    {two_models, "", "set \"model\", there are answers of a, b in "},
    {two_models, "c", "no answers of model \"c\", only of a, b, in "},
    {"", "", "holds no answers"},
    {ROW("q", "a", 0, "x") ROW("q", "b", 0, "x") ROW("q", "a", 0, "y"), "a",
     ":3: item q, sample 0 stands there twice, first in line 1"},
    {ROW("q", "a", 0, "x") "{\"model\":\"a\",", "a", ":2:"},
    {ROW("q", "a", 0, "x") "torn\"}\n", "a", ":2: expected an object in braces"},
    {ROW("q", "a", 0.5, "x"), "a", ":1: \"sample_index\" must be a whole number"},
    {ROW("q", "a", -1, "x"), "a", ":1: \"sample_index\" must be a whole number"},
    {ROW("q", "a", 1e300, "x"), "a", ":1: \"sample_index\" must be a whole number"},
    {"{\"question_id\":\"q\",\"model\":\"a\",\"sample_index\":0,\"response\":null}", "a",
     ":1: \"response\" must be a text"},
    {"{\"question_id\":7,\"model\":\"a\",\"sample_index\":0,\"response\":\"\"}", "a",
     ":1: \"question_id\" must be a text"},
    {"{\"question_id\":\"q\",\"model\":\"a\",\"sample_index\":0,\"response\":\"\","
     "\"finish\":\"done\"}",
     "a", ":1: \"finish\" must be"},
    {"{\"question_id\":\"q\",\"model\":\"a\",\"sample_index\":0,\"response\":\"\","
     "\"prompt_tokens\":\"many\"}",
     "a", ":1: \"prompt_tokens\" must be a number"},
    {"{\"question_id\":\"q\"}", "", ":1: \"model\" must be a text"},
};

START_TEST(test_bad_recordings_are_refused_with_the_place) {
    fake_host *f = load("plugins/models/replay.so", bad[_i].rows, bad[_i].model);

    ck_assert_int_eq(f->err.code, ACCORD_E_CONFIG);
    ck_assert_msg(strstr(f->err.msg, bad[_i].why) != NULL, "%s", f->err.msg);
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_missing_file_is_refused) {
    fake_host *f = accord_xalloc(sizeof(*f));

    ck_assert_int_eq(fake_create(f, "plugins/models/replay.so",
                                 "{\"file\":\"/nowhere/answers.jsonl\"}", NULL, 0, NULL),
                     ACCORD_E_NOTFOUND);
    ck_assert_ptr_nonnull(strstr(f->err.msg, "/nowhere/answers.jsonl"));
    fake_destroy(f);
}
END_TEST

/* jansson, which mistakes a lack of memory for bad JSON, has all that it needs. */
START_TEST(test_replay_reports_a_lack_of_memory) {
    const chaos_plugin *chaos = chaos_of("tests/chaos/replay.so");
    accord_code expected = _i ? ACCORD_E_CONFIG : ACCORD_OK;
    uint64_t n = 0;
    int failed;

    do {
        chaos->fail_after(n++);
        json_set_alloc_funcs(malloc, free);
        fake_host *f = load("tests/chaos/replay.so", two_models, _i ? "c" : "a");
        if (!f->err.code)
            say_code(f, "missing", &f->err);
        failed = chaos->stop();
        ck_assert_msg(f->err.code == (failed ? ACCORD_E_NOMEM : expected), "%s",
                      f->err.msg);
        fake_destroy(f);
    } while (failed);
    ck_assert_uint_gt(n, 5);
}
END_TEST

START_TEST(test_replay_survives_a_lack_of_memory_in_jansson) {
    const chaos_plugin *chaos = chaos_of("tests/chaos/replay.so");
    uint64_t n = 0;
    int failed;

    do {
        chaos->fail_after(n++);
        fake_host *f = load("tests/chaos/replay.so", two_models, "a");
        failed = chaos->stop();
        ck_assert((f->err.code == ACCORD_OK) == (f->err.msg[0] == '\0'));
        fake_destroy(f);
    } while (failed);
    ck_assert_uint_gt(n, 20);
}
END_TEST

Suite *suite_replay(void) {
    Suite *s = suite_create("replay");
    TCase *tc = tcase_create("recording");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_answers_are_found_by_item_model_and_sample);
    tcase_add_test(tc, test_the_only_model_of_a_file_needs_no_name);
    tcase_add_test(tc, test_tokens_and_finish_are_the_recorded_ones_where_they_are_known);
    tcase_add_test(tc, test_tokens_are_else_counted_by_words_and_bytes);
    tcase_add_loop_test(tc, test_a_miss_names_the_nearest_key, 0,
                        sizeof(misses) / sizeof(misses[0]));
    tcase_add_test(tc, test_every_miss_of_a_batch_has_its_own_message);
    tcase_add_test(tc, test_replay_is_deterministic_and_names_its_file);
    tcase_add_loop_test(tc, test_bad_recordings_are_refused_with_the_place, 0,
                        sizeof(bad) / sizeof(bad[0]));
    tcase_add_test(tc, test_a_missing_file_is_refused);
    tcase_add_loop_test(tc, test_replay_reports_a_lack_of_memory, 0, 2);
    tcase_add_test(tc, test_replay_survives_a_lack_of_memory_in_jansson);
    suite_add_tcase(s, tc);
    return s;
}
