/* episode.c - see episode.h. */
#include "run/episode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/outcome.h"
#include "run/score.h"
#include "run/values.h"

enum { CANON_BYTES = 4096 };

/* Split, item, visit and variant of a place. */
static void resolve(accord_episode *e) {
    accord_stage *s = e->stage;
    int32_t split =
        e->place.phase == ACCORD_PHASE_EVAL ? ACCORD_SPLIT_EVAL : ACCORD_SPLIT_TRAIN;
    uint64_t index = e->place.index;

    if (e->place.phase == ACCORD_PHASE_PROBE) {
        e->variant = (uint32_t)(index % s->probes->variants);
        index /= s->probes->variants;
    }
    e->spec = s->specs[e->place.mode];
    e->n_parts = 0;
    while (e->spec->parts && e->spec->parts[e->n_parts] && e->n_parts < ACCORD_MAX_PARTS)
        e->n_parts++;
    e->key = (accord_key){.struct_size = sizeof(e->key),
                          .split = split,
                          .mode = s->cell->modes[e->place.mode],
                          .seed = s->cell->seed};
    e->key.item = accord_order_item(&s->orders[split], index, &e->visit);
}

/* "PHASE/STEP/MODE/VISIT/ITEM" */
static void name_it(accord_episode *e, const char *id) {
    uint64_t visit = e->place.phase == ACCORD_PHASE_PROBE ? e->variant : e->visit;

    int n = snprintf(e->name, sizeof(e->name), "%s/%llu/%s/%llu/",
                     accord_phase_name(e->place.phase), (unsigned long long)e->place.step,
                     e->key.mode, (unsigned long long)visit);
    e->item = e->name + n;
    snprintf(e->name + n, sizeof(e->name) - (size_t)n, "%s", id);
}

/* The root of the episode's random streams: seed, task and episode, without the method
 * (so that methods share their luck), without the training step in evaluation, and
 * without the variant of a probe. */
static uint64_t stream_of(const accord_episode *e) {
    uint64_t x = accord_rng_fold(0x616363, e->key.seed);

    x = accord_rng_fold_text(x, e->stage->task_name);
    x = accord_rng_fold(x, (uint64_t)e->place.phase);
    if (e->place.phase != ACCORD_PHASE_EVAL)
        x = accord_rng_fold(x, e->place.step);
    x = accord_rng_fold(x, e->visit);
    return accord_rng_fold_text(x, e->item);
}

/* A plugin failed: what it said stands in the journal, the loop ends. */
static bool crashed(accord_episode *e, accord_code rc) {
    if (!rc)
        return false;
    if (e->stopped || (rc == ACCORD_E_LIMIT && (e->out_of_time || e->out_of_budget)))
        return true;
    if (rc != ACCORD_E_MODEL || e->failed_calls == 0)
        e->crashed = true;
    if (!e->error.code)
        accord_fail(&e->error, rc, "failed with code %d and no word", rc);
    return true;
}

static bool open_method(accord_episode *e) {
    accord_stage *s = e->stage;
    accord_episode_info info = {.struct_size = sizeof(info),
                                .phase = e->place.phase,
                                .episode = e,
                                .key = &e->key,
                                .stream = e->stream,
                                .variant = e->variant,
                                .trained = atomic_load(&s->live->trained)};

    return !crashed(
        e, s->method->method->open(s->method->self, &info, &e->method_ep, &e->error));
}

static accord_code keep(accord_episode *e, accord_obs *obs, const accord_action *action,
                        const accord_step *out, accord_err *err) {
    accord_code rc =
        accord_grow(&e->kept, e->n_kept, &e->cap_kept, sizeof(*e->kept), err);

    if (rc) {
        accord_obs_free(obs);
        return rc;
    }
    accord_kept *k = &e->kept[e->n_kept++];
    *k = (accord_kept){.obs = obs, .reward = out->reward, .end = out->end};
    rc = accord_obs_copy(out->obs, &e->spec->obs, &k->next_obs, err);
    if (!rc)
        rc = accord_action_copy(action, &e->spec->action, &k->action, err);
    return rc;
}

