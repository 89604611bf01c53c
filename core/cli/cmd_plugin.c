/* cmd_plugin.c - accord plugin new: the beginnings of a plugin, outside of Accord's tree.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/template.h"

#define MARK "@NAME@"
enum { MAX_FILE = 1 << 16, N_FILES = 3 };

typedef struct file {
    const char *text; /* with MARKs */
    char path[PATH_MAX];
} file;

static accord_code name_file(file *f, const char *dir, const char *stem,
                             const char *suffix, const char *text, accord_err *err) {
    f->text = text;
    if (snprintf(f->path, sizeof(f->path), "%s/%s%s", dir, stem, suffix) >= PATH_MAX)
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", dir);
    if (accord_file_exists(f->path))
        return accord_fail(err, ACCORD_E_ARG, "%s exists; nothing was written", f->path);
    return ACCORD_OK;
}

static accord_code write_file(const file *f, const char *name, accord_err *err) {
    const char *rest = f->text, *mark;
    accord_buf b;

    accord_buf_init(&b, MAX_FILE);
    while ((mark = strstr(rest, MARK))) {
        accord_buf_add(&b, rest, (size_t)(mark - rest));
        accord_buf_puts(&b, name);
        rest = mark + strlen(MARK);
    }
    accord_buf_puts(&b, rest);
    accord_code rc = accord_buf_check(&b, f->path, err);
    if (!rc)
        rc = accord_file_write(f->path, b.data, b.n, err);
    accord_buf_fini(&b);
    return rc;
}

static accord_code write_all(const char *name, const char *dir, accord_err *err) {
    static file files[N_FILES];

    accord_code rc = name_file(&files[0], dir, name, ".c", accord_template_method, err);
    if (!rc)
        rc = name_file(&files[1], dir, "Makefile", "", accord_template_makefile, err);
    if (!rc)
        rc = name_file(&files[2], dir, name, ".json", accord_template_suite, err);
    if (!rc && accord_mkdirs(dir, err))
        rc = err->code = ACCORD_E_CONFIG; /* a matter of -o, not of Accord */
    for (size_t i = 0; i < N_FILES && !rc; i++) {
        rc = write_file(&files[i], name, err);
        if (!rc)
            puts(files[i].path);
    }
    return rc;
}

static accord_code check(const char *role, const char *name, accord_err *err) {
    if (strcmp(role, "method") != 0)
        return accord_fail(err, ACCORD_E_ARG,
                           "cannot begin a \"%.40s\", only a \"method\"", role);
    if (!accord_text_is_id(name))
        return accord_fail(err, ACCORD_E_ARG,
                           "\"%.80s\" is no name: [a-z0-9_]+, at most 63 characters",
                           name);
    return ACCORD_OK;
}

int accord_cmd_plugin(const accord_command *self, int argc, char **argv) {
    const char *dir = NULL;
    accord_err err = {0};
    int option;

    optind = 1;
    while ((option = getopt(argc, argv, "o:")) != -1) {
        if (option != 'o')
            return accord_cli_usage(self);
        dir = optarg;
    }
    if (argc - optind != 3 || strcmp(argv[optind], "new") != 0)
        return accord_cli_usage(self);
    const char *name = argv[optind + 2];
    accord_code rc = check(argv[optind + 1], name, &err);
    if (!rc)
        rc = write_all(name, dir ? dir : name, &err);
    if (rc)
        return accord_cli_fail(&err);
    fprintf(stderr, "next: cd %s && make run\n", dir ? dir : name);
    return ACCORD_EXIT_OK;
}
