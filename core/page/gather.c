/* gather.c - what a page needs of the journals, one cell at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/file.h"
#include "base/mem.h"
#include "page/pages.h"
#include "report/view.h"

enum { N_URGENCIES = 4 };

/* A cell while it is read. */
typedef struct reading {
    accord_page *p;
    uint32_t cell;
    accord_tally t;
    uint64_t *tokens;     /* [t.n_eps] */
    accord_map metric_at; /* from name and step to a number in p->metrics */
    accord_err *err;
} reading;

static uint64_t hash(const char *text, uint64_t key) {
    for (; *text; text++)
        key = (key ^ (unsigned char)*text) * 0x100000001b3u;
    return accord_rng_mix(key);
}

/* The manifest's own name of a mode, which outlives the tally. */
static const char *mode_name(const accord_run_cell *cell, const char *mode) {
    for (size_t i = 0; i < json_array_size(cell->modes); i++) {
        const char *name = json_string_value(json_array_get(cell->modes, i));
        if (name && strcmp(name, mode) == 0)
            return name;
    }
    return NULL;
}

static accord_code find_item(reading *r, const accord_tally_ep *ep, const char *mode,
                             uint32_t *out) {
    accord_page *p = r->p;
    const char *task = p->cells[r->cell].cell->task;
    const char *id = accord_tally_item(&r->t, ep);
    uint64_t key = hash(id, hash(mode, hash(task, 0xcbf29ce484222325u)));
    uint32_t *at;

    accord_code rc = accord_map_at(&p->item_at, key ? key : 1, &at, r->err);
    if (!rc && *at == ACCORD_MAP_NEW) {
        rc = accord_grow(&p->items, p->n_items, &p->cap_items, sizeof(*p->items), r->err);
        if (rc)
            return rc;
        p->items[p->n_items] =
            (accord_page_item){accord_xstrdup(id), task, mode, ep->score, ep->score};
        *at = (uint32_t)p->n_items++;
    }
    if (!rc) {
        *out = *at;
        accord_page_item *item = &p->items[*at];
        item->least = ep->score < item->least ? ep->score : item->least;
        item->most = ep->score > item->most ? ep->score : item->most;
    }
    return rc;
}

static accord_code add_episode(reading *r, const accord_tally_ep *ep, const char *mode) {
    accord_page *p = r->p;
    uint32_t item = 0;

    accord_code rc = find_item(r, ep, mode, &item);
    if (!rc)
        rc = accord_grow(&p->eps, p->n_eps, &p->cap_eps, sizeof(*p->eps), r->err);
    if (rc)
        return rc;
    p->eps[p->n_eps++] = (accord_page_ep){
        .cell = r->cell,
        .item = item,
        .index = ep->index,
        .visit = ep->visit,
        .step = ep->step,
        .key = ep->key,
        .tokens = r->tokens[ep - r->t.eps],
        .us = ep->us,
        .score = ep->score,
        .outcome = ep->outcome,
    };
    return ACCORD_OK;
}

/* What training took up to a step, evaluations left out.  Episodes that are in flight
 * together share the clock: their times are no time of the training. */
static double trained_seconds(const reading *r, uint64_t step) {
    const accord_page_cell *c = &r->p->cells[r->cell];
    double us = 0;

    if (accord_rundir_train_width(c->run, c->cell) != 1)
        return (double)NAN;
    for (size_t i = 0; i < r->t.n_eps; i++)
        if (r->t.eps[i].phase == ACCORD_IN_TRAIN && r->t.eps[i].step < step)
            us += (double)r->t.eps[i].us;
    return us / 1e6;
}

static accord_code add_mark(reading *r, const accord_tally_ep *ep, const char *mode,
                            size_t first) {
    accord_page *p = r->p;
    size_t i = p->n_marks;

    /* Evaluations stand one after the other: the last mark is nearly always the one. */
    while (i > first &&
           (p->marks[i - 1].step != ep->step || p->marks[i - 1].mode != mode))
        i--;
    if (i > first) {
        p->marks[i - 1].sum += ep->score;
        p->marks[i - 1].n++;
        return ACCORD_OK;
    }
    accord_code rc =
        accord_grow(&p->marks, p->n_marks, &p->cap_marks, sizeof(*p->marks), r->err);
    if (!rc)
        p->marks[p->n_marks++] = (accord_page_mark){
            r->cell, mode, ep->step, ep->score, 1, trained_seconds(r, ep->step)};
    return rc;
}

static accord_code add_mode(reading *r, uint32_t mode) {
    const accord_run_cell *cell = r->p->cells[r->cell].cell;
    const char *name = mode_name(cell, r->t.modes.items[mode]);
    size_t first = r->p->n_marks;
    accord_view v;

    if (!name)
        return ACCORD_OK;
    accord_code rc = accord_view_make(&r->t, mode, UINT64_MAX, &v, r->err);
    for (size_t i = 0; !rc && i < v.n; i++)
        rc = add_episode(r, v.eps[i], name);
    for (size_t i = 0; !rc && i < r->t.n_eps; i++)
        if (r->t.eps[i].phase == ACCORD_IN_EVAL && r->t.eps[i].mode == mode)
            rc = add_mark(r, &r->t.eps[i], name, first);
    accord_view_fini(&v);
    return rc;
}

