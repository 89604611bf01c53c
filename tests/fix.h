/* fix.h - what fixture plugins share, so that each shows only what is wrong with it. */
#ifndef ACCORD_FIX_H
#define ACCORD_FIX_H

#include <stddef.h>

#include <accord/plugin.h>

#define FIX_TEXTS .version = "1", .summary = "a fixture", .license = "MIT"

static inline accord_code fix_create(const accord_host *host, const accord_setup *setup,
                                     void **self, accord_err *err) {
    *self = NULL;
    return ACCORD_OK;
}

static inline void fix_destroy(void *self) {
}

static inline const void *fix_nothing(const char *id) {
    return NULL;
}

static inline accord_code fix_open(void *self, const accord_episode_info *info, void **ep,
                                   accord_err *err) {
    *ep = NULL;
    return ACCORD_OK;
}

static inline accord_code fix_act(void *ep, const accord_obs *obs, accord_action *action,
                                  accord_err *err) {
    return ACCORD_OK;
}

static inline void fix_close(void *ep) {
}

/* A method table that lacks only act(). */
#define FIX_METHOD \
    .struct_size = sizeof(accord_method_ops), .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT), \
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT), .open = fix_open, .close = fix_close

/* The operations fix_ops, whose extension() gives `table` for `id`. */
#define FIX_OFFER(id, table) \
    static const void *fix_offer(const char *wanted) { \
        return strcmp(wanted, id) == 0 ? &(table) : NULL; \
    } \
    static const accord_ops fix_ops = {.struct_size = sizeof(fix_ops), \
                                       .create = fix_create, \
                                       .destroy = fix_destroy, \
                                       .extension = fix_offer}

#endif
