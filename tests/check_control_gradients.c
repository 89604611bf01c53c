/* check_control_gradients.c - the solver: which weight each view gets. */
#include <math.h>
#include <string.h>

#include <accord/rng.h>

#include "control_suites.h"
#include "gradients_reference.h"
#include "options.h"

/* A worked example: gradients of lengths 4.898979, 2 and 5. */
static const float example[3][4] = {{4, 2, 0, -2}, {1, -1, 1, -1}, {-2, 1, 2, -4}};

static control_combined solve(int32_t gas, int32_t sgs, double lambda, float out[4]) {
    control_combine how = CONTROL_COMBINE;
    control_combined info;

    how.gas = gas;
    how.sgs = sgs;
    how.lambda = lambda;
    ck_assert_int_eq(
        control_combine_gradients(&how, &example[0][0], 4, 3, 4, NULL, out, &info), 1);
    return info;
}

static double cosine_with(const float row[4], const float out[4]) {
    double dot = 0, a = 0, b = 0;

    for (int k = 0; k < 4; k++) {
        dot += (double)row[k] * (double)out[k];
        a += (double)row[k] * (double)row[k];
        b += (double)out[k] * (double)out[k];
    }
    return dot / sqrt(a * b);
}

/* Six digits, as printed in the source of the vectors. */
#define ck_printed(x, y) ck_assert_double_eq_tol(x, y, 1e-6)

static const struct {
    int32_t gas;
    double weight[3], cosines;
} solutions[] = {
    {CONTROL_GAS_COSINE, {0.225770, 0.553021, 0.221209}, 2.140046},
    {CONTROL_GAS_NONE, {1.0 / 3, 1.0 / 3, 1.0 / 3}, 2.091551},
    {CONTROL_GAS_AGREEMENT, {0.422535, 0.154930, 0.422535}, 2.018347},
    {CONTROL_GAS_COS_AGREEMENT, {0.325320, 0.372997, 0.301684}, 2.106008},
};

START_TEST(test_weights_of_the_example) {
    float out[4];
    control_combined info = solve(solutions[_i].gas, CONTROL_SGS_NONE, 1, out);
    double cosines = 0;

    for (int i = 0; i < 3; i++) {
        ck_printed(info.weight[i], solutions[_i].weight[i]);
        cosines += cosine_with(example[i], out);
    }
    ck_printed(cosines, solutions[_i].cosines);
    ck_printed(info.norm[0], 4.898979);
    ck_printed(info.norm[1], 2);
    ck_printed(info.norm[2], 5);
    ck_printed(info.norm_ratio, 2.5);
}
END_TEST

START_TEST(test_the_example_in_closed_form) {
    static const double want[] = {1.013684, 0.119727, 0.995439, -1.889396};
    static const double cosine[] = {.696199, .798230, .645617};
    float out[4];

    solve(CONTROL_GAS_COSINE, CONTROL_SGS_NONE, 1, out);
    for (int k = 0; k < 4; k++)
        ck_printed((double)out[k], want[k]);
    for (int i = 0; i < 3; i++)
        ck_printed(cosine_with(example[i], out), cosine[i]);
}
END_TEST

START_TEST(test_maxmin_of_the_example) {
    static const double point[] = {.373694, .225976, .400330};
    float out[4];
    control_combined info = solve(CONTROL_GAS_MAXMIN, CONTROL_SGS_NONE, 1, out);
    double v[3], sum = 0;

    for (int i = 0; i < 3; i++)
        sum += v[i] = info.weight[i] * info.norm[i];
    for (int i = 0; i < 3; i++) {
        ck_printed(v[i] / sum, point[i]);
        ck_printed(cosine_with(example[i], out), .706141);
    }
}
END_TEST

