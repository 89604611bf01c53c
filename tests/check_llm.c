/* check_llm.c - model calls end to end: worker's side, socketpair, pool, and a real HTTP
 * server on loopback that does what its script says. */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llmroom.h"
#include "suites.h"

#define CHOICE(message, finish) \
    "{\"choices\":[{\"message\":{" message "},\"finish_reason\":" finish "}]," \
    "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}"

typedef struct behaviour {
    const char *name;
    server_act acts[3];
    uint32_t n_acts;
    int32_t error;
    uint32_t tries;
    int32_t finish;
    const char *text;    /* of the reply; NULL = the request's */
    const char *message; /* found in the error's sentence */
    size_t n_text;       /* when it is long */
} behaviour;

static const behaviour behaviours[] = {
    {.name = "a normal reply", .n_acts = 1, .tries = 1},
    {.name = "slow bytes", .acts = {{.fault = SERVER_SLOW}}, .n_acts = 1, .tries = 1},
    {.name = "429, then a reply",
     .acts = {{.status = 429}, {0}},
     .n_acts = 2,
     .tries = 2},
    {.name = "500 and 503, then a reply",
     .acts = {{.status = 500}, {.status = 503}, {0}},
     .n_acts = 3,
     .tries = 3},
    {.name = "500 for ever",
     .acts = {{.status = 500, .body = "{\"error\":{\"message\":\"no\\nGPU\"}}"}},
     .n_acts = 1,
     .tries = 4,
     .error = ACCORD_CALL_API,
     .message = "HTTP 500 after 4 tries: no GPU"},
    {.name = "400",
     .acts = {{.status = 400, .body = "{\"error\":{\"message\":\"no such model\"}}"}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "HTTP 400 after 1 try: no such model"},
    {.name = "an error that repeats the key",
     .acts = {{.status = 401, .body = "bad key " ROOM_KEY "!"}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "HTTP 401 after 1 try: bad key ***!"},
    {.name = "a redirect is not followed",
     .acts = {{.status = 302, .headers = "Location: /v2\r\n", .body = ""}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "HTTP 302 after 1 try"},
    {.name = "a connection cut in mid-body",
     .acts = {{.fault = SERVER_CUTS}, {0}},
     .n_acts = 2,
     .tries = 2},
    {.name = "a connection dropped for ever",
     .acts = {{.fault = SERVER_DROPS}},
     .n_acts = 1,
     .tries = 4,
     .error = ACCORD_CALL_API,
     .message = "no answer after 4 tries"},
    {.name = "malformed JSON",
     .acts = {{.body = "{\"choi"}, {0}},
     .n_acts = 2,
     .tries = 2},
    {.name = "malformed JSON for ever",
     .acts = {{.body = "{\"choi"}},
     .n_acts = 1,
     .tries = 4,
     .error = ACCORD_CALL_API,
     .message = "no usable reply after 4 tries: the reply is no JSON"},
    {.name = "empty choices",
     .acts = {{.body = "{\"choices\":[]}"}, {0}},
     .n_acts = 2,
     .tries = 2},
    {.name = "a reply cut at max_tokens",
     .acts = {{.body = CHOICE("\"content\":\"half\"", "\"length\"")}},
     .n_acts = 1,
     .tries = 1,
     .finish = ACCORD_FINISH_LENGTH,
     .text = "half"},
    {.name = "a refusal",
     .acts = {{.body = CHOICE("\"content\":null,\"refusal\":\"no\"", "\"stop\"")}},
     .n_acts = 1,
     .tries = 1,
     .finish = ACCORD_FINISH_REFUSED,
     .text = ""},
    {.name = "a content filter",
     .acts = {{.body = CHOICE("\"content\":\"\"", "\"content_filter\"")}},
     .n_acts = 1,
     .tries = 1,
     .finish = ACCORD_FINISH_REFUSED,
     .text = ""},
    {.name = "tool calls without content",
     .acts = {{.body = CHOICE("\"content\":null,\"tool_calls\":[]", "\"tool_calls\"")}},
     .n_acts = 1,
     .tries = 1,
     .text = ""},
    {.name = "an error of a kind that passes, with status 200",
     .acts = {{.body = "{\"error\":{\"type\":\"overloaded_error\"}}"}, {0}},
     .n_acts = 2,
     .tries = 2},
    {.name = "an error of another kind, with status 200",
     .acts = {{.body = "{\"error\":{\"type\":\"invalid\",\"message\":\"too long\"}}"}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "too long"},
    {.name = "a wrong content type",
     .acts = {{.type = "text/html", .body = "<html>log in</html>"}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "text/html"},
    {.name = "a reply of 10 MB",
     .acts = {{.pad = 10000000}},
     .n_acts = 1,
     .tries = 1,
     .n_text = 10000000},
    {.name = "a reply above 64 MiB",
     .acts = {{.pad = 68000000}},
     .n_acts = 1,
     .tries = 1,
     .error = ACCORD_CALL_API,
     .message = "longer than 67108864 bytes"},
    {.name = "no answer at all",
     .acts = {{.fault = SERVER_SILENT}},
     .n_acts = 1,
     .tries = 4,
     .error = ACCORD_CALL_TIMEOUT,
     .message = "no answer after 4 tries"},
};

START_TEST(test_each_behaviour_of_a_server_ends_as_it_should) {
    const behaviour *b = &behaviours[_i];
    accord_llm_job job;
    room r = {
        .set = {.retries = 3, .timeout_s = b->acts[0].fault == SERVER_SILENT ? .05 : 0}};

    room_open(&r, b->acts, b->n_acts);
    ck_assert_int_eq(room_ask(&r, "2 + 2?", 0, &job), ACCORD_OK);
    ck_assert_msg(job.reply.error == b->error, "%s: error %d: %s", b->name,
                  job.reply.error, job.reply.message);
    ck_assert_msg(job.tries == b->tries, "%s: %u tries", b->name, job.tries);
    if (b->error)
        ck_assert_msg(strstr(job.reply.message, b->message), "%s: %s", b->name,
                      job.reply.message);
    else if (b->n_text)
        ck_assert_uint_eq(strlen(job.reply.text), b->n_text);
    else
        ck_assert_str_eq(job.reply.text, b->text ? b->text : "2 + 2?");
    ck_assert_int_eq(job.reply.finish, b->finish);
    if (!b->error)
        ck_assert_uint_eq(job.reply.prompt_tokens + job.reply.completion_tokens, 15);
    ck_assert(job.scheduled_ns <= job.sent_ns && job.sent_ns <= job.first_ns &&
              job.first_ns <= job.done_ns && job.done_ns <= accord_now_ns());
    ck_assert_uint_eq(room_usage(&r, 1).calls, 1);
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_retry_after_is_waited_for) {
    static const server_act acts[][2] = {
        {{.status = 429, .headers = "Retry-After: 1\r\n"}, {0}},
        {{.status = 503, .retry_date = 2}, {0}},
    };
    accord_llm_job job;
    server_seen seen;
    room r = {.set = {.retries = 3}};

    room_open(&r, acts[_i], 2);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    server_look(r.server, &seen);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_OK);
    ck_assert_uint_eq(job.tries, 2);
    ck_assert_int_ge(seen.at_ns[1] - seen.at_ns[0], ACCORD_S_NS * 9 / 10);
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_a_call_does_not_wait_for_a_try_beyond_its_deadline) {
    static const server_act act = {.status = 429, .headers = "Retry-After: 60\r\n"};
    accord_llm_job job;
    room r = {.set = {.retries = 3}};
    int64_t begin = accord_now_ns();

    room_open(&r, &act, 1);
    ck_assert_int_eq(room_ask(&r, "q", begin + 30 * ACCORD_S_NS, &job), ACCORD_OK);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_API);
    ck_assert_uint_eq(job.tries, 1);
    ck_assert(strstr(job.reply.message, "no time left"));
    ck_assert_int_lt(accord_now_ns() - begin, 20 * ACCORD_S_NS);
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_a_call_ends_at_the_deadline_of_its_episode) {
    static const server_act act = {.fault = SERVER_SILENT};
    accord_llm_job job;
    room r = {.set = {.retries = 3}};
    int64_t begin = accord_now_ns();

    room_open(&r, &act, 1);
    ck_assert_int_eq(room_ask(&r, "q", begin + ACCORD_S_NS / 5, &job), ACCORD_OK);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_TIMEOUT);
    ck_assert_int_ge(accord_now_ns() - begin, ACCORD_S_NS / 5);
    ck_assert_int_lt(accord_now_ns() - begin, 20 * ACCORD_S_NS);
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

/* ---- many at once ---- */

typedef struct crowd {
    room *r;
    uint32_t n;      /* requests of each */
    uint32_t failed; /* under lock */
    uint32_t stopped;
    pthread_mutex_t lock;
} crowd;

static void *ask_many(void *user) {
    crowd *c = user;

    for (uint32_t i = 0; i < c->n; i++) {
        accord_llm_job job;
        accord_code code = room_ask(c->r, "q", 0, &job);
        pthread_mutex_lock(&c->lock);
        c->stopped += code == ACCORD_E_STOPPED;
        c->failed +=
            code == ACCORD_OK && (job.reply.error || strcmp(job.reply.text, "q") != 0);
        pthread_mutex_unlock(&c->lock);
        accord_llm_job_fini(&job);
    }
    return NULL;
}

static void run_crowd(crowd *c, uint32_t n_threads) {
    pthread_t *threads = accord_xalloc(n_threads * sizeof(*threads));
    pthread_attr_t attr;

    pthread_mutex_init(&c->lock, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    for (uint32_t i = 0; i < n_threads; i++)
        ck_assert_int_eq(pthread_create(&threads[i], &attr, ask_many, c), 0);
    for (uint32_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attr);
    free(threads);
}

START_TEST(test_the_window_is_filled_and_never_exceeded_and_connections_are_kept) {
    static const server_act act = {.gather = 4};
    server_seen seen;
    room r = {.set = {.window = 4}};
    crowd c = {.r = &r, .n = 8};

    room_open(&r, &act, 1);
    run_crowd(&c, 16);
    server_look(r.server, &seen);
    ck_assert_uint_eq(c.failed, 0);
    ck_assert_uint_eq(seen.requests, 128);
    ck_assert_uint_eq(seen.most_at_once, 4);
    ck_assert_uint_eq(seen.connections, 4);
    room_close(&r);
}
END_TEST

START_TEST(test_a_thousand_threads_wait_at_once) {
    static const server_act act = {.gather = 64};
    room r = {.set = {.window = 64}};
    crowd c = {.r = &r, .n = 3};

    room_open(&r, &act, 1);
    run_crowd(&c, 1000);
    ck_assert_uint_eq(c.failed, 0);
    ck_assert_uint_eq(room_usage(&r, 3000).tokens, 3000 * 15);
    room_close(&r);
}
END_TEST

START_TEST(test_several_requests_of_one_episode_go_out_together) {
    enum { N = 5 };
    static const server_act act = {.gather = N}; /* else it would answer none */
    const accord_message message = {"user", "q"};
    accord_request request = ACCORD_REQUEST_INIT;
    accord_llm_job jobs[N] = {0};
    room r = {0};

    room_open(&r, &act, 1);
    request.messages = &message;
    request.n_messages = 1;
    for (int i = 0; i < N; i++) {
        jobs[i].model = &r.model;
        jobs[i].request = &request;
    }
    pthread_mutex_lock(&r.token);
    ck_assert_int_eq(accord_llm_complete(r.llm, jobs, N, 0, NULL), ACCORD_OK);
    pthread_mutex_unlock(&r.token);
    for (int i = 0; i < N; i++) {
        ck_assert_str_eq(jobs[i].reply.text, "q");
        accord_llm_job_fini(&jobs[i]);
    }
    room_close(&r);
}
END_TEST

START_TEST(test_a_budget_stops_the_run_within_the_calls_in_flight) {
    static const server_act act = {0};
    const bool money = _i == 1;
    server_seen seen;
    room r = {.set = {.window = 4, .prompt_price = 1e6, .completion_price = 1e6},
              .pool_setup = {.token_budget = money ? 0 : 10 * 15,
                             .cost_budget = money ? 10 * 15 : 0}};
    crowd c = {.r = &r, .n = 5};

    room_open(&r, &act, 1);
    run_crowd(&c, 16);
    server_look(r.server, &seen);
    accord_pool_usage usage = room_usage(&r, seen.requests);
    ck_assert(usage.budget_spent);
    ck_assert_uint_eq(usage.in_flight, 0);
    ck_assert_uint_ge(seen.requests, 10);
    ck_assert_uint_le(seen.requests, 10 + 4);
    ck_assert_uint_eq(usage.tokens, seen.requests * 15);
    ck_assert_uint_eq(c.stopped, 16 * 5 - seen.requests);
    ck_assert_int_eq(atomic_load(&r.frames), 1); /* STOP */
    room_close(&r);
}
END_TEST

/* ---- stop, death, nonsense ---- */

typedef struct asker {
    room *r;
    accord_code code;
} asker;

static void *ask_once(void *user) {
    asker *a = user;
    accord_llm_job job;

    a->code = room_ask(a->r, "q", 0, &job);
    accord_llm_job_fini(&job);
    return NULL;
}

static void send_stop(room *r) {
    const uint8_t reason = ACCORD_STOP_SIGNAL;

    accord_pool_send(r->pool, r->worker, ACCORD_FRAME_STOP, &reason, 1);
}

static void detach(room *r) {
    accord_pool_detach(r->pool, r->worker);
}

START_TEST(test_stop_ends_every_wait) {
    static const server_act act = {.fault = SERVER_SILENT};
    pthread_t thread;
    accord_llm_job job;
    room r = {0};
    asker a = {&r, ACCORD_OK};

    room_open(&r, &act, 1);
    ck_assert_int_eq(pthread_create(&thread, NULL, ask_once, &a), 0);
    server_await(r.server, 1);
    if (_i == 0)
        accord_llm_stop(r.llm);
    else
        room_do(&r, _i == 1 ? send_stop : detach); /* a parent that is gone stops too */
    pthread_join(thread, NULL);
    ck_assert_int_eq(a.code, ACCORD_E_STOPPED);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_E_STOPPED);
    room_close(&r);
}
END_TEST

typedef struct witness {
    room *r;
    int seen;
    char text[32];
} witness;

static void see_and_stop(void *ctx, const accord_llm_job *job) {
    witness *w = ctx;

    w->seen++;
    snprintf(w->text, sizeof(w->text), "%s", job->reply.text);
    accord_llm_stop(w->r->llm);
}

START_TEST(test_an_answer_is_seen_though_the_others_never_come) {
    static const server_act acts[] = {{0}, {.fault = SERVER_SILENT}};
    const accord_message message = {"user", "four"};
    accord_request request = ACCORD_REQUEST_INIT;
    accord_llm_job jobs[2];
    room r = {0};
    witness w = {&r, 0, ""};

    room_open(&r, acts, 2);
    request.messages = &message;
    request.n_messages = 1;
    for (int i = 0; i < 2; i++)
        jobs[i] = (accord_llm_job){
            .model = &r.model, .request = &request, .on_done = see_and_stop, .ctx = &w};
    pthread_mutex_lock(&r.token);
    ck_assert_int_eq(accord_llm_complete(r.llm, jobs, 2, 0, NULL), ACCORD_E_STOPPED);
    pthread_mutex_unlock(&r.token);
    ck_assert_int_eq(w.seen, 1);
    ck_assert_str_eq(w.text, "four");
    room_close(&r);
}
END_TEST

/* A worker of which only the socket exists. */
static int ghost;
static accord_pool_worker *ghost_worker;

static void attach_ghost(room *r) {
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    ck_assert_int_eq(accord_pool_attach(r->pool, fds[0], r, &ghost_worker, NULL), 0);
    ghost = fds[1];
}

static void detach_ghost(room *r) {
    accord_pool_detach(r->pool, ghost_worker);
}

static void ghost_call(const char *url) {
    accord_wire w = {0};
    accord_wire_call head = {.id = 1, .n_url = (uint32_t)strlen(url) + 1, .n_key_env = 1};
    const struct iovec parts[] = {
        {&head, sizeof(head)}, {(void *)(uintptr_t)url, head.n_url}, {(void *)"", 1}};

    accord_wire_put(&w, ACCORD_FRAME_CALL, parts, 3);
    ck_assert_int_eq(write(ghost, w.data, w.end), (ssize_t)w.end);
    accord_wire_fini(&w);
}

START_TEST(test_a_dead_worker_frees_its_calls_and_their_places) {
    static const server_act acts[] = {{.fault = SERVER_SILENT}, {0}};
    accord_llm_job job;
    room r = {.set = {.window = 1}};

    room_open(&r, acts, 2);
    room_do(&r, attach_ghost);
    ghost_call(server_url(r.server)); /* takes the only place */
    ghost_call(server_url(r.server)); /* and one waits */
    server_await(r.server, 1);
    close(ghost);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    ck_assert_int_eq(job.reply.error, ACCORD_CALL_OK);
    ck_assert_int_eq(atomic_load(&r.gone), 1);
    ck_assert_uint_eq(room_usage(&r, 1).in_flight, 0);
    room_do(&r, detach_ghost);
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_a_worker_that_sends_nonsense_is_gone) {
    static const server_act act = {0};
    static const uint32_t frames[][8] = {
        {ACCORD_FRAME_CALL, 4, 7},       {ACCORD_FRAME_CALL, 0xfffffff0},
        {ACCORD_FRAME_VERDICT, 8, 1, 2}, {ACCORD_FRAME_USAGE, 4, 9},
        {ACCORD_FRAME_REPLY, 4, 9},      {31, 0},
        {ACCORD_FRAME_USAGE, 24, 99},
    };
    room r = {0};

    room_open(&r, &act, 1);
    room_do(&r, attach_ghost);
    ck_assert_int_gt(write(ghost, frames[_i], sizeof(frames[_i])), 0);
    while (!atomic_load(&r.gone))
        sched_yield();
    room_do(&r, detach_ghost);
    close(ghost);
    room_close(&r);
}
END_TEST

/* ---- the key ---- */

START_TEST(test_the_key_goes_to_the_server_and_the_address_is_right) {
    static const server_act act = {0};
    accord_llm_job job;
    server_seen seen;
    room r = {0};

    room_open(&r, &act, 1);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    server_look(r.server, &seen);
    ck_assert_str_eq(seen.authorization, "Bearer " ROOM_KEY);
    ck_assert_str_eq(seen.path, "/v1/chat/completions");
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

START_TEST(test_without_a_key_there_is_no_header) {
    static const server_act act = {0};
    accord_llm_job job;
    server_seen seen;
    room r = {.params = ", \"key_env\": \"ACCORD_TEST_NO_SUCH_KEY\""};

    room_open(&r, &act, 1);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    server_look(r.server, &seen);
    ck_assert_str_eq(seen.authorization, "");
    accord_llm_job_fini(&job);
    room_close(&r);
}
END_TEST

/* The test plays the parent here: it sees all that a worker sends. */
START_TEST(test_the_key_is_in_no_frame) {
    char bytes[4096] = {0};
    pthread_t thread;
    room r = {0};
    asker a = {&r, ACCORD_OK};
    size_t n = 0;

    setenv("OPENAI_API_KEY", ROOM_KEY, 1);
    room_model(&r, "http://127.0.0.1:1/v1");
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, r.fds), 0);
    room_worker(&r);
    ck_assert_int_eq(pthread_create(&thread, NULL, ask_once, &a), 0);
    while (!memmem(bytes, n, "\"q\"", 3)) {
        ssize_t k = read(r.fds[0], bytes + n, sizeof(bytes) - n);
        ck_assert_int_gt(k, 0);
        n += (size_t)k;
    }
    ck_assert(memmem(bytes, n, "OPENAI_API_KEY", 14));
    ck_assert(!memmem(bytes, n, ROOM_KEY, strlen(ROOM_KEY)));
    close(r.fds[0]);
    pthread_join(thread, NULL);
    ck_assert_int_eq(a.code, ACCORD_E_STOPPED);
    accord_llm_destroy(r.llm);
    close(r.fds[1]);
    room_model_close(&r);
}
END_TEST

START_TEST(test_the_key_is_in_no_log) {
    static const server_act acts[] = {{.status = 500, .body = ROOM_KEY}, {0}};
    char text[4096] = {0};
    accord_llm_job job;
    room r = {.set = {.retries = 2}};
    FILE *log = tmpfile();

    ck_assert_int_ge(dup2(fileno(log), STDERR_FILENO), 0);
    setenv("ACCORD_LOG", "debug", 1);
    room_open(&r, acts, 2);
    ck_assert_int_eq(room_ask(&r, "q", 0, &job), ACCORD_OK);
    rewind(log);
    ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, log), 0);
    ck_assert(strstr(text, "HTTP 500"));
    ck_assert(!strstr(text, ROOM_KEY));
    accord_llm_job_fini(&job);
    room_close(&r);
    fclose(log);
}
END_TEST

