/* check_runs.c - rliable's aggregates: estimates by hand, intervals against all resamples
 * there are, and against closed forms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "stats/runs.h"
#include "suites.h"

#define near(a, b, tolerance) \
    ck_assert_msg(fabs((a) - (b)) <= (tolerance), "%.12g is not %.12g", (double)(a), \
                  (double)(b))
#define unknown(x) ck_assert_msg(isnan(x), "%.12g is known", (double)(x))
#define ok(call)   ck_assert_int_eq(call, ACCORD_OK)

static const double nan_ = (double)NAN;
static const accord_draws usual = {.seed = 3, .n = 20000};
enum { MEAN = ACCORD_RUNS_MEAN, MEDIAN, IQM, GAP, ALL };

START_TEST(test_iqm_drops_whole_values) {
    static const struct {
        double x[8];
        size_t n;
        double iqm;
    } rows[] = {
        {{1, 2, 3, 4, 5}, 5, 3},
        {{0, 0, 1, 2, 3, 100}, 6, 1.5},
        {{7}, 1, 7},
        {{1, 2, 9}, 3, 4},
        {{100, 1, 2, -100}, 4, 1.5},
        {{8, 1, 7, 2, 6, 3, 5, 4}, 8, 4.5},
    };
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){rows[_i].x, rows[_i].n, 1}, &usual, out,
                             NULL));
    near(out[IQM].mean, rows[_i].iqm, 1e-15);
    /* The values of all tasks are trimmed together. */
    ok(accord_runs_aggregate(&(accord_runs){rows[_i].x, 1, rows[_i].n}, &usual, out,
                             NULL));
    near(out[IQM].mean, rows[_i].iqm, 1e-15);
    unknown(out[IQM].lo);
}
END_TEST

START_TEST(test_aggregates_agree_with_arithmetic_by_hand) {
    /* three runs of four tasks; the tasks' means are 2, 5, 0.5, 1 */
    const double x[] = {1, 5, 0.25, 1, 2, 4, 0.5, 1, 3, 6, 0.75, 1};
    const double gap[] = {0.2, 0.9, 1.3, 0.5};
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){x, 3, 4}, &usual, out, NULL));
    near(out[MEAN].mean, 8.5 / 4, 1e-15);
    near(out[MEDIAN].mean, 1.5, 1e-15);
    /* 0.25 0.5 0.75 [1 1 1 1 2 3] 4 5 6 */
    near(out[IQM].mean, 1.5, 1e-15);
    near(out[GAP].mean, 1.5 / 12, 1e-15);
    ok(accord_runs_aggregate(&(accord_runs){gap, 4, 1}, &usual, out, NULL));
    near(out[GAP].mean, 0.35, 1e-15);
}
END_TEST

static double middle_two(const double *x) {
    double least = x[0], most = x[0], sum = x[0];

    for (int i = 1; i < 4; i++) {
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
        sum += x[i];
    }
    return (sum - least - most) / 2;
}

static double deviation(double sum, double squares, double n) {
    return sqrt(squares / n - sum / n * (sum / n));
}

/* All 256 resamples of four runs. */
START_TEST(test_iqm_error_agrees_with_all_resamples) {
    const double x[] = {0.1, 0.4, 0.5, 1.3};
    double sum = 0, squares = 0;
    accord_stat out[ALL];

    for (int i = 0; i < 256; i++) {
        double picked[4] = {x[i & 3], x[i >> 2 & 3], x[i >> 4 & 3], x[i >> 6]};
        double iqm = middle_two(picked);
        sum += iqm;
        squares += iqm * iqm;
    }
    ok(accord_runs_aggregate(&(accord_runs){x, 4, 1}, &usual, out, NULL));
    double se = deviation(sum, squares, 256);
    near(out[IQM].se, se, 0.03 * se);
    ck_assert(out[IQM].lo < out[IQM].mean && out[IQM].mean < out[IQM].hi);
}
END_TEST

START_TEST(test_mean_error_is_stratified) {
    /* far apart by task, near by run */
    const double x[] = {0, 10, 1, 12, 2, nan_, nan_, 17};
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){x, 4, 2}, &usual, out, NULL));
    near(out[MEAN].mean, 7, 1e-15);
    /* variances of the two tasks' means: (2 / 3) / 3 and (26 / 3) / 3 */
    double se = sqrt(2.0 / 9 + 26.0 / 9) / 2;
    near(out[MEAN].se, se, 0.03 * se);
    near(out[MEDIAN].se, out[MEAN].se, 1e-12); /* of two tasks it is the mean */
}
END_TEST

