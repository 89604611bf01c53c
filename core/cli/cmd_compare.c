/* cmd_compare.c - accord compare: which method is better, by how much, how sure. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "judge/judge.h"

int accord_cmd_compare(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"baseline", required_argument, NULL, 'b'},
        {"pairs", no_argument, NULL, 'p'},
        {"clusters", no_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {0},
    };
    accord_compare_how how = {0};
    accord_compare_found found;
    accord_err err = {0};

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'b')
            how.baseline = optarg;
        else if (c == 'p')
            how.pairs = true;
        else if (c == 'c')
            how.clusters = true;
        else if (c == 'j')
            how.json = true;
        else
            return accord_cli_usage(self);
    }
    if (optind == argc || optind + 2 < argc)
        return accord_cli_usage(self);
    how.run = argv[optind];
    how.other = optind + 1 < argc ? argv[optind + 1] : NULL;
    if (accord_judge_compare(&how, stdout, &found, &err))
        return accord_cli_fail(&err);
    return found.incomparable || !found.compared ? ACCORD_EXIT_INCOMPLETE
                                                 : ACCORD_EXIT_OK;
}
