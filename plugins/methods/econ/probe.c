/* probe.c - see probe.h. */
#include "probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- plan ------------------------------------------------------------------------- */

/* The controls do not change: one mark says it all. */
static uint32_t n_marks_of(const econ_options *o, uint64_t budget) {
    if (o->action != ECON_LEARNED)
        return 1;
    if (o->probe == ECON_PROBE_ENDS)
        return 2;
    uint64_t n = budget ? 1 + (budget - 1) / o->probe_every : 1;
    return n < ECON_MAX_MARKS ? (uint32_t)n + 1 : ECON_MAX_MARKS;
}

static void set_marks(econ_probe *p, const econ_options *o, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        p->marks[i] = (uint64_t)i * o->probe_every;
    if (n > 1)
        p->marks[n - 1] = UINT64_MAX;
}

static accord_code reserve(econ_probe *p, const econ_options *o, uint32_t n_marks) {
    econ_payoffs *y = &p->payoffs;
    size_t cells = (size_t)y->items * y->n;

    p->marks = calloc(n_marks, sizeof(*p->marks));
    p->finals = calloc((size_t)y->items * p->width + 1, sizeof(*p->finals));
    y->base = calloc(cells, sizeof(*y->base));
    y->deviated = calloc(cells * y->points + 1, sizeof(*y->deviated));
    if (!p->marks || !p->finals || !y->base || !y->deviated)
        return ACCORD_E_NOMEM;
    set_marks(p, o, n_marks);
    return econ_stop_init(&p->stop, y->items, p->width);
}

static void forget(econ_probe *p) {
    econ_payoffs *y = &p->payoffs;
    size_t cells = (size_t)y->items * y->n;

    for (size_t i = 0; i < cells; i++)
        y->base[i] = (double)NAN;
    for (size_t i = 0; i < cells * y->points; i++)
        y->deviated[i] = (double)NAN;
    p->n_items = p->n_told = 0;
    memset(p->base, 0, sizeof(p->base));
}

accord_code econ_probe_init(econ_probe *p, const accord_host *host, const econ_options *o,
                            uint32_t n, uint32_t n_clusters, uint32_t width,
                            uint64_t budget, accord_err *err) {
    uint32_t points = o->deviations * o->deviations;
    uint32_t n_marks = n_marks_of(o, budget);

    *p = (econ_probe){.n = n, .side = o->deviations, .width = width};
    p->plan.struct_size = sizeof(p->plan);
    if (o->probe == ECON_PROBE_NONE)
        return ACCORD_OK;
    if (points && (n > ECON_MAX_DEVIATING || n_clusters > 1))
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "the deviations of %u executors%s are not probed, only those "
                          "of at most %d without clusters: set deviations to 0",
                          n, n_clusters > 1 ? " in clusters" : "", ECON_MAX_DEVIATING);
    p->payoffs = (econ_payoffs){.items = o->probe_items, .n = n, .points = points};
    if (reserve(p, o, n_marks))
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    p->plan.items = o->probe_items;
    p->plan.variants = 1 + n * points;
    p->plan.n_marks = n_marks;
    p->plan.marks = p->marks;
    forget(p);
    return ACCORD_OK;
}

void econ_probe_fini(econ_probe *p) {
    free(p->marks);
    free(p->finals);
    free(p->payoffs.base);
    free(p->payoffs.deviated);
    econ_stop_fini(&p->stop);
    *p = (econ_probe){.n = 0};
}

bool econ_probe_deviation(const econ_probe *p, uint32_t variant, uint32_t *agent,
                          float unit[2]) {
    uint32_t points = p->side * p->side;

    if (variant == 0 || points == 0 || (variant - 1) / points >= p->n)
        return false;
    uint32_t j = (variant - 1) % points, last = p->side - 1;
    *agent = (variant - 1) / points;
    unit[0] = last ? (float)(j / p->side) / (float)last : 0.5f;
    unit[1] = last ? (float)(j % p->side) / (float)last : 0.5f;
    return true;
}

/* ---- episodes --------------------------------------------------------------------- */

/* The slot of an item. */
static uint32_t slot_of(econ_probe *p, uint64_t item) {
    uint32_t i = 0;

    while (i < p->n_items && p->base[i].item != item)
        i++;
    if (i == p->n_items && i < p->payoffs.items)
        p->base[p->n_items++].item = item;
    return i;
}

