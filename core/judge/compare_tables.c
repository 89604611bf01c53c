/* compare_tables.c - the numbers behind the verdicts, a table for each task and mode. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/compare.h"
#include "report/sheet.h"

static bool same_table(const accord_comparison *x, const accord_comparison *y) {
    return strcmp(x->a->task, y->a->task) == 0 && strcmp(x->a->mode, y->a->mode) == 0;
}

static char *count_text(bool known, size_t n) {
    return known ? accord_xasprintf("%zu", n) : accord_xstrdup("-");
}

static char *spent_text(double value) {
    return isnan(value) ? accord_xstrdup("n/a")
                        : accord_xasprintf(value < 100 ? "%.3g" : "%.0f", value);
}

/* "against" is left out where the heading says it, b and c where nothing is right or
 * wrong. */
static const char *const columns[] = {
    "method", "against", "n", "delta", "95% interval", "b", "c", "p", "detectable"};
enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]), AGAINST = 1, B = 5, C = 6 };

/* What all rows of a table stand against, or NULL; the caller's. */
static char *all_against(const accord_compared *all, size_t from) {
    const accord_comparison *first = &all->items[from];
    bool same_method = true;
    bool same_name = true;

    for (size_t i = from; i < all->n; i++) {
        const accord_comparison *c = &all->items[i];
        if (!same_table(c, first))
            continue;
        same_method &= strcmp(c->b->method, first->b->method) == 0;
        same_name &= strcmp(c->b->method, c->a->method) == 0;
    }
    if (same_method)
        return accord_comparison_name(all, first, ACCORD_SIDE_B);
    return same_name ? accord_xstrdup(first->run_b->path) : NULL;
}

static bool any_flips(const accord_compared *all, size_t from) {
    for (size_t i = from; i < all->n; i++)
        if (same_table(&all->items[i], &all->items[from]) && all->items[i].e.flips_known)
            return true;
    return false;
}

static void sheet_row(const accord_compared *all, const accord_comparison *c, bool named,
                      bool flips, accord_sheet *s) {
    char *lo = accord_scale_gap(&c->scale, c->e.delta.lo, false);
    char *hi = accord_scale_gap(&c->scale, c->e.delta.hi, false);
    char *p = accord_p_text(c->p_holm);
    bool runs = c->x.unit == ACCORD_BY_SEED;

    accord_sheet_take(s, accord_xstrdup(c->a->method));
    if (!named)
        accord_sheet_take(s, accord_comparison_name(all, c, ACCORD_SIDE_B));
    accord_sheet_take(s, runs ? accord_xasprintf("%zu/%zu", c->x.n_a, c->x.n_b)
                              : accord_xasprintf("%zu", c->x.n_items));
    accord_sheet_take(s, accord_scale_gap(&c->scale, c->e.delta.mean, true));
    accord_sheet_take(s, isnan(c->e.delta.lo) ? accord_xstrdup("n/a")
                                              : accord_xasprintf("%s .. %s", lo, hi));
    if (flips) {
        accord_sheet_take(s, count_text(c->e.flips_known, c->e.flips.only_a));
        accord_sheet_take(s, count_text(c->e.flips_known, c->e.flips.only_b));
    }
    accord_sheet_take(s, accord_xstrdup(strncmp(p, "p = ", 4) == 0 ? p + 4 : p + 2));
    accord_sheet_take(s, accord_scale_gap(&c->scale, c->e.detectable, false));
    free(lo);
    free(hi);
    free(p);
}

/* The numbers behind the verdicts on one task and mode. */
static void differences(const accord_compared *all, size_t from, accord_buf *out) {
    const accord_comparison *first = &all->items[from];
    char *place = accord_row_place(first->a);
    char *against = all_against(all, from);
    bool flips = any_flips(all, from);
    accord_buf heading;
    accord_sheet s = {0};

    for (size_t i = 0; i < N_COLUMNS; i++) {
        if ((i == AGAINST && against) || ((i == B || i == C) && !flips))
            continue;
        s.left[s.n_columns++] = i <= AGAINST;
        accord_sheet_take(&s, accord_xstrdup(columns[i]));
    }
    for (size_t i = from; i < all->n; i++)
        if (same_table(&all->items[i], first))
            sheet_row(all, &all->items[i], against != NULL, flips, &s);
    accord_buf_init(&heading, 1 << 16);
    accord_buf_printf(&heading, "Differences on %s%s%s, in %s:", place,
                      against ? " from " : "", against ? against : "",
                      first->scale.share ? "points" : first->scale.name);
    accord_buf_puts(out, "\n");
    accord_sentence_write(out, heading.data ? heading.data : "", 0);
    accord_sheet_text(&s, out);
    accord_buf_fini(&heading);
    accord_sheet_fini(&s);
    free(against);
    free(place);
}

typedef struct seen {
    const accord_row *row;
    const accord_comparison *of;
    int side;
} seen;

static const char *const spent_columns[] = {"method", "score", "tokens/q", "tokens/right",
                                            "cost/right"};
enum { N_SPENT = sizeof(spent_columns) / sizeof(spent_columns[0]) };

static void spent_row(const accord_compared *all, const seen *who, bool cost,
                      accord_sheet *s) {
    const accord_spending spent = accord_row_spending(who->row, &who->of->scale);

    accord_sheet_take(s, accord_comparison_name(all, who->of, who->side));
    accord_sheet_take(s, accord_scale_score(&who->of->scale, who->row->score.mean));
    accord_sheet_take(s, spent_text(spent.tokens));
    accord_sheet_take(s, spent_text(spent.per_right));
    if (cost)
        accord_sheet_take(s, spent_text(spent.cost_per_right));
}

/* What each row of a table costs, every row once. */
static accord_code spending(const accord_compared *all, size_t from, accord_buf *out,
                            accord_err *err) {
    accord_sheet s = {0};
    seen *rows;
    size_t n = 0;
    bool tokens = false;
    bool cost = false;

    accord_code rc = accord_alloc(2 * all->n, sizeof(*rows), &rows, err);
    for (size_t i = from; !rc && i < 2 * all->n; i++) {
        /* Side A of all first, then side B. */
        const accord_comparison *c = &all->items[i % all->n];
        int side = i < all->n ? ACCORD_SIDE_A : ACCORD_SIDE_B;
        const accord_row *row = side == ACCORD_SIDE_A ? c->a : c->b;
        size_t at = 0;
        while (at < n && rows[at].row != row)
            at++;
        if (at < n || !same_table(c, &all->items[from]))
            continue;
        rows[n++] = (seen){row, c, side};
        tokens |= row->prompt + row->completion > 0;
        cost |= !isnan(row->cost);
    }
    s.n_columns = cost ? N_SPENT : N_SPENT - 1;
    for (size_t i = 0; i < s.n_columns; i++) {
        s.left[i] = i == 0;
        accord_sheet_take(&s, accord_xstrdup(spent_columns[i]));
    }
    for (size_t i = 0; i < n; i++)
        spent_row(all, &rows[i], cost, &s);
    if (!rc && tokens) {
        accord_buf_puts(out, "\n");
        accord_sheet_text(&s, out);
    }
    accord_sheet_fini(&s);
    free(rows);
    return rc;
}

static bool starts_table(const accord_compared *all, size_t i) {
    for (size_t j = 0; j < i; j++)
        if (same_table(&all->items[j], &all->items[i]))
            return false;
    return true;
}

accord_code accord_compared_tables(const accord_compared *all, accord_buf *out,
                                   accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < all->n; i++)
        if (starts_table(all, i)) {
            differences(all, i, out);
            rc = spending(all, i, out, err);
        }
    return rc;
}
