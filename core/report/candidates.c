/* candidates.c - what the answers on the way would have scored: vote@j from samples,
 * debate@r from rounds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "report/view.h"
#include "stats/stats.h"

enum { MAX_INDEX = 4096 };

/* A candidate and the place of its episode in the view. */
typedef struct placed {
    const accord_tally_cand *cand;
    size_t ep;
} placed;

/* A mean and its error, one value at a time (Welford 1962). */
typedef struct running {
    double mean, squares, tokens;
} running;

/* What is worked out for one kind of candidate. */
typedef struct curve {
    const accord_view *view;
    uint32_t kind;
    size_t k;         /* highest index + 1 */
    running *points;  /* [k] */
    uint64_t *answer; /* [k], of the item at hand */
    double *score;    /* [k] */
    double *tokens;   /* [k], NaN = not named */
    double *value;    /* [k] */
    accord_buf items; /* what each item scores at each point, as JSON */
} curve;

static int in_order(const void *a, const void *b) {
    const placed *x = a;
    const placed *y = b;

    if (x->ep != y->ep)
        return x->ep < y->ep ? -1 : 1;
    return (x->cand->index > y->cand->index) - (x->cand->index < y->cand->index);
}

/* The candidates of this kind that belong to the view, by episode and index. */
static accord_code collect(const accord_view *v, uint32_t kind, placed **out, size_t *n,
                           accord_err *err) {
    const accord_tally *t = v->tally;
    accord_map at = {0};
    uint32_t *slot;

    *n = 0;
    accord_code rc = accord_alloc(t->n_cands, sizeof(**out), out, err);
    for (size_t i = 0; !rc && i < v->n; i++) {
        rc = accord_map_at(&at, v->eps[i]->key, &slot, err);
        if (!rc)
            *slot = (uint32_t)i;
    }
    for (size_t i = 0; !rc && i < t->n_cands; i++) {
        uint32_t ep = accord_map_find(&at, t->cands[i].ep);
        if (ep != ACCORD_MAP_NEW && t->cands[i].kind == kind &&
            t->cands[i].index < MAX_INDEX)
            (*out)[(*n)++] = (placed){&t->cands[i], ep};
    }
    if (!rc)
        qsort(*out, *n, sizeof(**out), in_order);
    accord_map_fini(&at);
    return rc;
}

/* Samples of one item: a vote over j of them costs j shares of what all cost. */
static accord_code vote(curve *c, const accord_tally_ep *ep, accord_err *err) {
    const char *item = accord_tally_item(c->view->tally, ep);
    double all = 0;

    for (size_t j = 0; j < c->k; j++)
        if (c->tokens[j] > all)
            all = c->tokens[j];
    for (size_t j = 0; j < c->k; j++)
        c->tokens[j] = all * (double)(j + 1) / (double)c->k;
    return accord_stats_majority(c->answer, c->score, c->k, accord_rng_fold_text(0, item),
                                 c->value, err);
}

/* Rounds of one item: who stopped early keeps the answer, who failed has none. */
static void stop_after(curve *c, const accord_tally_ep *ep) {
    double value = 0;
    double tokens = 0;

    for (size_t r = 0; r < c->k; r++) {
        if (!isnan(c->tokens[r])) {
            value = c->score[r];
            tokens = c->tokens[r];
        } else if (!ep->answered) {
            value = 0;
        }
        c->value[r] = value;
        c->tokens[r] = tokens;
    }
}

/* An item's scores; where all points score the same, as most do, one number says it. */
static void write_item(curve *c) {
    bool alike = true;

    for (size_t j = 1; j < c->k; j++)
        alike &= memcmp(&c->value[j], &c->value[0], sizeof(double)) == 0;
    if (alike) {
        accord_json_real(&c->items, NULL, c->value[0]);
        return;
    }
    accord_json_key(&c->items, NULL);
    accord_buf_puts(&c->items, "[");
    for (size_t j = 0; j < c->k; j++)
        accord_json_real(&c->items, NULL, c->value[j]);
    accord_buf_puts(&c->items, "]");
}

