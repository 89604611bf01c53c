/* vote.c - self-consistency (Wang et al., 2023): several samples of one model, or of
 * several models, and the answer that most of them give.
 *
 * The pool is ordered round by round: the first sample of every model in the order of the
 * suite, then the second of every model.  "Earliest" in the tie rule means this order,
 * and so does the index of a candidate. */
#include <accord/rng.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "prompt.h"
#include "tally.h"

typedef struct vote {
    accord_prompt prompt;
    const accord_canon_service *canon;
    const accord_trace_service *trace;
    const accord_metrics_service *metrics;
    const accord_model *const *models; /* [n_models] */
    uint32_t n_models;
    uint32_t samples; /* of each model */
    bool draw_ties;
    bool one_step; /* candidates exist on questions only */
} vote;

typedef struct vote_episode {
    const vote *self;
    accord_episode *episode;
    uint64_t stream;
} vote_episode;

enum { P_SAMPLES = ACCORD_PROMPT_N_PARAMS, P_TIES };

static const char *const tie_rules[] = {"first", "random", NULL};

static const accord_param params[] = {
    ACCORD_PROMPT_PARAMS(0.7),
    {"samples", "taken from each model", ACCORD_INT, .value = 1, .min = 1, .max = 64},
    {"ties", "which of the tied answers wins: the first given, or one drawn evenly",
     ACCORD_STRING, .text = "first", .choices = tie_rules},
};

static const accord_role_spec roles[] = {
    {"solver", "answers the question, one vote a sample", 1, 64, 0, 0},
};

static accord_code vote_init(vote *v, const accord_host *host, const accord_setup *setup,
                             accord_err *err) {
    v->canon = host->extension(host, ACCORD_CANON);
    v->trace = host->extension(host, ACCORD_TRACE);
    v->metrics = host->extension(host, ACCORD_METRICS);
    v->models = setup->roles[0].models;
    v->n_models = setup->roles[0].n;
    v->samples = (uint32_t)setup->params[P_SAMPLES].i;
    v->draw_ties = strcmp(setup->params[P_TIES].s, "random") == 0;
    v->one_step = setup->task->max_steps == 1;
    if (v->n_models * v->samples < 2)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "one sample of one model is no vote: set samples, or give the "
                          "role solver several models");
    return accord_prompt_init(&v->prompt, host, setup, err);
}

static accord_code vote_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    vote *v = calloc(1, sizeof(*v));
    if (!v)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    accord_code rc = vote_init(v, host, setup, err);
    if (rc) {
        free(v);
        return rc;
    }
    *self = v;
    return ACCORD_OK;
}

static accord_code vote_open(void *self, const accord_episode_info *info, void **ep,
                             accord_err *err) {
    const vote *v = self;
    vote_episode *e = malloc(sizeof(*e));
    if (!e)
        return accord_prompt_nomem(&v->prompt, err);
    *e = (vote_episode){v, info->episode, accord_rng_fold_text(info->stream, "ties")};
    *ep = e;
    return ACCORD_OK;
}

/* Sends the same messages once for every vote and points text[n] to the replies. */
static accord_code ask_all(const vote_episode *e, accord_chat *chat, const char **text,
                           uint32_t n, accord_err *err) {
    const vote *v = e->self;
    const accord_reply *const *replies;
    accord_request *requests = calloc(n, sizeof(*requests));

    accord_code rc = requests ? ACCORD_OK : ACCORD_E_NOMEM;
    for (uint32_t i = 0; i < n && !rc; i++) {
        requests[i] = accord_prompt_request(&v->prompt, v->models[i % v->n_models]);
        requests[i].agent = i % v->n_models;
        requests[i].sample = i / v->n_models;
        rc = accord_chat_request(chat, &requests[i]);
    }
    if (rc)
        rc = accord_prompt_nomem(&v->prompt, err);
    else
        rc = v->prompt.models->complete(e->episode, requests, n, &replies, err);
    for (uint32_t i = 0; i < n && !rc; i++)
        text[i] = replies[i]->text;
    free(requests);
    return rc;
}

static accord_code name_candidates(const vote_episode *e, const char *const *text,
                                   uint32_t n, accord_err *err) {
    accord_action answer = {.struct_size = sizeof(answer), .kind = ACCORD_TEXT};
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < n && !rc && e->self->one_step; i++) {
        answer.text = text[i];
        rc = e->self->trace->candidate(e->episode, "sample", i, &answer, err);
    }
    return rc;
}

static accord_code decide(vote_episode *e, const char *const *text, uint32_t n,
                          accord_action *action, accord_err *err) {
    const vote *v = e->self;
    accord_tally_place place = {v->prompt.host, v->canon, e->episode};
    accord_tally tally;

    accord_code rc = accord_tally_count(&place, text, n, v->draw_ties ? &e->stream : NULL,
                                        &tally, err);
    if (rc)
        return rc;
    v->metrics->record(v->prompt.host, e->episode, "tie", tally.tied > 1);
    action->text = text[tally.winner];
    return ACCORD_OK;
}

static accord_code vote_act(void *ep, const accord_obs *obs, accord_action *action,
                            accord_err *err) {
    vote_episode *e = ep;
    const accord_prompt *prompt = &e->self->prompt;
    uint32_t n = e->self->n_models * e->self->samples;
    accord_chat *chat = NULL;

    const char **text = calloc(n, sizeof(*text));
    if (!text)
        return accord_prompt_nomem(prompt, err);
    accord_code rc =
        accord_prompt_chat(prompt, ACCORD_TASK_ANSWER, obs->record, &chat, err);
    if (!rc)
        rc = ask_all(e, chat, text, n, err);
    if (!rc)
        rc = name_candidates(e, text, n, err);
    if (!rc)
        rc = decide(e, text, n, action, err);
    accord_chat_destroy(chat);
    free(text);
    return rc;
}

static void vote_estimate(void *self, uint32_t role, uint32_t model,
                          accord_estimate *out) {
    const vote *v = self;

    out->calls = v->samples;
    out->max_tokens = v->prompt.max_tokens;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = 1,
    .roles = roles,
    .open = vote_open,
    .act = vote_act,
    .close = free,
    .estimate = vote_estimate,
};

static const void *vote_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = vote_create,
    .destroy = free,
    .extension = vote_extension,
};

static const char *const needs[] = {ACCORD_MODELS, ACCORD_CANON, ACCORD_TRACE,
                                    ACCORD_METRICS, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "vote",
    .version = "1.0",
    .summary = "the answer that most samples of one or several models give",
    .reference = "https://arxiv.org/abs/2203.11171",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
