/* agent_rig.c - see agent_rig.h. */
#include "agent_rig.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

enum { FRAME = 3 * AGENT_PIXELS * AGENT_PIXELS };

static const char *const readings[] = {"average", "chained", "random", NULL};
static const accord_param plain[] = {CONTROL_P_ALL};
static const accord_param pair[] = {CONTROL_P_ALL, CONTROL_P_OVERLAY,
                                    CONTROL_P_TEXT("augmentations", "", "conv")};
static const accord_param naive[] = {
    CONTROL_P_ALL, CONTROL_P_VIEWS, CONTROL_P_CHOICE("reading", "", "average", readings)};
static const accord_param all[] = {CONTROL_P_ALL, CONTROL_P_VIEWS, CONTROL_P_SCOPE,
                                   CONTROL_P_GAS, CONTROL_P_SGS};

#define OF(table) .params = table, .n_params = sizeof(table) / sizeof(table[0])
const control_method agent_sac = {OF(plain), .views = CONTROL_VIEWS_ONE};
const control_method agent_drq = {OF(plain), .shift = 1, .views = CONTROL_VIEWS_ONE};
const control_method agent_svea = {OF(pair), .shift = 1, .views = CONTROL_VIEWS_PAIR};
const control_method agent_naive = {OF(naive), .shift = 1, .views = CONTROL_VIEWS_READING,
                                    .gas = "none", .sgs = "none"};
#define EACH OF(all), .shift = 1, .views = CONTROL_VIEWS_EACH
const control_method agent_cg2a = {EACH};
const control_method agent_gas = {EACH, .sgs = "none"};
const control_method agent_sgs = {EACH, .gas = "none"};
const control_method agent_pcgrad = {EACH, .gas = "none", .sgs = "pcgrad"};
const control_method agent_agr_sum = {EACH, .gas = "none", .sgs = "hard"};

static uint64_t stream(accord_episode *e, uint32_t agent, const char *role,
                       uint32_t round, uint32_t sample) {
    return *(const uint64_t *)(const void *)e;
}
static void record(const accord_host *host, accord_episode *e, const char *name,
                   double value) {
    agent_rig *r = ((const accord_host_instance *)(const void *)host)->ctx;

    if (r->n_metrics == AGENT_METRICS)
        abort();
    snprintf(r->metrics[r->n_metrics].name, sizeof(r->metrics[0].name), "%s", name);
    r->metrics[r->n_metrics++].value = value;
}
static const accord_random_service random_service = {
    .struct_size = sizeof(random_service), .stream = stream};
static const accord_metrics_service metrics_service = {
    .struct_size = sizeof(metrics_service), .record = record};
static const accord_service services[] = {
    {ACCORD_RANDOM, &random_service}, {ACCORD_METRICS, &metrics_service}, {NULL, NULL}};

/* The default, but for batches and beginnings: small and early ones. */
static accord_param_value value_of(const accord_param *p, const char *text) {
    accord_param_value v = {.i = (int64_t)p->value};

    if (strcmp(p->name, "batch") == 0)
        v.i = 4;
    if (strcmp(p->name, "init_steps") == 0)
        v.i = AGENT_STEPS;

    if (p->type == ACCORD_REAL)
        v.r = text ? strtod(text, NULL) : p->value;
    else if (p->type == ACCORD_STRING)
        v.s = text ? text : p->text;
    else if (text)
        v.i = strtoll(text, NULL, 10);
    return v;
}

/* The value of `name` in text[n], which is "name=value", one text after the other. */
static const char *option(const char *text, size_t n, const char *name) {
    size_t length = strlen(name);

    for (const char *p = text; p < text + n; p += strlen(p) + 1)
        if (strncmp(p, name, length) == 0 && p[length] == '=')
            return p + length + 1;
    return NULL;
}

accord_code agent_rig_create(agent_rig *r, const control_method *m, const char *options,
                             const char *folder) {
    return agent_rig_create_for(r, m, options, folder, AGENT_ACTIONS);
}