static accord_code add_item(curve *c, const placed **from, const placed *end, size_t at,
                            accord_err *err) {
    const accord_tally_ep *ep = c->view->eps[at];
    accord_code rc = ACCORD_OK;

    for (size_t j = 0; j < c->k; j++) {
        c->answer[j] = 0;
        c->score[j] = 0;
        c->tokens[j] = (double)NAN;
    }
    for (; *from < end && (*from)->ep == at; (*from)++) {
        const accord_tally_cand *cand = (*from)->cand;
        c->answer[cand->index] = cand->answer;
        c->score[cand->index] = cand->score;
        c->tokens[cand->index] = cand->tokens;
    }
    if (strcmp(c->view->tally->kinds.items[c->kind], "sample") == 0)
        rc = vote(c, ep, err);
    else
        stop_after(c, ep);
    write_item(c);
    for (size_t j = 0; j < c->k; j++) {
        double step = c->value[j] - c->points[j].mean;
        c->points[j].mean += step / (double)(at + 1);
        c->points[j].squares += step * (c->value[j] - c->points[j].mean);
        c->points[j].tokens += (c->tokens[j] - c->points[j].tokens) / (double)(at + 1);
    }
    return rc;
}

static void write_curve(const curve *c, accord_buf *b) {
    double n = (double)c->view->n;

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "kind", c->view->tally->kinds.items[c->kind]);
    accord_json_key(b, "score");
    accord_buf_puts(b, "[");
    for (size_t j = 0; j < c->k; j++)
        accord_json_real(b, NULL, c->points[j].mean);
    accord_buf_puts(b, "]");
    accord_json_key(b, "stderr");
    accord_buf_puts(b, "[");
    for (size_t j = 0; j < c->k; j++)
        accord_json_real(b, NULL,
                         n < 2 ? (double)NAN : sqrt(c->points[j].squares / n / (n - 1)));
    accord_buf_puts(b, "]");
    accord_json_key(b, "tokens");
    accord_buf_puts(b, "[");
    for (size_t j = 0; j < c->k; j++)
        accord_json_real(b, NULL, c->points[j].tokens);
    accord_buf_puts(b, "]");
    accord_json_key(b, "items");
    accord_buf_add(b, c->items.data, c->items.n);
    accord_buf_puts(b, "]}");
}

static accord_code work_out(curve *c, const placed *cands, size_t n, accord_err *err) {
    const placed *from = cands;

    accord_buf_puts(&c->items, "[");
    accord_code rc = accord_alloc(c->k, sizeof(*c->points), &c->points, err);
    if (!rc)
        rc = accord_alloc(c->k, sizeof(*c->answer), &c->answer, err);
    if (!rc)
        rc = accord_alloc(c->k, sizeof(double), &c->score, err);
    if (!rc)
        rc = accord_alloc(c->k, sizeof(double), &c->tokens, err);
    if (!rc)
        rc = accord_alloc(c->k, sizeof(double), &c->value, err);
    for (size_t i = 0; !rc && i < c->view->n; i++)
        rc = add_item(c, &from, cands + n, i, err);
    return rc ? rc : accord_buf_check(&c->items, "the candidates", err);
}

static accord_code one_kind(const accord_view *v, uint32_t kind, accord_buf *b,
                            accord_err *err) {
    curve c = {.view = v, .kind = kind};
    placed *cands = NULL;
    size_t n;

    accord_buf_init(&c.items, b->max);
    accord_code rc = collect(v, kind, &cands, &n, err);
    for (size_t i = 0; !rc && i < n; i++)
        if (cands[i].cand->index >= c.k)
            c.k = cands[i].cand->index + 1;
    if (!rc && c.k > 0) {
        rc = work_out(&c, cands, n, err);
        if (!rc)
            write_curve(&c, b);
    }
    free(c.points);
    free(c.answer);
    free(c.score);
    free(c.tokens);
    free(c.value);
    accord_buf_fini(&c.items);
    free(cands);
    return rc;
}

accord_code accord_view_candidates(const accord_view *v, accord_buf *b, accord_err *err) {
    const accord_names *kinds = &v->tally->kinds;
    accord_code rc = ACCORD_OK;

    accord_json_key(b, "candidates");
    accord_buf_puts(b, "[");
    for (size_t i = accord_names_next(kinds, NULL); !rc && i < kinds->n;
         i = accord_names_next(kinds, kinds->items[i]))
        rc = one_kind(v, (uint32_t)i, b, err);
    accord_buf_puts(b, "]");
    return rc;
}
