/* check_stats.c - estimates and intervals.  Student's quantiles are those of published
 * tables, the one of 1,318 degrees by the expansion of Cornish and Fisher. */
#include <math.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "stats/stats.h"
#include "suites.h"

#define near(a, b, tolerance) \
    ck_assert_msg(fabs((a) - (b)) <= (tolerance), "%.12g is not %.12g", (double)(a), \
                  (double)(b))

START_TEST(test_wilson_agrees_with_published_values) {
    static const struct {
        double right;
        size_t n;
        double lo, hi;
    } rows[] = {
        {0, 30, 0, 0.11351339},
        {27, 30, 0.74378917, 0.96540011},
        {30, 30, 0.88648661, 1},
        {1121, 1319, 0.82959546, 0.86814499},
    };
    accord_stat s = accord_stats_wilson(rows[_i].right, rows[_i].n);

    near(s.lo, rows[_i].lo, 5e-9);
    near(s.hi, rows[_i].hi, 5e-9);
    near(s.mean, rows[_i].right / (double)rows[_i].n, 1e-15);
}
END_TEST

START_TEST(test_student_agrees_with_published_quantiles) {
    static const double rows[][2] = {
        {1, 12.7062047362}, {2, 4.30265272975},   {4, 2.7764451052}, {9, 2.26215716280},
        {30, 2.0422724563}, {1318, 1.9617655128}, {5e6, 1.95996398},
    };

    near(accord_stats_t975(rows[_i][0]), rows[_i][1], 2e-7);
}
END_TEST

START_TEST(test_mean_has_the_clt_error_and_the_t_interval) {
    /* Five of ten: the error is sqrt(2.5 / 90). */
    const double x[] = {1, 1, 0, 1, 0, 0, 0, 0, 1, 1};
    accord_stat s = accord_stats_mean(x, 10);

    near(s.mean, 0.5, 1e-15);
    near(s.se, 0.1666666667, 1e-10);
    near(s.hi, 0.5 + 2.26215716280 / 6, 1e-9);
    near(s.lo, 0.5 - 2.26215716280 / 6, 1e-9);
}
END_TEST

START_TEST(test_one_value_has_no_interval) {
    const double x[] = {3.5};
    accord_stat s = accord_stats_mean(x, 1);

    near(s.mean, 3.5, 0);
    ck_assert(isnan(s.se) && isnan(s.lo) && isnan(s.hi));
    ck_assert(isnan(accord_stats_mean(x, 0).mean));
    ck_assert(isnan(accord_stats_wilson(0, 0).mean));
}
END_TEST

START_TEST(test_zeros_and_ones_get_wilson_and_others_do_not) {
    const double shares[] = {0, 1, 1, 1};
    const double halves[] = {0, 0.5, 1, 1};

    near(accord_stats_score(shares, 4).lo, accord_stats_wilson(3, 4).lo, 0);
    near(accord_stats_score(halves, 4).lo, accord_stats_mean(halves, 4).lo, 0);
}
END_TEST

START_TEST(test_quantiles_interpolate) {
    const double x[] = {10, 20, 30, 40};

    near(accord_stats_quantile(x, 4, 0.5), 25, 1e-12);
    near(accord_stats_quantile(x, 4, 0.95), 38.5, 1e-12);
    near(accord_stats_quantile(x, 4, 1), 40, 0);
    near(accord_stats_quantile(x, 1, 0.3), 10, 0);
    ck_assert(isnan(accord_stats_quantile(x, 0, 0.5)));
}
END_TEST

/* x = item effect + seed effect: the variance of the mean is known. */
START_TEST(test_crossed_bootstrap_sees_items_and_seeds) {
    enum { ITEMS = 200, SEEDS = 20 };
    static double x[ITEMS * SEEDS];
    uint64_t state = 7;
    double seeds[SEEDS];
    accord_stat s, again;

    for (int i = 0; i < SEEDS; i++)
        seeds[i] = accord_rng_normal(&state);
    for (int i = 0; i < ITEMS; i++) {
        double item = accord_rng_normal(&state);
        for (int j = 0; j < SEEDS; j++)
            x[i * SEEDS + j] = item + seeds[j];
    }
    ck_assert_int_eq(accord_stats_crossed(x, ITEMS, SEEDS, 1, &s, NULL), ACCORD_OK);
    double expected = sqrt(pow(accord_stats_mean(seeds, SEEDS).se, 2) + 1.0 / ITEMS);
    near(s.se, expected, 0.1 * expected);
    ck_assert(s.lo < s.mean && s.mean < s.hi);
    near(s.hi - s.lo, 2 * 1.96 * s.se, 0.2 * s.se);
    ck_assert_int_eq(accord_stats_crossed(x, ITEMS, SEEDS, 1, &again, NULL), ACCORD_OK);
    near(s.lo, again.lo, 0);
    ck_assert_int_eq(accord_stats_crossed(x, ITEMS, SEEDS, 2, &again, NULL), ACCORD_OK);
    ck_assert(s.lo < again.lo || s.lo > again.lo);
}
END_TEST

