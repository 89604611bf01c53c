/* suite.h - a suite: which methods, tasks, models, seeds and budgets.  Read from JSON;
 * unknown keys are errors with their path. */
#ifndef ACCORD_SUITE_H
#define ACCORD_SUITE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

typedef struct accord_suite_model {
    const char *name;
    const char *plugin;
    const json_t *params; /* object or NULL */
    uint32_t window;      /* requests in flight; default 64 */
    uint32_t retries;     /* default 5 */
    double timeout_s;     /* of one attempt; default 120 */
    bool priced;
    double prompt_price; /* per million tokens */
    double completion_price;
} accord_suite_model;

/* The models of a role, as indices into the suite's models. */
typedef struct accord_suite_role {
    const char *name;
    uint32_t n;
    uint32_t n_groups;
    uint32_t *models;      /* [n] */
    uint32_t *group_sizes; /* [n_groups] */
} accord_suite_role;

typedef struct accord_suite_train {
    uint64_t budget; /* "episodes" (text) or "steps"; 0 = none given */
    bool in_steps;
    uint64_t eval_every;       /* 0 = only at the end */
    uint64_t checkpoint_every; /* 0 = as eval_every, else a tenth of the budget */
    uint32_t width;            /* 0 = the default: 8 for text, 1 for control */
} accord_suite_train;

typedef struct accord_suite_method {
    const char *name;
    const char *plugin;
    const json_t *params;
    accord_suite_role *roles;
    uint32_t n_roles;
    accord_suite_train train;
} accord_suite_method;

typedef struct accord_suite_task {
    const char *name;
    const char *plugin;
    const json_t *params;
    const char **modes; /* as named, or NULL: the task's first mode */
    uint32_t n_modes;
    uint64_t episodes; /* of one evaluation in one mode; 0 = the suite's */
} accord_suite_task;

typedef struct accord_suite {
    const char *name;
    const char *summary;
    accord_suite_model *models;
    accord_suite_method *methods;
    accord_suite_task *tasks;
    uint32_t n_models, n_methods, n_tasks;
    uint64_t *seeds;
    uint32_t n_seeds;
    uint64_t episodes;      /* "eval": {"episodes": n}; 0 = all items */
    const json_t *baseline; /* {"TASK": "METHOD"} or NULL */
    uint64_t token_budget;  /* of the run; 0 = none */
    double cost_budget;
    uint64_t episode_tokens; /* "limits": of one episode; 0 = none */
    double episode_seconds;  /* deadline of an episode; default 600 */
    double step_seconds;     /* a plugin that holds the token longer hangs; default 120 */
    uint64_t memory_bytes;   /* of a worker; 0 = none */
    uint32_t in_flight;      /* episodes in flight in a cell; 0 = from the models */
    json_t *json;            /* the document, owned; everything above borrows from it */
    char *file;
} accord_suite;

/* A change from the command line. */
typedef struct accord_suite_edit {
    const char *const *set; /* "PATH=VALUE", e.g. "tasks/math/eval/episodes=10" */
    uint32_t n_set;
    const char *method; /* "NAME,NAME": keep only these, or NULL; likewise below */
    const char *task;
    const char *seed;
    const char *limit; /* at most so many episodes of each evaluation */
} accord_suite_edit;

/* [main] Reads a suite file and applies `edit` (may be NULL).  *out is the caller's.
 * ACCORD_E_CONFIG names file, path and reason. */
accord_code accord_suite_load(const char *path, const accord_suite_edit *edit,
                              accord_suite **out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] The same from a document (the manifest's "suite"); takes `json`. */
accord_code accord_suite_take(json_t *json, const char *name, accord_suite **out,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [any] Where `seed` stands among the seeds; n_seeds when it is none of them. */
uint32_t accord_suite_seed_place(const accord_suite *suite, uint64_t seed);
/* [main] NULL is allowed. */
void accord_suite_destroy(accord_suite *suite);

#endif