static double wins_of(const double *x, const double *y, int nth_x, int nth_y) {
    double wins = 0;

    for (int i = 0; i < 3; i++, nth_x /= 3)
        for (int k = 0, rest = nth_y; k < 3; k++, rest /= 3)
            wins += x[nth_x % 3] > y[rest % 3]    ? 1
                    : x[nth_x % 3] >= y[rest % 3] ? 0.5
                                                  : 0;
    return wins / 9;
}

/* All 729 pairs of resamples. */
START_TEST(test_improvement_agrees_with_all_resamples) {
    const double x[] = {3, 4, 5};
    const double y[] = {1, 4, 6};
    double sum = 0, squares = 0;
    accord_stat p;

    for (int i = 0; i < 729; i++) {
        double wins = wins_of(x, y, i / 27, i % 27);
        sum += wins;
        squares += wins * wins;
    }
    ok(accord_runs_improvement(&(accord_runs){x, 3, 1}, &(accord_runs){y, 3, 1}, &usual,
                               &p, NULL));
    near(p.mean, 0.5, 1e-15);
    double se = deviation(sum, squares, 729);
    near(p.se, se, 0.03 * se);
}
END_TEST

START_TEST(test_improvement_is_the_mean_over_tasks_of_other_sizes) {
    const double x[] = {1, 5, 2, 5, 3, nan_}; /* 1 2 3 and 5 5 */
    const double y[] = {0, 5, 9, 9};          /* 0 9 and 5 9 */
    const double lone[] = {1, 2};
    accord_stat p, turned;
    const accord_runs a = {x, 3, 2}, b = {y, 2, 2}, c = {lone, 1, 2}, d = {lone, 2, 1};

    ok(accord_runs_improvement(&a, &b, &usual, &p, NULL));
    near(p.mean, (0.5 + 0.25) / 2, 1e-15);
    ok(accord_runs_improvement(&b, &a, &usual, &turned, NULL));
    near(turned.mean, 1 - p.mean, 1e-15);
    ok(accord_runs_improvement(&a, &a, &usual, &p, NULL));
    near(p.mean, 0.5, 1e-15);
    ck_assert(p.se > 0); /* drawn independently of itself */
    ok(accord_runs_improvement(&a, &c, &usual, &p, NULL));
    near(p.mean, (2.5 / 3 + 1) / 2, 1e-15);
    unknown(p.lo);
    ok(accord_runs_improvement(&a, &d, &usual, &p, NULL));
    unknown(p.mean);
}
END_TEST

START_TEST(test_differences_add_their_variances) {
    const double x[] = {0.1, 0.4, 0.5, 1.3, 0.2, 0.9};
    const double y[] = {0.3, 0.2, 0.7, 0.1};
    const accord_runs a = {x, 3, 2}, b = {y, 4, 1};
    accord_stat out[ALL], of_a[ALL], of_b[ALL];

    ok(accord_runs_aggregate(&a, &usual, of_a, NULL));
    ok(accord_runs_aggregate(&b, &usual, of_b, NULL));
    ok(accord_runs_difference(&a, &b, &usual, out, NULL));
    for (int i = 0; i < ALL; i++) {
        double se = sqrt(of_a[i].se * of_a[i].se + of_b[i].se * of_b[i].se);
        near(out[i].mean, of_a[i].mean - of_b[i].mean, 1e-15);
        near(out[i].se, se, 0.04 * se);
    }
}
END_TEST

START_TEST(test_profiles_count_what_is_over) {
    const double x[] = {0.25, 0.5, 0.5, 1.0, 0.75, 0.5}; /* means 0.5 and 2 / 3 */
    const double tau[] = {-1, 0.25, 0.5, 0.6, 1};
    const double runs[] = {1, 5.0 / 6, 2.0 / 6, 2.0 / 6, 0};
    const double means[] = {1, 1, 0.5, 0.5, 0};
    accord_stat out[5];
    const accord_runs r = {x, 3, 2};

    ok(accord_runs_profile(&r, &(accord_profile){tau, 5, ACCORD_RUNS_ALL_RUNS}, &usual,
                           out, NULL));
    for (int i = 0; i < 5; i++)
        near(out[i].mean, runs[i], 1e-15);
    /* one run of three over 0.5 in both tasks: the share of two times three coins */
    near(out[2].se, sqrt(2.0 / 9 / 6), 0.01);
    near(out[0].lo, 1, 0);
    ok(accord_runs_profile(&r, &(accord_profile){tau, 5, ACCORD_RUNS_TASK_MEANS}, &usual,
                           out, NULL));
    for (int i = 0; i < 5; i++)
        near(out[i].mean, means[i], 1e-15);
}
END_TEST

