/* cmd_gate.c - accord gate: holds a run to a baseline, or writes one. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "judge/judge.h"

static bool read_option(int c, accord_gate_how *how) {
    switch (c) {
    case 'b':
        how->baseline = optarg;
        return true;
    case 'w':
        how->write = optarg;
        return true;
    case 'm':
        return accord_cli_number(optarg, &how->margin);
    case 'c':
        return accord_cli_number(optarg, &how->coverage);
    case 'u':
        how->junit = optarg;
        return true;
    case 'B':
        how->bmf = optarg;
        return true;
    case 'g':
        how->bigger = optarg;
        return true;
    case 's':
        how->strict = true;
        return true;
    case 'j':
        how->json = true;
        return true;
    default:
        return false;
    }
}

/* What GitHub's runner sets for each step of a job. */
static void ask_github(accord_gate_how *how) {
    const char *actions = getenv("GITHUB_ACTIONS");
    const char *summary = getenv("GITHUB_STEP_SUMMARY");

    how->annotate = actions && strcmp(actions, "true") == 0;
    how->step_summary = summary && *summary ? summary : NULL;
}

static int status_of(const accord_gate_how *how, int found) {
    switch (found) {
    case ACCORD_GATE_WORSE:
        return ACCORD_EXIT_REGRESSION;
    case ACCORD_GATE_UNFIT:
        return ACCORD_EXIT_INCOMPLETE;
    case ACCORD_GATE_UNSURE:
        return how->strict ? ACCORD_EXIT_INCONCLUSIVE : ACCORD_EXIT_OK;
    default:
        return ACCORD_EXIT_OK;
    }
}

int accord_cmd_gate(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {
        {"baseline", required_argument, NULL, 'b'},
        {"write", required_argument, NULL, 'w'},
        {"margin", required_argument, NULL, 'm'},
        {"coverage", required_argument, NULL, 'c'},
        {"junit", required_argument, NULL, 'u'},
        {"bmf", required_argument, NULL, 'B'},
        {"benchmark", required_argument, NULL, 'g'},
        {"strict", no_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {0},
    };
    accord_gate_how how = {.margin = 1, .coverage = 0.95};
    accord_err err = {0};
    int found;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!read_option(c, &how))
            return accord_cli_usage(self);
    if (optind + 1 != argc)
        return accord_cli_usage(self);
    how.run = argv[optind];
    ask_github(&how);
    if (accord_judge_gate(&how, stdout, &found, &err))
        return accord_cli_fail(&err);
    if (found == ACCORD_GATE_UNSURE && !how.strict)
        fputs("accord: the gate is inconclusive; with --strict this would fail\n",
              stderr);
    return status_of(&how, found);
}
