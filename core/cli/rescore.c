/* rescore.c - see rescore.h. */
#include "cli/rescore.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "report/report.h"

#define MAX_TEXT ((size_t)1 << 30)

/* A run is never written over: the new one needs a folder of its own. */
static accord_code must_be_free(const char *dir, accord_err *err) {
    const struct dirent *entry;
    bool empty = true;

    if (!accord_file_exists(dir))
        return ACCORD_OK;
    DIR *d = opendir(dir);
    while (d && (entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    if (!d)
        empty = false;
    else
        closedir(d);
    return empty ? ACCORD_OK
                 : accord_fail(err, ACCORD_E_CONFIG,
                               "%s is there already: the graded run needs a new folder",
                               dir);
}

static accord_code seal(const accord_rescore *r, uint32_t cell, const char *dir,
                        accord_err *err) {
    const accord_manifest there = {.suite = r->run->suite,
                                   .cells = r->run->cells,
                                   .n_cells = r->run->n_cells,
                                   .dir = (char *)dir};
    char path[4096];

    accord_code rc = accord_cell_dir(&there, cell, path, sizeof(path), err);
    return rc ? rc : accord_report_seal(dir, path, err);
}

static accord_code grade_all(const accord_rescore *r, const char *dir, json_t **found,
                             accord_err *err) {
    accord_code rc = dir ? accord_mkdirs(dir, err) : ACCORD_OK;
    uint32_t missing;

    if (!rc && dir)
        rc = accord_rescore_manifest(r, dir, err);
    for (uint32_t i = 0; !rc && i < r->run->n_cells; i++) {
        rc = accord_rescore_cell(r, i, dir, &found[i], err);
        if (!rc && dir && json_is_true(json_object_get(found[i], "finished")))
            rc = seal(r, i, dir, err);
    }
    if (!rc && dir)
        rc = accord_report_results(dir, &missing, err);
    return rc;
}

/* The new run appears whole or not at all. */
static accord_code write_run(const accord_rescore *r, const char *dir, json_t **found,
                             accord_err *err) {
    size_t n = strlen(dir);

    while (n > 1 && dir[n - 1] == '/')
        n--;
    char *making = accord_xasprintf("%.*s.making", (int)n, dir);
    accord_code rc = must_be_free(dir, err);
    if (!rc)
        rc = accord_remove_tree(making, err); /* of one that was killed */
    if (!rc) {
        rc = grade_all(r, making, found, err);
        if (!rc && rename(making, dir))
            rc = accord_fail(err, ACCORD_E_IO, "cannot rename %s to %s: %s", making, dir,
                             strerror(errno));
        if (rc && accord_remove_tree(making, NULL))
            accord_err_context(err, "%s stayed behind", making);
    }
    free(making);
    return rc;
}

static int tell(const accord_cli_rescore *what, const accord_rescore *r,
                json_t *const *found, accord_err *err) {
    accord_buf b;
    bool whole = true;

    accord_buf_init(&b, MAX_TEXT);
    if (what->json)
        accord_cli_rescore_data(r, found, &b);
    else
        accord_cli_rescore_words(r, found, what->out ? what->out : what->run, &b);
    accord_code rc = accord_buf_check(&b, "the answer", err);
    if (!rc && fwrite(b.data, 1, b.n, stdout) != b.n)
        rc =
            accord_fail(err, ACCORD_E_IO, "cannot write the answer: %s", strerror(errno));
    accord_buf_fini(&b);
    for (uint32_t i = 0; i < r->run->n_cells; i++)
        whole = whole && json_is_true(json_object_get(found[i], "finished"));
    if (rc)
        return accord_cli_fail(err);
    return whole ? ACCORD_EXIT_OK : ACCORD_EXIT_INCOMPLETE;
}

int accord_cli_rescore_run(const accord_cli_rescore *what) {
    accord_rescore r;
    accord_err err = {0};
    json_t **found = NULL;

    json_object_seed(0);
    accord_code rc = accord_rescore_open(what->run, what->set, what->n_set, &r, &err);
    if (!rc)
        rc = accord_alloc(r.run->n_cells, sizeof(json_t *), &found, &err);
    if (!rc)
        rc = what->out ? write_run(&r, what->out, found, &err)
                       : grade_all(&r, NULL, found, &err);
    int status = rc ? accord_cli_fail(&err) : tell(what, &r, found, &err);
    for (uint32_t i = 0; found && i < r.run->n_cells; i++)
        json_decref(found[i]);
    free(found);
    accord_rescore_close(&r);
    return status;
}
