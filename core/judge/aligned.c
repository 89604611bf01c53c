/* aligned.c - see aligned.h. */
#include "judge/aligned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/rundir.h"

/* The two sides while they are brought together. */
typedef struct join {
    const accord_side *side[2];
    size_t *row[2];    /* [n_items], the places of the matched items */
    size_t *column[2]; /* [n_seeds], the places of the paired seeds */
    accord_aligned *out;
} join;

static size_t column_of(const accord_side *s, uint64_t seed) {
    size_t i = 0;

    while (i < s->n_seeds && s->seeds[i] != seed)
        i++;
    return i;
}

static double mean_of(const accord_side *s, size_t item) {
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < s->n_seeds; i++) {
        double x = accord_grid_score(s->grid, item, i);
        if (isnan(x))
            continue;
        sum += x;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

/* The place of an item of one side in the other.  Sides of a run have the same items in
 * the same places, which is looked at first. */
static size_t place_of(const accord_grid *g, const char *id, size_t guess) {
    if (guess < g->n_items && strcmp(g->ids[guess], id) == 0)
        return guess;
    return accord_grid_find(g, id);
}

static accord_code note_lone(accord_aligned *x, accord_unmatched lone, accord_err *err) {
    accord_code rc =
        accord_grow(&x->lone, x->n_lone, &x->cap_lone, sizeof(*x->lone), err);

    if (!rc)
        x->lone[x->n_lone++] = lone;
    return rc;
}

/* Items that `side` has and the other has not. */
static accord_code note_items(const join *j, int side, accord_err *err) {
    const accord_side *mine = j->side[side];
    const accord_side *other = j->side[!side];
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < mine->grid->n_items; i++) {
        const char *id = mine->grid->ids[i];
        size_t at = place_of(other->grid, id, i);
        if (isnan(mean_of(mine, i)))
            continue;
        if (at == other->grid->n_items || isnan(mean_of(other, at)))
            rc = note_lone(j->out,
                           (accord_unmatched){.item = id, .side = side, .wholly = true},
                           err);
    }
    return rc;
}

/* Replicates of matched items that one side has under a seed which both sides played. */
static accord_code note_replicates(const join *j, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t s = 0; s < j->side[0]->n_seeds; s++) {
        uint64_t seed = j->side[0]->seeds[s];
        size_t t = column_of(j->side[1], seed);
        for (size_t i = 0; !rc && t < j->side[1]->n_seeds && i < j->out->n_items; i++) {
            bool a = !isnan(accord_grid_score(j->side[0]->grid, j->row[0][i], s));
            bool b = !isnan(accord_grid_score(j->side[1]->grid, j->row[1][i], t));
            if (a != b)
                rc = note_lone(
                    j->out,
                    (accord_unmatched){.item = j->out->ids[i],
                                       .seed = seed,
                                       .side = a ? ACCORD_SIDE_A : ACCORD_SIDE_B},
                    err);
        }
    }
    return rc;
}

static accord_code match_items(join *j, accord_err *err) {
    const accord_grid *a = j->side[0]->grid;
    const accord_grid *b = j->side[1]->grid;
    accord_aligned *x = j->out;

    accord_code rc = accord_alloc(a->n_items, sizeof(*x->ids), &x->ids, err);
    if (!rc)
        rc = accord_alloc(a->n_items, sizeof(*x->gain), &x->gain, err);
    for (int side = 0; !rc && side < 2; side++)
        rc = accord_alloc(a->n_items, sizeof(size_t), &j->row[side], err);
    for (size_t i = 0; !rc && i < a->n_items; i++) {
        size_t at = place_of(b, a->ids[i], i);
        if (at == b->n_items)
            continue;
        double gain = mean_of(j->side[0], i) - mean_of(j->side[1], at);
        if (isnan(gain))
            continue;
        x->ids[x->n_items] = a->ids[i];
        x->gain[x->n_items] = gain;
        j->row[0][x->n_items] = i;
        j->row[1][x->n_items++] = at;
    }
    return rc;
}

static accord_code make_room(accord_aligned *x, size_t n_a, size_t n_b, accord_err *err) {
    x->n_a = n_a;
    x->n_b = n_b;
    accord_code rc = accord_alloc(n_a, sizeof(double), &x->a, err);
    return rc ? rc : accord_alloc(n_b, sizeof(double), &x->b, err);
}

static bool same_seeds(const accord_side *a, const accord_side *b) {
    for (size_t i = 0; i < a->n_seeds; i++)
        if (column_of(b, a->seeds[i]) == b->n_seeds)
            return false;
    return a->n_seeds == b->n_seeds;
}

static accord_code by_item(join *j, accord_err *err) {
    accord_aligned *x = j->out;

    x->n_seeds = 1;
    x->single = j->side[0]->n_seeds == 1 && j->side[1]->n_seeds == 1;
    x->seeds = x->single && same_seeds(j->side[0], j->side[1]) ? ACCORD_SEEDS_SAME
                                                               : ACCORD_SEEDS_MEAN;
    accord_code rc = make_room(x, x->n_items, x->n_items, err);
    for (size_t i = 0; !rc && i < x->n_items; i++) {
        x->a[i] = mean_of(j->side[0], j->row[0][i]);
        x->b[i] = mean_of(j->side[1], j->row[1][i]);
    }
    return rc;
}

