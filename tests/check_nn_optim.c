/* check_nn_optim.c - optimisers, schedules, averages and first values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/nn.h>
#include <accord/rng.h>

#include "nn_rig.h"
#include "suites.h"

/* A set of a matrix [3][5], a bias [7] and a matrix [2][2]. */
static accord_nn_params *three(void) {
    accord_nn_params *set = accord_nn_params_create();

    accord_nn_param_add(set, "w", 0.0f, ACCORD_NN_SHAPE(3, 5));
    accord_nn_param_add(set, "b", 0.0f, ACCORD_NN_SHAPE(7));
    accord_nn_param_add(set, "v", 0.0f, ACCORD_NN_SHAPE(2, 2));
    ck_assert_int_eq(accord_nn_params_seal(set, NULL), 0);
    accord_nn_group g = accord_nn_group_all(set);
    nn_fill(g.value, g.size, 5);
    return set;
}

enum { SIZE = 26, STEPS = 200 };

/* Kingma and Ba 2015, algorithm 1, and Loshchilov and Hutter 2019, algorithm 2, in
 * double, as they stand there. */
struct reference {
    double p[SIZE], m[SIZE], v[SIZE];
};

static void reference_step(struct reference *r, const float *grad, int t, double rate,
                           const accord_nn_adam_config *c) {
    for (int i = 0; i < SIZE; i++) {
        double g = (double)grad[i];
        bool matrix = i < 15 || i >= 22;
        r->m[i] = c->beta1 * r->m[i] + (1.0 - c->beta1) * g;
        r->v[i] = c->beta2 * r->v[i] + (1.0 - c->beta2) * g * g;
        double m = r->m[i] / (1.0 - pow(c->beta1, t));
        double v = r->v[i] / (1.0 - pow(c->beta2, t));
        r->p[i] -=
            rate * (m / (sqrt(v) + c->eps) + (matrix ? c->weight_decay * r->p[i] : 0.0));
    }
}

static const accord_nn_adam_config configs[] = {
    ACCORD_NN_ADAM,
    {.beta1 = 0.5, .beta2 = 0.999, .eps = 1e-8},
    {.beta1 = 0.9, .beta2 = 0.95, .eps = 1e-8, .weight_decay = 0.1},
    {.beta1 = 0.0, .beta2 = 0.0, .eps = 1e-3, .weight_decay = 0.01},
};

