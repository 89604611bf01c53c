/* problems.c - see problems.h: which of the problems is an item. */
#include "problems.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>
#include <accord/sha256.h>

enum { EVAL_MOD = 5 };

static const int bands[2][PLANNING_LEVELS][2] = {
    {{2, 4}, {4, 8}, {6, 10}, {8, 12}, {10, 16}, {12, 20}, {14, 24}},
    {{2, 4}, {4, 9}, {4, 12}, {8, 16}, {8, 20}, {12, 26}, {16, 36}},
};

/* Past them another problem is tried: no level comes near. */
static const struct strips_limits limits = {
    .n_states = 100000, .n_bytes = 64 << 20, .n_blind = STRIPS_BLIND};

void planning_band(int is_logistics, int level, int *shortest, int *longest) {
    *shortest = bands[is_logistics][level - 1][0];
    *longest = bands[is_logistics][level - 1][1];
}

int planning_split(const char *text) {
    return accord_sha256_mod(text, strlen(text), EVAL_MOD) == 0 ? ACCORD_SPLIT_EVAL
                                                                : ACCORD_SPLIT_TRAIN;
}

/* Operators of a ground task become actions with their objects. */
static int keep_plan(struct planning_problem *p, const struct strips_ground *g,
                     const struct strips_plan *plan) {
    free(p->action);
    free(p->arg);
    p->action = calloc((size_t)plan->n_ops + 1, sizeof(*p->action));
    p->arg = calloc((size_t)plan->n_ops + 1, sizeof(*p->arg));
    if (!p->action || !p->arg)
        return 0;
    for (int i = 0; i < plan->n_ops; i++) {
        p->action[i] = g->op[plan->op[i]].action;
        memcpy(p->arg[i], g->op[plan->op[i]].arg, sizeof(p->arg[i]));
    }
    p->n_steps = plan->n_ops;
    return 1;
}

int planning_solve(struct planning_problem *p, const struct strips_limits *bound) {
    struct strips_ground *g;
    struct strips_plan plan;

    accord_code rc = strips_ground_create(p->task, &g);
    if (rc)
        return rc == ACCORD_E_NOMEM ? STRIPS_PLAN_NO_MEMORY : STRIPS_GAVE_UP;
    int verdict = strips_plan_find(g, bound, &plan);
    if (verdict == STRIPS_SOLVED && !keep_plan(p, g, &plan))
        verdict = STRIPS_PLAN_NO_MEMORY;
    strips_plan_fini(&plan);
    strips_ground_destroy(g);
    return verdict;
}

static accord_code read_and_solve(const struct planning_key *key,
                                  struct planning_problem *out, int *verdict) {
    const struct strips_text domain = {
        "domain", key->is_logistics ? planning_logistics : planning_blocksworld};
    const struct strips_text problem = {"problem", planning_text(&out->text)};
    struct strips_source source;

    accord_code rc = strips_task_read(&domain, &problem, &source, &out->task);
    if (rc)
        return rc;
    *verdict = planning_solve(out, &limits);
    return *verdict == STRIPS_PLAN_NO_MEMORY ? ACCORD_E_NOMEM : ACCORD_OK;
}

/* Writes the attempt of this state; *fits says whether it is the item. */
static accord_code attempt(const struct planning_key *key, uint64_t state,
                           struct planning_problem *out, int *fits) {
    int shortest, longest, verdict;

    *fits = 0;
    planning_buffer_clear(&out->text);
    if (key->is_logistics)
        planning_cargo_write(state, key->level, &out->text);
    else
        planning_blocks_write(state, key->level, &out->text);
    if (out->text.is_out_of_memory)
        return ACCORD_E_NOMEM;
    if (planning_split(planning_text(&out->text)) != key->split)
        return ACCORD_OK;
    accord_code rc = read_and_solve(key, out, &verdict);
    if (rc)
        return rc;
    planning_band(key->is_logistics, key->level, &shortest, &longest);
    *fits =
        verdict == STRIPS_SOLVED && out->n_steps >= shortest && out->n_steps <= longest;
    return ACCORD_OK;
}

accord_code planning_generate(const struct planning_key *key,
                              struct planning_problem *out) {
    uint64_t state =
        accord_rng_fold_text(key->seed, key->is_logistics ? "logistics" : "blocksworld");
    accord_code rc = ACCORD_OK;
    int fits = 0;

    *out = (struct planning_problem){0};
    state = accord_rng_fold(state, (uint64_t)key->level);
    state = accord_rng_fold(state, (uint64_t)key->split);
    state = accord_rng_fold(state, key->item);
    for (uint64_t n = 0; !rc && !fits; n++) {
        strips_task_destroy(out->task);
        out->task = NULL;
        rc = attempt(key, accord_rng_fold(state, n), out, &fits);
    }
    if (rc)
        planning_problem_fini(out);
    return rc;
}

void planning_problem_fini(struct planning_problem *p) {
    strips_task_destroy(p->task);
    planning_buffer_fini(&p->text);
    free(p->action);
    free(p->arg);
    *p = (struct planning_problem){0};
}
