/* worker.c - see worker.h. */
#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/cell.h"

typedef struct job {
    const char *dir;
    uint32_t cell;
    bool alone;
    accord_place suspect;
    accord_given_up *given_up;
    uint32_t n_given_up;
} job;

static const char *outcome_named(const char *name) {
    return strcmp(name, "timeout") == 0 ? "timeout" : "plugin_crash";
}

static bool parse(int argc, char **argv, job *j) {
    if (argc < 3)
        return false;
    j->dir = argv[1];
    j->cell = (uint32_t)strtoul(argv[2], NULL, 10);
    j->given_up = accord_xalloc((size_t)argc * sizeof(*j->given_up));
    for (int i = 3; i + 1 < argc; i += 2) {
        char *value = argv[i + 1];
        char *equals = strchr(value, '=');
        accord_given_up *g = &j->given_up[j->n_given_up];

        if (strcmp(argv[i], "--alone") == 0) {
            j->alone = accord_place_parse(value, &j->suspect);
            continue;
        }
        if (!equals)
            return false;
        *equals = '\0';
        g->outcome = outcome_named(equals + 1);
        if (accord_place_parse(value, &g->place))
            j->n_given_up++;
    }
    return true;
}

/* The page stays mapped: the parent reads it after this process has ended. */
static accord_live *map_page(void) {
    void *page = mmap(NULL, sizeof(accord_live), PROT_READ | PROT_WRITE, MAP_SHARED,
                      ACCORD_WORKER_PAGE, 0);

    return page == MAP_FAILED ? NULL : page;
}

/* The parent decides about interrupts; core dumps of plugins help nobody here. */
static void settle(const accord_suite *suite) {
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (suite->memory_bytes) {
        struct rlimit limit = {suite->memory_bytes, suite->memory_bytes};
        setrlimit(RLIMIT_DATA, &limit);
    }
}

static accord_code play(const job *j, accord_live *live, char *cell_dir,
                        accord_err *err) {
    accord_manifest *manifest = NULL;
    accord_stage *stage = NULL;

    accord_code rc = accord_manifest_read(j->dir, &manifest, err);
    if (!rc && j->cell >= manifest->n_cells)
        rc = accord_fail(err, ACCORD_E_ARG, "there is no cell %u", j->cell);
    if (!rc) {
        settle(manifest->suite);
        rc = accord_cell_dir(manifest, j->cell, cell_dir, 4096, err);
    }
    if (!rc)
        rc = accord_stage_create(manifest, j->cell, ACCORD_WORKER_SOCKET, live, &stage,
                                 err);
    if (!rc)
        rc = j->alone ? accord_cell_alone(stage, &j->suspect, err)
                      : accord_cell_play(stage, j->given_up, j->n_given_up, err);
    accord_stage_destroy(stage);
    accord_manifest_destroy(manifest);
    if (!rc && !j->alone)
        rc = accord_stage_forget(cell_dir, err);
    return rc;
}

int accord_worker_main(int argc, char **argv, int *played, char *cell_dir) {
    accord_err err = {0};
    job j = {0};

    *played = 0;
    accord_live *live = map_page();
    /* The parent sees this process end when the last copy closes, not before. */
    fcntl(ACCORD_WORKER_SOCKET, F_DUPFD_CLOEXEC, 10);
    if (!live || !parse(argc, argv, &j)) {
        fputs("accord: worker is started by accord run only\n", stderr);
        return ACCORD_WORKER_FAILED;
    }
    accord_code rc = play(&j, live, cell_dir, &err);
    free(j.given_up);
    *played = !rc && !j.alone;
    if (!rc)
        return ACCORD_WORKER_DONE;
    if (rc == ACCORD_E_STOPPED)
        return ACCORD_WORKER_OPEN;
    live->code = rc;
    snprintf(live->message, sizeof(live->message), "%s", err.msg);
    return ACCORD_WORKER_FAILED;
}
