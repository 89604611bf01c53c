/* host.c - see host.h. */
#include "host/host.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "host/paths.h"

static const char *const known[] = {
    ACCORD_MODELS, ACCORD_CANON,  ACCORD_TRAIN_SCORE, ACCORD_METRICS,
    ACCORD_TRACE,  ACCORD_RANDOM, ACCORD_DEADLINE,
};

int accord_host_knows(const char *id) {
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i], id) == 0)
            return 1;
    return 0;
}

static const accord_host_instance *instance_of(const accord_host *host) {
    return (const accord_host_instance *)host;
}

ACCORD_PRINTF(3, 4)
static void instance_log(const accord_host *host, int32_t level, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    accord_vlog(level, instance_of(host)->name, fmt, ap);
    va_end(ap);
}

ACCORD_PRINTF(3, 4)
static void default_log(const accord_host *host, int32_t level, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    accord_vlog(level, "accord", fmt, ap);
    va_end(ap);
}

ACCORD_PRINTF(4, 5)
static accord_code host_fail(const accord_host *host, accord_err *err, accord_code code,
                             const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    accord_vfail(err, code, fmt, ap);
    va_end(ap);
    return code;
}

static const void *instance_extension(const accord_host *host, const char *id) {
    const accord_service *s = instance_of(host)->services;

    for (; s && s->id; s++)
        if (strcmp(s->id, id) == 0)
            return s->table;
    return NULL;
}

static const void *default_extension(const accord_host *host, const char *id) {
    return NULL;
}

static accord_code fits(int n, size_t size, const char *name, accord_err *err) {
    if (n >= 0 && (size_t)n < size)
        return ACCORD_OK;
    return accord_fail(err, ACCORD_E_LIMIT, "the path of %s is too long", name);
}

/* Two places were tried and neither has it: say which, and what to do. */
static accord_code no_data(const char *name, const char *env, const char *user,
                           accord_err *err) {
    return accord_fail(err, ACCORD_E_NOTFOUND,
                       "no data file %s in %s nor in %s: set ACCORD_DATA, or see in "
                       "\"accord data ls\" what can be downloaded",
                       name, env ? env : "ACCORD_DATA (not set)",
                       user[0] ? user : "the user's data directory (no HOME)");
}

static accord_code host_data_path(const accord_host *host, const char *name, char *path,
                                  size_t size, accord_err *err) {
    const char *env = getenv("ACCORD_DATA");
    char user[PATH_MAX];

    if (name[0] == '/' || name[0] == '.') {
        accord_code rc = fits(snprintf(path, size, "%s", name), size, name, err);
        if (rc || accord_file_exists(path))
            return rc;
        return accord_fail(err, ACCORD_E_NOTFOUND, "no data file %s", name);
    }
    if (env && !env[0])
        env = NULL;
    if (env) {
        accord_code rc = fits(snprintf(path, size, "%s/%s", env, name), size, name, err);
        if (rc || accord_file_exists(path))
            return rc;
    }
    accord_path_user("data", user);
    if (user[0]) {
        accord_code rc = fits(snprintf(path, size, "%s/%s", user, name), size, name, err);
        if (rc || accord_file_exists(path))
            return rc;
    }
    return no_data(name, env, user, err);
}

void accord_host_init(accord_host_instance *h, const char *name,
                      const accord_service *services, void *ctx) {
    *h = (accord_host_instance){
        .host = {.struct_size = sizeof(accord_host),
                 .abi_minor = ACCORD_ABI_MINOR,
                 .log = instance_log,
                 .fail = host_fail,
                 .extension = instance_extension,
                 .data_path = host_data_path},
        .name = name,
        .services = services,
        .ctx = ctx,
    };
}

const accord_host accord_host_default = {
    .struct_size = sizeof(accord_host),
    .abi_minor = ACCORD_ABI_MINOR,
    .log = default_log,
    .fail = host_fail,
    .extension = default_extension,
    .data_path = host_data_path,
};
