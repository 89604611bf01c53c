/* cmd_describe.c - accord describe, hidden: the child that creates plugins for a plan. */
#include <jansson.h>

#include "cli/cli.h"
#include "run/plan.h"

int accord_cmd_describe(const accord_command *self, int argc, char **argv) {
    json_object_seed(0);
    return accord_plan_describe();
}