START_TEST(test_crossed_bootstrap_needs_two_of_each_and_passes_over_gaps) {
    const double x[] = {1, (double)NAN, 0, 1, 1, 0};
    accord_stat s;

    ck_assert_int_eq(accord_stats_crossed(x, 6, 1, 1, &s, NULL), ACCORD_OK);
    near(s.mean, 0.6, 1e-15);
    ck_assert(isnan(s.lo));
    ck_assert_int_eq(accord_stats_crossed(x, 3, 2, 1, &s, NULL), ACCORD_OK);
    near(s.mean, 0.6, 1e-15);
    ck_assert(s.lo >= 0 && s.hi <= 1 && s.lo < s.hi);
}
END_TEST

/* The vote over the samples in `mask`, from its definition. */
static double vote(const uint64_t *answer, const double *score, unsigned n,
                   unsigned mask) {
    unsigned best = 0;
    double sum = 0;
    double drawn = 0;

    for (unsigned i = 0; i < n; i++) {
        unsigned votes = 0;
        if (!(mask >> i & 1) || answer[i] == 0)
            continue;
        for (unsigned k = 0; k < n; k++)
            votes += (mask >> k & 1) && answer[k] == answer[i];
        if (votes > best) {
            best = votes;
            sum = drawn = 0;
        }
        if (votes == best) { /* each tied answer comes `votes` times */
            sum += score[i] / votes;
            drawn += 1.0 / votes;
        }
    }
    return best ? sum / drawn : 0;
}

static void by_all_subsets(const uint64_t *answer, const double *score, unsigned n,
                           double *out) {
    double subsets[32] = {0};

    for (unsigned j = 0; j < n; j++)
        out[j] = 0;
    for (unsigned mask = 1; mask < 1u << n; mask++) {
        int j = __builtin_popcount(mask) - 1;
        out[j] += vote(answer, score, n, mask);
        subsets[j]++;
    }
    for (unsigned j = 0; j < n; j++)
        out[j] /= subsets[j];
}

START_TEST(test_majority_equals_the_mean_over_all_subsets) {
    uint64_t state = accord_rng_fold(5, (uint64_t)_i);
    uint64_t answer[10];
    double score[10], expected[10], found[10];
    unsigned n = 1 + (unsigned)accord_rng_below(&state, 10);

    for (unsigned i = 0; i < n; i++) {
        answer[i] = accord_rng_below(&state, 1 + (uint64_t)(_i % 7));
        score[i] = answer[i] == 2;
    }
    by_all_subsets(answer, score, n, expected);
    ck_assert_int_eq(accord_stats_majority(answer, score, n, 1, found, NULL), ACCORD_OK);
    for (unsigned j = 0; j < n; j++)
        near(found[j], expected[j], 1e-12);
}
END_TEST

START_TEST(test_a_tie_counts_half_and_silence_has_no_vote) {
    const uint64_t answer[] = {4, 5, 0, 0};
    const double score[] = {1, 0, 1, 1};
    double out[4];

    ck_assert_int_eq(accord_stats_majority(answer, score, 4, 1, out, NULL), ACCORD_OK);
    near(out[0], 0.25, 1e-15); /* the silent ones are worth nothing, whatever they say */
    near(out[3], 0.5, 1e-15);
}
END_TEST

/* 18 different answers have 2^18 vectors of counts, so subsets are drawn. */
START_TEST(test_large_pools_are_drawn_near_the_truth) {
    uint64_t answer[18];
    double score[18] = {0};
    double out[18], again[18];

    for (unsigned i = 0; i < 18; i++)
        answer[i] = i + 1;
    answer[1] = answer[0]; /* a pair wins once both are in: j (j - 1) / (18 * 17) */
    score[0] = score[1] = 1;
    ck_assert_int_eq(accord_stats_majority(answer, score, 18, 3, out, NULL), ACCORD_OK);
    near(out[0], 2.0 / 18, 1e-12);
    near(out[17], 1, 1e-9);
    /* at j = 9: both in, or one of them among nine equals, drawn with 1 in 9 */
    double both = 9.0 * 8 / (18 * 17);
    double one = 2 * (9.0 / 18) * (9.0 / 17);
    near(out[8], both + one / 9, 0.03);
    ck_assert_int_eq(accord_stats_majority(answer, score, 18, 3, again, NULL), ACCORD_OK);
    for (int j = 0; j < 18; j++)
        near(out[j], again[j], 0);
}
END_TEST

Suite *suite_stats(void) {
    Suite *s = suite_create("stats");
    TCase *tc = tcase_create("interval");

    tcase_add_loop_test(tc, test_wilson_agrees_with_published_values, 0, 4);
    tcase_add_loop_test(tc, test_student_agrees_with_published_quantiles, 0, 7);
    tcase_add_test(tc, test_mean_has_the_clt_error_and_the_t_interval);
    tcase_add_test(tc, test_one_value_has_no_interval);
    tcase_add_test(tc, test_zeros_and_ones_get_wilson_and_others_do_not);
    tcase_add_test(tc, test_quantiles_interpolate);
    tcase_add_test(tc, test_crossed_bootstrap_sees_items_and_seeds);
    tcase_add_test(tc, test_crossed_bootstrap_needs_two_of_each_and_passes_over_gaps);
    suite_add_tcase(s, tc);
    tc = tcase_create("majority");
    tcase_add_loop_test(tc, test_majority_equals_the_mean_over_all_subsets, 0, 60);
    tcase_add_test(tc, test_a_tie_counts_half_and_silence_has_no_vote);
    tcase_add_test(tc, test_large_pools_are_drawn_near_the_truth);
    suite_add_tcase(s, tc);
    return s;
}
