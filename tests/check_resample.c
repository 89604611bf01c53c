/* check_resample.c - paired comparisons by resampling, against closed forms, against
 * counting, and against SciPy 1.10's bootstrap of two million resamples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "stats/paired.h"
#include "suites.h"

#define near(a, b, tolerance) \
    ck_assert_msg(fabs((a) - (b)) <= (tolerance), "%.12g is not %.12g", (double)(a), \
                  (double)(b))
#define unknown(x) ck_assert_msg(isnan(x), "%.12g is known", (double)(x))
#define ok(call)   ck_assert_int_eq(call, ACCORD_OK)

static const double nan_ = (double)NAN;
static const accord_draws usual = {.seed = 3, .n = 10000};

static void one_uniform(const void *data, uint64_t *state, double *scratch, double *out) {
    scratch[0] = accord_rng_uniform(state);
    out[0] = scratch[0];
    out[1] = accord_rng_uniform(state);
}

START_TEST(test_replicates_are_the_same_bits_on_any_number_of_threads) {
    static const size_t threads[] = {0, 1, 2, 3, 7, 64, 1000};
    static const size_t sizes[] = {0, 1, 5, 1000};
    const accord_draws_job job = {one_uniform, NULL, 1, 2};
    double first[2000], again[2000];

    for (size_t s = 0; s < 4; s++)
        for (size_t t = 0; t < 7; t++) {
            accord_draws how = {9, sizes[s], threads[t]};
            ok(accord_draws_run(&how, &job, t ? again : first, NULL));
            for (size_t i = 0; t && i < 2 * sizes[s]; i++)
                near(first[i], again[i], 0);
        }
    ck_assert(first[0] < first[1] || first[0] > first[1]);
}
END_TEST

START_TEST(test_indices_are_even) {
    static const size_t big = (size_t)1 << 33;
    uint64_t state = 4;
    double hits[7] = {0};
    double high = 0;

    for (int i = 0; i < 70000; i++) {
        hits[accord_draws_below(&state, 7)]++;
        size_t x = accord_draws_below(&state, big);
        ck_assert(x < big);
        high += x >= big / 2;
    }
    for (int i = 0; i < 7; i++)
        near(hits[i], 10000, 500); /* five standard deviations of 93 */
    near(high, 35000, 700);
}
END_TEST

START_TEST(test_replicates_that_are_no_numbers_have_no_interval) {
    double hole[] = {1, nan_, 2};
    double tail[] = {1, 2, (double)INFINITY};
    double one[] = {1};

    unknown(accord_draws_stat(1, hole, 3).lo);
    near(accord_draws_stat(1, hole, 3).mean, 1, 0);
    unknown(accord_draws_stat(1, tail, 3).hi);
    unknown(accord_draws_stat(1, tail, 3).se);
    near(accord_draws_stat(1, tail, 3).lo, 1.05, 1e-12);
    unknown(accord_draws_stat(1, one, 1).lo);
    unknown(accord_draws_p(NULL, 0));
}
END_TEST

/* 1,319 questions: 60 and 40 flips.  The bootstrap's error is the plain one without the
 * factor n / (n - 1). */
START_TEST(test_bootstrap_of_verdicts_agrees_with_the_normal_theory) {
    static double d[1319];
    accord_pairs pairs = {.d = d, .n = 1319};
    accord_boot boot;

    for (int i = 0; i < 100; i++)
        d[i] = i < 60 ? 1 : -1;
    ok(accord_paired_bootstrap(&pairs, &usual, &boot, NULL));
    accord_paired_test t = accord_paired_mean(&pairs);
    double se = t.stat.se * sqrt(1318.0 / 1319);
    near(boot.stat.mean, 20.0 / 1319, 1e-15);
    near(boot.stat.se, se, 0.05 * se);
    near(boot.stat.lo, boot.stat.mean - 1.96 * se, 0.12 * se);
    near(boot.stat.hi, boot.stat.mean + 1.96 * se, 0.12 * se);
    near(boot.bca_lo, boot.stat.lo, 0.15 * se);
    near(boot.p, t.p, 0.015); /* 0.0455; ties at 0 count for both sides */
}
END_TEST

