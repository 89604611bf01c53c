/* dispatch.c - what it costs that calls go through a worker, a socketpair and the parent:
 * calls a second and CPU beside a bare libcurl-multi loop, interleaved in one run;
 * latency added at half the bare loop's rate; memory of 1,000 and of 100,000 calls.
 *
 * Every number that another process may have disturbed is the median of the rounds. */
#include <curl/curl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "llm/pool.h"
#include "perf.h"

enum { ROUNDS = 5, MAX_ROUNDS = 5 };

extern char **environ;

int64_t perf_cpu_ns(void) {
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * ACCORD_S_NS + t.tv_nsec;
}

uint64_t perf_rss(void) {
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f && fscanf(f, "%*u %lu", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void perf_quantiles(int64_t *ns, uint32_t n, perf_result *out) {
    qsort(ns, n, sizeof(*ns), by_size);
    out->p50_ns = ns[n / 2];
    out->p99_ns = ns[(uint32_t)((uint64_t)n * 99 / 100)];
}

/* ---- the parent's side ---- */

typedef struct watcher {
    perf_result result; /* the worker's */
    int64_t cpu_ns;     /* the parent's, when the worker began and ended */
    bool done;
} watcher;

static void on_frame(void *user, uint32_t type, const void *data, size_t n) {
    watcher *w = user;

    if (type == ACCORD_FRAME_RUN)
        w->cpu_ns = perf_cpu_ns();
    if (type == ACCORD_FRAME_RUN + 1 && n == sizeof(w->result)) {
        memcpy(&w->result, data, n);
        w->cpu_ns = perf_cpu_ns() - w->cpu_ns;
        w->done = true;
    }
    if (type == ACCORD_FRAME_GONE && !w->done) {
        fprintf(stderr, "dispatch: the worker died\n");
        exit(EXIT_FAILURE);
    }
}

static pid_t start_worker(int fd, const char *url, const perf_load *load) {
    char texts[4][32];
    pid_t pid;

    snprintf(texts[0], 32, "%d", fd);
    snprintf(texts[1], 32, "%u", load->in_flight);
    snprintf(texts[2], 32, "%u", load->calls);
    snprintf(texts[3], 32, "%.3f", load->rate);
    char *argv[] = {
        (char *)"dispatch", (char *)"work",         texts[0], texts[1], texts[2],
        texts[3],           (char *)(uintptr_t)url, NULL};
    if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) != 0)
        exit(EXIT_FAILURE);
    return pid;
}

/* The load through worker, socketpair and parent; *rss is the parent's at the end. */
static perf_result through(const char *url, const perf_load *load, uint64_t rss[2]) {
    const accord_pool_model model = {.window = load->in_flight, .retries = 0};
    const accord_pool_setup setup = {
        .models = &model, .n_models = 1, .on_frame = on_frame};
    accord_pool_usage usage = {0};
    accord_pool_worker *worker;
    accord_pool *pool;
    watcher w = {.done = false};
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        exit(EXIT_FAILURE);
    pid_t pid = start_worker(fds[1], url, load);
    close(fds[1]);
    if (accord_pool_create(&setup, &pool, NULL) ||
        accord_pool_attach(pool, fds[0], &w, &worker, NULL))
        exit(EXIT_FAILURE);
    rss[0] = 0;
    while (!w.done) {
        if (accord_pool_poll(pool, 1000, NULL))
            exit(EXIT_FAILURE);
        accord_pool_usage_get(pool, &usage);
        if (!rss[0] && usage.calls >= 1000 + load->in_flight)
            rss[0] = perf_rss();
    }
    rss[1] = perf_rss();
    accord_pool_destroy(pool);
    waitpid(pid, NULL, 0);
    w.result.cpu_ns += w.cpu_ns;
    return w.result;
}

/* ---- the report ---- */

static double median(double *x, int n) {
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && x[k] < x[k - 1]; k--) {
            double swap = x[k];
            x[k] = x[k - 1];
            x[k - 1] = swap;
        }
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double rate_of(const perf_result *r) {
    return (double)r->calls * 1e9 / (double)r->wall_ns;
}

static double cpu_of(const perf_result *r) {
    return (double)r->cpu_ns / 1e3 / (double)r->calls;
}

