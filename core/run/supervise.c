/* supervise.c - see supervise.h. */
#include "run/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/child.h"
#include "run/spent.h"

enum { POLL_MS = 100, MAX_FAILURES = 10 };

enum { WAITING, RUNNING, DONE, GIVEN_UP };

/* A cell as the parent sees it. */
typedef struct watched {
    struct run *run;
    uint32_t index;
    int32_t state;
    accord_child child;
    bool alone; /* the child replays suspects[0] */
    accord_place *suspects;
    uint32_t n_suspects;
    accord_given_up given_up[MAX_FAILURES];
    uint32_t n_given_up;
    uint32_t n_deaths; /* without an episode to blame */
} watched;

typedef struct run {
    const accord_supervise_setup *setup;
    const accord_manifest *manifest;
    accord_pool *pool;
    watched *cells;
    uint32_t *order; /* in which cells are started */
    accord_standing *standing;
    uint32_t running;
    int64_t drawn_ns;
    int signals_seen;
    bool budget_spent; /* before this process began */
} run;

static volatile sig_atomic_t signal_seen, signal_count;

static void on_signal(int number) {
    signal_seen = number;
    signal_count++;
}

static const char *cell_name(const run *r, uint32_t index, char name[256]) {
    const accord_cell *c = &r->manifest->cells[index];

    snprintf(name, 256, "cell %.60s/%.60s/%llu", r->manifest->suite->tasks[c->task].name,
             r->manifest->suite->methods[c->method].name, (unsigned long long)c->seed);
    return name;
}

static void give_up_cell(watched *w, const char *why) {
    accord_standing *s = w->run->standing;
    char name[256];

    w->state = GIVEN_UP;
    s->given_up++;
    cell_name(w->run, w->index, name);
    accord_log(ACCORD_ERROR, "run", "%s is given up: %s", name, why);
    if (!s->message[0])
        snprintf(s->message, sizeof(s->message), "%s: %.330s", name, why);
}

static accord_code start(watched *w, accord_err *err) {
    run *r = w->run;
    accord_child_setup setup = {.dir = r->manifest->dir,
                                .cell = w->index,
                                .suspect = w->n_suspects ? &w->suspects[0] : NULL,
                                .given_up = w->given_up,
                                .n_given_up = w->n_given_up,
                                .pool = r->pool,
                                .user = w};

    w->alone = w->n_suspects > 0;
    accord_code rc = accord_child_start(&setup, &w->child, err);
    if (rc)
        return rc;
    w->state = RUNNING;
    r->running++;
    return ACCORD_OK;
}

/* Whoever held the token comes first, then the others in flight.  True when it is known
 * who held it. */
static bool collect_suspects(watched *w) {
    const accord_live *live = w->child.live;
    uint32_t holder = atomic_load(&live->holder);

    free(w->suspects);
    w->suspects = accord_xalloc((ACCORD_SLOTS + 1) * sizeof(*w->suspects));
    w->n_suspects = 0;
    bool known =
        holder && holder <= ACCORD_SLOTS && atomic_load(&live->slots[holder - 1].busy);
    if (known)
        w->suspects[w->n_suspects++] = live->slots[holder - 1].place;
    for (uint32_t i = 0; i < ACCORD_SLOTS; i++)
        if (i + 1 != holder && atomic_load(&live->slots[i].busy))
            w->suspects[w->n_suspects++] = live->slots[i].place;
    return known;
}

static void blame(watched *w, const accord_place *suspect, const char *outcome) {
    accord_place place = *suspect;
    char text[ACCORD_PLACE_TEXT], name[256];

    accord_place_format(&place, text);
    accord_log(ACCORD_WARN, "run", "%s: episode %s ended as %s",
               cell_name(w->run, w->index, name), text, outcome);
    w->given_up[w->n_given_up++] = (accord_given_up){place, outcome};
    w->n_suspects = w->n_deaths = 0;
    w->state = WAITING;
    if (w->n_given_up == MAX_FAILURES)
        give_up_cell(w, "ten episodes killed their worker");
}

/* A worker died without a word.  An episode that fails alone is to blame.  Where the
 * method learns, nothing can be replayed alone: the token's holder is to blame, training
 * goes back to the last checkpoint and skips it. */
