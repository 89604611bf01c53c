/* econ_games.c - see econ_games.h. */
#include "econ_games.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

const econ_game econ_game_quadratic = {.name = "quadratic",
                                       .n = 3,
                                       .stages = 1,
                                       .want = {{0.4, 0.65}, {0.4, 0.65}, {0.4, 0.65}},
                                       .curve = 1,
                                       .pull = -0.4,
                                       .spill = 0.2};
const econ_game econ_game_asymmetric = {.name = "asymmetric",
                                        .n = 3,
                                        .stages = 2,
                                        .want = {{0.2, 0.8}, {0.5, 0.3}, {0.75, 0.5}},
                                        .curve = 1,
                                        .pull = 0.3,
                                        .spill = -0.2};
const econ_game econ_game_types = {.name = "types",
                                   .n = 3,
                                   .stages = 1,
                                   .want = {{0.45, 0.5}, {0.5, 0.6}, {0.55, 0.5}},
                                   .curve = 1,
                                   .pull = 0.3,
                                   .spill = 0.1,
                                   .slope = 0.4};

static double clip(double x) {
    return fmin(fmax(x, 0), 1);
}

static double answer(const econ_game *g, uint32_t i, double theta, int d, double m) {
    return clip(g->want[i][d] + g->slope * (theta - 0.5) + g->pull * (m - 0.5));
}

/* Best responses to the others' mean types, which are 1/2, until they rest. */
void econ_game_equilibrium(const econ_game *g, uint32_t i, double theta, double a[2]) {
    double mean[4] = {0.5, 0.5, 0.5, 0.5};

    for (int d = 0; d < 2; d++) {
        double others = 0;
        for (int round = 0; round < 500; round++)
            for (uint32_t j = 0; j < g->n; j++) {
                others = 0;
                for (uint32_t k = 0; k < g->n; k++)
                    others += k == j ? 0 : mean[k] / (g->n - 1);
                mean[j] = answer(g, j, 0.5, d, others);
            }
        others = 0;
        for (uint32_t k = 0; k < g->n; k++)
            others += k == i ? 0 : mean[k] / (g->n - 1);
        a[d] = answer(g, i, theta, d, others);
    }
}

double econ_game_loss(const econ_game *g, uint32_t i, double theta, const double a[2],
                      const double m[2]) {
    double loss = 0;

    for (int d = 0; d < 2; d++) {
        double inner = g->want[i][d] + g->slope * (theta - 0.5) + g->pull * (m[d] - 0.5);
        loss += g->curve * (pow(a[d] - inner, 2) - pow(clip(inner) - inner, 2));
    }
    return loss;
}

static double payoff(const econ_game *g, uint32_t i, double theta, const double a[2],
                     const double m[2]) {
    double u = 1;

    for (int d = 0; d < 2; d++) {
        double inner = g->want[i][d] + g->slope * (theta - 0.5) + g->pull * (m[d] - 0.5);
        u += g->spill * (m[d] - 0.5) - g->curve * pow(a[d] - inner, 2);
    }
    return u;
}

econ_config econ_match_config(const econ_game *g, uint64_t seed) {
    econ_config c = econ_defaults;

    c.n = g->n;
    c.width = GAME_WIDTH;
    c.entity = 32;
    c.belief = 16;
    c.seed = seed;
    return c;
}

void econ_match_begin(econ_match *m, const econ_game *g, const econ_config *c) {
    accord_nn_err err = {0};

    *m = (econ_match){.game = g, .rng = accord_rng_fold(c->seed, 77)};
    m->task[0] = 1;
    if (econ_learner_create(c, &m->learner, &err)) {
        fprintf(stderr, "%s: %s\n", g->name, err.text);
        abort();
    }
}

void econ_match_end(econ_match *m) {
    econ_learner_destroy(m->learner);
}

static void view_of(econ_match *m, uint32_t stage, const double *theta, econ_view *view) {
    for (uint32_t i = 0; i < m->game->n; i++) {
        m->type[i][1] = (float)theta[i];
        m->type[i][2] = 1 - m->type[i][1];
        view[i] = (econ_view){.question = m->task,
                              .strategy = m->type[i],
                              .commitment = stage ? m->said[stage - 1] : NULL};
    }
}

/* Pays a stage and counts what better answers would have brought. */
static void pay(econ_match *m, econ_stage *stage, const double *theta) {
    const econ_game *g = m->game;
    double sum[2] = {0, 0};

    for (uint32_t i = 0; i < g->n; i++)
        for (int d = 0; d < 2; d++)
            sum[d] += (double)stage->action[i].unit[d];
    for (uint32_t i = 0; i < g->n; i++) {
        double a[2], others[2];
        for (int d = 0; d < 2; d++) {
            a[d] = (double)stage->action[i].unit[d];
            others[d] = (sum[d] - a[d]) / (g->n - 1);
        }
        for (int k = 0; k < ECON_REWARDS; k++)
            stage->reward[i][k] = 0;
        stage->reward[i][ECON_TS] = payoff(g, i, theta[i], a, others);
        m->regret += econ_game_loss(g, i, theta[i], a, others);
    }
    stage->team = NAN;
}

bool econ_match_play(econ_match *m, const econ_config *c) {
    const econ_game *g = m->game;
    econ_stage stage[ECON_MAX_STAGES];
    econ_mind mind;
    econ_losses losses;
    double theta[4], noise = econ_noise(c, econ_episodes(m->learner));

    memset(stage, 0, sizeof(stage));
    econ_mind_begin(&mind);
    for (uint32_t i = 0; i < g->n; i++)
        theta[i] = g->slope != 0 ? accord_rng_uniform(&m->rng) : 0.5;
    for (uint32_t s = 0; s < g->stages; s++) {
        view_of(m, s, theta, stage[s].view);
        if (econ_decide(m->learner, &mind, stage[s].view, noise, &m->rng, stage[s].action,
                        NULL))
            return false;
        pay(m, &stage[s], theta);
        memset(m->said[s], 0, sizeof(m->said[s]));
        m->said[s][3 + s] = 1;
        stage[s].commitment = m->said[s];
    }
    return econ_observe(m->learner, stage, g->stages, &losses, NULL) == ACCORD_OK;
}

void econ_match_action(econ_match *m, double theta, double a[][2]) {
    econ_view view[ECON_MAX_AGENTS];
    econ_action action[ECON_MAX_AGENTS];
    double types[4] = {theta, theta, theta, theta};
    econ_mind mind;

    econ_mind_begin(&mind);
    view_of(m, 0, types, view);
    if (econ_decide(m->learner, &mind, view, 0, NULL, action, NULL))
        abort();
    for (uint32_t i = 0; i < m->game->n; i++)
        for (int d = 0; d < 2; d++)
            a[i][d] = (double)action[i].unit[d];
}
