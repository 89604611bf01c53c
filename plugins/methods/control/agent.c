/* agent.c - see agent.h: creation, acting, and what is fed back. */
#include "agent.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "agent_parts.h"

/* An episode: what was seen last, as the networks see it. */
typedef struct agent_episode {
    control_agent *agent;
    uint64_t rng;
    int32_t trains;
    int32_t begun;  /* 1: the stack holds something */
    uint8_t *stack; /* [9][pixels][pixels], behind the action */
    float action[]; /* [n_actions] */
} agent_episode;

/* ---- creation -----------------------------------------------------------------------
 */

static accord_code check_space(const control_agent *a, const accord_spec *task,
                               accord_err *err) {
    uint32_t p = a->size->pixels;

    if (task->obs.height == p && task->obs.width == p)
        return ACCORD_OK;
    return a->host->fail(
        a->host, err, ACCORD_E_CONFIG,
        "networks of size \"%s\" see pictures of %u x %u, and the "
        "task's are %u x %u: set the task's parameter \"size\" to %u, or "
        "the method's \"size\" to another of its choices",
        a->size->name, p, p, task->obs.width, task->obs.height, p);
}

static accord_code create_networks(control_agent *a, accord_err *err) {
    const control_options *o = &a->options;
    control_sac_config c = CONTROL_SAC;
    accord_nn_err why = {0};

    c.size = a->size;
    c.n_actions = a->n_actions;
    c.discount = o->discount;
    c.actor_rate = o->actor_rate;
    c.critic_rate = o->critic_rate;
    c.alpha_rate = o->alpha_rate;
    c.temperature = o->temperature;
    c.critic_tau = o->critic_tau;
    c.encoder_tau = o->encoder_tau;
    c.seed = a->seed;
    accord_code rc = control_sac_create(&c, &a->sac, &why);
    return rc ? control_agent_failed(a, rc, &why, err) : ACCORD_OK;
}

static void read_combination(control_agent *a) {
    const control_options *o = &a->options;
    const char *gas = a->method->gas ? a->method->gas : o->gas;
    const char *sgs = a->method->sgs ? a->method->sgs : o->sgs;

    a->how = (control_combine)CONTROL_COMBINE;
    /* A method of one view has nothing to combine, and offers nothing. */
    a->how.gas = control_gas_find(gas ? gas : "none");
    a->how.sgs = control_sgs_find(sgs ? sgs : "none");
    a->how.lambda = o->lambda;
    a->how.power = o->power;
    if (o->scale && strcmp(o->scale, "mean_norm") == 0)
        a->how.scale = CONTROL_SCALE_MEAN_NORM;
    a->encoder_only = o->scope && strcmp(o->scope, "encoder_only") == 0;
}

static accord_code create_replay(control_agent *a, const char *folder, accord_err *err) {
    accord_code rc = control_replay_create(a->host, folder, a->capacity, a->size->pixels,
                                           a->n_actions, &a->replay, err);

    if (rc)
        return rc;
    control_replay_look_ahead(a->replay, (uint32_t)a->options.n_step,
                              a->options.discount);
    a->host->log(
        a->host, ACCORD_INFO,
        "replay buffer: %llu transitions of %u x %u pixels, %.2f GB when full, %s",
        (unsigned long long)a->capacity, a->size->pixels, a->size->pixels,
        (double)control_replay_bytes(a->replay) * 1e-9,
        folder ? "mapped from a file" : "in memory");
    return ACCORD_OK;
}

accord_code control_agent_ready(control_agent *a, accord_err *err) {
    if (a->ready)
        return ACCORD_OK;
    accord_code rc = create_networks(a, err);
    if (!rc)
        rc = control_views_allocate(a, err);
    if (rc) {
        control_views_release(a);
        control_sac_destroy(a->sac);
        a->sac = NULL;
    }
    a->ready = !rc;
    return rc;
}

/* Scores of a policy that never learned are easily taken for those of one that did. */
static void warn_untrained(const control_agent *a) {
    if (a->capacity && a->capacity < (uint64_t)a->options.init_steps)
        a->host->log(a->host, ACCORD_WARN,
                     "nothing is learned: of %lld init_steps, whose actions are random, "
                     "the training has %llu at most",
                     (long long)a->options.init_steps, (unsigned long long)a->capacity);
}

/* Where it will be trained all is made now, so that what is missing is said now. */
static accord_code prepare_training(control_agent *a, const accord_setup *setup,
                                    accord_err *err) {
    if (!ACCORD_HAS(setup, folder))
        return ACCORD_OK;
    accord_code rc = control_agent_ready(a, err);
    if (!rc && a->capacity)
        rc = create_replay(a, setup->folder, err);
    if (!rc && a->pictures)
        a->host->log(a->host, ACCORD_INFO, "overlay: %s",
                     control_pictures_text(a->pictures));
    if (!rc)
        warn_untrained(a);
    return rc;
}

