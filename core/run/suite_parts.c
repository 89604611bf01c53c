/* suite_parts.c - models, methods and tasks of a suite. */
#include <string.h>

#include "base/mem.h"
#include "run/suite_read.h"

static accord_code read_price(accord_suite_model *m, const accord_json *owner,
                              accord_err *err) {
    static const char *const keys[] = {"prompt", "completion", NULL};
    accord_json price = accord_json_get(owner, "price");
    double *const out[] = {&m->prompt_price, &m->completion_price};
    accord_code code;

    if (!price.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&price, JSON_OBJECT, err)) ||
        (code = accord_json_only(&price, keys, err)))
        return code;
    for (size_t i = 0; keys[i]; i++) {
        accord_json j = accord_json_get(&price, keys[i]);
        if (!j.value)
            return accord_json_fail(&price, err, "\"%s\" is missing (per million tokens)",
                                    keys[i]);
        if ((code = accord_json_read_real(&j, out[i], err)))
            return code;
        if (*out[i] < 0.0)
            return accord_json_fail(&j, err, "%g is below 0", *out[i]);
    }
    m->priced = true;
    return ACCORD_OK;
}

static accord_code read_model(accord_suite_model *m, const accord_json *j,
                              accord_err *err) {
    static const char *const keys[] = {"plugin",  "params",    "price", "window",
                                       "retries", "timeout_s", NULL};
    uint64_t window = 64, retries = 5;
    accord_code code;

    m->timeout_s = 120.0;
    if ((code = accord_suite_read_head(j, m->name, keys, &m->plugin, &m->params, err)) ||
        (code = read_price(m, j, err)) ||
        (code = accord_suite_read_count(j, "window", 1, 65536, &window, err)) ||
        (code = accord_suite_read_count(j, "retries", 0, 100, &retries, err)) ||
        (code = accord_suite_read_positive(j, "timeout_s", &m->timeout_s, err)))
        return code;
    m->window = (uint32_t)window;
    m->retries = (uint32_t)retries;
    return ACCORD_OK;
}

/* Room for one struct a member; an empty object is an error unless `may_be_empty`. */
static accord_code open_table(const accord_json *table, const char *what, size_t size,
                              void *out, accord_err *err) {
    accord_code code = accord_json_expect(table, JSON_OBJECT, err);

    if (code)
        return code;
    if (what && json_object_size(table->value) == 0)
        return accord_json_fail(table, err, "the suite has no %s", what);
    return accord_alloc(json_object_size(table->value), size, out, err);
}

accord_code accord_suite_read_models(accord_suite *suite, const accord_json *root,
                                     accord_err *err) {
    accord_json table = accord_json_get(root, "models");
    accord_code code;
    const char *name;
    json_t *value;

    if (!table.value)
        return ACCORD_OK;
    if ((code = open_table(&table, NULL, sizeof(*suite->models), &suite->models, err)))
        return code;
    json_object_foreach(table.value, name, value) {
        accord_json j = accord_json_get(&table, name);
        accord_suite_model *m = &suite->models[suite->n_models++];
        m->name = name;
        if ((code = read_model(m, &j, err)))
            return code;
    }
    return ACCORD_OK;
}

static accord_code find_model(const accord_suite *suite, const accord_json *j,
                              uint32_t *out, accord_err *err) {
    const char *name = NULL;
    accord_code code = accord_json_read_text(j, &name, err);

    if (code)
        return code;
    for (*out = 0; *out < suite->n_models; ++*out)
        if (strcmp(suite->models[*out].name, name) == 0)
            return ACCORD_OK;
    return accord_suite_unknown(j, "model", name, json_object_get(suite->json, "models"),
                                err);
}

/* Appends the models of one list to the role; the arrays are large enough. */
static accord_code read_group(const accord_suite *suite, const accord_json *list,
                              accord_suite_role *role, accord_err *err) {
    size_t n = json_array_size(list->value);
    accord_code code;

    if (n == 0)
        return accord_json_fail(list, err, "an empty list of models");
    for (size_t i = 0; i < n; i++) {
        accord_json j = accord_json_at(list, i);
        if ((code = find_model(suite, &j, &role->models[role->n], err)))
            return code;
        role->n++;
    }
    role->group_sizes[role->n_groups++] = (uint32_t)n;
    return ACCORD_OK;
}

static accord_code read_groups(const accord_suite *suite, const accord_json *lists,
                               accord_suite_role *role, accord_err *err) {
    accord_code code;

    for (size_t i = 0; i < json_array_size(lists->value); i++) {
        accord_json j = accord_json_at(lists, i);
        if ((code = accord_json_expect(&j, JSON_ARRAY, err)) ||
            (code = read_group(suite, &j, role, err)))
            return code;
    }
    return ACCORD_OK;
}

/* How many models a role can have at most: the leaves of its lists. */
static size_t count_leaves(const json_t *value) {
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *element = json_array_get(value, i);
        n += json_is_array(element) ? json_array_size(element) : 1;
    }
    return n ? n : 1;
}

