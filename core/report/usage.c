/* usage.c - what was asked of the models: calls, tokens and cost, by who asked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/view.h"

/* The sums of a group of calls. */
typedef struct sums {
    const accord_tally_group *group;
    uint64_t calls, failed, prompt, completion;
} sums;

static void add(sums *to, const sums *from) {
    to->calls += from->calls;
    to->failed += from->failed;
    to->prompt += from->prompt;
    to->completion += from->completion;
}

static int in_order(const void *a, const void *b, void *tally) {
    const accord_tally *t = tally;
    const accord_tally_group *x = ((const sums *)a)->group;
    const accord_tally_group *y = ((const sums *)b)->group;
    int by_role = strcmp(t->roles.items[x->role], t->roles.items[y->role]);
    int by_model = strcmp(t->models.items[x->model], t->models.items[y->model]);

    if (by_role)
        return by_role;
    if (x->agent != y->agent)
        return x->agent < y->agent ? -1 : 1;
    if (x->round != y->round)
        return x->round < y->round ? -1 : 1;
    if (by_model)
        return by_model;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return strcmp(t->modes.items[x->mode], t->modes.items[y->mode]);
}

/* The sums of every group, sorted, so that costs are added in an order that no thread
 * decides. */
static accord_code sum_up(const accord_tally *t, sums **out, accord_err *err) {
    accord_code rc = accord_alloc(t->n_groups, sizeof(**out), out, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < t->n_groups; i++)
        (*out)[i].group = &t->groups[i];
    for (size_t i = 0; i < t->n_calls; i++) {
        const accord_tally_call *call = &t->calls[i];
        add(&(*out)[call->group],
            &(sums){NULL, 1, call->failed, call->prompt, call->completion});
    }
    qsort_r(*out, t->n_groups, sizeof(**out), in_order, (void *)t);
    return ACCORD_OK;
}

/* NaN for a model without a price: unknown is not free. */
static double cost_of(const accord_rundir *run, const accord_tally *t, const sums *s) {
    double price[2];

    if (!accord_rundir_price(run, t->models.items[s->group->model], price))
        return (double)NAN;
    return ((double)s->prompt * price[0] + (double)s->completion * price[1]) / 1e6;
}

static void write_totals(accord_buf *b, const sums *total, double cost) {
    accord_json_int(b, "calls", (int64_t)total->calls);
    accord_json_int(b, "failed_calls", (int64_t)total->failed);
    accord_json_key(b, "tokens");
    accord_buf_puts(b, "[");
    accord_json_int(b, NULL, (int64_t)total->prompt);
    accord_json_int(b, NULL, (int64_t)total->completion);
    accord_buf_puts(b, "]");
    if (isnan(cost))
        accord_json_text(b, "cost", NULL);
    else
        accord_json_real(b, "cost", cost);
}

static void write_group(accord_buf *b, const accord_tally *t, const sums *s) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "role", t->roles.items[s->group->role]);
    accord_json_int(b, "agent", s->group->agent);
    accord_json_int(b, "round", s->group->round);
    accord_json_text(b, "model", t->models.items[s->group->model]);
    accord_json_int(b, "calls", (int64_t)s->calls);
    accord_json_int(b, "failed_calls", (int64_t)s->failed);
    accord_json_int(b, "prompt", (int64_t)s->prompt);
    accord_json_int(b, "completion", (int64_t)s->completion);
    accord_buf_puts(b, "}");
}

accord_code accord_view_usage(const accord_view *v, const accord_rundir *run,
                              accord_buf *b, accord_err *err) {
    const accord_tally *t = v->tally;
    sums total = {0};
    sums *all;
    double cost = 0;

    accord_code rc = sum_up(t, &all, err);
    if (rc)
        return rc;
    accord_json_key(b, "usage");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < t->n_groups; i++) {
        const accord_tally_group *g = all[i].group;
        if (g->phase != ACCORD_IN_EVAL || g->mode != v->mode || g->step != v->step)
            continue;
        write_group(b, t, &all[i]);
        add(&total, &all[i]);
        cost += cost_of(run, t, &all[i]);
    }
    accord_buf_puts(b, "]");
    write_totals(b, &total, cost);
    free(all);
    return ACCORD_OK;
}

accord_code accord_tally_spent(const accord_tally *t, const accord_rundir *run,
                               accord_buf *b, accord_err *err) {
    static const char *const phases[ACCORD_IN_N] = {"train", "eval", "probe"};
    sums *all;

    accord_code rc = sum_up(t, &all, err);
    if (rc)
        return rc;
    accord_json_key(b, "spent");
    accord_buf_puts(b, "{");
    for (int p = 0; p < ACCORD_IN_N; p++) {
        sums total = {0};
        double cost = 0;
        for (size_t i = 0; i < t->n_groups; i++)
            if (all[i].group->phase == p) {
                add(&total, &all[i]);
                cost += cost_of(run, t, &all[i]);
            }
        accord_json_key(b, phases[p]);
        accord_buf_puts(b, "{");
        write_totals(b, &total, cost);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "}");
    free(all);
    return ACCORD_OK;
}
