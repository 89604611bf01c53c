/* check_llm_parts.c - the parts of model calls: models that compute and their batches,
 * what is valid, embeddings, frames, the openai wire format on hostile bytes. */
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/llm_parts.h"
#include "llm/pool_parts.h"
#include "llmroom.h"
#include "suites.h"

/* ---- a model that computes: waits for the word, counts its batches ---- */

typedef struct slow_model {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool go;
    uint32_t begun; /* batches */
    uint32_t sizes[4];
    accord_code code;
} slow_model;

static accord_code compute(void *self, const accord_request *const *requests, uint32_t n,
                           accord_reply *const *replies, accord_err *err) {
    slow_model *m = self;

    pthread_mutex_lock(&m->lock);
    m->sizes[m->begun++ % 4] = n;
    pthread_cond_broadcast(&m->changed);
    while (!m->go)
        pthread_cond_wait(&m->changed, &m->lock);
    pthread_mutex_unlock(&m->lock);
    for (uint32_t i = 0; i < n; i++) {
        replies[i]->text = requests[i]->messages[0].text;
        replies[i]->prompt_tokens = 2;
        replies[i]->completion_tokens = 1;
    }
    return m->code ? accord_fail(err, m->code, "it broke") : ACCORD_OK;
}

static accord_code lengths(void *self, const char *const *text, uint32_t n, float *out,
                           accord_err *err) {
    for (uint32_t i = 0; i < n; i++) {
        out[2 * i] = (float)strlen(text[i]);
        out[2 * i + 1] = 1;
    }
    return ACCORD_OK;
}

static const accord_model_ops slow_ops = {
    .struct_size = sizeof(slow_ops), .complete = compute, .embed = lengths};
static const accord_caps slow_caps = {
    .struct_size = sizeof(slow_caps), .flags = ACCORD_CAP_EMBED, .embed_width = 2};

static void slow_open(room *r, slow_model *m, bool go) {
    *m = (slow_model){.go = go};
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->changed, NULL);
    r->model = (accord_llm_model){.ops = &slow_ops, .self = m, .caps = &slow_caps};
    r->fds[1] = -1;
    room_worker(r);
}

static void slow_go(slow_model *m) {
    pthread_mutex_lock(&m->lock);
    m->go = true;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
}

static void slow_await(slow_model *m) {
    pthread_mutex_lock(&m->lock);
    while (!m->begun)
        pthread_cond_wait(&m->changed, &m->lock);
    pthread_mutex_unlock(&m->lock);
}

typedef struct asker {
    room *r;
    accord_llm_job job;
    int64_t deadline_ns;
    accord_code code;
} asker;

static void *ask(void *user) {
    asker *a = user;

    a->code = room_ask(a->r, "q", a->deadline_ns, &a->job);
    return NULL;
}

/* How many calls wait for the batching thread. */
static uint32_t waiting(room *r) {
    uint32_t n = 0;

    pthread_mutex_lock(&r->llm->lock);
    for (const accord_llm_item *i = r->llm->first; i; i = i->next)
        n++;
    pthread_mutex_unlock(&r->llm->lock);
    return n;
}

START_TEST(test_all_that_waits_is_computed_at_once) {
    enum { N = 20 };
    pthread_t threads[N + 1];
    asker askers[N + 1];
    slow_model m;
    room r = {0};

    slow_open(&r, &m, false);
    for (int i = 0; i <= N; i++) {
        askers[i] = (asker){.r = &r};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
        if (i == 0)
            slow_await(&m); /* the first is being computed, the others will wait */
    }
    while (waiting(&r) < N)
        sched_yield();
    slow_go(&m);
    for (int i = 0; i <= N; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_str_eq(askers[i].job.reply.text, "q");
        ck_assert_int_le(askers[i].job.sent_ns, askers[i].job.done_ns);
        accord_llm_job_fini(&askers[i].job);
    }
    ck_assert_uint_eq(m.begun, 2);
    ck_assert_uint_eq(m.sizes[0], 1);
    ck_assert_uint_eq(m.sizes[1], N);
    accord_llm_destroy(r.llm);
}
END_TEST

START_TEST(test_a_wait_ends_while_the_model_still_computes) {
    pthread_t thread;
    slow_model m;
    room r = {0};
    asker a = {.r = &r};

    slow_open(&r, &m, false);
    if (_i == 0)
        a.deadline_ns = accord_now_ns() + ACCORD_S_NS / 20;
    ck_assert_int_eq(pthread_create(&thread, NULL, ask, &a), 0);
    slow_await(&m);
    if (_i == 1)
        accord_llm_stop(r.llm);
    pthread_join(thread, NULL);
    ck_assert_int_eq(a.code, _i == 0 ? ACCORD_OK : ACCORD_E_STOPPED);
    if (_i == 0)
        ck_assert_int_eq(a.job.reply.error, ACCORD_CALL_TIMEOUT);
    slow_go(&m); /* its answer finds nobody */
    accord_llm_job_fini(&a.job);
    accord_llm_destroy(r.llm);
}
END_TEST

