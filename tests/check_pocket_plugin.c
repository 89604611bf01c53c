/* check_pocket_plugin.c - the pocket models as the host sees them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "fake_host.h"
#include "pocket_rig.h"
#include "scratch.h"
#include "suites.h"

static struct pocket_shape shape;
static char *weights; /* a file */

static void begin(void) {
    scratch_begin();
    shape = pocket_rig_shape();
    struct pocket_weights w = pocket_rig_weights(&shape, 7);
    pocket_weights_close(&w);
    weights = scratch_path("rig.pocket");
}

static void end(void) {
    free(weights);
    scratch_end();
}

static fake_host *load(const char *plugin, const char *file, const char *kernels) {
    fake_host *f = accord_xalloc(sizeof(*f));
    char text[4096];

    snprintf(text, sizeof(text), "{\"weights\":\"%s\",\"kernels\":\"%s\"}", file,
             kernels);
    fake_create(f, "tests/chaos/pocket.so", text, NULL, 0, NULL);
    return f;
}

static fake_host *need(const char *kernels) {
    fake_host *f = load("plugins/models/pocket.so", weights, kernels);

    ck_assert_msg(f->err.code == ACCORD_OK, "%s", f->err.msg);
    return f;
}

static const accord_model_ops *ops_of(const fake_host *f) {
    return f->plugin->ops->extension(ACCORD_MODEL);
}

static const accord_message question = {"user", "Anna has 3 apples."};

static accord_request request_of(const accord_message *m) {
    accord_request request = ACCORD_REQUEST_INIT;

    request.messages = m;
    request.n_messages = 1;
    request.max_tokens = 8;
    request.temperature = 1;
    return request;
}

static accord_reply say(fake_host *f, const accord_request *request) {
    accord_reply reply = {.struct_size = sizeof(reply)};
    accord_reply *replies[] = {&reply};

    ck_assert_int_eq(ops_of(f)->complete(f->self, &request, 1, replies, NULL), ACCORD_OK);
    return reply;
}

START_TEST(test_what_it_can_do_is_what_the_weights_say) {
    fake_host *f = need("auto");
    const accord_caps *caps;

    ck_assert_int_eq(ops_of(f)->caps(f->self, &caps, NULL), ACCORD_OK);
    ck_assert_uint_eq(caps->context, shape.context);
    ck_assert_uint_eq(caps->embed_width, shape.width);
    ck_assert_uint_eq(caps->flags, ACCORD_CAP_TOP_P | ACCORD_CAP_SEED |
                                       ACCORD_CAP_LOGPROBS | ACCORD_CAP_DETERMINISTIC |
                                       ACCORD_CAP_EMBED);
    ck_assert_str_eq(caps->files[0], weights);
    ck_assert_ptr_null(caps->files[1]);
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_reply_has_its_counts) {
    fake_host *f = need("auto");
    accord_request request = request_of(&question);

    request.logprobs = 1;
    accord_reply reply = say(f, &request);
    ck_assert_int_eq(reply.error, ACCORD_CALL_OK);
    ck_assert_int_eq(reply.finish, ACCORD_FINISH_LENGTH);
    /* Task, question, Anna has 3 apples ., reply. */
    ck_assert_uint_eq(reply.prompt_tokens, 8);
    ck_assert_uint_eq(reply.completion_tokens, 8);
    ck_assert_uint_eq(reply.n_logprobs, 8);
    for (int i = 0; i < 8; i++)
        ck_assert(reply.logprobs[i] < 0);
    ck_assert_uint_gt(strlen(reply.text), 0);
    request.logprobs = 0;
    reply = say(f, &request);
    ck_assert_uint_eq(reply.n_logprobs, 0);
    ck_assert_ptr_null(reply.logprobs);
    fake_destroy(f);
}
END_TEST

START_TEST(test_all_kernels_say_the_same) {
    static const char *const names[] = {"sse2", "avx2", "avx512", "vnni"};
    fake_host *f = need("auto");
    accord_request request = request_of(&question);
    char text[1000];

    request.seed = 6;
    snprintf(text, sizeof(text), "%s", say(f, &request).text);
    fake_destroy(f);
    for (int i = 0; i < POCKET_LEVELS; i++) {
        f = load("plugins/models/pocket.so", weights, names[i]);
        if (pocket_kernels_at(i)) {
            ck_assert_str_eq(say(f, &request).text, text);
        } else {
            ck_assert_int_eq(f->err.code, ACCORD_E_CONFIG);
            ck_assert_msg(strstr(f->err.msg, "which this CPU does not have") != NULL,
                          "%s", f->err.msg);
        }
        fake_destroy(f);
    }
}
END_TEST

