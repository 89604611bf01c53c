/* check_paired.c - paired comparisons in closed form, many tests, power, pass@k.  Where
 * no source is named the expected values were computed with SciPy 1.10 or by hand. */
#include <math.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "stats/dist.h"
#include "stats/multiple.h"
#include "stats/paired.h"
#include "stats/passk.h"
#include "stats/power.h"
#include "suites.h"

#define near(a, b, tolerance) \
    ck_assert_msg(fabs((a) - (b)) <= (tolerance), "%.12g is not %.12g", (double)(a), \
                  (double)(b))
#define unknown(x) ck_assert_msg(isnan(x), "%.12g is known", (double)(x))

static const double nan_ = (double)NAN;

START_TEST(test_normal_quantiles_agree_with_published_ones) {
    static const double rows[][2] = {
        {0.5, 0},
        {0.975, 1.959963984540054},
        {0.8, 0.8416212335729143},
        {0.995, 2.5758293035489004},
        {0.025, -1.959963984540054},
        {1e-300, -37.0471},
    };

    near(accord_dist_normal_quantile(rows[_i][0]), rows[_i][1], _i == 5 ? 1e-4 : 1e-12);
    near(accord_dist_normal(accord_dist_normal_quantile(rows[_i][0])), rows[_i][0],
         1e-15);
}
END_TEST

START_TEST(test_quantiles_at_the_ends_are_infinite_and_beyond_unknown) {
    ck_assert(accord_dist_normal_quantile(0) < -1e300);
    ck_assert(accord_dist_normal_quantile(1) > 1e300);
    unknown(accord_dist_normal_quantile(-0.1));
    unknown(accord_dist_normal_quantile(nan_));
    unknown(accord_dist_t_two_sided_quantile(0.05, 0));
    unknown(accord_dist_t_two_sided_quantile(1, 3));
    near(accord_dist_t_two_sided((double)INFINITY, 3), 0, 0);
}
END_TEST

/* With 1 and 2 degrees of freedom the distribution has a closed form. */
START_TEST(test_student_agrees_with_its_closed_forms) {
    const double pi = acos(-1);

    for (double t = 1e-3; t < 1e6; t *= 3) {
        double one = 2 * atan(1 / t) / pi;
        double two = 2 / (2 + t * t) / (1 + t / sqrt(2 + t * t));
        near(accord_dist_t_two_sided(t, 1) / one, 1, 1e-12);
        near(accord_dist_t_two_sided(-t, 2) / two, 1, 1e-12);
        near(accord_dist_t_two_sided_quantile(one, 1) / t, 1, 1e-9);
    }
}
END_TEST

START_TEST(test_coins_agree_with_counting) {
    double row[41] = {1};

    for (size_t n = 0; n <= 40; n++) {
        double sum = 0;
        for (size_t k = 0; k <= n; k++) {
            sum += row[k];
            near(accord_dist_coins(k, n), row[k] / pow(2, (double)n), 1e-14);
            near(accord_dist_coins_lower(k, n), sum / pow(2, (double)n), 1e-13);
        }
        for (size_t k = n < 40 ? n + 1 : 0; k > 0; k--)
            row[k] += row[k - 1];
    }
    near(accord_dist_coins(5, 4), 0, 0);
    near(accord_dist_coins_lower(9, 4), 1, 0);
    near(accord_dist_coins_lower(500000, 1000001), 0.5, 1e-10);
}
END_TEST

START_TEST(test_mcnemar_agrees_with_exact_arithmetic) {
    static const struct {
        size_t b, c;
        double exact, mid;
    } rows[] = {
        {10, 2, 0.0385742188, 0.0224609375},
        {0, 5, 0.0625, 0.03125},
        {25, 10, 0.0166738478, 0.0113309842},
        {60, 40, 0.0568879336, 0.0460440669},
        {7, 7, 1, 1},
        {0, 0, 1, 1},
        {1, 0, 1, 0.5},
    };
    accord_mcnemar m = accord_paired_mcnemar(rows[_i].b, rows[_i].c);
    accord_mcnemar turned = accord_paired_mcnemar(rows[_i].c, rows[_i].b);

    near(m.exact, rows[_i].exact, 5e-11);
    near(m.mid, rows[_i].mid, 5e-11);
    near(turned.exact, m.exact, 0);
    near(turned.mid, m.mid, 0);
}
END_TEST