static accord_code deliver(accord_episode *e, const accord_kept *k, uint64_t t,
                           accord_err *err) {
    accord_stage *s = e->stage;
    accord_transition transition = {.struct_size = sizeof(transition),
                                    .end = k->end,
                                    .ep = e->method_ep,
                                    .t = t,
                                    .reward = k->reward,
                                    .obs = k->obs,
                                    .action = k->action,
                                    .next_obs = k->next_obs,
                                    .parts = k->end ? e->parts : NULL};

    /* What is recorded in a feedback is of that step, not of its episode's first. */
    if (s->suite->methods[s->cell->method].train.in_steps)
        atomic_fetch_add(&s->live->trained, 1);
    accord_code rc = s->method->learner->feedback(s->method->self, &transition, err);
    if (rc)
        accord_err_context(err, "method %s failed in feedback", s->method->name);
    return rc;
}

accord_code accord_episode_feedback(accord_episode *e, accord_err *err) {
    accord_code rc = ACCORD_OK;
    uint64_t first = e->steps - e->n_kept;

    for (size_t i = 0; i < e->n_kept && !rc; i++)
        rc = deliver(e, &e->kept[i], first + i, err);
    for (size_t i = 0; i < e->n_kept; i++) {
        accord_obs_free(e->kept[i].obs);
        accord_obs_free(e->kept[i].next_obs);
        accord_action_free(e->kept[i].action);
    }
    e->n_kept = 0;
    return rc;
}

/* After a step in training: the transition is delivered now or kept for the round's end.
 */
static accord_code learn(accord_episode *e, accord_obs *before,
                         const accord_action *action, const accord_step *out,
                         accord_err *err) {
    accord_code rc = keep(e, before, action, out, err);

    if (!rc && e->stage->train_width == 1)
        rc = accord_episode_feedback(e, err);
    return rc;
}

static void keep_last(accord_episode *e, const accord_action *action,
                      const accord_step *out) {
    free(e->note);
    e->note = accord_xstrdup(out->note);
    if (e->spec->action.kind != ACCORD_TEXT)
        return;
    free(e->text);
    e->text = accord_xstrdup(action->text ? action->text : "");
}

/* Time is up for an episode that has not ended: no answer counts then. */
static bool overdue(accord_episode *e, int64_t now_ns) {
    if (e->deadline_ns && now_ns > e->deadline_ns && e->end == ACCORD_END_NO)
        e->out_of_time = true;
    return e->out_of_time;
}

/* One turn of the loop: act, step, feedback.  False ends it. */
static bool turn(accord_episode *e, accord_obs *obs, accord_code *rc, accord_err *err) {
    accord_stage *s = e->stage;
    accord_action action = {.struct_size = sizeof(action), .kind = e->spec->action.kind};
    accord_step out = {.struct_size = sizeof(out), .parts = e->parts, .obs = obs};
    bool training = e->place.phase == ACCORD_PHASE_TRAIN;
    accord_obs *before = NULL;

    if (training && (*rc = accord_obs_copy(obs, &e->spec->obs, &before, err)))
        return false;
    accord_code acted = s->method->method->act(e->method_ep, obs, &action, &e->error);
    if (atomic_load_explicit(&s->stopping, memory_order_relaxed))
        e->stopped = true;
    if (crashed(e, acted) || e->stopped ||
        crashed(e, s->task->task->step(e->task_ep, &action, &out, &e->error))) {
        accord_obs_free(before);
        return false;
    }
    e->steps++;
    accord_actions_add(&e->actions, &action);
    e->score += out.reward;
    e->end = out.end;
    if (!e->end && e->steps >= e->spec->max_steps)
        e->end = out.end = ACCORD_END_TRUNCATED;
    if (e->end)
        keep_last(e, &action, &out);
    if (training && (*rc = learn(e, before, &action, &out, err)))
        return false;
    int64_t now_ns = accord_now_ns();
    accord_token_touch(s, now_ns);
    return !e->end && !overdue(e, now_ns);
}

