/* compare_words.c - a comparison for people: the verdict first. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/compare.h"
#include "report/sheet.h"

enum { MAX_LONE = 5, FEW = 4, EXAMPLES = 3 };

static void runs_words(const accord_compared *all, accord_buf *out) {
    bool any = false;

    for (size_t i = 0; i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        if (c->x.unit != ACCORD_BY_SEED || c->e.refused || c->x.n_items == 0)
            continue;
        char *a = accord_comparison_name(all, c, ACCORD_SIDE_A);
        char *b = accord_comparison_name(all, c, ACCORD_SIDE_B);
        char *place = accord_row_place(c->a);
        const accord_effect *e = &c->e;
        char *text = accord_xasprintf(
            "%s against %s on %s: IQM %.4g (%.4g to %.4g) against %.4g (%.4g to %.4g), "
            "difference %+.4g (%.4g to %.4g); probability of improvement %.2f (%.2f to "
            "%.2f)",
            a, b, place, e->iqm_a.mean, e->iqm_a.lo, e->iqm_a.hi, e->iqm_b.mean,
            e->iqm_b.lo, e->iqm_b.hi, e->iqm_delta.mean, e->iqm_delta.lo, e->iqm_delta.hi,
            e->improvement.mean, e->improvement.lo, e->improvement.hi);
        accord_buf_puts(out,
                        any ? "" : "\nOver training seeds (stratified bootstrap):\n");
        accord_sentence_write(out, text, 2);
        any = true;
        free(a);
        free(b);
        free(place);
        free(text);
    }
}

static void cluster_words(const accord_compared *all, accord_buf *out) {
    bool any = false;

    for (size_t i = 0; i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        if (!c->e.clustered)
            continue;
        char *a = accord_comparison_name(all, c, ACCORD_SIDE_A);
        char *b = accord_comparison_name(all, c, ACCORD_SIDE_B);
        char *effect = isnan(c->e.design_effect)
                           ? accord_xstrdup("n/a")
                           : accord_xasprintf("%.2f", c->e.design_effect);
        char *text = accord_xasprintf("%s against %s: %zu clusters, design effect %s", a,
                                      b, c->e.n_clusters, effect);
        accord_buf_puts(out, any ? "" : "\nItems in clusters:\n");
        accord_sentence_write(out, text, 2);
        any = true;
        free(text);
        free(effect);
        free(a);
        free(b);
    }
}

static void overall_words(const accord_compared *all, accord_buf *out) {
    if (all->n_overall)
        accord_buf_puts(out, "\nOver all control tasks, scores from 0 to 1:\n");
    for (size_t i = 0; i < all->n_overall; i++) {
        const accord_overall *o = &all->overall[i];
        char *a = accord_comparison_name(all, o->first, ACCORD_SIDE_A);
        char *b = accord_comparison_name(all, o->first, ACCORD_SIDE_B);
        char *text = accord_xasprintf(
            "%s against %s, %zu tasks in mode %s: IQM %.3f (%.3f to %.3f) against %.3f "
            "(%.3f to %.3f), difference %+.3f (%.3f to %.3f); probability of improvement "
            "%.2f (%.2f to %.2f)",
            a, b, o->n_tasks, o->first->a->mode, o->iqm_a.mean, o->iqm_a.lo, o->iqm_a.hi,
            o->iqm_b.mean, o->iqm_b.lo, o->iqm_b.hi, o->iqm_delta.mean, o->iqm_delta.lo,
            o->iqm_delta.hi, o->improvement.mean, o->improvement.lo, o->improvement.hi);
        accord_sentence_write(out, text, 2);
        free(a);
        free(b);
        free(text);
    }
}

static void equal_point(const accord_comparison *c, const accord_equal_tokens *e,
                        size_t at, accord_buf *out) {
    char *score = accord_scale_score(&c->scale, e->curve->score[at]);
    char *point = accord_curve_point(e->curve, at);

    accord_buf_printf(out, "%s %s for %.0f", point, score, e->curve->tokens[at]);
    free(point);
    free(score);
}

static void equal_words(const accord_compared *all, accord_buf *out) {
    accord_equal_tokens e;
    accord_buf line;
    bool any = false;

    accord_buf_init(&line, 1 << 20);
    for (size_t i = 0; i < all->n; i++)
        /* A method against itself in another run has nothing to make equal. */
        for (size_t n = 0; strcmp(all->items[i].a->method, all->items[i].b->method) &&
                           accord_comparison_equal(&all->items[i], n, &e);
             n++) {
            const accord_comparison *c = &all->items[i];
            char *mine = accord_comparison_name(all, c, e.side);
            char *other = accord_comparison_name(all, c, !e.side);
            char *place = accord_row_place(c->a);
            const accord_row *row = e.side == ACCORD_SIDE_A ? c->b : c->a;
            char *score = accord_scale_score(&c->scale, row->score.mean);
            accord_buf_clear(&line);
            accord_buf_printf(&line, "%s has %s on %s for %.0f; %s: ", other, score,
                              place, e.tokens, mine);
            if (e.below < e.curve->k)
                equal_point(c, &e, e.below, &line);
            if (e.below < e.curve->k && e.above < e.curve->k)
                accord_buf_puts(&line, ", ");
            if (e.above < e.curve->k)
                equal_point(c, &e, e.above, &line);
            accord_buf_puts(out, any ? "" : "\nAt equal tokens a question:\n");
            accord_sentence_write(out, line.data, 2);
            any = true;
            free(mine);
            free(other);
            free(place);
            free(score);
        }
    accord_buf_fini(&line);
}