START_TEST(test_mcnemar_has_its_asymptotic_forms) {
    accord_mcnemar m = accord_paired_mcnemar(10, 2);

    near(m.asymptotic, 0.0209213353, 5e-11);
    near(m.continuity, 0.0433081428, 5e-11);
    near(m.odds, 5, 0);
    ck_assert(accord_paired_mcnemar(3, 0).odds > 1e300);
    unknown(accord_paired_mcnemar(0, 0).odds);
    near(accord_paired_mcnemar(4, 4).continuity, 1, 0);
    near(accord_paired_mcnemar(0, 0).asymptotic, 1, 0);
    ck_assert(accord_paired_mcnemar(1000000, 0).exact >= 0);
}
END_TEST

START_TEST(test_flips_are_counted_over_holes_and_only_for_verdicts) {
    const double a[] = {1, 1, 0, 0, nan_, 1, 0, 1};
    const double b[] = {1, 0, 1, 0, 1, nan_, 1, 0};
    const double half[] = {1, 0, 0.5};
    accord_flips f;

    ck_assert(accord_paired_flips(a, b, 8, &f));
    ck_assert(f.both == 1 && f.only_a == 2 && f.only_b == 2 && f.neither == 1);
    ck_assert(!accord_paired_flips(a, half, 3, &f));
    ck_assert(!accord_paired_flips(half, a, 3, &f));
    ck_assert(f.both + f.only_a + f.only_b + f.neither == 0);
    ck_assert(accord_paired_flips(NULL, NULL, 0, &f));
}
END_TEST

/* Newcombe 1998, Table III: method 10 of 36, 12, 2, 0. */
START_TEST(test_newcombes_interval_agrees_with_his_paper) {
    accord_stat s = accord_paired_shares(&(accord_flips){36, 12, 2, 0});

    near(s.mean, 0.2, 1e-15);
    near(s.lo, 0.0569, 5e-5);
    near(s.hi, 0.3404, 5e-5);
}
END_TEST

START_TEST(test_newcombes_interval_stays_within_what_is_possible) {
    for (size_t n = 1; n < 40; n += 6)
        for (size_t b = 0; b <= n; b++)
            for (size_t c = 0; b + c <= n; c++)
                for (size_t both = 0; b + c + both <= n; both++) {
                    accord_flips f = {both, b, c, n - b - c - both};
                    accord_stat s = accord_paired_shares(&f);
                    ck_assert(s.lo >= -1 && s.hi <= 1);
                    ck_assert(s.lo <= s.mean && s.mean <= s.hi);
                }
    accord_stat same = accord_paired_shares(&(accord_flips){30, 0, 0, 0});
    near(same.hi, 1 - 0.88648661, 5e-9);
    near(same.lo, -same.hi, 1e-12);
    unknown(accord_paired_shares(&(accord_flips){0, 0, 0, 0}).mean);
    unknown(accord_paired_shares(&(accord_flips){0, 1, 0, 0}).se);
}
END_TEST

START_TEST(test_paired_difference_keeps_the_covariance) {
    const double a[] = {1, 1, 0, 1, 0, 1, 1, 0, 1, 1};
    const double b[] = {1, 0, 0, 1, 0, 0, 1, 1, 1, 0};
    double d[10];
    accord_flips f;

    ck_assert_uint_eq(accord_paired_subtract(a, b, 10, d), 10);
    accord_paired_test t = accord_paired_mean(&(accord_pairs){.d = d, .n = 10});
    near(t.stat.mean, 0.2, 1e-15);
    near(t.stat.se, 0.2, 1e-15);
    near(t.p, 0.343436396137915, 1e-12); /* t = 1 of 9 degrees of freedom */
    near(t.stat.hi, 0.2 + 0.2 * 2.2621571628, 1e-9);
    ck_assert(accord_paired_flips(a, b, 10, &f));
    near(accord_paired_shares(&f).se, t.stat.se, 1e-15);
}
END_TEST

