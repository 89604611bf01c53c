/* fake_host.c - see fake_host.h. */
#include "fake_host.h"

#include <dlfcn.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "host/loader.h"
#include "host/params.h"

static const char models[FAKE_MAX_MODELS];

const accord_record fake_question = {
    .struct_size = sizeof(accord_record),
    .question = "How many?",
    .instruction = "End with =NUMBER",
};

const accord_spec fake_task = {
    .struct_size = sizeof(accord_spec),
    .obs = {.kind = ACCORD_TEXT},
    .action = {.kind = ACCORD_TEXT},
    .n_items = {0, 10},
    .max_steps = 1,
    .score_max = 1,
};

const accord_model *fake_model(int number) {
    return (const accord_model *)(const void *)&models[number];
}

static fake_host *host_of(accord_episode *e) {
    return (fake_host *)(void *)e;
}

static char *join_messages(const accord_request *request) {
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    for (uint32_t i = 0; i < request->n_messages; i++)
        fprintf(out, "%s: %s\n", request->messages[i].role, request->messages[i].text);
    fclose(out);
    return text;
}

static uint64_t words_of(const char *text) {
    uint64_t n = 0;

    while (*(text += strspn(text, " \n"))) {
        text += strcspn(text, " \n");
        n++;
    }
    return n;
}

static void answer(fake_host *f, const accord_request *request, accord_reply *reply) {
    fake_call *call = &f->calls[f->n_calls];

    call->request = *request;
    call->batch = f->n_batches;
    call->model = (int)((const char *)request->model - models);
    call->prompt = join_messages(request);
    const char *text = f->script(call);
    f->texts[f->n_calls++] = accord_xstrdup(text ? text : "");
    *reply = (accord_reply){
        .struct_size = sizeof(*reply),
        .error = text ? ACCORD_CALL_OK : ACCORD_CALL_API,
        .text = f->texts[f->n_calls - 1],
    };
    reply->completion_tokens = words_of(reply->text);
    if (reply->completion_tokens >= request->max_tokens)
        reply->finish = ACCORD_FINISH_LENGTH;
}

/* The replies live until the episode closes: each has its own place. */
static accord_code complete(accord_episode *e, const accord_request *requests, uint32_t n,
                            const accord_reply *const **replies, accord_err *err) {
    fake_host *f = host_of(e);
    uint32_t first = f->n_calls;

    if (f->stop)
        return accord_fail(err, f->stop, "stopped");
    if (n > FAKE_MAX_CALLS - first)
        return accord_fail(err, ACCORD_E_INTERNAL, "more calls than the fake host holds");
    for (uint32_t i = 0; i < n; i++) {
        answer(f, &requests[i], &f->replies[first + i]);
        f->reply_pointers[first + i] = &f->replies[first + i];
    }
    f->n_batches++;
    *replies = &f->reply_pointers[first];
    return ACCORD_OK;
}

/* A vector of its own for each text. */
static accord_code embed(accord_episode *e, const accord_model *model,
                         const char *const *text, uint32_t n, float *out,
                         accord_err *err) {
    fake_host *f = host_of(e);

    for (uint32_t i = 0; i < n; i++) {
        uint64_t rng = accord_rng_fold_text(7, text[i]);
        for (uint32_t d = 0; d < f->embed_width; d++)
            *out++ = (float)accord_rng_normal(&rng);
    }
    f->n_embeds += n;
    return ACCORD_OK;
}

static accord_caps fake_caps_now;

static const accord_caps *caps(const accord_model *model) {
    return &fake_caps_now;
}

static const char *model_name(const accord_model *model) {
    return "fake";
}

static accord_code canon(accord_episode *e, const accord_action *action, char *buf,
                         size_t size, accord_err *err) {
    const char *mark = strrchr(action->text, '=');

    snprintf(buf, size, "%s", mark ? mark + 1 : "");
    return ACCORD_OK;
}

