/* describe.c - see describe.h: creates every model and task of a suite, in a child, asks
 * them what they are, and writes it down. */
#include "run/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "host/registry.h"
#include "run/ask.h"
#include "run/plan.h"

json_t *accord_describe_must(json_t *j) {
    if (!j) {
        fputs("error: accord: out of memory\n", stderr);
        abort();
    }
    return j;
}

json_t *accord_describe_text(const char *text) {
    json_t *j = json_string(text);

    if (j)
        return j;
    char *plain = accord_xstrdup(text);
    for (char *p = plain; *p; p++)
        if (*p & 0x80)
            *p = '?';
    j = json_string(plain);
    free(plain);
    return accord_describe_must(j);
}

void accord_describe_put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, accord_describe_must(value)))
        accord_describe_must(NULL);
}

void accord_describe_append(json_t *list, json_t *value) {
    if (json_array_append_new(list, accord_describe_must(value)))
        accord_describe_must(NULL);
}

const char *accord_kind_name(int32_t kind) {
    static const char *const names[] = {[ACCORD_TEXT] = "text",
                                        [ACCORD_DISCRETE] = "discrete",
                                        [ACCORD_VECTOR] = "vector",
                                        [ACCORD_PIXELS] = "pixels"};

    return kind >= ACCORD_TEXT && kind <= ACCORD_PIXELS ? names[kind] : "nothing known";
}

/* ---- instances --------------------------------------------------------------------- */

static const struct {
    const char *word, *table;
} roles[] = {[ACCORD_ROLE_METHOD] = {"method", "methods"},
             [ACCORD_ROLE_TASK] = {"task", "tasks"},
             [ACCORD_ROLE_MODEL] = {"model", "models"}};

static void add_plugin(accord_described *d, const accord_instance *i) {
    char key[128];
    const accord_plugin *p = i->plugin;

    snprintf(key, sizeof(key), "%s/%s", roles[p->role].word, p->id);
    accord_describe_put(d->plugins, key,
                        json_pack("{s:s, s:o, s:o}", "role", roles[p->role].word,
                                  "version", accord_describe_text(p->version), "file",
                                  accord_describe_text(i->path)));
}

static bool is_listed(const json_t *list, const char *text) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    return false;
}

void accord_describe_files(accord_described *d, const char *const *files) {
    for (; files && *files; files++)
        if (!is_listed(d->files, *files))
            accord_describe_append(d->files, accord_describe_text(*files));
}

/* Finds, opens and, for tasks and models, creates; each step is noted first. */
static accord_code make(accord_described *d, int32_t role, const char *name,
                        const char *plugin, bool create, accord_instance **out,
                        accord_err *err) {
    accord_json table = accord_json_get(&d->root, roles[role].table);
    accord_json entry = accord_json_get(&table, name);
    const accord_instance_setup setup = {
        .role = role,
        .plugin = plugin,
        .name = name,
        .params = accord_json_get(&entry, "params"),
        .services = accord_describe_services,
        .seed = d->suite->seeds[0],
    };
    char path[PATH_MAX], who[200];

    *out = NULL;
    snprintf(who, sizeof(who), "%s %s: plugin %s", roles[role].word, name, plugin);
    accord_code code = accord_registry_find(role, plugin, path, err);
    if (code) {
        accord_err_context(err, "%s: %s", d->suite->file, entry.path);
        return code;
    }
    accord_ask_note(who, create ? "it was created" : "it was opened");
    code = create ? accord_instance_create(&setup, out, err)
                  : accord_instance_open(&setup, out, err);
    if (code)
        return code;
    accord_ask_note(who, "it was asked what it is");
    add_plugin(d, *out);
    return ACCORD_OK;
}

accord_code accord_describe_create(accord_described *d, int32_t role, uint32_t index,
                                   accord_instance **out, accord_err *err) {
    const accord_suite *s = d->suite;

    if (role == ACCORD_ROLE_TASK)
        return make(d, role, s->tasks[index].name, s->tasks[index].plugin, true, out,
                    err);
    return make(d, role, s->models[index].name, s->models[index].plugin, true, out, err);
}

