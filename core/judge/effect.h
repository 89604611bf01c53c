/* effect.h - two aligned sides as numbers: how far apart, how sure, and by which test. */
#ifndef ACCORD_EFFECT_H
#define ACCORD_EFFECT_H

#include "judge/aligned.h"
#include "stats/paired.h"
#include "stats/stats.h"

/* Fewer training seeds than this get no verdict (rliable; Agarwal et al. 2021 show what
 * three of them can pretend). */
enum { ACCORD_ENOUGH_SEEDS = 5 };

typedef struct accord_effect_how {
    double min, max;  /* of the score; may be infinite */
    size_t resamples; /* of each bootstrap */
    size_t threads;   /* 0 = one per processor */
    bool bootstrap;   /* also where the interval does not need one */
    bool clusters;    /* items come in clusters, see clusters.h */
    bool plain;       /* items' intervals by Student alone, which needs none */
} accord_effect_how;

/* What is not known is NaN.  Differences are A - B, in the score's unit. */
typedef struct accord_effect {
    double score_a, score_b; /* means over what was matched */
    accord_stat delta;       /* 95 %, within what the score's range allows */
    double df;               /* Student's degrees of freedom that go with delta.se */
    double p;                /* two-sided, before any adjustment */
    const char *interval;    /* how they were made, for readers */
    const char *test;
    double detectable;  /* with 80 % chance at 5 %, so far as the spread says */
    bool flips_known;   /* one replicate each, all right or wrong */
    accord_flips flips; /* only_a = b, only_b = c */
    bool clustered;
    size_t n_clusters;
    double design_effect; /* (clustered se / se of single items)^2 */
    bool has_boot;
    accord_boot boot;
    bool refused; /* too few training seeds: no p, no interval */
    /* Unit seed alone: interquartile means, their difference, P(A > B). */
    accord_stat iqm_a, iqm_b, iqm_delta, improvement;
} accord_effect;

/* [main] Items: with right and wrong, one replicate each, McNemar's mid-p and Newcombe's
 * interval; else the bootstrap's BCa with Student's p, and below 20 items Student's
 * interval with the sign-flip test.  Items in clusters: the clustered standard error with
 * Student's p, and below 20 clusters the sign-flip test.  Items and seeds: the crossed
 * bootstrap.  Seeds: Welch's test (Welch 1947) of the seeds' means, rliable's aggregates
 * beside it. ACCORD_E_NOMEM. */
accord_code accord_effect_make(const accord_aligned *x, const accord_effect_how *how,
                               accord_effect *out, accord_err *err) ACCORD_MUST_CHECK;

#endif
