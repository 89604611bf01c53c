/* fake_host.c - see fake_host.h. */
#include "fake_host.h"

#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static accord_code canon(accord_episode *e, const accord_action *action, char *buf,
                         size_t size, accord_err *err) {
    const char *mark = strrchr(action->text, '=');

    snprintf(buf, size, "%s", mark ? mark + 1 : "");
    return ACCORD_OK;
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
    fake_host *f = host_of(e);

    snprintf(f->metric, sizeof(f->metric), "%s", name);
    f->value = value;
}

static const accord_models_service models_service = {
    .struct_size = sizeof(models_service), .complete = complete};
static const accord_canon_service canon_service = {.struct_size = sizeof(canon_service),
                                                   .canon = canon};
static const accord_trace_service trace_service = {.struct_size = sizeof(trace_service),
                                                   .candidate = candidate};
static const accord_metrics_service metrics_service = {
    .struct_size = sizeof(metrics_service), .record = record};

static const accord_service services[] = {
    {ACCORD_MODELS, &models_service},
    {ACCORD_CANON, &canon_service},
    {ACCORD_TRACE, &trace_service},
    {ACCORD_METRICS, &metrics_service},
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
    };

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

accord_code fake_ask(fake_host *f, const accord_record *question, uint64_t stream) {
    const accord_key key = {.struct_size = sizeof(key), .split = ACCORD_SPLIT_EVAL};
    const accord_episode_info info = {
        .struct_size = sizeof(info),
        .phase = ACCORD_PHASE_EVAL,
        .episode = (accord_episode *)(void *)f,
        .key = &key,
        .stream = stream,
    };
    const accord_obs obs = {
        .struct_size = sizeof(obs), .kind = ACCORD_TEXT, .record = question};
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_TEXT};
    void *ep = NULL;

    accord_code rc = f->method->open(f->self, &info, &ep, &f->err);
    if (rc)
        return rc;
    rc = f->method->act(ep, &obs, &action, &f->err);
    free(f->answer);
    f->answer = !rc && action.text ? accord_xstrdup(action.text) : NULL;
    f->method->close(ep);
    return rc;
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
