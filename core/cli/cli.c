/* cli.c - see cli.h. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "report/sheet.h"

int accord_cli_fail(const accord_err *err) {
    accord_buf clean;

    /* What a file or a server said may hold codes for a terminal. */
    accord_buf_init(&clean, 1 << 14);
    accord_report_clean(&clean, err->msg, true);
    fprintf(stderr, "accord: %s\n", clean.data ? clean.data : "");
    accord_buf_fini(&clean);
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

bool accord_cli_number(const char *text, double *out) {
    char *end;

    *out = strtod(text, &end);
    return end != text && !*end;
}
