/* ask_serve.c - the child's side of ask.h. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "run/ask.h"
#include "run/describe.h"

enum { NOTE_FD = 3 };

void accord_ask_note(const char *who, const char *doing) {
    char line[512];
    int n = snprintf(line, sizeof(line), "%.300s\t%.200s\n", who, doing);

    /* Without its reader the child is about to be killed anyway. */
    if (write(NOTE_FD, line, (size_t)n) < 0)
        return;
}

/* Plugins print to stderr here: stdout carries the answer. */
static int private_stdout(void) {
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, NOTE_FD + 1);

    if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -1;
    return fd;
}

int accord_ask_serve(accord_answer answer) {
    accord_err err = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int fd = private_stdout();
    fcntl(NOTE_FD, F_SETFD, FD_CLOEXEC);
    json_t *order = json_loadfd(STDIN_FILENO, 0, NULL);
    json_t *out = accord_describe_must(json_object());
    accord_code code = answer(order, out, &err);
    if (code) {
        json_object_clear(out);
        accord_describe_put(out, "error", accord_describe_text(err.msg));
        accord_describe_put(out, "code", json_integer(code));
    }
    int failed = json_dumpfd(out, fd, JSON_COMPACT);
    json_decref(out);
    json_decref(order);
    return failed ? 1 : 0;
}
