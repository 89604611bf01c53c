/* work.c - the worker of the measurement: threads that ask, as episodes do. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "host/host.h"
#include "host/loader.h"
#include "host/params.h"
#include "llm/llm.h"
#include "llm/wire.h"
#include "perf.h"

enum { EARLY = 1000 };

typedef struct shop {
    const perf_load *load;
    accord_llm *llm;
    accord_llm_model model;
    pthread_mutex_t token;
    pthread_barrier_t door;
    pthread_mutex_t lock;
    uint32_t begun, done;
    int64_t begin_ns;
    uint64_t rss_early;
    int64_t *latency;
} shop;

static void take(void *ctx) {
    pthread_mutex_lock(ctx);
}

static void release(void *ctx) {
    pthread_mutex_unlock(ctx);
}

static void on_frame(void *ctx, uint32_t type, const void *data, size_t n) {
    if (type == ACCORD_FRAME_GONE)
        exit(EXIT_FAILURE); /* nobody is measuring any more */
}

/* When the next call is due; false when there is none left. */
static bool next(shop *s, int64_t *due_ns) {
    pthread_mutex_lock(&s->lock);
    uint32_t k = s->begun;
    bool any = k < s->load->calls;
    s->begun += any;
    pthread_mutex_unlock(&s->lock);
    *due_ns = s->load->rate > 0 ? s->begin_ns + (int64_t)(k * 1e9 / s->load->rate)
                                : accord_now_ns();
    if (any && s->load->rate > 0) {
        struct timespec at = {*due_ns / ACCORD_S_NS, *due_ns % ACCORD_S_NS};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    return any;
}

static void ask(shop *s, int64_t due_ns) {
    const accord_message message = {"user", PERF_PROMPT};
    accord_request request = ACCORD_REQUEST_INIT;
    accord_llm_job job = {.model = &s->model, .request = &request};

    request.messages = &message;
    request.n_messages = 1;
    request.temperature = 0.7;
    request.seed = 1;
    pthread_mutex_lock(&s->token);
    accord_code code = accord_llm_complete(s->llm, &job, 1, 0, NULL);
    pthread_mutex_unlock(&s->token);
    int64_t now = accord_now_ns();
    if (code != ACCORD_OK || job.reply.error)
        abort();
    accord_llm_job_fini(&job);
    pthread_mutex_lock(&s->lock);
    s->latency[s->done++] = now - due_ns;
    if (s->done == EARLY)
        s->rss_early = perf_rss();
    pthread_mutex_unlock(&s->lock);
}

static void *episode(void *user) {
    shop *s = user;
    int64_t due_ns;

    ask(s, accord_now_ns()); /* opens a connection */
    pthread_barrier_wait(&s->door);
    pthread_barrier_wait(&s->door);
    while (next(s, &due_ns))
        ask(s, due_ns);
    return NULL;
}

static bool make_model(shop *s, const char *url) {
    json_t *j = json_pack("{s:s, s:s}", "model", "m", "base_url", url);
    accord_json root = accord_json_root(j, "dispatch");
    const accord_plugin *plugin;
    accord_param_value *values;

    if (accord_loader_open("plugins/models/openai.so", &plugin, NULL) ||
        accord_params_read(plugin, &root, &values, NULL))
        return false;
    const accord_setup setup = {.struct_size = sizeof(setup), .params = values};
    s->model.ops = plugin->ops->extension(ACCORD_MODEL);
    return !plugin->ops->create(&accord_host_default, &setup, &s->model.self, NULL) &&
           !s->model.ops->caps(s->model.self, &s->model.caps, NULL);
}

int perf_work(int fd, const char *url, const perf_load *load) {
    perf_result out = {.calls = load->calls};
    shop s = {.load = load};
    const accord_llm_token token = {take, release, &s.token};
    pthread_t *threads = accord_xalloc(load->in_flight * sizeof(*threads));
    pthread_attr_t attr;

    s.latency = accord_xalloc((load->calls + load->in_flight) * sizeof(*s.latency));
    pthread_mutex_init(&s.token, NULL);
    pthread_mutex_init(&s.lock, NULL);
    pthread_barrier_init(&s.door, NULL, load->in_flight + 1);
    if (!make_model(&s, url) ||
        accord_llm_create(fd, &token, on_frame, NULL, &s.llm, NULL))
        return EXIT_FAILURE;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    for (uint32_t i = 0; i < load->in_flight; i++)
        if (pthread_create(&threads[i], &attr, episode, &s))
            return EXIT_FAILURE;
    pthread_barrier_wait(&s.door);
    s.done = 0; /* the opening calls do not count */
    int64_t cpu = perf_cpu_ns();
    accord_llm_send(s.llm, ACCORD_FRAME_RUN, NULL, 0);
    /* An open loop begins when all threads are asleep, or the first calls are late. */
    s.begin_ns = accord_now_ns() + (load->rate > 0 ? ACCORD_S_NS / 4 : 0);
    pthread_barrier_wait(&s.door);
    for (uint32_t i = 0; i < load->in_flight; i++)
        pthread_join(threads[i], NULL);
    out.wall_ns = accord_now_ns() - s.begin_ns;
    out.cpu_ns = perf_cpu_ns() - cpu;
    perf_quantiles(s.latency, load->calls, &out);
    out.rss_early = s.rss_early;
    out.rss_late = perf_rss();
    accord_llm_send(s.llm, ACCORD_FRAME_RUN + 1, &out, sizeof(out));
    accord_llm_destroy(s.llm);
    return EXIT_SUCCESS;
}
