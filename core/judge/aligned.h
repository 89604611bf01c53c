/* aligned.h - the scores of two sides, item by item.
 *
 * A side is one method on one task and mode, from a run or from a baseline file.  Items
 * are matched by their id and replicates by their seed, as far as the interval's unit
 * needs it; whatever has no partner is listed, and nothing else is left out. */
#ifndef ACCORD_ALIGNED_H
#define ACCORD_ALIGNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "report/grid.h"

/* Borrows everything. */
typedef struct accord_side {
    const accord_grid *grid; /* named: [items][seeds] */
    const uint64_t *seeds;   /* [n_seeds], the grid's first columns */
    size_t n_seeds;
    int unit; /* ACCORD_BY_... */
} accord_side;

enum { ACCORD_SIDE_A, ACCORD_SIDE_B };

/* An item, one replicate of it, or a whole training seed that only one side has. */
typedef struct accord_unmatched {
    const char *item; /* the side's; NULL = a seed that met no other and is not used */
    uint64_t seed;
    int side;    /* who has it */
    bool wholly; /* the other side has no replicate of the item */
} accord_unmatched;

/* How replicates of two sides were brought together. */
enum {
    ACCORD_SEEDS_SAME,  /* by seed */
    ACCORD_SEEDS_MEAN,  /* each item's score is the mean over its side's seeds */
    ACCORD_SEEDS_ORDER, /* no seed in common: first with first */
    ACCORD_SEEDS_ONE,   /* one side has one replicate, which meets all of the other's */
    ACCORD_SEEDS_APART, /* training seeds: not paired */
};

/* Which numbers a and b are depends on the unit:
 *   item: [n_items], the mean over the side's seeds;
 *   both: [n_items][n_seeds], NaN = not played;
 *   seed: [n_a] and [n_b], the mean over the matched items of a seed's episodes. */
typedef struct accord_aligned {
    int unit; /* ACCORD_BY_...: the wider one of the sides' */
    int seeds;
    size_t n_items, n_seeds;
    const char **ids; /* [n_items], A's, in its order */
    double *a, *b;
    size_t n_a, n_b; /* numbers in a and b */
    double *gain;    /* [n_items], mean of A's scores minus mean of B's */
    bool single;     /* unit item, and no item has a second replicate */
    accord_unmatched *lone;
    size_t n_lone, cap_lone;
} accord_aligned;

/* [main] Brings two sides together.  accord_aligned_fini() in any case; what it holds of
 * the sides is borrowed.  ACCORD_E_NOMEM. */
accord_code accord_aligned_make(const accord_side *a, const accord_side *b,
                                accord_aligned *out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_aligned_fini(accord_aligned *x);

/* [main] How many whole items only `side` has. */
size_t accord_aligned_lone(const accord_aligned *x, int side);

#endif
