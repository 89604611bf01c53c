/* check_control_surgery.c - what happens to the components on which views disagree. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "control_suites.h"
#include "gradients_reference.h"

enum { N_GAS = CONTROL_GAS_MAXMIN + 1, N_SGS = CONTROL_SGS_AGR_RAND + 1 };

/* The largest size is several blocks and a part of one. */
static const size_t sizes[] = {2, 3, 17, 255, 256, 257, 1000, 5003};
enum { N_SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* As close as sums of floats of that size are. */
static void ck_close(double x, double y, double size) {
    ck_assert_msg(fabs(x - y) <= 2e-6 * size, "%.9g instead of %.9g", x, y);
}

static void compare(const rows *r, control_combine how) {
    control_combined want, info = rows_combine(r, how, NULL);

    reference_surgery(r, &how, info.weight, &want);
    for (size_t k = 0; k < r->size; k++)
        ck_close((double)r->out[k], r->want[k], r->parts[k]);
    ck_assert_double_eq_tol(info.conflict, want.conflict, 1e-12);
    ck_assert_double_eq_tol(info.mask, want.mask, 2e-6);
    ck_assert_double_eq_tol(info.length, want.length, 1e-5 * (1 + want.length));
    ck_assert(info.scale == 1);
}

START_TEST(test_surgery_is_its_formula) {
    static const double lambdas[] = {0, 0.3, 0.5, 1}, powers[] = {0.5, 1, 2, 7};
    control_combine how = {.sgs = _i};

    ck_assert(how.sgs < CONTROL_SGS_PCGRAD);
    for (uint32_t n = 2; n <= CONTROL_MAX_VIEWS; n++) {
        for (size_t s = 0; s < N_SIZES; s++) {
            /* In 2 or 3 dimensions some sum of the views is 0, and maxmin finds it. */
            how.gas = (int32_t)((n + s) % (s < 2 ? CONTROL_GAS_MAXMIN : N_GAS));
            how.lambda = lambdas[(n + s / 2) % 4];
            how.power = powers[(n / 2 + s) % 4];
            how.tau = 0.1 * (double)s;
            how.kappa = 0.3 + n;
            rows r = rows_make(n, sizes[s], 2, 100 * n + s);
            compare(&r, how);
            rows_free(&r);
        }
    }
}
END_TEST

/* Not one view alone, of which there is always a copy. */
START_TEST(test_one_view_stays_as_it_is) {
    rows r = rows_make(1, 300, 0, 7);
    uint64_t rng = 1;

    r.g[0] = -0.0f;
    r.g[1] = 1e-45f;
    r.g[2] = 3e38f;
    for (int32_t how = 0; how < N_GAS * N_SGS; how++) {
        control_combine c = {.gas = how % N_GAS, .sgs = how / N_GAS, .scale = how % 2};
        control_combined info = rows_combine(&r, c, &rng);
        ck_assert_mem_eq(r.out, r.g, r.size * sizeof(float));
        ck_assert(info.n == 1 && info.weight[0] == 1 && info.mask == 1);
        ck_assert(info.conflict == 0 && info.norm_ratio == 1 && info.length == 1);
    }
    ck_assert_uint_eq(rng, 1);
    rows_free(&r);
}
END_TEST

START_TEST(test_agreeing_views_are_not_cut) {
    static const int32_t sgs[] = {CONTROL_SGS_HARD,   CONTROL_SGS_SCALE,
                                  CONTROL_SGS_VOTE,   CONTROL_SGS_PURITY,
                                  CONTROL_SGS_PCGRAD, CONTROL_SGS_AGR_RAND};
    rows r = rows_make(4, 700, 0, 7);
    uint64_t rng = 1;

    for (uint32_t i = 1; i < 4; i++)
        for (size_t k = 0; k < r.size; k++)
            r.g[i * r.stride + k] = (float)(1 << i) * r.g[k];
    for (int32_t gas = 0; gas < N_GAS; gas++) {
        control_combine how = {.gas = gas, .sgs = sgs[_i], .lambda = 0.1, .power = 1};
        control_combined info = rows_combine(&r, how, &rng);
        double factor = 0;
        for (uint32_t i = 0; i < 4; i++)
            factor += info.weight[i] * (1 << i);
        for (size_t k = 0; k < r.size; k++)
            ck_close((double)r.out[k], factor * (double)r.g[k], fabs((double)r.out[k]));
        ck_assert(info.conflict == 0);
        ck_assert(isnan(info.mask) || fabs(info.mask - 1) < 1e-6);
    }
    rows_free(&r);
}
END_TEST

START_TEST(test_a_scaled_view_keeps_the_direction) {
    rows r = rows_make(3, 600, 1, 3);
    control_combine how = CONTROL_COMBINE;
    float before[600];
    double dot = 0, a = 0, b = 0;

    rows_combine(&r, how, NULL);
    memcpy(before, r.out, sizeof(before));
    for (size_t k = 0; k < r.size; k++)
        r.g[r.stride + k] *= 37.0f;
    rows_combine(&r, how, NULL);
    for (size_t k = 0; k < r.size; k++) {
        dot += (double)before[k] * (double)r.out[k];
        a += (double)before[k] * (double)before[k];
        b += (double)r.out[k] * (double)r.out[k];
    }
    ck_assert_double_eq_tol(dot / sqrt(a * b), 1, 1e-9);
    rows_free(&r);
}
END_TEST

/* Rows in another order give the same, up to the rounding of sums. */
START_TEST(test_the_order_of_views_does_not_matter) {
    control_combine how = {.sgs = _i, .lambda = 0.2, .power = 1, .tau = 0.2, .kappa = 3};

    for (how.gas = 0; how.gas < N_GAS; how.gas++) {
        rows r = rows_make(5, 700, 2, 11), s = rows_make(5, 700, 2, 11);
        for (uint32_t i = 0; i < 5; i++)
            memcpy(s.g + i * s.stride, r.g + (i * 2 + 3) % 5 * r.stride,
                   r.size * sizeof(float));
        control_combined a = rows_combine(&r, how, NULL), b = rows_combine(&s, how, NULL);
        reference_surgery(&r, &how, a.weight, &(control_combined){0});
        for (size_t k = 0; k < r.size; k++)
            ck_close((double)r.out[k], (double)s.out[k], r.parts[k]);
        for (uint32_t i = 0; i < 5; i++)
            ck_assert_double_eq_tol(b.weight[i], a.weight[(i * 2 + 3) % 5], 1e-9);
        ck_assert(a.conflict == b.conflict);
        rows_free(&r);
        rows_free(&s);
    }
}
END_TEST

START_TEST(test_lambda_1_is_no_surgery) {
    rows r = rows_make(4, 700, 2, 5);
    float plain[700];

    rows_combine(&r, (control_combine){.gas = CONTROL_GAS_COSINE}, NULL);
    memcpy(plain, r.out, sizeof(plain));
    for (int32_t sgs = CONTROL_SGS_SCALE; sgs <= CONTROL_SGS_VOTE; sgs++) {
        control_combine how = {CONTROL_GAS_COSINE, sgs, 0, .lambda = 1, .power = 2};
        control_combined info = rows_combine(&r, how, NULL);
        ck_assert_mem_eq(r.out, plain, sizeof(plain));
        ck_assert(info.mask == 1 && info.conflict > 0.3);
    }
    rows_free(&r);
}
END_TEST

START_TEST(test_lambda_0_and_a_large_power_are_agr_sum) {
    rows r = rows_make(4, 700, 2, 5);
    float hard[700];
    control_combine how = {.gas = CONTROL_GAS_NONE, .sgs = CONTROL_SGS_HARD};
    control_combined a = rows_combine(&r, how, NULL);

    memcpy(hard, r.out, sizeof(hard));
    how.sgs = CONTROL_SGS_VOTE;
    how.power = 1e6;
    control_combined b = rows_combine(&r, how, NULL);
    for (size_t k = 0; k < r.size; k++)
        ck_assert(r.out[k] == hard[k]);
    ck_assert(a.mask == b.mask && a.mask == 1 - a.conflict);
    rows_free(&r);
}
END_TEST

START_TEST(test_zeros_are_no_votes) {
    static const float g[3][4] = {{1, 0, 0, -3}, {0, 0, 2, 0}, {3, -0.0f, -2, 0}};
    control_combine how = {.gas = CONTROL_GAS_NONE, .sgs = CONTROL_SGS_HARD};
    control_combined info;
    float out[4];

    control_combine_gradients(&how, &g[0][0], 4, 3, 4, NULL, out, &info);
    ck_assert_double_eq_tol((double)out[0], 4.0 / 3, 1e-6);
    ck_assert(out[1] == 0 && out[2] == 0);
    ck_assert_double_eq_tol((double)out[3], -1, 1e-6);
    ck_assert_double_eq_tol(info.conflict, 1.0 / 3, 1e-12); /* of 3: one has no member */
    ck_assert_double_eq_tol(info.mask, 2.0 / 3, 1e-6);
}
END_TEST

/* A view with weight 0 has no say in surgery either: here v is inside of the cone of the
 * others. */
START_TEST(test_a_view_without_weight_has_no_vote) {
    static const float g[3][2] = {{1, 0.2f}, {0.2f, 1}, {1, 1}};
    control_combine how = {.gas = CONTROL_GAS_MAXMIN, .sgs = CONTROL_SGS_HARD};
    control_combined info;
    float out[2];

    control_combine_gradients(&how, &g[0][0], 2, 3, 2, NULL, out, &info);
    ck_assert(info.weight[2] == 0 && info.conflict == 0);
    ck_assert_double_eq_tol((double)out[0], 0.6, 1e-6);
}
END_TEST

START_TEST(test_opposite_views_give_nothing) {
    rows r = rows_make(2, 300, 0, 9);
    uint64_t rng = 1;

    for (size_t k = 0; k < r.size; k++)
        r.g[r.stride + k] = (_i ? -3.7f : -1.0f) * r.g[k];
    for (int32_t how = 0; how < N_GAS * N_SGS; how++) {
        control_combine c = {how % N_GAS,   how / N_GAS, CONTROL_SCALE_MEAN_NORM,
                             .lambda = 0.5, .power = 1,  .tau = 0.5,
                             .kappa = 10};
        if (_i && (c.gas == CONTROL_GAS_NONE || c.gas == CONTROL_GAS_AGREEMENT))
            continue; /* they leave magnitudes alone, so these do not cancel */
        control_combined info = rows_combine(&r, c, &rng);
        for (size_t k = 0; k < r.size; k++)
            ck_assert(r.out[k] == 0);
        ck_assert(isfinite(info.scale) && (_i ? info.length == 0 : isnan(info.length)));
        ck_assert(info.conflict == 1 || info.weight[0] == 0);
    }
    rows_free(&r);
}
END_TEST

START_TEST(test_the_mean_norm_is_kept) {
    rows r = rows_make(3, 500, 3, 4);
    control_combine how = {.gas = CONTROL_GAS_COSINE};
    control_combined a = rows_combine(&r, how, NULL);
    float plain = r.out[7];
    double norms = 0, inverse = 0;

    for (int i = 0; i < 3; i++) {
        norms += a.norm[i] / 3;
        inverse += 1 / a.norm[i];
    }
    how.scale = CONTROL_SCALE_MEAN_NORM;
    control_combined b = rows_combine(&r, how, NULL);
    ck_assert_double_eq_tol(b.scale, norms * inverse / 3, 1e-9 * b.scale);
    ck_assert_double_eq_tol((double)r.out[7], b.scale * (double)plain,
                            1e-6 * fabs((double)r.out[7]));
    how.gas = CONTROL_GAS_NONE;
    ck_assert_double_eq_tol(rows_combine(&r, how, NULL).scale, 1, 1e-12);
    rows_free(&r);
}
END_TEST

static const float bad[] = {NAN, INFINITY, -INFINITY};

START_TEST(test_views_that_are_not_finite_do_not_count) {
    rows r = rows_make(5, 700, 2, 6), rest = rows_make(3, 700, 2, 6);
    control_combine how = {
        .gas = CONTROL_GAS_COSINE, .sgs = CONTROL_SGS_VOTE, .lambda = 0.2, .power = 1};

    memcpy(rest.g, r.g + r.stride, r.size * sizeof(float));
    memcpy(rest.g + rest.stride, r.g + 2 * r.stride, r.size * sizeof(float));
    memcpy(rest.g + 2 * rest.stride, r.g + 4 * r.stride, r.size * sizeof(float));
    r.g[699] = bad[_i];
    r.g[3 * r.stride] = bad[_i];
    control_combined info = rows_combine(&r, how, NULL);
    control_combined want = rows_combine(&rest, how, NULL);
    ck_assert_mem_eq(r.out, rest.out, r.size * sizeof(float));
    ck_assert(info.n == 3 && info.dropped == 2 && want.dropped == 0);
    ck_assert(info.weight[0] == 0 && isnan(info.norm[0]) && isnan(info.cosine[3][4]));
    ck_assert(info.weight[4] == want.weight[2] && info.cosine[1][4] == want.cosine[0][2]);
    ck_assert(info.mask == want.mask && info.conflict == want.conflict);
    rows_free(&r);
    rows_free(&rest);
}
END_TEST

START_TEST(test_one_finite_view_is_copied_and_none_is_zero) {
    rows r = rows_make(2, 300, 0, 6);
    control_combine how = CONTROL_COMBINE;
    control_combined info;

    r.g[5] = bad[_i];
    info = rows_combine(&r, how, NULL);
    ck_assert_mem_eq(r.out, r.g + r.stride, r.size * sizeof(float));
    ck_assert(info.n == 1 && info.dropped == 1 && info.weight[1] == 1);
    r.g[r.stride + 299] = bad[_i];
    ck_assert_int_eq(
        control_combine_gradients(&how, r.g, r.stride, 2, r.size, NULL, r.out, &info), 0);
    for (size_t k = 0; k < r.size; k++)
        ck_assert(r.out[k] == 0);
    ck_assert(info.n == 0 && info.dropped == 2 && isnan(info.norm_ratio));
    rows_free(&r);
}
END_TEST

START_TEST(test_huge_and_tiny_gradients) {
    rows r = rows_make(3, 300, 0, 8);
    control_combine how = {
        .gas = CONTROL_GAS_COSINE, .sgs = CONTROL_SGS_VOTE, .lambda = 0.2, .power = 1};

    for (size_t k = 0; k < r.size; k++) {
        r.g[k] *= 1e37f; /* squares are beyond a float */
        r.g[r.stride + k] *= 1e-30f;
    }
    control_combined info = rows_combine(&r, how, NULL);
    for (size_t k = 0; k < r.size; k++)
        ck_assert(isfinite(r.out[k]));
    ck_assert(info.n == 3 && info.norm_ratio > 1e66 && info.norm_ratio < 1e68);
    ck_assert(info.length > 0);
    rows_free(&r);
}
END_TEST

/* A projection, done on the vectors: g[i] without what points against g[j]. */
static void project(double g[], const rows *r, const double weight[], uint32_t j) {
    double inner = 0, square = 0;

    for (size_t k = 0; k < r->size; k++) {
        double other = weight[j] * (double)r->g[j * r->stride + k];
        inner += g[k] * other;
        square += other * other;
    }
    for (size_t k = 0; k < r->size && inner < 0; k++)
        g[k] -= inner / square * weight[j] * (double)r->g[j * r->stride + k];
}

/* PCGrad of three views; bit i of `orders` is the order in which view i meets the other
 * two. */
static void pcgrad(const rows *r, const double weight[], int orders, double sum[]) {
    memset(sum, 0, r->size * sizeof(double));
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t j[2] = {(i + 1) % 3, (i + 2) % 3};
        double g[64];
        for (size_t k = 0; k < r->size; k++)
            g[k] = weight[i] * (double)r->g[i * r->stride + k];
        project(g, r, weight, j[orders >> i & 1]);
        project(g, r, weight, j[!(orders >> i & 1)]);
        for (size_t k = 0; k < r->size; k++)
            sum[k] += g[k];
    }
}

