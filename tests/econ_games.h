/* econ_games.h - games whose equilibrium is known, played by ECON's learner.
 *
 * Executor i plays a point of the unit square and is paid, with m the others' mean action
 * and theta_i its own type in [0, 1] (1/2 where the game has no types),
 *   u_i = 1 + spill sum_d (m_d - 1/2) - curve sum_d (a_id - b_id)^2,
 *   b_id = want_id + slope (theta_i - 1/2) + pull (m_d - 1/2):
 * concave in a_i with one best response b_i, and |pull| < 1 makes the best responses a
 * contraction, so there is one Bayesian Nash equilibrium, linear in the type.  `spill`
 * makes it another point than what would be best for the team.
 *
 * In the game `echo` theta is drawn after stage 1, and all read it in the coordinator's
 * output at stage 2. */
#ifndef ECON_GAMES_H
#define ECON_GAMES_H

#include "learner.h"

typedef struct econ_game {
    const char *name;
    uint32_t n, stages;
    double want[4][2];
    double curve, pull, spill, slope;
    bool echo;
    uint32_t episodes; /* of training, enough for the tests */
} econ_game;
extern const econ_game econ_game_quadratic, econ_game_asymmetric, econ_game_types,
    econ_game_echo;

/* a_i(theta) of the equilibrium. */
void econ_game_equilibrium(const econ_game *g, uint32_t i, double theta, double a[2]);
/* u_i(best response) - u_i(a) while the others' mean is m: exact. */
double econ_game_loss(const econ_game *g, uint32_t i, double theta, const double a[2],
                      const double m[2]);

enum { GAME_WIDTH = 8 };

/* A learner in a game. */
typedef struct econ_match {
    const econ_game *game;
    econ_learner *learner;
    econ_config c;
    uint64_t rng;
    double regret; /* of all executors, summed over the episodes played */
    double *curve; /* [episodes]: the regret after each */
    uint32_t played;
    float task[GAME_WIDTH], type[4][GAME_WIDTH], said[ECON_MAX_STAGES][GAME_WIDTH];
} econ_match;

/* The learner's sizes and rates for games. */
econ_config econ_match_config(const econ_game *g, uint64_t seed);
void econ_match_begin(econ_match *m, const econ_game *g, const econ_config *c);
void econ_match_end(econ_match *m);
/* One training episode. */
void econ_match_play(econ_match *m);
/* One episode of `policy`, the actions of all executors, without a learner. */
void econ_match_follow(econ_match *m, double policy[][2]);
/* What the executors do at stage 1 without exploring, when all are of type theta. */
void econ_match_action(econ_match *m, double theta, double a[][2]);
/* The same at stage 2, after the coordinator has said theta. */
void econ_match_second(econ_match *m, double theta, double a[][2]);
/* The largest distance of an action at stage 1 from the equilibrium's, and the largest
 * gain that an executor would make by deviating alone, over types and executors. */
void econ_match_judge(econ_match *m, double *distance, double *gap);
/* Slope of log regret by log episodes, least squares, over the last decade. */
double econ_match_slope(const econ_match *m);

#endif
