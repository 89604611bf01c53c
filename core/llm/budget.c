/* budget.c - tokens and money of a run; when they are spent, nothing more is issued. */
#include "base/log.h"
#include "llm/pool_parts.h"

/* Calls that have not left for a server end; those that have may finish. */
static void end_unissued(accord_pool *p) {
    for (uint32_t i = 0; i < p->n_calls; i++) {
        accord_pool_call *c = p->calls[i];
        if (c->state == CALL_QUEUED || c->state == CALL_WAITING)
            accord_pool_call_end(c, ACCORD_OUTCOME_STOPPED, "the run's budget is spent");
    }
}

void accord_pool_budget_add(accord_pool_lane *lane, uint32_t calls, uint64_t prompt,
                            uint64_t completion) {
    accord_pool *p = lane->pool;
    accord_pool_usage *u = &p->usage;

    u->calls += calls;
    u->tokens += prompt + completion;
    u->cost += ((double)prompt * lane->set.prompt_price +
                (double)completion * lane->set.completion_price) /
               1e6;
    if (u->budget_spent)
        return;
    bool tokens = p->token_budget && u->tokens >= p->token_budget;
    bool money = p->cost_budget > 0 && u->cost >= p->cost_budget;
    if (!tokens && !money)
        return;
    u->budget_spent = true;
    accord_log(ACCORD_INFO, "llm", "the run's budget of %s is spent",
               tokens ? "tokens" : "money");
    end_unissued(p);
    for (accord_pool_worker *w = p->workers; w; w = w->next)
        accord_pool_peer_stop(w, ACCORD_STOP_BUDGET);
}
