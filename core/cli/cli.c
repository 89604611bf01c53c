/* cli.c - see cli.h. */
#include "cli/cli.h"

#include <stdio.h>

int accord_cli_fail(const accord_err *err) {
    fprintf(stderr, "accord: %s\n", err->msg);
    switch (err->code) {
    case ACCORD_E_ARG:
    case ACCORD_E_CONFIG:
    case ACCORD_E_ABI:
    case ACCORD_E_NOTFOUND:
    case ACCORD_E_UNSUPPORTED:
        return ACCORD_EXIT_USAGE;
    default:
        return ACCORD_EXIT_INTERNAL;
    }
}

int accord_cli_usage(const accord_command *command) {
    fprintf(stderr, "usage: accord %s %s\n", command->name, command->usage);
    return ACCORD_EXIT_USAGE;
}