START_TEST(test_percentile_and_bca_agree_with_scipy) {
    const double d[] = {0.1, 0.2, 0.2, 0.3, 0.5, 0.8, 1.3, 2.1, 3.4, 5.5, -0.4, 0.0};
    accord_boot boot;

    ok(accord_paired_bootstrap(&(accord_pairs){.d = d, .n = 12},
                               &(accord_draws){.seed = 1, .n = 40000}, &boot, NULL));
    near(boot.stat.se, 0.47768, 0.01);
    near(boot.stat.lo, 0.35, 0.02);
    near(boot.stat.hi, 2.2, 0.05);
    near(boot.bca_lo, 0.466667, 0.02);
    near(boot.bca_hi, 2.508333, 0.06);
}
END_TEST

static const double cost_a[] = {3, 5, 2, 8, 4, 6, 7, 3, 9, 5, 4, 6};
static const double right_a[] = {1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0};
static const double cost_b[] = {6, 9, 4, 17, 9, 10, 15, 5, 20, 8, 9, 13};
static const double right_b[] = {1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1};

START_TEST(test_ratios_agree_with_scipy) {
    const accord_ratios r = {cost_a, right_a, cost_b, right_b, 12};
    accord_boot boot;

    ok(accord_paired_ratio(&r, &(accord_draws){.seed = 1, .n = 40000}, &boot, NULL));
    near(boot.stat.mean, 62.0 / 9 - 12.5, 1e-12);
    near(boot.stat.lo, -11.375, 0.15);
    near(boot.stat.hi, -0.809524, 0.15);
    near(boot.bca_lo, -12.5974, 0.3);
    near(boot.bca_hi, -1.5, 0.15);
}
END_TEST

START_TEST(test_ratios_over_one_are_means) {
    double ones[12], zeros[12], holes[12];
    accord_boot boot, mean;

    for (int i = 0; i < 12; i++) {
        ones[i] = 1;
        zeros[i] = 0;
        holes[i] = nan_;
    }
    accord_ratios r = {cost_a, ones, zeros, ones, 12};
    ok(accord_paired_ratio(&r, &usual, &boot, NULL));
    ok(accord_paired_bootstrap(&(accord_pairs){.d = cost_a, .n = 12}, &usual, &mean,
                               NULL));
    near(boot.stat.lo, mean.stat.lo, 1e-12);
    near(boot.bca_hi, mean.bca_hi, 1e-9);
    r.den_b = zeros; /* 0 / 0 */
    ok(accord_paired_ratio(&r, &usual, &boot, NULL));
    unknown(boot.stat.mean);
    r.den_a = zeros; /* 62 / 0 */
    r.den_b = ones;
    ok(accord_paired_ratio(&r, &usual, &boot, NULL));
    unknown(boot.stat.mean);
    unknown(boot.p);
    r.den_a = holes;
    ok(accord_paired_ratio(&r, &usual, &boot, NULL));
    unknown(boot.stat.mean);
}
END_TEST

/* One right answer in twelve: a third of the resamples have none. */
START_TEST(test_a_rare_right_answer_has_no_upper_bound) {
    double rare[12] = {1};
    double free_of_cost[12] = {0};
    accord_boot boot;

    ok(accord_paired_ratio(&(accord_ratios){cost_a, rare, free_of_cost, right_b, 12},
                           &usual, &boot, NULL));
    near(boot.stat.mean, 62, 1e-12);
    ck_assert(boot.stat.lo > 0 && boot.stat.lo < 62);
    unknown(boot.stat.hi);
    unknown(boot.stat.se);
    near(boot.p, 2.0 / 10001, 1e-15);
}
END_TEST

