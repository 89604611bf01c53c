/* econ.c - ECON (Xie et al., ICML 2025), the plugin: executors that never see each other
 * learn, each from what it believes of the others, with which temperature and top-p to
 * answer.  README.md says where to read on. */
#include <stdlib.h>
#include <string.h>

#include "learn.h"
#include "play.h"

/* ---- instance --------------------------------------------------------------------- */

static void econ_destroy(void *self) {
    econ *c = self;

    if (!c)
        return;
    econ_learner_destroy(c->learner);
    econ_probe_fini(&c->probe);
    free(c);
}

static void find_services(econ *c, const accord_host *host) {
    c->host = host;
    c->models = host->extension(host, ACCORD_MODELS);
    c->canon = host->extension(host, ACCORD_CANON);
    c->trace = host->extension(host, ACCORD_TRACE);
    c->score = host->extension(host, ACCORD_TRAIN_SCORE);
    c->metrics = host->extension(host, ACCORD_METRICS);
    c->random = host->extension(host, ACCORD_RANDOM);
}

/* Controls without probes embed only where more than one later stage may stop early. */
static bool embeds(const econ_options *o) {
    return o->action == ECON_LEARNED || o->probe != ECON_PROBE_NONE || o->stages > 2;
}

static accord_code plan_learner(econ *c, accord_err *err) {
    econ_config *config = &c->o.learner;
    accord_nn_err why = {0};

    config->n = c->panel.n;
    config->n_clusters = c->panel.n_clusters;
    for (uint32_t k = 0; k < c->panel.n_clusters; k++)
        config->cluster[k] = c->panel.first[k + 1] - c->panel.first[k];
    config->width = c->panel.width;
    c->learns = c->o.action == ECON_LEARNED;
    if (!c->learns)
        return ACCORD_OK;
    accord_code rc = econ_learner_check(config, &why);
    if (rc == ACCORD_E_ARG)
        rc = ACCORD_E_CONFIG; /* the options are the user's */
    return rc ? econ_nn_fail(c, rc, &why, err) : ACCORD_OK;
}

static accord_code econ_init(econ *c, const accord_host *host, const accord_setup *setup,
                             accord_err *err) {
    find_services(c, host);
    if (setup->task->max_steps != 1)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "the task has episodes of up to %u steps; questions with one "
                          "answer are played",
                          setup->task->max_steps);
    c->score_min = setup->task->score_min;
    c->score_max = setup->task->score_max;
    c->budget = setup->train_budget;
    accord_code rc = econ_options_read(&c->o, host, setup, err);
    if (!rc)
        rc = econ_panel_fill(&c->panel, host, setup, embeds(&c->o), err);
    if (!rc)
        rc = plan_learner(c, err);
    if (!rc)
        rc = econ_probe_init(&c->probe, host, &c->o, c->panel.n, c->panel.n_clusters,
                             c->panel.width, c->budget, err);
    return rc;
}

static accord_code econ_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    econ *c = calloc(1, sizeof(*c));
    if (!c)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    accord_code rc = econ_init(c, host, setup, err);
    if (rc) {
        econ_destroy(c);
        return rc;
    }
    *self = c;
    return ACCORD_OK;
}

/* ---- tables ----------------------------------------------------------------------- */

/* Earlier replies in the prompts of an executor's calls: the plan, then its own last
 * answer and the final output. */
static uint64_t quoted_by_executor(const econ_options *o) {
    uint64_t plans = !o->has_strategy ? 0 : o->is_replanned ? o->stages : 1;

    return plans * o->strategy_limit + 2ull * (o->stages - 1) * o->max_tokens;
}

/* Most answers that one merge shows. */
static uint32_t most_shown(const econ_panel *p) {
    uint32_t most = p->n_clusters > 1 ? p->n_clusters : 0;

    for (uint32_t k = 0; k < p->n_clusters; k++)
        if (p->first[k + 1] - p->first[k] > most)
            most = p->first[k + 1] - p->first[k];
    return most;
}

/* One call for the question and the plans, and one a stage for the final output and, for
 * rewards, all answers. */
static void estimate_encoder(const econ *c, accord_estimate *out, uint64_t *quoted) {
    uint32_t n_local = c->panel.n_clusters > 1 ? c->panel.n_clusters : 0;
    uint32_t plans = c->o.has_strategy ? 1 + n_local : 0;
    uint32_t answers = c->panel.n + n_local + 1;

    if (!embeds(&c->o))
        return;
    out->calls = 1 + c->o.stages;
    *quoted = (uint64_t)plans * c->o.strategy_limit +
              (uint64_t)c->o.stages * answers * c->o.max_tokens;
}

/* Of all stages, which is the most; a coordinator also does what no local one does.
 * Embeddings say nothing and are counted where a model of their own makes them. */
static void econ_estimate(void *self, uint32_t role, uint32_t model,
                          accord_estimate *out) {
    const econ *c = self;
    uint32_t plans = c->o.has_strategy, merges = c->o.is_merged ? c->o.stages : 0;
    bool has_clusters = c->panel.n_clusters > 1;
    uint64_t quoted = 0; /* in all calls of one coordinator, or of what else is asked */
    uint32_t times = 1;

    if (role == ECON_R_EXECUTOR) {
        out->calls = c->o.stages;
        quoted = quoted_by_executor(&c->o);
    } else if (role == ECON_R_ENCODER) {
        estimate_encoder(c, out, &quoted);
    } else {
        if (role == ECON_R_COORDINATOR && has_clusters && !c->panel.has_local)
            times += c->panel.n_clusters;
        out->calls = (plans + merges) * times;
        quoted = (uint64_t)merges * times * most_shown(&c->panel) * c->o.max_tokens +
                 (uint64_t)(has_clusters ? plans * times : 0) * c->o.strategy_limit;
    }
    out->max_tokens = role == ECON_R_ENCODER ? 0 : c->o.max_tokens;
    if (out->calls)
        out->quoted = (uint32_t)((quoted + out->calls - 1) / out->calls);
}

static accord_code econ_probe_plan(void *self, const accord_probe_plan **out,
                                   accord_err *err) {
    *out = &((econ *)self)->probe.plan;
    return ACCORD_OK;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .n_roles = ECON_ROLES,
    .roles = econ_roles,
    .open = econ_open,
    .act = econ_act,
    .close = econ_close,
    .estimate = econ_estimate,
};

static const accord_probe_ops probe = {
    .struct_size = sizeof(probe),
    .plan = econ_probe_plan,
};

static const void *econ_extension(const char *id) {
    if (strcmp(id, ACCORD_METHOD) == 0)
        return &method;
    if (strcmp(id, ACCORD_LEARNER) == 0)
        return &econ_learner_ops;
    return strcmp(id, ACCORD_PROBE) == 0 ? &probe : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = econ_create,
    .destroy = econ_destroy,
    .extension = econ_extension,
};

static const char *const needs[] = {
    ACCORD_MODELS, ACCORD_CANON,       ACCORD_TRACE, ACCORD_METRICS,
    ACCORD_RANDOM, ACCORD_TRAIN_SCORE, NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "econ",
    .version = "1.0",
    .summary = "executors that never see each other learn how to answer, towards a "
               "Bayesian Nash equilibrium",
    .reference = "https://arxiv.org/abs/2506.08292",
    .license = "MIT",
    .params = econ_params,
    .n_params = ECON_N_PARAMS,
    .needs = needs,
    .ops = &ops,
};