static const struct {
    int32_t sgs;
    double lambda, want[4];
} cuts[] = {
    {CONTROL_SGS_HARD, 0, {0, 0, .995439, -1.889396}},
    {CONTROL_SGS_SCALE, .5, {.506842, .059864, .995439, -1.889396}},
    {CONTROL_SGS_VOTE, 0, {.337895, .039909, .995439, -1.889396}},
    {CONTROL_SGS_VOTE, .5, {.506842, .059864, .995439, -1.889396}},
    {CONTROL_SGS_PURITY, 0, {.541241, .011694, .995439, -1.889396}},
};

START_TEST(test_cuts_of_the_example) {
    float out[4];
    control_combined info = solve(CONTROL_GAS_COSINE, cuts[_i].sgs, cuts[_i].lambda, out);

    for (int k = 0; k < 4; k++)
        ck_printed((double)out[k], cuts[_i].want[k]);
    ck_printed(info.conflict, 0.5);
}
END_TEST

START_TEST(test_names) {
    ck_assert_int_eq(control_gas_find("none"), CONTROL_GAS_NONE);
    ck_assert_int_eq(control_gas_find("cosine"), CONTROL_GAS_COSINE);
    ck_assert_int_eq(control_gas_find("agreement"), CONTROL_GAS_AGREEMENT);
    ck_assert_int_eq(control_gas_find("cos_agreement"), CONTROL_GAS_COS_AGREEMENT);
    ck_assert_int_eq(control_gas_find("maxmin"), CONTROL_GAS_MAXMIN);
    ck_assert_int_eq(control_gas_find("vote"), -1);
    ck_assert_int_eq(control_sgs_find("none"), CONTROL_SGS_NONE);
    ck_assert_int_eq(control_sgs_find("vote"), CONTROL_SGS_VOTE);
    ck_assert_int_eq(control_sgs_find("agr_rand"), CONTROL_SGS_AGR_RAND);
    ck_assert_int_eq(control_sgs_find(""), -1);
}
END_TEST

/* The options list the names once more: one that is not known would be no solver. */
START_TEST(test_every_choice_is_known) {
    int n = 0;

    for (const char *const *name = control_gas_choices; *name; name++, n++)
        ck_assert_msg(control_gas_find(*name) >= 0, "%s", *name);
    ck_assert_int_eq(n, CONTROL_GAS_MAXMIN + 1);
    n = 0;
    for (const char *const *name = control_sgs_choices; *name; name++, n++)
        ck_assert_msg(control_sgs_find(*name) >= 0, "%s", *name);
    ck_assert_int_eq(n, CONTROL_SGS_AGR_RAND + 1);
}
END_TEST

static const size_t sizes[] = {1, 2, 3, 17, 255, 256, 257, 1000, 5003};
enum { N_SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static void compare_weights(const rows *r, int32_t gas) {
    control_combine how = {.gas = gas};
    double weight[CONTROL_MAX_VIEWS];
    control_combined info = rows_combine(r, how, NULL);