static accord_code read_role(const accord_suite *suite, const accord_json *j,
                             accord_suite_role *role, accord_err *err) {
    accord_code code;

    if ((code = accord_alloc(count_leaves(j->value), sizeof(*role->models), &role->models,
                             err)) ||
        (code = accord_alloc(json_array_size(j->value), sizeof(*role->group_sizes),
                             &role->group_sizes, err)))
        return code;
    if (json_is_array(json_array_get(j->value, 0)))
        return read_groups(suite, j, role, err);
    if (json_is_array(j->value))
        return read_group(suite, j, role, err);
    if (!json_is_string(j->value))
        return accord_json_fail(j, err,
                                "a role is a model's name, a list of names or a "
                                "list of lists");
    if ((code = find_model(suite, j, &role->models[0], err)))
        return code;
    role->n = role->n_groups = role->group_sizes[0] = 1;
    return ACCORD_OK;
}

static accord_code read_roles(const accord_suite *suite, const accord_json *owner,
                              accord_suite_method *m, accord_err *err) {
    accord_json roles = accord_json_get(owner, "roles");
    accord_code code;
    const char *name;
    json_t *value;

    if (!roles.value)
        return ACCORD_OK;
    if ((code = open_table(&roles, NULL, sizeof(*m->roles), &m->roles, err)))
        return code;
    json_object_foreach(roles.value, name, value) {
        accord_json j = accord_json_get(&roles, name);
        accord_suite_role *role = &m->roles[m->n_roles++];
        role->name = name;
        if ((code = read_role(suite, &j, role, err)))
            return code;
    }
    return ACCORD_OK;
}

static accord_code read_train(const accord_json *owner, accord_suite_train *t,
                              accord_err *err) {
    static const char *const keys[] = {"episodes",         "steps", "eval_every",
                                       "checkpoint_every", "width", NULL};
    accord_json train = accord_json_get(owner, "train");
    uint64_t width = 0;
    accord_code code;

    if (!train.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&train, JSON_OBJECT, err)) ||
        (code = accord_json_only(&train, keys, err)))
        return code;
    t->in_steps = json_object_get(train.value, "steps") != NULL;
    if (t->in_steps == (json_object_get(train.value, "episodes") != NULL))
        return accord_json_fail(&train, err,
                                "needs either \"episodes\" (text) or \"steps\"");
    if ((code = accord_suite_read_count(&train, t->in_steps ? "steps" : "episodes", 1,
                                        INT64_MAX, &t->budget, err)) ||
        (code = accord_suite_read_count(&train, "eval_every", 1, INT64_MAX,
                                        &t->eval_every, err)) ||
        (code = accord_suite_read_count(&train, "checkpoint_every", 1, INT64_MAX,
                                        &t->checkpoint_every, err)) ||
        (code = accord_suite_read_count(&train, "width", 1, 4096, &width, err)))
        return code;
    t->width = (uint32_t)width;
    return ACCORD_OK;
}

accord_code accord_suite_read_methods(accord_suite *suite, const accord_json *root,
                                      accord_err *err) {
    static const char *const keys[] = {"plugin", "params", "roles", "train", NULL};
    accord_json table = accord_json_get(root, "methods");
    accord_code code;
    const char *name;
    json_t *value;

    if ((code = open_table(&table, "methods", sizeof(*suite->methods), &suite->methods,
                           err)))
        return code;
    json_object_foreach(table.value, name, value) {
        accord_json j = accord_json_get(&table, name);
        accord_suite_method *m = &suite->methods[suite->n_methods++];
        m->name = name;
        if ((code =
                 accord_suite_read_head(&j, name, keys, &m->plugin, &m->params, err)) ||
            (code = read_roles(suite, &j, m, err)) ||
            (code = read_train(&j, &m->train, err)))
            return code;
    }
    return ACCORD_OK;
}

static accord_code read_modes(const accord_json *owner, accord_suite_task *t,
                              accord_err *err) {
    accord_json modes = accord_json_get(owner, "modes");
    accord_code code;

    if (!modes.value)
        return ACCORD_OK;
    if ((code = accord_json_expect(&modes, JSON_ARRAY, err)))
        return code;
    if (json_array_size(modes.value) == 0)
        return accord_json_fail(&modes, err, "an empty list of modes");
    if ((code = accord_alloc(json_array_size(modes.value), sizeof(*t->modes), &t->modes,
                             err)))
        return code;
    for (size_t i = 0; i < json_array_size(modes.value); i++) {
        accord_json j = accord_json_at(&modes, i);
        const char *mode = NULL;
        if ((code = accord_json_read_text(&j, &mode, err)))
            return code;
        for (uint32_t k = 0; k < t->n_modes; k++)
            if (strcmp(t->modes[k], mode) == 0)
                return accord_json_fail(&j, err, "mode \"%.63s\" is named twice", mode);
        t->modes[t->n_modes++] = mode;
    }
    return ACCORD_OK;
}

accord_code accord_suite_read_tasks(accord_suite *suite, const accord_json *root,
                                    accord_err *err) {
    static const char *const keys[] = {"plugin", "params", "modes", "eval", NULL};
    accord_json table = accord_json_get(root, "tasks");
    accord_code code;
    const char *name;
    json_t *value;

    if ((code = open_table(&table, "tasks", sizeof(*suite->tasks), &suite->tasks, err)))
        return code;
    json_object_foreach(table.value, name, value) {
        accord_json j = accord_json_get(&table, name);
        accord_suite_task *t = &suite->tasks[suite->n_tasks++];
        t->name = name;
        if ((code =
                 accord_suite_read_head(&j, name, keys, &t->plugin, &t->params, err)) ||
            (code = read_modes(&j, t, err)) ||
            (code = accord_suite_read_eval(&j, &t->episodes, err)))
            return code;
    }
    return ACCORD_OK;
}
