/* cmd_report.c - accord report: runs as one HTML file. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "page/page.h"

/* Megabytes, from 0 to 512. */
static int read_megabytes(const char *text, size_t *out, accord_err *err) {
    double mb;

    if (!accord_cli_number(text, &mb) || !(mb >= 0 && mb <= 512))
        return accord_fail(
            err, ACCORD_E_ARG,
            "--transcripts: expected megabytes from 0 to 512, found \"%s\"", text);
    *out = (size_t)(mb * 1e6);
    return ACCORD_OK;
}

int accord_cmd_report(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'},
        {"transcripts", required_argument, NULL, 't'},
        {0},
    };
    accord_page_how how = {.out = "report.html", .max_talk = 3000000};
    accord_page_found found;
    accord_err err = {0};

    for (int c; (c = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
        if (c == 'o')
            how.out = optarg;
        else if (c != 't')
            return accord_cli_usage(self);
        else if (read_megabytes(optarg, &how.max_talk, &err))
            return accord_cli_fail(&err);
    }
    if (optind == argc)
        return accord_cli_usage(self);
    how.runs = (const char *const *)argv + optind;
    how.n_runs = (size_t)(argc - optind);
    if (accord_page_write(&how, &found, &err))
        return accord_cli_fail(&err);
    printf("%s: ", how.out);
    if (found.bytes < 1000000)
        printf("%zu kB", (found.bytes + 999) / 1000);
    else
        printf("%.1f MB", (double)found.bytes / 1e6);
    printf(", %zu episodes, %zu transcripts", found.episodes, found.talks);
    if (found.left_out)
        printf(", %zu left out", found.left_out);
    puts("");
    return ACCORD_EXIT_OK;
}