/* Up to `most` commands, lost items before gained ones as far as they are equally far. */
static void examples(const accord_comparison *c, const size_t *flips, size_t n,
                     size_t most, accord_buf *out) {
    double worse = c->scale.higher ? -1 : 1;
    size_t shown = 0;

    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < n && shown < most; i++) {
            const char *item = c->x.ids[flips[i]];
            bool lost = c->x.gain[flips[i]] * worse > 0;
            if (lost != (round == 0))
                continue;
            accord_buf command;
            accord_buf_init(&command, 1 << 16);
            accord_comparison_show(c, ACCORD_SIDE_A, item, &command);
            accord_buf_puts(out, lost ? "    lost    " : "    gained  ");
            accord_report_clean(out, command.data ? command.data : "", false);
            accord_buf_puts(out, "\n");
            accord_buf_fini(&command);
            shown++;
        }
}

static accord_code flips_words(const accord_compared *all, accord_buf *out,
                               accord_err *err) {
    bool any = false;
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        size_t *flips = NULL;
        size_t n = 0;
        size_t lost = 0;
        if (c->x.unit == ACCORD_BY_SEED)
            continue;
        rc = accord_comparison_flips(c, &flips, &n, err);
        for (size_t f = 0; f < n; f++)
            lost += (c->x.gain[flips[f]] < 0) == c->scale.higher;
        if (!rc && n > 0) {
            char *a = accord_comparison_name(all, c, ACCORD_SIDE_A);
            char *b = accord_comparison_name(all, c, ACCORD_SIDE_B);
            char *text = accord_xasprintf("%s against %s: %zu of %zu, %zu gained and %zu "
                                          "lost",
                                          a, b, n, c->x.n_items, n - lost, lost);
            accord_buf_puts(out, any ? ""
                                     : "\nFlipped items, the transcript of the first "
                                       "method (--json lists all):\n");
            accord_sentence_write(out, text, 2);
            examples(c, flips, n, all->n > FEW ? 1 : EXAMPLES, out);
            any = true;
            free(a);
            free(b);
            free(text);
        }
        free(flips);
    }
    return rc;
}

static bool same_lone(const accord_comparison *x, const accord_comparison *y) {
    if (x->x.n_lone != y->x.n_lone || strcmp(x->a->task, y->a->task) != 0 ||
        strcmp(x->a->mode, y->a->mode) != 0)
        return false;
    for (size_t i = 0; i < x->x.n_lone; i++) {
        const accord_unmatched *p = &x->x.lone[i];
        const accord_unmatched *q = &y->x.lone[i];
        if (p->side != q->side || p->wholly != q->wholly || p->seed != q->seed ||
            !p->item != !q->item || (p->item && strcmp(p->item, q->item) != 0))
            return false;
    }
    return true;
}

/* Who has what is unmatched: a run, or within one a method. */
static const char *lone_owner(const accord_compared *all, const accord_comparison *c,
                              int side) {
    if (all->n_runs > 1)
        return side == ACCORD_SIDE_A ? c->run_a->path : c->run_b->path;
    return side == ACCORD_SIDE_A ? c->a->method : c->b->method;
}

