/* act.c - see act.h. */
#include "act.h"

#include <string.h>

#include <accord/rng.h>

static const char executor_words[] =
    "You are one of several solvers of the same question. You cannot see what the others "
    "write; think of what they are likely to answer, follow the plan, and give the "
    "answer "
    "with which the common result will be best.";

/* ---- actions ---------------------------------------------------------------------- */

static econ_action fixed_action(const econ_options *o) {
    const econ_config *c = &o->learner;
    double t = o->fixed_temperature, p = o->fixed_top_p;

    return econ_action_at(c, t ? (float)((t - c->t_min) / (c->t_max - c->t_min)) : 0.5f,
                          p ? (float)((p - c->p_min) / (c->p_max - c->p_min)) : 0.5f);
}

static void control_actions(const econ_episode *e, uint32_t t, econ_action *action) {
    const econ *c = e->self;

    for (uint32_t i = 0; i < c->panel.n; i++) {
        if (c->o.action == ECON_FIXED) {
            action[i] = fixed_action(&c->o);
            continue;
        }
        uint64_t rng = c->random->stream(e->host, i, "action", t, 0);
        float unit[2];
        for (int k = 0; k < 2; k++)
            unit[k] = (float)accord_rng_uniform(&rng);
        action[i] = econ_action_at(&c->o.learner, unit[0], unit[1]);
    }
}

/* The learnt actions stand beside the explored ones, from the same beliefs: they are what
 * is shown. */
static accord_code learned_actions(econ_episode *e, uint32_t t, accord_err *err) {
    econ *c = e->self;
    econ_turn *turn = &e->turn[t];
    econ_view view[ECON_MAX_AGENTS];
    accord_nn_err why = {0};
    bool explores = e->phase == ACCORD_PHASE_TRAIN;
    double noise = econ_noise(&c->o.learner, econ_episodes(c->learner));
    uint64_t rng = explores ? c->random->stream(e->host, 0, "explore", t, 0) : 0;

    econ_views(e, t, view);
    accord_code rc =
        econ_decide(c->learner, &e->mind, view, noise, explores ? &rng : NULL,
                    turn->action, turn->learnt, &why);
    return rc ? econ_nn_fail(c, rc, &why, err) : ACCORD_OK;
}

accord_code econ_choose(econ_episode *e, uint32_t t, accord_err *err) {
    econ *c = e->self;
    econ_turn *turn = &e->turn[t];
    uint32_t agent;
    float unit[2];

    if (c->learns) {
        accord_code rc = learned_actions(e, t, err);
        if (rc)
            return rc;
    } else {
        control_actions(e, t, turn->action);
        memcpy(turn->learnt, turn->action, sizeof(turn->learnt));
    }
    if (e->phase == ACCORD_PHASE_PROBE &&
        econ_probe_deviation(&c->probe, e->variant, &agent, unit)) {
        turn->action[agent] = econ_action_at(&c->o.learner, unit[0], unit[1]);
        if (c->learns)
            econ_mind_played(&c->o.learner, &e->mind, turn->action);
    }
    return ACCORD_OK;
}

/* ---- answers ---------------------------------------------------------------------- */

static const char *plan_of(const econ_episode *e, uint32_t executor) {
    const econ_panel *p = &e->self->panel;

    return e->plan[p->n_clusters > 1 ? 1 + p->cluster[executor] : 0].text;
}

static accord_code executor_chat(const econ_episode *e, uint32_t t, uint32_t i,
                                 accord_chat **out, accord_err *err) {
    const econ_turn *last = t > 0 ? &e->turn[t - 1] : NULL;
    bool knows = last && last->final.canon;

    *out = accord_chat_create();
    if (!*out)
        return econ_nomem(e->self, err);
    accord_chat_message(*out, "system");
    accord_chat_text(*out, executor_words);
    accord_chat_ask(*out, knows ? ACCORD_TASK_REVISE : ACCORD_TASK_ANSWER, e->record);
    if (!knows || e->self->o.is_replanned)
        accord_chat_section(*out, "Plan", plan_of(e, i));
    if (knows) {
        accord_chat_section(*out, "Answer", last->said[i].text);
        accord_chat_peer(*out, 1, last->final.text);
    }
    return ACCORD_OK;
}

static accord_request executor_request(const econ_episode *e, uint32_t t, uint32_t i) {
    const econ *c = e->self;
    accord_request request = ACCORD_REQUEST_INIT;

    request.model = c->panel.executor[i];
    request.role = "executor";
    request.agent = i;
    request.round = t;
    request.temperature = e->turn[t].action[i].temperature;
    request.top_p = e->turn[t].action[i].top_p;
    request.max_tokens = c->o.max_tokens;
    return request;
}

accord_code econ_speak(econ_episode *e, uint32_t t, accord_err *err) {
    const econ *c = e->self;
    const econ_reader reader = {c->host, c->canon, e->host};
    accord_request requests[ECON_MAX_AGENTS];
    accord_chat *chats[ECON_MAX_AGENTS] = {NULL};
    const accord_reply *const *replies;
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < c->panel.n && !rc; i++) {
        requests[i] = executor_request(e, t, i);
        rc = executor_chat(e, t, i, &chats[i], err);
        if (!rc && accord_chat_request(chats[i], &requests[i]))
            rc = econ_nomem(c, err);
    }
    if (!rc)
        rc = c->models->complete(e->host, requests, c->panel.n, &replies, err);
    for (uint32_t i = 0; i < c->panel.n; i++) {
        if (!rc)
            rc = econ_answer_read(&reader, replies[i]->text, &e->turn[t].said[i], err);
        accord_chat_destroy(chats[i]);
    }
    return rc;
}