/* What a run wins at the second mark it has lost at the first. */
START_TEST(test_curves_draw_a_run_with_its_whole_curve) {
    const double steps[] = {100, 300, 400};
    const double x[] = {0.1, 0.4, 0.5, 0.9, 0.9, 0.6, 0.5, 0.1, 0.9, 0.6, 0.5, 0.1};
    accord_stat iqm[3], area;

    ok(accord_runs_curve(&(accord_curves){steps, x, 2, 4, 1}, &usual, iqm, &area, NULL));
    near(iqm[0].mean, 0.45, 1e-15);
    near(iqm[1].mean, 0.55, 1e-15);
    ck_assert(iqm[0].se > 0.05);
    near(area.mean, 0.5, 1e-15);
    near(area.se, 0, 1e-12);
    near(area.hi, 0.5, 1e-12);
    ok(accord_runs_curve(&(accord_curves){steps, x, 3, 4, 1}, &usual, iqm, &area, NULL));
    near(area.mean, (200 * 0.5 + 100 * 0.55) / 300, 1e-15);
}
END_TEST

START_TEST(test_curves_leave_out_runs_with_a_hole) {
    const double steps[] = {0, 1};
    const double x[] = {1, 2, 3, 3, nan_, 5};
    accord_stat iqm[2], area;

    ok(accord_runs_curve(&(accord_curves){steps, x, 2, 3, 1}, &usual, iqm, &area, NULL));
    near(iqm[0].mean, 2, 0);
    near(iqm[1].mean, 4, 0);
    near(area.mean, 3, 0);
    ok(accord_runs_curve(&(accord_curves){steps, x, 1, 6, 1}, &usual, iqm, &area, NULL));
    near(iqm[0].mean, 8.0 / 3, 1e-15);
    unknown(area.mean);
    ok(accord_runs_curve(&(accord_curves){.n_runs = 3, .n_tasks = 1}, &usual, iqm, &area,
                         NULL));
    unknown(area.mean);
}
END_TEST

START_TEST(test_too_few_runs_have_no_interval_or_nothing) {
    const double x[] = {1, 3, nan_, 5};
    const double hole[] = {1, nan_, 2, nan_};
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){x, 2, 2}, &usual, out, NULL));
    near(out[MEAN].mean, 2.5, 0);
    unknown(out[MEAN].se);
    unknown(out[GAP].hi);
    ok(accord_runs_aggregate(&(accord_runs){hole, 2, 2}, &usual, out, NULL));
    unknown(out[IQM].mean);
    ok(accord_runs_aggregate(&(accord_runs){x, 0, 2}, &usual, out, NULL));
    unknown(out[MEAN].mean);
    ok(accord_runs_aggregate(&(accord_runs){x, 2, 0}, &usual, out, NULL));
    unknown(out[MEDIAN].mean);
}
END_TEST

START_TEST(test_equal_runs_have_a_point_for_an_interval) {
    const double x[] = {0.1, 0.7, 0.1, 0.7, 0.1, 0.7};
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){x, 3, 2}, &usual, out, NULL));
    for (int i = 0; i < ALL; i++) {
        near(out[i].se, 0, 0);
        near(out[i].lo, out[i].mean, 0);
        near(out[i].hi, out[i].mean, 0);
    }
}
END_TEST

START_TEST(test_scores_without_bound_spoil_only_what_they_touch) {
    const double x[] = {0.1, 0.2, 0.3, (double)INFINITY};
    accord_stat out[ALL];

    ok(accord_runs_aggregate(&(accord_runs){x, 4, 1}, &usual, out, NULL));
    near(out[IQM].mean, 0.25, 1e-15);
    near(out[GAP].mean, 0.6, 1e-15);
    unknown(out[MEAN].hi);
}
END_TEST