static accord_code score(accord_episode *e, const accord_action *action, double *reward,
                         accord_err *err) {
    fake_host *f = host_of(e);
    char form[64];

    f->n_scores++;
    *reward = 0;
    if (f->phase == ACCORD_PHASE_EVAL)
        return accord_fail(err, ACCORD_E_ARG, "only items of the train split are scored");
    accord_code rc = canon(e, action, form, sizeof(form), err);
    *reward = strcmp(form, "18") == 0;
    return rc;
}

static uint64_t stream_of(accord_episode *e, uint32_t agent, const char *role,
                          uint32_t round, uint32_t sample) {
    uint64_t x = accord_rng_fold_text(host_of(e)->stream, role);

    return accord_rng_fold(accord_rng_fold(accord_rng_fold(x, agent), round), sample);
}

static accord_code candidate(accord_episode *e, const char *kind, uint32_t index,
                             const accord_action *action, accord_err *err) {
    fake_host *f = host_of(e);

    f->candidates[f->n_candidates++] =
        (fake_candidate){accord_xstrdup(kind), index, accord_xstrdup(action->text)};
    return ACCORD_OK;
}

static void record(const accord_host *host, accord_episode *e, const char *name,
                   double value) {
    fake_host *f = ((const accord_host_instance *)(const void *)host)->ctx;
    fake_metric *m = &f->metrics[f->n_metrics];

    if (f->n_metrics < FAKE_MAX_METRICS) {
        snprintf(m->name, sizeof(m->name), "%s", name);
        m->value = value;
        f->n_metrics++;
    }

    snprintf(f->metric, sizeof(f->metric), "%s", name);
    f->value = value;
}

static const accord_models_service models_service = {.struct_size =
                                                         sizeof(models_service),
                                                     .complete = complete,
                                                     .embed = embed,
                                                     .caps = caps,
                                                     .name = model_name};
static const accord_canon_service canon_service = {.struct_size = sizeof(canon_service),
                                                   .canon = canon};
static const accord_trace_service trace_service = {.struct_size = sizeof(trace_service),
                                                   .candidate = candidate};
static const accord_metrics_service metrics_service = {
    .struct_size = sizeof(metrics_service), .record = record};

static const accord_train_score_service score_service = {
    .struct_size = sizeof(score_service), .score = score};
static const accord_random_service random_service = {
    .struct_size = sizeof(random_service), .stream = stream_of};

static const accord_service services[] = {
    {ACCORD_MODELS, &models_service},
    {ACCORD_CANON, &canon_service},
    {ACCORD_TRACE, &trace_service},
    {ACCORD_METRICS, &metrics_service},
    {ACCORD_TRAIN_SCORE, &score_service},
    {ACCORD_RANDOM, &random_service},
    {NULL, NULL},
};

static accord_code create(fake_host *f, const accord_role *roles, uint32_t n_roles,
                          const accord_spec *task) {
    const accord_setup setup = {
        .struct_size = sizeof(setup),
        .n_roles = n_roles,
        .params = f->params,
        .roles = roles,
        .task = task,
        .name = f->plugin->id,
        .seed = 1,
        .train_budget = f->train_budget,
        .train_width = 1,
    };

    fake_caps_now = (accord_caps){.struct_size = sizeof(fake_caps_now),
                                  .flags = f->caps,
                                  .embed_width = f->embed_width};

    accord_host_init(&f->instance, f->plugin->id, services, f);
    return f->plugin->ops->create(&f->instance.host, &setup, &f->self, &f->err);
}

accord_code fake_create(fake_host *f, const char *path, const char *params,
                        const accord_role *roles, uint32_t n_roles,
                        const accord_spec *task) {
    json_malloc_t chaotic;
    json_free_t release;

    /* Memory may run out for the plugin, and not for this host. */
    json_get_alloc_funcs(&chaotic, &release);
    json_set_alloc_funcs(malloc, free);
    json_t *json = json_loads(params, 0, NULL);
    json_set_alloc_funcs(chaotic, release);
    const accord_json options = accord_json_root(json, "params");

    f->replies = accord_xalloc(FAKE_MAX_CALLS * sizeof(*f->replies));
    f->reply_pointers = accord_xalloc(FAKE_MAX_CALLS * sizeof(accord_reply *));
    accord_code rc = accord_loader_open(path, &f->plugin, &f->err);
    if (!rc)
        rc = accord_params_read(f->plugin, &options, &f->params, &f->err);
    /* The options' texts outlive the document. */
    for (uint32_t i = 0; !rc && i < f->plugin->n_params; i++)
        if (f->plugin->params[i].type == ACCORD_STRING)
            f->params[i].s = accord_xstrdup(f->params[i].s);
    json_decref(json);
    if (!rc)
        rc = create(f, roles, n_roles, task);
    if (!rc && f->plugin->role == ACCORD_ROLE_METHOD)
        f->method = f->plugin->ops->extension(ACCORD_METHOD);
    return rc;
}