accord_code accord_describe_open(accord_described *d, uint32_t index, accord_err *err) {
    const accord_suite_method *m = &d->suite->methods[index];

    return make(d, ACCORD_ROLE_METHOD, m->name, m->plugin, false, &d->methods[index],
                err);
}

/* ---- models ------------------------------------------------------------------------ */

static json_t *caps_json(uint32_t flags) {
    static const struct {
        uint32_t flag;
        const char *name;
    } names[] = {
        {ACCORD_CAP_TOP_P, "top_p"},       {ACCORD_CAP_SEED, "seed"},
        {ACCORD_CAP_LOGPROBS, "logprobs"}, {ACCORD_CAP_DETERMINISTIC, "deterministic"},
        {ACCORD_CAP_EMBED, "embed"},       {ACCORD_CAP_SERVER, "server"}};
    json_t *list = accord_describe_must(json_array());

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (flags & names[i].flag)
            accord_describe_append(list, json_string(names[i].name));
    return list;
}

static accord_code describe_model(accord_described *d, uint32_t index, json_t *out,
                                  accord_err *err) {
    const accord_suite_model *m = &d->suite->models[index];
    accord_described_model *described = &d->models[index];
    accord_code code;

    described->name = m->name;
    if ((code = accord_describe_create(d, ACCORD_ROLE_MODEL, index, &described->instance,
                                       err)))
        return code;
    code = described->instance->model->caps(described->instance->self, &described->caps,
                                            err);
    if (code == ACCORD_OK && !described->caps)
        code = accord_fail(err, ACCORD_E_ABI, "it has no caps");
    if (code) {
        accord_err_context(err, "model %s", m->name);
        return code;
    }
    const accord_caps *caps = described->caps;
    const char *const *files = ACCORD_HAS(caps, files) ? caps->files : NULL;
    accord_describe_files(d, files);
    accord_describe_put(
        out, m->name,
        json_pack("{s:s, s:i, s:o, s:I, s:I, s:o, s:o}", "plugin", m->plugin, "index",
                  (int)index, "caps", caps_json(caps->flags), "context",
                  (json_int_t)caps->context, "embed_width", (json_int_t)caps->embed_width,
                  "price",
                  m->priced ? json_pack("{s:f, s:f}", "prompt", m->prompt_price,
                                        "completion", m->completion_price)
                            : json_null(),
                  "files", accord_describe_texts(files)));
    return ACCORD_OK;
}

/* ---- methods ----------------------------------------------------------------------- */

static accord_code describe_method(accord_described *d, uint32_t index, json_t *out,
                                   accord_err *err) {
    const accord_suite_method *m = &d->suite->methods[index];
    accord_code code;

    if ((code = accord_describe_open(d, index, err)) ||
        (code = accord_describe_roles(d, index, err)))
        return code;
    bool learns = d->methods[index]->learner != NULL;
    if (!learns && m->train.budget)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s: /methods/%s/train: plugin %s does not learn",
                           d->suite->file, m->name, m->plugin);
    accord_describe_put(out, m->name,
                        json_pack("{s:s, s:b}", "plugin", m->plugin, "learns", learns));
    return ACCORD_OK;
}

/* ---- the whole --------------------------------------------------------------------- */