static bool is_result(const rows *r, const double want[]) {
    for (size_t k = 0; k < r->size; k++)
        if (fabs((double)r->out[k] - want[k]) > 1e-5)
            return false;
    return true;
}

START_TEST(test_pcgrad_projects_in_a_random_order) {
    static const int32_t gas[] = {CONTROL_GAS_NONE, CONTROL_GAS_COSINE,
                                  CONTROL_GAS_AGREEMENT};
    control_combine how = {.gas = gas[_i], .sgs = CONTROL_SGS_PCGRAD};
    rows r = rows_make(3, 6, 0, 26);
    uint32_t seen = 0;
    double want[64];
    uint64_t rng = 3;

    for (size_t k = 0; k < 6; k++) /* all three point against each other */
        r.g[2 * r.stride + k] =
            -0.7f * r.g[k] - 0.8f * r.g[r.stride + k] + 0.3f * r.g[2 * r.stride + k];
    for (int trial = 0; trial < 100; trial++) {
        control_combined info = rows_combine(&r, how, &rng);
        bool found = false;
        for (int orders = 0; orders < 8; orders++) {
            pcgrad(&r, info.weight, orders, want);
            if (is_result(&r, want)) {
                found = true;
                seen |= 1u << orders;
            }
        }
        ck_assert(found && isnan(info.mask));
    }
    ck_assert_uint_eq(seen, 0xff);
    rows_free(&r);
}
END_TEST

