/* serve.c - the server behind the measurement: one epoll loop, one answer. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "perf.h"

enum { ROOM = 16384, MAX_FD = 8192 };

static const char answer[] =
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
    "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Ann has "
    "3 "
    "apples and buys 4 more, so she has 3 + 4 = 7 apples. The answer is \\\\boxed{7}.\"},"
    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":25,\"completion_tokens\":"
    "31,"
    "\"total_tokens\":56}}";

typedef struct peer {
    size_t n;
    char in[ROOM];
} peer;

static peer *peers[MAX_FD];
static char reply[1024];
static size_t n_reply;

/* The length of the first whole request in the buffer, or 0. */
static size_t whole(peer *p) {
    p->in[p->n] = '\0';
    const char *end = strstr(p->in, "\r\n\r\n");
    const char *length = end ? strcasestr(p->in, "content-length:") : NULL;
    size_t n = end ? (size_t)(end + 4 - p->in) : 0;

    if (length)
        n += strtoul(length + 15, NULL, 10);
    return n && n <= p->n ? n : 0;
}

static void serve(int fd) {
    peer *p = peers[fd];
    ssize_t k = recv(fd, p->in + p->n, ROOM - 1 - p->n, MSG_DONTWAIT);
    size_t n;

    if (k <= 0) {
        close(fd);
        free(p);
        peers[fd] = NULL;
        return;
    }
    p->n += (size_t)k;
    while ((n = whole(p)) > 0) {
        memmove(p->in, p->in + n, p->n - n);
        p->n -= n;
        if (send(fd, reply, n_reply, MSG_NOSIGNAL) < 0)
            return;
    }
}

static void welcome(int listener, int epoll) {
    int fd = accept(listener, NULL, NULL);
    int on = 1;
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

    if (fd < 0 || fd >= MAX_FD)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    peers[fd] = accord_xalloc(sizeof(peer));
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
}

int perf_serve(void) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd}, events[256];

    n_reply = (size_t)snprintf(reply, sizeof(reply),
                               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: %zu\r\n\r\n%s",
                               sizeof(answer) - 1, answer);
    if (bind(fd, (struct sockaddr *)&a, size) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &size) != 0)
        return EXIT_FAILURE;
    printf("%d\n", ntohs(a.sin_port));
    fflush(stdout);
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    for (;;) {
        int n = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; i++)
            if (events[i].data.fd == fd)
                welcome(fd, epoll);
            else
                serve(events[i].data.fd);
    }
}
