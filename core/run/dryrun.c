/* dryrun.c - see dryrun.h. */
#include "run/dryrun.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/describe.h"

enum { BYTES_PER_TOKEN = 4, ITEMS_TIMEOUT_MS = 20000, MAX_TEXT = 1 << 26 };

/* What the whole run asks of one model. */
typedef struct bill {
    double calls;
    double training, probes; /* of the calls */
    double prompt_tokens;
    double completion_tokens; /* at most */
    bool no_prompt;           /* the prompts of some calls are not known */
} bill;

static const char *const unit_names[] = {"item", "seed", "both"};

/* How many episodes of evaluation a cell plays. */
static double evaluated(const accord_suite *suite, const accord_cell *cell) {
    const accord_suite_train *t = &suite->methods[cell->method].train;
    double evaluations = 1.0;

    if (cell->learns && t->eval_every)
        evaluations = (double)((t->budget + t->eval_every - 1) / t->eval_every);
    return evaluations * (double)cell->n_modes * (double)cell->episodes;
}

/* How many of training, at most; what is trained in steps asks no model. */
static uint64_t trained(const accord_suite *suite, const accord_cell *cell) {
    const accord_suite_train *t = &suite->methods[cell->method].train;

    return cell->learns && !t->in_steps ? t->budget : 0;
}

static double cost_of(const accord_suite_model *m, const bill *b) {
    return (b->prompt_tokens * m->prompt_price +
            b->completion_tokens * m->completion_price) /
           1e6;
}

/* Adds up `bills`, one for each model of the suite. */
static void add_up(const accord_suite *suite, const accord_plan *plan,
                   const json_t *bytes, bill *bills) {
    for (uint32_t i = 0; i < plan->n_asks; i++) {
        const accord_ask *ask = &plan->asks[i];
        const accord_cell *cell = &plan->cells[ask->cell];
        const json_t *size = json_object_get(bytes, suite->tasks[cell->task].name);
        bill *b = &bills[ask->model];
        double training = (double)trained(suite, cell) * ask->calls;
        double probes = (double)cell->probes * ask->calls;
        double calls = evaluated(suite, cell) * ask->calls + training + probes;
        b->calls += calls;
        b->training += training;
        b->probes += probes;
        b->completion_tokens += calls * ask->max_tokens;
        b->prompt_tokens +=
            calls * (json_number_value(size) / BYTES_PER_TOKEN + ask->quoted);
        b->no_prompt = b->no_prompt || (calls > 0.0 && !size);
    }
}

/* A method with models that gives no estimate: its calls are missing in the bill. */
static bool is_unknown(const accord_suite *suite, const accord_plan *plan,
                       uint32_t method) {
    bool in_plan = false;

    for (uint32_t i = 0; i < plan->n_asks; i++)
        if (plan->cells[plan->asks[i].cell].method == method)
            return false;
    for (uint32_t i = 0; i < plan->n_cells; i++)
        in_plan = in_plan || plan->cells[i].method == method;
    return in_plan && suite->methods[method].n_roles > 0;
}

/* ---- tables ------------------------------------------------------------------------ */

enum { MAX_COLUMNS = 8 };

/* Columns as wide as their widest text; the last is as long as it likes. */
typedef struct table {
    char **cells;
    size_t n, cap;
    size_t n_columns;
} table;

static void put(table *t, char *text) {
    if (accord_grow(&t->cells, t->n, &t->cap, sizeof(char *), NULL)) {
        free(text);
        return;
    }
    t->cells[t->n++] = text;
}

static void print_table(table *t, FILE *out) {
    size_t widths[MAX_COLUMNS] = {0};

    for (size_t i = 0; i < t->n; i++)
        if (strlen(t->cells[i]) > widths[i % t->n_columns])
            widths[i % t->n_columns] = strlen(t->cells[i]);
    for (size_t i = 0; i < t->n; i++) {
        size_t column = i % t->n_columns;
        bool last = column == t->n_columns - 1;
        fprintf(out, "%-*s%s", last ? 0 : (int)widths[column] + 2, t->cells[i],
                last ? "\n" : "");
        free(t->cells[i]);
    }
    free(t->cells);
}

static void headings(table *t, const char *const *names) {
    for (t->n_columns = 0; names[t->n_columns]; t->n_columns++)
        put(t, accord_xstrdup(names[t->n_columns]));
}

static char *modes_text(const accord_cell *cell) {
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    for (uint32_t i = 0; i < cell->n_modes; i++)
        accord_buf_printf(&b, "%s%s", i ? ", " : "", cell->modes[i]);
    return accord_buf_take(&b);
}