static accord_code canonise(accord_episode *e, accord_err *err) {
    accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = e->text};
    char canon[CANON_BYTES] = "";

    if (e->spec->action.kind != ACCORD_TEXT || !e->text)
        return ACCORD_OK;
    accord_code rc =
        e->stage->task->task->canon(e->task_ep, &action, canon, sizeof(canon), err);
    if (!rc)
        e->canon = accord_xstrdup(canon);
    return rc;
}

/* Plays one action on a fresh episode of the same key; *canon is the caller's. */
static accord_code score_afresh(accord_episode *e, const accord_action *action,
                                double *score, double *parts, char **canon,
                                accord_err *err) {
    accord_scored scored;

    accord_code rc = accord_score_afresh(e->stage->task, e->spec, &e->key, NULL, action,
                                         &scored, NULL, err);
    *score = scored.score;
    memcpy(parts, scored.parts, sizeof(scored.parts));
    *canon = scored.canon;
    scored.canon = NULL;
    accord_scored_fini(&scored);
    return rc;
}

accord_code accord_episode_score(accord_episode *e, const accord_action *action,
                                 double *score, char **canon, accord_err *err) {
    double parts[ACCORD_MAX_PARTS] = {0};

    *score = 0.0;
    *canon = NULL;
    if (e->spec->max_steps != 1)
        return accord_fail(err, ACCORD_E_ARG,
                           "only the answer to a question can be scored on its own");
    return score_afresh(e, action, score, parts, canon, err);
}

/* A question that got no answer has the parts of an empty one: which of them are asked is
 * the item's, not the method's. */
static void judge_silence(accord_episode *e) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = ""};
    double parts[ACCORD_MAX_PARTS] = {0}, score;
    char *canon = NULL;

    if (e->steps > 0 || e->n_parts == 0 || e->spec->max_steps != 1 ||
        e->spec->action.kind != ACCORD_TEXT)
        return;
    if (!score_afresh(e, &action, &score, parts, &canon, NULL))
        memcpy(e->parts, parts, sizeof(parts));
    free(canon);
}

static accord_code score_candidates(accord_episode *e, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < e->n_candidates && !rc; i++) {
        accord_candidate *c = &e->candidates[i];
        accord_action action = {
            .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = c->text};

        rc = accord_episode_score(e, &action, &c->score, &c->canon, err);
        if (!rc)
            rc = accord_journal_candidate(e->stage->journal, e->name, c, err);
    }
    return rc;
}

static accord_code journal_ending(accord_episode *e, const char *outcome,
                                  accord_err *err) {
    accord_ending line = {.ep = e->name,
                          .item = e->item,
                          .index = e->place.index,
                          .outcome = outcome,
                          .answered = accord_outcome_answered(outcome),
                          .canon = e->canon,
                          .score = e->score,
                          .parts = e->parts,
                          .n_parts = e->n_parts,
                          .note = e->note,
                          .steps = e->steps,
                          .end = e->end,
                          .ns = accord_now_ns() - e->opened_ns,
                          .failed_calls = e->failed_calls,
                          .error = e->error.code ? e->error.msg : NULL,
                          .text = e->text,
                          .actions = &e->actions};

    accord_code rc = accord_journal_episode(e->stage->journal, &line, err);
    if (!rc)
        atomic_fetch_add(&e->stage->live->played, 1);
    return rc;
}

/* The one loop, between open and close. */
static accord_code play_opened(accord_episode *e, accord_obs *obs, accord_err *err) {
    accord_code rc = ACCORD_OK;

    if (open_method(e))
        while (turn(e, obs, &rc, err))
            ;
    if (rc || e->stopped)
        return rc ? rc : ACCORD_E_STOPPED;
    if (crashed(e, canonise(e, &e->error)))
        e->crashed = true;
    const char *outcome = accord_outcome_of(e);
    if (!accord_outcome_answered(outcome))
        e->score = 0.0; /* what does not parse is never right, whatever the task says */
    judge_silence(e);
    rc = score_candidates(e, err);
    return rc ? rc : journal_ending(e, outcome, err);
}

