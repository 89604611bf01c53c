/* config.c - what the learner is told, the box of actions, an episode's beginning. */
#include <string.h>

#include "learner.h"

const econ_config econ_defaults = {
    .n_clusters = 1,
    .entity = 256,
    .belief = 128,
    .heads = 4,
    .t_min = 0.1,
    .t_max = 2.0,
    .p_min = 0.1,
    .p_max = 0.9,
    .discount = 0.99,
    .rate = 1e-3,
    .rate_coordinator = 5e-4,
    .lambda_e = 0.1,
    .lambda_m = 0.1,
    .lambda_b = 0.1,
    .tau = 0.05,
    .clip = 10,
    .buffer = 256,
    .batch = 16,
    .update_every = 8,
    .updates = 8,
    .noise_start = 1.0,
    .noise_end = 0.05,
    .noise_episodes = 100,
    .grid_t = 7,
    .grid_p = 5,
    .alpha = {0.4, 0.4, 0.2},
    .alpha_rate = 1e-3,
    .alpha_ts_min = 0.2,
    .beta = 0.1,
    .rate_actor = 1e-3,
};

void econ_mind_begin(econ_mind *m) {
    memset(m, 0, sizeof(*m));
    for (int i = 0; i < ECON_MAX_AGENTS; i++)
        m->last[i][0] = m->last[i][1] = 0.5f;
}

double econ_noise(const econ_config *c, uint64_t episodes) {
    if (episodes >= c->noise_episodes)
        return c->noise_end;
    double done = (double)episodes / (double)c->noise_episodes;
    return c->noise_start + done * (c->noise_end - c->noise_start);
}

econ_action econ_action_at(const econ_config *c, float t, float p) {
    return (econ_action){.temperature = c->t_min + (c->t_max - c->t_min) * (double)t,
                         .top_p = c->p_min + (c->p_max - c->p_min) * (double)p,
                         .unit = {t, p}};
}

void econ_mind_played(const econ_config *c, econ_mind *m, const econ_action *action) {
    for (uint32_t i = 0; i < c->n; i++)
        memcpy(m->last[i], action[i].unit, sizeof(m->last[i]));
}
