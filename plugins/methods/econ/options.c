/* options.c - see options.h. */
#include "options.h"

#include <string.h>

enum {
    P_STAGES,
    P_ACTION,
    P_FIXED_TEMPERATURE,
    P_FIXED_TOP_P,
    P_T_MIN,
    P_T_MAX,
    P_P_MIN,
    P_P_MAX,
    P_STRATEGY,
    P_PLAN_AGAIN,
    P_STRATEGY_TOKENS,
    P_STRATEGY_LIMIT,
    P_STRATEGY_TRIES,
    P_STRATEGY_TEMPERATURE,
    P_COMMITMENT,
    P_COMMIT_TEMPERATURE,
    P_MAX_TOKENS,
    P_TS,
    P_TEAM,
    P_ALPHA_AL,
    P_ALPHA_TS,
    P_ALPHA_CC,
    P_ALPHA_RATE,
    P_ALPHA_TS_MIN,
    P_ENTITY,
    P_BELIEF,
    P_HEADS,
    P_DISCOUNT,
    P_RATE,
    P_RATE_ACTOR,
    P_RATE_COORDINATOR,
    P_LAMBDA_E,
    P_LAMBDA_M,
    P_LAMBDA_B,
    P_TAU,
    P_CLIP,
    P_BUFFER,
    P_BATCH,
    P_UPDATE_EVERY,
    P_UPDATES,
    P_NOISE_START,
    P_NOISE_END,
    P_NOISE_EPISODES,
    P_BETA,
    P_PROBE,
    P_PROBE_ITEMS,
    P_PROBE_EVERY,
    P_DEVIATIONS,
    P_EPS_C,
    P_EPS_E,
    P_EPS_L,
    P_R_THRESHOLD,
    P_PATIENCE,
};
_Static_assert((int)P_PATIENCE + 1 == (int)ECON_N_PARAMS, "the table and its size");

static const char *const actions[] = {"learned", "fixed", "random", NULL};
static const char *const strategies[] = {"model", "none", NULL};
static const char *const commitments[] = {"model", "majority", NULL};
static const char *const judges[] = {"checker", "coordinator", NULL};
static const char *const teams[] = {"mean", "score", NULL};
static const char *const probes[] = {"none", "ends", "every", NULL};

