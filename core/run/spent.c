/* spent.c - see spent.h. */
#include "run/spent.h"

#include <stdio.h>
#include <string.h>

#include <accord/jsonl.h>

#include "base/file.h"
#include "host/host.h"

static const accord_suite_model *model_named(const accord_suite *suite,
                                             const char *name) {
    for (uint32_t i = 0; i < suite->n_models; i++)
        if (name && strcmp(suite->models[i].name, name) == 0)
            return &suite->models[i];
    return NULL;
}

static void add_call(const accord_suite *suite, accord_jsonl *r, accord_spent *out) {
    const char *kind = accord_jsonl_text(r, "k");
    const char *tokens = accord_jsonl_text(r, "tokens");
    unsigned long long prompt = 0, completion = 0;

    if (!kind || strcmp(kind, "call") != 0 || !tokens ||
        sscanf(tokens, "[%llu,%llu]", &prompt, &completion) != 2)
        return;
    out->tokens += prompt + completion;
    const accord_suite_model *m = model_named(suite, accord_jsonl_text(r, "model"));
    if (m)
        out->cost += ((double)prompt * m->prompt_price +
                      (double)completion * m->completion_price) *
                     1e-6;
}

static accord_code read_cell(const accord_manifest *m, const char *path,
                             accord_spent *out, accord_err *err) {
    accord_jsonl *r;
    int more = 1;

    if (!accord_file_exists(path))
        return ACCORD_OK;
    accord_code rc = accord_jsonl_open(&accord_host_default, path, &r, err);
    /* A torn last line ends the reading: the worker will cut it. */
    while (!rc && more) {
        if (accord_jsonl_next(r, &more, NULL))
            break;
        if (more)
            add_call(m->suite, r, out);
    }
    if (!rc)
        accord_jsonl_close(r);
    return rc;
}

accord_code accord_spent_read(const accord_manifest *m, accord_spent *out,
                              accord_err *err) {
    accord_code rc = ACCORD_OK;
    char path[4096];

    *out = (accord_spent){0};
    for (uint32_t i = 0; i < m->n_cells && !rc; i++) {
        rc = accord_cell_dir(m, i, path, sizeof(path) - 32, err);
        if (rc)
            break;
        snprintf(path + strlen(path), 32, "/journal.jsonl");
        rc = read_cell(m, path, out, err);
    }
    return rc;
}