static void on_death(watched *w, bool hung, int status) {
    const char *outcome = hung ? "timeout" : "plugin_crash";
    bool learns = w->run->manifest->cells[w->index].learns;
    char why[128];

    if (w->alone) {
        blame(w, &w->suspects[0], outcome);
        return;
    }
    bool known = collect_suspects(w);
    w->state = WAITING;
    if (known && learns) {
        blame(w, &w->suspects[0], outcome);
        return;
    }
    if (++w->n_deaths >= MAX_FAILURES || w->n_suspects == 0) {
        snprintf(why, sizeof(why), "its worker %s",
                 accord_child_describe(status, hung, (char[64]){0}));
        give_up_cell(w, why);
    }
    if (learns)
        w->n_suspects = 0;
}

static void on_played(watched *w) {
    if (!w->alone) {
        w->state = DONE;
        w->run->standing->done++;
        return;
    }
    /* The suspect is innocent; so is the holder of a word in the journal now. */
    memmove(w->suspects, w->suspects + 1, --w->n_suspects * sizeof(*w->suspects));
    w->state = WAITING;
}

/* The worker closed its end: it has exited or is about to. */
static void on_frame(void *user, uint32_t type, const void *data, size_t n) {
    watched *w = user;
    int status;

    if (type != ACCORD_FRAME_GONE || w->state != RUNNING)
        return;
    bool hung = w->child.hung;
    status = accord_child_reap(&w->child);
    w->run->running--;
    if (accord_child_said(status, ACCORD_WORKER_DONE))
        on_played(w);
    else if (accord_child_said(status, ACCORD_WORKER_OPEN))
        w->state = WAITING;
    else if (accord_child_said(status, ACCORD_WORKER_FAILED))
        give_up_cell(w, w->child.live->message[0] ? w->child.live->message
                                                  : "it could not be sealed");
    else
        on_death(w, hung, status);
    accord_child_end(&w->child);
}

static bool stopping(const run *r) {
    accord_pool_usage usage;

    accord_pool_usage_get(r->pool, &usage);
    return signal_seen || usage.budget_spent || r->budget_spent;
}

/* Starts workers while there is room. */
static accord_code fill(run *r, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < r->manifest->n_cells && !rc; i++) {
        watched *w = &r->cells[r->order[i]];
        if (r->running < r->setup->jobs && w->state == WAITING)
            rc = start(w, err);
    }
    return rc;
}

static void pass_signal(run *r) {
    static const uint8_t reason = ACCORD_STOP_SIGNAL;

    if (signal_count == r->signals_seen)
        return;
    r->signals_seen = signal_count;
    for (uint32_t i = 0; i < r->manifest->n_cells; i++) {
        watched *w = &r->cells[i];
        if (w->state != RUNNING)
            continue;
        if (signal_count > 1)
            kill(w->child.pid, SIGKILL);
        else
            accord_pool_send(r->pool, w->child.worker, ACCORD_FRAME_STOP, &reason,
                             sizeof(reason));
    }
}

static void watch_hangs(run *r) {
    double limit_s = r->manifest->suite->step_seconds;

    for (uint32_t i = 0; i < r->manifest->n_cells && limit_s > 0; i++)
        if (r->cells[i].state == RUNNING)
            accord_child_kill_if_hung(&r->cells[i].child,
                                      (int64_t)(limit_s * (double)ACCORD_S_NS));
}

/* Episodes of `total` that a worker has played.  A cell that learns plays others on the
 * way, as many as its training takes: it has come as far as its training. */
static uint64_t played_of(const accord_live *live, uint64_t total) {
    uint64_t played = atomic_load(&live->played);
    uint64_t budget = atomic_load(&live->train_budget);

    if (budget)
        played = (uint64_t)((double)total * (double)atomic_load(&live->trained) /
                            (double)budget);
    return played < total ? played : total;
}

static void draw(run *r) {
    accord_standing *s = r->standing;

    s->running = r->running;
    s->signal = signal_seen;
    accord_pool_usage_get(r->pool, &s->usage);
    s->usage.budget_spent = s->usage.budget_spent || r->budget_spent;
    s->played = s->total = s->trained = s->train_budget = 0;
    for (uint32_t i = 0; i < r->manifest->n_cells; i++) {
        const watched *w = &r->cells[i];
        const accord_cell *c = &r->manifest->cells[i];
        uint64_t total = c->episodes * c->n_modes;

        s->total += total;
        if (w->state == DONE)
            s->played += total;
        if (w->state != RUNNING || !w->child.live)
            continue;
        s->played += played_of(w->child.live, total);
        s->trained += atomic_load(&w->child.live->trained);
        s->train_budget += atomic_load(&w->child.live->train_budget);
    }
    if (r->setup->progress)
        r->setup->progress(r->setup->ctx, s);
}

static bool left(const run *r) {
    for (uint32_t i = 0; i < r->manifest->n_cells; i++)
        if (r->cells[i].state == WAITING)
            return true;
    return false;
}

