/* plan.h - which cells a suite has, and which pairs it cannot have, with the reason. */
#ifndef ACCORD_PLAN_H
#define ACCORD_PLAN_H

#include "run/suite.h"

enum { ACCORD_UNIT_ITEM = 0, ACCORD_UNIT_SEED = 1, ACCORD_UNIT_BOTH = 2 };

/* A cell: one method x one task x one seed. */
typedef struct accord_cell {
    uint32_t task, method; /* indices into the suite */
    uint64_t seed;
    const char **modes; /* evaluated, in order */
    uint32_t n_modes;
    uint64_t episodes; /* of one evaluation in one mode */
    uint64_t probes;   /* that its training plays */
    bool learns;
    int32_t unit;
} accord_cell;

/* What a method asks of one model in one episode. */
typedef struct accord_ask {
    uint32_t cell;       /* index */
    uint32_t model;      /* index into the suite */
    uint32_t calls;      /* of an episode */
    uint32_t max_tokens; /* of the completion of each */
    uint32_t quoted;     /* tokens of earlier replies in the prompt of each */
} accord_ask;

typedef struct accord_skip {
    uint32_t task, method;
    char *reason;
} accord_skip;

typedef struct accord_plan {
    accord_cell *cells;
    uint32_t n_cells;
    accord_skip *skips;
    uint32_t n_skips;
    accord_ask *asks;
    uint32_t n_asks;
    json_t
        *manifest; /* "tasks", "models", "methods", "plugins", "data" of the manifest */
} accord_plan;

/* [main] Creates every task and model of the suite once, in a child process of the same
 * executable, so that a plugin that crashes ends as a sentence, and pairs methods with
 * tasks.  A method or task without any partner is ACCORD_E_CONFIG. */
accord_code accord_plan_make(const accord_suite *suite, accord_plan **out,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [main] The child's side (hidden sub-command "describe"): reads what is asked about
 * which suite on stdin, writes the description or {"error":...} on stdout (describe.h).
 */
int accord_plan_describe(void);
/* [main] Of a description (describe.h): adds "sha256" to each of its plugins, and to the
 * manifest's "data" the files that are not there yet. */
accord_code accord_plan_hash_plugins(json_t *plugins, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_plan_hash_data(const json_t *files, json_t *data,
                                  accord_err *err) ACCORD_MUST_CHECK;
/* [main] NULL is allowed. */
void accord_plan_destroy(accord_plan *plan);

#endif
