/* nn_peer.c - PyTorch as a second process, asked over two pipes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nn.h"

extern char **environ;

struct perf_peer {
    pid_t pid;
    FILE *to, *from;
};

/* glibc gives large tensors back to the system as they are freed, and where page faults
 * are dear, as on some virtual machines, PyTorch then takes several times as long.  Its
 * computing is what is compared, so its process is told to keep what it has. */
static void keep_memory(void) {
    setenv("MALLOC_MMAP_THRESHOLD_", "1073741824", 0);
    setenv("MALLOC_TRIM_THRESHOLD_", "8589934592", 0);
    setenv("MALLOC_TOP_PAD_", "268435456", 0);
}

static int spawn(const char *script, int in, int out, pid_t *pid) {
    const char *python = getenv("PYTHON") ? getenv("PYTHON") : "/usr/bin/python3";
    char *const argv[] = {(char *)(uintptr_t)python, (char *)(uintptr_t)script, NULL};
    posix_spawn_file_actions_t actions;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    int rc = posix_spawnp(pid, python, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

int perf_peer_start(const char *script, perf_peer **out, char *text, int size) {
    int to[2], from[2];
    perf_peer *p = calloc(1, sizeof(*p));

    *out = NULL;
    signal(SIGPIPE, SIG_IGN);
    keep_memory();
    perf_need(p && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC), "pipes");
    int rc = spawn(script, to[0], from[1], &p->pid);
    close(to[0]);
    close(from[1]);
    p->to = fdopen(to[1], "w");
    p->from = fdopen(from[0], "r");
    if (rc || !fgets(text, size, p->from)) {
        snprintf(text, (size_t)size, "no PyTorch: %s", rc ? strerror(rc) : "no answer");
        if (!rc)
            perf_peer_stop(p);
        return 0;
    }
    text[strcspn(text, "\n")] = 0;
    if (strncmp(text, "PyTorch", 7) != 0) {
        perf_peer_stop(p);
        return 0;
    }
    *out = p;
    return 1;
}

double perf_peer_time(perf_peer *p, const char *name, int runs) {
    char line[64];

    fprintf(p->to, "%d %s\n", runs, name);
    fflush(p->to);
    return fgets(line, sizeof(line), p->from) ? strtod(line, NULL) : -1;
}

void perf_peer_stop(perf_peer *p) {
    int status;

    if (!p)
        return;
    fclose(p->to);
    fclose(p->from);
    waitpid(p->pid, &status, 0);
    free(p);
}
