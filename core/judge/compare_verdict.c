/* compare_verdict.c - the verdict as a sentence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/compare.h"
#include "report/rundir.h"

char *accord_comparison_name(const accord_compared *all, const accord_comparison *c,
                             int side) {
    const accord_row *row = side == ACCORD_SIDE_A ? c->a : c->b;
    const accord_rundir *run = side == ACCORD_SIDE_A ? c->run_a : c->run_b;

    if (all->n_runs == 1)
        return accord_xstrdup(row->method);
    return accord_xasprintf("%s of %s", row->method,
                            strcmp(c->run_a->name, c->run_b->name) ? run->name
                                                                   : run->path);
}

/* "6.1 points (95 % 4.2 to 8.0, p < 0.001)", seen from one side; `sign` keeps it. */
static char *gap_text(const accord_comparison *c, double direction, bool sign) {
    double ends[] = {direction * c->e.delta.lo, direction * c->e.delta.hi};
    char *gap = accord_scale_gap(&c->scale, direction * c->e.delta.mean, sign);
    char *lo = accord_scale_gap(&c->scale, fmin(ends[0], ends[1]), false);
    char *hi = accord_scale_gap(&c->scale, fmax(ends[0], ends[1]), false);
    char *p = accord_p_text(c->p_holm);
    char *unit =
        c->scale.share ? accord_xstrdup("") : accord_xasprintf("%s, ", c->scale.name);
    char *text = accord_xasprintf("%s%s (%s95 %% %s to %s, %s)", gap,
                                  accord_scale_unit(&c->scale), unit, lo, hi, p);

    free(gap);
    free(lo);
    free(hi);
    free(p);
    free(unit);
    return text;
}

static char *seed_values(const accord_comparison *c, const double *x, size_t n) {
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        char *score = accord_scale_score(&c->scale, x[i]);
        accord_buf_printf(&b, "%s%s", i ? " " : "", score);
        free(score);
    }
    return accord_buf_take(&b);
}

static char *no_verdict(const accord_comparison *c, const char *a, const char *b,
                        const char *place) {
    if (c->x.n_items == 0)
        return accord_xasprintf("%s against %s on %s: no item in common, so no verdict",
                                a, b, place);
    if (c->x.unit == ACCORD_BY_BOTH && c->x.n_seeds < 2)
        return accord_xasprintf("%s against %s on %s: no verdict from one training seed",
                                a, b, place);
    if (!c->e.refused)
        return accord_xasprintf("%s against %s on %s: no verdict, since nothing varies "
                                "that an interval could be made of",
                                a, b, place);
    char *of_a = seed_values(c, c->x.a, c->x.n_a);
    char *of_b = seed_values(c, c->x.b, c->x.n_b);
    char *text = accord_xasprintf(
        "%s against %s on %s: too few training seeds for a verdict (%zu and %zu; %d of "
        "each are needed). By seed: %s against %s",
        a, b, place, c->x.n_a, c->x.n_b, ACCORD_ENOUGH_SEEDS, of_a ? of_a : "",
        of_b ? of_b : "");
    free(of_a);
    free(of_b);
    return text;
}

static bool all_alike(const accord_comparison *c) {
    for (size_t i = 0; i < c->x.n_items; i++)
        if (c->x.gain[i] > 0 || c->x.gain[i] < 0)
            return false;
    return true;
}

static char *undecided(const accord_comparison *c, const char *a, const char *b,
                       const char *place) {
    char *gap = all_alike(c)
                    ? accord_xasprintf("the same score on all %zu items", c->x.n_items)
                    : gap_text(c, 1, true);
    char *least = accord_scale_gap(&c->scale, c->e.detectable, false);
    char *text =
        accord_xasprintf("%s against %s on %s: not significant, %s; detectable "
                         "here: %s%s",
                         a, b, place, gap, least,
                         isnan(c->e.detectable) ? "" : accord_scale_unit(&c->scale));

    free(gap);
    free(least);
    return text;
}

char *accord_comparison_verdict(const accord_compared *all, const accord_comparison *c) {
    char *a = accord_comparison_name(all, c, ACCORD_SIDE_A);
    char *b = accord_comparison_name(all, c, ACCORD_SIDE_B);
    char *place = accord_row_place(c->a);
    bool won = c->verdict == ACCORD_A_BETTER;
    char *text;

    if (c->verdict == ACCORD_NO_VERDICT) {
        text = no_verdict(c, a, b, place);
    } else if (c->verdict == ACCORD_UNDECIDED) {
        text = undecided(c, a, b, place);
    } else {
        char *gap = gap_text(c, won == c->scale.higher ? 1 : -1, false);
        text = accord_xasprintf("%s beats %s on %s by %s", won ? a : b, won ? b : a,
                                place, gap);
        free(gap);
    }
    free(a);
    free(b);
    free(place);
    return text;
}
