/* child.c - see child.h. */
#include "run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

extern char **environ;

static accord_code make_page(accord_live **out, int *fd, accord_err *err) {
    *fd = memfd_create("accord-live", MFD_CLOEXEC);
    if (*fd < 0 || ftruncate(*fd, sizeof(accord_live)))
        return accord_fail(err, ACCORD_E_IO, "cannot make a shared page: %s",
                           strerror(errno));
    void *page =
        mmap(NULL, sizeof(accord_live), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (page == MAP_FAILED)
        return accord_fail(err, ACCORD_E_NOMEM, "cannot map a shared page: %s",
                           strerror(errno));
    *out = page;
    return ACCORD_OK;
}

/* argv of the worker; one block of texts. */
static char **arguments(const accord_child_setup *s) {
    size_t n = 6 + 2 * (size_t)s->n_given_up;
    char **argv = accord_xalloc((n + 2) * sizeof(*argv));
    char place[ACCORD_PLACE_TEXT];
    size_t i = 0;

    argv[i++] = accord_xstrdup("accord");
    argv[i++] = accord_xstrdup("worker");
    argv[i++] = accord_xstrdup(s->dir);
    argv[i++] = accord_xasprintf("%u", s->cell);
    if (s->suspect) {
        accord_place_format(s->suspect, place);
        argv[i++] = accord_xstrdup("--alone");
        argv[i++] = accord_xstrdup(place);
    }
    for (uint32_t g = 0; g < s->n_given_up; g++) {
        accord_place_format(&s->given_up[g].place, place);
        argv[i++] = accord_xstrdup("--give-up");
        argv[i++] = accord_xasprintf("%s=%s", place, s->given_up[g].outcome);
    }
    return argv;
}

static void free_arguments(char **argv) {
    for (size_t i = 0; argv[i]; i++)
        free(argv[i]);
    free(argv);
}

/* Descriptors 3 and 4 of the child are its socket and its page.  They may be taken here,
 * so both are moved out of the way first. */
static accord_code spawn(const accord_child_setup *s, int socket_fd, int page_fd,
                         pid_t *pid, accord_err *err) {
    posix_spawn_file_actions_t actions;
    char **argv = arguments(s);
    int high_socket = fcntl(socket_fd, F_DUPFD_CLOEXEC, 10);
    int high_page = fcntl(page_fd, F_DUPFD_CLOEXEC, 10);

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, high_socket, ACCORD_WORKER_SOCKET);
    posix_spawn_file_actions_adddup2(&actions, high_page, ACCORD_WORKER_PAGE);
    int failed = posix_spawn(pid, "/proc/self/exe", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(high_socket);
    close(high_page);
    free_arguments(argv);
    if (failed)
        return accord_fail(err, ACCORD_E_IO, "cannot start a worker: %s",
                           strerror(failed));
    return ACCORD_OK;
}

accord_code accord_child_start(const accord_child_setup *setup, accord_child *out,
                               accord_err *err) {
    int pair[2] = {-1, -1}, page_fd = -1;

    *out = (accord_child){.pool = setup->pool};
    accord_code rc = make_page(&out->live, &page_fd, err);
    if (!rc && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        rc = accord_fail(err, ACCORD_E_IO, "cannot make a socket: %s", strerror(errno));
    if (!rc)
        rc = spawn(setup, pair[1], page_fd, &out->pid, err);
    if (pair[1] >= 0)
        close(pair[1]);
    if (page_fd >= 0)
        close(page_fd);
    if (!rc)
        rc = accord_pool_attach(setup->pool, pair[0], setup->user, &out->worker, err);
    if (rc)
        accord_child_kill(out);
    return rc;
}

int accord_child_reap(accord_child *c) {
    int status = 0;

    while (c->pid > 0 && waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
        ;
    c->pid = 0;
    return status;
}

void accord_child_end(accord_child *c) {
    if (c->worker)
        accord_pool_detach(c->pool, c->worker);
    if (c->live)
        munmap(c->live, sizeof(*c->live));
    *c = (accord_child){0};
}

void accord_child_kill(accord_child *c) {
    if (c->pid > 0)
        kill(c->pid, SIGKILL);
    accord_child_reap(c);
    accord_child_end(c);
}

void accord_child_kill_if_hung(accord_child *c, int64_t limit_ns) {
    uint32_t holder = atomic_load(&c->live->holder);
    int64_t since_ns = atomic_load(&c->live->since_ns);

    if (holder == 0 || c->hung || accord_now_ns() - since_ns < limit_ns)
        return;
    c->hung = true;
    kill(c->pid, SIGKILL);
}

bool accord_child_said(int status, int code) {
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

const char *accord_child_describe(int status, bool hung, char text[64]) {
    if (hung)
        snprintf(text, 64, "hung");
    else if (WIFSIGNALED(status))
        snprintf(text, 64, "was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text, 64, "exited with status %d", WEXITSTATUS(status));
    return text;
}
