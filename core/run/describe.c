/* describe.c - the child's side of describe.h: creates every model and task of a suite,
 * asks them what they are, and writes it down. */
#include "run/describe.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "host/registry.h"
#include "run/plan.h"

enum { NOTE_FD = 3, N_SAMPLED = 32 };

json_t *accord_describe_must(json_t *j) {
    if (!j) {
        fputs("error: accord: out of memory\n", stderr);
        abort();
    }
    return j;
}

static void put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, accord_describe_must(value)))
        accord_describe_must(NULL);
}

static void append(json_t *list, json_t *value) {
    if (json_array_append_new(list, accord_describe_must(value)))
        accord_describe_must(NULL);
}

void accord_describe_note(const char *who, const char *doing) {
    char line[512];
    int n = snprintf(line, sizeof(line), "%.300s\t%.200s\n", who, doing);

    /* Without its reader the child is about to be killed anyway. */
    if (write(NOTE_FD, line, (size_t)n) < 0)
        return;
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
    put(d->plugins, key,
        json_pack("{s:s, s:s, s:s}", "role", roles[p->role].word, "version",
                  p->version ? p->version : "", "file", i->path));
}

static void add_files(accord_described *d, const char *const *files) {
    for (; files && *files; files++)
        append(d->files, json_string(*files));
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
    accord_describe_note(who, create ? "it was created" : "it was opened");
    code = create ? accord_instance_create(&setup, out, err)
                  : accord_instance_open(&setup, out, err);
    if (code == ACCORD_OK)
        add_plugin(d, *out);
    return code;
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
            append(list, json_string(names[i].name));
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
    add_files(d, ACCORD_HAS(caps, files) ? caps->files : NULL);
    put(out, m->name,
        json_pack("{s:s, s:i, s:o, s:I, s:I, s:o}", "plugin", m->plugin, "index",
                  (int)index, "caps", caps_json(caps->flags), "context",
                  (json_int_t)caps->context, "embed_width", (json_int_t)caps->embed_width,
                  "price",
                  m->priced ? json_pack("{s:f, s:f}", "prompt", m->prompt_price,
                                        "completion", m->completion_price)
                            : json_null()));
    return ACCORD_OK;
}

/* ---- tasks ------------------------------------------------------------------------- */

static json_t *texts_json(const char *const *texts) {
    json_t *list = accord_describe_must(json_array());

    for (; texts && *texts; texts++)
        append(list, json_string(*texts));
    return list;
}

/* Scores may be unbounded, and JSON has no word for that. */
static json_t *bound_json(double value) {
    if (isfinite(value))
        return json_real(value);
    return json_string(value > 0.0 ? "inf" : "-inf");
}

static json_t *count_json(uint64_t n) {
    return n > INT64_MAX ? json_null() : json_integer((json_int_t)n);
}

/* A task that has the wrong idea of itself would fail in hour three. */
static accord_code check_spec(const accord_spec *spec, accord_err *err) {
    uint32_t n_parts = 0;

    if (!spec || spec->struct_size < sizeof(*spec))
        return accord_fail(err, ACCORD_E_ABI, "its spec is too short");
    if (spec->obs.kind < ACCORD_TEXT || spec->obs.kind > ACCORD_PIXELS ||
        spec->action.kind < ACCORD_TEXT || spec->action.kind > ACCORD_VECTOR)
        return accord_fail(err, ACCORD_E_ABI, "its spec has an unknown type");
    if (!spec->score || !spec->modes || !spec->modes[0] || spec->max_steps == 0)
        return accord_fail(err, ACCORD_E_ABI, "its spec lacks score, modes or max_steps");
    if (!(spec->score_min < spec->score_max))
        return accord_fail(err, ACCORD_E_ABI, "its scores go from %g to %g",
                           spec->score_min, spec->score_max);
    while (spec->parts && spec->parts[n_parts])
        n_parts++;
    if (n_parts > ACCORD_MAX_PARTS)
        return accord_fail(err, ACCORD_E_ABI,
                           "its score has %u parts, and %d is the most", n_parts,
                           ACCORD_MAX_PARTS);
    if (spec->n_items[ACCORD_SPLIT_EVAL] == 0)
        return accord_fail(err, ACCORD_E_CONFIG, "it has no items to evaluate");
    return ACCORD_OK;
}

