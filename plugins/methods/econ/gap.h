/* gap.h - how far a game is from equilibrium, from payoffs that were played.
 *
 * The gain of a deviation is the mean over the items of what the executor earns with it
 * less what it earns as learnt, both with the same random numbers.
 *
 *   raw      the largest gain of any executor and deviation.  The largest of noisy means
 *            lies above the largest mean: an upper estimate.
 *   cross    the deviation is chosen on half of the items and its gain measured on the
 *            other half, both ways, averaged: without that bias, and it may be negative.
 *   regret   sum over the executors of max(0, cross-fitted gain of its own best)
 *
 * Both gaps know only the deviations of the grid and keep to the initial weights of the
 * reward, so that values of different times compare. */
#ifndef ECON_GAP_H
#define ECON_GAP_H

#include "learner.h"

enum { ECON_MAX_ITEMS = 64, ECON_MAX_POINTS = 25 };

/* NaN where an episode failed: that item does not count for that deviation. */
typedef struct econ_payoffs {
    uint32_t items, n, points;
    double *base;     /* [items][n], as learnt */
    double *deviated; /* [items][n][points], of the one who deviates */
} econ_payoffs;

typedef struct econ_gaps {
    double raw, cross, regret;
    double gain[ECON_MAX_AGENTS]; /* cross-fitted, of each executor */
} econ_gaps;

/* [any] NaN where no item counts.  Items at even places are one half, those at odd places
 * the other. */
void econ_gaps_of(const econ_payoffs *p, econ_gaps *out);

#endif