/* Said once for all comparisons that lack the same. */
static void lone_words(const accord_compared *all, size_t at, accord_buf *out) {
    const accord_comparison *c = &all->items[at];
    size_t alike = 0;
    accord_buf line;

    for (size_t i = 0; i < all->n; i++) {
        if (all->n_runs < 2 && i != at)
            continue;
        if (i < at && same_lone(c, &all->items[i]))
            return;
        alike += same_lone(c, &all->items[i]);
    }
    char *a = accord_comparison_name(all, c, ACCORD_SIDE_A);
    char *b = accord_comparison_name(all, c, ACCORD_SIDE_B);
    char *place = accord_row_place(c->a);
    accord_buf_init(&line, 1 << 20);
    if (alike > 1)
        accord_buf_printf(&line, "unmatched on %s in %zu comparisons:", place, alike);
    else
        accord_buf_printf(&line, "unmatched on %s, %s against %s:", place, a, b);
    accord_buf_printf(&line, " %zu;", c->x.n_lone);
    for (size_t i = 0; i < c->x.n_lone && i < MAX_LONE; i++) {
        const accord_unmatched *lone = &c->x.lone[i];
        if (!lone->item)
            accord_buf_printf(&line, " seed %" PRIu64, lone->seed);
        else if (lone->wholly)
            accord_buf_printf(&line, " item %s", lone->item);
        else
            accord_buf_printf(&line, " item %s under seed %" PRIu64, lone->item,
                              lone->seed);
        accord_buf_printf(&line, " (%s only)%s", lone_owner(all, c, lone->side),
                          i + 1 < c->x.n_lone && i + 1 < MAX_LONE ? "," : "");
    }
    if (c->x.n_lone > MAX_LONE)
        accord_buf_printf(&line, " and %zu more (--json lists all)",
                          c->x.n_lone - MAX_LONE);
    accord_sentence_write(out, line.data ? line.data : "", 0);
    accord_buf_fini(&line);
    free(a);
    free(b);
    free(place);
}

static void warnings(const accord_compared *all, accord_buf *out) {
    bool any = all->warnings.n > 0;

    for (size_t i = 0; i < all->n; i++)
        any |= all->items[i].x.n_lone > 0;
    if (any)
        accord_buf_puts(out, "\n");
    for (size_t i = 0; i < all->warnings.n; i++)
        accord_sentence_write(out, all->warnings.items[i], 0);
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].x.n_lone)
            lone_words(all, i, out);
}

static bool any_flips(const accord_compared *all) {
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].e.flips_known)
            return true;
    return false;
}

/* How the numbers were made: each way that was used, once. */
static void methods(const accord_compared *all, accord_buf *out) {
    accord_buf line;

    accord_buf_init(&line, 1 << 20);
    accord_buf_printf(&line, "p: adjusted by Holm for %zu comparison%s.", all->n,
                      all->n == 1 ? "" : "s");
    for (size_t i = 0; i < all->n; i++) {
        const accord_effect *e = &all->items[i].e;
        bool known = e->refused || !*e->test;
        for (size_t j = 0; !known && j < i; j++)
            known = all->items[j].e.test == e->test &&
                    all->items[j].e.interval == e->interval;
        if (!known)
            accord_buf_printf(&line, " Test: %s; interval: %s.", e->test, e->interval);
    }
    accord_buf_puts(&line, " Intervals are of each comparison alone.");
    if (any_flips(all))
        accord_buf_puts(&line, " b: items that the first alone gets right, c: the other "
                               "alone.");
    accord_buf_puts(&line, " Detectable: with 80 % chance at 5 %.");
    accord_buf_puts(out, "\n");
    accord_sentence_write(out, line.data ? line.data : "", 0);
    accord_buf_fini(&line);
}

accord_code accord_compared_words(const accord_compared *all, accord_buf *out,
                                  accord_err *err) {
    if (all->n == 0)
        accord_buf_puts(out, "Nothing could be compared.\n");
    for (size_t i = 0; i < all->n; i++) {
        char *verdict = accord_comparison_verdict(all, &all->items[i]);
        accord_sentence_write(out, verdict, 0);
        free(verdict);
    }
    accord_code rc = accord_compared_tables(all, out, err);
    cluster_words(all, out);
    runs_words(all, out);
    overall_words(all, out);
    equal_words(all, out);
    if (!rc)
        rc = flips_words(all, out, err);
    warnings(all, out);
    if (!rc && all->n)
        methods(all, out);
    return rc;
}