    reference_weights(r, gas, weight);
    for (uint32_t i = 0; i < r->n; i++)
        ck_assert_double_eq_tol(info.weight[i], weight[i], 1e-9);
    for (uint32_t i = r->n; i < CONTROL_MAX_VIEWS; i++)
        ck_assert(info.weight[i] == 0.0);
}

/* In one dimension cosines are 1 and -1, and their sum may be nothing but rounding. */
START_TEST(test_weights_are_the_formulas) {
    for (uint32_t n = 2; n <= CONTROL_MAX_VIEWS; n++) {
        for (size_t s = 2; s < N_SIZES; s++) {
            rows r = rows_make(n, sizes[s], 6, 100 * n + s);
            compare_weights(&r, CONTROL_GAS_NONE);
            compare_weights(&r, CONTROL_GAS_COSINE);
            compare_weights(&r, CONTROL_GAS_AGREEMENT);
            compare_weights(&r, CONTROL_GAS_COS_AGREEMENT);
            rows_free(&r);
        }
    }
}
END_TEST

START_TEST(test_norms_and_cosines) {
    for (uint32_t n = 1; n <= CONTROL_MAX_VIEWS; n++) {
        rows r = rows_make(n, sizes[n], 3, n);
        control_combined info = rows_combine(&r, (control_combine)CONTROL_COMBINE, NULL);
        double least = HUGE_VAL, most = 0;
        for (uint32_t i = 0; i < n; i++) {
            double norm = sqrt(reference_inner(&r, i, i));
            least = fmin(least, norm);
            most = fmax(most, norm);
            ck_assert_double_eq_tol(info.norm[i], norm, 1e-12 * norm);
            for (uint32_t j = 0; j < n; j++)
                ck_assert_double_eq_tol(info.cosine[i][j] * norm * info.norm[j],
                                        reference_inner(&r, i, j),
                                        1e-12 * norm * info.norm[j]);
        }
        ck_assert_double_eq_tol(info.norm_ratio, most / least, 1e-9 * most / least);
        ck_assert_uint_eq(info.n, n);
        rows_free(&r);
    }
}
END_TEST

/* Cosine of every row with the sum of the rows times weight[]; the least of them. */
static double cosines(const rows *r, const double weight[], double cosine[]) {
    double length = 0, least = HUGE_VAL;

    for (uint32_t i = 0; i < r->n; i++)
        for (uint32_t j = 0; j < r->n; j++)
            length += weight[i] * weight[j] * reference_inner(r, i, j);
    for (uint32_t i = 0; i < r->n; i++) {
        cosine[i] = 0;
        for (uint32_t j = 0; j < r->n; j++)
            cosine[i] += weight[j] * reference_inner(r, i, j);
        cosine[i] /= sqrt(length * reference_inner(r, i, i));
        least = fmin(least, cosine[i]);
    }
    return least;
}

static void random_weights(const rows *r, uint64_t *rng, double weight[]) {
    for (uint32_t i = 0; i < r->n; i++)
        weight[i] = -log(1 - accord_rng_uniform(rng)) / sqrt(reference_inner(r, i, i));
}

START_TEST(test_maxmin_is_the_best_worst_cosine) {
    uint32_t idle = 0;

    for (uint64_t seed = 1; seed <= 40; seed++) {
        rows r = rows_make(2 + seed % 7, 30, 3, seed);
        for (size_t k = 0; k < r.size && seed % 2;
             k++) /* rows that have much in common */
            for (uint32_t i = 1; i < r.n; i++)
                r.g[i * r.stride + k] += (float)i * r.g[k];
        control_combined info =
            rows_combine(&r, (control_combine){.gas = CONTROL_GAS_MAXMIN}, NULL);
        double cosine[CONTROL_MAX_VIEWS], weight[CONTROL_MAX_VIEWS];
        double least = cosines(&r, info.weight, cosine);
        for (uint32_t i = 0; i < r.n; i++) {
            ck_assert(info.weight[i] >= 0);
            if (info.weight[i] > 0)
                ck_assert_double_eq_tol(cosine[i], least, 1e-6);
            idle += info.weight[i] == 0;
        }
        uint64_t rng = seed;
        for (int trial = 0; trial < 300; trial++) {
            random_weights(&r, &rng, weight);
            ck_assert(cosines(&r, weight, cosine) <= least + 1e-9);
        }
        rows_free(&r);
    }
    ck_assert_uint_gt(idle, 0); /* the trials held some views that do not count */
}
END_TEST

START_TEST(test_cosine_is_the_best_sum_of_cosines) {
    for (uint64_t seed = 1; seed <= 20; seed++) {
        rows r = rows_make(2 + seed % 7, 30, 3, seed);
        control_combined info =
            rows_combine(&r, (control_combine){.gas = CONTROL_GAS_COSINE}, NULL);
        double cosine[CONTROL_MAX_VIEWS], weight[CONTROL_MAX_VIEWS], best = 0;
        cosines(&r, info.weight, cosine);
        for (uint32_t i = 0; i < r.n; i++)
            best += cosine[i];
        uint64_t rng = seed;
        for (int trial = 0; trial < 300; trial++) {
            double sum = 0;
            random_weights(&r, &rng, weight);
            cosines(&r, weight, cosine);
            for (uint32_t i = 0; i < r.n; i++)
                sum += cosine[i];
            ck_assert(sum <= best + 1e-9);
        }
        rows_free(&r);
    }
}
END_TEST

START_TEST(test_a_view_of_zeros_is_no_direction) {
    static const float g[3][3] = {{3, 0, 4}, {0, 0, 0}, {0, 1, 0}};
    static const int32_t gas[] = {CONTROL_GAS_COSINE, CONTROL_GAS_AGREEMENT,
                                  CONTROL_GAS_COS_AGREEMENT, CONTROL_GAS_MAXMIN};
    control_combine how = {.gas = gas[_i], .sgs = CONTROL_SGS_VOTE};
    control_combined info, without;
    float out[3], expected[3], two[2][3];

    memcpy(two[0], g[0], sizeof(two[0]));
    memcpy(two[1], g[2], sizeof(two[1]));
    control_combine_gradients(&how, &g[0][0], 3, 3, 3, NULL, out, &info);
    control_combine_gradients(&how, &two[0][0], 3, 2, 3, NULL, expected, &without);
    ck_assert_mem_eq(out, expected, sizeof(out));
    ck_assert(info.weight[1] == 0 && info.weight[0] == without.weight[0]);
    ck_assert(isnan(info.norm_ratio) && isnan(info.cosine[0][1]) && info.norm[1] == 0);
}
END_TEST

START_TEST(test_twins_share_their_weight) {
    static const float g[3][3] = {{1, 0, 0}, {1, 0, 0}, {0, 2, 0}};
    control_combine how = {.gas = CONTROL_GAS_MAXMIN};
    control_combined info;
    float out[3];

    control_combine_gradients(&how, &g[0][0], 3, 3, 3, NULL, out, &info);
    ck_assert_double_eq_tol(info.weight[0], info.weight[1], 1e-6);
    ck_assert_double_eq_tol((double)out[0], (double)out[1], 1e-6);
}
END_TEST

/* Three views that point away from each other: no direction suits all. */
START_TEST(test_maxmin_of_views_around_the_origin_is_no_step) {
    static const float g[3][2] = {{0, 3}, {0.8660254f, -0.5f}, {-8.660254f, -5}};
    control_combine how = {.gas = CONTROL_GAS_MAXMIN};
    control_combined info;
    float out[2];

    control_combine_gradients(&how, &g[0][0], 2, 3, 2, NULL, out, &info);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq_tol(info.weight[i] * info.norm[i],
                                info.weight[0] * info.norm[0], 1e-6);
    ck_assert(out[0] == 0 && out[1] == 0 && info.length == 0);
}
END_TEST

Suite *suite_control_gradients(void) {
    Suite *s = suite_create("control_gradients");
    TCase *t = tcase_create("solver");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_names);
    tcase_add_test(t, test_every_choice_is_known);
    tcase_add_loop_test(t, test_weights_of_the_example, 0, 4);
    tcase_add_test(t, test_the_example_in_closed_form);
    tcase_add_test(t, test_maxmin_of_the_example);
    tcase_add_loop_test(t, test_cuts_of_the_example, 0, 5);
    tcase_add_test(t, test_weights_are_the_formulas);
    tcase_add_test(t, test_norms_and_cosines);
    tcase_add_test(t, test_maxmin_is_the_best_worst_cosine);
    tcase_add_test(t, test_cosine_is_the_best_sum_of_cosines);
    tcase_add_loop_test(t, test_a_view_of_zeros_is_no_direction, 0, 4);
    tcase_add_test(t, test_twins_share_their_weight);
    tcase_add_test(t, test_maxmin_of_views_around_the_origin_is_no_step);
    suite_add_tcase(s, t);
    return s;
}