START_TEST(test_clusters_are_drawn_whole) {
    enum { CLUSTERS = 60 };
    double d[CLUSTERS * 5];
    size_t cluster[CLUSTERS * 5], n = 0;
    accord_clustered c;
    accord_boot boot, alone;
    uint64_t state = 8;

    for (size_t g = 0; g < CLUSTERS; g++) {
        double shift = accord_rng_normal(&state);
        for (size_t i = 0; i < 1 + g % 5; i++, n++) {
            d[n] = shift + 0.3 * accord_rng_normal(&state);
            cluster[n] = CLUSTERS - g;
        }
    }
    d[0] = nan_; /* its cluster has no other: it is not there */
    accord_pairs pairs = {d, n, cluster, CLUSTERS + 1};
    ok(accord_paired_clustered(&pairs, &c, NULL));
    ok(accord_paired_bootstrap(&pairs, &usual, &boot, NULL));
    ck_assert_uint_eq(c.n_clusters, CLUSTERS - 1);
    ck_assert(c.design_effect > 2);
    near(boot.stat.mean, c.test.stat.mean, 1e-12);
    near(boot.stat.se, c.test.stat.se, 0.08 * c.test.stat.se);
    pairs.cluster = NULL;
    ok(accord_paired_bootstrap(&pairs, &usual, &alone, NULL));
    ck_assert(alone.stat.se < 0.75 * boot.stat.se);
}
END_TEST

START_TEST(test_p_counts_the_replicates_beyond_zero) {
    const double up[] = {1, 2, 3, 4};
    const double none[] = {0, 0, 0};
    accord_boot boot;

    ok(accord_paired_bootstrap(&(accord_pairs){.d = up, .n = 4}, &usual, &boot, NULL));
    near(boot.p, 2.0 / 10001, 1e-15);
    ok(accord_paired_bootstrap(&(accord_pairs){.d = none, .n = 3}, &usual, &boot, NULL));
    near(boot.p, 1, 0);
}
END_TEST