START_TEST(test_a_model_that_fails_fails_its_calls) {
    accord_llm_job job;
    slow_model m;
    room r = {0};

    slow_open(&r, &m, true);
    m.code = ACCORD_E_INTERNAL;
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_API);
    ck_assert_str_eq(job.reply.message, "it broke");
    ck_assert_str_eq(job.reply.text, "");
    accord_llm_job_fini(&job);
    accord_llm_destroy(r.llm);
}
END_TEST

START_TEST(test_a_model_that_computes_embeds) {
    const char *const text[] = {"a", "bcd", ""};
    float out[6];
    accord_llm_job job = {0};
    slow_model m;
    room r = {0};

    slow_open(&r, &m, true);
    pthread_mutex_lock(&r.token);
    ck_assert_int_eq(accord_llm_embed(r.llm, &r.model, text, 3, out, 0, &job, NULL), 0);
    pthread_mutex_unlock(&r.token);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_OK);
    ck_assert(out[0] == 1 && out[2] == 3 && out[4] == 0 && out[5] == 1);
    accord_llm_job_fini(&job);
    accord_llm_destroy(r.llm);
}
END_TEST

static const struct {
    accord_request request;
    const char *why;
} invalid[] = {
    {{.n_messages = 0, .top_p = 1, .max_tokens = 1}, "no messages"},
    {{.n_messages = 1, .temperature = -1, .top_p = 1, .max_tokens = 1}, "temperature"},
    {{.n_messages = 1, .temperature = (double)NAN, .top_p = 1, .max_tokens = 1},
     "temperature"},
    {{.n_messages = 1, .temperature = (double)INFINITY, .top_p = 1, .max_tokens = 1},
     "temperature"},
    {{.n_messages = 1, .top_p = 0, .max_tokens = 1}, "top_p"},
    {{.n_messages = 1, .top_p = 1.1, .max_tokens = 1}, "top_p"},
    {{.n_messages = 1, .top_p = (double)NAN, .max_tokens = 1}, "top_p"},
    {{.n_messages = 1, .top_p = 1, .max_tokens = 0}, "max_tokens"},
};

START_TEST(test_an_invalid_request_fails_with_a_sentence) {
    const accord_message message = {"user", "q"};
    accord_request request = invalid[_i].request;
    slow_model m;
    room r = {0};
    accord_llm_job job = {.model = &r.model, .request = &request};

    slow_open(&r, &m, true);
    request.messages = &message;
    pthread_mutex_lock(&r.token);
    ck_assert_int_eq(accord_llm_complete(r.llm, &job, 1, 0, NULL), ACCORD_OK);
    pthread_mutex_unlock(&r.token);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_API);
    ck_assert_ptr_nonnull(strstr(job.reply.message, invalid[_i].why));
    ck_assert_uint_eq(m.begun, 0);
    accord_llm_job_fini(&job);
    accord_llm_destroy(r.llm);
}
END_TEST

/* ---- openai ---- */

static accord_code decode(room *r, int32_t kind, const char *type, const char *body,
                          size_t n, accord_decoded *out, accord_reply *reply) {
    static const char *const text[] = {"a", "b"};
    const accord_message message = {"user", "q"};
    accord_request request = ACCORD_REQUEST_INIT;
    const accord_call call = {.struct_size = sizeof(call),
                              .kind = kind,
                              .request = kind == ACCORD_CALL_CHAT ? &request : NULL,
                              .text = text,
                              .n_text = kind == ACCORD_CALL_CHAT ? 0 : 2};
    const accord_http_reply http = {.struct_size = sizeof(http),
                                    .status = 200,
                                    .content_type = type,
                                    .body = body,
                                    .n_body = n};

    request.messages = &message;
    request.n_messages = 1;
    *reply = (accord_reply){.struct_size = sizeof(*reply)};
    *out = (accord_decoded){.struct_size = sizeof(*out), .reply = reply};
    return r->model.ops->decode(r->model.self, &call, &http, out, NULL);
}

static const char whole[] =
    "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"f\\u00fcnf\\u0000!"
    "\"},"
    "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.5}]},"
    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,"
    "\"completion_tokens\":4},\"error\":null}";