START_TEST(test_adam_follows_its_paper) {
    const accord_nn_adam_config *c = &configs[_i];
    accord_nn_params *set = three();
    accord_nn_group g = accord_nn_group_all(set);
    struct reference r = {0};
    accord_nn_adam *adam;

    ck_assert_uint_eq(g.size, SIZE);
    for (int i = 0; i < SIZE; i++)
        r.p[i] = (double)g.value[i];
    ck_assert_int_eq(accord_nn_adam_create(g, c, &adam, NULL), 0);
    for (int t = 1; t <= STEPS; t++) {
        double rate = 1e-3 * (1.0 + t % 3);
        nn_fill(g.grad, g.size, (uint64_t)t);
        g.grad[3] *= 1e-6f; /* gradients of other sizes, and none */
        g.grad[17] *= 1e4f;
        g.grad[24] = 0.0f;
        reference_step(&r, g.grad, t, rate, c);
        accord_nn_adam_step(adam, rate);
    }
    ck_assert_uint_eq(accord_nn_adam_steps(adam), STEPS);
    for (int i = 0; i < SIZE; i++)
        ck_assert_double_eq_tol((double)g.value[i], r.p[i], 2e-5);
    accord_nn_adam_destroy(adam);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_adam_moves_its_group_alone) {
    accord_nn_params *set = three();
    accord_nn_group all = accord_nn_group_all(set), b = accord_nn_group_of(set, "b");
    float before[SIZE];
    accord_nn_adam *adam;

    memcpy(before, all.value, sizeof(before));
    nn_fill(all.grad, all.size, 1);
    ck_assert_int_eq(accord_nn_adam_create(b, &configs[0], &adam, NULL), 0);
    accord_nn_adam_step(adam, 0.1);
    for (int i = 0; i < SIZE; i++)
        ck_assert_int_eq(all.value[i] != before[i], i >= 15 && i < 22);
    accord_nn_adam_destroy(adam);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_an_optimiser_of_nothing_is_refused) {
    accord_nn_params *set = three();
    accord_nn_adam_config odd = {.beta1 = 1.0, .beta2 = 0.9, .eps = 1e-8};
    accord_nn_adam *adam;
    accord_nn_err err = {0};

    ck_assert_int_eq(
        accord_nn_adam_create(accord_nn_group_of(set, "none"), &configs[0], &adam, &err),
        ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "adam: the group is empty");
    ck_assert_int_eq(accord_nn_adam_create(accord_nn_group_all(set), &odd, &adam, NULL),
                     ACCORD_E_ARG);
    ck_assert_ptr_null(adam);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_gradients_are_clipped_together) {
    accord_nn_params *set = three();
    accord_nn_group g[] = {accord_nn_group_of(set, "w"), accord_nn_group_of(set, "v")};

    for (size_t i = 0; i < g[0].size; i++)
        g[0].grad[i] = 1.0f; /* 15 */
    for (size_t i = 0; i < g[1].size; i++)
        g[1].grad[i] = 3.5f; /* 49: the norm of both is 8 */
    ck_assert_double_eq_tol(accord_nn_clip_grad(g, 2, 10.0), 8.0, 1e-12);
    ck_assert(g[0].grad[0] == 1.0f);
    ck_assert_double_eq_tol(accord_nn_clip_grad(g, 2, 2.0), 8.0, 1e-12);
    ck_assert(g[0].grad[0] == 0.25f && g[1].grad[3] == 0.875f);
    g[0].grad[2] = INFINITY;
    ck_assert(isinf(accord_nn_clip_grad(g, 2, 1.0)));
    ck_assert(g[1].grad[3] == 0.875f);
    g[0].grad[2] = NAN;
    ck_assert(isnan(accord_nn_clip_grad(g, 2, 1.0)) && g[1].grad[3] == 0.875f);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_schedules) {
    const accord_nn_schedule constant = {ACCORD_NN_RATE_CONSTANT, .peak = 2.0};
    const accord_nn_schedule linear = {ACCORD_NN_RATE_LINEAR, .peak = 1.0, .floor = 0.2,
                                       .warmup = 4, .total = 12};
    const accord_nn_schedule cosine = {ACCORD_NN_RATE_COSINE, .peak = 1.0, .floor = 0.0,
                                       .warmup = 0, .total = 8};

    ck_assert_double_eq_tol(accord_nn_rate(&constant, 1000), 2.0, 1e-12);
    const double want[] = {0.25, 0.5, 0.75, 1.0, 1.0, 0.9, 0.8, 0.7, 0.6};
    for (uint64_t i = 0; i < 9; i++)
        ck_assert_double_eq_tol(accord_nn_rate(&linear, i), want[i], 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&linear, 12), 0.2, 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&linear, UINT64_MAX), 0.2, 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&cosine, 0), 1.0, 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&cosine, 2), 0.5 + sqrt(0.125), 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&cosine, 4), 0.5, 1e-12);
    ck_assert_double_eq_tol(accord_nn_rate(&cosine, 8), 0.0, 1e-12);
}
END_TEST

START_TEST(test_averages_follow_slowly) {
    accord_nn_params *a = three(), *b = three();
    accord_nn_group to = accord_nn_group_all(a), from = accord_nn_group_all(b);
    double want[SIZE];

    nn_fill(from.value, from.size, 77);
    for (int i = 0; i < SIZE; i++)
        want[i] = (double)to.value[i];
    for (int k = 0; k < 50; k++) {
        ck_assert(accord_nn_ema(to, from, 0.05));
        for (int i = 0; i < SIZE; i++)
            want[i] += 0.05 * ((double)from.value[i] - want[i]);
    }
    for (int i = 0; i < SIZE; i++)
        ck_assert_double_eq_tol((double)to.value[i], want[i], 1e-5);
    ck_assert(accord_nn_copy(to, from));
    ck_assert_mem_eq(to.value, from.value, SIZE * sizeof(float));
    ck_assert(!accord_nn_copy(to, accord_nn_group_of(b, "w")));
    ck_assert(!accord_nn_ema(to, accord_nn_group_of(b, "w"), 0.5));
    accord_nn_params_destroy(a);
    accord_nn_params_destroy(b);
}
END_TEST

