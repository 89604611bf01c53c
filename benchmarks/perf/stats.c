/* stats.c - what a comparison's statistics cost: best of five, on one thread and on all,
 * and beside them the same by SciPy and NumPy where they are installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/clock.h"
#include "stats/multiple.h"
#include "stats/paired.h"
#include "stats/power.h"
#include "stats/runs.h"

enum { QUESTIONS = 1319, SEEDS = 3, METHODS = 4, RUNS = 10, TASKS = 6, CURVE = 25 };

static double a[QUESTIONS], b[QUESTIONS], d[QUESTIONS], grid[QUESTIONS * SEEDS];
static double scores[METHODS][CURVE * RUNS * TASKS], steps[CURVE];

static void need(int code) {
    if (code == 0)
        return;
    fprintf(stderr, "stats: a measurement failed\n");
    exit(EXIT_FAILURE);
}

/* Two methods that agree on nine questions of ten, and four that learn. */
static void make_up(void) {
    uint64_t state = 1;

    for (int i = 0; i < QUESTIONS; i++) {
        a[i] = accord_rng_uniform(&state) < 0.9;
        b[i] = accord_rng_uniform(&state) < 0.1 ? 1 - a[i] : a[i];
        for (int s = 0; s < SEEDS; s++)
            grid[i * SEEDS + s] = (double)accord_rng_below(&state, 3) - 0.9;
    }
    for (int m = 0; m < METHODS; m++)
        for (int i = 0; i < CURVE * RUNS * TASKS; i++)
            scores[m][i] = 0.1 * m + accord_rng_uniform(&state);
    for (int i = 0; i < CURVE; i++)
        steps[i] = 20000 * (i + 1);
}

/* Everything that `accord compare` says of two results. */
static void compare(size_t n_threads) {
    const accord_draws how = {1, 10000, n_threads};
    const accord_pairs pairs = {.d = d, .n = QUESTIONS};
    accord_boot boot;
    accord_flips f;
    double p;

    accord_paired_subtract(a, b, QUESTIONS, d);
    accord_paired_test t = accord_paired_mean(&pairs);
    need(!accord_paired_flips(a, b, QUESTIONS, &f));
    accord_stat s = accord_paired_shares(&f);
    need(accord_paired_bootstrap(&pairs, &how, &boot, NULL));
    need(accord_multiple_holm(&t.p, 1, &p, NULL));
    double seen = accord_power_effect((accord_power){0.05, 0.8}, t.stat.se, 1);
    need(
        !(s.lo <= s.hi && seen > 0 && accord_paired_mcnemar(f.only_a, f.only_b).mid > 0));
}

static void cross(size_t n_threads) {
    const accord_draws how = {1, 10000, n_threads};
    accord_boot boot;

    need(accord_paired_crossed(grid, QUESTIONS, SEEDS, &how, &boot, NULL));
}

/* All aggregates of four methods and the six probabilities of improvement. */
static void report(size_t n_threads) {
    const accord_draws how = {1, 50000, n_threads};
    accord_stat out[ACCORD_RUNS_N_AGGREGATES];

    for (int m = 0; m < METHODS; m++) {
        const accord_runs x = {scores[m], RUNS, TASKS};
        need(accord_runs_aggregate(&x, &how, out, NULL));
        for (int other = 0; other < m; other++) {
            const accord_runs y = {scores[other], RUNS, TASKS};
            need(accord_runs_improvement(&x, &y, &how, out, NULL));
        }
    }
}

/* Their learning curves with bands. */
static void learn(size_t n_threads) {
    const accord_draws how = {1, 2000, n_threads};
    accord_stat iqm[CURVE], area;

    for (int m = 0; m < METHODS; m++) {
        const accord_curves c = {steps, scores[m], CURVE, RUNS, TASKS};
        need(accord_runs_curve(&c, &how, iqm, &area, NULL));
    }
}

static double best_of_five(void (*what)(size_t n_threads), size_t n_threads) {
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        int64_t begin = accord_now_ns();
        what(n_threads);
        double seconds = (double)(accord_now_ns() - begin) / ACCORD_S_NS;
        best = seconds < best ? seconds : best;
    }
    return best;
}

/* The seconds that the script's `name` takes; 0 when it has no answer. */
static double ask_scipy(const char *name) {
    const char *script = getenv("ACCORD_STATS_SCIPY");
    const char *python = getenv("PYTHON") ? getenv("PYTHON") : "/usr/bin/python3";
    char command[4096];
    double seconds = 0;

    if (!script)
        return 0;
    snprintf(command, sizeof(command), "%s '%s' %s 2>&1", python, script, name);
    FILE *answer = popen(command, "r");
    if (!answer || fscanf(answer, "%lf", &seconds) != 1)
        seconds = 0;
    if (answer)
        pclose(answer);
    return seconds;
}

int main(void) {
    static const struct {
        const char *name, *what;
        void (*run)(size_t n_threads);
    } cases[] = {
        {"compare", "compare 1,319 pairs, 10,000 resamples", compare},
        {"cross", "1,319 items x 3 seeds, 10,000 resamples", cross},
        {"report", "4 x 10 x 6 runs, 50,000 resamples", report},
        {"learn", "25-point curves of them, 2,000 resamples", learn},
    };

    make_up();
    printf("%-42s %11s %11s %13s %7s\n", "statistics", "one thread", "all", "SciPy/NumPy",
           "ratio");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double one = best_of_five(cases[i].run, 1);
        double all = best_of_five(cases[i].run, 0);
        double theirs = ask_scipy(cases[i].name);
        printf("%-42s %8.1f ms %8.1f ms", cases[i].what, one * 1e3, all * 1e3);
        if (theirs > 0)
            printf(" %10.0f ms %6.0fx\n", theirs * 1e3, theirs / all);
        else
            printf(" %13s %7s\n", "-", "-");
        fflush(stdout);
    }
    return 0;
}
