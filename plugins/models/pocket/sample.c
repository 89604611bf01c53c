/* sample.c - which token comes next. */
#include <math.h>

#include <accord/rng.h>

#include "engine_parts.h"

/* The natural logarithm of a finite x > 0, the same bits with every C library: x = m 2^e,
 * log m = 2 artanh((m - 1) / (m + 1)). */
static double logarithm(double x) {
    int e;
    double m = frexp(x, &e);

    if (m < 0.70710678118654752) {
        m *= 2;
        e--;
    }
    double t = (m - 1) / (m + 1), square = t * t, sum = 0;
    for (int k = 21; k >= 1; k -= 2)
        sum = sum * square + 1.0 / k;
    return 2 * t * sum + e * 0.69314718055994531;
}

/* The token at `mark` of the running sum of p[n], n > 0. */
static uint32_t draw_from_all(const float *p, uint32_t n, double mark) {
    uint32_t last = 0;
    double sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!(p[i] > 0))
            continue;
        sum += (double)p[i];
        last = i;
        if (sum > mark)
            break;
    }
    return last;
}

/* Nucleus sampling (Holtzman et al. 2020): from the smallest set of likeliest tokens that
 * has `share` of the whole.  They are taken out of p one after the other. */
static uint32_t draw_from_most(const struct pocket_engine *e, double share,
                               double uniform) {
    uint32_t *chosen = e->scratch.chosen, n = e->embed.rows, count = 0;
    float *p = e->scratch.weights, *weight = e->scratch.chosen_weight;
    double sum = 0;

    do {
        uint32_t best = e->kernels->likeliest(p, n);
        chosen[count] = best;
        weight[count] = p[best];
        sum += (double)p[best];
        p[best] = -1;
        count++;
    } while (sum < share && count < n);
    return chosen[draw_from_all(weight, count, uniform * sum)];
}

int32_t pocket_sample(struct pocket_engine *e, float *logits, struct pocket_draw *draw,
                      float *logprob) {
    const struct pocket_kernels *k = e->kernels;
    uint32_t rows = e->embed.rows;
    float *p = e->scratch.weights;

    k->add(logits, e->barred, rows);
    uint32_t token = k->likeliest(logits, rows);
    float most = logits[token];
    double whole = k->weigh(p, logits, rows, most, 1.0f);
    if (draw->temperature > 0 && draw->top_p > 0) {
        double uniform = accord_rng_uniform(&draw->rng), sum = whole;
        if (draw->temperature < 1 || draw->temperature > 1)
            sum = k->weigh(p, logits, rows, most, draw->temperature);
        if (draw->top_p < 1)
            token = draw_from_most(e, (double)draw->top_p * sum, uniform);
        else
            token = draw_from_all(p, rows, uniform * sum);
    }
    *logprob = (float)((double)(logits[token] - most) - logarithm(whole));
    return (int32_t)token;
}
