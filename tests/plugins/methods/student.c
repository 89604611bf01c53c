/* student.c - fixture: a learner whose state depends on every reward and on their order,
 * so that a lost, doubled or exchanged feedback changes its answers.  It asks its model
 * once an episode and answers wrong on purpose while its state is odd; without a model
 * (control) it takes the action that its state picks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/chat.h>
#include <accord/plugin.h>
#include <accord/rng.h>

enum { P_STOP_AT, P_PROBE, N_PARAMS };

static const accord_param params[] = {
    {.name = "stop_at",
     .help = "finish after so many feedbacks, 0 = never",
     .type = ACCORD_INT},
    {.name = "probe", .help = "ask for probes", .type = ACCORD_BOOL},
};

struct student {
    const accord_host *host;
    const accord_models_service *models;
    const accord_train_score_service *score;
    const accord_metrics_service *metrics;
    const accord_model *model; /* NULL in control */
    uint32_t n_actions;
    int64_t stop_at;
    uint64_t state, n_feedback;
    accord_probe_plan plan;
};

struct lesson {
    struct student *self;
    accord_episode *episode;
    int32_t phase;
    char text[64];
};

static const uint64_t marks[] = {0, UINT64_MAX};

static accord_code student_create(const accord_host *host, const accord_setup *setup,
                                  void **self, accord_err *err) {
    struct student *s = calloc(1, sizeof(*s));

    if (!s)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    s->host = host;
    s->models = host->extension(host, ACCORD_MODELS);
    s->score = host->extension(host, ACCORD_TRAIN_SCORE);
    s->metrics = host->extension(host, ACCORD_METRICS);
    s->model = setup->roles[0].n ? setup->roles[0].models[0] : NULL;
    s->n_actions = setup->task->action.n;
    s->stop_at = setup->params[P_STOP_AT].i;
    s->state = setup->seed;
    s->plan = (accord_probe_plan){.struct_size = sizeof(s->plan),
                                  .items = setup->params[P_PROBE].i ? 2 : 0,
                                  .variants = 3,
                                  .n_marks = 2,
                                  .marks = marks};
    *self = s;
    return ACCORD_OK;
}

static accord_code student_open(void *self, const accord_episode_info *info, void **ep,
                                accord_err *err) {
    struct student *s = self;
    struct lesson *l = calloc(1, sizeof(*l));

    if (!l)
        return s->host->fail(s->host, err, ACCORD_E_NOMEM, "out of memory");
    *l = (struct lesson){.self = s, .episode = info->episode, .phase = info->phase};
    *ep = l;
    return ACCORD_OK;
}

static accord_code ask(struct lesson *l, const accord_obs *obs, accord_err *err) {
    struct student *s = l->self;
    accord_chat *chat = accord_chat_create();
    accord_request request = ACCORD_REQUEST_INIT;
    const accord_reply *const *replies;

    request.model = s->model;
    request.temperature = 1.0;
    accord_chat_ask(chat, ACCORD_TASK_ANSWER, obs->record);
    accord_code rc = accord_chat_request(chat, &request);
    if (!rc)
        rc = s->models->complete(l->episode, &request, 1, &replies, err);
    if (!rc)
        snprintf(l->text, sizeof(l->text), "%s%s", s->state & 1 ? "1" : "",
                 strpbrk(replies[0]->text, "0123456789") ?: "");
    accord_chat_destroy(chat);
    return rc;
}

static accord_code student_act(void *ep, const accord_obs *obs, accord_action *action,
                               accord_err *err) {
    struct lesson *l = ep;
    struct student *s = l->self;
    double reward;

    if (action->kind == ACCORD_DISCRETE) {
        action->index = (int32_t)(s->state % (s->n_actions ? s->n_actions : 1));
        return ACCORD_OK;
    }
    accord_code rc = ask(l, obs, err);
    action->text = l->text;
    if (rc || l->phase == ACCORD_PHASE_EVAL)
        return rc;
    return s->score->score(l->episode, action, &reward, err);
}

static accord_code student_feedback(void *self, const accord_transition *t,
                                    accord_err *err) {
    struct student *s = self;

    s->state = accord_rng_fold(s->state, (uint64_t)(t->reward * 1000) + 7 * t->t);
    if (t->obs->kind == ACCORD_TEXT) {
        s->state = accord_rng_fold_text(s->state, t->obs->record->question);
        s->state = accord_rng_fold_text(s->state, t->action->text);
    }
    s->n_feedback++;
    s->metrics->record(s->host, NULL, "state", (double)(s->state % 1000));
    return ACCORD_OK;
}

static accord_code student_save(void *self, const char *dir, accord_err *err) {
    struct student *s = self;
    char path[4096];

    snprintf(path, sizeof(path), "%s/student", dir);
    FILE *f = fopen(path, "w");
    if (!f ||
        fprintf(f, "%llu %llu\n", (unsigned long long)s->state,
                (unsigned long long)s->n_feedback) < 0 ||
        fclose(f))
        return s->host->fail(s->host, err, ACCORD_E_IO, "cannot write %s", path);
    return ACCORD_OK;
}

static accord_code student_load(void *self, const char *dir, accord_err *err) {
    struct student *s = self;
    unsigned long long state = 0, n = 0;
    char path[4096];

    snprintf(path, sizeof(path), "%s/student", dir);
    FILE *f = fopen(path, "r");
    if (!f)
        return s->host->fail(s->host, err, ACCORD_E_IO, "cannot read %s", path);
    int got = fscanf(f, "%llu %llu", &state, &n);
    fclose(f);
    if (got != 2)
        return s->host->fail(s->host, err, ACCORD_E_CONFIG, "%s is damaged", path);
    s->state = state;
    s->n_feedback = n;
    return ACCORD_OK;
}

static int32_t student_finished(void *self) {
    struct student *s = self;

    return s->stop_at > 0 && s->n_feedback >= (uint64_t)s->stop_at;
}

static accord_code student_plan(void *self, const accord_probe_plan **out,
                                accord_err *err) {
    *out = &((struct student *)self)->plan;
    return ACCORD_OK;
}

static const accord_role_spec roles[] = {
    {.name = "solver", .help = "answers", .max = 1},
};

static const accord_method_ops method_ops = {
    .struct_size = sizeof(method_ops),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT) | ACCORD_KIND_BIT(ACCORD_DISCRETE),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT) | ACCORD_KIND_BIT(ACCORD_DISCRETE),
    .n_roles = 1,
    .roles = roles,
    .open = student_open,
    .act = student_act,
    .close = free,
};

static const accord_learner_ops learner_ops = {
    .struct_size = sizeof(learner_ops),
    .feedback = student_feedback,
    .save = student_save,
    .load = student_load,
    .finished = student_finished,
};

static const accord_probe_ops probe_ops = {
    .struct_size = sizeof(probe_ops),
    .plan = student_plan,
};

static const void *student_extension(const char *id) {
    if (strcmp(id, ACCORD_METHOD) == 0)
        return &method_ops;
    if (strcmp(id, ACCORD_LEARNER) == 0)
        return &learner_ops;
    return strcmp(id, ACCORD_PROBE) == 0 ? &probe_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = student_create,
    .destroy = free,
    .extension = student_extension,
};

static const char *const needs[] = {ACCORD_METRICS, ACCORD_TRAIN_SCORE, ACCORD_RANDOM,
                                    NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "student",
    .version = "1",
    .summary = "fixture: a learner that forgets nothing",
    .license = "MIT",
    .params = params,
    .n_params = N_PARAMS,
    .needs = needs,
    .ops = &ops,
};
