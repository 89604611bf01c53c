/* stage.c - see stage.h. */
#include "run/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/rng.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "llm/wire.h"
#include "run/services.h"

enum {
    SERVER_WIDTH = 64,  /* episodes in flight where a model speaks to a server */
    COMPUTE_WIDTH = 64, /* and where one computes in batches */
    TEXT_TRAIN_WIDTH = 8,
};

static _Thread_local uint32_t this_slot;

void accord_token_slot(uint32_t slot) {
    this_slot = slot;
}

void accord_token_take(accord_stage *s) {
    pthread_mutex_lock(&s->token);
    atomic_store_explicit(&s->live->since_ns, accord_now_ns(), memory_order_relaxed);
    atomic_store_explicit(&s->live->holder, this_slot + 1, memory_order_release);
}

void accord_token_release(accord_stage *s) {
    atomic_store_explicit(&s->live->holder, 0, memory_order_release);
    pthread_mutex_unlock(&s->token);
}

void accord_token_touch(accord_stage *s, int64_t now_ns) {
    atomic_store_explicit(&s->live->since_ns, now_ns, memory_order_relaxed);
}

void accord_stage_stop(accord_stage *s) {
    atomic_store(&s->stopping, 1);
    if (s->llm)
        accord_llm_stop(s->llm);
}

void accord_stage_fail(accord_stage *s, const accord_err *why) {
    if (!s->failed.code)
        s->failed = *why;
    accord_stage_stop(s);
}

uint64_t accord_order_item(const accord_order *order, uint64_t index, uint64_t *visit) {
    *visit = 0;
    if (order->n == ACCORD_ENDLESS || order->n == 0)
        return index;
    *visit = index / order->n;
    return order->items[index % order->n];
}

/* Fisher and Yates, with the same numbers for every run: the choice of items is no luck.
 */
accord_code accord_order_make(accord_order *order, uint64_t n, int32_t split,
                              accord_err *err) {
    uint64_t rng = accord_rng_fold(0x6f72646572, (uint64_t)split);

    *order = (accord_order){.n = n};
    if (n == ACCORD_ENDLESS || n == 0)
        return ACCORD_OK;
    if (n > UINT32_MAX)
        return accord_fail(err, ACCORD_E_LIMIT, "more items than %u", UINT32_MAX);
    accord_code rc = accord_alloc(n, sizeof(*order->items), &order->items, err);
    if (rc)
        return rc;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t j = accord_rng_below(&rng, i + UINT64_C(1));
        order->items[i] = order->items[j];
        order->items[j] = i;
    }
    return ACCORD_OK;
}

void accord_order_fini(accord_order *order) {
    free(order->items);
    *order = (accord_order){0};
}

static void on_token_take(void *ctx) {
    accord_token_take(ctx);
}

static void on_token_release(void *ctx) {
    accord_token_release(ctx);
}

/* Without a parent there is nobody to play for: every line that counts is written.  When
 * a budget is spent, calls that are with a server still bring their replies, which are
 * journalled; an interrupt waits for nothing. */
static void on_frame(void *ctx, uint32_t type, const void *data, size_t n) {
    accord_stage *s = ctx;
    const uint8_t *reason = data;

    if (type == ACCORD_FRAME_GONE)
        _exit(EXIT_FAILURE);
    if (type != ACCORD_FRAME_STOP)
        return;
    if (n > 0 && *reason == ACCORD_STOP_BUDGET)
        atomic_store(&s->stopping, 1);
    else
        accord_stage_stop(s);
}

static accord_json params_of(const accord_stage *s, const char *kind, const char *name,
                             const json_t *params) {
    accord_json j = accord_json_root((json_t *)params, s->suite->file);

    snprintf(j.path, sizeof(j.path), "/%s/%s/params", kind, name);
    return j;
}

