/* describe_pairs.c - which methods fit which tasks, and what they would ask: part of the
 * child's side of describe.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/ask.h"
#include "run/describe.h"

/* ---- roles ------------------------------------------------------------------------- */

static const accord_suite_role *find_role(const accord_suite_method *m,
                                          const char *name) {
    for (uint32_t i = 0; i < m->n_roles; i++)
        if (strcmp(m->roles[i].name, name) == 0)
            return &m->roles[i];
    return NULL;
}

static accord_code refuse(const accord_described *d, uint32_t method, const char *role,
                          accord_err *err, const char *why) {
    return accord_fail(err, ACCORD_E_CONFIG, "%s: /methods/%s/roles/%s: %s",
                       d->suite->file, d->suite->methods[method].name, role, why);
}

static void wanted(const accord_role_spec *spec, char *text, size_t size) {
    if (spec->min == spec->max)
        snprintf(text, size, "%u model%s", spec->min, spec->min == 1 ? "" : "s");
    else if (spec->max == UINT32_MAX)
        snprintf(text, size, "at least %u model%s", spec->min, spec->min == 1 ? "" : "s");
    else
        snprintf(text, size, "%u to %u models", spec->min, spec->max);
}

static const char *lacking_cap(uint32_t lacking) {
    static const char *const names[] = {"top_p",         "seed",  "logprobs",
                                        "deterministic", "embed", "server"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (lacking & (1u << i))
            return names[i];
    return "something this host does not know";
}

static accord_code check_role(const accord_described *d, uint32_t method,
                              const accord_role_spec *spec, accord_err *err) {
    const char *plugin = d->suite->methods[method].plugin;
    const accord_suite_role *role = find_role(&d->suite->methods[method], spec->name);
    uint32_t n = role ? role->n : 0;
    char want[64], why[256];

    wanted(spec, want, sizeof(want));
    if (n < spec->min || n > spec->max) {
        snprintf(why, sizeof(why), "%u given, and plugin %s wants %s", n, plugin, want);
        return refuse(d, method, spec->name, err, why);
    }
    if (role && role->n_groups > 1 && !(spec->flags & ACCORD_ROLE_NESTED)) {
        snprintf(why, sizeof(why), "plugin %s takes no list of lists", plugin);
        return refuse(d, method, spec->name, err, why);
    }
    for (uint32_t i = 0; i < n; i++) {
        const accord_described_model *model = &d->models[role->models[i]];
        uint32_t lacking = spec->caps & ~model->caps->flags;
        if (!lacking)
            continue;
        snprintf(why, sizeof(why), "model %s lacks %s, which plugin %s needs",
                 model->name, lacking_cap(lacking), plugin);
        return refuse(d, method, spec->name, err, why);
    }
    return ACCORD_OK;
}

/* A role that the suite fills and the plugin does not have. */
static accord_code check_known(const accord_described *d, uint32_t method,
                               const char *role, accord_err *err) {
    const accord_method_ops *ops = d->methods[method]->method;
    const char **names = accord_xalloc((ops->n_roles + 1) * sizeof(*names));
    char why[256];

    for (uint32_t i = 0; i < ops->n_roles; i++)
        names[i] = ops->roles[i].name;
    const char *near = accord_text_nearest(role, names);
    free(names);
    if (near && strcmp(near, role) == 0)
        return ACCORD_OK;
    snprintf(why, sizeof(why), "plugin %s has no such role%s%s%s",
             d->suite->methods[method].plugin, near ? " (did you mean \"" : "",
             near ? near : "", near ? "\"?)" : "");
    return refuse(d, method, role, err, why);
}

accord_code accord_describe_roles(const accord_described *d, uint32_t method,
                                  accord_err *err) {
    const accord_suite_method *m = &d->suite->methods[method];
    const accord_method_ops *ops = d->methods[method]->method;
    accord_code code;

    for (uint32_t i = 0; i < m->n_roles; i++)
        if ((code = check_known(d, method, m->roles[i].name, err)))
            return code;
    for (uint32_t i = 0; i < ops->n_roles; i++)
        if ((code = check_role(d, method, &ops->roles[i], err)))
            return code;
    return ACCORD_OK;
}

/* ---- pairs ------------------------------------------------------------------------- */

static bool has_holdout(const accord_plugin *p) {
    for (uint32_t i = 0; i < p->n_params; i++)
        if (strcmp(p->params[i].name, "holdout") == 0)
            return true;
    return false;
}

/* Why a learner cannot train on a task, in `why`; false when it can. */
static bool cannot_learn(const accord_suite_method *m, const accord_described_task *t,
                         char *why, size_t size) {
    bool text = t->first->action.kind == ACCORD_TEXT;

    if (m->train.budget == 0)
        snprintf(why, size, "the method learns, and the suite gives it no \"train\"");
    else if (t->first->n_items[ACCORD_SPLIT_TRAIN] == 0)
        snprintf(why, size, "the method learns, and the task has nothing to train on%s",
                 has_holdout(t->instance->plugin)
                     ? " (\"holdout\": true in its params sets items aside)"
                     : "");
    else if (text && m->train.in_steps)
        snprintf(why, size,
                 "its training is given in steps, and this task's in episodes");
    else if (!text && !m->train.in_steps)
        snprintf(why, size,
                 "its training is given in episodes, and this task's in steps");
    else
        return false;
    return true;
}

/* Why the pair is none, in `why`; false when it is one. */
static bool unfit(const accord_described *d, uint32_t task, uint32_t method, char *why,
                  size_t size) {
    const accord_described_task *t = &d->tasks[task];
    const accord_instance *m = d->methods[method];

    if (!(m->method->obs_kinds & ACCORD_KIND_BIT(t->first->obs.kind)))
        snprintf(why, size, "the task shows %s, which the method does not read",
                 accord_kind_name(t->first->obs.kind));
    else if (!(m->method->action_kinds & ACCORD_KIND_BIT(t->first->action.kind)))
        snprintf(why, size, "the task wants %s actions, which the method does not give",
                 accord_kind_name(t->first->action.kind));
    else
        return m->learner && cannot_learn(&d->suite->methods[method], t, why, size);
    return true;
}

/* The models of a method's roles as the ABI hands them over. */
typedef struct cast {
    accord_role *roles;
    const accord_model **models; /* of all roles, one after the other */
} cast;

static cast cast_roles(const accord_described *d, uint32_t method) {
    const accord_suite_method *m = &d->suite->methods[method];
    const accord_method_ops *ops = d->methods[method]->method;
    size_t n = 0;

    for (uint32_t i = 0; i < m->n_roles; i++)
        n += m->roles[i].n;
    cast c = {.roles = accord_xalloc(ops->n_roles * sizeof(*c.roles)),
              .models = accord_xalloc(n * sizeof(accord_model *))};
    const accord_model **next = c.models;
    for (uint32_t i = 0; i < ops->n_roles; i++) {
        const accord_suite_role *role = find_role(m, ops->roles[i].name);
        c.roles[i] = (accord_role){.name = ops->roles[i].name, .models = next};
        if (!role)
            continue;
        c.roles[i].n = role->n;
        c.roles[i].n_groups = role->n_groups;
        c.roles[i].group_sizes = role->group_sizes;
        for (uint32_t k = 0; k < role->n; k++)
            *next++ = (const accord_model *)(const void *)&d->models[role->models[k]];
    }
    return c;
}

/* [[model, calls, max_tokens, quoted], ...], or null where the method cannot tell. */
static json_t *estimates(const accord_described *d, uint32_t method,
                         const accord_instance *made) {
    const accord_suite_method *m = &d->suite->methods[method];
    const accord_method_ops *ops = made->method;

    if (!ACCORD_HAS(ops, estimate))
        return json_null();
    json_t *list = accord_describe_must(json_array());
    for (uint32_t r = 0; r < ops->n_roles; r++) {
        const accord_suite_role *role = find_role(m, ops->roles[r].name);
        for (uint32_t i = 0; role && i < role->n; i++) {
            accord_estimate e = {.struct_size = sizeof(e)};
            ops->estimate(made->self, r, i, &e);
            json_t *ask = json_pack("[I, I, I, I]", (json_int_t)role->models[i],
                                    (json_int_t)e.calls, (json_int_t)e.max_tokens,
                                    (json_int_t)e.quoted);
            accord_describe_append(list, ask);
        }
    }
    return list;
}

/* Whether the seed moves anything that is not learned: models that take one, draws of the
 * method, start states of the task. */
static bool moves(const accord_described *d, uint32_t task, uint32_t method) {
    const accord_suite_method *m = &d->suite->methods[method];
    const char *const *need = d->methods[method]->plugin->needs;

    if (d->tasks[task].first->flags & ACCORD_SPEC_SEEDED)
        return true;
    for (; need && *need; need++)
        if (strcmp(*need, ACCORD_RANDOM) == 0)
            return true;
    for (uint32_t r = 0; r < m->n_roles; r++)
        for (uint32_t i = 0; i < m->roles[r].n; i++)
            if (d->models[m->roles[r].models[i]].caps->flags & ACCORD_CAP_SEED)
                return true;
    return false;
}

/* How many probes a training plays: those whose mark it comes to. */
static accord_code count_probes(const accord_suite_method *m, const accord_instance *made,
                                json_int_t *n, accord_err *err) {
    const accord_probe_plan *plan = NULL;

    *n = 0;
    if (!made->learner || !made->probe)
        return ACCORD_OK;
    accord_code code = made->probe->plan(made->self, &plan, err);
    for (uint32_t i = 0; !code && plan && i < plan->n_marks; i++)
        if (plan->marks[i] <= m->train.budget || plan->marks[i] == UINT64_MAX)
            *n += (json_int_t)plan->items * plan->variants;
    return code;
}

/* Creates the method for the task, so that what it says against it is said now. */
static accord_code create_pair(const accord_described *d, uint32_t task, uint32_t method,
                               const cast *c, accord_instance **out, accord_err *err) {
    const accord_suite_method *m = &d->suite->methods[method];
    const accord_spec *spec = d->tasks[task].first;
    accord_json table = accord_json_get(&d->root, "methods");
    accord_json entry = accord_json_get(&table, m->name);
    uint32_t width = m->train.width;
    char who[300];

    if (width == 0)
        width = spec->action.kind == ACCORD_TEXT ? 8 : 1;
    const accord_instance_setup setup = {
        .role = ACCORD_ROLE_METHOD,
        .plugin = m->plugin,
        .name = m->name,
        .params = accord_json_get(&entry, "params"),
        .services = accord_describe_services,
        .roles = c->roles,
        .n_roles = d->methods[method]->method->n_roles,
        .task = spec,
        .seed = d->suite->seeds[0],
        .train_budget = m->train.budget,
        .train_width = width,
    };
    snprintf(who, sizeof(who), "method %s: plugin %s", m->name, m->plugin);
    accord_ask_note(who, "it was created");
    accord_code code = accord_instance_create(&setup, out, err);
    if (code)
        accord_err_context(err, "task %s", d->suite->tasks[task].name);
    else
        accord_ask_note(who, "it was asked what it is");
    return code;
}

static accord_code describe_pair(const accord_described *d, uint32_t task,
                                 uint32_t method, json_t **out, accord_err *err) {
    accord_instance *made;
    char why[256];

    *out = NULL;
    if (unfit(d, task, method, why, sizeof(why))) {
        *out = json_pack("{s:I, s:I, s:s}", "task", (json_int_t)task, "method",
                         (json_int_t)method, "reason", why);
        return ACCORD_OK;
    }
    cast c = cast_roles(d, method);
    json_int_t probes = 0;
    accord_code code = create_pair(d, task, method, &c, &made, err);
    if (code == ACCORD_OK)
        code = count_probes(&d->suite->methods[method], made, &probes, err);
    if (code == ACCORD_OK)
        *out = json_pack("{s:I, s:I, s:b, s:b, s:I, s:o}", "task", (json_int_t)task,
                         "method", (json_int_t)method, "learns", made->learner != NULL,
                         "moves", moves(d, task, method), "probes", probes, "asks",
                         estimates(d, method, made));
    accord_instance_destroy(made);
    free(c.models);
    free(c.roles);
    return code;
}

accord_code accord_describe_pairs(accord_described *d, json_t *pairs, accord_err *err) {
    for (uint32_t t = 0; t < d->suite->n_tasks; t++)
        for (uint32_t m = 0; m < d->suite->n_methods; m++) {
            json_t *pair;
            accord_code code = describe_pair(d, t, m, &pair, err);
            if (code)
                return code;
            accord_describe_append(pairs, pair);
        }
    return ACCORD_OK;
}