/* More than the context: 41 times two tokens. */
#define TEN "in. in. in. in. in. in. in. in. in. in. "
static const accord_message bad_messages[] = {
    {"user", TEN TEN TEN TEN "in."},
    {"user", ""},
    {"user", "Task: sing\nQuestion: 2"},
    {"robot", "2"},
    {"user", "fine"},
};
static const char *const why[] = {
    "the prompt has 85 tokens, and the context of 80 holds no reply to it",
    "the prompt is empty: no message asks anything",
    "the prompt's task is \"sing\", not answer, revise, plan or merge",
    "a message has the role \"robot\", not system, user or assistant",
    "the temperature is -1, and must be 0 or more",
};

START_TEST(test_bad_requests_fail_alone_with_a_sentence) {
    enum { N = 6 };
    fake_host *f = need("auto");
    accord_request requests[N];
    const accord_request *request_list[N];
    accord_reply replies[N];
    accord_reply *reply_list[N];

    for (int i = 0; i < N; i++) {
        requests[i] = request_of(i < 5 ? &bad_messages[i] : &question);
        requests[i].temperature = i == 4 ? -1 : 1;
        request_list[i] = &requests[i];
        replies[i] = (accord_reply){.struct_size = sizeof(replies[i])};
        reply_list[i] = &replies[i];
    }
    ck_assert(!ops_of(f)->complete(f->self, request_list, N, reply_list, NULL));
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(replies[i].error, ACCORD_CALL_API);
        ck_assert_str_eq(replies[i].message, why[i]);
        ck_assert_str_eq(replies[i].text, "");
    }
    ck_assert_int_eq(replies[5].error, ACCORD_CALL_OK);
    ck_assert_uint_eq(replies[5].completion_tokens, 8);
    fake_destroy(f);
}
END_TEST

START_TEST(test_embeddings_differ_and_repeat) {
    static const char *const texts[] = {"Anna has 3 apples.", "Tom runs.",
                                        "Anna has 3 apples."};
    fake_host *f = need("auto");
    float out[3][64];

    ck_assert_int_eq(ops_of(f)->embed(f->self, texts, 3, out[0], NULL), ACCORD_OK);
    ck_assert_mem_eq(out[0], out[2], sizeof(out[0]));
    ck_assert_mem_ne(out[0], out[1], sizeof(out[0]));
    fake_destroy(f);
}
END_TEST

START_TEST(test_weights_that_are_not_there_are_named) {
    fake_host *f = load("plugins/models/pocket.so", "/nowhere/w.pocket", "auto");

    ck_assert_int_ne(f->err.code, ACCORD_OK);
    ck_assert_msg(strstr(f->err.msg, "/nowhere/w.pocket") != NULL, "%s", f->err.msg);
    fake_destroy(f);
}
END_TEST

/* What happens to the n-th allocation that fails, inside the plugin. */
START_TEST(test_the_plugin_says_when_memory_runs_out) {
    static const char *const texts[] = {"Anna has 3 apples."};
    accord_request request = request_of(&question);
    const accord_request *requests[] = {&request};
    accord_code rc = ACCORD_E_NOMEM;
    float out[64];
    int n = 0;

    const chaos_plugin *chaos = chaos_of("tests/chaos/pocket.so");
    for (; rc; n++) {
        accord_reply reply = {.struct_size = sizeof(reply)};
        accord_reply *replies[] = {&reply};
        fake_host *f = accord_xalloc(sizeof(*f));
        char text[4096];
        snprintf(text, sizeof(text), "{\"weights\":\"%s\"}", weights);
        chaos->fail_after((uint64_t)n);
        rc = fake_create(f, "tests/chaos/pocket.so", text, NULL, 0, NULL);
        if (!rc)
            rc = ops_of(f)->complete(f->self, requests, 1, replies, &f->err);
        if (!rc)
            rc = ops_of(f)->embed(f->self, texts, 1, out, &f->err);
        int failed = chaos->stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        fake_destroy(f);
    }
    ck_assert_int_gt(n, 10);
}
END_TEST

Suite *suite_pocket_plugin(void) {
    Suite *suite = suite_create("pocket_plugin");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, begin, end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_what_it_can_do_is_what_the_weights_say);
    tcase_add_test(tc, test_a_reply_has_its_counts);
    tcase_add_test(tc, test_all_kernels_say_the_same);
    tcase_add_test(tc, test_bad_requests_fail_alone_with_a_sentence);
    tcase_add_test(tc, test_embeddings_differ_and_repeat);
    tcase_add_test(tc, test_weights_that_are_not_there_are_named);
    tcase_add_test(tc, test_the_plugin_says_when_memory_runs_out);
    suite_add_tcase(suite, tc);
    return suite;
}
