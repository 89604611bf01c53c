/* debate.c - multi-agent debate (Du et al., 2023): agents answer on their own, then each
 * reads what the others said last and revises its answer.  The end is the majority of the
 * last answers, or what a judge makes of them.
 *
 * An agent whose call failed keeps its last answer; one that has none yet is not shown to
 * the others.  Replies live until the episode closes, so answers are pointers to them. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "prompt.h"
#include "tally.h"

enum { MAX_AGENTS = 16 };

typedef struct debate {
    accord_prompt prompt;
    const accord_canon_service *canon;
    const accord_trace_service *trace;
    const accord_model *const *models; /* [n_models] */
    const accord_model *judge;         /* NULL: the majority decides */
    uint32_t n_models;
    uint32_t agents; /* of each model */
    uint32_t n;      /* agents in all */
    uint32_t rounds; /* of revision */
    bool one_step;   /* candidates exist on questions only */
} debate;

typedef struct debate_episode {
    const debate *self;
    accord_episode *episode;
    const accord_record *record; /* during act() */
    uint32_t round;
    const char *last[MAX_AGENTS]; /* what each agent said last; "" = nothing yet */
} debate_episode;

enum { P_AGENTS = ACCORD_PROMPT_N_PARAMS, P_ROUNDS };
enum { R_AGENT, R_JUDGE, N_ROLES };

static const accord_param params[] = {
    ACCORD_PROMPT_PARAMS(0.7),
    {"agents", "played by each model", ACCORD_INT, .value = 1, .min = 1,
     .max = MAX_AGENTS},
    {"rounds", "of revision, after the answers that each gives on its own", ACCORD_INT,
     .value = 1, .min = 1, .max = 16},
};

static const accord_role_spec roles[N_ROLES] = {
    {"agent", "answers and revises", 1, MAX_AGENTS, 0, 0},
    {"judge", "merges the last answers; left open, the majority decides", 0, 1, 0, 0},
};

static accord_code debate_init(debate *d, const accord_host *host,
                               const accord_setup *setup, accord_err *err) {
    const accord_role *judge = &setup->roles[R_JUDGE];

    d->canon = host->extension(host, ACCORD_CANON);
    d->trace = host->extension(host, ACCORD_TRACE);
    d->models = setup->roles[R_AGENT].models;
    d->judge = judge->n > 0 ? judge->models[0] : NULL;
    d->n_models = setup->roles[R_AGENT].n;
    d->agents = (uint32_t)setup->params[P_AGENTS].i;
    d->n = d->n_models * d->agents;
    d->rounds = (uint32_t)setup->params[P_ROUNDS].i;
    d->one_step = setup->task->max_steps == 1;
    if (d->n < 2 || d->n > MAX_AGENTS)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "a debate has 2 to %d agents, not %u: set agents, or give the "
                          "role agent several models",
                          MAX_AGENTS, d->n);
    return accord_prompt_init(&d->prompt, host, setup, err);
}

static accord_code debate_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    debate *d = calloc(1, sizeof(*d));
    if (!d)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    accord_code rc = debate_init(d, host, setup, err);
    if (rc) {
        free(d);
        return rc;
    }
    *self = d;
    return ACCORD_OK;
}

static accord_code debate_open(void *self, const accord_episode_info *info, void **ep,
                               accord_err *err) {
    const debate *d = self;
    debate_episode *e = calloc(1, sizeof(*e));
    if (!e)
        return accord_prompt_nomem(&d->prompt, err);
    e->self = d;
    e->episode = info->episode;
    *ep = e;
    return ACCORD_OK;
}

/* The last answers as sections Peer 1, 2, ..., without agent `except`'s. */
static void show_peers(const debate_episode *e, accord_chat *chat, uint32_t except) {
    uint32_t k = 0;

    for (uint32_t i = 0; i < e->self->n; i++)
        if (i != except && *e->last[i])
            accord_chat_peer(chat, ++k, e->last[i]);
}

static accord_code agent_chat(const debate_episode *e, uint32_t agent, accord_chat **out,
                              accord_err *err) {
    const char *task = e->round == 0 ? ACCORD_TASK_ANSWER : ACCORD_TASK_REVISE;

    accord_code rc = accord_prompt_chat(&e->self->prompt, task, e->record, out, err);
    if (rc || e->round == 0)
        return rc;
    accord_chat_section(*out, "Answer", e->last[agent]);
    show_peers(e, *out, agent);
    return ACCORD_OK;
}