/* Columns of nothing help nobody. */
static void cells_heading(table *t, bool train, bool probes) {
    const char *names[MAX_COLUMNS + 1] = {"task", "method", "unit", "episodes"};
    size_t n = 4;

    if (train)
        names[n++] = "train";
    if (probes)
        names[n++] = "probes";
    names[n++] = "seeds";
    names[n] = "modes";
    headings(t, names);
}

/* The cells of one pair stand side by side in the plan: one row for them. */
static void print_cells(const accord_suite *suite, const accord_plan *plan, FILE *out) {
    table t = {0};
    bool train = false, probes = false;

    for (uint32_t i = 0; i < plan->n_cells; i++) {
        train = train || trained(suite, &plan->cells[i]);
        probes = probes || plan->cells[i].probes;
    }
    cells_heading(&t, train, probes);
    for (uint32_t i = 0, next; i < plan->n_cells; i = next) {
        const accord_cell *cell = &plan->cells[i];
        accord_buf seeds;
        accord_buf_init(&seeds, MAX_TEXT);
        for (next = i; next < plan->n_cells && plan->cells[next].task == cell->task &&
                       plan->cells[next].method == cell->method;
             next++)
            accord_buf_printf(&seeds, "%s%" PRIu64, next > i ? ", " : "",
                              plan->cells[next].seed);
        put(&t, accord_xstrdup(suite->tasks[cell->task].name));
        put(&t, accord_xstrdup(suite->methods[cell->method].name));
        put(&t, accord_xstrdup(unit_names[cell->unit]));
        put(&t, accord_xasprintf("%" PRIu64, cell->episodes));
        if (train)
            put(&t, accord_xasprintf("%" PRIu64, trained(suite, cell)));
        if (probes)
            put(&t, accord_xasprintf("%" PRIu64, cell->probes));
        put(&t, accord_buf_take(&seeds));
        put(&t, modes_text(cell));
    }
    print_table(&t, out);
}

static void print_skips(const accord_suite *suite, const accord_plan *plan, FILE *out) {
    if (plan->n_skips)
        fputs("\nskipped:\n", out);
    for (uint32_t i = 0; i < plan->n_skips; i++)
        fprintf(out, "  %s x %s: %s\n", suite->tasks[plan->skips[i].task].name,
                suite->methods[plan->skips[i].method].name, plan->skips[i].reason);
}

static bool is_empty(const accord_suite *suite, const bill *bills) {
    for (uint32_t i = 0; i < suite->n_models; i++)
        if (bills[i].calls > 0.0)
            return false;
    return true;
}

static void print_bill(const accord_suite *suite, const bill *bills, FILE *out) {
    static const char *const names[] = {"model",           "calls", "prompt tokens",
                                        "answers at most", "cost",  NULL};
    table t = {0};
    double total = 0.0, training = 0.0, probes = 0.0;
    bool priced = false;

    if (is_empty(suite, bills))
        return;
    fputs("\n", out);
    headings(&t, names);
    for (uint32_t i = 0; i < suite->n_models; i++) {
        const accord_suite_model *m = &suite->models[i];
        const bill *b = &bills[i];
        if (b->calls <= 0.0)
            continue;
        put(&t, accord_xstrdup(m->name));
        put(&t, accord_xasprintf("%.0f", b->calls));
        put(&t, b->no_prompt ? accord_xstrdup("unknown")
                             : accord_xasprintf("%.0f", b->prompt_tokens));
        put(&t, accord_xasprintf("%.0f", b->completion_tokens));
        put(&t,
            m->priced ? accord_xasprintf("%.2f", cost_of(m, b)) : accord_xstrdup("-"));
        priced = priced || m->priced;
        total += cost_of(m, b);
        training += b->training;
        probes += b->probes;
    }
    print_table(&t, out);
    if (training > 0.0 || probes > 0.0)
        fprintf(out, "\nof the calls, at most %.0f are training and %.0f probes\n",
                training, probes);
    if (priced)
        fprintf(out, "\ncost at most: %.2f\n", total);
}

static void print_text(const accord_suite *suite, const accord_plan *plan,
                       const bill *bills, FILE *out) {
    fprintf(out, "suite %s: %u cell%s\n\n", suite->name, plan->n_cells,
            plan->n_cells == 1 ? "" : "s");
    print_cells(suite, plan, out);
    print_skips(suite, plan, out);
    print_bill(suite, bills, out);
    for (uint32_t i = 0; i < suite->n_methods; i++)
        if (is_unknown(suite, plan, i))
            fprintf(out,
                    "\nnot counted: method %s does not say how many calls it makes\n",
                    suite->methods[i].name);
}

