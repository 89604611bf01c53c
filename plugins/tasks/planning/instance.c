/* instance.c - see instance.h. */
#include "instance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rename.h"

/* PlanBench's words for the blocks a, b, c ... */
static const char *const letters[STRIPS_N_ALIASES] = {"a", "b", "c", "d", "e", "f",
                                                      "g", "h", "i", "j", "k", "l"};
static const char *const colors[STRIPS_N_ALIASES] = {
    "red",   "blue", "orange", "yellow", "white",  "magenta",
    "black", "cyan", "green",  "violet", "silver", "gold"};

accord_code strips_out_of_memory(const struct strips_instance *t, accord_err *err) {
    return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
}

static const char *plain_domain(const struct strips_instance *t) {
    if (t->domain)
        return t->domain;
    return t->choice[PLANNING_DOMAIN] == PLANNING_LOGISTICS ? planning_logistics
                                                            : planning_blocksworld;
}

/* ---- names ------------------------------------------------------------------------- */

static void find_aliases(const struct strips_instance *t, struct strips_item *item) {
    struct planning_lexicon *l = &item->lexicon;

    l->task = item->problem.task;
    l->speech = planning_speech_of(l->task);
    if (t->choice[PLANNING_SOURCE] != PLANNING_PLANBENCH ||
        t->choice[PLANNING_NAMES] != PLANNING_PLAIN)
        return;
    for (int i = 0; i < STRIPS_N_ALIASES; i++) {
        int object = strips_find_object(l->task, letters[i]);
        if (object >= 0)
            item->alias[l->n_aliases++] = (struct planning_alias){colors[i], object};
    }
    l->alias = item->alias;
}

static accord_code read_task(const struct strips_instance *t, const char *name,
                             const char *domain, const char *problem,
                             struct strips_task **out, accord_err *err) {
    const struct strips_text d = {t->domain ? t->record.file[0] : "domain", domain};
    const struct strips_text p = {name, problem};
    struct strips_source source;

    accord_code rc = strips_task_read(&d, &p, &source, out);
    return rc ? t->host->fail(t->host, err, rc, "%s", source.message) : ACCORD_OK;
}

/* Domain and problem with other names, read again. */
static accord_code rename_item(const struct strips_instance *t, struct strips_item *item,
                               accord_err *err) {
    struct planning_problem *p = &item->problem;
    uint64_t seed = t->choice[PLANNING_NAMES] == PLANNING_RANDOM ? t->seed + 1 : 0;
    struct planning_buffer text = {0};
    struct strips_task *task;

    planning_rename(p->task, plain_domain(t), seed, &item->domain);
    planning_rename(p->task, planning_text(&p->text), seed, &text);
    planning_buffer_fini(&p->text);
    p->text = text;
    if (item->domain.is_out_of_memory || text.is_out_of_memory)
        return strips_out_of_memory(t, err);
    accord_code rc = read_task(t, item->id, planning_text(&item->domain),
                               planning_text(&text), &task, err);
    if (rc)
        return rc;
    strips_task_destroy(p->task);
    p->task = task;
    return ACCORD_OK;
}

static accord_code finish(const struct strips_instance *t, struct strips_item *item,
                          accord_err *err) {
    accord_code rc = ACCORD_OK;

    if (t->choice[PLANNING_NAMES] == PLANNING_PLAIN)
        planning_write(&item->domain, "%s", plain_domain(t));
    else
        rc = rename_item(t, item, err);
    if (!rc && item->domain.is_out_of_memory)
        rc = strips_out_of_memory(t, err);
    if (!rc)
        find_aliases(t, item);
    return rc;
}

/* ---- items ------------------------------------------------------------------------- */

static accord_code generate(const struct strips_instance *t, int split, uint64_t index,
                            struct strips_item *out, accord_err *err) {
    const struct planning_key key = {.is_logistics =
                                         t->choice[PLANNING_DOMAIN] == PLANNING_LOGISTICS,
                                     .seed = t->seed,
                                     .level = t->level,
                                     .split = split,
                                     .item = index};

    snprintf(out->id, sizeof(out->id), "%s-%" PRIu64 "-level%d-%s-%" PRIu64,
             key.is_logistics ? "logistics" : "blocksworld", t->seed, t->level,
             split == ACCORD_SPLIT_TRAIN ? "train" : "eval", index);
    return planning_generate(&key, &out->problem) ? strips_out_of_memory(t, err)
                                                  : ACCORD_OK;
}

