/* tell.c - see tell.h. */
#include "tell.h"

#include <math.h>
#include <stdio.h>

#include "rewards.h"
#include "strategy.h"

static void tell(const econ *c, accord_episode *e, const char *name, double value) {
    if (!isnan(value))
        c->metrics->record(c->host, e, name, value);
}

static void tell_of(const econ *c, accord_episode *e, const char *name, uint32_t i,
                    double value) {
    char full[32];

    snprintf(full, sizeof(full), "%s.%u", name, i);
    tell(c, e, full, value);
}

static const econ_turn *last_turn(const econ_episode *e) {
    return &e->turn[e->n_turns - 1];
}

/* ---- episodes --------------------------------------------------------------------- */

void econ_tell_played(const econ_episode *e) {
    const econ *c = e->self;
    const econ_turn *last = last_turn(e);

    if (e->phase == ACCORD_PHASE_PROBE)
        return;
    tell(c, e->host, "stages", e->n_turns);
    tell(c, e->host, "undetermined", !last->final.canon);
    if (c->o.has_strategy && last->final.canon)
        tell(c, e->host, "revealed",
             econ_reveals(e->plan[0].text, e->record->question, last->final.canon));
    for (uint32_t i = 0; i < c->panel.n; i++) {
        tell_of(c, e->host, "temperature", i, last->learnt[i].temperature);
        tell_of(c, e->host, "top_p", i, last->learnt[i].top_p);
    }
}

static double agreement(const econ_episode *e) {
    const econ *c = e->self;

    if (!c->o.has_strategy || !last_turn(e)->is_embedded)
        return (double)NAN;
    return econ_cosine(econ_vector_plan(e, 0), econ_vector_final(e, e->n_turns - 1),
                       c->panel.width);
}

static void tell_rewards(const econ_episode *e) {
    static const char *const names[ECON_REWARDS] = {"reward_al", "reward_ts",
                                                    "reward_cc"};
    const econ *c = e->self;
    double sum[ECON_REWARDS] = {0}, total = 0;

    for (uint32_t i = 0; i < c->panel.n; i++) {
        total += econ_earned(e, e->n_turns - 1, i, false);
        for (int k = 0; k < ECON_REWARDS; k++)
            sum[k] += last_turn(e)->reward[i][k];
    }
    tell(c, e->host, "reward", total / c->panel.n);
    for (int k = 0; k < ECON_REWARDS; k++)
        tell(c, e->host, names[k], sum[k] / c->panel.n);
}

static void tell_losses(const econ *c, accord_episode *e, const econ_losses *l) {
    tell(c, e, "loss.td", l->td);
    tell(c, e, "loss.td_total", l->td_total);
    tell(c, e, "loss.encoder", l->encoder);
    tell(c, e, "loss.mixer", l->mixer);
    tell(c, e, "loss.difference", l->difference);
    tell(c, e, "loss.reward", l->reward);
}

void econ_tell_learned(const econ_episode *e, const econ_losses *l) {
    static const char *const alphas[ECON_REWARDS] = {"alpha.al", "alpha.ts", "alpha.cc"};
    const econ *c = e->self;

    tell_rewards(e);
    tell(c, e->host, "agreement", agreement(e));
    if (!l->updated)
        return;
    tell(c, e->host, "loss.skipped", l->skipped);
    if (!l->skipped)
        tell_losses(c, e->host, l);
    for (int k = 0; k < ECON_REWARDS; k++)
        tell(c, e->host, alphas[k], l->alpha[k]);
}

/* ---- probes ----------------------------------------------------------------------- */

double econ_utility(const econ_episode *e, uint32_t i) {
    double sum = 0, weights = 0, weight = 1;

    for (uint32_t t = 0; t < e->n_turns; t++) {
        sum += weight * econ_earned(e, t, i, true);
        weights += weight;
        weight *= e->self->o.learner.discount;
    }
    return sum / weights;
}

static void tell_finding(const econ *c, const econ_finding *f) {
    tell(c, NULL, "bne_gap", f->gaps.raw);
    tell(c, NULL, "bne_gap_cross", f->gaps.cross);
    tell(c, NULL, "regret", f->gaps.regret);
    tell(c, NULL, "cumulative_regret", f->cumulative);
    tell(c, NULL, "probe.reward", f->reward);
    tell(c, NULL, "probe.agreement", f->agreement);
    tell(c, NULL, "commitment_change", f->change);
    for (uint32_t i = 0; i < c->panel.n; i++) {
        tell_of(c, NULL, "probe.temperature", i, f->temperature[i]);
        tell_of(c, NULL, "probe.top_p", i, f->top_p[i]);
        if (c->o.deviations > 0)
            tell_of(c, NULL, "gain", i, f->gaps.gain[i]);
    }
}

static void conclude(econ *c) {
    econ_finding found;

    if (econ_probe_settle(&c->probe, &c->o, !c->learns, c->budget, &found))
        tell_finding(c, &found);
}

void econ_settle(econ *c, const accord_episode_info *info) {
    if (info && info->phase == ACCORD_PHASE_PROBE && info->trained == c->probe.step)
        return;
    conclude(c);
}

void econ_tell_probe(econ_episode *e) {
    econ *c = e->self;
    double payoff[ECON_MAX_AGENTS];
    bool is_played = e->n_turns > 0 && !e->record;
    econ_report r = {.item = e->item,
                     .step = e->trained,
                     .variant = e->variant,
                     .agreement = (double)NAN};

    if (is_played) {
        for (uint32_t i = 0; i < c->panel.n; i++)
            payoff[i] = econ_utility(e, i);
        r.payoff = payoff;
        r.action = last_turn(e)->action;
        r.agreement = agreement(e);
        if (last_turn(e)->is_embedded)
            r.final = econ_vector_final(e, e->n_turns - 1);
    }
    if (econ_probe_tell(&c->probe, &r))
        conclude(c);
}
