/* perf.h - what the files of dispatch share. */
#ifndef ACCORD_PERF_H
#define ACCORD_PERF_H

#include <stdint.h>

/* What one way of calling took. */
typedef struct perf_result {
    uint64_t calls;
    int64_t wall_ns;
    int64_t cpu_ns; /* of the caller's process or processes */
    int64_t p50_ns; /* of a call, from when it was due */
    int64_t p99_ns;
    uint64_t rss_early; /* bytes after the first thousand calls */
    uint64_t rss_late;
} perf_result;

/* A measurement: closed loop, or, with `rate`, open loop at so many calls a second. */
typedef struct perf_load {
    uint32_t in_flight;
    uint32_t calls;
    double rate;
} perf_load;

#define PERF_PROMPT "Task: answer\nQuestion: Ann has 3 apples and buys 4 more. How many?"

/* serve.c: a child's main: an HTTP server that answers every request alike; writes its
 * port to standard output. */
int perf_serve(void);
/* bare.c: a bare libcurl-multi loop. */
perf_result perf_bare(const char *url, const perf_load *load);
/* work.c: a child's main: a worker on socket `fd`; sends its perf_result as a frame. */
int perf_work(int fd, const char *url, const perf_load *load);

int64_t perf_cpu_ns(void);
uint64_t perf_rss(void);
/* Sorts and reads p50 and p99. */
void perf_quantiles(int64_t *ns, uint32_t n, perf_result *out);

#endif