static accord_code take_record(const struct strips_instance *t, size_t at,
                               struct strips_item *out, accord_err *err) {
    const struct planning_record *r = &t->record.item[at];

    snprintf(out->id, sizeof(out->id), "%s", r->id);
    planning_write(&out->problem.text, "%s", r->text);
    if (out->problem.text.is_out_of_memory)
        return strips_out_of_memory(t, err);
    if (t->choice[PLANNING_NAMES] == PLANNING_PLAIN &&
        t->choice[PLANNING_WORDING] == PLANNING_IN_WORDS)
        out->published = r->published;
    return read_task(t, r->name, plain_domain(t), r->text, &out->problem.task, err);
}

accord_code strips_item_open(const struct strips_instance *t, int split, uint64_t index,
                             struct strips_item *out, accord_err *err) {
    accord_code rc;

    *out = (struct strips_item){0};
    if (t->choice[PLANNING_SOURCE] == PLANNING_GENERATED)
        rc = generate(t, split, index, out, err);
    else
        rc = take_record(t, split == ACCORD_SPLIT_EVAL ? index : t->n_eval + index, out,
                         err);
    return rc ? rc : finish(t, out, err);
}

void strips_item_fini(struct strips_item *i) {
    planning_problem_fini(&i->problem);
    planning_buffer_fini(&i->domain);
}

/* ---- loading ----------------------------------------------------------------------- */

/* Moves every fifth by hash behind the others; both keep their order. */
static accord_code hold_out(struct strips_instance *t, accord_err *err) {
    struct planning_records *r = &t->record;
    struct planning_record *sorted = malloc((r->n + 1) * sizeof(*sorted));
    size_t n = 0;

    if (!sorted)
        return strips_out_of_memory(t, err);
    for (int held = 0; held < 2; held++)
        for (size_t i = 0; i < r->n; i++)
            if ((planning_split(r->item[i].text) == ACCORD_SPLIT_EVAL) == held) {
                sorted[n++] = r->item[i];
                t->n_eval += !held;
            }
    free(r->item);
    r->item = sorted;
    r->room = r->n + 1;
    if (t->n_eval == 0)
        return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                             "\"holdout\" leaves no problem to evaluate");
    return ACCORD_OK;
}

/* A problem that is solved already, or cannot be, is a mistake in the files. */
static accord_code check_problem(const struct strips_instance *t, size_t at,
                                 accord_err *err) {
    static const struct strips_limits limits = {
        .n_states = 200000, .n_bytes = 64 << 20, .n_blind = STRIPS_BLIND};
    struct strips_item item = {0};

    accord_code rc = take_record(t, at, &item, err);
    if (!rc && t->choice[PLANNING_SOURCE] == PLANNING_FILES) {
        const char *name = t->record.item[at].name;
        int verdict = planning_solve(&item.problem, &limits);
        if (verdict == STRIPS_PLAN_NO_MEMORY)
            rc = strips_out_of_memory(t, err);
        else if (verdict == STRIPS_NO_PLAN)
            rc = t->host->fail(t->host, err, ACCORD_E_CONFIG,
                               "%s: no plan reaches the goal", name);
        else if (verdict == STRIPS_SOLVED && item.problem.n_steps == 0)
            rc = t->host->fail(t->host, err, ACCORD_E_CONFIG,
                               "%s: the goal holds at the start", name);
        else if (verdict == STRIPS_GAVE_UP)
            t->host->log(t->host, ACCORD_WARN,
                         "%s: no shortest plan was found in time, so no plan counts as "
                         "optimal",
                         name);
    }
    strips_item_fini(&item);
    return rc;
}

accord_code strips_load(struct strips_instance *t, const struct planning_options *options,
                        accord_err *err) {
    accord_code rc;

    if (t->choice[PLANNING_SOURCE] == PLANNING_GENERATED)
        return ACCORD_OK;
    if (t->choice[PLANNING_SOURCE] == PLANNING_PLANBENCH)
        rc = planning_records_read(t->host, options, &t->record, err);
    else
        rc = planning_files_read(t->host, options, &t->domain, &t->record, err);
    for (size_t i = 0; i < t->record.n && !rc; i++)
        rc = check_problem(t, i, err);
    if (rc)
        return rc;
    if (options->value[PLANNING_HOLDOUT].i)
        return hold_out(t, err);
    t->n_eval = t->record.n;
    return ACCORD_OK;
}