START_TEST(test_equal_differences_have_a_point_for_an_interval) {
    const double d[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    accord_boot boot;

    ok(accord_paired_bootstrap(&(accord_pairs){.d = d, .n = 6}, &usual, &boot, NULL));
    near(boot.stat.lo, 0.1, 1e-15);
    near(boot.bca_hi, 0.1, 1e-15);
    near(boot.stat.se, 0, 1e-15);
}
END_TEST

START_TEST(test_fewer_than_two_units_have_no_interval) {
    const double d[] = {nan_, 0.5, 0.7, nan_};
    const size_t cluster[] = {0, 1, 1, 1};
    accord_boot boot;

    ok(accord_paired_bootstrap(&(accord_pairs){.d = d, .n = 2}, &usual, &boot, NULL));
    near(boot.stat.mean, 0.5, 0);
    unknown(boot.stat.lo);
    unknown(boot.p);
    ok(accord_paired_bootstrap(&(accord_pairs){d, 4, cluster, 2}, &usual, &boot, NULL));
    near(boot.stat.mean, 0.6, 1e-15);
    unknown(boot.bca_lo);
    ok(accord_paired_bootstrap(&(accord_pairs){.d = d, .n = 1}, &usual, &boot, NULL));
    unknown(boot.stat.mean);
    ok(accord_paired_bootstrap(&(accord_pairs){.n = 0}, &usual, &boot, NULL));
    unknown(boot.stat.mean);
    const accord_draws no_draws = {.seed = 1};
    ok(accord_paired_bootstrap(&(accord_pairs){.d = d + 1, .n = 2}, &no_draws, &boot,
                               NULL));
    near(boot.stat.mean, 0.6, 1e-15);
    unknown(boot.p);
}
END_TEST

/* An item effect of deviation 1 and a seed effect of deviation 0.5. */
static void fill_grid(double *x, size_t n_items, size_t n_seeds, double shift) {
    uint64_t state = 21;

    for (size_t i = 0; i < n_items; i++) {
        double item = accord_rng_normal(&state);
        for (size_t s = 0; s < n_seeds; s++)
            x[i * n_seeds + s] = shift + item + 0.5 * (double)((int)(s % 3) - 1);
    }
}

START_TEST(test_crossed_bootstrap_judges_differences) {
    static double d[100 * 12];
    accord_boot boot;
    accord_stat stat;

    fill_grid(d, 100, 12, 0);
    ok(accord_paired_crossed(d, 100, 12, &(accord_draws){5, 2000, 0}, &boot, NULL));
    ok(accord_stats_crossed(d, 100, 12, 5, &stat, NULL));
    near(boot.stat.lo, stat.lo, 0);
    near(boot.stat.se, stat.se, 0);
    /* the variances of both means: 1 / 100 and (1 / 6) / 12 */
    near(boot.stat.se, sqrt(0.01 + 1.0 / 72), 0.015);
    ck_assert(boot.p > 0.1);
    unknown(boot.bca_lo);
    fill_grid(d, 100, 12, 1);
    ok(accord_paired_crossed(d, 100, 12, &usual, &boot, NULL));
    ck_assert(boot.p < 0.001);
}
END_TEST

START_TEST(test_crossed_bootstrap_passes_over_holes) {
    double d[400];
    accord_boot boot;

    for (int i = 0; i < 400; i++)
        d[i] = nan_;
    ok(accord_paired_crossed(d, 20, 20, &usual, &boot, NULL));
    unknown(boot.stat.mean);
    d[399] = 0.25;
    ok(accord_paired_crossed(d, 20, 20, &usual, &boot, NULL));
    near(boot.stat.lo, 0.25, 0);
    ok(accord_paired_crossed(d, 400, 1, &usual, &boot, NULL));
    near(boot.stat.mean, 0.25, 0);
    unknown(boot.p);
    ok(accord_paired_crossed(NULL, 0, 5, &usual, &boot, NULL));
    unknown(boot.stat.mean);
}
END_TEST

START_TEST(test_sign_flips_are_counted) {
    const double d[] = {1, 2, nan_, 3};
    const double none[] = {0, 0};
    const double tenths[] = {0.1, 0.2, 0.3, -0.6};
    const size_t cluster[] = {4, 4, 0, 2};
    double p;

    ok(accord_paired_sign_flip(&(accord_pairs){.d = d, .n = 4}, &usual, &p, NULL));
    near(p, 0.25, 0); /* all plus or all minus, of eight */
    ok(accord_paired_sign_flip(&(accord_pairs){d, 4, cluster, 5}, &usual, &p, NULL));
    near(p, 0.5, 0); /* the sums 3 and 3: two of four */
    ok(accord_paired_sign_flip(&(accord_pairs){.d = none, .n = 2}, &usual, &p, NULL));
    near(p, 1, 0);
    ok(accord_paired_sign_flip(&(accord_pairs){.d = tenths, .n = 4}, &usual, &p, NULL));
    near(p, 1, 0); /* the sum is 0 but for rounding */
    ok(accord_paired_sign_flip(&(accord_pairs){.d = d + 2, .n = 1}, &usual, &p, NULL));
    unknown(p);
    ok(accord_paired_sign_flip(&(accord_pairs){.n = 0}, &usual, &p, NULL));
    unknown(p);
}
END_TEST

START_TEST(test_drawn_sign_flips_agree_with_all_of_them) {
    double d[14];
    double exact, drawn;
    uint64_t state = 2;

    for (int i = 0; i < 14; i++)
        d[i] = 0.5 + accord_rng_normal(&state);
    const accord_pairs pairs = {.d = d, .n = 14};
    ok(accord_paired_sign_flip(&pairs, &(accord_draws){1, 16384, 0}, &exact, NULL));
    ok(accord_paired_sign_flip(&pairs, &(accord_draws){1, 16383, 0}, &drawn, NULL));
    near(drawn, exact, 5 * sqrt(exact * (1 - exact) / 16383) + 1e-4);
    ck_assert(drawn < exact || drawn > exact);
}
END_TEST

/* More than 64 need more than one word of signs.  Flipping signs of ones is McNemar's
 * exact test. */
START_TEST(test_sign_flips_of_verdicts_are_mcnemars_test) {
    double d[200];
    double p;
    const accord_pairs pairs = {.d = d, .n = 200};

    for (int i = 0; i < 200; i++)
        d[i] = i % 64 < 37 ? 1 : -1;
    for (int i = 0; i < 5; i++) /* of 119 to 81 */
        d[i] = -1;
    double exact = accord_paired_mcnemar(114, 86).exact;
    ok(accord_paired_sign_flip(&pairs, &usual, &p, NULL));
    near(p, exact, 5 * sqrt(exact / 10000));
    for (int i = 0; i < 200; i++)
        d[i] = 1;
    ok(accord_paired_sign_flip(&pairs, &usual, &p, NULL));
    near(p, 1.0 / 10001, 1e-15); /* never 0 */
}
END_TEST

/* Of 1, 2, -3 and 5 tenths ten of sixteen sign patterns reach the observed 5, four of
 * them 5 itself, with other rounding. */
START_TEST(test_sign_flips_count_ties_over_rounding) {
    const double d[] = {0.1, 0.2, -0.3, 0.5};
    double p;

    ok(accord_paired_sign_flip(&(accord_pairs){.d = d, .n = 4}, &usual, &p, NULL));
    near(p, 0.625, 0);
}
END_TEST

static accord_code bootstrap_once(const accord_pairs *pairs, double *found) {
    accord_boot boot;
    accord_code rc = accord_paired_bootstrap(pairs, &usual, &boot, NULL);

    *found = boot.stat.hi;
    return rc;
}

static accord_code ratio_once(const accord_pairs *pairs, double *found) {
    const accord_ratios r = {cost_a, right_a, cost_b, right_b, 12};
    accord_boot boot;
    accord_code rc = accord_paired_ratio(&r, &usual, &boot, NULL);

    *found = boot.stat.hi;
    return rc;
}

static accord_code crossed_once(const accord_pairs *pairs, double *found) {
    accord_boot boot;
    accord_code rc = accord_paired_crossed(pairs->d, 6, 2, &usual, &boot, NULL);

    *found = boot.stat.hi;
    return rc;
}

static accord_code sign_flip_once(const accord_pairs *pairs, double *found) {
    const accord_draws how = {1, 10, 0};

    return accord_paired_sign_flip(pairs, &how, found, NULL);
}

static accord_code clustered_once(const accord_pairs *pairs, double *found) {
    accord_clustered c;
    accord_code rc = accord_paired_clustered(pairs, &c, NULL);

    *found = rc ? nan_ : c.test.p;
    return rc;
}

START_TEST(test_memory_that_runs_out_is_told) {
    static accord_code (*const once[])(const accord_pairs *, double *) = {
        bootstrap_once, ratio_once, crossed_once, sign_flip_once, clustered_once};
    static const uint64_t allocations[] = {3, 3, 2, 3, 2};
    const size_t cluster[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9};
    const accord_pairs pairs = {cost_a, 12, cluster, 10};
    double found;

    for (uint64_t n = 0; n < allocations[_i]; n++) {
        chaos_fail_after(n);
        accord_code rc = once[_i](&pairs, &found);
        ck_assert_int_eq(chaos_stop(), 1);
        ck_assert_int_eq(rc, ACCORD_E_NOMEM);
        unknown(found);
    }
    chaos_fail_after(allocations[_i]);
    accord_code rc = once[_i](&pairs, &found);
    ck_assert_int_eq(chaos_stop(), 0);
    ok(rc);
    ck_assert(!isnan(found));
}
END_TEST

Suite *suite_resample(void) {
    Suite *s = suite_create("resample");
    TCase *tc = tcase_create("resample");

    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, test_replicates_are_the_same_bits_on_any_number_of_threads);
    tcase_add_test(tc, test_indices_are_even);
    tcase_add_test(tc, test_replicates_that_are_no_numbers_have_no_interval);
    tcase_add_test(tc, test_bootstrap_of_verdicts_agrees_with_the_normal_theory);
    tcase_add_test(tc, test_percentile_and_bca_agree_with_scipy);
    tcase_add_test(tc, test_ratios_agree_with_scipy);
    tcase_add_test(tc, test_ratios_over_one_are_means);
    tcase_add_test(tc, test_a_rare_right_answer_has_no_upper_bound);
    tcase_add_test(tc, test_clusters_are_drawn_whole);
    tcase_add_test(tc, test_p_counts_the_replicates_beyond_zero);
    tcase_add_test(tc, test_equal_differences_have_a_point_for_an_interval);
    tcase_add_test(tc, test_fewer_than_two_units_have_no_interval);
    tcase_add_test(tc, test_crossed_bootstrap_judges_differences);
    tcase_add_test(tc, test_crossed_bootstrap_passes_over_holes);
    tcase_add_test(tc, test_sign_flips_are_counted);
    tcase_add_test(tc, test_drawn_sign_flips_agree_with_all_of_them);
    tcase_add_test(tc, test_sign_flips_of_verdicts_are_mcnemars_test);
    tcase_add_test(tc, test_sign_flips_count_ties_over_rounding);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_told, 0, 5);
    suite_add_tcase(s, tc);
    return s;
}
