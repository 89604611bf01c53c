/* check_steps.c - steps of a series: by hand, against all segmentations, and how often
 * they are found or imagined. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include <accord/rng.h>

#include "chaos.h"
#include "stats/stats.h"
#include "stats/steps.h"
#include "suites.h"

#define near_to(eps, a, b) \
    ck_assert_msg(fabs((a) - (b)) < (eps), "%.12g is not %.12g", (double)(a), (double)(b))

enum { MOST = 64 };
static const double ALARM = 0.05;

static accord_steps find(const double *y, const double *se, size_t n) {
    accord_steps s;

    ck_assert_int_eq(accord_steps_find(y, se, n, ALARM, &s, NULL), ACCORD_OK);
    return s;
}

START_TEST(test_a_step_by_hand) {
    /* Levels 10 and 20 with se 1 / sqrt(3) and 1 / sqrt(2 / 4). */
    static const double y[] = {10, 10.5, 9.5, 21, 19};
    static const double se[] = {1, 1, 1, 2, 2};

    accord_steps s = find(y, se, 5);
    ck_assert_uint_eq(s.n, 2);
    ck_assert_uint_eq(s.levels[1].from, 3);
    ck_assert_uint_eq(s.levels[1].n, 2);
    near_to(1e-12, s.levels[0].mean, 10);
    near_to(1e-12, s.levels[0].se, sqrt(1.0 / 3));
    near_to(1e-12, s.levels[1].mean, 20);
    near_to(1e-12, s.levels[1].se, sqrt(2));
    near_to(1e-12, s.levels[1].step, 10);
    near_to(1e-12, s.levels[1].step_se, sqrt(1.0 / 3 + 2));
    /* z = 6.5465: p = 5.89e-11, at one of four places. */
    near_to(1e-12, s.levels[1].p, 4 * erfc(10 / sqrt(1.0 / 3 + 2) / sqrt(2)));
    ck_assert(isnan(s.levels[0].step));
    /* Here the error is 1, a point earlier 37, a point later 28. */
    ck_assert_uint_eq(s.levels[1].earliest, 3);
    ck_assert_uint_eq(s.levels[1].latest, 3);
    accord_steps_fini(&s);
}
END_TEST

START_TEST(test_short_series_have_one_level_or_none) {
    static const double y[] = {3, 3.1};
    static const double se[] = {1, 1};

    for (size_t n = 0; n <= 2; n++) {
        accord_steps s = find(y, se, n);
        ck_assert_uint_eq(s.n, n > 0);
        accord_steps_fini(&s);
    }
}
END_TEST

START_TEST(test_the_penalty_grows_with_the_places) {
    /* Two points have one place: chi-square's 95 % point. */
    near_to(1e-6, accord_steps_penalty(2, 0.05), 3.841459);
    double last = 0;
    for (size_t n = 1; n < 5000; n = 2 * n + 1) {
        double b = accord_steps_penalty(n, 0.05);
        ck_assert(b > last || n == 1);
        last = b;
    }
    ck_assert(last < 30);
}
END_TEST

static double cost_of(const double *y, const double *se, size_t from, size_t to) {
    double w = 0;
    double wy = 0;
    double sum = 0;

    for (size_t i = from; i < to; i++) {
        w += 1 / (se[i] * se[i]);
        wy += y[i] / (se[i] * se[i]);
    }
    for (size_t i = from; i < to; i++)
        sum += pow((y[i] - wy / w) / se[i], 2);
    return sum;
}

/* Bit i of `cuts`: a level begins at point i + 1. */
static double total_of(const double *y, const double *se, size_t n, unsigned cuts,
                       double penalty) {
    double total = 0;
    size_t from = 0;

    for (size_t i = 1; i <= n; i++)
        if (i == n || (cuts >> (i - 1) & 1)) {
            total += cost_of(y, se, from, i) + (from ? penalty : 0);
            from = i;
        }
    return total;
}

