/* cli.h - what the sub-commands share.  One file per sub-command, cmd_NAME.c; main.c has
 * the table.  Results go to stdout, everything else to stderr. */
#ifndef ACCORD_CLI_H
#define ACCORD_CLI_H

#include <stdbool.h>

#include "base/err.h"

enum {
    ACCORD_EXIT_OK = 0,
    ACCORD_EXIT_INTERNAL = 1,
    ACCORD_EXIT_USAGE = 2, /* usage or configuration */
    ACCORD_EXIT_REGRESSION = 3,
    ACCORD_EXIT_INCONCLUSIVE = 4, /* with --strict */
    ACCORD_EXIT_INCOMPLETE = 5,
    ACCORD_EXIT_BUDGET = 6,
    ACCORD_EXIT_SIGINT = 130, /* interrupted after a clean flush; resumable */
    ACCORD_EXIT_SIGTERM = 143,
};

typedef struct accord_command {
    const char *name;
    const char *usage;   /* arguments, as in "SUITE [-o DIR]"; NULL hides the command */
    const char *summary; /* one line */
    int (*run)(const struct accord_command *self, int argc, char **argv);
} accord_command;

/* [main] Prints "accord: message" and gives the exit status that fits the code. */
int accord_cli_fail(const accord_err *err);

/* [main] Prints a command's usage line to stderr; returns ACCORD_EXIT_USAGE. */
int accord_cli_usage(const accord_command *command);

/* [main] A number and nothing else; false when `text` is none. */
bool accord_cli_number(const char *text, double *out);

int accord_cmd_compare(const accord_command *self, int argc, char **argv);
int accord_cmd_data(const accord_command *self, int argc, char **argv);
int accord_cmd_run(const accord_command *self, int argc, char **argv);
int accord_cmd_describe(const accord_command *self, int argc, char **argv);
int accord_cmd_frames(const accord_command *self, int argc, char **argv);
int accord_cmd_gate(const accord_command *self, int argc, char **argv);
int accord_cmd_grade(const accord_command *self, int argc, char **argv);
int accord_cmd_info(const accord_command *self, int argc, char **argv);
int accord_cmd_ls(const accord_command *self, int argc, char **argv);
int accord_cmd_plugin(const accord_command *self, int argc, char **argv);
int accord_cmd_report(const accord_command *self, int argc, char **argv);
int accord_cmd_rescore(const accord_command *self, int argc, char **argv);
int accord_cmd_show(const accord_command *self, int argc, char **argv);
int accord_cmd_table(const accord_command *self, int argc, char **argv);
int accord_cmd_trend(const accord_command *self, int argc, char **argv);
int accord_cmd_validate(const accord_command *self, int argc, char **argv);
int accord_cmd_version(const accord_command *self, int argc, char **argv);
int accord_cmd_worker(const accord_command *self, int argc, char **argv);

#endif
