/* compare_data.c - a comparison as one JSON document, nothing left out. */
#include <stdlib.h>
#include <string.h>

#include "judge/compare.h"

static void pair(accord_buf *b, const char *key, double lo, double hi) {
    accord_json_key(b, key);
    accord_buf_puts(b, "[");
    accord_json_known(b, NULL, lo);
    accord_json_known(b, NULL, hi);
    accord_buf_puts(b, "]");
}

static void stat(accord_buf *b, const char *key, const accord_stat *s) {
    accord_json_key(b, key);
    accord_buf_puts(b, "{");
    accord_json_known(b, "value", s->mean);
    pair(b, "ci", s->lo, s->hi);
    accord_buf_puts(b, "}");
}

static void curves(const accord_row *row, accord_buf *b) {
    accord_json_key(b, "candidates");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < row->curves.n; i++) {
        const accord_row_curve *c = &row->curves.items[i];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "kind", c->kind);
        accord_json_key(b, "score");
        accord_buf_puts(b, "[");
        for (size_t j = 0; j < c->k; j++)
            accord_json_known(b, NULL, c->score[j]);
        accord_buf_puts(b, "]");
        accord_json_key(b, "tokens");
        accord_buf_puts(b, "[");
        for (size_t j = 0; j < c->k; j++)
            accord_json_known(b, NULL, c->tokens[j]);
        accord_buf_puts(b, "]}");
    }
    accord_buf_puts(b, "]");
}

static void side(const accord_comparison *c, int which, accord_buf *b) {
    bool a = which == ACCORD_SIDE_A;
    const accord_row *row = a ? c->a : c->b;
    const accord_spending spent = accord_row_spending(row, &c->scale);

    accord_json_key(b, a ? "a" : "b");
    accord_buf_puts(b, "{");
    accord_json_text(b, "run", a ? c->run_a->path : c->run_b->path);
    accord_json_text(b, "method", row->method);
    accord_json_known(b, "score", a ? c->e.score_a : c->e.score_b);
    accord_json_key(b, "seeds");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < row->done; i++)
        accord_json_int(b, NULL, (int64_t)row->seeds[i]);
    accord_buf_puts(b, "]");
    if (c->x.unit == ACCORD_BY_SEED) {
        accord_json_key(b, "by_seed");
        accord_buf_puts(b, "[");
        for (size_t i = 0; i < row->done; i++)
            accord_json_known(b, NULL, a ? c->x.a[i] : c->x.b[i]);
        accord_buf_puts(b, "]");
        stat(b, "iqm", a ? &c->e.iqm_a : &c->e.iqm_b);
    }
    accord_json_known(b, "answered", (double)row->answered / (double)row->episodes);
    accord_json_known(b, "tokens_per_question", spent.tokens);
    accord_json_known(b, "tokens_per_correct", spent.per_right);
    accord_json_known(b, "cost_per_correct", spent.cost_per_right);
    curves(row, b);
    accord_buf_puts(b, "}");
}

static void equal(const accord_comparison *c, accord_buf *b) {
    accord_equal_tokens e;

    accord_json_key(b, "equal_tokens");
    accord_buf_puts(b, "[");
    for (size_t n = 0; accord_comparison_equal(c, n, &e); n++) {
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "of", e.side == ACCORD_SIDE_A ? "a" : "b");
        accord_json_text(b, "kind", e.curve->kind);
        accord_json_known(b, "tokens", e.tokens);
        const size_t at[] = {e.below, e.above};
        static const char *const names[] = {"below", "above"};
        for (int i = 0; i < 2; i++) {
            accord_json_key(b, names[i]);
            if (at[i] == e.curve->k) {
                accord_buf_puts(b, "null");
                continue;
            }
            accord_buf_puts(b, "{");
            accord_json_int(b, "index", (int64_t)at[i]);
            accord_json_known(b, "score", e.curve->score[at[i]]);
            accord_json_known(b, "tokens", e.curve->tokens[at[i]]);
            accord_buf_puts(b, "}");
        }
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static accord_code flips(const accord_comparison *c, accord_buf *b, accord_err *err) {
    size_t *order = NULL;
    size_t n = 0;
    accord_buf command;

    accord_code rc = accord_comparison_flips(c, &order, &n, err);
    accord_buf_init(&command, 1 << 16);
    accord_json_key(b, "flips");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && c->x.unit != ACCORD_BY_SEED && i < n; i++) {
        const char *item = c->x.ids[order[i]];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "item", item);
        accord_json_real(b, "gain", c->x.gain[order[i]]);
        accord_json_key(b, "show");
        accord_buf_puts(b, "[");
        for (int s = ACCORD_SIDE_A; s <= ACCORD_SIDE_B; s++) {
            accord_buf_clear(&command);
            accord_comparison_show(c, s, item, &command);
            accord_json_text(b, NULL, command.data);
        }
        accord_buf_puts(b, "]}");
    }
    accord_buf_puts(b, "]");
    accord_buf_fini(&command);
    free(order);
    return rc;
}

