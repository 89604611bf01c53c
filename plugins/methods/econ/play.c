/* play.c - see play.h. */
#include "play.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "commit.h"
#include "rewards.h"
#include "strategy.h"
#include "tell.h"

accord_code econ_nomem(const econ *c, accord_err *err) {
    return c->host->fail(c->host, err, ACCORD_E_NOMEM, "out of memory");
}

accord_code econ_nn_fail(const econ *c, accord_code rc, const accord_nn_err *why,
                         accord_err *err) {
    return c->host->fail(c->host, err, rc, "%s", why->text);
}

/* ---- embeddings ------------------------------------------------------------------- */

static uint32_t n_plans(const econ *c) {
    return c->panel.n_clusters > 1 ? 1 + c->panel.n_clusters : 1;
}

float *econ_vector_question(const econ_episode *e) {
    return e->vectors;
}

float *econ_vector_plan(const econ_episode *e, uint32_t k) {
    return e->vectors + (size_t)(1 + k) * e->self->panel.width;
}

float *econ_vector_plan_of(const econ_episode *e, uint32_t executor) {
    const econ_panel *p = &e->self->panel;

    return econ_vector_plan(e, p->n_clusters > 1 ? 1 + p->cluster[executor] : 0);
}

float *econ_vector_final(const econ_episode *e, uint32_t t) {
    return econ_vector_plan(e, n_plans(e->self) + t);
}

double econ_cosine(const float *a, const float *b, uint32_t width) {
    double sum = 0;

    for (uint32_t d = 0; d < width; d++)
        sum += (double)a[d] * (double)b[d];
    return sum;
}

accord_code econ_embed(econ_episode *e, const char *const *text, uint32_t n, float *out,
                       accord_err *err) {
    const econ *c = e->self;
    uint32_t width = c->panel.width;

    accord_code rc = c->models->embed(e->host, c->panel.encoder, text, n, out, err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        float *v = out + (size_t)i * width;
        double norm = sqrt(econ_cosine(v, v, width));
        if (!isfinite(norm))
            return c->host->fail(c->host, err, ACCORD_E_MODEL,
                                 "model %s gave an embedding that is not finite",
                                 c->models->name(c->panel.encoder));
        for (uint32_t d = 0; d < width && norm > 0; d++)
            v[d] = (float)((double)v[d] / norm);
    }
    return rc;
}

/* The question and the plans.  The answer format is the task's and the same for all
 * questions: it is left out. */
static accord_code embed_task(econ_episode *e, accord_err *err) {
    const econ *c = e->self;
    const char *text[2 + ECON_MAX_CLUSTERS] = {e->record->question};
    uint32_t n = 1;

    if (!c->learns && !econ_is_rewarded(e))
        return ACCORD_OK;
    for (uint32_t k = 0; k < n_plans(c) && c->o.has_strategy; k++)
        text[n++] = e->plan[k].text;
    return econ_embed(e, text, n, e->vectors, err);
}

static accord_code embed_final(econ_episode *e, uint32_t t, accord_err *err) {
    econ_turn *turn = &e->turn[t];

    if (!turn->final.canon)
        return ACCORD_OK;
    accord_code rc = econ_embed(e, &turn->final.text, 1, econ_vector_final(e, t), err);
    turn->is_embedded = !rc;
    return rc;
}

void econ_views(const econ_episode *e, uint32_t t, econ_view *view) {
    const econ *c = e->self;
    bool knows = t > 0 && e->turn[t - 1].is_embedded;

    for (uint32_t i = 0; i < c->panel.n; i++)
        view[i] = (econ_view){
            .question = econ_vector_question(e),
            .strategy = c->o.has_strategy ? econ_vector_plan_of(e, i) : NULL,
            .commitment = knows ? econ_vector_final(e, t - 1) : NULL,
        };
}

/* ---- stages ----------------------------------------------------------------------- */

static bool acts_settled(const econ_episode *e, uint32_t t) {
    const econ *c = e->self;
    double most = 0;

    if (!c->learns) /* the controls' actions tell nothing */
        return false;
    for (uint32_t i = 0; i < c->panel.n; i++)
        for (int k = 0; k < 2; k++)
            most = fmax(most, (double)fabsf(e->turn[t].action[i].unit[k] -
                                            e->turn[t - 1].action[i].unit[k]));
    return most <= c->o.eps_e;
}

static bool final_settled(const econ_episode *e, uint32_t t) {
    const econ_turn *now = &e->turn[t], *before = &e->turn[t - 1];

    if (!now->is_embedded || !before->is_embedded)
        return false;
    double cosine = econ_cosine(econ_vector_final(e, t), econ_vector_final(e, t - 1),
                                e->self->panel.width);
    return sqrt(fmax(0, 2 - 2 * cosine)) <= e->self->o.eps_c; /* |c - c'|, both 1 long */
}