START_TEST(test_agr_rand_fills_in_noise_of_the_mean_size) {
    rows r = rows_make(3, 20011, 1, 2);
    control_combine how = {.gas = CONTROL_GAS_COSINE, .sgs = CONTROL_SGS_HARD};
    control_combined hard = rows_combine(&r, how, NULL), info;
    float *sum = malloc(r.size * sizeof(float));
    double size = 0, squares = 0, mean = 0, n = 0, agreeing = 0;
    uint64_t rng = 5, again = 5;

    memcpy(sum, r.out, r.size * sizeof(float));
    how.sgs = CONTROL_SGS_AGR_RAND;
    info = rows_combine(&r, how, &rng);
    for (size_t k = 0; k < r.size; k++) {
        size += fabs((double)sum[k]);
        agreeing += sum[k] != 0;
        if (sum[k] != 0) {
            ck_assert(r.out[k] == sum[k]);
        } else if (r.out[k] != 0) {
            squares += (double)r.out[k] * (double)r.out[k];
            mean += (double)r.out[k];
            n++;
        }
    }
    size /= agreeing;
    ck_assert_double_eq_tol(n / (n + agreeing), info.conflict, 1e-12);
    ck_assert_double_eq_tol(sqrt(squares / n), size, 0.03 * size); /* 4 sigma of ~ 9000 */
    ck_assert_double_eq_tol(mean / n, 0, 0.05 * size);
    ck_assert(info.mask == hard.mask && info.length > hard.length);
    memcpy(sum, r.out, r.size * sizeof(float));
    rows_combine(&r, how, &again);
    ck_assert_mem_eq(sum, r.out, r.size * sizeof(float));
    ck_assert(again == rng);
    free(sum);
    rows_free(&r);
}
END_TEST