static void begin(accord_episode *e, accord_stage *s, const accord_place *place,
                  uint32_t slot) {
    *e = (accord_episode){.stage = s, .place = *place, .slot = slot};
    e->opened_ns = accord_now_ns();
    if (s->suite->episode_seconds > 0)
        e->deadline_ns =
            e->opened_ns + (int64_t)(s->suite->episode_seconds * (double)ACCORD_S_NS);
    resolve(e);
    if (place->phase == ACCORD_PHASE_EVAL && e->spec->max_steps > 1)
        accord_actions_begin(&e->actions, &e->spec->action);
    accord_token_touch(s, e->opened_ns);
    s->live->slots[slot].place = *place;
    atomic_store_explicit(&s->live->slots[slot].busy, 1, memory_order_release);
}

/* Opens the task's side.  An item that cannot be opened is an episode that crashed. */
static bool open_task(accord_episode *e, accord_obs *obs) {
    accord_stage *s = e->stage;
    const char *id = NULL;
    char fallback[32];

    accord_code rc =
        s->task->task->open(s->task->self, &e->key, &e->task_ep, obs, &id, &e->error);
    snprintf(fallback, sizeof(fallback), "#%llu", (unsigned long long)e->key.item);
    name_it(e, !rc && id ? id : fallback);
    e->stream = stream_of(e);
    return !crashed(e, rc);
}

accord_code accord_episode_play(accord_episode *e, accord_stage *s,
                                const accord_place *place, uint32_t slot,
                                accord_err *err) {
    begin(e, s, place, slot);
    accord_obs obs = {.struct_size = sizeof(obs), .kind = e->spec->obs.kind};
    bool opened = open_task(e, &obs);
    accord_code rc = ACCORD_OK;

    if (!accord_journal_has_episode(s->journal, e->name))
        rc = opened ? play_opened(e, &obs, err)
                    : journal_ending(e, accord_outcome_of(e), err);
    else
        atomic_fetch_add(&s->live->played, 1);
    if (e->task_ep)
        s->task->task->close(e->task_ep);
    e->task_ep = NULL;
    atomic_store_explicit(&s->live->slots[slot].busy, 0, memory_order_release);
    return rc;
}

accord_code accord_episode_give_up(accord_stage *s, const accord_place *place,
                                   const char *outcome, accord_err *err) {
    accord_episode e = {.stage = s, .place = *place};
    accord_obs obs = {.struct_size = sizeof(obs)};

    e.opened_ns = accord_now_ns();
    resolve(&e);
    obs.kind = e.spec->obs.kind;
    open_task(&e, &obs); /* for the item's name */
    accord_code rc = accord_journal_has_episode(s->journal, e.name)
                         ? ACCORD_OK
                         : journal_ending(&e, outcome, err);
    if (e.task_ep)
        s->task->task->close(e.task_ep);
    e.task_ep = NULL;
    accord_episode_close(&e);
    return rc;
}

static void free_batches(accord_episode *e) {
    while (e->batches) {
        accord_batch *b = e->batches;
        e->batches = b->next;
        for (uint32_t i = 0; i < b->n; i++)
            accord_llm_job_fini(&b->jobs[i]);
        free(b->jobs);
        free(b->replies);
        free(b);
    }
}

void accord_episode_close(accord_episode *e) {
    if (e->method_ep && e->stage->method->method->close)
        e->stage->method->method->close(e->method_ep);
    e->method_ep = NULL;
    for (size_t i = 0; i < e->n_kept; i++) {
        accord_obs_free(e->kept[i].obs);
        accord_obs_free(e->kept[i].next_obs);
        accord_action_free(e->kept[i].action);
    }
    for (size_t i = 0; i < e->n_candidates; i++) {
        free(e->candidates[i].kind);
        free(e->candidates[i].text);
        free(e->candidates[i].canon);
    }
    free_batches(e);
    accord_actions_fini(&e->actions);
    free(e->kept);
    free(e->candidates);
    free(e->ordinals);
    free(e->note);
    free(e->text);
    free(e->canon);
}
