/* sockets.c - curl's sockets in the pool's epoll, and curl's timer.  Events of these
 * carry an odd number, those of workers an address. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/pool_parts.h"

static accord_pool_fd *entry(accord_pool *p, int fd) {
    size_t n = p->n_fds ? p->n_fds : 64;

    while (n <= (size_t)fd)
        n *= 2;
    if (n > p->n_fds) {
        p->fds = accord_xrealloc(p->fds, n * sizeof(*p->fds));
        memset(p->fds + p->n_fds, 0, (n - p->n_fds) * sizeof(*p->fds));
        p->n_fds = n;
    }
    return &p->fds[fd];
}

static void watch(accord_pool *p, int fd, uint8_t events) {
    struct epoll_event e = {.events = events, .data.u64 = (uint64_t)fd << 1 | 1};
    accord_pool_fd *f = entry(p, fd);
    int op = !events ? EPOLL_CTL_DEL : f->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    epoll_ctl(p->epoll, op, fd, &e);
    f->events = events;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket) {
    accord_pool *p = user;
    accord_pool_fd *f = entry(p, fd);

    (void)easy;
    (void)socket;
    f->wanted = what == CURL_POLL_IN      ? EPOLLIN
                : what == CURL_POLL_OUT   ? EPOLLOUT
                : what == CURL_POLL_INOUT ? EPOLLIN | EPOLLOUT
                                          : 0;
    /* A connection between two calls stays watched: the next one wants it again, and
     * that saves two system calls of each. */
    bool idle = f->wanted == 0 && f->ours && f->events == EPOLLIN;
    if (f->wanted != f->events && !idle)
        watch(p, fd, f->wanted);
    return 0;
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *a) {
    int fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);

    (void)purpose;
    if (fd < 0)
        return CURL_SOCKET_BAD;
    *entry(user, fd) = (accord_pool_fd){.ours = true};
    return fd;
}

/* Whoever gets its number next begins unwatched; epoll forgets a closed socket itself. */
static int on_close(void *user, curl_socket_t fd) {
    *entry(user, fd) = (accord_pool_fd){0};
    return close(fd);
}

static int on_timer(CURLM *multi, long timeout_ms, void *user) {
    accord_pool *p = user;

    (void)multi;
    p->curl_ns =
        timeout_ms < 0 ? INT64_MAX : accord_now_ns() + (int64_t)timeout_ms * 1000000;
    return 0;
}

void accord_pool_sockets_setup_multi(accord_pool *p) {
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
}

void accord_pool_sockets_setup(accord_pool *p, CURL *easy) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, p);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, p);
}

void accord_pool_sockets_event(accord_pool *p, int fd, uint32_t events) {
    int running;
    int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
               (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

    if (entry(p, fd)->wanted)
        curl_multi_socket_action(p->multi, fd, mask, &running);
    else if (entry(p, fd)->events)
        watch(p, fd, 0); /* the server closed an idle connection */
}

bool accord_pool_sockets_timer(accord_pool *p) {
    int running;

    if (p->curl_ns > accord_now_ns())
        return false;
    p->curl_ns = INT64_MAX;
    curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    return true;
}
