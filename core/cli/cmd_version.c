/* cmd_version.c - accord version: what this build is made of and where it runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "run/manifest.h"

static void print_group(const json_t *versions, const char *group) {
    const char *key;
    json_t *value;

    json_object_foreach(json_object_get(versions, group), key, value) {
        if (json_is_string(value))
            printf("%-9s %s\n", key, json_string_value(value));
        else
            printf("%-9s %lld\n", key, (long long)json_integer_value(value));
    }
}

int accord_cmd_version(const accord_command *self, int argc, char **argv) {
    bool json = argc == 2 && strcmp(argv[1], "--json") == 0;

    if (argc > 1 && !json)
        return accord_cli_usage(self);
    json_t *versions = accord_manifest_versions();
    if (json) {
        json_dumpf(versions, stdout, JSON_INDENT(1));
        puts("");
    } else {
        puts(PACKAGE_STRING);
        print_group(versions, "accord");
        print_group(versions, "libraries");
        print_group(versions, "machine");
    }
    json_decref(versions);
    return ACCORD_EXIT_OK;
}
