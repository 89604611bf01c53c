/* cmd_rescore.c - accord rescore: a run graded again without a call; and, hidden, accord
 * grade: the child that does it. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/rescore.h"
#include "host/registry.h"

enum { MAX_SETS = 64 };

int accord_cmd_rescore(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"set", required_argument, NULL, 'S'},
        {"json", no_argument, NULL, 'j'},
        {"plugin-path", required_argument, NULL, 'P'},
        {0},
    };
    const char *sets[MAX_SETS];
    accord_cli_rescore what = {.set = sets};

    for (int c; (c = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
        if (c == 'S' && what.n_set < MAX_SETS)
            sets[what.n_set++] = optarg;
        else if (c == 'o')
            what.out = optarg;
        else if (c == 'j')
            what.json = true;
        else if (c == 'P')
            accord_registry_path(optarg);
        else
            return accord_cli_usage(self);
    }
    if (optind + 1 != argc)
        return accord_cli_usage(self);
    what.run = argv[optind];
    return accord_cli_rescore_run(&what);
}

int accord_cmd_grade(const accord_command *self, int argc, char **argv) {
    json_object_seed(0);
    return accord_grade_serve();
}