static accord_code create_task(accord_stage *s, accord_err *err) {
    const accord_suite_task *t = &s->suite->tasks[s->cell->task];
    accord_instance_setup setup = {.role = ACCORD_ROLE_TASK,
                                   .plugin = t->plugin,
                                   .name = t->name,
                                   .params = params_of(s, "tasks", t->name, t->params),
                                   .services = accord_run_services,
                                   .ctx = s,
                                   .seed = s->cell->seed};

    s->task_name = t->name;
    accord_code rc = accord_instance_create(&setup, &s->task, err);
    for (uint32_t i = 0; i < s->cell->n_modes && !rc; i++)
        rc = s->task->task->spec(s->task->self, s->cell->modes[i], &s->specs[i], err);
    for (int32_t split = 0; split < 2 && !rc; split++)
        rc =
            accord_order_make(&s->orders[split], s->specs[0]->n_items[split], split, err);
    if (!rc && !s->task->task->canon && s->specs[0]->action.kind == ACCORD_TEXT)
        rc =
            accord_fail(err, ACCORD_E_ABI, "task %s: text actions need canon()", t->name);
    return rc;
}

static accord_code create_model(accord_stage *s, uint32_t index, accord_err *err) {
    const accord_suite_model *m = &s->suite->models[index];
    accord_model *model = &s->models[index];
    accord_instance_setup setup = {.role = ACCORD_ROLE_MODEL,
                                   .plugin = m->plugin,
                                   .name = m->name,
                                   .params = params_of(s, "models", m->name, m->params),
                                   .services = accord_run_services,
                                   .ctx = s,
                                   .seed = s->cell->seed};

    if (model->instance) /* in several roles */
        return ACCORD_OK;
    accord_code rc = accord_instance_create(&setup, &model->instance, err);
    if (rc)
        return rc;
    model->name = m->name;
    model->llm.index = index;
    model->llm.ops = model->instance->model;
    model->llm.self = model->instance->self;
    return model->llm.ops->caps(model->llm.self, &model->llm.caps, err);
}

static const accord_suite_role *suite_role(const accord_suite_method *m,
                                           const char *name) {
    for (uint32_t i = 0; i < m->n_roles; i++)
        if (strcmp(m->roles[i].name, name) == 0)
            return &m->roles[i];
    return NULL;
}

/* Fills one role of the method's table; *role->models is freed by free_roles(). */
static accord_code fill_role(accord_stage *s, const accord_role_spec *spec,
                             accord_role *role, accord_err *err) {
    const accord_suite_role *r =
        suite_role(&s->suite->methods[s->cell->method], spec->name);
    accord_code rc = ACCORD_OK;

    role->name = spec->name;
    if (!r)
        return ACCORD_OK;
    const accord_model **models = accord_xalloc((r->n + 1) * sizeof(*models));
    role->models = models;
    role->n = r->n;
    role->n_groups = r->n_groups;
    role->group_sizes = r->group_sizes;
    for (uint32_t i = 0; i < r->n && !rc; i++) {
        rc = create_model(s, r->models[i], err);
        models[i] = &s->models[r->models[i]];
    }
    return rc;
}

static uint32_t train_width(const accord_stage *s) {
    const accord_suite_train *t = &s->suite->methods[s->cell->method].train;

    if (t->width)
        return t->width;
    return s->specs[0]->action.kind == ACCORD_TEXT ? TEXT_TRAIN_WIDTH : 1;
}

/* "CELL/state/kept" */
static accord_code kept_path(const char *cell_dir, char *path, size_t size,
                             accord_err *err) {
    int n = snprintf(path, size, "%s/state/kept", cell_dir);

    if (n < 0 || (size_t)n >= size)
        return accord_fail(err, ACCORD_E_LIMIT, "the path of a folder in %s is too long",
                           cell_dir);
    return ACCORD_OK;
}

/* A folder for the files of a learner that has still to be trained. */
static accord_code make_kept(accord_stage *s, const char *cell_dir, accord_err *err) {
    if (!s->cell->learns || accord_journal_finished(s->journal))
        return ACCORD_OK;
    accord_code rc = kept_path(cell_dir, s->kept, sizeof(s->kept), err);
    return rc ? rc : accord_mkdirs(s->kept, err);
}

accord_code accord_stage_forget(const char *cell_dir, accord_err *err) {
    char path[4096];

    accord_code rc = kept_path(cell_dir, path, sizeof(path), err);
    return rc ? rc : accord_remove_tree(path, err);
}