static accord_code name_metric(reading *r, const char *name, const char **out) {
    accord_names *names = &r->p->names;

    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0) {
            *out = names->items[i];
            return ACCORD_OK;
        }
    accord_code rc =
        accord_grow(&names->items, names->n, &names->cap, sizeof(*names->items), r->err);
    if (!rc)
        *out = names->items[names->n++] = accord_xstrdup(name);
    return rc;
}

static accord_code add_metric(reading *r, const accord_tally_metric *m) {
    accord_page *p = r->p;
    const char *text = r->t.metric_names.items[m->name];
    uint64_t key = hash(text, accord_rng_mix(m->step + 1));
    uint32_t *at;

    accord_code rc = accord_map_at(&r->metric_at, key ? key : 1, &at, r->err);
    if (!rc && *at == ACCORD_MAP_NEW) {
        const char *name = NULL;
        rc = accord_grow(&p->metrics, p->n_metrics, &p->cap_metrics, sizeof(*p->metrics),
                         r->err);
        if (!rc)
            rc = name_metric(r, text, &name);
        if (rc)
            return rc;
        p->metrics[p->n_metrics] = (accord_page_metric){name, m->step, 0, 0};
        *at = (uint32_t)p->n_metrics++;
    }
    if (!rc) {
        p->metrics[*at].sum += m->value;
        p->metrics[*at].n++;
    }
    return rc;
}

static accord_code count_tokens(reading *r) {
    accord_code rc = accord_alloc(r->t.n_eps, sizeof(*r->tokens), &r->tokens, r->err);

    for (size_t i = 0; !rc && i < r->t.n_calls; i++) {
        const accord_tally_call *call = &r->t.calls[i];
        uint32_t ep = accord_map_find(&r->t.of_ep, call->ep);
        if (ep != ACCORD_MAP_NEW)
            r->tokens[ep] += call->prompt + call->completion;
    }
    return rc;
}

static accord_code read_cell(accord_page *p, uint32_t cell, accord_err *err) {
    reading r = {.p = p, .cell = cell, .err = err};
    char path[PATH_MAX];

    accord_code rc = accord_rundir_file(p->cells[cell].run, p->cells[cell].cell,
                                        "journal.jsonl", path, err);
    if (rc || !accord_file_exists(path))
        return rc;
    rc = accord_tally_read(path, 0, &r.t, err);
    if (!rc)
        rc = count_tokens(&r);
    for (uint32_t m = 0; !rc && m < r.t.modes.n; m++)
        rc = add_mode(&r, m);
    for (size_t i = 0; !rc && i < r.t.n_metrics; i++)
        rc = add_metric(&r, &r.t.metrics[i]);
    accord_tally_fini(&r.t);
    accord_map_fini(&r.metric_at);
    free(r.tokens);
    return rc;
}

accord_code accord_page_gather(accord_page *p, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < p->n_runs; i++)
        for (size_t c = 0; !rc && c < p->runs[i].n_cells; c++) {
            const accord_run_cell *cell = &p->runs[i].cells[c];
            rc =
                accord_grow(&p->cells, p->n_cells, &p->cap_cells, sizeof(*p->cells), err);
            if (rc)
                break;
            p->cells[p->n_cells++] =
                (accord_page_cell){.run = &p->runs[i],
                                   .cell = cell,
                                   .acts = accord_rundir_acts(&p->runs[i], cell->task),
                                   .first_metric = p->n_metrics};
            rc = read_cell(p, (uint32_t)p->n_cells - 1, err);
            p->cells[p->n_cells - 1].end_metric = p->n_metrics;
        }
    return rc;
}

static int by_urgency(const void *a, const void *b) {
    const accord_page_ep *x = a;
    const accord_page_ep *y = b;

    if (x->urgency != y->urgency)
        return x->urgency < y->urgency ? -1 : 1;
    if (x->turn != y->turn)
        return x->turn < y->turn ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->visit > y->visit) - (x->visit < y->visit);
}

/* Cells take turns within an urgency, so that a method with few wrong answers is not cut
 * off for one with many. */
accord_code accord_page_rank(accord_page *p, accord_err *err) {
    size_t(*turns)[N_URGENCIES];
    for (size_t i = 0; i < p->n_eps; i++) {
        accord_page_ep *ep = &p->eps[i];
        const accord_page_item *item = &p->items[ep->item];
        const char *outcome = accord_outcomes[ep->outcome];
        bool right = strcmp(outcome, "correct") == 0 || strcmp(outcome, "finished") == 0;
        bool flipped = item->most > item->least && !p->cells[ep->cell].acts;
        ep->urgency = (right ? 2 : 0) + (flipped ? 0 : 1);
    }
    accord_code rc = accord_alloc(p->n_cells, sizeof(*turns), &turns, err);
    if (rc || !p->n_eps)
        goto done;
    qsort(p->eps, p->n_eps, sizeof(*p->eps), by_urgency);
    for (size_t i = 0; i < p->n_eps; i++)
        p->eps[i].turn = turns[p->eps[i].cell][p->eps[i].urgency]++;
    qsort(p->eps, p->n_eps, sizeof(*p->eps), by_urgency);
done:
    free(turns);
    return rc;
}
