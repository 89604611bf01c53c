/* cmd_frames.c - accord frames, hidden: the child that plays an episode again. */
#include <jansson.h>

#include "cli/cli.h"
#include "run/frames.h"

int accord_cmd_frames(const accord_command *self, int argc, char **argv) {
    json_object_seed(0);
    return accord_frames_serve();
}