/* ---- JSON -------------------------------------------------------------------------- */

static void json_cells(const accord_suite *suite, const accord_plan *plan,
                       accord_buf *b) {
    accord_json_key(b, "cells");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < plan->n_cells; i++) {
        const accord_cell *cell = &plan->cells[i];
        accord_buf_puts(b, i ? ",{" : "{");
        accord_json_text(b, "task", suite->tasks[cell->task].name);
        accord_json_text(b, "method", suite->methods[cell->method].name);
        accord_json_int(b, "seed", (int64_t)cell->seed);
        accord_json_key(b, "modes");
        accord_buf_puts(b, "[");
        for (uint32_t k = 0; k < cell->n_modes; k++)
            accord_json_text(b, NULL, cell->modes[k]);
        accord_buf_puts(b, "]");
        accord_json_int(b, "episodes", (int64_t)cell->episodes);
        accord_json_int(b, "train_episodes", (int64_t)trained(suite, cell));
        accord_json_int(b, "probe_episodes", (int64_t)cell->probes);
        accord_json_text(b, "unit", unit_names[cell->unit]);
        accord_json_bool(b, "learns", cell->learns);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void json_skips(const accord_suite *suite, const accord_plan *plan,
                       accord_buf *b) {
    accord_json_key(b, "skipped");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < plan->n_skips; i++) {
        accord_buf_puts(b, i ? ",{" : "{");
        accord_json_text(b, "task", suite->tasks[plan->skips[i].task].name);
        accord_json_text(b, "method", suite->methods[plan->skips[i].method].name);
        accord_json_text(b, "reason", plan->skips[i].reason);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void json_bill(const accord_suite *suite, const bill *bills, accord_buf *b) {
    accord_json_key(b, "models");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < suite->n_models; i++) {
        const accord_suite_model *m = &suite->models[i];
        accord_buf_puts(b, i ? ",{" : "{");
        accord_json_text(b, "model", m->name);
        accord_json_real(b, "calls", bills[i].calls);
        accord_json_real(b, "train_calls", bills[i].training);
        accord_json_real(b, "probe_calls", bills[i].probes);
        if (bills[i].no_prompt)
            accord_json_text(b, "prompt_tokens", NULL);
        else
            accord_json_real(b, "prompt_tokens", bills[i].prompt_tokens);
        accord_json_real(b, "max_completion_tokens", bills[i].completion_tokens);
        if (m->priced)
            accord_json_real(b, "max_cost", cost_of(m, &bills[i]));
        else
            accord_json_text(b, "max_cost", NULL);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static accord_code print_json(const accord_suite *suite, const accord_plan *plan,
                              const bill *bills, FILE *out, accord_err *err) {
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    accord_buf_puts(&b, "{");
    accord_json_text(&b, "suite", suite->name);
    json_cells(suite, plan, &b);
    json_skips(suite, plan, &b);
    json_bill(suite, bills, &b);
    accord_json_key(&b, "uncounted");
    accord_buf_puts(&b, "[");
    for (uint32_t i = 0; i < suite->n_methods; i++)
        if (is_unknown(suite, plan, i))
            accord_json_text(&b, NULL, suite->methods[i].name);
    accord_buf_puts(&b, "]}\n");
    accord_code code = accord_buf_check(&b, "the plan", err);
    if (code == ACCORD_OK)
        fputs(b.data, out);
    accord_buf_fini(&b);
    return code;
}

/* Questions are only looked at for a bill.  A task that fails at it may still be run, so
 * that is no error here. */
static json_t *question_bytes(const accord_suite *suite, const accord_plan *plan) {
    accord_err why = {0};
    json_t *bytes = NULL;

    if (plan->n_asks &&
        accord_describe(suite, ACCORD_DESCRIBE_ITEMS, ITEMS_TIMEOUT_MS, &bytes, &why))
        accord_log(ACCORD_WARN, "plan", "prompts are not counted: %s", why.msg);
    return bytes;
}

accord_code accord_plan_print(const accord_suite *suite, const accord_plan *plan,
                              bool json, FILE *out, accord_err *err) {
    bill *bills;
    accord_code code = accord_alloc(suite->n_models, sizeof(*bills), &bills, err);

    if (code)
        return code;
    json_t *bytes = question_bytes(suite, plan);
    add_up(suite, plan, bytes, bills);
    if (json)
        code = print_json(suite, plan, bills, out, err);
    else
        print_text(suite, plan, bills, out);
    json_decref(bytes);
    free(bills);
    return code;
}