/* Which columns meet: the same seeds; else, where there is none, first with first. */
static void match_seeds(join *j) {
    const accord_side *a = j->side[0];
    const accord_side *b = j->side[1];
    accord_aligned *x = j->out;

    for (size_t s = 0; s < a->n_seeds; s++) {
        size_t t = column_of(b, a->seeds[s]);
        if (t == b->n_seeds)
            continue;
        j->column[0][x->n_seeds] = s;
        j->column[1][x->n_seeds++] = t;
    }
    x->seeds = ACCORD_SEEDS_SAME;
    if (a->n_seeds != b->n_seeds && (a->n_seeds == 1 || b->n_seeds == 1)) {
        x->seeds = ACCORD_SEEDS_ONE;
        x->n_seeds = a->n_seeds > b->n_seeds ? a->n_seeds : b->n_seeds;
    } else if (x->n_seeds == 0) {
        x->seeds = ACCORD_SEEDS_ORDER;
        x->n_seeds = a->n_seeds < b->n_seeds ? a->n_seeds : b->n_seeds;
    } else {
        return;
    }
    for (size_t s = 0; s < x->n_seeds; s++) {
        j->column[0][s] = a->n_seeds == 1 ? 0 : s;
        j->column[1][s] = b->n_seeds == 1 ? 0 : s;
    }
}

/* Seeds of a side that stand in no column. */
static accord_code note_seeds(const join *j, int side, accord_err *err) {
    accord_aligned *x = j->out;
    accord_code rc = ACCORD_OK;

    for (size_t s = 0; !rc && s < j->side[side]->n_seeds; s++) {
        size_t at = 0;
        while (at < x->n_seeds && j->column[side][at] != s)
            at++;
        if (at == x->n_seeds)
            rc = note_lone(
                x, (accord_unmatched){.seed = j->side[side]->seeds[s], .side = side},
                err);
    }
    return rc;
}

static accord_code by_both(join *j, accord_err *err) {
    accord_aligned *x = j->out;
    size_t most = j->side[0]->n_seeds + j->side[1]->n_seeds;
    accord_code rc = ACCORD_OK;

    for (int side = 0; !rc && side < 2; side++)
        rc = accord_alloc(most, sizeof(size_t), &j->column[side], err);
    if (rc)
        return rc;
    match_seeds(j);
    for (int side = 0; !rc && side < 2; side++)
        rc = note_seeds(j, side, err);
    if (!rc)
        rc = make_room(x, x->n_items * x->n_seeds, x->n_items * x->n_seeds, err);
    for (size_t i = 0; !rc && i < x->n_items; i++)
        for (size_t s = 0; s < x->n_seeds; s++) {
            size_t at = i * x->n_seeds + s;
            x->a[at] = accord_grid_score(j->side[0]->grid, j->row[0][i], j->column[0][s]);
            x->b[at] = accord_grid_score(j->side[1]->grid, j->row[1][i], j->column[1][s]);
        }
    return rc;
}

/* A training seed's score: the mean of its episodes on the matched items. */
static double run_of(const join *j, int side, size_t seed) {
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < j->out->n_items; i++) {
        double x = accord_grid_score(j->side[side]->grid, j->row[side][i], seed);
        if (isnan(x))
            continue;
        sum += x;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

static accord_code by_seed(join *j, accord_err *err) {
    accord_aligned *x = j->out;

    x->seeds = ACCORD_SEEDS_APART;
    accord_code rc = make_room(x, j->side[0]->n_seeds, j->side[1]->n_seeds, err);
    for (size_t s = 0; !rc && s < x->n_a; s++)
        x->a[s] = run_of(j, 0, s);
    for (size_t s = 0; !rc && s < x->n_b; s++)
        x->b[s] = run_of(j, 1, s);
    return rc;
}

/* Control is judged by its seeds; a learner on text makes both vary. */
static int wider(int a, int b) {
    if (a == ACCORD_BY_SEED || b == ACCORD_BY_SEED)
        return ACCORD_BY_SEED;
    return a == ACCORD_BY_BOTH || b == ACCORD_BY_BOTH ? ACCORD_BY_BOTH : ACCORD_BY_ITEM;
}

accord_code accord_aligned_make(const accord_side *a, const accord_side *b,
                                accord_aligned *out, accord_err *err) {
    join j = {.side = {a, b}, .out = out};

    *out = (accord_aligned){.unit = wider(a->unit, b->unit)};
    accord_code rc = match_items(&j, err);
    if (!rc)
        rc = out->unit == ACCORD_BY_ITEM   ? by_item(&j, err)
             : out->unit == ACCORD_BY_BOTH ? by_both(&j, err)
                                           : by_seed(&j, err);
    if (!rc)
        rc = note_items(&j, ACCORD_SIDE_A, err);
    if (!rc)
        rc = note_items(&j, ACCORD_SIDE_B, err);
    if (!rc)
        rc = note_replicates(&j, err);
    for (int side = 0; side < 2; side++) {
        free(j.row[side]);
        free(j.column[side]);
    }
    return rc;
}

void accord_aligned_fini(accord_aligned *x) {
    free(x->ids);
    free(x->a);
    free(x->b);
    free(x->gain);
    free(x->lone);
    *x = (accord_aligned){0};
}

size_t accord_aligned_lone(const accord_aligned *x, int side) {
    size_t n = 0;

    for (size_t i = 0; i < x->n_lone; i++)
        n += x->lone[i].wholly && x->lone[i].side == side;
    return n;
}
