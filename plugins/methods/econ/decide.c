/* decide.c - one stage of an episode: beliefs and actions. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "learner_parts.h"

/* Copies what the executors see to l->seen, each pointer once, and numbers it; returns
 * how many rows that makes, row 0 included. */
static size_t look(econ_learner *l, const econ_view *view,
                   int32_t row[ECON_MAX_AGENTS][3]) {
    const float *at[1 + 3 * ECON_MAX_AGENTS];
    size_t n = 1, width = l->c.width;

    for (uint32_t i = 0; i < l->c.n; i++) {
        const float *z[3] = {view[i].question, view[i].strategy, view[i].commitment};
        for (int slot = 0; slot < 3; slot++) {
            size_t k = 1;
            while (z[slot] && k < n && at[k] != z[slot])
                k++;
            row[i][slot] = z[slot] ? (int32_t)k : 0;
            if (!z[slot] || k < n)
                continue;
            at[n] = z[slot];
            memcpy(l->seen + n++ * width, z[slot], width * sizeof(*l->seen));
        }
    }
    return n;
}

struct thought {
    econ_tensor *belief[ECON_MAX_AGENTS], *logits[ECON_MAX_AGENTS];
};

static accord_code think(econ_learner *l, const econ_mind *m, const econ_view *view,
                         struct thought *out, accord_nn_err *err) {
    int32_t row[ECON_MAX_AGENTS][3];
    accord_nn_tape *t = l->tape;
    size_t n = look(l, view, row);

    accord_nn_tape_reset(t);
    bool before = accord_nn_tape_record(t, false);
    econ_tensor *z = accord_nn_input(t, l->seen, ACCORD_NN_SHAPE(n, l->c.width));
    econ_tensor *table = accord_nn_linear(t, z, &l->now.beliefs.project);
    for (uint32_t i = 0; i < l->c.n; i++) {
        const econ_executor *x = &l->now.beliefs.executor[i];
        econ_seen seen = {.row = {&row[i][0], &row[i][1], &row[i][2]},
                          .last = m->last[i]};
        econ_tensor *h = econ_look(t, x, table, &seen, 1);
        econ_tensor *b =
            accord_nn_input(t, m->belief[i], ACCORD_NN_SHAPE(1, l->c.belief));
        out->belief[i] = accord_nn_gru(t, h, b, &x->gru);
        out->logits[i] = econ_logits(t, &l->actors.head[i], out->belief[i]);
    }
    accord_nn_tape_record(t, before);
    return accord_nn_tape_check(t, err);
}

static accord_code refuse_infinite(const econ_config *c, const struct thought *now,
                                   accord_nn_err *err) {
    for (uint32_t i = 0; i < c->n; i++) {
        bool finite = isfinite(now->logits[i]->data[0] + now->logits[i]->data[1]);
        for (uint32_t k = 0; finite && k < c->belief; k++)
            finite = isfinite(now->belief[i]->data[k]);
        if (!finite)
            return accord_nn_fail(err, ACCORD_E_ARG,
                                  "the belief of executor %u is not finite: see its "
                                  "embeddings",
                                  i);
    }
    return ACCORD_OK;
}

static econ_action at_logits(const econ_config *c, double t, double p) {
    return econ_action_at(c, (float)(1 / (1 + exp(-t))), (float)(1 / (1 + exp(-p))));
}

accord_code econ_decide(econ_learner *l, econ_mind *m, const econ_view *view,
                        double noise, uint64_t *rng, econ_action *action,
                        econ_action *learnt, accord_nn_err *err) {
    struct thought now;
    accord_code rc = think(l, m, view, &now, err);

    if (!rc)
        rc = refuse_infinite(&l->c, &now, err);
    if (rc)
        return rc;
    for (uint32_t i = 0; i < l->c.n; i++) {
        const float *logit = now.logits[i]->data;
        double t = (double)logit[0], p = (double)logit[1];
        memcpy(m->belief[i], now.belief[i]->data, l->c.belief * sizeof(float));
        if (learnt)
            learnt[i] = at_logits(&l->c, t, p);
        if (rng) {
            t += noise * accord_rng_normal(rng);
            p += noise * accord_rng_normal(rng);
        }
        action[i] = at_logits(&l->c, t, p);
    }
    econ_mind_played(&l->c, m, action);
    m->stage++;
    return ACCORD_OK;
}
