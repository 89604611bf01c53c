/* cmd_version.c - accord version: what this build is made of. */
#include <stdio.h>

#include "cli/cli.h"

int accord_cmd_version(const accord_command *self, int argc, char **argv) {
    if (argc > 1)
        return accord_cli_usage(self);
    puts(PACKAGE_STRING);
    return ACCORD_EXIT_OK;
}
