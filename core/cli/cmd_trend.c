/* cmd_trend.c - accord trend: a history of scores, and where their level changed. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/cli.h"
#include "judge/judge.h"

static bool read_option(int c, accord_trend_how *how) {
    switch (c) {
    case 'a':
        how->append = optarg;
        return true;
    case 'c':
        how->commit = optarg;
        return true;
    case 'd':
        how->date = optarg;
        return true;
    case 'v':
        return accord_cli_number(optarg, &how->coverage);
    case 'm':
        how->method = optarg;
        return true;
    case 't':
        how->task = optarg;
        return true;
    case 's':
        how->svg = optarg;
        return true;
    case 'j':
        how->json = true;
        return true;
    default:
        return false;
    }
}

/* Blocks need a terminal and a locale in UTF-8; the first that is set decides. */
static bool shows_unicode(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *term = getenv("TERM");

    if (!isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0)
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

int accord_cmd_trend(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"append", required_argument, NULL, 'a'},
        {"commit", required_argument, NULL, 'c'},
        {"date", required_argument, NULL, 'd'},
        {"coverage", required_argument, NULL, 'v'},
        {"method", required_argument, NULL, 'm'},
        {"task", required_argument, NULL, 't'},
        {"svg", required_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {0},
    };
    accord_trend_how how = {.coverage = 0.95, .unicode = shows_unicode()};
    accord_err err = {0};
    bool fit;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!read_option(c, &how))
            return accord_cli_usage(self);
    if (optind + 1 != argc)
        return accord_cli_usage(self);
    how.history = argv[optind];
    /* What GitHub's runner says of the job. */
    const char *commit = getenv("GITHUB_SHA");
    if (how.append && !how.commit && commit && *commit)
        how.commit = commit;
    if (accord_judge_trend(&how, stdout, stderr, &fit, &err))
        return accord_cli_fail(&err);
    return fit ? ACCORD_EXIT_OK : ACCORD_EXIT_INCOMPLETE;
}