/* Returns the bare loop's median rate. */
static double throughput(const char *url, uint32_t in_flight) {
    const perf_load load = {in_flight, in_flight == 1 ? 4000 : 20000, 0};
    double bare[MAX_ROUNDS], ours[MAX_ROUNDS], ratio[MAX_ROUNDS];
    double bare_cpu[MAX_ROUNDS], our_cpu[MAX_ROUNDS];
    uint64_t rss[2];

    for (int i = 0; i < ROUNDS; i++) {
        perf_result b = perf_bare(url, &load);
        perf_result o = through(url, &load, rss);
        bare[i] = rate_of(&b);
        ours[i] = rate_of(&o);
        ratio[i] = ours[i] / bare[i];
        bare_cpu[i] = cpu_of(&b);
        our_cpu[i] = cpu_of(&o);
    }
    double rate = median(bare, ROUNDS);
    double middle = median(ratio, ROUNDS);
    printf("%9u  %10.0f  %10.0f  %8.2f .. %4.2f .. %4.2f  %10.1f  %10.1f\n", in_flight,
           rate, median(ours, ROUNDS), ratio[0], middle, ratio[ROUNDS - 1],
           median(bare_cpu, ROUNDS), median(our_cpu, ROUNDS));
    fflush(stdout);
    return rate;
}

static void latency(const char *url, double bare_rate) {
    const perf_load load = {256, 20000, bare_rate / 2};
    double added[2][MAX_ROUNDS], bare[2][MAX_ROUNDS], ours[2][MAX_ROUNDS];
    uint64_t rss[2];

    for (int i = 0; i < ROUNDS; i++) {
        perf_result b = perf_bare(url, &load);
        perf_result o = through(url, &load, rss);
        bare[0][i] = (double)b.p50_ns / 1e6;
        bare[1][i] = (double)b.p99_ns / 1e6;
        ours[0][i] = (double)o.p50_ns / 1e6;
        ours[1][i] = (double)o.p99_ns / 1e6;
        for (int k = 0; k < 2; k++)
            added[k][i] = ours[k][i] - bare[k][i];
    }
    printf("\nlatency at %.0f calls/s, in ms: bare, through Accord, added\n", load.rate);
    for (int k = 0; k < 2; k++)
        printf("      p%d  %10.3f  %10.3f  %10.3f\n", k ? 99 : 50,
               median(bare[k], ROUNDS), median(ours[k], ROUNDS),
               median(added[k], ROUNDS));
}

static void memory(const char *url) {
    const perf_load load = {256, 100000, 0};
    uint64_t rss[2];
    perf_result r = through(url, &load, rss);

    printf("\nmemory in MiB at 256 in flight: after 1,000 calls, after 100,000\n");
    printf("   worker  %10.1f  %10.1f\n", (double)r.rss_early / 1048576,
           (double)r.rss_late / 1048576);
    printf("   parent  %10.1f  %10.1f\n", (double)rss[0] / 1048576,
           (double)rss[1] / 1048576);
}

/* Starts the server and waits for its port. */
static pid_t start_server(char *url, size_t size) {
    char *argv[] = {(char *)"dispatch", (char *)"serve", NULL};
    posix_spawn_file_actions_t actions;
    char port[16] = {0};
    int fds[2];
    pid_t pid;

    if (pipe(fds) != 0)
        exit(EXIT_FAILURE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
    if (posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ) != 0 ||
        read(fds[0], port, sizeof(port) - 1) <= 0)
        exit(EXIT_FAILURE);
    snprintf(url, size, "http://127.0.0.1:%ld/v1", strtol(port, NULL, 10));
    return pid;
}

int main(int argc, char **argv) {
    static const uint32_t levels[] = {1, 16, 256, 1000};
    double rate = 0;
    char url[64];

    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (argc == 2 && strcmp(argv[1], "serve") == 0)
        return perf_serve();
    if (argc == 7 && strcmp(argv[1], "work") == 0) {
        const perf_load load = {(uint32_t)strtoul(argv[3], NULL, 10),
                                (uint32_t)strtoul(argv[4], NULL, 10),
                                strtod(argv[5], NULL)};
        return perf_work((int)strtol(argv[2], NULL, 10), argv[6], &load);
    }
    setenv("OPENAI_API_KEY", "none", 1);
    pid_t server = start_server(url, sizeof(url));
    printf("in flight   calls/s bare   through         ratio (min .. median .. max)"
           "   us CPU bare  us CPU through\n");
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        double bare = throughput(url, levels[i]);
        rate = levels[i] == 256 ? bare : rate;
    }
    latency(url, rate);
    memory(url);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    return EXIT_SUCCESS;
}
