/* cmd_validate.c - accord validate: everything that can be wrong with a suite before it
 * runs, its plugins included. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "host/registry.h"
#include "run/plan.h"

enum { MAX_SETS = 64 };

typedef struct options {
    const char *suite;
    const char *sets[MAX_SETS];
    accord_suite_edit edit;
    bool json;
} options;

static const struct option long_options[] = {
    {"set", required_argument, NULL, 'S'},
    {"plugin-path", required_argument, NULL, 'P'},
    {"json", no_argument, NULL, 'J'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool parse(options *o, int argc, char **argv) {
    int option;

    *o = (options){0};
    optind = 1;
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (option == 'P')
            accord_registry_path(optarg);
        else if (option == 'J')
            o->json = true;
        else if (option == 'S' && o->edit.n_set < MAX_SETS)
            o->sets[o->edit.n_set++] = optarg;
        else
            return false;
    }
    o->edit.set = o->sets;
    o->suite = argv[optind];
    return optind == argc - 1;
}

static void count(uint32_t n, const char *what, const char *after) {
    printf("%u %s%s%s", n, what, n == 1 ? "" : "s", after);
}

static void print(const accord_suite *suite, const accord_plan *plan, bool json) {
    if (json) {
        json_t *j =
            json_pack("{s:s, s:b, s:I, s:I}", "suite", suite->name, "valid", 1, "cells",
                      (json_int_t)plan->n_cells, "skipped", (json_int_t)plan->n_skips);
        json_dumpf(j, stdout, JSON_COMPACT);
        puts("");
        json_decref(j);
        return;
    }
    printf("%s: suite %s is fine: ", suite->file, suite->name);
    count(suite->n_methods, "method", ", ");
    count(suite->n_tasks, "task", ", ");
    count(suite->n_models, "model", ", ");
    count(plan->n_cells, "cell", "");
    if (plan->n_skips) {
        fputs(", ", stdout);
        count(plan->n_skips, "pair", " skipped (accord run --dry-run says why)");
    }
    puts("");
}

int accord_cmd_validate(const accord_command *self, int argc, char **argv) {
    accord_suite *suite = NULL;
    accord_plan *plan = NULL;
    accord_err err = {0};
    options o;

    if (!parse(&o, argc, argv))
        return accord_cli_usage(self);
    accord_code code = accord_suite_load(o.suite, &o.edit, &suite, &err);
    if (code == ACCORD_OK)
        code = accord_plan_make(suite, &plan, &err);
    if (code == ACCORD_OK)
        print(suite, plan, o.json);
    accord_plan_destroy(plan);
    accord_suite_destroy(suite);
    return code == ACCORD_OK ? ACCORD_EXIT_OK : accord_cli_fail(&err);
}