/* What the task says of the last action goes back to the learner. */
static accord_code feed_back(fake_host *f, void *ep, const accord_obs *obs,
                             const accord_action *action) {
    const accord_learner_ops *learner = f->plugin->ops->extension(ACCORD_LEARNER);
    const accord_transition t = {.struct_size = sizeof(t),
                                 .end = ACCORD_END_TERMINATED,
                                 .ep = ep,
                                 .obs = obs,
                                 .action = action,
                                 .next_obs = obs};

    return learner->feedback(f->self, &t, &f->err);
}

static accord_code play(fake_host *f, int32_t phase, const accord_record *question,
                        uint64_t stream) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = phase == ACCORD_PHASE_EVAL ? ACCORD_SPLIT_EVAL
                                                                : ACCORD_SPLIT_TRAIN,
                            .item = f->item};
    const accord_episode_info info = {
        .struct_size = sizeof(info),
        .phase = phase,
        .episode = (accord_episode *)(void *)f,
        .key = &key,
        .stream = stream,
        .variant = f->variant,
        .trained = f->trained,
    };
    const accord_obs obs = {
        .struct_size = sizeof(obs), .kind = ACCORD_TEXT, .record = question};
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_TEXT};
    void *ep = NULL;

    f->phase = phase;
    f->stream = stream;
    accord_code rc = f->method->open(f->self, &info, &ep, &f->err);
    if (rc)
        return rc;
    rc = f->method->act(ep, &obs, &action, &f->err);
    free(f->answer);
    f->answer = !rc && action.text ? accord_xstrdup(action.text) : NULL;
    if (!rc && phase == ACCORD_PHASE_TRAIN)
        rc = feed_back(f, ep, &obs, &action);
    f->method->close(ep);
    return rc;
}

accord_code fake_ask(fake_host *f, const accord_record *question, uint64_t stream) {
    return play(f, ACCORD_PHASE_EVAL, question, stream);
}

accord_code fake_teach(fake_host *f, const accord_record *question, uint64_t stream) {
    return play(f, ACCORD_PHASE_TRAIN, question, stream);
}

accord_code fake_probe(fake_host *f, const accord_record *question, uint64_t stream) {
    return play(f, ACCORD_PHASE_PROBE, question, stream);
}

double fake_metric_of(const fake_host *f, const char *name, uint32_t *n) {
    double last = (double)NAN;

    *n = 0;
    for (uint32_t i = 0; i < f->n_metrics; i++)
        if (strcmp(f->metrics[i].name, name) == 0) {
            last = f->metrics[i].value;
            ++*n;
        }
    return last;
}

const chaos_plugin *chaos_of(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        abort();
    }
    return dlsym(library, "chaos_plugin_entry");
}

void fake_destroy(fake_host *f) {
    if (f->self)
        f->plugin->ops->destroy(f->self);
    for (uint32_t i = 0; f->params && i < f->plugin->n_params; i++)
        if (f->plugin->params[i].type == ACCORD_STRING)
            free((char *)(uintptr_t)f->params[i].s);
    free(f->params);
    for (uint32_t i = 0; i < f->n_calls; i++) {
        free(f->calls[i].prompt);
        free(f->texts[i]);
    }
    for (uint32_t i = 0; i < f->n_candidates; i++) {
        free(f->candidates[i].kind);
        free(f->candidates[i].text);
    }
    free(f->replies);
    free(f->reply_pointers);
    free(f->answer);
    free(f);
}
