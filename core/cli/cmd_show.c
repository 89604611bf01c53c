/* cmd_show.c - accord show: who said what, and what it cost. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "report/report.h"

int accord_cmd_show(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"cell", required_argument, NULL, 'c'},
        {"item", required_argument, NULL, 'i'},
        {"json", no_argument, NULL, 'j'},
        {0},
    };
    accord_show what = {0};
    accord_err err = {0};

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'c')
            what.cell = optarg;
        else if (c == 'i')
            what.item = optarg;
        else if (c == 'j')
            what.raw = true;
        else
            return accord_cli_usage(self);
    }
    if (optind + 1 != argc)
        return accord_cli_usage(self);
    what.run_dir = argv[optind];
    if (accord_report_show(&what, stdout, &err))
        return accord_cli_fail(&err);
    return ACCORD_EXIT_OK;
}