static accord_code describe_plan(accord_described *d, json_t *out, accord_err *err) {
    json_t *models = accord_describe_must(json_object());
    json_t *tasks = accord_describe_must(json_object());
    json_t *methods = accord_describe_must(json_object());
    json_t *pairs = accord_describe_must(json_array());
    accord_code code = ACCORD_OK;

    accord_describe_put(out, "tasks", tasks);
    accord_describe_put(out, "models", models);
    accord_describe_put(out, "methods", methods);
    accord_describe_put(out, "pairs", pairs);
    accord_describe_put(out, "plugins", json_incref(d->plugins));
    accord_describe_put(out, "files", json_incref(d->files));
    for (uint32_t i = 0; i < d->suite->n_models && code == ACCORD_OK; i++)
        code = describe_model(d, i, models, err);
    for (uint32_t i = 0; i < d->suite->n_tasks && code == ACCORD_OK; i++)
        code = accord_describe_task(d, i, tasks, err);
    for (uint32_t i = 0; i < d->suite->n_methods && code == ACCORD_OK; i++)
        code = describe_method(d, i, methods, err);
    return code == ACCORD_OK ? accord_describe_pairs(d, pairs, err) : code;
}

/* Without a model: what it needs to be created may be gone. */
static accord_code describe_tasks(accord_described *d, json_t *out, accord_err *err) {
    json_t *tasks = accord_describe_must(json_object());
    accord_code code = ACCORD_OK;

    accord_describe_put(out, "tasks", tasks);
    accord_describe_put(out, "plugins", json_incref(d->plugins));
    accord_describe_put(out, "files", json_incref(d->files));
    for (uint32_t i = 0; i < d->suite->n_tasks && code == ACCORD_OK; i++)
        code = accord_describe_task(d, i, tasks, err);
    return code;
}

static void described_fini(accord_described *d) {
    accord_ask_note("a plugin", "the instances were destroyed");
    for (uint32_t i = 0; i < d->suite->n_methods; i++)
        accord_instance_destroy(d->methods[i]);
    for (uint32_t i = 0; i < d->suite->n_tasks; i++) {
        accord_instance_destroy(d->tasks[i].instance);
        json_decref(d->tasks[i].provenance);
    }
    for (uint32_t i = 0; i < d->suite->n_models; i++)
        accord_instance_destroy(d->models[i].instance);
    free(d->methods);
    free(d->tasks);
    free(d->models);
    json_decref(d->plugins);
    json_decref(d->files);
}

static accord_code answer(json_t *order, json_t *out, accord_err *err) {
    const char *file = json_string_value(json_object_get(order, "file"));
    const char *what = json_string_value(json_object_get(order, "what"));
    accord_suite *suite;
    accord_code code;

    if (!file || !what)
        return accord_fail(err, ACCORD_E_ARG, "describe is not for people");
    if ((code = accord_suite_take(json_incref(json_object_get(order, "suite")), file,
                                  &suite, err)))
        return code;
    accord_described d = {
        .suite = suite,
        .root = accord_json_root(suite->json, suite->file),
        .models = accord_xalloc(suite->n_models * sizeof(*d.models)),
        .tasks = accord_xalloc(suite->n_tasks * sizeof(*d.tasks)),
        .methods = accord_xalloc(suite->n_methods * sizeof(accord_instance *)),
        .plugins = accord_describe_must(json_object()),
        .files = accord_describe_must(json_array()),
    };
    if (strcmp(what, ACCORD_DESCRIBE_ITEMS) == 0)
        code = accord_describe_items(&d, out, err);
    else if (strcmp(what, ACCORD_DESCRIBE_TASKS) == 0)
        code = describe_tasks(&d, out, err);
    else
        code = describe_plan(&d, out, err);
    described_fini(&d);
    accord_suite_destroy(suite);
    return code;
}

int accord_plan_describe(void) {
    return accord_ask_serve(answer);
}

/* ---- the parent's side ------------------------------------------------------------- */

accord_code accord_describe(const accord_suite *suite, const char *what, int timeout_ms,
                            json_t **out, accord_err *err) {
    json_t *order = json_pack("{s:s, s:s, s:O}", "what", what, "file", suite->file,
                              "suite", suite->json);

    *out = NULL;
    if (!order)
        return accord_fail(err, ACCORD_E_NOMEM, "cannot hand the suite to a child");
    accord_code code = accord_ask_child("describe", order, timeout_ms, out, err);
    json_decref(order);
    return code;
}