START_TEST(test_a_completion_is_read_whole) {
    accord_decoded d;
    accord_reply reply;
    room r = {0};

    room_model(&r, "http://127.0.0.1:1/v1");
    ck_assert_int_eq(decode(&r, ACCORD_CALL_CHAT, "application/json", whole,
                            sizeof(whole) - 1, &d, &reply),
                     ACCORD_OK);
    ck_assert_int_eq(d.verdict, ACCORD_VERDICT_OK);
    ck_assert_str_eq(reply.text, "f\xc3\xbcnf!");
    ck_assert_uint_eq(reply.n_logprobs, 1);
    ck_assert(reply.logprobs[0] == -0.5f);
    ck_assert_uint_eq(reply.prompt_tokens, 3);
    ck_assert_uint_eq(reply.completion_tokens, 4);
    room_model_close(&r);
}
END_TEST

/* Every body gets one of three verdicts, and what is not OK has a sentence. */
START_TEST(test_mutated_bodies_do_no_harm) {
    enum { ROUNDS = 20000 };
    static const char bytes[] = "{}[]\",:\\0-e\xff\xc3 ntf";
    uint64_t random = 7;
    uint64_t seen[3] = {0};
    accord_decoded d;
    accord_reply reply;
    room r = {.params = ", \"embed_width\": 2"};

    room_model(&r, "http://127.0.0.1:1/v1");
    for (int i = 0; i < ROUNDS; i++) {
        size_t n = sizeof(whole) - 1;
        char *body = accord_xalloc(n + 1); /* exact, so that a sanitizer sees its end */
        memcpy(body, whole, n);
        for (uint64_t k = accord_rng_below(&random, 4); k--;)
            body[accord_rng_below(&random, n)] =
                bytes[accord_rng_below(&random, sizeof(bytes) - 1)];
        if (accord_rng_below(&random, 4) == 0)
            n = accord_rng_below(&random, n + 1);
        body[n] = '\0';
        int32_t kind = i % 8 ? ACCORD_CALL_CHAT : ACCORD_CALL_EMBED;
        ck_assert_int_eq(decode(&r, kind, "", body, n, &d, &reply), ACCORD_OK);
        ck_assert(d.verdict >= 0 && d.verdict <= 2);
        ck_assert(d.verdict == ACCORD_VERDICT_OK ? reply.text != NULL
                                                 : reply.message && reply.message[0]);
        seen[d.verdict]++;
        free(body);
    }
    ck_assert(seen[0] > 100 && seen[1] > 100);
    room_model_close(&r);
}
END_TEST

static void *decode_deep(void *user) {
    enum { N = 200000 };
    char *body = accord_xalloc(N + 1);
    accord_decoded d;
    accord_reply reply;

    memset(body, '[', N);
    ck_assert_int_eq(decode(user, ACCORD_CALL_CHAT, "", body, N, &d, &reply), 0);
    ck_assert_int_eq(d.verdict, ACCORD_VERDICT_FAIL);
    free(body);
    return NULL;
}

START_TEST(test_deep_nesting_does_not_eat_the_stack_of_an_episode) {
    pthread_attr_t attr;
    pthread_t thread;
    room r = {0};

    room_model(&r, "http://127.0.0.1:1/v1");
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    ck_assert_int_eq(pthread_create(&thread, &attr, decode_deep, &r), 0);
    pthread_join(thread, NULL);
    room_model_close(&r);
}
END_TEST

START_TEST(test_embeddings_come_in_the_order_of_the_texts) {
    static const server_act act = {
        .body =
            "{\"data\":[{\"index\":1,\"embedding\":[3,4]},{\"index\":0,\"embedding\":[1,"
            "2]}],\"usage\":{\"prompt_tokens\":6}}"};
    const char *const text[] = {"a", "b"};
    float out[4] = {0};
    accord_llm_job job = {0};
    server_seen seen;
    room r = {.params = ", \"embed_width\": 2, \"embed_model\": \"e\""};

    room_open(&r, &act, 1);
    pthread_mutex_lock(&r.token);
    ck_assert_int_eq(accord_llm_embed(r.llm, &r.model, text, 2, out, 0, &job, NULL), 0);
    pthread_mutex_unlock(&r.token);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_OK);
    ck_assert_uint_eq(job.reply.prompt_tokens, 6);
    for (int i = 0; i < 4; i++)
        ck_assert(out[i] == (float)(i + 1));
    server_look(r.server, &seen);
    ck_assert_str_eq(seen.path, "/v1/embeddings");
    ck_assert_ptr_nonnull(strstr(seen.body, "\"model\":\"e\""));
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_a_request_says_what_was_asked_for) {
    static const char *const want[] = {
        "\"model\":\"m\"",
        "\"role\":\"user\"",
        "\"content\":\"caf\xef\xbf\xbd \\\"x\\\"\"",
        "\"seed\":",
        "\"temperature\":0.1",
        "\"top_p\":0.9",
        "\"max_tokens\":7",
        "\"stop\":[\"END\"]",
        "\"logprobs\":true",
    };
    const char *const stop[] = {"END"};
    const accord_message message = {"user", "caf\xc3 \"x\""}; /* a cut character */
    const accord_request request = {.struct_size = sizeof(request),
                                    .n_messages = 1,
                                    .messages = &message,
                                    .temperature = 0.1,
                                    .top_p = 0.9,
                                    .max_tokens = 7,
                                    .n_stop = 1,
                                    .stop = stop,
                                    .logprobs = 1,
                                    .seed = UINT64_MAX};
    const accord_call call = {
        .struct_size = sizeof(call), .kind = ACCORD_CALL_CHAT, .request = &request};
    accord_http http = {.struct_size = sizeof(http)};
    room r = {0};

    room_model(&r, "http://127.0.0.1:1/v1/");
    ck_assert_str_eq(r.model.caps->base_url, "http://127.0.0.1:1/v1");
    ck_assert_int_eq(r.model.ops->encode(r.model.self, &call, &http, NULL), ACCORD_OK);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        ck_assert_msg(strstr(http.body, want[i]), "%s not in %s", want[i], http.body);
    room_model_close(&r);
}
END_TEST

