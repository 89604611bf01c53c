/* cmd_table.c - accord table: the results of runs. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "judge/board.h"
#include "judge/equal.h"
#include "report/report.h"

int accord_cmd_table(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"format", required_argument, NULL, 'f'},
        {"by", required_argument, NULL, 'b'},
        {"parts", no_argument, NULL, 'p'},
        {"metrics", optional_argument, NULL, 'm'},
        {"equal-tokens", required_argument, NULL, 'e'},
        {0},
    };
    accord_table_how how = {.mark = accord_board_mark, .beside = accord_equal_make};
    accord_err err = {0};

    for (int c; (c = getopt_long(argc, argv, "f:", options, NULL)) != -1;) {
        if (c == 'f')
            how.format = optarg;
        else if (c == 'b')
            how.by = optarg;
        else if (c == 'p')
            how.parts = true;
        else if (c == 'm')
            how.metrics = optarg ? optarg : "";
        else if (c == 'e')
            how.equal_tokens = optarg;
        else
            return accord_cli_usage(self);
    }
    if (optind == argc)
        return accord_cli_usage(self);
    if (accord_report_table((const char *const *)argv + optind, (uint32_t)(argc - optind),
                            &how, stdout, &err))
        return accord_cli_fail(&err);
    return ACCORD_EXIT_OK;
}
