/* cmd_table.c - accord table: the results of runs. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "report/report.h"

int accord_cmd_table(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"format", required_argument, NULL, 'f'},
        {"by", required_argument, NULL, 'b'},
        {0},
    };
    const char *format = "text";
    const char *by = "task";
    accord_err err = {0};

    for (int c; (c = getopt_long(argc, argv, "f:", options, NULL)) != -1;) {
        if (c == 'f')
            format = optarg;
        else if (c == 'b')
            by = optarg;
        else
            return accord_cli_usage(self);
    }
    if (optind == argc)
        return accord_cli_usage(self);
    if (accord_report_table((const char *const *)argv + optind, (uint32_t)(argc - optind),
                            format, by, stdout, &err))
        return accord_cli_fail(&err);
    return ACCORD_EXIT_OK;
}
