/* plan.c - see plan.h.  What the plugins are comes from a child (describe.h); here it is
 * turned into cells. */
#include "run/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/describe.h"

static accord_code no_memory(accord_err *err) {
    return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
}

static const json_t *table_entry(const accord_plan *plan, const char *table,
                                 const char *name) {
    return json_object_get(json_object_get(plan->manifest, table), name);
}

/* ---- hashes ------------------------------------------------------------------------ */

accord_code accord_plan_hash_plugins(json_t *plugins, accord_err *err) {
    const char *id;
    json_t *plugin;

    json_object_foreach(plugins, id, plugin) {
        char hex[65];
        const char *file = json_string_value(json_object_get(plugin, "file"));
        accord_code code = accord_file_sha256(file, hex, err);
        if (code)
            return code;
        if (json_object_set_new(plugin, "sha256", json_string(hex)))
            return no_memory(err);
    }
    return ACCORD_OK;
}

/* A data file is known by its place below ACCORD_DATA, so that manifests of two machines
 * can be compared. */
static const char *data_name(const char *file) {
    const char *root = getenv("ACCORD_DATA");
    size_t n = root ? strlen(root) : 0;

    if (n == 0 || strncmp(file, root, n) != 0)
        return file;
    return file + n + strspn(file + n, "/");
}

accord_code accord_plan_hash_data(const json_t *files, json_t *data, accord_err *err) {
    for (size_t i = 0; i < json_array_size(files); i++) {
        char hex[65];
        const char *file = json_string_value(json_array_get(files, i));
        if (json_object_get(data, data_name(file)))
            continue;
        accord_code code = accord_file_sha256(file, hex, err);
        if (code)
            return code;
        if (json_object_set_new(data, data_name(file), json_string(hex)))
            return no_memory(err);
    }
    return ACCORD_OK;
}

/* What the models read, under the names that the hashes have. */
static accord_code name_model_files(json_t *models, accord_err *err) {
    const char *name;
    json_t *model;
    json_t *file;
    size_t i;

    json_object_foreach(models, name, model) {
        json_t *files = json_object_get(model, "files");
        json_array_foreach(files, i, file) {
            json_t *named = json_string(data_name(json_string_value(file)));
            if (json_array_set_new(files, i, named))
                return no_memory(err);
        }
    }
    return ACCORD_OK;
}

static accord_code hash_all(accord_plan *plan, accord_err *err) {
    accord_code code =
        accord_plan_hash_plugins(json_object_get(plan->manifest, "plugins"), err);
    json_t *data = json_object();

    if (json_object_set_new(plan->manifest, "data", data))
        return no_memory(err);
    if (code == ACCORD_OK)
        code = accord_plan_hash_data(json_object_get(plan->manifest, "files"), data, err);
    if (code == ACCORD_OK)
        code = name_model_files(json_object_get(plan->manifest, "models"), err);
    json_object_del(plan->manifest, "files");
    return code;
}

/* ---- cells ------------------------------------------------------------------------- */

/* How many episodes an evaluation has, never more than there are items. */
static accord_code count_episodes(const accord_suite *suite, uint32_t task,
                                  const json_t *entry, uint64_t *out, accord_err *err) {
    const accord_suite_task *t = &suite->tasks[task];
    const json_t *n = json_array_get(json_object_get(entry, "n_items"), 1);

    *out = t->episodes ? t->episodes : suite->episodes;
    if (json_is_integer(n)) {
        uint64_t items = (uint64_t)json_integer_value(n);
        if (*out == 0 || *out > items)
            *out = items;
    }
    if (*out == 0)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s: /tasks/%s: the task has no last item: say how many with "
                           "\"eval\": {\"episodes\": n}",
                           suite->file, t->name);
    return ACCORD_OK;
}

