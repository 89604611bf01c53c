/* ask.c - the parent's side of ask.h: starts the child, watches it, reads what it wrote.
 * Documents travel through memory files, so neither side can block the other; the pipe of
 * notes says how far the child came. */
#include "run/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { NOTE_FD = 3, NOTE_BYTES = 512 };

typedef struct child {
    int in, out;  /* memory files: its stdin and stdout */
    int notes[2]; /* pipe */
    pid_t pid;
    char note[NOTE_BYTES]; /* the last whole line: WHO \t DOING */
    char line[NOTE_BYTES];
    size_t n_line;
} child;

static accord_code open_files(child *c, accord_err *err) {
    c->in = memfd_create("order", MFD_CLOEXEC);
    c->out = memfd_create("answer", MFD_CLOEXEC);
    if (c->in < 0 || c->out < 0 || pipe2(c->notes, O_CLOEXEC))
        return accord_fail(err, ACCORD_E_IO, "cannot open files for a child: %s",
                           strerror(errno));
    return ACCORD_OK;
}

static void close_files(child *c) {
    const int fds[] = {c->in, c->out, c->notes[0], c->notes[1]};

    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static accord_code write_order(const child *c, const json_t *order, accord_err *err) {
    if (json_dumpfd(order, c->in, JSON_COMPACT) || lseek(c->in, 0, SEEK_SET) != 0)
        return accord_fail(err, ACCORD_E_IO, "cannot hand an order to a child: %s",
                           strerror(errno));
    return ACCORD_OK;
}

static accord_code start(child *c, const char *command, accord_err *err) {
    const char *const argv[] = {"accord", command, NULL};
    posix_spawn_file_actions_t files;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, c->in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, c->out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, c->notes[1], NOTE_FD);
    int failed = posix_spawn(&c->pid, "/proc/self/exe", &files, NULL,
                             (char *const *)(const void *)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    close(c->notes[1]);
    c->notes[1] = -1;
    if (failed)
        return accord_fail(err, ACCORD_E_IO, "cannot start a child of accord: %s",
                           strerror(failed));
    return ACCORD_OK;
}

/* Keeps the last whole line of what came through the pipe. */
static void take_notes(child *c, const char *data, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (data[i] == '\n') {
            c->line[c->n_line] = '\0';
            memcpy(c->note, c->line, sizeof(c->note));
            c->n_line = 0;
        } else if (c->n_line < sizeof(c->line) - 1) {
            c->line[c->n_line++] = data[i];
        }
    }
}

/* Reads notes until the child closed its end.  False when it took too long for one. */
static bool watch(child *c, int timeout_ms) {
    int64_t limit_ns = timeout_ms * INT64_C(1000000);
    int64_t until_ns = accord_now_ns() + limit_ns;
    char data[NOTE_BYTES];

    for (;;) {
        struct pollfd p = {.fd = c->notes[0], .events = POLLIN};
        int64_t left_ms = (until_ns - accord_now_ns() + 999999) / 1000000;
        int ready = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t n = read(c->notes[0], data, sizeof(data));
        if (n == 0 || (n < 0 && errno != EINTR))
            return true;
        take_notes(c, data, n > 0 ? (size_t)n : 0);
        until_ns = accord_now_ns() + limit_ns;
    }
}

/* Waits for the child's end.  Its pipe is closed, so this is short; a child that closed
 * it and stayed is killed. */
static int reap(const child *c, int timeout_ms) {
    const struct timespec pause = {.tv_nsec = 2000000};
    int64_t until_ns = accord_now_ns() + timeout_ms * INT64_C(1000000);
    int status = 0;
    pid_t done;

    while ((done = waitpid(c->pid, &status, WNOHANG)) == 0) {
        if (accord_now_ns() > until_ns)
            kill(c->pid, SIGKILL);
        nanosleep(&pause, NULL);
    }
    return done == c->pid ? status : 0;
}

/* How the child ended, as a sentence. */
static accord_code verdict(child *c, int status, bool in_time, int timeout_ms,
                           accord_err *err) {
    char *tab = strchr(c->note, '\t');
    const char *doing = tab ? tab + 1 : "it started";
    const char *who = c->note[0] ? c->note : "a child of accord";

    if (tab)
        *tab = '\0';
    if (!in_time)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s did not come back within %g s while %s", who,
                           timeout_ms / 1000.0, doing);
    if (WIFSIGNALED(status)) {
        int s = WTERMSIG(status);
        if (s == SIGINT || s == SIGTERM)
            return accord_fail(err, ACCORD_E_STOPPED, "interrupted");
        return accord_fail(err, ACCORD_E_CONFIG, "%s crashed while %s (signal %d)", who,
                           doing, s);
    }
    if (WEXITSTATUS(status) != 0)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s ended the process while %s (status %d)", who, doing,
                           WEXITSTATUS(status));
    return ACCORD_OK;
}

/* {"error": text, "code": number} becomes a failure. */
static accord_code read_answer(const child *c, json_t **out, accord_err *err) {
    json_error_t why;
    json_t *answer =
        lseek(c->out, 0, SEEK_SET) == 0 ? json_loadfd(c->out, 0, &why) : NULL;
    const char *text = json_string_value(json_object_get(answer, "error"));

    if (!answer)
        return accord_fail(err, ACCORD_E_INTERNAL, "a child of accord gave no answer");
    if (text) {
        json_int_t code = json_integer_value(json_object_get(answer, "code"));
        accord_fail(err, code ? (accord_code)code : ACCORD_E_CONFIG, "%s", text);
        json_decref(answer);
        return code ? (accord_code)code : ACCORD_E_CONFIG;
    }
    *out = answer;
    return ACCORD_OK;
}

accord_code accord_ask_child(const char *command, const json_t *order, int timeout_ms,
                             json_t **out, accord_err *err) {
    child c = {.in = -1, .out = -1, .notes = {-1, -1}};
    accord_code code;

    *out = NULL;
    if ((code = open_files(&c, err)) || (code = write_order(&c, order, err)) ||
        (code = start(&c, command, err))) {
        close_files(&c);
        return code;
    }
    bool in_time = watch(&c, timeout_ms);
    if (!in_time)
        kill(c.pid, SIGKILL);
    int status = reap(&c, timeout_ms);
    code = verdict(&c, status, in_time, timeout_ms, err);
    if (code == ACCORD_OK)
        code = read_answer(&c, out, err);
    close_files(&c);
    return code;
}