static accord_code create_method(accord_stage *s, accord_err *err) {
    const accord_suite_method *m = &s->suite->methods[s->cell->method];
    accord_instance_setup setup = {.role = ACCORD_ROLE_METHOD,
                                   .plugin = m->plugin,
                                   .name = m->name,
                                   .params = params_of(s, "methods", m->name, m->params),
                                   .services = accord_run_services,
                                   .ctx = s,
                                   .task = s->specs[0],
                                   .seed = s->cell->seed,
                                   .train_budget = m->train.budget,
                                   .train_width = train_width(s),
                                   .folder = s->kept[0] ? s->kept : NULL};
    accord_instance *opened;

    /* The roles stand in the plugin's table, so it is opened before it is created. */
    accord_code rc = accord_instance_open(&setup, &opened, err);
    if (rc)
        return rc;
    uint32_t n = opened->method->n_roles;
    accord_role *roles = accord_xalloc((n + 1) * sizeof(*roles));
    s->roles = roles;
    s->n_roles = n;
    for (uint32_t i = 0; i < n && !rc; i++)
        rc = fill_role(s, &opened->method->roles[i], &roles[i], err);
    accord_instance_destroy(opened);
    setup.roles = roles;
    setup.n_roles = n;
    if (!rc)
        rc = accord_instance_create(&setup, &s->method, err);
    if (!rc && s->method->probe)
        rc = s->method->probe->plan(s->method->self, &s->probes, err);
    return rc;
}

/* How many episodes are in flight: enough to keep windows and batches full. */
static uint32_t width_of(const accord_stage *s) {
    uint32_t width = 1;

    if (s->suite->in_flight)
        return s->suite->in_flight;
    for (uint32_t i = 0; i < s->suite->n_models; i++) {
        if (!s->models[i].instance)
            continue;
        bool server = s->models[i].llm.caps->flags & ACCORD_CAP_SERVER;
        uint32_t wanted = server ? SERVER_WIDTH : COMPUTE_WIDTH;
        if (server && s->suite->models[i].window > wanted)
            wanted = s->suite->models[i].window;
        width = wanted > width ? wanted : width;
    }
    return width < ACCORD_SLOTS ? width : ACCORD_SLOTS;
}

accord_code accord_stage_create(const accord_manifest *manifest, uint32_t cell, int fd,
                                accord_live *live, accord_stage **out, accord_err *err) {
    accord_stage *s = accord_xalloc(sizeof(*s));
    accord_llm_token token = {on_token_take, on_token_release, s};
    char dir[4096];

    *out = NULL;
    s->manifest = manifest;
    s->suite = manifest->suite;
    s->cell = &manifest->cells[cell];
    s->live = live;
    pthread_mutex_init(&s->token, NULL);
    s->models = accord_xalloc((s->suite->n_models + 1) * sizeof(*s->models));
    s->specs = accord_xalloc((s->cell->n_modes + 1) * sizeof(*s->specs));
    accord_code rc = accord_cell_dir(manifest, cell, dir, sizeof(dir), err);
    if (!rc)
        rc = accord_journal_open(dir, s->cell->learns, &s->journal, err);
    if (!rc)
        rc = create_task(s, err);
    if (!rc)
        rc = make_kept(s, dir, err);
    if (!rc)
        rc = create_method(s, err);
    if (!rc)
        rc = accord_llm_create(fd, &token, on_frame, s, &s->llm, err);
    if (rc) {
        accord_stage_destroy(s);
        return rc;
    }
    s->width = width_of(s);
    s->train_width = train_width(s);
    *out = s;
    return ACCORD_OK;
}

void accord_stage_destroy(accord_stage *s) {
    if (!s)
        return;
    accord_llm_destroy(s->llm);
    accord_instance_destroy(s->method);
    accord_instance_destroy(s->task);
    for (uint32_t i = 0; i < s->suite->n_models; i++)
        accord_instance_destroy(s->models[i].instance);
    for (uint32_t i = 0; i < s->n_roles; i++)
        free((void *)s->roles[i].models);
    free(s->roles);
    accord_journal_close(s->journal);
    for (int split = 0; split < 2; split++)
        accord_order_fini(&s->orders[split]);
    free(s->models);
    free(s->specs);
    pthread_mutex_destroy(&s->token);
    free(s);
}
