/* visual_memory.c - memory that stays resident per environment of the control tasks: 64
 * in flight in one process, all of them stepped, against one. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "host/instance.h"

enum { N = 64, STEPS = 3, MAX_ACTION = 8 };

struct flight {
    accord_instance *task;
    void *ep[N];
};

static void must(accord_code rc, const accord_err *err) {
    if (!rc)
        return;
    fprintf(stderr, "%s\n", err->msg);
    exit(1);
}

static double resident_kib(void) {
    FILE *f = fopen("/proc/self/statm", "r");
    long total, resident;

    if (!f || fscanf(f, "%ld %ld", &total, &resident) != 2)
        abort();
    fclose(f);
    return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static void create(struct flight *f, const char *domain) {
    char text[100];
    accord_err err = {0};

    snprintf(text, sizeof(text), "{\"domain\":\"%s\"}", domain);
    json_t *params = json_loads(text, 0, NULL);
    const accord_instance_setup setup = {.role = ACCORD_ROLE_TASK,
                                         .plugin = "visual",
                                         .name = "visual",
                                         .params = accord_json_root(params, "params")};
    must(accord_instance_create(&setup, &f->task, &err), &err);
    json_decref(params);
}

/* Opens one environment and steps it. */
static void fly(struct flight *f, const char *mode, int i) {
    static const float vector[MAX_ACTION] = {.3f, -.5f, .7f, -.9f, .2f, -.4f};
    const accord_key key = {
        .struct_size = sizeof(key), .mode = mode, .item = (uint64_t)i};
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_VECTOR, .vector = vector};
    accord_obs obs = {.struct_size = sizeof(obs)};
    accord_err err = {0};
    const char *id;

    must(f->task->task->open(f->task->self, &key, &f->ep[i], &obs, &id, &err), &err);
    for (int t = 0; t < STEPS; t++) {
        accord_step out = {.struct_size = sizeof(out), .obs = &obs};
        must(f->task->task->step(f->ep[i], &action, &out, &err), &err);
    }
}

/* Prints the memory of one more environment. */
static void measure(const char *domain, const char *mode) {
    struct flight f;

    create(&f, domain);
    fly(&f, mode, 0);
    double one = resident_kib();
    for (int i = 1; i < N; i++)
        fly(&f, mode, i);
    printf(" %12.0f", (resident_kib() - one) / (N - 1));
    for (int i = 0; i < N; i++)
        f.task->task->close(f.ep[i]);
    accord_instance_destroy(f.task);
}

/* In a process of its own: what another one freed would be used again. */
static void measure_apart(const char *domain, const char *mode) {
    char *argv[] = {(char *)(uintptr_t) "visual_memory", (char *)(uintptr_t)domain,
                    (char *)(uintptr_t)mode, NULL};
    pid_t pid;
    int status;

    fflush(stdout);
    if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) ||
        waitpid(pid, &status, 0) != pid || status != 0)
        exit(1);
}

int main(int argc, char **argv) {
    static const char *const domains[] = {"cartpole", "ball_in_cup", "finger",
                                          "walker",   "cheetah",     "reacher"};
    static const char *const modes[] = {"train", "color_hard", "video_hard",
                                        "distracting"};
    enum { N_DOMAINS = 6, N_MODES = 4 };

    setenv("ACCORD_PLUGIN_PATH", "plugins", 0); /* make perf runs in the build's folder */
    if (argc == 3) {
        measure(argv[1], argv[2]);
        return 0;
    }
    printf("KiB resident per environment, 84 x 84, %d in one process\n%-12s", N, "");
    for (int m = 0; m < N_MODES; m++)
        printf(" %12s", modes[m]);
    for (int d = 0; d < N_DOMAINS; d++) {
        printf("\n%-12s", domains[d]);
        for (int m = 0; m < N_MODES; m++)
            measure_apart(domains[d], modes[m]);
    }
    printf("\n");
    return 0;
}