Suite *suite_control_surgery(void) {
    Suite *s = suite_create("control_surgery");
    TCase *t = tcase_create("surgery");

    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, test_surgery_is_its_formula, 0, CONTROL_SGS_PCGRAD);
    tcase_add_test(t, test_one_view_stays_as_it_is);
    tcase_add_loop_test(t, test_agreeing_views_are_not_cut, 0, 6);
    tcase_add_test(t, test_a_scaled_view_keeps_the_direction);
    tcase_add_loop_test(t, test_the_order_of_views_does_not_matter, 0,
                        CONTROL_SGS_PCGRAD);
    tcase_add_test(t, test_lambda_1_is_no_surgery);
    tcase_add_test(t, test_lambda_0_and_a_large_power_are_agr_sum);
    tcase_add_test(t, test_zeros_are_no_votes);
    tcase_add_test(t, test_a_view_without_weight_has_no_vote);
    tcase_add_loop_test(t, test_opposite_views_give_nothing, 0, 2);
    tcase_add_test(t, test_the_mean_norm_is_kept);
    tcase_add_loop_test(t, test_views_that_are_not_finite_do_not_count, 0, 3);
    tcase_add_loop_test(t, test_one_finite_view_is_copied_and_none_is_zero, 0, 3);
    tcase_add_test(t, test_huge_and_tiny_gradients);
    tcase_add_loop_test(t, test_pcgrad_projects_in_a_random_order, 0, 3);
    tcase_add_test(t, test_agr_rand_fills_in_noise_of_the_mean_size);
    suite_add_tcase(s, t);
    return s;
}