static void unmatched(const accord_comparison *c, accord_buf *b) {
    accord_json_key(b, "unmatched");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < c->x.n_lone; i++) {
        const accord_unmatched *lone = &c->x.lone[i];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "only", lone->side == ACCORD_SIDE_A ? "a" : "b");
        accord_json_text(b, "item", lone->item);
        if (!lone->wholly)
            accord_json_int(b, "seed", (int64_t)lone->seed);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void effect(const accord_comparison *c, accord_buf *b) {
    const accord_effect *e = &c->e;

    accord_json_known(b, "delta", e->delta.mean);
    pair(b, "ci", e->delta.lo, e->delta.hi);
    accord_json_text(b, "interval", *e->interval ? e->interval : NULL);
    accord_json_known(b, "p", e->p);
    accord_json_known(b, "p_holm", c->p_holm);
    accord_json_text(b, "test", *e->test ? e->test : NULL);
    accord_json_known(b, "detectable", e->detectable);
    if (e->flips_known) {
        accord_json_int(b, "only_a", (int64_t)e->flips.only_a);
        accord_json_int(b, "only_b", (int64_t)e->flips.only_b);
        accord_json_int(b, "both", (int64_t)e->flips.both);
        accord_json_int(b, "neither", (int64_t)e->flips.neither);
    }
    if (e->clustered) {
        accord_json_int(b, "clusters", (int64_t)e->n_clusters);
        accord_json_known(b, "design_effect", e->design_effect);
    }
    if (e->has_boot) {
        accord_json_key(b, "bootstrap");
        accord_buf_puts(b, "{");
        pair(b, "percentile", e->boot.stat.lo, e->boot.stat.hi);
        pair(b, "bca", e->boot.bca_lo, e->boot.bca_hi);
        accord_json_known(b, "p", e->boot.p);
        accord_buf_puts(b, "}");
    }
    if (c->x.unit == ACCORD_BY_SEED) {
        stat(b, "iqm_delta", &e->iqm_delta);
        stat(b, "improvement", &e->improvement);
    }
}

static accord_code comparison(const accord_compared *all, const accord_comparison *c,
                              accord_buf *b, accord_err *err) {
    static const char *const units[] = {"item", "seed", "both"};
    static const char *const seeds[] = {"same", "mean", "in order", "one", "apart"};
    static const char *const verdicts[] = {"not significant", "a", "b", "none"};
    char *sentence = accord_comparison_verdict(all, c);

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "verdict", sentence);
    accord_json_text(b, "better", verdicts[c->verdict]);
    accord_json_text(b, "task", c->a->task);
    accord_json_text(b, "mode", c->a->mode);
    accord_json_text(b, "unit", units[c->x.unit]);
    accord_json_text(b, "seeds", seeds[c->x.seeds]);
    accord_json_bool(b, "higher_is_better", c->scale.higher);
    accord_json_int(b, "n", (int64_t)c->x.n_items);
    side(c, ACCORD_SIDE_A, b);
    side(c, ACCORD_SIDE_B, b);
    effect(c, b);
    equal(c, b);
    accord_code rc = flips(c, b, err);
    unmatched(c, b);
    accord_buf_puts(b, "}");
    free(sentence);
    return rc;
}

static void overall(const accord_compared *all, accord_buf *b) {
    accord_json_key(b, "overall");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < all->n_overall; i++) {
        const accord_overall *o = &all->overall[i];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "mode", o->first->a->mode);
        accord_json_text(b, "a", o->first->a->method);
        accord_json_text(b, "b", o->first->b->method);
        accord_json_int(b, "tasks", (int64_t)o->n_tasks);
        stat(b, "iqm_a", &o->iqm_a);
        stat(b, "iqm_b", &o->iqm_b);
        stat(b, "iqm_delta", &o->iqm_delta);
        stat(b, "improvement", &o->improvement);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

accord_code accord_compared_data(const accord_compared *all, accord_buf *b,
                                 accord_err *err) {
    accord_code rc = ACCORD_OK;

    accord_buf_puts(b, "{");
    accord_json_text(b, "schema", "accord.compare/1");
    accord_json_key(b, "runs");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < all->n_runs; i++)
        accord_json_text(b, NULL, all->runs[i].path);
    accord_buf_puts(b, "]");
    accord_json_int(b, "resamples", (int64_t)all->how.resamples);
    accord_json_text(b, "adjusted", "holm");
    accord_json_key(b, "comparisons");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && i < all->n; i++)
        rc = comparison(all, &all->items[i], b, err);
    accord_buf_puts(b, "]");
    overall(all, b);
    accord_json_key(b, "warnings");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < all->warnings.n; i++)
        accord_json_text(b, NULL, all->warnings.items[i]);
    accord_buf_puts(b, "]}\n");
    return rc;
}
