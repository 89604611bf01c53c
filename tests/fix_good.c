/* fix_good.c - a method in which nothing is wrong, with an option of every type.  It
 * answers with what it was given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix.h"

enum { LOUD, COUNT, RATE, WORD, SECRET };

static const char *const words[] = {"yes", "no", NULL};

static const accord_param params[] = {
    [LOUD] = {"loud", "shout", .type = ACCORD_BOOL, .value = 1},
    [COUNT] = {"count", "how many", .type = ACCORD_INT, .value = 5, .min = 1, .max = 9},
    [RATE] = {"rate", "how fast, per second", .type = ACCORD_REAL, .value = 0.5},
    [WORD] = {"word", "what to say", .type = ACCORD_STRING, .text = "yes",
              .choices = words},
    [SECRET] = {"secret", "any text; \"fail\" makes create() fail", .type = ACCORD_STRING,
                .required = 1},
};

static const accord_role_spec roles[] = {
    {"solver", "who answers", 1, 3, ACCORD_CAP_TOP_P, ACCORD_ROLE_NESTED},
    {"judge", "who decides", 0, 1, 0, 0},
};

static const char *const needs[] = {ACCORD_MODELS, NULL};

static accord_code create(const accord_host *host, const accord_setup *setup, void **self,
                          accord_err *err) {
    const accord_param_value *v = setup->params;
    char *text = NULL;

    if (strcmp(v[SECRET].s, "fail") == 0)
        return host->fail(host, err, ACCORD_E_CONFIG, "asked to fail");
    if (strcmp(v[SECRET].s, "silent") == 0)
        return ACCORD_E_INTERNAL;
    if (asprintf(&text, "%d %d %g %s %s %d", (int)v[LOUD].i, (int)v[COUNT].i, v[RATE].r,
                 v[WORD].s, v[SECRET].s, (int)setup->seed) < 0)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    host->log(host, ACCORD_WARN, "created with %s", text);
    *self = text;
    return ACCORD_OK;
}

static accord_code open(void *self, const accord_episode_info *info, void **ep,
                        accord_err *err) {
    *ep = self;
    return ACCORD_OK;
}

static accord_code act(void *ep, const accord_obs *obs, accord_action *action,
                       accord_err *err) {
    action->text = ep;
    return ACCORD_OK;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = sizeof(roles) / sizeof(roles[0]),
    .roles = roles,
    .open = open,
    .act = act,
    .close = fix_close,
};

static const void *extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = create,
    .destroy = free,
    .extension = extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "fix_good",
    .version = "1.2",
    .summary = "answers with its options",
    .reference = "https://example.org/good",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
