/* majority.c - maj@j of a pool of samples, without bias; see stats.h. */
#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "base/mem.h"

/* Beyond these the subsets are drawn: enumeration visits one leaf per vector of counts,
 * and binomials of more samples leave the range of a double. */
enum { MAX_VECTORS = 20000, MAX_EXACT = 256, DRAWS = 2000 };

/* The samples by answer: an answer's score is the mean of its samples'. */
typedef struct pool {
    size_t n;
    size_t n_answers;
    size_t silent;  /* samples without an answer */
    size_t *count;  /* [n_answers] */
    double *score;  /* [n_answers] */
    size_t *answer; /* [n], SIZE_MAX = none */
    double *out;    /* [n] */
} pool;

/* The state of a vote: the highest count, who has it, and the sum of their scores. */
typedef struct lead {
    size_t best, tied;
    double sum;
} lead;

static lead lead_with(lead l, size_t votes, double score) {
    if (votes == 0 || votes < l.best)
        return l;
    if (votes > l.best)
        return (lead){votes, 1, score};
    return (lead){votes, l.tied + 1, l.sum + score};
}

static double verdict(lead l) {
    return l.best ? l.sum / (double)l.tied : 0;
}

static double choose(size_t n, size_t k) {
    double c = 1;

    for (size_t i = 1; i <= k; i++)
        c = c * (double)(n - k + i) / (double)i;
    return c;
}

/* Visits every vector of counts: answer `a` is taken 0 .. count[a] times. */
static void enumerate(pool *p, size_t a, size_t taken, double weight, lead l) {
    if (a < p->n_answers) {
        for (size_t k = 0; k <= p->count[a]; k++)
            enumerate(p, a + 1, taken + k, weight * choose(p->count[a], k),
                      lead_with(l, k, p->score[a]));
        return;
    }
    for (size_t k = taken ? 0 : 1; k <= p->silent; k++) {
        size_t j = taken + k;
        p->out[j - 1] += weight * choose(p->silent, k) / choose(p->n, j) * verdict(l);
    }
}

/* A shuffle's first j samples are a random subset of j, for all j at once. */
static void draw(pool *p, size_t *order, size_t *votes, uint64_t *state) {
    lead l = {0, 0, 0};

    for (size_t a = 0; a < p->n_answers; a++)
        votes[a] = 0;
    for (size_t j = 0; j < p->n; j++) {
        size_t other = j + accord_rng_below(state, p->n - j);
        size_t sample = order[other];
        order[other] = order[j];
        order[j] = sample;
        size_t a = p->answer[sample];
        if (a != SIZE_MAX)
            l = lead_with(l, ++votes[a], p->score[a]);
        p->out[j] += verdict(l) / DRAWS;
    }
}

static accord_code sample(pool *p, uint64_t seed, accord_err *err) {
    size_t *order;
    double mean = 0;

    accord_code rc = accord_alloc(2 * p->n, sizeof(size_t), &order, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < p->n; i++)
        order[i] = i;
    for (int d = 0; d < DRAWS; d++)
        draw(p, order, order + p->n, &seed);
    free(order);
    for (size_t a = 0; a < p->n_answers; a++) /* one sample needs no luck */
        mean += p->score[a] * (double)p->count[a];
    p->out[0] = mean / (double)p->n;
    return ACCORD_OK;
}

static bool can_enumerate(const pool *p) {
    double vectors = (double)(p->silent + 1);

    for (size_t a = 0; a < p->n_answers; a++)
        vectors *= (double)(p->count[a] + 1);
    return p->n <= MAX_EXACT && vectors <= MAX_VECTORS;
}

static void sort_out(pool *p, const uint64_t *answers, const double *score) {
    for (size_t i = 0; i < p->n; i++) {
        size_t first = 0;
        p->answer[i] = SIZE_MAX;
        if (answers[i] == 0) {
            p->silent++;
            continue;
        }
        while (answers[first] != answers[i])
            first++;
        size_t a = first < i ? p->answer[first] : p->n_answers++;
        p->answer[i] = a;
        p->count[a]++;
        p->score[a] += (score[i] - p->score[a]) / (double)p->count[a];
    }
}

accord_code accord_stats_majority(const uint64_t *answers, const double *score, size_t n,
                                  uint64_t seed, double *out, accord_err *err) {
    pool p = {.n = n, .out = out};

    for (size_t j = 0; j < n; j++)
        out[j] = 0;
    accord_code rc = accord_alloc(n, sizeof(size_t), &p.count, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(double), &p.score, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(size_t), &p.answer, err);
    if (!rc && n > 0) {
        sort_out(&p, answers, score);
        if (can_enumerate(&p))
            enumerate(&p, 0, 0, 1, (lead){0, 0, 0});
        else
            rc = sample(&p, seed, err);
    }
    free(p.count);
    free(p.score);
    free(p.answer);
    return rc;
}