START_TEST(test_no_other_segmentation_is_better) {
    enum { N = 10 };

    for (uint64_t trial = 0; trial < 40; trial++) {
        uint64_t draw = accord_rng_fold(3, trial);
        double y[N];
        double se[N];
        for (size_t i = 0; i < N; i++) {
            se[i] = 0.5 + accord_rng_uniform(&draw);
            y[i] = 1e3 + (i >= 3 ? 3 : 0) - (i >= 7 ? 4 : 0) +
                   se[i] * accord_rng_normal(&draw);
        }
        accord_steps s = find(y, se, N);
        unsigned found = 0;
        for (size_t k = 1; k < s.n; k++)
            found |= 1U << (s.levels[k].from - 1);
        double best = total_of(y, se, N, found, s.penalty);
        for (unsigned cuts = 0; cuts < 1U << (N - 1); cuts++)
            ck_assert(total_of(y, se, N, cuts, s.penalty) > best - 1e-6);
        accord_steps_fini(&s);
    }
}
END_TEST

/* ---- how often */

/* Points of a history: each the share of right answers, or a measured value of its own
 * noise, when items == 0. */
typedef struct world {
    size_t n, step_at;
    size_t items;
    double level, step;
} world;

static void roll(const world *w, uint64_t luck, double *y, double *se) {
    uint64_t draw = accord_rng_fold(17, luck);

    for (size_t i = 0; i < w->n; i++) {
        double level = w->level + (i >= w->step_at ? w->step : 0);
        if (w->items == 0) {
            se[i] = 0.5 + accord_rng_uniform(&draw);
            y[i] = level + se[i] * accord_rng_normal(&draw);
            continue;
        }
        double right = 0;
        for (size_t k = 0; k < w->items; k++)
            right += accord_rng_uniform(&draw) < level;
        accord_stat share = accord_stats_wilson(right, w->items);
        y[i] = share.mean;
        se[i] = (share.hi - share.lo) / (2 * 1.959964);
    }
}

/* Of `trials` series: those with any step, and those with one within a point of
 * step_at. */
static void simulate(const world *w, int trials, int *any, int *right) {
    static const size_t alike[MOST];
    double y[MOST];
    double se[MOST];

    *any = *right = 0;
    for (int t = 0; t < trials; t++) {
        roll(w, (uint64_t)t, y, se);
        accord_steps s;
        if (w->items == 0)
            s = find(y, se, w->n);
        else
            ck_assert_int_eq(
                accord_steps_find_pooled(y, se, alike, w->n, ALARM, &s, NULL), ACCORD_OK);
        bool near = false;
        for (size_t k = 1; k < s.n; k++)
            near |=
                s.levels[k].from + 1 >= w->step_at && s.levels[k].from <= w->step_at + 1;
        *any += s.n > 1;
        *right += near;
        accord_steps_fini(&s);
    }
}

START_TEST(test_constant_series_have_hardly_any_steps) {
    enum { TRIALS = 4000 };
    /* Five errors a point are where the noise of a share depends most on its luck. */
    static const world worlds[] = {
        {5, MOST, 0, 10, 0},      {10, MOST, 0, 10, 0},       {30, MOST, 0, 10, 0},
        {60, MOST, 0, 10, 0},     {20, MOST, 200, 0.7, 0},    {60, MOST, 50, 0.9, 0},
        {60, MOST, 200, 0.97, 0}, {60, MOST, 1319, 0.995, 0}, {60, MOST, 100, 0.5, 0}};
    int any, right;

    simulate(&worlds[_i], TRIALS, &any, &right);
    printf("steps: %zu points at level %g, %zu items each: %.1f %% false alarms\n",
           worlds[_i].n, worlds[_i].level, worlds[_i].items, 100.0 * any / TRIALS);
    ck_assert_int_le(any, TRIALS / 20);
}
END_TEST

START_TEST(test_a_step_of_three_combined_standard_errors_is_found) {
    enum { TRIALS = 2000 };
    /* With noise between 0.5 and 1.5: two points have a combined error of 1.44 on
     * average. Of 200 answers at 70 %: 4.6 points. */
    static const world worlds[] = {{10, 5, 0, 10, 3 * 1.44},
                                   {10, 5, 0, 10, -3 * 1.44},
                                   {10, 5, 200, 0.7, -3 * 0.046}};
    int any, right;

    simulate(&worlds[_i], TRIALS, &any, &right);
    printf("steps: a step of %+g from %g after 5 of 10 points, %zu items each: %.1f %% "
           "found\n",
           worlds[_i].step, worlds[_i].level, worlds[_i].items, 100.0 * right / TRIALS);
    ck_assert_int_ge(right, TRIALS * 9 / 10);
}
END_TEST

