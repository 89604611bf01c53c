/* describe.h - what the plugins of a suite say about themselves.  They are created in a
 * child process of the same executable, so that one that crashes or hangs ends as a
 * sentence that names it. */
#ifndef ACCORD_DESCRIBE_H
#define ACCORD_DESCRIBE_H

#include "host/host.h"
#include "host/instance.h"
#include "run/suite.h"

enum { ACCORD_DESCRIBE_TIMEOUT_MS = 60000 }; /* of creating one plugin */

/* What the parent asks the child for. */
#define ACCORD_DESCRIBE_PLAN  "plan"  /* tasks, models, methods, pairs, plugins, files */
#define ACCORD_DESCRIBE_TASKS "tasks" /* of that, tasks, plugins and files */
#define ACCORD_DESCRIBE_ITEMS "items" /* bytes of the questions of each text task */

/* [main] The parent's side: *out is the caller's.  The document of "plan" is that of the
 * manifest ("tasks", "models", "methods", "plugins" without their hashes) with
 *   "pairs": [{"task", "method", "reason"} or
 *             {"task", "method", "learns", "moves", "probes",
 *              "asks": [[model, calls, tokens, quoted]]}],
 *   "files": [path];
 * "moves" is true when the seed moves anything.  "items" is {TASK: bytes}. */
accord_code accord_describe(const accord_suite *suite, const char *what, int timeout_ms,
                            json_t **out, accord_err *err) ACCORD_MUST_CHECK;

/* ---- inside the child -------------------------------------------------------------- */

/* A model as a method sees it while it is described: what `accord_model` points to. */
typedef struct accord_described_model {
    accord_instance *instance;
    const accord_caps *caps;
    const char *name;
} accord_described_model;

typedef struct accord_described_task {
    accord_instance *instance;
    const accord_spec *first; /* of the first mode of the cells: training happens there */
    const accord_spec *own;   /* of the task's first mode */
    uint64_t n_eval;          /* the smallest of the evaluated modes */
    json_t *provenance;       /* {MODE: what it is made of} */
} accord_described_task;

typedef struct accord_described {
    const accord_suite *suite;
    accord_json root; /* the suite's document */
    accord_described_model *models;
    accord_described_task *tasks;
    accord_instance **methods; /* opened, not created */
    json_t *plugins;
    json_t *files;
} accord_described;

/* [main] `j`, or the end: a description without memory is none. */
json_t *accord_describe_must(json_t *j);

/* [main] A text from a plugin; what is not UTF-8 loses its foreign letters. */
json_t *accord_describe_text(const char *text);
/* [main] A list of such texts; NULL is empty. */
json_t *accord_describe_texts(const char *const *texts);

/* [main] Like jansson's _set_new and _append_new, or the end; a file that was read. */
void accord_describe_put(json_t *object, const char *key, json_t *value);
void accord_describe_append(json_t *list, json_t *value);
void accord_describe_files(accord_described *d, const char *const *files);

/* [main] Creates a task or a model, noting it. */
accord_code accord_describe_create(accord_described *d, int32_t role, uint32_t index,
                                   accord_instance **out,
                                   accord_err *err) ACCORD_MUST_CHECK;
/* [main] The same for a method, without creating it. */
accord_code accord_describe_open(accord_described *d, uint32_t index,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [main] A task's entry in `out`. */
accord_code accord_describe_task(accord_described *d, uint32_t index, json_t *out,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [main] The answer to ACCORD_DESCRIBE_ITEMS. */
accord_code accord_describe_items(accord_described *d, json_t *out,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* [main] Refuses a method whose roles do not fit its plugin. */
accord_code accord_describe_roles(const accord_described *d, uint32_t method,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* [main] The "pairs". */
accord_code accord_describe_pairs(accord_described *d, json_t *pairs,
                                  accord_err *err) ACCORD_MUST_CHECK;

/* [any] "text", "discrete", "vector", "pixels". */
const char *accord_kind_name(int32_t kind);

/* Every service of a run, for instances that are only described: caps and names are
 * known, the rest fails with a sentence. */
extern const accord_service accord_describe_services[];

#endif