START_TEST(test_reports_are_the_same_bits_on_any_number_of_threads) {
    double x[60], y[60];
    accord_stat first[ALL + 1], again[ALL + 1];
    uint64_t state = 6;

    for (int i = 0; i < 60; i++) {
        x[i] = accord_rng_uniform(&state);
        y[i] = accord_rng_uniform(&state);
    }
    const accord_runs a = {x, 10, 6}, b = {y, 10, 6};
    for (size_t threads = 1; threads < 6; threads++) {
        const accord_draws how = {1, 999, threads};
        accord_stat *out = threads > 1 ? again : first;
        ok(accord_runs_aggregate(&a, &how, out, NULL));
        ok(accord_runs_improvement(&a, &b, &how, out + ALL, NULL));
        ck_assert_mem_eq(out, first, sizeof(first));
    }
}
END_TEST

static const double six[] = {0.1, 0.5, 0.2, 0.4, 0.9, 0.6};
static const accord_runs small = {six, 3, 2};

static accord_code aggregate_once(double *found) {
    accord_stat out[ALL] = {{nan_, nan_, nan_, nan_}};
    accord_code rc = accord_runs_aggregate(&small, &usual, out, NULL);

    *found = out[0].hi;
    return rc;
}

static accord_code difference_once(double *found) {
    accord_stat out[ALL] = {{nan_, nan_, nan_, nan_}};
    accord_code rc = accord_runs_difference(&small, &small, &usual, out, NULL);

    *found = out[0].hi;
    return rc;
}

static accord_code improvement_once(double *found) {
    accord_stat out = {nan_, nan_, nan_, nan_};
    accord_code rc = accord_runs_improvement(&small, &small, &usual, &out, NULL);

    *found = out.hi;
    return rc;
}

static accord_code profile_once(double *found) {
    const double tau[] = {0.5};
    accord_stat out = {nan_, nan_, nan_, nan_};
    accord_code rc =
        accord_runs_profile(&small, &(accord_profile){tau, 1, 0}, &usual, &out, NULL);

    *found = out.hi;
    return rc;
}

static accord_code curve_once(double *found) {
    const double steps[] = {1, 2};
    accord_stat iqm[2], area;
    accord_code rc = accord_runs_curve(&(accord_curves){steps, six, 2, 3, 1}, &usual, iqm,
                                       &area, NULL);

    *found = area.hi;
    return rc;
}

START_TEST(test_memory_that_runs_out_is_told) {
    static accord_code (*const once[])(double *) = {
        aggregate_once, difference_once, improvement_once, profile_once, curve_once};
    double found;
    accord_code rc = ACCORD_E_NOMEM;
    uint64_t n;

    for (n = 0; rc; n++) {
        chaos_fail_after(n);
        rc = once[_i](&found);
        int failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        ck_assert_int_eq(isnan(found) != 0, failed);
    }
    ck_assert(n > 7); /* a table's four, the replicates, two times scratch, then none */
}
END_TEST

Suite *suite_runs(void) {
    Suite *s = suite_create("runs");
    TCase *tc = tcase_create("runs");

    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, test_iqm_drops_whole_values, 0, 6);
    tcase_add_test(tc, test_aggregates_agree_with_arithmetic_by_hand);
    tcase_add_test(tc, test_iqm_error_agrees_with_all_resamples);
    tcase_add_test(tc, test_mean_error_is_stratified);
    tcase_add_test(tc, test_improvement_agrees_with_all_resamples);
    tcase_add_test(tc, test_improvement_is_the_mean_over_tasks_of_other_sizes);
    tcase_add_test(tc, test_differences_add_their_variances);
    tcase_add_test(tc, test_profiles_count_what_is_over);
    tcase_add_test(tc, test_curves_draw_a_run_with_its_whole_curve);
    tcase_add_test(tc, test_curves_leave_out_runs_with_a_hole);
    tcase_add_test(tc, test_too_few_runs_have_no_interval_or_nothing);
    tcase_add_test(tc, test_equal_runs_have_a_point_for_an_interval);
    tcase_add_test(tc, test_scores_without_bound_spoil_only_what_they_touch);
    tcase_add_test(tc, test_reports_are_the_same_bits_on_any_number_of_threads);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_told, 0, 5);
    suite_add_tcase(s, tc);
    return s;
}