static int32_t unit_of(const json_t *entry, bool learns) {
    const char *action = json_string_value(json_object_get(entry, "action"));

    if (strcmp(action, accord_kind_name(ACCORD_TEXT)) != 0)
        return ACCORD_UNIT_SEED;
    return learns ? ACCORD_UNIT_BOTH : ACCORD_UNIT_ITEM;
}

static accord_code borrow_modes(const json_t *modes, accord_cell *cell, accord_err *err) {
    accord_code code =
        accord_alloc(json_array_size(modes), sizeof(*cell->modes), &cell->modes, err);

    if (code)
        return code;
    for (; cell->n_modes < json_array_size(modes); cell->n_modes++)
        cell->modes[cell->n_modes] =
            json_string_value(json_array_get(modes, cell->n_modes));
    return ACCORD_OK;
}

static accord_code add_asks(accord_plan *plan, const json_t *asks, accord_err *err) {
    size_t n = json_array_size(asks);
    accord_ask *grown = realloc(plan->asks, (plan->n_asks + n + 1) * sizeof(*grown));

    if (!grown)
        return no_memory(err);
    plan->asks = grown;
    for (size_t i = 0; i < n; i++) {
        const json_t *ask = json_array_get(asks, i);
        plan->asks[plan->n_asks++] = (accord_ask){
            .cell = plan->n_cells,
            .model = (uint32_t)json_integer_value(json_array_get(ask, 0)),
            .calls = (uint32_t)json_integer_value(json_array_get(ask, 1)),
            .max_tokens = (uint32_t)json_integer_value(json_array_get(ask, 2)),
            .quoted = (uint32_t)json_integer_value(json_array_get(ask, 3)),
        };
    }
    return ACCORD_OK;
}

/* One cell a seed; the first seed only, where seeds move nothing. */
static accord_code add_cells(const accord_suite *suite, accord_plan *plan,
                             const json_t *pair, uint32_t task, uint32_t method,
                             accord_err *err) {
    const json_t *entry = table_entry(plan, "tasks", suite->tasks[task].name);
    bool learns = json_is_true(json_object_get(pair, "learns"));
    bool moves = json_is_true(json_object_get(pair, "moves"));
    uint64_t episodes;
    accord_code code = count_episodes(suite, task, entry, &episodes, err);

    for (uint32_t i = 0; i < (learns || moves ? suite->n_seeds : 1); i++) {
        accord_cell *cell = &plan->cells[plan->n_cells];
        if (code)
            return code;
        *cell = (accord_cell){
            .task = task,
            .method = method,
            .seed = suite->seeds[i],
            .episodes = episodes,
            .probes = (uint64_t)json_integer_value(json_object_get(pair, "probes")),
            .learns = learns,
            .unit = unit_of(entry, learns)};
        if ((code = add_asks(plan, json_object_get(pair, "asks"), err)))
            return code;
        plan->n_cells++;
        code = borrow_modes(json_object_get(entry, "modes"), cell, err);
    }
    return code;
}

static accord_code add_skip(accord_plan *plan, uint32_t task, uint32_t method,
                            const char *reason, accord_err *err) {
    accord_skip *skip = &plan->skips[plan->n_skips];

    *skip = (accord_skip){.task = task, .method = method, .reason = strdup(reason)};
    if (!skip->reason)
        return no_memory(err);
    plan->n_skips++;
    return ACCORD_OK;
}

static accord_code read_pairs(const accord_suite *suite, accord_plan *plan,
                              const json_t *pairs, accord_err *err) {
    size_t n = json_array_size(pairs);
    accord_code code;

    if ((code =
             accord_alloc(n * suite->n_seeds, sizeof(*plan->cells), &plan->cells, err)) ||
        (code = accord_alloc(n, sizeof(*plan->skips), &plan->skips, err)))
        return code;
    for (size_t i = 0; i < n && code == ACCORD_OK; i++) {
        const json_t *pair = json_array_get(pairs, i);
        uint32_t task = (uint32_t)json_integer_value(json_object_get(pair, "task"));
        uint32_t method = (uint32_t)json_integer_value(json_object_get(pair, "method"));
        const char *reason = json_string_value(json_object_get(pair, "reason"));
        code = reason ? add_skip(plan, task, method, reason, err)
                      : add_cells(suite, plan, pair, task, method, err);
    }
    return code;
}