static void tell_base(econ_probe *p, uint32_t slot, const econ_report *r) {
    econ_base *b = &p->base[slot];

    b->is_told = true;
    b->agreement = r->agreement;
    b->has_final = r->final != NULL;
    memcpy(b->action, r->action, p->n * sizeof(*r->action));
    memcpy(p->payoffs.base + (size_t)slot * p->n, r->payoff, p->n * sizeof(*r->payoff));
    if (r->final)
        memcpy(p->finals + (size_t)slot * p->width, r->final,
               p->width * sizeof(*r->final));
}

bool econ_probe_tell(econ_probe *p, const econ_report *r) {
    uint32_t slot = slot_of(p, r->item), agent;
    float unit[2];

    p->step = r->step;
    p->n_told++;
    if (slot < p->payoffs.items && r->payoff) {
        if (r->variant == 0) {
            tell_base(p, slot, r);
        } else if (econ_probe_deviation(p, r->variant, &agent, unit)) {
            size_t at = (size_t)slot * p->n + agent;
            uint32_t j = (r->variant - 1) % p->payoffs.points;
            p->payoffs.deviated[at * p->payoffs.points + j] = r->payoff[agent];
        }
    }
    return p->n_told == p->plan.items * p->plan.variants;
}

/* ---- conclusion ------------------------------------------------------------------- */

static void swap(void *a, void *b, size_t size) {
    unsigned char *x = a, *y = b;

    for (size_t i = 0; i < size; i++) {
        unsigned char t = x[i];
        x[i] = y[i];
        y[i] = t;
    }
}

static void swap_slots(econ_probe *p, uint32_t a, uint32_t b) {
    econ_payoffs *y = &p->payoffs;
    size_t base = y->n, deviated = (size_t)y->n * y->points, width = p->width;

    swap(&p->base[a], &p->base[b], sizeof(*p->base));
    swap(y->base + a * base, y->base + b * base, base * sizeof(double));
    swap(y->deviated + a * deviated, y->deviated + b * deviated,
         deviated * sizeof(double));
    swap(p->finals + a * width, p->finals + b * width, width * sizeof(float));
}

/* By the task's index, so that the halves do not depend on who ended first. */
static void sort_items(econ_probe *p) {
    for (uint32_t i = 1; i < p->n_items; i++)
        for (uint32_t k = i; k > 0 && p->base[k].item < p->base[k - 1].item; k--)
            swap_slots(p, k, k - 1);
}

/* Adds item `slot` to the sums; one without a final output agrees with nothing and does
 * not count there. */
static void add_up(const econ_probe *p, uint32_t slot, econ_finding *out,
                   double *n_agreeing) {
    const econ_base *b = &p->base[slot];

    if (!isnan(b->agreement)) {
        out->agreement += b->agreement;
        ++*n_agreeing;
    }
    for (uint32_t i = 0; i < p->n; i++) {
        out->reward += p->payoffs.base[(size_t)slot * p->n + i] / p->n;
        out->temperature[i] += b->action[i].temperature;
        out->top_p[i] += b->action[i].top_p;
    }
}

static void sum_up(const econ_probe *p, econ_finding *out) {
    double n = 0, n_agreeing = 0;

    for (uint32_t k = 0; k < p->n_items; k++)
        if (p->base[k].is_told) {
            add_up(p, k, out, &n_agreeing);
            n++;
        }
    n = n > 0 ? n : (double)NAN;
    out->reward /= n;
    out->agreement /= n_agreeing > 0 ? n_agreeing : (double)NAN;
    for (uint32_t i = 0; i < p->n; i++) {
        out->temperature[i] /= n;
        out->top_p[i] /= n;
    }
}

bool econ_probe_settle(econ_probe *p, const econ_options *o, bool standing,
                       uint64_t budget, econ_finding *out) {
    if (p->n_told == 0)
        return false;
    *out = (econ_finding){.cumulative = (double)NAN};
    sort_items(p);
    econ_gaps_of(&p->payoffs, &out->gaps);
    sum_up(p, out);
    const econ_check check = {.step = p->step,
                              .regret = out->gaps.regret,
                              .reward = out->reward,
                              .items = p->n_items,
                              .base = p->base,
                              .finals = p->finals};
    econ_stop_check(&p->stop, &check, o, &out->change);
    out->cumulative = standing ? out->gaps.regret * (double)budget : p->stop.cumulative;
    forget(p);
    return true;
}
