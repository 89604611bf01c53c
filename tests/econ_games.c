/* econ_games.c - see econ_games.h. */
#include "econ_games.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>
#include <check.h>

/* clang-format off */
const econ_game econ_game_quadratic = {
    .name = "quadratic", .n = 3, .stages = 1, .episodes = 1500,
    .want = {{0.4, 0.65}, {0.4, 0.65}, {0.4, 0.65}},
    .curve = 1, .pull = -0.4, .spill = 0.2,
};
const econ_game econ_game_asymmetric = {
    .name = "asymmetric", .n = 3, .stages = 2, .episodes = 1500,
    .want = {{0.2, 0.8}, {0.5, 0.3}, {0.75, 0.5}},
    .curve = 1, .pull = 0.3, .spill = -0.2,
};
const econ_game econ_game_types = {
    .name = "types", .n = 3, .stages = 1, .episodes = 3000,
    .want = {{0.45, 0.5}, {0.5, 0.6}, {0.55, 0.5}},
    .curve = 1, .pull = 0.3, .spill = 0.1, .slope = 0.3,
};
const econ_game econ_game_echo = {
    .name = "echo", .n = 3, .stages = 2, .episodes = 1600,
    .want = {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}},
    .curve = 1, .pull = 0.1, .slope = 0.6, .echo = true,
};
/* clang-format on */

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
    c.rate = 3e-3;
    c.rate_decay = 500;
    c.buffer = 512;
    c.noise_episodes = g->episodes / 3;
    c.noise_end = 0.2;
    c.seed = seed;
    return c;
}

void econ_match_begin(econ_match *m, const econ_game *g, const econ_config *c) {
    accord_nn_err err = {0};

    *m = (econ_match){.game = g, .c = *c, .rng = accord_rng_fold(c->seed, 77)};
    m->task[0] = 1;
    m->curve = calloc(g->episodes, sizeof(*m->curve));
    ck_assert_ptr_nonnull(m->curve);
    ck_assert_msg(econ_learner_create(c, &m->learner, &err) == 0, "%s", err.text);
}

void econ_match_end(econ_match *m) {
    econ_learner_destroy(m->learner);
    free(m->curve);
}

static void tell(float *x, double theta) {
    memset(x, 0, GAME_WIDTH * sizeof(*x));
    x[1] = (float)theta;
    x[2] = 1 - x[1];
}

static void view_of(econ_match *m, uint32_t stage, const double *theta, econ_view *view) {
    for (uint32_t i = 0; i < m->game->n; i++) {
        tell(m->type[i], theta[i]);
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
        stage->reward[i][ECON_TS] = payoff(g, i, theta[i], a, others);
        m->regret += econ_game_loss(g, i, theta[i], a, others);
    }
    stage->team = (double)NAN;
}

static void note(econ_match *m) {
    ck_assert_uint_lt(m->played, m->game->episodes);
    m->curve[m->played++] = m->regret;
}

void econ_match_play(econ_match *m) {
    const econ_game *g = m->game;
    econ_stage stage[ECON_MAX_STAGES];
    econ_mind mind;
    econ_losses losses;
    double type[4] = {0.5, 0.5, 0.5, 0.5}, later[4], noise;

    memset(stage, 0, sizeof(stage));
    econ_mind_begin(&mind);
    noise = econ_noise(&m->c, econ_episodes(m->learner));
    later[0] = g->echo ? accord_rng_uniform(&m->rng) : 0.5;
    for (uint32_t i = 0; i < g->n; i++) {
        type[i] = g->slope != 0 && !g->echo ? accord_rng_uniform(&m->rng) : 0.5;
        later[i] = g->echo ? later[0] : type[i];
    }
    for (uint32_t s = 0; s < g->stages; s++) {
        view_of(m, s, type, stage[s].view);
        ck_assert_int_eq(econ_decide(m->learner, &mind, stage[s].view, noise, &m->rng,
                                     stage[s].action, NULL, NULL),
                         0);
        pay(m, &stage[s], s ? later : type);
        tell(m->said[s], later[0]);
        stage[s].commitment = m->said[s];
    }
    ck_assert_int_eq(econ_observe(m->learner, stage, g->stages, &losses, NULL), 0);
    ck_assert(!losses.skipped);
    note(m);
}

void econ_match_follow(econ_match *m, double policy[][2]) {
    const double theta[4] = {0.5, 0.5, 0.5, 0.5};
    econ_stage stage = {0};

    for (uint32_t i = 0; i < m->game->n; i++)
        stage.action[i] = econ_action_at(&m->c, (float)policy[i][0], (float)policy[i][1]);
    pay(m, &stage, theta);
    note(m);
}

static void decide(econ_match *m, econ_mind *mind, double theta, double a[][2]) {
    econ_view view[ECON_MAX_AGENTS];
    econ_action action[ECON_MAX_AGENTS];
    double types[4] = {theta, theta, theta, theta};

    view_of(m, mind->stage, types, view);
    ck_assert_int_eq(econ_decide(m->learner, mind, view, 0, NULL, action, NULL, NULL), 0);
    for (uint32_t i = 0; i < m->game->n; i++)
        for (int d = 0; d < 2; d++)
            a[i][d] = (double)action[i].unit[d];
}

void econ_match_action(econ_match *m, double theta, double a[][2]) {
    econ_mind mind;

    econ_mind_begin(&mind);
    decide(m, &mind, theta, a);
}

void econ_match_second(econ_match *m, double theta, double a[][2]) {
    econ_mind mind;

    econ_mind_begin(&mind);
    decide(m, &mind, 0.5, a);
    tell(m->said[0], theta);
    decide(m, &mind, 0.5, a);
}

enum { TYPES = 9 };

/* theta of the k-th type that is looked at; all 1/2 where there are none. */
static double type_at(const econ_game *g, int k) {
    return g->slope != 0 && !g->echo ? (k + 0.5) / TYPES : 0.5;
}

void econ_match_judge(econ_match *m, double *distance, double *gap) {
    const econ_game *g = m->game;
    double a[TYPES][4][2], mean[4][2] = {{0}};

    *distance = *gap = 0;
    for (int k = 0; k < TYPES; k++) {
        econ_match_action(m, type_at(g, k), a[k]);
        for (uint32_t i = 0; i < g->n; i++)
            for (int d = 0; d < 2; d++)
                mean[i][d] += a[k][i][d] / TYPES;
    }
    for (int k = 0; k < TYPES; k++)
        for (uint32_t i = 0; i < g->n; i++) {
            double want[2], others[2] = {0, 0};
            econ_game_equilibrium(g, i, type_at(g, k), want);
            for (uint32_t j = 0; j < g->n; j++)
                for (int d = 0; d < 2; d++)
                    others[d] += j == i ? 0 : mean[j][d] / (g->n - 1);
            for (int d = 0; d < 2; d++)
                *distance = fmax(*distance, fabs(a[k][i][d] - want[d]));
            *gap = fmax(*gap, econ_game_loss(g, i, type_at(g, k), a[k][i], others));
        }
}

double econ_match_slope(const econ_match *m) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    uint32_t last = m->played;

    for (double t = last / 10.0; t <= last; t *= 1.05, n++) {
        double lx = log(t), ly = log(m->curve[(uint32_t)t - 1]);
        x += lx;
        y += ly;
        xx += lx * lx;
        xy += lx * ly;
    }
    return (n * xy - x * y) / (n * xx - x * x);
}