static accord_code no_mode(const accord_described *d, uint32_t index, uint32_t mode,
                           accord_err *err) {
    const accord_suite_task *t = &d->suite->tasks[index];
    char list[200];
    size_t n = 0;

    list[0] = '\0';
    for (const char *const *m = d->tasks[index].own->modes; *m && n < sizeof(list); m++)
        n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", *m);
    return accord_fail(err, ACCORD_E_CONFIG,
                       "%s: /tasks/%s/modes/%u: plugin %s has no mode \"%.63s\" (it has "
                       "%s)",
                       d->suite->file, t->name, mode, t->plugin, t->modes[mode], list);
}

static bool same_space(const accord_space *a, const accord_space *b) {
    return a->kind == b->kind && a->n == b->n && a->height == b->height &&
           a->width == b->width;
}

/* One mode that the suite asks for.  Its types are those of the others: a method is made
 * once for all of them. */
static accord_code look_at_mode(accord_described *d, uint32_t index, uint32_t mode,
                                accord_err *err) {
    accord_described_task *t = &d->tasks[index];
    const char *name = d->suite->tasks[index].modes[mode];
    const accord_spec *spec = NULL;
    accord_code code = t->instance->task->spec(t->instance->self, name, &spec, err);

    if (code == ACCORD_E_NOTFOUND) {
        if (err)
            *err = (accord_err){0};
        return no_mode(d, index, mode, err);
    }
    if (code || (code = check_spec(spec, err)))
        return code;
    if (!t->first)
        t->first = spec;
    if (!same_space(&spec->obs, &t->first->obs) ||
        !same_space(&spec->action, &t->first->action))
        return accord_fail(err, ACCORD_E_CONFIG,
                           "mode %s has other observations or actions than mode %s", name,
                           d->suite->tasks[index].modes[0]);
    if (spec->n_items[ACCORD_SPLIT_EVAL] < t->n_eval)
        t->n_eval = spec->n_items[ACCORD_SPLIT_EVAL];
    return ACCORD_OK;
}

static accord_code look_at_task(accord_described *d, uint32_t index, accord_err *err) {
    accord_described_task *t = &d->tasks[index];
    accord_code code = t->instance->task->spec(t->instance->self, NULL, &t->own, err);

    if (code || (code = check_spec(t->own, err)))
        return code;
    t->n_eval = ACCORD_ENDLESS;
    for (uint32_t i = 0; i < d->suite->tasks[index].n_modes; i++)
        if ((code = look_at_mode(d, index, i, err)))
            return code;
    if (!t->first) {
        t->first = t->own;
        t->n_eval = t->own->n_items[ACCORD_SPLIT_EVAL];
    }
    return ACCORD_OK;
}

static json_t *task_json(const accord_suite_task *t, const accord_described_task *d) {
    const accord_spec *spec = d->first;
    json_t *modes = accord_describe_must(json_array());

    for (uint32_t i = 0; i < t->n_modes; i++)
        append(modes, json_string(t->modes[i]));
    if (t->n_modes == 0)
        append(modes, json_string(spec->modes[0]));
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:s, s:s, s:[o, o], s:I, s:b}",
                     "plugin", t->plugin, "score", spec->score, "higher_is_better",
                     spec->higher_is_better, "min", bound_json(spec->score_min), "max",
                     bound_json(spec->score_max), "parts", texts_json(spec->parts),
                     "modes", modes, "observation", accord_kind_name(spec->obs.kind),
                     "action", accord_kind_name(spec->action.kind), "n_items",
                     count_json(spec->n_items[ACCORD_SPLIT_TRAIN]), count_json(d->n_eval),
                     "max_steps", (json_int_t)spec->max_steps, "seeded",
                     (spec->flags & ACCORD_SPEC_SEEDED) != 0);
}

static accord_code describe_task(accord_described *d, uint32_t index, json_t *out,
                                 accord_err *err) {
    const accord_suite_task *t = &d->suite->tasks[index];
    accord_code code = accord_describe_create(d, ACCORD_ROLE_TASK, index,
                                              &d->tasks[index].instance, err);

    if (code)
        return code;
    if ((code = look_at_task(d, index, err))) {
        if (err && strncmp(err->msg, d->suite->file, strlen(d->suite->file)) != 0)
            accord_err_context(err, "task %s", t->name);
        return code;
    }
    add_files(d, d->tasks[index].first->files);
    put(out, t->name, task_json(t, &d->tasks[index]));
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
    put(out, m->name, json_pack("{s:s, s:b}", "plugin", m->plugin, "learns", learns));
    return ACCORD_OK;
}