/* ---- frames, retries ---- */

START_TEST(test_frames_survive_any_cut_of_the_stream) {
    enum { N = 300 };
    accord_wire out = {0}, in = {0};
    uint64_t random = 3;
    uint32_t type, next = 0;
    const char *data;
    size_t n;

    for (uint32_t i = 0; i < N; i++) {
        char bytes[700];
        size_t k = accord_rng_below(&random, sizeof(bytes));
        memset(bytes, (int)(i & 0x7f), sizeof(bytes));
        const struct iovec parts[] = {{bytes, k / 2}, {bytes, k - k / 2}};
        accord_wire_put(&out, i, parts, 2);
    }
    while (out.begin < out.end) {
        size_t k = 1 + accord_rng_below(&random, 1500);
        k = k < out.end - out.begin ? k : out.end - out.begin;
        accord_wire_reserve(&in, k);
        memcpy(in.data + in.end, out.data + out.begin, k);
        in.end += k;
        accord_wire_drop(&out, k);
        while (accord_wire_next(&in, &type, &data, &n) == 1) {
            ck_assert_uint_eq(type, next);
            for (size_t i = 0; i < n; i++)
                ck_assert_int_eq(data[i], (char)(next & 0x7f));
            next++;
        }
        accord_wire_drop(&in, 0);
    }
    ck_assert_uint_eq(next, N);
    accord_wire_fini(&in);
    accord_wire_fini(&out);
}
END_TEST

START_TEST(test_back_off_is_full_jitter_within_its_bounds) {
    accord_pool p = {.backoff_ns = 500, .backoff_max_ns = 4000, .jitter = 5};

    for (uint32_t tries = 1; tries < 70; tries++) {
        int64_t most = tries < 4 ? 500 << (tries - 1) : 4000;
        int64_t low = INT64_MAX, high = 0;
        for (int i = 0; i < 500; i++) {
            int64_t d = accord_pool_retry_delay(&p, tries, 0);
            low = d < low ? d : low;
            high = d > high ? d : high;
        }
        ck_assert(low >= 0 && low < most / 10 && high < most && high > most * 9 / 10);
    }
    ck_assert_int_ge(accord_pool_retry_delay(&p, 1, 3), 3 * ACCORD_S_NS);
}
END_TEST

Suite *suite_llm_parts(void) {
    Suite *s = suite_create("llm_parts");
    TCase *tc = tcase_create("parts");

    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, test_all_that_waits_is_computed_at_once);
    tcase_add_loop_test(tc, test_a_wait_ends_while_the_model_still_computes, 0, 2);
    tcase_add_test(tc, test_a_model_that_fails_fails_its_calls);
    tcase_add_test(tc, test_a_model_that_computes_embeds);
    tcase_add_loop_test(tc, test_an_invalid_request_fails_with_a_sentence, 0,
                        sizeof(invalid) / sizeof(invalid[0]));
    tcase_add_test(tc, test_a_completion_is_read_whole);
    tcase_add_test(tc, test_mutated_bodies_do_no_harm);
    tcase_add_test(tc, test_deep_nesting_does_not_eat_the_stack_of_an_episode);
    tcase_add_test(tc, test_embeddings_come_in_the_order_of_the_texts);
    tcase_add_test(tc, test_a_request_says_what_was_asked_for);
    tcase_add_test(tc, test_frames_survive_any_cut_of_the_stream);
    tcase_add_test(tc, test_back_off_is_full_jitter_within_its_bounds);
    suite_add_tcase(s, tc);
    return s;
}