accord_code agent_rig_create_for(agent_rig *r, const control_method *m,
                                 const char *options, const char *folder,
                                 uint32_t n_actions) {
    static char text[512];
    accord_param_value values[64];

    memset(r, 0, sizeof(*r));
    size_t n = (size_t)snprintf(text, sizeof(text), "%s", options);
    for (size_t i = 0; i < n; i++)
        text[i] = text[i] == ' ' ? '\0' : text[i];
    for (uint32_t i = 0; i < m->n_params; i++)
        values[i] = value_of(&m->params[i], option(text, n, m->params[i].name));
    r->task = (accord_spec){
        .struct_size = sizeof(r->task),
        .obs = {.kind = ACCORD_PIXELS, .height = AGENT_PIXELS, .width = AGENT_PIXELS},
        .action = {.kind = ACCORD_VECTOR, .n = n_actions},
        .max_steps = AGENT_STEPS};
    const char *width = option(text, n, "width");
    const accord_setup setup = {.struct_size = sizeof(setup),
                                .params = values,
                                .task = &r->task,
                                .seed = 3,
                                .train_budget = 200,
                                .train_width =
                                    width ? (uint32_t)strtoul(width, NULL, 10) : 1,
                                .name = "rig",
                                .folder = folder};
    accord_host_init(&r->host, "rig", services, r);
    r->method = control_agent_extension(ACCORD_METHOD);
    r->learner = control_agent_extension(ACCORD_LEARNER);
    return control_agent_create(m, &r->host.host, &setup, &r->self, &r->err);
}

void agent_rig_destroy(agent_rig *r) {
    control_agent_destroy(r->self);
    r->self = NULL;
}

/* A bright square on a dark ground, at a place that the number names. */
static void draw(uint8_t *frame, int number) {
    int x = number * 7 % (AGENT_PIXELS - 8), y = number * 5 % (AGENT_PIXELS - 8);

    memset(frame, 30, FRAME);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 64; i++)
            frame[(c * AGENT_PIXELS + y + i / 8) * AGENT_PIXELS + x + i % 8] =
                (uint8_t)(90 + 60 * c);
}

static accord_obs picture(const uint8_t *frame) {
    return (accord_obs){
        .struct_size = sizeof(accord_obs), .kind = ACCORD_PIXELS, .pixels = frame};
}

static void *open_episode(agent_rig *r, int32_t phase, uint64_t *seed) {
    const accord_episode_info info = {.struct_size = sizeof(info),
                                      .phase = phase,
                                      .episode = (accord_episode *)(void *)seed};
    void *ep = NULL;

    if (r->method->open(r->self, &info, &ep, &r->err))
        abort();
    return ep;
}

/* Each action moves the reward; the picture follows the step. */
static accord_code train_step(agent_rig *r, void *ep, uint64_t t) {
    uint8_t before[FRAME], after[FRAME];
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_VECTOR};

    draw(before, (int)(r->steps % 97));
    draw(after, (int)((r->steps + 1) % 97));
    const accord_obs obs = picture(before), next = picture(after);
    accord_code rc = r->method->act(ep, &obs, &action, &r->err);
    if (rc)
        return rc;
    r->steps++;
    const accord_transition transition = {
        .struct_size = sizeof(transition),
        .end = t + 1 == AGENT_STEPS ? ACCORD_END_TRUNCATED : ACCORD_END_NO,
        .ep = ep,
        .t = t,
        .reward = r->poison ? (double)NAN : 1 + (double)action.vector[0],
        .obs = &obs,
        .action = &action,
        .next_obs = &next};
    return r->learner->feedback(r->self, &transition, &r->err);
}

accord_code agent_rig_train(agent_rig *r, uint64_t steps) {
    accord_code rc = ACCORD_OK;

    while (r->steps < steps && !rc) {
        uint64_t seed = accord_rng_fold(11, r->steps);
        void *ep = open_episode(r, ACCORD_PHASE_TRAIN, &seed);
        for (uint64_t t = 0; t < AGENT_STEPS && !rc; t++)
            rc = train_step(r, ep, t);
        r->method->close(ep);
    }
    return rc;
}

void agent_rig_act(agent_rig *r, const int *seen, int n, float action[AGENT_ACTIONS]) {
    uint64_t seed = 1;
    void *ep = open_episode(r, ACCORD_PHASE_EVAL, &seed);
    uint8_t frame[FRAME];
    accord_action out = {.struct_size = sizeof(out), .kind = ACCORD_VECTOR};

    for (int i = 0; i < n; i++) {
        draw(frame, seen[i]);
        const accord_obs obs = picture(frame);
        if (r->method->act(ep, &obs, &out, &r->err))
            abort();
    }
    memcpy(action, out.vector, AGENT_ACTIONS * sizeof(*action));
    r->method->close(ep);
}

double agent_rig_metric(const agent_rig *r, const char *name) {
    for (uint32_t i = r->n_metrics; i-- > 0;)
        if (strcmp(r->metrics[i].name, name) == 0)
            return r->metrics[i].value;
    return (double)NAN;
}
