/* strips.c - problems that are stated in PDDL. */
#include "kind.h"

static accord_code strips_create(const accord_host *host,
                                 const struct planning_options *options, void **self,
                                 accord_err *err) {
    *self = NULL;
    return host->fail(host, err, ACCORD_E_UNSUPPORTED, "not built yet");
}

static void strips_destroy(void *self) {
}

const struct planning_kind planning_strips = {
    .create = strips_create,
    .destroy = strips_destroy,
};
