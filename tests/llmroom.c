/* llmroom.c - see llmroom.h. */
#include "llmroom.h"

#include <check.h>
#include <curl/curl.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/host.h"
#include "host/loader.h"
#include "host/params.h"

void room_model(room *r, const char *url) {
    char text[512];
    accord_err err = {0};

    snprintf(text, sizeof(text), "{\"model\": \"m\", \"base_url\": \"%s\"%s}", url,
             r->params ? r->params : "");
    r->json = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(r->json);
    accord_json j = accord_json_root(r->json, "test");
    ck_assert_msg(!accord_loader_open("plugins/models/openai.so", &r->plugin, &err), "%s",
                  err.msg);
    ck_assert_msg(!accord_params_read(r->plugin, &j, &r->values, &err), "%s", err.msg);
    accord_setup setup = {.struct_size = sizeof(setup), .params = r->values, .name = "m"};
    ck_assert_int_eq(
        r->plugin->ops->create(&accord_host_default, &setup, &r->model.self, &err), 0);
    r->model.ops = r->plugin->ops->extension(ACCORD_MODEL);
    ck_assert_int_eq(r->model.ops->caps(r->model.self, &r->model.caps, &err), 0);
}

void room_model_close(room *r) {
    r->plugin->ops->destroy(r->model.self);
    free(r->values);
    json_decref(r->json);
}

static void on_parent_frame(void *user, uint32_t type, const void *data, size_t n) {
    room *r = user;

    (void)data;
    (void)n;
    if (type == ACCORD_FRAME_GONE)
        atomic_fetch_add(&r->gone, 1);
}

static void on_worker_frame(void *ctx, uint32_t type, const void *data, size_t n) {
    room *r = ctx;

    (void)type;
    (void)data;
    (void)n;
    atomic_fetch_add(&r->frames, 1);
}

static void take(void *ctx) {
    pthread_mutex_lock(&((room *)ctx)->token);
}

static void release(void *ctx) {
    pthread_mutex_unlock(&((room *)ctx)->token);
}

void room_worker(room *r) {
    const accord_llm_token token = {take, release, r};

    pthread_mutex_init(&r->token, NULL);
    ck_assert_int_eq(
        accord_llm_create(r->fds[1], &token, on_worker_frame, r, &r->llm, NULL), 0);
}

static void *run_pool(void *user) {
    room *r = user;

    while (!atomic_load(&r->quit)) {
        accord_err err = {0};
        if (accord_pool_poll(r->pool, 2, &err))
            abort();
        pthread_mutex_lock(&r->lock);
        accord_pool_usage_get(r->pool, &r->usage);
        if (r->between)
            r->between(r);
        r->between = NULL;
        pthread_mutex_unlock(&r->lock);
    }
    return NULL;
}

void room_open(room *r, const server_act *acts, uint32_t n) {
    accord_err err = {0};

    setenv("OPENAI_API_KEY", ROOM_KEY, 1);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    r->server = server_start(acts, n);
    room_model(r, server_url(r->server));
    pthread_mutex_init(&r->lock, NULL);
    r->pool_setup.models = &r->set;
    r->pool_setup.n_models = 1;
    r->pool_setup.on_frame = on_parent_frame;
    if (!r->pool_setup.backoff_s)
        r->pool_setup.backoff_s = 0.001;
    ck_assert_int_eq(accord_pool_create(&r->pool_setup, &r->pool, &err), 0);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, r->fds), 0);
    ck_assert_int_eq(accord_pool_attach(r->pool, r->fds[0], r, &r->worker, &err), 0);
    ck_assert_int_eq(pthread_create(&r->thread, NULL, run_pool, r), 0);
    room_worker(r);
}

void room_close(room *r) {
    accord_llm_destroy(r->llm);
    close(r->fds[1]);
    atomic_store(&r->quit, 1);
    pthread_join(r->thread, NULL);
    accord_pool_destroy(r->pool);
    room_model_close(r);
    server_stop(r->server);
}

void room_do(room *r, void (*what)(room *r)) {
    bool done = false;

    pthread_mutex_lock(&r->lock);
    r->between = what;
    pthread_mutex_unlock(&r->lock);
    while (!done) {
        sched_yield();
        pthread_mutex_lock(&r->lock);
        done = !r->between;
        pthread_mutex_unlock(&r->lock);
    }
}

accord_pool_usage room_usage(room *r, uint64_t calls) {
    accord_pool_usage usage = {0};

    for (;;) {
        pthread_mutex_lock(&r->lock);
        usage = r->usage;
        pthread_mutex_unlock(&r->lock);
        if (usage.calls >= calls)
            return usage;
        sched_yield();
    }
}

accord_code room_ask(room *r, const char *text, int64_t deadline_ns,
                     accord_llm_job *job) {
    const accord_message message = {"user", text};
    accord_request request = ACCORD_REQUEST_INIT;

    request.messages = &message;
    request.n_messages = 1;
    request.temperature = 0.5;
    *job = (accord_llm_job){.model = &r->model, .request = &request};
    pthread_mutex_lock(&r->token);
    accord_code code = accord_llm_complete(r->llm, job, 1, deadline_ns, NULL);
    pthread_mutex_unlock(&r->token);
    job->request = NULL;
    return code;
}
