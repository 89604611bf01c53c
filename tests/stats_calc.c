/* stats_calc.c - core/stats as a calculator for stats_scipy.py: a question a line on
 * standard input, "NAME N numbers...", and an answer a line, numbers only. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/dist.h"
#include "stats/multiple.h"
#include "stats/paired.h"
#include "stats/passk.h"
#include "stats/runs.h"

enum { MAX_NUMBERS = 20000 };
static double x[MAX_NUMBERS], y[MAX_NUMBERS];
static size_t whole[MAX_NUMBERS];
static const accord_draws usual = {.seed = 1, .n = 10000};

static void need(bool condition, const char *what) {
    if (condition)
        return;
    fprintf(stderr, "stats_calc: %s\n", what);
    exit(EXIT_FAILURE);
}

static double number(void) {
    double value = 0;

    need(scanf("%lf", &value) == 1, "a number is missing");
    return value;
}

static size_t count(void) {
    double value = number();

    need(value >= 0 && value <= 1e15, "no count");
    return (size_t)value;
}

static void numbers(double *out, size_t n) {
    need(n <= MAX_NUMBERS, "too many numbers");
    for (size_t i = 0; i < n; i++)
        out[i] = number();
}

static void say(double value) {
    printf("%.17g ", value);
}

static void say_stat(accord_stat s) {
    say(s.mean);
    say(s.se);
    say(s.lo);
    say(s.hi);
}

static void pair(size_t n) {
    accord_flips f;
    accord_boot boot;
    double p;

    numbers(x, n);
    numbers(y, n);
    bool is_binary = accord_paired_flips(x, y, n, &f);
    accord_paired_subtract(x, y, n, x);
    const accord_pairs pairs = {.d = x, .n = n};
    accord_paired_test t = accord_paired_mean(&pairs);
    say_stat(t.stat);
    say(t.p);
    need(!accord_paired_bootstrap(&pairs, &usual, &boot, NULL), "bootstrap");
    say_stat(boot.stat);
    say(boot.p);
    say(boot.bca_lo);
    say(boot.bca_hi);
    need(!accord_paired_sign_flip(&pairs, &usual, &p, NULL), "sign flip");
    say(p);
    if (!is_binary)
        return;
    accord_mcnemar m = accord_paired_mcnemar(f.only_a, f.only_b);
    say(m.exact);
    say(m.mid);
    say(m.asymptotic);
    say_stat(accord_paired_shares(&f));
}

static void clustered(size_t n) {
    accord_clustered c;
    accord_boot boot;
    size_t n_clusters = 0;

    numbers(x, n);
    for (size_t i = 0; i < n; i++) {
        whole[i] = count();
        n_clusters = whole[i] >= n_clusters ? whole[i] + 1 : n_clusters;
    }
    const accord_pairs pairs = {x, n, whole, n_clusters};
    need(!accord_paired_clustered(&pairs, &c, NULL), "clustered");
    need(!accord_paired_bootstrap(&pairs, &usual, &boot, NULL), "bootstrap");
    say_stat(c.test.stat);
    say(c.test.p);
    say(c.design_effect);
    say(boot.stat.se);
}

static void crossed(size_t n) {
    size_t n_seeds = count();
    accord_boot boot;

    numbers(x, n * n_seeds);
    need(!accord_paired_crossed(x, n, n_seeds, &usual, &boot, NULL), "crossed");
    say_stat(boot.stat);
    say(boot.p);
}

static void runs(size_t n) {
    size_t n_tasks = count();
    accord_stat out[ACCORD_RUNS_N_AGGREGATES];

    numbers(x, n * n_tasks);
    need(!accord_runs_aggregate(&(accord_runs){x, n, n_tasks}, &usual, out, NULL),
         "runs");
    for (int i = 0; i < ACCORD_RUNS_N_AGGREGATES; i++)
        say_stat(out[i]);
}

static void improvement(size_t n) {
    size_t other = count();
    size_t n_tasks = count();
    accord_stat out;

    numbers(x, n * n_tasks);
    numbers(y, other * n_tasks);
    need(!accord_runs_improvement(&(accord_runs){x, n, n_tasks},
                                  &(accord_runs){y, other, n_tasks}, &usual, &out, NULL),
         "improvement");
    say_stat(out);
}

static void adjusted(size_t n) {
    numbers(x, n);
    need(!accord_multiple_holm(x, n, y, NULL), "holm");
    for (size_t i = 0; i < n; i++)
        say(y[i]);
    need(!accord_multiple_bh(x, n, y, NULL), "bh");
    for (size_t i = 0; i < n; i++)
        say(y[i]);
}

static void distributions(size_t n) {
    size_t k = count();
    double z = number();
    double df = number();
    double p = number();

    say(accord_dist_coins(k, n));
    say(accord_dist_coins_lower(k, n));
    say(accord_dist_normal(z));
    say(accord_dist_t_two_sided(z, df));
    say(accord_dist_chi2_upper(z * z));
    say(accord_dist_normal_quantile(p));
    say(accord_dist_t_two_sided_quantile(p, df));
}

static void passes(size_t n) {
    size_t c = count();
    size_t k = count();

    say(accord_passk_any(n, c, k));
    say(accord_passk_all(n, c, k));
}

static void wilson(size_t n) {
    say_stat(accord_stats_wilson(number(), n));
}

static const struct {
    const char *name;
    void (*answer)(size_t n);
} questions[] = {
    {"pair", pair},
    {"clustered", clustered},
    {"crossed", crossed},
    {"runs", runs},
    {"improvement", improvement},
    {"adjusted", adjusted},
    {"distributions", distributions},
    {"passes", passes},
    {"wilson", wilson},
};

int main(void) {
    char name[32];

    while (scanf("%31s", name) == 1) {
        bool known = false;
        for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
            if (strcmp(name, questions[i].name) == 0) {
                questions[i].answer(count());
                known = true;
            }
        need(known, "an unknown question");
        printf("\n");
    }
    return 0;
}