/* ---- first values ---- */

static accord_nn_param *one(accord_nn_params **set, uint32_t rank, const size_t *shape) {
    *set = accord_nn_params_create();
    accord_nn_param *p = accord_nn_param_add(*set, "p", 0.0f, rank, shape);
    ck_assert_int_eq(accord_nn_params_seal(*set, NULL), 0);
    return p;
}

/* The largest difference between w w^T, or w^T w where that is smaller, and gain^2 I;
 * element (i, j) of w at w[i * row + j * col]. */
static double off_orthogonal(const float *w, size_t rows, size_t cols, size_t row,
                             size_t col, double gain) {
    bool wide = rows <= cols;
    size_t few = wide ? rows : cols, many = wide ? cols : rows;
    double worst = 0.0;

    for (size_t i = 0; i < few; i++)
        for (size_t j = 0; j < few; j++) {
            double dot = i == j ? -gain * gain : 0.0;
            for (size_t k = 0; k < many; k++)
                dot += (double)w[wide ? i * row + k * col : k * row + i * col] *
                       (double)w[wide ? j * row + k * col : k * row + j * col];
            worst = fmax(worst, fabs(dot));
        }
    return worst;
}

START_TEST(test_orthogonal_matrices_are_orthogonal) {
    static const size_t shapes[][2] = {{1, 1},   {1, 7},    {7, 1},   {5, 5},
                                       {37, 64}, {100, 33}, {96, 96}, {65, 200}};
    const size_t *s = shapes[_i];
    accord_nn_params *set;
    uint64_t rng = 3, again = 3;

    accord_nn_param *p = one(&set, 2, s);
    ck_assert_int_eq(accord_nn_init_orthogonal(p, 1.5, &rng), 0);
    ck_assert_double_lt(off_orthogonal(p->value, s[0], s[1], s[1], 1, 1.5), 1e-5);
    float *copy = malloc(p->size * sizeof(float));
    memcpy(copy, p->value, p->size * sizeof(float));
    ck_assert_int_eq(accord_nn_init_orthogonal(p, 1.5, &again), 0);
    ck_assert_mem_eq(copy, p->value, p->size * sizeof(float));
    ck_assert(rng == again);
    free(copy);
    accord_nn_params_destroy(set);
}
END_TEST

/* Uniform over the group: an element of an orthogonal n x n matrix has mean 0 and
 * variance 1 / n, the diagonal too (QR without R's signs fails on it). */