/* Answers that go to and fro need no rule: A B A B takes ECON_MAX_STAGES. */
static bool stops(const econ_episode *e, uint32_t t) {
    if (t == 0)
        return false;
    return econ_answer_equal(&e->turn[t].final, &e->turn[t - 1].final) ||
           final_settled(e, t) || acts_settled(e, t);
}

static accord_code trace_stage(const econ_episode *e, uint32_t t, accord_err *err) {
    const accord_action action = {.struct_size = sizeof(action),
                                  .kind = ACCORD_TEXT,
                                  .text = e->turn[t].final.text};

    return e->self->trace->candidate(e->host, "stage", t, &action, err);
}

/* After the commitment: rewards outside evaluation; in it only the embedding that the
 * next stage or its stop rule needs. */
static accord_code assess_stage(econ_episode *e, uint32_t t, accord_err *err) {
    const econ *c = e->self;
    bool goes_on = t + 1 < c->o.stages;

    if (econ_is_rewarded(e) && c->panel.encoder)
        return econ_earn(e, t, err);
    if (goes_on && c->panel.encoder && (c->learns || c->o.stages > 2))
        return embed_final(e, t, err);
    return ACCORD_OK;
}

static accord_code play_stage(econ_episode *e, uint32_t t, accord_err *err) {
    accord_code rc = econ_choose(e, t, err);

    if (!rc)
        rc = econ_speak(e, t, err);
    if (!rc)
        rc = econ_commit(e, t, err);
    if (!rc)
        rc = assess_stage(e, t, err);
    if (!rc)
        rc = trace_stage(e, t, err);
    e->n_turns += !rc;
    return rc;
}

static accord_code play(econ_episode *e, accord_err *err) {
    accord_code rc = econ_plan(e, err);

    if (!rc)
        rc = embed_task(e, err);
    for (uint32_t t = 0; t < e->self->o.stages && !rc; t++) {
        rc = play_stage(e, t, err);
        if (!rc && stops(e, t))
            break;
    }
    return rc;
}

/* ---- the method's functions -------------------------------------------------------- */

accord_code econ_need_learner(econ *c, accord_err *err) {
    accord_nn_err why = {0};

    if (c->learner || !c->learns)
        return ACCORD_OK;
    accord_code rc = econ_learner_create(&c->o.learner, &c->learner, &why);
    return rc ? econ_nn_fail(c, rc, &why, err) : ACCORD_OK;
}

accord_code econ_open(void *self, const accord_episode_info *info, void **ep,
                      accord_err *err) {
    econ *c = self;
    size_t n = 1 + n_plans(c) + ECON_MAX_STAGES;

    accord_code rc = econ_need_learner(c, err);
    if (rc)
        return rc;
    econ_settle(c, info);
    econ_episode *e = calloc(1, sizeof(*e));
    if (!e)
        return econ_nomem(c, err);
    e->vectors = calloc(n * c->panel.width + 1, sizeof(*e->vectors));
    if (!e->vectors) {
        free(e);
        return econ_nomem(c, err);
    }
    e->self = c;
    e->host = info->episode;
    e->phase = info->phase;
    e->variant = info->variant;
    e->item = info->key->item;
    e->trained = info->trained;
    econ_mind_begin(&e->mind);
    *ep = e;
    return ACCORD_OK;
}

accord_code econ_act(void *ep, const accord_obs *obs, accord_action *action,
                     accord_err *err) {
    econ_episode *e = ep;

    e->record = obs->record;
    accord_code rc = play(e, err);
    if (rc)
        return rc;
    action->text = e->turn[e->n_turns - 1].final.text;
    econ_tell_played(e);
    e->record = NULL;
    return ACCORD_OK;
}

static void free_turn(econ_turn *turn) {
    for (uint32_t i = 0; i < ECON_MAX_AGENTS; i++)
        econ_answer_fini(&turn->said[i]);
    for (uint32_t k = 0; k < ECON_MAX_CLUSTERS; k++)
        econ_answer_fini(&turn->local[k]);
    econ_answer_fini(&turn->final);
}

void econ_close(void *ep) {
    econ_episode *e = ep;

    if (!e)
        return;
    if (e->phase == ACCORD_PHASE_PROBE)
        econ_tell_probe(e);
    for (uint32_t t = 0; t < ECON_MAX_STAGES; t++)
        free_turn(&e->turn[t]);
    free(e->vectors);
    free(e);
}