const accord_param econ_params[ECON_N_PARAMS] = {
    {"stages",
     "answers of each executor: one alone, then some that know the commitment "
     "(resolved)",
     ACCORD_INT, .value = 2, .min = 1, .max = ECON_MAX_STAGES},
    {"action",
     "temperature and top-p of the executors: learned, or the controls fixed "
     "and random (paper)",
     ACCORD_STRING, .text = "learned", .choices = actions},
    {"fixed_temperature", "of action fixed; 0: the middle of the box (resolved)",
     ACCORD_REAL, .max = 2},
    {"fixed_top_p", "of action fixed; 0: the middle of the box (resolved)", ACCORD_REAL,
     .max = 1},
    {"t_min", "least temperature (paper)", ACCORD_REAL, .value = 0.1, .max = 2},
    {"t_max", "highest temperature (paper)", ACCORD_REAL, .value = 2, .max = 2},
    {"p_min", "least top-p; the paper's p, never sent as a penalty (paper)", ACCORD_REAL,
     .value = 0.1, .min = 0.001, .max = 1},
    {"p_max", "highest top-p (paper)", ACCORD_REAL, .value = 0.9, .min = 0.001, .max = 1},
    {"strategy", "the coordinator's plan: model, or none (paper)", ACCORD_STRING,
     .text = "model", .choices = strategies},
    {"plan_again", "executors see the plan in later stages too (paper)", ACCORD_BOOL,
     .value = 1},
    {"strategy_tokens", "of a plan, as the coordinator is told (paper)", ACCORD_INT,
     .value = 50, .min = 1, .max = 4096},
    {"strategy_limit", "of a plan, in tokens; a longer one is asked for again (paper)",
     ACCORD_INT, .value = 70, .min = 1, .max = 4096},
    {"strategy_tries", "of a plan before a generic one is used (paper)", ACCORD_INT,
     .value = 3, .min = 1, .max = 10},
    {"strategy_temperature", "of plans (resolved)", ACCORD_REAL, .value = 0.3, .max = 2},
    {"commitment", "the final output: the model's merge, or the majority (paper)",
     ACCORD_STRING, .text = "model", .choices = commitments},
    {"commit_temperature", "of merges (resolved)", ACCORD_REAL, .value = 0.1, .max = 2},
    {"max_tokens", "bound of an answer and of a merge (resolved)", ACCORD_INT,
     .value = 1024, .min = 1, .max = 1 << 20},
    {"ts",
     "task-specific reward: the task's checker on items to train on (resolved), or "
     "the coordinator's assessment (paper)",
     ACCORD_STRING, .text = "checker", .choices = judges},
    {"team",
     "reward of Q_tot: mean of the executors', or the final output's score "
     "(resolved)",
     ACCORD_STRING, .text = "mean", .choices = teams},
    {"alpha_al", "first weight of the reward for agreement with the commitment (paper)",
     ACCORD_REAL, .value = 0.4, .max = 1},
    {"alpha_ts", "first weight of the task-specific reward (paper)", ACCORD_REAL,
     .value = 0.4, .max = 1},
    {"alpha_cc", "first weight of the reward for contributing (paper)", ACCORD_REAL,
     .value = 0.2, .max = 1},
    {"alpha_rate", "learning rate of the weights; 0: they stay (resolved)", ACCORD_REAL,
     .value = 1e-3, .max = 1},
    {"alpha_ts_min", "least weight of the task-specific reward (resolved)", ACCORD_REAL,
     .value = 0.2, .max = 1},
    {"entity", "width of the networks' inner layers (paper)", ACCORD_INT, .value = 256,
     .min = 8, .max = 1024},
    {"belief", "width of a belief (paper)", ACCORD_INT, .value = 128, .min = 8,
     .max = 256},
    {"heads", "of attention (paper)", ACCORD_INT, .value = 4, .min = 1, .max = 16},
    {"discount", "of later stages (paper)", ACCORD_REAL, .value = 0.99, .max = 1},
    {"rate", "learning rate of beliefs, actions and values (paper)", ACCORD_REAL,
     .value = 1e-3, .max = 1},
    {"rate_actor", "learning rate of the actions' heads (resolved)", ACCORD_REAL,
     .value = 1e-3, .max = 1},
    {"rate_coordinator", "learning rate of the belief encoder and the mixer (resolved)",
     ACCORD_REAL, .value = 5e-4, .max = 1},
    {"lambda_e", "weight of the executors' losses in the encoder's (paper)", ACCORD_REAL,
     .value = 0.1, .max = 100},
    {"lambda_m", "weight of the distance of each value from the team's (paper)",
     ACCORD_REAL, .value = 0.1, .max = 100},
    {"lambda_b", "weight of the similarity difference (paper)", ACCORD_REAL, .value = 0.1,
     .max = 100},
    {"tau", "step of the target networks towards the others (resolved)", ACCORD_REAL,
     .value = 0.01, .max = 1},
    {"clip", "bound of a gradient's norm (resolved)", ACCORD_REAL, .value = 10,
     .min = 1e-6, .max = 1e6},
    {"buffer", "episodes that are remembered (paper)", ACCORD_INT, .value = 32, .min = 1,
     .max = 4096},
    {"batch", "episodes of a learning step (paper)", ACCORD_INT, .value = 16, .min = 1,
     .max = 4096},
    {"update_every", "episodes between updates (paper)", ACCORD_INT, .value = 8, .min = 1,
     .max = 4096},
    {"updates", "learning steps of an update (resolved)", ACCORD_INT, .value = 1,
     .min = 1, .max = 1000},
    {"noise_start", "exploration: deviation of the actions' logits at first (resolved)",
     ACCORD_REAL, .value = 1, .max = 10},
    {"noise_end", "exploration: deviation of the actions' logits at last (resolved)",
     ACCORD_REAL, .value = 0.05, .max = 10},
    {"noise_episodes",
     "over which exploration falls; 0: three quarters of the training (resolved)",
     ACCORD_INT, .max = 1 << 30},
    {"beta", "share of a cluster's reward in that of its executors (resolved)",
     ACCORD_REAL, .value = 0.1, .max = 1},
    {"probe",
     "equilibrium measured: none, at both ends of training, or every "
     "probe_every episodes too (resolved)",
     ACCORD_STRING, .text = "none", .choices = probes},
    {"probe_items", "questions of a probe (resolved)", ACCORD_INT, .value = 16, .min = 2,
     .max = 64},
    {"probe_every", "training episodes between probes (resolved)", ACCORD_INT,
     .value = 50, .min = 1, .max = 1 << 30},
    {"deviations",
     "side of the grid of each executor's deviations in a probe; 0: none, "
     "only what early stopping needs (resolved)",
     ACCORD_INT, .value = 3, .max = 5},
    {"eps_c", "least change of a commitment's embedding that goes on (paper)",
     ACCORD_REAL, .value = 0.01, .max = 2},
    {"eps_e", "least change of an action in the unit square that goes on (resolved)",
     ACCORD_REAL, .value = 0.01, .max = 1},
    {"eps_l", "early stopping: largest change of the losses (paper)", ACCORD_REAL,
     .value = 1e-4, .max = 1e6},
    {"r_threshold", "early stopping: least mean reward (paper)", ACCORD_REAL,
     .value = 0.7, .max = 1},
    {"patience",
     "early stopping: probes in a row that must agree; needs probe every; 0: "
     "never (paper)",
     ACCORD_INT, .value = 5, .max = 1000},
};
static int choice(const char *text, const char *const *choices) {
    int i = 0;

    while (choices[i] && strcmp(choices[i], text) != 0)
        i++;
    return i;
}

