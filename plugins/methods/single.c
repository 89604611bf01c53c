/* single.c - one model answers each question once: chain of thought, with worked examples
 * or without (Wei et al., 2022).  What every panel has to beat. */
#include <stdlib.h>
#include <string.h>

#include "prompt.h"

typedef struct single {
    accord_prompt prompt;
    const accord_model *solver;
} single;

typedef struct single_episode {
    const single *self;
    accord_episode *episode;
} single_episode;

static const accord_param params[] = {ACCORD_PROMPT_PARAMS(0)};

static const accord_role_spec roles[] = {{"solver", "answers the question", 1, 1, 0, 0}};

static accord_code single_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    single *s = calloc(1, sizeof(*s));
    if (!s)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    s->solver = setup->roles[0].models[0];
    accord_code rc = accord_prompt_init(&s->prompt, host, setup, err);
    if (rc) {
        free(s);
        return rc;
    }
    *self = s;
    return ACCORD_OK;
}

static accord_code single_open(void *self, const accord_episode_info *info, void **ep,
                               accord_err *err) {
    const single *s = self;
    single_episode *e = malloc(sizeof(*e));
    if (!e)
        return accord_prompt_nomem(&s->prompt, err);
    *e = (single_episode){s, info->episode};
    *ep = e;
    return ACCORD_OK;
}

/* A failed reply has the text "", which is "no answer". */
static accord_code single_act(void *ep, const accord_obs *obs, accord_action *action,
                              accord_err *err) {
    const single_episode *e = ep;
    const accord_prompt *prompt = &e->self->prompt;
    accord_request request = accord_prompt_request(prompt, e->self->solver);
    const accord_reply *const *replies;
    accord_chat *chat;

    accord_code rc =
        accord_prompt_chat(prompt, ACCORD_TASK_ANSWER, obs->record, &chat, err);
    if (rc)
        return rc;
    rc = accord_chat_request(chat, &request);
    if (rc)
        rc = accord_prompt_nomem(prompt, err);
    else
        rc = prompt->models->complete(e->episode, &request, 1, &replies, err);
    if (!rc)
        action->text = replies[0]->text;
    accord_chat_destroy(chat);
    return rc;
}

static void single_estimate(void *self, uint32_t role, uint32_t model,
                            accord_estimate *out) {
    const single *s = self;

    out->calls = 1;
    out->max_tokens = s->prompt.max_tokens;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = 1,
    .roles = roles,
    .open = single_open,
    .act = single_act,
    .close = free,
    .estimate = single_estimate,
};

static const void *single_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = single_create,
    .destroy = free,
    .extension = single_extension,
};

static const char *const needs[] = {ACCORD_MODELS, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "single",
    .version = "1.0",
    .summary = "one model answers once, step by step (zero-shot or few-shot)",
    .reference = "https://arxiv.org/abs/2201.11903",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
