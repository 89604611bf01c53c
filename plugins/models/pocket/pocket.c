/* pocket.c - small language models that live inside Accord: the plugin.
 *
 * A request's messages go through the chat template; what cannot be answered (a prompt
 * beyond the context, an empty one, settings out of range) fails as that call alone, with
 * a sentence. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/plugin.h>

#include "engine.h"
#include "template.h"

/* One request of the last call. */
struct asked {
    int32_t *tokens; /* the prompt */
    struct pocket_err err;
};

struct pocket {
    const accord_host *host;
    struct pocket_weights weights;
    struct pocket_engine *engine;
    accord_caps caps;
    const char *files[2];
    char path[4096];
    struct asked *asked; /* [n_asked] */
    struct pocket_job *jobs;
    struct pocket_answer *answers;
    uint32_t n_asked;
};

enum { P_SIZE, P_WEIGHTS, P_KERNELS };

static const char *const sizes[] = {"s", "m", "m2", NULL};
static const char *const levels[] = {"auto", "sse2", "avx2", "avx512", "vnni", NULL};

static const accord_param params[] = {
    {"size", "about 0.2, 0.8 and 0.8 million parameters", ACCORD_STRING, .text = "m",
     .choices = sizes},
    {"weights", "a file of weights; empty: those of the size that come with Accord",
     ACCORD_STRING, .text = ""},
    {"kernels", "instructions to compute with, all to the same result; auto: the fastest",
     ACCORD_STRING, .text = "auto", .choices = levels},
};

static void forget(struct pocket *p) {
    for (uint32_t i = 0; i < p->n_asked; i++)
        free(p->asked[i].tokens);
    free(p->asked);
    free(p->jobs);
    free(p->answers);
    p->asked = NULL;
    p->jobs = NULL;
    p->answers = NULL;
    p->n_asked = 0;
}

static void pocket_destroy(void *self) {
    struct pocket *p = self;

    if (!p)
        return;
    forget(p);
    pocket_engine_destroy(p->engine);
    pocket_weights_close(&p->weights);
    free(p);
}

static accord_code no_memory(const struct pocket *p, accord_err *err) {
    return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
}

/* The weights that come with Accord: in a build beside the plugins, else where they were
 * installed. */
static void find_weights(struct pocket *p, const char *size) {
    Dl_info self;

    if (dladdr(&accord_plugin_entry, &self) && strrchr(self.dli_fname, '/')) {
        const char *name = self.dli_fname;
        snprintf(p->path, sizeof(p->path), "%.*s/../../benchmarks/pocket/%s.pocket",
                 (int)(strrchr(name, '/') - name), name, size);
        if (access(p->path, R_OK) == 0)
            return;
    }
    snprintf(p->path, sizeof(p->path), POCKET_DATADIR "/%s.pocket", size);
}

static accord_code choose_kernels(const struct pocket *p, const char *name,
                                  const struct pocket_kernels **out, accord_err *err) {
    *out = pocket_kernels_best();
    if (strcmp(name, "auto") == 0)
        return ACCORD_OK;
    for (int i = 0; i < POCKET_LEVELS; i++) {
        *out = pocket_kernels_at(i);
        if (*out && strcmp((*out)->name, name) == 0)
            return ACCORD_OK;
    }
    return p->host->fail(p->host, err, ACCORD_E_CONFIG,
                         "kernels is %s, which this CPU does not have", name);
}

static accord_code load(struct pocket *p, const accord_param_value *values,
                        accord_err *err) {
    const struct pocket_kernels *kernels;
    struct pocket_err why = {0};
    accord_code rc = choose_kernels(p, values[P_KERNELS].s, &kernels, err);

    if (rc)
        return rc;
    if (*values[P_WEIGHTS].s)
        rc = p->host->data_path(p->host, values[P_WEIGHTS].s, p->path, sizeof(p->path),
                                err);
    else
        find_weights(p, values[P_SIZE].s);
    if (rc)
        return rc;
    rc = pocket_weights_open(p->path, &p->weights, &why);
    if (!rc)
        rc = pocket_engine_create(&p->weights, kernels, &p->engine, &why);
    return rc ? p->host->fail(p->host, err, rc, "%s", why.text) : ACCORD_OK;
}

