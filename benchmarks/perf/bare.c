/* bare.c - the yardstick: libcurl's multi_socket interface, epoll, reused handles, and
 * nothing else. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "perf.h"

static const char body[] =
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Task: "
    "answer\\nQuestion: "
    "Ann has 3 apples and buys 4 more. How many?\"}],\"temperature\":0.7,"
    "\"max_tokens\":1024,\"seed\":1}";

typedef struct loop {
    CURLM *multi;
    int epoll;
    int64_t timer_ns;
} loop;

typedef struct handle {
    CURL *easy;
    int64_t due_ns;
    size_t n;
    char text[4096];
} handle;

static size_t receive(char *data, size_t size, size_t n, void *user) {
    handle *h = user;

    if (h->n + n * size < sizeof(h->text))
        memcpy(h->text + h->n, data, n * size);
    h->n += n * size;
    return n * size;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known) {
    loop *l = user;
    struct epoll_event e = {.data.fd = fd,
                            .events = (what & CURL_POLL_IN ? EPOLLIN : 0u) |
                                      (what & CURL_POLL_OUT ? EPOLLOUT : 0u)};

    if (what == CURL_POLL_REMOVE)
        epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
    else
        epoll_ctl(l->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e);
    curl_multi_assign(l->multi, fd, what == CURL_POLL_REMOVE ? NULL : l);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *user) {
    loop *l = user;

    l->timer_ns = ms < 0 ? INT64_MAX : accord_now_ns() + ms * INT64_C(1000000);
    return 0;
}

static void start(loop *l, handle *h, int64_t due_ns) {
    h->due_ns = due_ns;
    h->n = 0;
    curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(h->easy, CURLOPT_TIMEOUT_MS, 120000L);
    curl_multi_add_handle(l->multi, h->easy);
}

static void turn(loop *l, int64_t until_ns) {
    struct epoll_event events[512];
    int64_t now = accord_now_ns();
    int64_t stop = until_ns < l->timer_ns ? until_ns : l->timer_ns;
    int64_t left = stop == INT64_MAX ? ACCORD_S_NS : stop > now ? stop - now : 0;
    const struct timespec wait = {left / ACCORD_S_NS, left % ACCORD_S_NS};
    int running;

    int n = epoll_pwait2(l->epoll, events, 512, &wait, NULL);
    for (int i = 0; i < n; i++)
        curl_multi_socket_action(l->multi, events[i].data.fd,
                                 (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                                     (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0),
                                 &running);
    if (l->timer_ns <= accord_now_ns()) {
        l->timer_ns = INT64_MAX;
        curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

static handle *new_handles(const char *url, uint32_t n, struct curl_slist *headers) {
    handle *handles = accord_xalloc(n * sizeof(*handles));

    for (uint32_t i = 0; i < n; i++) {
        CURL *e = handles[i].easy = curl_easy_init();
        curl_easy_setopt(e, CURLOPT_URL, url);
        curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, receive);
        curl_easy_setopt(e, CURLOPT_WRITEDATA, &handles[i]);
        curl_easy_setopt(e, CURLOPT_PRIVATE, &handles[i]);
        curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    }
    return handles;
}

/* All calls of the load.  With a rate, call k is due at k / rate. */
static void run(loop *l, handle *handles, const perf_load *load, int64_t *latency) {
    handle **idle = accord_xalloc(load->in_flight * sizeof(*idle));
    uint32_t n_idle = 0, begun = 0, done = 0;
    int64_t begin = accord_now_ns();
    CURLMsg *m;
    int left;

    for (uint32_t i = 0; i < load->in_flight; i++)
        idle[n_idle++] = &handles[i];
    while (done < load->calls) {
        int64_t due = begin;
        while (n_idle && begun < load->calls) {
            due = load->rate > 0 ? begin + (int64_t)(begun * 1e9 / load->rate)
                                 : accord_now_ns();
            if (due > accord_now_ns())
                break;
            start(l, idle[--n_idle], due);
            begun++;
        }
        turn(l, n_idle && begun < load->calls ? due : INT64_MAX);
        while ((m = curl_multi_info_read(l->multi, &left)) != NULL) {
            char *user = NULL;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &user);
            handle *h = (handle *)(void *)user;
            curl_multi_remove_handle(l->multi, h->easy);
            latency[done++] = accord_now_ns() - h->due_ns;
            idle[n_idle++] = h;
        }
    }
    free(idle);
}

perf_result perf_bare(const char *url, const perf_load *load) {
    perf_result out = {.calls = load->calls};
    loop l = {
        .multi = curl_multi_init(), .epoll = epoll_create1(0), .timer_ns = INT64_MAX};
    struct curl_slist *headers =
        curl_slist_append(NULL, "Content-Type: application/json");
    int64_t *latency = accord_xalloc(load->calls * sizeof(*latency));
    char *address = accord_xasprintf("%s/chat/completions", url);

    curl_multi_setopt(l.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(l.multi, CURLMOPT_SOCKETDATA, &l);
    curl_multi_setopt(l.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(l.multi, CURLMOPT_TIMERDATA, &l);
    curl_multi_setopt(l.multi, CURLMOPT_MAXCONNECTS, (long)load->in_flight + 8);
    headers = curl_slist_append(headers, "Expect:");
    handle *handles = new_handles(address, load->in_flight, headers);
    run(&l, handles, &(perf_load){load->in_flight, load->in_flight, 0}, latency);
    int64_t cpu = perf_cpu_ns(), begin = accord_now_ns();
    run(&l, handles, load, latency);
    out.wall_ns = accord_now_ns() - begin;
    out.cpu_ns = perf_cpu_ns() - cpu;
    perf_quantiles(latency, load->calls, &out);
    for (uint32_t i = 0; i < load->in_flight; i++)
        curl_easy_cleanup(handles[i].easy);
    curl_multi_cleanup(l.multi);
    curl_slist_free_all(headers);
    close(l.epoll);
    free(address);
    free(handles);
    free(latency);
    return out;
}
