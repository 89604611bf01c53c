/* cmd_worker.c - hidden: plays one cell for `accord run` and seals it. */
#include <stdio.h>

#include "base/json.h"
#include "cli/cli.h"
#include "report/report.h"
#include "run/worker.h"

int accord_cmd_worker(const accord_command *self, int argc, char **argv) {
    char cell_dir[4096];
    accord_err err = {0};
    int played;

    json_object_seed(0);
    int status = accord_worker_main(argc, argv, &played, cell_dir);
    if (played && accord_report_seal(argv[1], cell_dir, &err)) {
        fprintf(stderr, "accord: %s\n", err.msg);
        return ACCORD_WORKER_FAILED;
    }
    return status;
}