START_TEST(test_orthogonal_matrices_are_uniform) {
    enum { N = 4, DRAWS = 4000 };
    accord_nn_params *set;
    accord_nn_param *p = one(&set, ACCORD_NN_SHAPE(N, N));
    double mean[N * N] = {0}, square[N * N] = {0};
    uint64_t rng = 8;

    for (int d = 0; d < DRAWS; d++) {
        ck_assert_int_eq(accord_nn_init_orthogonal(p, 1.0, &rng), 0);
        for (int i = 0; i < N * N; i++) {
            mean[i] += (double)p->value[i] / DRAWS;
            square[i] += (double)p->value[i] * (double)p->value[i] / DRAWS;
        }
    }
    for (int i = 0; i < N * N; i++) { /* 5 standard errors */
        ck_assert_double_eq_tol(mean[i], 0.0, 5.0 * 0.5 / sqrt(DRAWS));
        ck_assert_double_eq_tol(square[i], 1.0 / N, 5.0 * 0.25 / sqrt(DRAWS));
    }
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_delta_orthogonal_kernels) {
    static const size_t shapes[][4] = {
        {8, 4, 3, 3}, {4, 8, 3, 3}, {32, 9, 5, 5}, {3, 3, 1, 1}};
    const size_t *s = shapes[_i], area = s[2] * s[3];
    accord_nn_params *set;
    uint64_t rng = 4;

    accord_nn_param *p = one(&set, 4, s);
    nn_fill(p->value, p->size, 1);
    ck_assert_int_eq(accord_nn_init_delta_orthogonal(p, sqrt(2.0), &rng), 0);
    for (size_t i = 0; i < p->size; i++)
        ck_assert(i % area == area / 2 || p->value[i] == 0.0f);
    ck_assert_double_lt(
        off_orthogonal(p->value + area / 2, s[0], s[1], s[1] * area, area, sqrt(2.0)),
        1e-5);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_what_cannot_be_orthogonal_is_refused) {
    accord_nn_params *set;
    uint64_t rng = 4;

    accord_nn_param *p = one(&set, ACCORD_NN_SHAPE(4));
    ck_assert_int_eq(accord_nn_init_orthogonal(p, 1.0, &rng), ACCORD_E_ARG);
    ck_assert_int_eq(accord_nn_init_delta_orthogonal(p, 1.0, &rng), ACCORD_E_ARG);
    accord_nn_params_destroy(set);
    p = one(&set, ACCORD_NN_SHAPE(4, 4, 2, 2));
    ck_assert_int_eq(accord_nn_init_delta_orthogonal(p, 1.0, &rng), ACCORD_E_ARG);
    accord_nn_params_destroy(set);
    ck_assert_int_eq(accord_nn_init_orthogonal(NULL, 1.0, &rng), 0);
    set = accord_nn_params_create();
    p = accord_nn_param_add(set, "open", 0.0f, ACCORD_NN_SHAPE(4, 4));
    ck_assert_int_eq(accord_nn_init_orthogonal(p, 1.0, &rng), ACCORD_E_ARG);
    accord_nn_init_fill(p, 1.0f);
    accord_nn_init_truncated_normal(p, 1.0, &rng);
    accord_nn_params_destroy(set);
}
END_TEST

/* Normal cut at 2: standard deviation 0.8796, nothing outside, symmetric. */
START_TEST(test_truncated_normal_values) {
    enum { N = 100000 };
    accord_nn_params *set;
    accord_nn_param *p = one(&set, ACCORD_NN_SHAPE(N));
    double mean = 0.0, square = 0.0;
    uint64_t rng = 4;

    accord_nn_init_truncated_normal(p, 0.02, &rng);
    for (int i = 0; i < N; i++) {
        double x = (double)p->value[i] / 0.02;
        ck_assert(fabs(x) <= 2.0 + 1e-6);
        mean += x / N;
        square += x * x / N;
    }
    ck_assert_double_eq_tol(mean, 0.0, 0.015);
    ck_assert_double_eq_tol(sqrt(square), 0.87962566, 0.01);
    accord_nn_params_destroy(set);
}
END_TEST

Suite *suite_nn_optim(void) {
    Suite *s = suite_create("nn_optim");
    TCase *c = tcase_create("optimisers");

    tcase_add_loop_test(c, test_adam_follows_its_paper, 0, 4);
    tcase_add_test(c, test_adam_moves_its_group_alone);
    tcase_add_test(c, test_an_optimiser_of_nothing_is_refused);
    tcase_add_test(c, test_gradients_are_clipped_together);
    tcase_add_test(c, test_schedules);
    tcase_add_test(c, test_averages_follow_slowly);
    tcase_add_loop_test(c, test_orthogonal_matrices_are_orthogonal, 0, 8);
    tcase_add_test(c, test_orthogonal_matrices_are_uniform);
    tcase_add_loop_test(c, test_delta_orthogonal_kernels, 0, 4);
    tcase_add_test(c, test_what_cannot_be_orthogonal_is_refused);
    tcase_add_test(c, test_truncated_normal_values);
    suite_add_tcase(s, c);
    return s;
}
