/* scratch.c - see scratch.h. */
#include "scratch.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static char folder[PATH_MAX - 256];

void scratch_begin(void) {
    const char *tmp = getenv("TMPDIR");

    snprintf(folder, sizeof(folder), "%s/accord-test-XXXXXX", tmp ? tmp : "/tmp");
    ck_assert_msg(mkdtemp(folder) != NULL, "cannot make %s", folder);
}

void scratch_end(void) {
    accord_err err = {0};

    ck_assert_msg(accord_remove_tree(folder, &err) == ACCORD_OK, "%s", err.msg);
}

char *scratch_path(const char *name) {
    return accord_xasprintf("%s%s%s", folder, *name ? "/" : "", name);
}

char *scratch_write(const char *name, const void *data, size_t n) {
    char *path = scratch_path(name);
    FILE *f = fopen(path, "wb");

    ck_assert_msg(f != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(data, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
    return path;
}

char *scratch_text(const char *name, const char *text) {
    return scratch_write(name, text, strlen(text));
}