/* ---- what is left over ------------------------------------------------------------- */

static const accord_skip *first_skip(const accord_plan *plan, bool of_task,
                                     uint32_t index) {
    for (uint32_t i = 0; i < plan->n_skips; i++)
        if ((of_task ? plan->skips[i].task : plan->skips[i].method) == index)
            return &plan->skips[i];
    return NULL;
}

static bool has_cell(const accord_plan *plan, bool of_task, uint32_t index) {
    for (uint32_t i = 0; i < plan->n_cells; i++)
        if ((of_task ? plan->cells[i].task : plan->cells[i].method) == index)
            return true;
    return false;
}

static accord_code check_partners(const accord_suite *suite, const accord_plan *plan,
                                  accord_err *err) {
    for (uint32_t i = 0; i < suite->n_methods; i++) {
        const accord_skip *skip = first_skip(plan, false, i);
        if (!has_cell(plan, false, i) && skip)
            return accord_fail(
                err, ACCORD_E_CONFIG,
                "%s: /methods/%s: it fits no task of the suite: with %s, %s", suite->file,
                suite->methods[i].name, suite->tasks[skip->task].name, skip->reason);
    }
    for (uint32_t i = 0; i < suite->n_tasks; i++) {
        const accord_skip *skip = first_skip(plan, true, i);
        if (!has_cell(plan, true, i) && skip)
            return accord_fail(
                err, ACCORD_E_CONFIG,
                "%s: /tasks/%s: it fits no method of the suite: with %s, %s", suite->file,
                suite->tasks[i].name, suite->methods[skip->method].name, skip->reason);
    }
    return ACCORD_OK;
}

static bool is_used(const accord_suite *suite, uint32_t model) {
    for (uint32_t m = 0; m < suite->n_methods; m++)
        for (uint32_t r = 0; r < suite->methods[m].n_roles; r++)
            for (uint32_t i = 0; i < suite->methods[m].roles[r].n; i++)
                if (suite->methods[m].roles[r].models[i] == model)
                    return true;
    return false;
}

static void warn_of_unused(const accord_suite *suite) {
    for (uint32_t i = 0; i < suite->n_models; i++)
        if (!is_used(suite, i))
            accord_log(ACCORD_WARN, "suite", "%s: /models/%s: no method uses it",
                       suite->file, suite->models[i].name);
}

accord_code accord_plan_make(const accord_suite *suite, accord_plan **out,
                             accord_err *err) {
    accord_plan *plan;
    accord_code code;

    *out = NULL;
    if ((code = accord_alloc(1, sizeof(*plan), &plan, err)))
        return code;
    if ((code = accord_describe(suite, ACCORD_DESCRIBE_PLAN, ACCORD_DESCRIBE_TIMEOUT_MS,
                                &plan->manifest, err)) ||
        (code = read_pairs(suite, plan, json_object_get(plan->manifest, "pairs"), err)) ||
        (code = check_partners(suite, plan, err)) || (code = hash_all(plan, err))) {
        accord_plan_destroy(plan);
        return code;
    }
    json_object_del(plan->manifest, "pairs");
    warn_of_unused(suite);
    *out = plan;
    return ACCORD_OK;
}

void accord_plan_destroy(accord_plan *plan) {
    if (!plan)
        return;
    for (uint32_t i = 0; i < plan->n_cells; i++)
        free(plan->cells[i].modes);
    for (uint32_t i = 0; i < plan->n_skips; i++)
        free(plan->skips[i].reason);
    free(plan->cells);
    free(plan->skips);
    free(plan->asks);
    json_decref(plan->manifest);
    free(plan);
}
