/* trouble.c - fixture: asks its model like an honest method, but on one item it aborts,
 * hangs, fails, peeks or eats memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/chat.h>
#include <accord/plugin.h>

enum { P_ITEM, P_HOW, N_PARAMS };

static const char *const ways[] = {"none", "abort", "hang",   "fail",
                                   "peek", "eat",   "always", NULL};

static const accord_param params[] = {
    {.name = "item", .help = "where it goes wrong", .type = ACCORD_INT, .value = 7},
    {.name = "how",
     .help = "what it does there",
     .type = ACCORD_STRING,
     .text = "none",
     .choices = ways},
};

struct trouble {
    const accord_host *host;
    const accord_models_service *models;
    const accord_train_score_service *score;
    const accord_trace_service *trace;
    const accord_model *model;
    uint64_t item;
    const char *how;
};

struct game {
    struct trouble *self;
    accord_episode *episode;
    uint64_t item;
    char text[64];
};

static accord_code trouble_create(const accord_host *host, const accord_setup *setup,
                                  void **self, accord_err *err) {
    struct trouble *t = calloc(1, sizeof(*t));

    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    t->models = host->extension(host, ACCORD_MODELS);
    t->score = host->extension(host, ACCORD_TRAIN_SCORE);
    t->trace = host->extension(host, ACCORD_TRACE);
    t->model = setup->roles[0].models[0];
    t->item = (uint64_t)setup->params[P_ITEM].i;
    t->how = setup->params[P_HOW].s;
    *self = t;
    return ACCORD_OK;
}

static accord_code trouble_open(void *self, const accord_episode_info *info, void **ep,
                                accord_err *err) {
    struct game *g = calloc(1, sizeof(*g));

    if (!g)
        return ACCORD_E_NOMEM;
    *g = (struct game){.self = self, .episode = info->episode, .item = info->key->item};
    *ep = g;
    return ACCORD_OK;
}

/* Takes memory until there is none. */
static void eat(void) {
    enum { PIECE = 1 << 20, PIECES = 1 << 14 };

    for (int i = 0; i < PIECES; i++) {
        char *piece = malloc(PIECE);
        if (!piece)
            abort();
        *(volatile char *)piece = 1; /* or the compiler drops it */
    }
}

static accord_code misbehave(struct game *g, accord_action *action, accord_err *err) {
    struct trouble *t = g->self;
    double reward;

    if (strcmp(t->how, "always") == 0)
        abort();
    if (g->item != t->item)
        return ACCORD_OK;
    if (strcmp(t->how, "abort") == 0)
        abort();
    for (volatile int i = 1; strcmp(t->how, "hang") == 0 && i;)
        i = 1;
    if (strcmp(t->how, "eat") == 0)
        eat();
    if (strcmp(t->how, "fail") == 0)
        return t->host->fail(t->host, err, ACCORD_E_INTERNAL, "it does not want to");
    if (strcmp(t->how, "peek") == 0)
        return t->score->score(g->episode, action, &reward, err);
    return ACCORD_OK;
}

static accord_code trouble_act(void *ep, const accord_obs *obs, accord_action *action,
                               accord_err *err) {
    struct game *g = ep;
    accord_chat *chat = accord_chat_create();
    accord_request request = ACCORD_REQUEST_INIT;
    const accord_reply *const *replies;

    request.model = g->self->model;
    accord_chat_ask(chat, ACCORD_TASK_ANSWER, obs->record);
    accord_code rc = accord_chat_request(chat, &request);
    if (!rc)
        rc = g->self->models->complete(g->episode, &request, 1, &replies, err);
    accord_chat_destroy(chat);
    if (rc)
        return rc;
    snprintf(g->text, sizeof(g->text), "%s", replies[0]->text);
    action->text = g->text;
    rc = g->self->trace->candidate(g->episode, "sample", 0, action, err);
    return rc ? rc : misbehave(g, action, err);
}

static const accord_role_spec roles[] = {
    {.name = "solver", .help = "answers", .min = 1, .max = 1},
};

static const accord_method_ops method_ops = {
    .struct_size = sizeof(method_ops),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = 1,
    .roles = roles,
    .open = trouble_open,
    .act = trouble_act,
    .close = free,
};

static const void *trouble_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = trouble_create,
    .destroy = free,
    .extension = trouble_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "trouble",
    .version = "1",
    .summary = "fixture: goes wrong on one item",
    .license = "MIT",
    .params = params,
    .n_params = N_PARAMS,
    .ops = &ops,
};