static void read_loop(econ_options *o, const accord_param_value *v) {
    o->stages = (uint32_t)v[P_STAGES].i;
    o->action = choice(v[P_ACTION].s, actions);
    o->has_strategy = choice(v[P_STRATEGY].s, strategies) == 0;
    o->is_replanned = v[P_PLAN_AGAIN].i != 0;
    o->is_merged = choice(v[P_COMMITMENT].s, commitments) == 0;
    o->is_checked = choice(v[P_TS].s, judges) == 0;
    o->is_team_scored = choice(v[P_TEAM].s, teams) == 1;
    o->fixed_temperature = v[P_FIXED_TEMPERATURE].r;
    o->fixed_top_p = v[P_FIXED_TOP_P].r;
    o->strategy_temperature = v[P_STRATEGY_TEMPERATURE].r;
    o->commit_temperature = v[P_COMMIT_TEMPERATURE].r;
    o->strategy_tokens = (uint32_t)v[P_STRATEGY_TOKENS].i;
    o->strategy_limit = (uint32_t)v[P_STRATEGY_LIMIT].i;
    o->strategy_tries = (uint32_t)v[P_STRATEGY_TRIES].i;
    o->max_tokens = (uint32_t)v[P_MAX_TOKENS].i;
    o->eps_c = v[P_EPS_C].r;
    o->eps_e = v[P_EPS_E].r;
}

static void read_probe(econ_options *o, const accord_param_value *v) {
    o->probe = choice(v[P_PROBE].s, probes);
    o->probe_items = (uint32_t)v[P_PROBE_ITEMS].i;
    o->probe_every = (uint32_t)v[P_PROBE_EVERY].i;
    o->deviations = (uint32_t)v[P_DEVIATIONS].i;
    o->eps_l = v[P_EPS_L].r;
    o->r_threshold = v[P_R_THRESHOLD].r;
    o->patience = (uint32_t)v[P_PATIENCE].i;
}

static void read_sizes(econ_config *c, const accord_param_value *v) {
    c->entity = (uint32_t)v[P_ENTITY].i;
    c->belief = (uint32_t)v[P_BELIEF].i;
    c->heads = (uint32_t)v[P_HEADS].i;
    c->t_min = v[P_T_MIN].r;
    c->t_max = v[P_T_MAX].r;
    c->p_min = v[P_P_MIN].r;
    c->p_max = v[P_P_MAX].r;
    c->buffer = (uint32_t)v[P_BUFFER].i;
    c->batch = (uint32_t)v[P_BATCH].i;
    c->update_every = (uint32_t)v[P_UPDATE_EVERY].i;
    c->updates = (uint32_t)v[P_UPDATES].i;
}

static void read_rates(econ_config *c, const accord_param_value *v, uint64_t budget) {
    c->discount = v[P_DISCOUNT].r;
    c->rate = v[P_RATE].r;
    c->rate_actor = v[P_RATE_ACTOR].r;
    c->rate_coordinator = v[P_RATE_COORDINATOR].r;
    c->lambda_e = v[P_LAMBDA_E].r;
    c->lambda_m = v[P_LAMBDA_M].r;
    c->lambda_b = v[P_LAMBDA_B].r;
    c->tau = v[P_TAU].r;
    c->clip = v[P_CLIP].r;
    c->beta = v[P_BETA].r;
    c->noise_start = v[P_NOISE_START].r;
    c->noise_end = v[P_NOISE_END].r;
    c->noise_episodes = (uint64_t)v[P_NOISE_EPISODES].i;
    if (c->noise_episodes == 0)
        c->noise_episodes = budget * 3 / 4;
    c->alpha[ECON_AL] = v[P_ALPHA_AL].r;
    c->alpha[ECON_TS] = v[P_ALPHA_TS].r;
    c->alpha[ECON_CC] = v[P_ALPHA_CC].r;
    c->alpha_rate = v[P_ALPHA_RATE].r;
    c->alpha_ts_min = v[P_ALPHA_TS_MIN].r;
}

static accord_code check(const econ_options *o, const accord_host *host,
                         accord_err *err) {
    const econ_config *c = &o->learner;
    double t = o->fixed_temperature, p = o->fixed_top_p;
    double sum = c->alpha[0] + c->alpha[1] + c->alpha[2];

    if (c->t_min >= c->t_max || c->p_min >= c->p_max)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "the box of actions is empty: temperature %g to %g, top-p %g "
                          "to %g",
                          c->t_min, c->t_max, c->p_min, c->p_max);
    if ((t && (t < c->t_min || t > c->t_max)) || (p && (p < c->p_min || p > c->p_max)))
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "fixed_temperature and fixed_top_p lie outside the box of "
                          "actions");
    if (sum < 0.999 || sum > 1.001)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "alpha_al, alpha_ts and alpha_cc add up to %g, not to 1", sum);
    if (!o->is_checked && !o->is_merged)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "ts is coordinator, but with commitment majority the "
                          "coordinator assesses nobody");
    return ACCORD_OK;
}

accord_code econ_options_read(econ_options *o, const accord_host *host,
                              const accord_setup *setup, accord_err *err) {
    *o = (econ_options){.learner = econ_defaults};
    read_loop(o, setup->params);
    read_probe(o, setup->params);
    read_sizes(&o->learner, setup->params);
    read_rates(&o->learner, setup->params, setup->train_budget);
    o->learner.seed = setup->seed;
    return check(o, host, err);
}