Suite *suite_llm(void) {
    Suite *s = suite_create("llm");
    TCase *tc = tcase_create("calls");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_each_behaviour_of_a_server_ends_as_it_should, 0,
                        sizeof(behaviours) / sizeof(behaviours[0]));
    tcase_add_loop_test(tc, test_retry_after_is_waited_for, 0, 2);
    tcase_add_test(tc, test_a_call_does_not_wait_for_a_try_beyond_its_deadline);
    tcase_add_test(tc, test_a_call_ends_at_the_deadline_of_its_episode);
    tcase_add_test(tc,
                   test_the_window_is_filled_and_never_exceeded_and_connections_are_kept);
    tcase_add_test(tc, test_a_thousand_threads_wait_at_once);
    tcase_add_test(tc, test_several_requests_of_one_episode_go_out_together);
    tcase_add_loop_test(tc, test_a_budget_stops_the_run_within_the_calls_in_flight, 0, 2);
    tcase_add_loop_test(tc, test_stop_ends_every_wait, 0, 3);
    tcase_add_test(tc, test_an_answer_is_seen_though_the_others_never_come);
    tcase_add_test(tc, test_a_dead_worker_frees_its_calls_and_their_places);
    tcase_add_loop_test(tc, test_a_worker_that_sends_nonsense_is_gone, 0, 7);
    tcase_add_test(tc, test_the_key_goes_to_the_server_and_the_address_is_right);
    tcase_add_test(tc, test_without_a_key_there_is_no_header);
    tcase_add_test(tc, test_the_key_is_in_no_frame);
    tcase_add_test(tc, test_the_key_is_in_no_log);
    suite_add_tcase(s, tc);
    return s;
}