static void read_setup(control_agent *a, const accord_setup *setup) {
    control_options_read(a->method->params, a->method->n_params, setup->params,
                         &a->options);
    a->size = control_size_find(a->options.size);
    a->n_actions = setup->task->action.n;
    a->seed = setup->seed;
    a->stack_bytes = (size_t)3 * CONTROL_FRAMES * a->size->pixels * a->size->pixels;
    /* The last round, `train_width` episodes, is played to its end. */
    if (setup->train_budget)
        a->capacity = setup->train_budget - 1 +
                      (uint64_t)setup->train_width * setup->task->max_steps;
    for (uint64_t i = 0; i < N_DRAWS; i++)
        a->state.rng[i] =
            accord_rng_fold(accord_rng_fold(0x636f6e74726f6c, setup->seed), i);
}

accord_code control_agent_create(const control_method *m, const accord_host *host,
                                 const accord_setup *setup, void **self,
                                 accord_err *err) {
    control_agent *a = calloc(1, sizeof(*a));

    *self = NULL;
    if (!a)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    a->host = host;
    a->method = m;
    a->random = host->extension(host, ACCORD_RANDOM);
    a->metrics = host->extension(host, ACCORD_METRICS);
    read_setup(a, setup);
    read_combination(a);
    accord_code rc = check_space(a, setup->task, err);
    if (!rc)
        rc = control_views_read(a, err);
    if (!rc)
        rc = prepare_training(a, setup, err);
    if (rc) {
        control_agent_destroy(a);
        return rc;
    }
    *self = a;
    return ACCORD_OK;
}

void control_agent_destroy(void *self) {
    control_agent *a = self;

    if (!a)
        return;
    control_replay_destroy(a->replay);
    control_views_release(a);
    control_sac_destroy(a->sac);
    free(a);
}

/* ---- acting -------------------------------------------------------------------------
 */

static accord_code agent_open(void *self, const accord_episode_info *info, void **ep,
                              accord_err *err) {
    control_agent *a = self;
    accord_code rc = control_agent_ready(a, err);

    if (rc)
        return rc;
    agent_episode *e =
        calloc(1, sizeof(*e) + a->stack_bytes + a->n_actions * sizeof(*e->action));

    if (!e)
        return a->host->fail(a->host, err, ACCORD_E_NOMEM, "out of memory");
    e->agent = a;
    e->rng = a->random->stream(info->episode, 0, "policy", 0, 0);
    e->trains = info->phase == ACCORD_PHASE_TRAIN;
    e->stack = (uint8_t *)(void *)(e->action + a->n_actions);
    *ep = e;
    return ACCORD_OK;
}

/* The oldest frame leaves; an episode's first stands for those before it. */
static void see(agent_episode *e, const uint8_t *frame) {
    size_t size = e->agent->stack_bytes / CONTROL_FRAMES;

    memmove(e->stack, e->stack + size, (CONTROL_FRAMES - 1) * size);
    memcpy(e->stack + (CONTROL_FRAMES - 1) * size, frame, size);
    for (size_t k = 0; !e->begun && k < CONTROL_FRAMES - 1; k++)
        memcpy(e->stack + k * size, frame, size);
    e->begun = 1;
}

/* In training a sample, at first without looking; else the middle of the policy. */
static accord_code agent_act(void *ep, const accord_obs *obs, accord_action *action,
                             accord_err *err) {
    agent_episode *e = ep;
    control_agent *a = e->agent;
    accord_nn_err why = {0};

    see(e, obs->pixels);
    action->vector = e->action;
    if (e->trains && a->state.steps < (uint64_t)a->options.init_steps) {
        for (uint32_t i = 0; i < a->n_actions; i++)
            e->action[i] = (float)(2 * accord_rng_uniform(&e->rng) - 1);
        return ACCORD_OK;
    }
    accord_code rc =
        control_sac_act(a->sac, e->stack, e->trains ? &e->rng : NULL, e->action, &why);
    return rc ? control_agent_failed(a, rc, &why, err) : ACCORD_OK;
}

/* ---- learning -----------------------------------------------------------------------
 */

static accord_code agent_feedback(void *self, const accord_transition *t,
                                  accord_err *err) {
    control_agent *a = self;
    accord_code rc = a->replay ? ACCORD_OK : create_replay(a, NULL, err);

    if (!rc && t->t == 0)
        rc = control_replay_begin(a->replay, t->obs->pixels, err);
    if (!rc)
        rc =
            control_replay_add(a->replay, t->action->vector, (float)t->reward,
                               t->end == ACCORD_END_TERMINATED, t->next_obs->pixels, err);
    if (rc)
        return rc;
    a->state.steps++;
    return control_agent_learn(a, err);
}

static const accord_method_ops method_ops = {
    .struct_size = sizeof(method_ops),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_PIXELS),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_VECTOR),
    .open = agent_open,
    .act = agent_act,
    .close = free,
};

static const accord_learner_ops learner_ops = {
    .struct_size = sizeof(learner_ops),
    .feedback = agent_feedback,
    .save = control_agent_save,
    .load = control_agent_load,
};

const void *control_agent_extension(const char *id) {
    if (strcmp(id, ACCORD_METHOD) == 0)
        return &method_ops;
    return strcmp(id, ACCORD_LEARNER) == 0 ? &learner_ops : NULL;
}

const char *const control_agent_needs[] = {ACCORD_RANDOM, ACCORD_METRICS, NULL};