/* All agents speak at once. */
static accord_code play_round(debate_episode *e, accord_err *err) {
    const debate *d = e->self;
    const accord_reply *const *replies;
    accord_chat *chats[MAX_AGENTS] = {NULL};
    accord_request requests[MAX_AGENTS];
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < d->n && !rc; i++) {
        rc = agent_chat(e, i, &chats[i], err);
        requests[i] = accord_prompt_request(&d->prompt, d->models[i % d->n_models]);
        requests[i].role = "agent";
        requests[i].agent = i;
        requests[i].round = e->round;
        if (!rc && accord_chat_request(chats[i], &requests[i]))
            rc = accord_prompt_nomem(&d->prompt, err);
    }
    if (!rc)
        rc = d->prompt.models->complete(e->episode, requests, d->n, &replies, err);
    for (uint32_t i = 0; i < d->n; i++) {
        if (!rc && *replies[i]->text)
            e->last[i] = replies[i]->text;
        accord_chat_destroy(chats[i]);
    }
    return rc;
}

/* *answer = that of most agents; of tied ones the one that the earliest agent gave. */
static accord_code end_round(const debate_episode *e, const char **answer,
                             accord_err *err) {
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_TEXT};
    accord_tally_place place = {e->self->prompt.host, e->self->canon, e->episode};
    accord_tally tally;

    accord_code rc = accord_tally_count(&place, e->last, e->self->n, NULL, &tally, err);
    if (rc)
        return rc;
    *answer = e->last[tally.winner];
    if (!e->self->one_step)
        return ACCORD_OK;
    action.text = *answer;
    return e->self->trace->candidate(e->episode, "round", e->round, &action, err);
}

/* A judge that fails leaves no answer: the majority would be another method.  It is not
 * asked when no agent said anything. */
static accord_code ask_judge(const debate_episode *e, const char **answer,
                             accord_err *err) {
    const debate *d = e->self;
    const accord_reply *const *replies;
    accord_request request = accord_prompt_request(&d->prompt, d->judge);
    accord_chat *chat;

    accord_code rc =
        accord_prompt_chat(&d->prompt, ACCORD_TASK_MERGE, e->record, &chat, err);
    if (rc)
        return rc;
    show_peers(e, chat, d->n);
    request.role = "judge";
    request.round = d->rounds;
    rc = accord_chat_request(chat, &request);
    if (rc)
        rc = accord_prompt_nomem(&d->prompt, err);
    else
        rc = d->prompt.models->complete(e->episode, &request, 1, &replies, err);
    if (!rc)
        *answer = replies[0]->text;
    accord_chat_destroy(chat);
    return rc;
}

static accord_code debate_act(void *ep, const accord_obs *obs, accord_action *action,
                              accord_err *err) {
    debate_episode *e = ep;
    const debate *d = e->self;
    const char *answer = "";
    accord_code rc = ACCORD_OK;

    e->record = obs->record;
    for (uint32_t i = 0; i < d->n; i++)
        e->last[i] = "";
    for (e->round = 0; e->round <= d->rounds && !rc; e->round++) {
        rc = play_round(e, err);
        if (!rc)
            rc = end_round(e, &answer, err);
    }
    if (!rc && d->judge && *answer)
        rc = ask_judge(e, &answer, err);
    if (!rc)
        action->text = answer;
    return rc;
}

static void debate_estimate(void *self, uint32_t role, uint32_t model,
                            accord_estimate *out) {
    const debate *d = self;

    out->calls = role == R_JUDGE ? 1 : d->agents * (d->rounds + 1);
    out->max_tokens = d->prompt.max_tokens;
    out->quoted = d->n * d->prompt.max_tokens; /* all last answers, but at first */
    if (role == R_AGENT)
        out->quoted = (uint32_t)((uint64_t)out->quoted * d->rounds / (d->rounds + 1));
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = N_ROLES,
    .roles = roles,
    .open = debate_open,
    .act = debate_act,
    .close = free,
    .estimate = debate_estimate,
};

static const void *debate_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = debate_create,
    .destroy = free,
    .extension = debate_extension,
};

static const char *const needs[] = {ACCORD_MODELS, ACCORD_CANON, ACCORD_TRACE, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "debate",
    .version = "1.0",
    .summary = "agents read each other's answers and revise their own, for some rounds",
    .reference = "https://arxiv.org/abs/2305.14325",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
