/* paths.c - see paths.h. */
#include "host/paths.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* Writes a/b, or "" when that is no path. */
static void join(char *path, const char *a, const char *b) {
    if (snprintf(path, PATH_MAX, "%s/%s", a, b) >= PATH_MAX)
        path[0] = '\0';
}

void accord_path_user(const char *name, char *path) {
    const char *xdg = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    char below[64];

    path[0] = '\0';
    snprintf(below, sizeof(below), "accord/%s", name);
    if (xdg && xdg[0] == '/') { /* a relative one is to be ignored, says XDG */
        join(path, xdg, below);
        return;
    }
    snprintf(below, sizeof(below), ".local/share/accord/%s", name);
    if (home && home[0])
        join(path, home, below);
}

static bool program_dir(char *path) {
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

    if (n <= 0)
        return false;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}

/* The build tree this program lies in: beside config.status, as the command does, or one
 * folder below, as tests do. */
static bool build_tree(const char *program, char *path) {
    char mark[PATH_MAX];

    snprintf(path, PATH_MAX, "%s", program);
    for (int up = 0; up < 2; up++) {
        join(mark, path, "config.status");
        if (accord_file_exists(mark))
            return true;
        char *slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    return false;
}

static void find(const char *built, const char *installed, const char *configured,
                 char *path) {
    char program[PATH_MAX], root[PATH_MAX];

    if (program_dir(program)) {
        if (build_tree(program, root)) {
            join(path, root, built);
            return;
        }
        join(path, program, installed);
        if (accord_file_exists(path))
            return;
    }
    snprintf(path, PATH_MAX, "%s", configured);
}

void accord_path_plugins(char *path) {
    find("plugins", "../lib/accord", ACCORD_LIB_DIR, path);
}

void accord_path_suites(char *path) {
    find("benchmarks", "../share/accord/benchmarks", ACCORD_SHARE_DIR "/benchmarks",
         path);
}