static accord_code pocket_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    struct pocket *p = calloc(1, sizeof(*p));
    if (!p)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    p->host = host;
    accord_code rc = load(p, setup->params, err);
    if (rc) {
        pocket_destroy(p);
        return rc;
    }
    p->files[0] = p->path;
    p->caps = (accord_caps){
        .struct_size = sizeof(p->caps),
        .flags = ACCORD_CAP_TOP_P | ACCORD_CAP_SEED | ACCORD_CAP_LOGPROBS |
                 ACCORD_CAP_DETERMINISTIC | ACCORD_CAP_EMBED,
        .context = p->weights.shape.context,
        .embed_width = p->weights.shape.width,
        .files = p->files,
    };
    *self = p;
    return ACCORD_OK;
}

static accord_code pocket_caps(void *self, const accord_caps **out, accord_err *err) {
    const struct pocket *p = self;

    *out = &p->caps;
    return ACCORD_OK;
}

/* Its prompt and settings.  A prompt that does not fit is counted and left for the engine
 * to refuse. */
static accord_code take(struct pocket *p, const accord_request *request, uint32_t i) {
    struct pocket_job *job = &p->jobs[i];
    size_t room = p->weights.shape.context;

    *job = (struct pocket_job){.temperature = request->temperature,
                               .top_p = request->top_p,
                               .max_tokens = request->max_tokens,
                               .n_stop = request->n_stop,
                               .stop = request->stop,
                               .seed = request->seed};
    job->prompt = p->asked[i].tokens = malloc(room * sizeof(*p->asked[i].tokens));
    if (!job->prompt)
        return ACCORD_E_NOMEM;
    if (pocket_prompt(request->messages, request->n_messages, p->asked[i].tokens, room,
                      &job->n_prompt, &p->asked[i].err))
        job->n_prompt = 0;
    return ACCORD_OK;
}

static void give(const struct pocket *p, const accord_request *request, uint32_t i,
                 accord_reply *reply) {
    const struct pocket_answer *a = &p->answers[i];

    reply->text = a->text;
    if (a->err.code) {
        /* The template's reason is why the prompt is empty. */
        reply->message = p->asked[i].err.code ? p->asked[i].err.text : a->err.text;
        reply->error = ACCORD_CALL_API;
        return;
    }
    reply->finish = a->finish;
    reply->prompt_tokens = p->jobs[i].n_prompt;
    reply->completion_tokens = a->n_tokens;
    if (request->logprobs) {
        reply->logprobs = a->logprobs;
        reply->n_logprobs = a->n_tokens;
    }
}

static accord_code pocket_complete(void *self, const accord_request *const *requests,
                                   uint32_t n, accord_reply *const *replies,
                                   accord_err *err) {
    struct pocket *p = self;
    struct pocket_err why = {0};

    forget(p);
    p->asked = calloc(n ? n : 1, sizeof(*p->asked));
    p->jobs = calloc(n ? n : 1, sizeof(*p->jobs));
    p->answers = calloc(n ? n : 1, sizeof(*p->answers));
    if (!p->asked || !p->jobs || !p->answers)
        return no_memory(p, err);
    p->n_asked = n;
    for (uint32_t i = 0; i < n; i++)
        if (take(p, requests[i], i))
            return no_memory(p, err);
    if (pocket_engine_run(p->engine, p->jobs, n, p->answers, &why))
        return no_memory(p, err);
    for (uint32_t i = 0; i < n; i++)
        give(p, requests[i], i, replies[i]);
    return ACCORD_OK;
}

static accord_code pocket_embed(void *self, const char *const *text, uint32_t n,
                                float *out, accord_err *err) {
    struct pocket *p = self;

    for (uint32_t i = 0; i < n; i++)
        if (pocket_engine_embed(p->engine, text[i],
                                out + (size_t)i * p->weights.shape.width, NULL))
            return no_memory(p, err);
    return ACCORD_OK;
}

static const accord_model_ops model = {
    .struct_size = sizeof(model),
    .caps = pocket_caps,
    .complete = pocket_complete,
    .embed = pocket_embed,
};

static const void *pocket_extension(const char *id) {
    return strcmp(id, ACCORD_MODEL) == 0 ? &model : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = pocket_create,
    .destroy = pocket_destroy,
    .extension = pocket_extension,
};

static const char *const needs[] = {NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_MODEL,
    .id = "pocket",
    .version = "1.0",
    .summary = "small language models inside Accord, for generated maths and planning",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