static accord_code loop(run *r, accord_err *err) {
    accord_code rc = ACCORD_OK;

    while (!rc && (r->running > 0 || (left(r) && !stopping(r)))) {
        if (!stopping(r))
            rc = fill(r, err);
        if (!rc)
            rc = accord_pool_poll(r->pool, POLL_MS, err);
        pass_signal(r);
        int64_t now_ns = accord_now_ns();
        if (now_ns - r->drawn_ns < POLL_MS * INT64_C(1000000))
            continue;
        r->drawn_ns = now_ns;
        watch_hangs(r);
        draw(r);
    }
    draw(r);
    return rc;
}

/* What an interrupted run spent counts: *out is what is left of the budgets. */
static accord_code remaining(run *r, accord_pool_setup *out, accord_err *err) {
    const accord_suite *suite = r->manifest->suite;
    accord_spent spent;

    if (!suite->token_budget && suite->cost_budget <= 0)
        return ACCORD_OK;
    accord_code rc = accord_spent_read(r->manifest, &spent, err);
    if (rc)
        return rc;
    if (suite->token_budget && spent.tokens >= suite->token_budget)
        r->budget_spent = true;
    if (suite->cost_budget > 0 && spent.cost >= suite->cost_budget)
        r->budget_spent = true;
    out->token_budget = suite->token_budget ? suite->token_budget - spent.tokens : 0;
    out->cost_budget = suite->cost_budget > 0 ? suite->cost_budget - spent.cost : 0;
    return ACCORD_OK;
}

static accord_code create_pool(run *r, accord_err *err) {
    const accord_suite *suite = r->manifest->suite;
    accord_pool_model *models = accord_xalloc((suite->n_models + 1) * sizeof(*models));
    accord_pool_setup setup = {
        .models = models, .n_models = suite->n_models, .on_frame = on_frame};

    for (uint32_t i = 0; i < suite->n_models; i++)
        models[i] =
            (accord_pool_model){.window = suite->models[i].window,
                                .retries = suite->models[i].retries,
                                .timeout_s = suite->models[i].timeout_s,
                                .prompt_price = suite->models[i].prompt_price,
                                .completion_price = suite->models[i].completion_price};
    accord_code rc = remaining(r, &setup, err);
    if (!rc)
        rc = accord_pool_create(&setup, &r->pool, err);
    free(models);
    return rc;
}

static void find_sealed(run *r) {
    char path[4096];

    for (uint32_t i = 0; i < r->manifest->n_cells; i++) {
        r->cells[i].run = r;
        r->cells[i].index = i;
        if (accord_cell_dir(r->manifest, i, path, sizeof(path), NULL))
            continue;
        strncat(path, "/summary.json", sizeof(path) - strlen(path) - 1);
        if (!accord_file_exists(path))
            continue;
        r->cells[i].state = DONE;
        r->standing->done++;
    }
}

/* Seed after seed, so that what is done of a stopped run compares methods on the same
 * seeds. */
static void put_in_order(run *r) {
    const accord_suite *suite = r->manifest->suite;
    uint32_t n = 0;

    for (uint32_t s = 0; s <= suite->n_seeds; s++)
        for (uint32_t i = 0; i < r->manifest->n_cells; i++)
            if (accord_suite_seed_place(suite, r->manifest->cells[i].seed) == s)
                r->order[n++] = i;
}

accord_code accord_supervise(const accord_supervise_setup *setup, accord_standing *out,
                             accord_err *err) {
    run r = {.setup = setup, .manifest = setup->manifest, .standing = out};
    struct sigaction action = {.sa_handler = on_signal}, old_int, old_term;

    *out = (accord_standing){.n_cells = setup->manifest->n_cells};
    signal_seen = signal_count = 0;
    r.cells = accord_xalloc((r.manifest->n_cells + 1) * sizeof(*r.cells));
    r.order = accord_xalloc((r.manifest->n_cells + 1) * sizeof(*r.order));
    put_in_order(&r);
    find_sealed(&r);
    sigaction(SIGINT, &action, &old_int);
    sigaction(SIGTERM, &action, &old_term);
    accord_code rc = create_pool(&r, err);
    if (!rc)
        rc = loop(&r, err);
    for (uint32_t i = 0; i < r.manifest->n_cells; i++) {
        if (r.cells[i].state == RUNNING)
            accord_child_kill(&r.cells[i].child);
        free(r.cells[i].suspects);
    }
    accord_pool_destroy(r.pool);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    free(r.order);
    free(r.cells);
    return rc;
}