START_TEST(test_holes_are_passed_over) {
    const double d[] = {nan_, 1, nan_, 0, 0.5, nan_};
    const double whole[] = {1, 0, 0.5};
    const size_t cluster[] = {0, 1, 1, 3, 3, 4};
    accord_paired_test t = accord_paired_mean(&(accord_pairs){.d = d, .n = 6});
    accord_paired_test w = accord_paired_mean(&(accord_pairs){.d = whole, .n = 3});
    accord_clustered c;

    near(t.stat.mean, w.stat.mean, 0);
    near(t.p, w.p, 0);
    ck_assert_int_eq(accord_paired_clustered(&(accord_pairs){d, 6, cluster, 5}, &c, NULL),
                     ACCORD_OK);
    ck_assert_uint_eq(c.n_clusters, 2);
}
END_TEST

START_TEST(test_differences_that_are_all_alike_prove_nothing_by_their_spread) {
    const double same[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    const double none[] = {0, 0, 0, 0};
    const size_t cluster[] = {0, 0, 1, 1, 2, 2, 2};
    accord_clustered c;

    accord_paired_test t = accord_paired_mean(&(accord_pairs){.d = same, .n = 7});
    near(t.stat.mean, 0.1, 0);
    near(t.stat.se, 0, 0);
    unknown(t.p);
    t = accord_paired_mean(&(accord_pairs){.d = none, .n = 4});
    near(t.p, 1, 0);
    near(t.stat.hi, 0, 0);
    ck_assert_int_eq(
        accord_paired_clustered(&(accord_pairs){same, 7, cluster, 3}, &c, NULL),
        ACCORD_OK);
    near(c.test.stat.se, 0, 0);
    unknown(c.test.p);
    unknown(c.design_effect);
}
END_TEST

START_TEST(test_too_few_pairs_have_no_interval) {
    const double d[] = {nan_, 0.25};
    accord_paired_test t = accord_paired_mean(&(accord_pairs){.d = d, .n = 2});

    near(t.stat.mean, 0.25, 0);
    unknown(t.stat.se);
    unknown(t.p);
    t = accord_paired_mean(&(accord_pairs){.d = d, .n = 1});
    unknown(t.stat.mean);
    t = accord_paired_mean(&(accord_pairs){.d = NULL, .n = 0});
    unknown(t.stat.mean);
    unknown(t.stat.lo);
}
END_TEST

/* Inspect's form, and through it Miller's: it adds to the squares of the central limit
 * theorem what the other items of the same cluster say. */
START_TEST(test_clustered_error_agrees_with_exact_arithmetic) {
    const double s[] = {1, 1, 0, 1, 0, 0, 0, 0, 1, 1};
    const size_t cluster[] = {0, 0, 0, 1, 1, 2, 2, 2, 3, 3};
    accord_pairs pairs = {s, 10, cluster, 4};
    accord_clustered c;

    ck_assert_int_eq(accord_paired_clustered(&pairs, &c, NULL), ACCORD_OK);
    double clt = accord_paired_mean(&pairs).stat.se;
    double inspect = c.test.stat.se;
    near(c.test.stat.mean, 0.5, 1e-15);
    near(clt, 0.1666666667, 5e-11);
    near(inspect, 0.2160246899, 5e-11);
    near(sqrt(inspect * inspect * 3 / 4 + clt * clt / 10), 0.1943650632, 5e-11);
    near(c.design_effect, 1.68, 1e-12);
    near(c.test.stat.hi, 0.5 + 0.2160246899 * 3.182446305, 1e-9); /* 3 degrees */
    ck_assert_uint_eq(c.n_clusters, 4);
}
END_TEST

START_TEST(test_clusters_of_one_are_the_central_limit_theorem) {
    const double d[] = {1, 0.5, -1, 0, 0.25};
    accord_pairs pairs = {.d = d, .n = 5};
    accord_clustered c;

    ck_assert_int_eq(accord_paired_clustered(&pairs, &c, NULL), ACCORD_OK);
    near(c.test.stat.se, accord_paired_mean(&pairs).stat.se, 1e-15);
    near(c.design_effect, 1, 1e-12);
}
END_TEST

/* Each cluster has the mean of all: what rounding leaves is no standard error. */
START_TEST(test_clusters_that_balance_prove_nothing_by_their_spread) {
    const double d[] = {0.1, 0.2, 0.6, 0.2, 0.1, 0.6, 0.6, 0.2, 0.1};
    const size_t cluster[] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    accord_clustered c;

    ck_assert_int_eq(accord_paired_clustered(&(accord_pairs){d, 9, cluster, 3}, &c, NULL),
                     ACCORD_OK);
    near(c.test.stat.se, 0, 0);
    near(c.design_effect, 0, 0);
    unknown(c.test.p);
}
END_TEST

START_TEST(test_one_cluster_is_not_applicable) {
    const double d[] = {1, 0, 1, nan_};
    const size_t cluster[] = {1, 1, 1, 0};
    accord_clustered c;

    ck_assert_int_eq(accord_paired_clustered(&(accord_pairs){d, 4, cluster, 2}, &c, NULL),
                     ACCORD_OK);
    near(c.test.stat.mean, 2.0 / 3, 1e-15);
    ck_assert_uint_eq(c.n_clusters, 1);
    unknown(c.test.stat.se);
    unknown(c.test.p);
    unknown(c.design_effect);
    ck_assert_int_eq(accord_paired_clustered(&(accord_pairs){.d = d}, &c, NULL),
                     ACCORD_OK);
    unknown(c.test.stat.mean);
}
END_TEST

START_TEST(test_intervals_are_cut_to_what_is_possible) {
    accord_stat s = accord_stats_within((accord_stat){-0.9, 0.1, -1.0019, 2}, -1, 1);

    near(s.lo, -1, 0);
    near(s.hi, 1, 0);
    s = accord_stats_within((accord_stat){0, 0.1, nan_, 0.2}, -1, 1);
    unknown(s.lo);
    near(s.hi, 0.2, 0);
}
END_TEST

START_TEST(test_holm_agrees_with_published_values) {
    const double four[] = {0.01, 0.04, 0.03, 0.005};
    const double four_holm[] = {0.03, 0.06, 0.06, 0.02};
    const double five[] = {0.02, 0.02, 0.5, 0.001, 0.2};
    const double five_holm[] = {0.08, 0.08, 0.5, 0.005, 0.4};
    double out[5];

    ck_assert_int_eq(accord_multiple_holm(four, 4, out, NULL), ACCORD_OK);
    for (int i = 0; i < 4; i++)
        near(out[i], four_holm[i], 1e-15);
    ck_assert_int_eq(accord_multiple_holm(five, 5, out, NULL), ACCORD_OK);
    for (int i = 0; i < 5; i++)
        near(out[i], five_holm[i], 1e-15);
}
END_TEST

/* The 15 p-values of Benjamini and Hochberg 1995, section 4.2: four stay under 0.05. */
START_TEST(test_benjamini_and_hochberg_agree_with_their_paper) {
    const double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    double out[15];
    int found = 0;

    ck_assert_int_eq(accord_multiple_bh(p, 15, out, NULL), ACCORD_OK);
    for (int i = 0; i < 15; i++) {
        found += out[i] <= 0.05;
        ck_assert(i == 0 || out[i] >= out[i - 1]);
    }
    ck_assert_int_eq(found, 4);
    near(out[3], 15.0 / 4 * 0.0095, 1e-15);
    near(out[4], 15.0 / 5 * 0.0201, 1e-15);
    near(out[5], 15.0 / 7 * 0.0298, 1e-15); /* the seventh is lower */
}
END_TEST

START_TEST(test_unknown_p_values_stay_and_count) {
    double p[] = {0.01, nan_, 0.04};

    ck_assert_int_eq(accord_multiple_holm(p, 3, p, NULL), ACCORD_OK);
    near(p[0], 0.03, 1e-15);
    unknown(p[1]);
    near(p[2], 0.08, 1e-15);
    ck_assert_int_eq(accord_multiple_holm(NULL, 0, NULL, NULL), ACCORD_OK);
    double q[] = {0.04, nan_};
    ck_assert_int_eq(accord_multiple_bh(q, 2, q, NULL), ACCORD_OK);
    near(q[0], 0.08, 1e-15);
    unknown(q[1]);
}
END_TEST

/* Miller's example: 969 questions for 3 points at 80 % power. */
START_TEST(test_power_agrees_with_published_values) {
    const accord_power usual = {0.05, 0.8};

    near(accord_power_items(usual, 1.0 / 3, 0.03), 969, 0);
    near(accord_power_effect(usual, 0.4, 1319), 0.031, 0.0005);
    near(accord_power_effect(usual, 0.4, 100), 0.112, 0.0005);
    near(accord_power_effect(usual, 0.4, 30), 0.205, 0.0005);
    near(accord_power_chance(0.05, 1.0 / 3, 968.997, 0.03), 0.8, 1e-5);
    near(accord_power_chance(0.05, 1, 50, 0), 0.05, 1e-12);
    near(accord_power_chance(0.05, 1, 50, -0.4), accord_power_chance(0.05, 1, 50, 0.4),
         0);
    near(accord_power_shrink(0.2, 5, 0.1), 20, 0);
}
END_TEST

START_TEST(test_power_without_sense_is_unknown) {
    const accord_power usual = {0.05, 0.8};

    unknown(accord_power_effect(usual, 0.4, 0));
    unknown(accord_power_effect(usual, -1, 10));
    unknown(accord_power_items(usual, nan_, 0.1));
    unknown(accord_power_items(usual, 1, nan_));
    ck_assert(accord_power_items(usual, 1, 0) > 1e300);
    near(accord_power_items(usual, 0, 0.1), 1, 0);
    unknown(accord_power_chance(0.05, nan_, 10, 1));
    unknown(accord_power_shrink(0.1, 5, 0));
}
END_TEST

/* Two items of two replicates: means 0.5 and 3, replicate variances 0.5 and 2. */
START_TEST(test_variance_is_split_into_items_and_replicates) {
    const double x[] = {0, 1, 2, 4};
    const double holes[] = {0, 1, nan_, nan_, 2, 4, nan_, 7};
    const double once[] = {1, nan_, 2, nan_};
    accord_variance v = accord_power_variance(x, 2, 2);

    near(v.within, 1.25, 1e-15);
    near(v.between, 3.125 - 1.25 / 2, 1e-15);
    near(accord_power_sd(v, 2), sqrt(3.125), 1e-15);
    near(accord_power_sd(v, (double)INFINITY), sqrt(2.5), 1e-15);
    v = accord_power_variance(holes, 4, 2); /* means 0.5, 3, 7 */
    near(v.within, 1.25, 1e-15);
    near(v.between, (9 + 0.25 + 12.25) / 2 - 1.25 * 2 / 3, 1e-12);
    unknown(accord_power_variance(once, 2, 2).within);
    unknown(accord_power_variance(x, 1, 2).between);
}
END_TEST

START_TEST(test_variance_is_without_bias) {
    enum { ITEMS = 4000, SEEDS = 3 };
    static double x[ITEMS * SEEDS];
    uint64_t state = 11;

    for (int i = 0; i < ITEMS; i++) {
        double item = 2 * accord_rng_normal(&state);
        for (int j = 0; j < SEEDS; j++)
            x[i * SEEDS + j] = item + 3 * accord_rng_normal(&state);
    }
    accord_variance v = accord_power_variance(x, ITEMS, SEEDS);
    near(v.between, 4, 0.8); /* five standard errors */
    near(v.within, 9, 0.8);
}
END_TEST

START_TEST(test_pass_at_k_agrees_with_published_values) {
    near(accord_passk_any(10, 3, 1), 0.3, 1e-15);
    near(accord_passk_any(10, 3, 5), 0.916667, 5e-7);
    near(accord_passk_all(10, 3, 2), 3.0 / 45, 1e-15);
    near(accord_passk_all(10, 3, 4), 0, 0);
    near(accord_passk_any(10, 3, 8), 1, 0);
    near(accord_passk_any(10, 0, 10), 0, 0);
    near(accord_passk_all(10, 10, 10), 1, 0);
    unknown(accord_passk_any(10, 3, 11));
    unknown(accord_passk_all(10, 11, 2));
    unknown(accord_passk_any(0, 0, 1));
    near(accord_passk_any(100000, 50, 1), 0.0005, 1e-15);
}
END_TEST

static TCase *closed_forms(void) {
    TCase *tc = tcase_create("closed forms");

    tcase_add_loop_test(tc, test_normal_quantiles_agree_with_published_ones, 0, 6);
    tcase_add_test(tc, test_quantiles_at_the_ends_are_infinite_and_beyond_unknown);
    tcase_add_test(tc, test_student_agrees_with_its_closed_forms);
    tcase_add_test(tc, test_coins_agree_with_counting);
    tcase_add_loop_test(tc, test_mcnemar_agrees_with_exact_arithmetic, 0, 7);
    tcase_add_test(tc, test_mcnemar_has_its_asymptotic_forms);
    tcase_add_test(tc, test_flips_are_counted_over_holes_and_only_for_verdicts);
    tcase_add_test(tc, test_newcombes_interval_agrees_with_his_paper);
    tcase_add_test(tc, test_newcombes_interval_stays_within_what_is_possible);
    tcase_add_test(tc, test_paired_difference_keeps_the_covariance);
    tcase_add_test(tc, test_holes_are_passed_over);
    tcase_add_test(tc, test_differences_that_are_all_alike_prove_nothing_by_their_spread);
    tcase_add_test(tc, test_too_few_pairs_have_no_interval);
    tcase_add_test(tc, test_clustered_error_agrees_with_exact_arithmetic);
    tcase_add_test(tc, test_clusters_of_one_are_the_central_limit_theorem);
    tcase_add_test(tc, test_clusters_that_balance_prove_nothing_by_their_spread);
    tcase_add_test(tc, test_one_cluster_is_not_applicable);
    tcase_add_test(tc, test_intervals_are_cut_to_what_is_possible);
    return tc;
}

Suite *suite_paired(void) {
    Suite *s = suite_create("paired");
    TCase *tc = tcase_create("families and sizes");

    suite_add_tcase(s, closed_forms());
    tcase_add_test(tc, test_holm_agrees_with_published_values);
    tcase_add_test(tc, test_benjamini_and_hochberg_agree_with_their_paper);
    tcase_add_test(tc, test_unknown_p_values_stay_and_count);
    tcase_add_test(tc, test_power_agrees_with_published_values);
    tcase_add_test(tc, test_power_without_sense_is_unknown);
    tcase_add_test(tc, test_variance_is_split_into_items_and_replicates);
    tcase_add_test(tc, test_variance_is_without_bias);
    tcase_add_test(tc, test_pass_at_k_agrees_with_published_values);
    suite_add_tcase(s, tc);
    return s;
}
