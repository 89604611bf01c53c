/* server.c - see server.h. */
#include "server.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum { MAX_CONNECTIONS = 2048, HEAD_MAX = 16384 };

struct server {
    const server_act *acts;
    uint32_t n_acts;
    int fd;
    char url[64];
    pthread_t listener;
    pthread_t threads[MAX_CONNECTIONS];
    int fds[MAX_CONNECTIONS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t here; /* requests at this moment */
    bool stopping;
    server_seen seen;
};

typedef struct connection {
    server *s;
    int fd;
} connection;

static bool send_all(int fd, const char *data, size_t n) {
    while (n) {
        ssize_t k = send(fd, data, n, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        data += k;
        n -= (size_t)k;
    }
    return true;
}

/* Reads a request: the head to `head`, the body to a new text.  NULL at the end. */
static char *receive(int fd, char *head) {
    size_t n = 0;
    char *end = NULL;

    while (!end && n < HEAD_MAX) {
        ssize_t k = recv(fd, head + n, HEAD_MAX - n, 0);
        if (k <= 0)
            return NULL;
        n += (size_t)k;
        head[n] = '\0';
        end = strstr(head, "\r\n\r\n");
    }
    const char *length = end ? strcasestr(head, "content-length:") : NULL;
    size_t n_body = length ? strtoul(length + 15, NULL, 10) : 0;
    char *body = accord_xalloc(n_body + 1);
    size_t have = end ? n - (size_t)(end + 4 - head) : 0;
    have = have < n_body ? have : n_body;
    if (have)
        memcpy(body, end + 4, have);
    while (have < n_body) {
        ssize_t k = recv(fd, body + have, n_body - have, 0);
        if (k <= 0) {
            free(body);
            return NULL;
        }
        have += (size_t)k;
    }
    if (end)
        *end = '\0';
    return body;
}

/* A completion that repeats the last message, or of `pad` x. */
static char *completion(const char *request, uint64_t pad) {
    json_t *j = json_loads(request, 0, NULL);
    const json_t *messages = json_object_get(j, "messages");
    const json_t *last = json_array_get(messages, json_array_size(messages) - 1);
    const char *text = json_string_value(json_object_get(last, "content"));
    char *x = accord_xalloc(pad + 1);

    memset(x, 'x', pad);
    json_t *out = json_pack("{s:[{s:i,s:{s:s,s:s},s:s}],s:{s:i,s:i}}", "choices", "index",
                            0, "message", "role", "assistant", "content",
                            pad    ? x
                            : text ? text
                                   : "",
                            "finish_reason", "stop", "usage", "prompt_tokens", 10,
                            "completion_tokens", 5);
    char *body = json_dumps(out, JSON_COMPACT);
    json_decref(out);
    json_decref(j);
    free(x);
    return body;
}

static bool answer(int fd, const server_act *a, const char *request) {
    char *made = a->body ? NULL : completion(request, a->pad);
    const char *body = made ? made : a->body;
    size_t n = strlen(body);
    char head[1024], date[128] = "";
    bool open;

    if (a->retry_date) {
        time_t then = time(NULL) + (time_t)a->retry_date;
        struct tm tm;
        gmtime_r(&then, &tm);
        strftime(date, sizeof(date), "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
    }
    snprintf(
        head, sizeof(head),
        "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s%s\r\n",
        a->status ? a->status : 200, a->type ? a->type : "application/json", n,
        a->headers ? a->headers : "", date);
    open = send_all(fd, head, strlen(head));
    if (a->fault == SERVER_CUTS)
        open = open && send_all(fd, body, n / 2) && false;
    else if (a->fault == SERVER_SLOW)
        for (size_t i = 0; i < n && open; i++) {
            open = send_all(fd, body + i, 1);
            sched_yield();
        }
    else
        open = open && send_all(fd, body, n);
    free(made);
    return open;
}

static void note(server *s, const char *head, const char *body) {
    const char *key = strcasestr(head, "\nauthorization:");

    if (s->seen.requests < 8)
        s->seen.at_ns[s->seen.requests] = accord_now_ns();
    s->seen.requests++;
    s->here++;
    if (s->here > s->seen.most_at_once)
        s->seen.most_at_once = s->here;
    s->seen.authorization[0] = '\0';
    if (key)
        sscanf(key + 15, " %127[^\r\n]", s->seen.authorization);
    sscanf(head, "%*s %127s", s->seen.path);
    snprintf(s->seen.body, sizeof(s->seen.body), "%s", body);
    pthread_cond_broadcast(&s->changed);
}

/* One request; false when the connection is to be closed. */
static bool serve(server *s, int fd, char *head) {
    char *body = receive(fd, head);

    if (!body)
        return false;
    pthread_mutex_lock(&s->lock);
    uint32_t k = s->seen.requests;
    const server_act *a = &s->acts[k < s->n_acts ? k : s->n_acts - 1];
    note(s, head, body);
    while (!s->stopping &&
           (a->fault == SERVER_SILENT || s->seen.most_at_once < a->gather))
        pthread_cond_wait(&s->changed, &s->lock);
    bool open = !s->stopping && a->fault != SERVER_DROPS && a->fault != SERVER_SILENT;
    s->here--; /* whoever reads the answer may send the next request at once */
    pthread_mutex_unlock(&s->lock);
    open = open && answer(fd, a, body);
    free(body);
    return open;
}

static void *run_connection(void *user) {
    connection *c = user;
    char *head = accord_xalloc(HEAD_MAX + 1);

    while (serve(c->s, c->fd, head))
        continue;
    shutdown(c->fd, SHUT_RDWR);
    free(head);
    free(c);
    return NULL;
}

static void *run_listener(void *user) {
    server *s = user;
    int fd;

    while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
        connection *c = accord_xalloc(sizeof(*c));
        *c = (connection){s, fd};
        pthread_mutex_lock(&s->lock);
        s->fds[s->seen.connections] = fd;
        pthread_create(&s->threads[s->seen.connections++], NULL, run_connection, c);
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

server *server_start(const server_act *acts, uint32_t n) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    server *s = accord_xalloc(sizeof(*s));

    s->acts = acts;
    s->n_acts = n;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->fd, (struct sockaddr *)&address, size) != 0 || listen(s->fd, 1024) != 0 ||
        getsockname(s->fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d/v1", ntohs(address.sin_port));
    pthread_create(&s->listener, NULL, run_listener, s);
    return s;
}

void server_stop(server *s) {
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->listener, NULL);
    for (uint32_t i = 0; i < s->seen.connections; i++)
        shutdown(s->fds[i], SHUT_RDWR);
    for (uint32_t i = 0; i < s->seen.connections; i++) {
        pthread_join(s->threads[i], NULL);
        close(s->fds[i]);
    }
    close(s->fd);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *server_url(const server *s) {
    return s->url;
}

void server_look(server *s, server_seen *out) {
    pthread_mutex_lock(&s->lock);
    *out = s->seen;
    pthread_mutex_unlock(&s->lock);
}

void server_await(server *s, uint32_t requests) {
    pthread_mutex_lock(&s->lock);
    while (s->seen.requests < requests)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}