/* ---- the whole --------------------------------------------------------------------- */

static accord_code describe_plan(accord_described *d, json_t *out, accord_err *err) {
    json_t *models = accord_describe_must(json_object());
    json_t *tasks = accord_describe_must(json_object());
    json_t *methods = accord_describe_must(json_object());
    json_t *pairs = accord_describe_must(json_array());
    accord_code code = ACCORD_OK;

    put(out, "tasks", tasks);
    put(out, "models", models);
    put(out, "methods", methods);
    put(out, "pairs", pairs);
    put(out, "plugins", json_incref(d->plugins));
    put(out, "files", json_incref(d->files));
    for (uint32_t i = 0; i < d->suite->n_models && code == ACCORD_OK; i++)
        code = describe_model(d, i, models, err);
    for (uint32_t i = 0; i < d->suite->n_tasks && code == ACCORD_OK; i++)
        code = describe_task(d, i, tasks, err);
    for (uint32_t i = 0; i < d->suite->n_methods && code == ACCORD_OK; i++)
        code = describe_method(d, i, methods, err);
    return code == ACCORD_OK ? accord_describe_pairs(d, pairs, err) : code;
}

static size_t length(const char *text) {
    return text ? strlen(text) : 0;
}

/* Bytes of the question and what belongs to it, of one item. */
static accord_code item_bytes(const accord_described_task *t, uint64_t item,
                              uint64_t seed, double *bytes, accord_err *err) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = t->own->modes[0],
                            .item = item,
                            .seed = seed};
    accord_obs obs = {.struct_size = sizeof(obs)};
    const char *id = NULL;
    void *ep = NULL;
    accord_code code =
        t->instance->task->open(t->instance->self, &key, &ep, &obs, &id, err);

    if (code)
        return code;
    if (obs.kind == ACCORD_TEXT && obs.record)
        *bytes +=
            (double)(length(obs.record->question) + length(obs.record->instruction));
    t->instance->task->close(ep);
    return ACCORD_OK;
}

static accord_code describe_items(accord_described *d, json_t *out, accord_err *err) {
    for (uint32_t i = 0; i < d->suite->n_tasks; i++) {
        accord_described_task *t = &d->tasks[i];
        const char *name = d->suite->tasks[i].name;
        double bytes = 0.0;
        accord_code code;
        if ((code = accord_describe_create(d, ACCORD_ROLE_TASK, i, &t->instance, err)) ||
            (code = look_at_task(d, i, err)))
            return code;
        uint64_t n = t->own->n_items[ACCORD_SPLIT_EVAL];
        uint64_t sampled = n < N_SAMPLED ? n : N_SAMPLED;
        uint64_t stride = n == ACCORD_ENDLESS ? 1 : n / sampled;
        if (t->own->obs.kind != ACCORD_TEXT)
            continue;
        for (uint64_t k = 0; k < sampled; k++) {
            accord_describe_note(name, "its first items were opened");
            if ((code = item_bytes(t, k * stride, d->suite->seeds[0], &bytes, err)))
                return code;
        }
        put(out, name, json_real(bytes / (double)sampled));
    }
    return ACCORD_OK;
}

static void described_fini(accord_described *d) {
    accord_describe_note("a plugin", "the instances were destroyed");
    for (uint32_t i = 0; i < d->suite->n_methods; i++)
        accord_instance_destroy(d->methods[i]);
    for (uint32_t i = 0; i < d->suite->n_tasks; i++)
        accord_instance_destroy(d->tasks[i].instance);
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
        code = describe_items(&d, out, err);
    else
        code = describe_plan(&d, out, err);
    described_fini(&d);
    accord_suite_destroy(suite);
    return code;
}

/* Plugins print to stderr here: stdout carries the description. */
static int private_stdout(void) {
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, NOTE_FD + 1);

    if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -1;
    return fd;
}

int accord_plan_describe(void) {
    accord_err err = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int fd = private_stdout();
    fcntl(NOTE_FD, F_SETFD, FD_CLOEXEC);
    json_t *order = json_loadfd(STDIN_FILENO, 0, NULL);
    json_t *out = accord_describe_must(json_object());
    accord_code code = answer(order, out, &err);
    if (code) {
        json_object_clear(out);
        put(out, "error", json_string(err.msg));
        put(out, "code", json_integer(code));
    }
    int failed = json_dumpfd(out, fd, JSON_COMPACT);
    json_decref(out);
    json_decref(order);
    return failed ? 1 : 0;
}