START_TEST(test_noise_that_is_estimated_is_shared_among_alike) {
    /* Variances 1 and 3 become 2 each, and the third point keeps its own. */
    static const double y[] = {1, 2, 3};
    const double se[] = {1, sqrt(3), 1};
    static const size_t kind[] = {1, 1, 5};
    accord_steps s;

    ck_assert_int_eq(accord_steps_find_pooled(y, se, kind, 3, ALARM, &s, NULL),
                     ACCORD_OK);
    ck_assert_uint_eq(s.n, 1);
    near_to(1e-12, s.levels[0].mean, (0.5 * 1 + 0.5 * 2 + 3) / 2);
    near_to(1e-12, s.levels[0].se, sqrt(0.5));
    accord_steps_fini(&s);
}
END_TEST

/* Twenty points of 100 items at 50 %, then twenty at 99 %: one step, whatever the noise
 * of one level would be on the other. */
START_TEST(test_each_level_has_its_own_noise) {
    enum { TRIALS = 500 };
    static const world w = {40, 20, 100, 0.5, 0.49};
    static const size_t alike[MOST];
    int one = 0;

    for (int t = 0; t < TRIALS; t++) {
        double y[MOST];
        double se[MOST];
        accord_steps s;
        roll(&w, (uint64_t)t, y, se);
        ck_assert_int_eq(accord_steps_find_pooled(y, se, alike, w.n, ALARM, &s, NULL),
                         ACCORD_OK);
        one += s.n == 2 && s.levels[1].from == 20;
        accord_steps_fini(&s);
    }
    ck_assert_int_ge(one, TRIALS * 95 / 100);
}
END_TEST

START_TEST(test_the_place_of_a_step_is_between_its_bounds) {
    enum { TRIALS = 2000 };
    static const world worlds[] = {{20, 10, 0, 10, 3 * 1.44}, {20, 10, 0, 10, 2}};
    const world *w = &worlds[_i];
    int found = 0;
    int inside = 0;
    double width = 0;

    for (int t = 0; t < TRIALS; t++) {
        double y[MOST];
        double se[MOST];
        roll(w, (uint64_t)t, y, se);
        accord_steps s = find(y, se, w->n);
        if (s.n == 2) {
            found++;
            inside +=
                s.levels[1].earliest <= w->step_at && s.levels[1].latest >= w->step_at;
            width += (double)(s.levels[1].latest - s.levels[1].earliest + 1);
        }
        accord_steps_fini(&s);
    }
    printf("steps: the place of a step of %g is among %.1f points on average, rightly in "
           "%.1f %% of %d\n",
           w->step, width / found, 100.0 * inside / found, found);
    ck_assert_int_ge(inside, found * 95 / 100);
    ck_assert_int_ge(found, TRIALS / 2);
    ck_assert(width / found < (double)w->n / 2);
}
END_TEST

START_TEST(test_steps_without_memory_say_so) {
    static const double y[] = {0, 0, 9, 9};
    static const double se[] = {1, 1, 1, 1};
    static const size_t alike[4];
    int failed = 1;
    uint64_t n;

    for (n = 0; failed; n++) {
        accord_steps s;
        chaos_fail_after(n);
        accord_code rc = accord_steps_find_pooled(y, se, alike, 4, ALARM, &s, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        ck_assert_uint_eq(s.n, failed ? 0 : 2);
        accord_steps_fini(&s);
    }
    ck_assert_uint_gt(n, 3);
}
END_TEST

Suite *suite_steps(void) {
    Suite *s = suite_create("steps");
    TCase *tc = tcase_create("steps");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_a_step_by_hand);
    tcase_add_test(tc, test_short_series_have_one_level_or_none);
    tcase_add_test(tc, test_the_penalty_grows_with_the_places);
    tcase_add_test(tc, test_no_other_segmentation_is_better);
    tcase_add_loop_test(tc, test_constant_series_have_hardly_any_steps, 0, 9);
    tcase_add_loop_test(tc, test_a_step_of_three_combined_standard_errors_is_found, 0, 3);
    tcase_add_loop_test(tc, test_the_place_of_a_step_is_between_its_bounds, 0, 2);
    tcase_add_test(tc, test_noise_that_is_estimated_is_shared_among_alike);
    tcase_add_test(tc, test_each_level_has_its_own_noise);
    tcase_add_test(tc, test_steps_without_memory_say_so);
    suite_add_tcase(s, tc);
    return s;
}
