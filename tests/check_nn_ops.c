/* check_nn_ops.c - operators without parameters, each against a plain loop in double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn_rig.h"
#include "suites.h"

typedef const accord_nn_tensor tensor;

#define ARGS accord_nn_tape *t, tensor *const *x, accord_nn_param *const *p

/* ---- one tensor ---- */

/* An operator of one tensor and its formula in `v`. */
#define UNARY(name, call, formula) \
    static tensor *name##_run(ARGS) { \
        return call; \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        for (size_t i = 0; i < y->size; i++) { \
            double v = x[0].d[i]; \
            y->d[i] = formula; \
        } \
    }

UNARY(relu, accord_nn_relu(t, x[0]), v > 0.0 ? v : 0.0)
UNARY(gelu, accord_nn_gelu(t, x[0]), 0.5 * v * (1.0 + erf(v / sqrt(2.0))))
UNARY(silu, accord_nn_silu(t, x[0]), v / (1.0 + exp(-v)))
UNARY(tanh, accord_nn_tanh(t, x[0]), tanh(v))
UNARY(sigmoid, accord_nn_sigmoid(t, x[0]), 1.0 / (1.0 + exp(-v)))
UNARY(elu, accord_nn_elu(t, x[0]), v > 0.0 ? v : expm1(v))
UNARY(abs, accord_nn_abs(t, x[0]), fabs(v))
UNARY(exp, accord_nn_exp(t, x[0]), exp(v))
UNARY(log, accord_nn_log(t, x[0]), log(v))
UNARY(square, accord_nn_square(t, x[0]), v *v)
UNARY(sqrt, accord_nn_sqrt(t, x[0]), sqrt(v))
UNARY(clamp, accord_nn_clamp(t, x[0], -0.7f, 1.1f), v<-0.7 ? -0.7 : v> 1.1 ? 1.1 : v)
UNARY(affine, accord_nn_affine(t, x[0], -1.5f, 0.25f), -1.5 * v + 0.25)
UNARY(twice, accord_nn_add(t, x[0], x[0]), 2.0 * v)
UNARY(self_product, accord_nn_mul(t, x[0], x[0]), v *v)
UNARY(nothing, accord_nn_sub(t, x[0], x[0]), 0.0 * v)
UNARY(reshape, accord_nn_reshape(t, x[0], ACCORD_NN_SHAPE(x[0]->size, 1)), v)

#define ROW(name, inputs) \
    { #name, inputs, name##_run, name##_ref }
#define SIZES(name) \
    ROW(name, "3,37"), ROW(name, "."), ROW(name, "1"), ROW(name, "2,0,3"), ROW(name, "67")

static const nn_case unary_cases[] = {
    SIZES(relu),         SIZES(gelu),    SIZES(silu),        SIZES(tanh),
    SIZES(sigmoid),      SIZES(elu),     SIZES(abs),         SIZES(exp),
    SIZES(square),       SIZES(clamp),   SIZES(affine),      SIZES(twice),
    SIZES(self_product), SIZES(nothing), SIZES(reshape),     ROW(log, "3,37+"),
    ROW(log, "1+"),      ROW(log, "0+"), ROW(sqrt, "3,37+"), ROW(sqrt, "1+"),
    ROW(sqrt, "0+"),
};

/* ---- two tensors ---- */

/* The element of x that stands at y's position, by NumPy's rule. */
static double at(const nn_value *x, const nn_value *y, size_t i) {
    size_t offset = 0, step = 1;

    for (uint32_t k = 0; k < y->rank; k++) {
        uint32_t axis = y->rank - 1 - k;
        size_t here = i % y->shape[axis];
        i /= y->shape[axis];
        if (k >= x->rank)
            continue;
        size_t n = x->shape[x->rank - 1 - k];
        offset += (n == 1 ? 0 : here) * step;
        step *= n;
    }
    return x->d[offset];
}

#define BINARY(name, call, formula) \
    static tensor *name##_run(ARGS) { \
        return call(t, x[0], x[1]); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        for (size_t i = 0; i < y->size; i++) { \
            double a = at(&x[0], y, i), b = at(&x[1], y, i); \
            y->d[i] = formula; \
        } \
    }

BINARY(add, accord_nn_add, a + b)
BINARY(sub, accord_nn_sub, a - b)
BINARY(mul, accord_nn_mul, a *b)
BINARY(div, accord_nn_div, a / b)
BINARY(min, accord_nn_min, a < b ? a : b)
BINARY(max, accord_nn_max, a > b ? a : b)

#define PAIRS(name) \
    ROW(name, "3,5+ 3,5+"), ROW(name, "3,5+ 5+"), ROW(name, "5+ 3,5+"), \
        ROW(name, "4,3+ 4,1+"), ROW(name, "2,3,4+ .+"), ROW(name, ".+ 7+"), \
        ROW(name, ".+ .+"), ROW(name, "2,1,3+ 4,1+"), ROW(name, "2,3,1,5+ 3,4,1+"), \
        ROW(name, "0,3+ 3+"), ROW(name, "2,0+ 2,1+"), ROW(name, "1+ 1,1+"), \
        ROW(name, "0+ 0+")

static const nn_case binary_cases[] = {
    PAIRS(add), PAIRS(sub), PAIRS(mul), PAIRS(div), PAIRS(min), PAIRS(max),
};

/* ---- products ---- */

static void product_ref(nn_value *y, const nn_value *x, bool transposed) {
    const nn_value *a = &x[0], *b = &x[1];
    size_t m = y->shape[y->rank - 2], n = y->shape[y->rank - 1];
    size_t k = a->shape[a->rank - 1];

    for (size_t i = 0; i < y->size; i++) {
        size_t batch = i / (m * n), row = i / n % m, col = i % n;
        const double *left = a->d + (batch * m + row) * k;
        const double *right = b->d + (b->rank == 2 ? 0 : batch * n * k);
        for (size_t j = 0; j < k; j++)
            y->d[i] += left[j] * right[transposed ? col * k + j : j * n + col];
    }
}

static void matmul_ref(nn_value *y, const nn_value *x) {
    product_ref(y, x, false);
}

static void matmul_t_ref(nn_value *y, const nn_value *x) {
    product_ref(y, x, true);
}

static tensor *matmul_run(ARGS) {
    return accord_nn_matmul(t, x[0], x[1]);
}

static tensor *matmul_t_run(ARGS) {
    return accord_nn_matmul_t(t, x[0], x[1]);
}

static void gram_ref(nn_value *y, const nn_value *x) {
    nn_value both[] = {x[0], x[0]};

    product_ref(y, both, true);
}

static tensor *gram_run(ARGS) {
    return accord_nn_matmul_t(t, x[0], x[0]);
}

static const nn_case matmul_cases[] = {
    ROW(matmul, "3,5 5,7"),
    ROW(matmul, "1,1 1,1"),
    ROW(matmul, "2,3,4 2,4,5"),
    ROW(matmul, "2,3,4 4,5"),
    ROW(matmul, "2,2,3,4 2,2,4,1"),
    ROW(matmul, "0,4 4,5"),
    ROW(matmul, "3,0 0,5"),
    ROW(matmul, "3,4 4,0"),
    ROW(matmul, "0,3,4 0,4,5"),
    ROW(matmul_t, "3,5 7,5"),
    ROW(matmul_t, "1,1 1,1"),
    ROW(matmul_t, "2,3,4 2,5,4"),
    ROW(matmul_t, "2,3,4 5,4"),
    ROW(matmul_t, "0,4 5,4"),
    ROW(matmul_t, "3,0 5,0"),
    ROW(matmul_t, "2,2,1,4 2,2,3,4"),
    ROW(gram, "3,4"),
    ROW(gram, "2,3,4"),
};

/* ---- shapes ---- */

/* Where element i of y stands in x, when axes a and b are swapped. */
static void swap_ref(nn_value *y, const nn_value *x, uint32_t a, uint32_t b) {
    for (size_t i = 0; i < y->size; i++) {
        size_t index[ACCORD_NN_MAX_RANK], rest = i, offset = 0;
        for (uint32_t k = y->rank; k-- > 0; rest /= y->shape[k])
            index[k] = rest % y->shape[k];
        size_t swap = index[a];
        index[a] = index[b];
        index[b] = swap;
        for (uint32_t k = 0; k < x->rank; k++)
            offset = offset * x->shape[k] + index[k];
        y->d[i] = x->d[offset];
    }
}

#define SWAP(name, a, b) \
    static tensor *name##_run(ARGS) { \
        return accord_nn_transpose(t, x[0], a, b); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        swap_ref(y, x, a, b); \
    }

SWAP(swap01, 0, 1)
SWAP(swap20, 2, 0)
SWAP(swap12, 1, 2)
SWAP(swap13, 1, 3)
SWAP(swap11, 1, 1)

/* The three inputs side by side on an axis: what lies before it, and behind. */
static void concat_ref(nn_value *y, const nn_value *x, uint32_t axis, size_t n) {
    size_t inner = 1, at_row = 0;

    for (uint32_t k = axis + 1; k < y->rank; k++)
        inner *= y->shape[k];
    size_t row = y->shape[axis] * inner;
    for (size_t i = 0; i < n; i++) {
        size_t width = x[i].shape[axis] * inner;
        for (size_t k = 0; k < x[i].size; k++)
            y->d[k / width * row + at_row + k % width] = x[i].d[k];
        at_row += width;
    }
}

#define CONCAT(name, axis, n) \
    static tensor *name##_run(ARGS) { \
        return accord_nn_concat(t, x, n, axis); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        concat_ref(y, x, axis, n); \
    }

CONCAT(concat0, 0, 3)
CONCAT(concat1, 1, 3)
CONCAT(concat2, 2, 2)

static tensor *concat_same_run(ARGS) {
    return accord_nn_concat(t, (tensor *[]){x[0], x[0]}, 2, 1);
}

static void concat_same_ref(nn_value *y, const nn_value *x) {
    nn_value both[] = {x[0], x[0]};

    concat_ref(y, both, 1, 2);
}

static void slice_ref(nn_value *y, const nn_value *x, uint32_t axis, size_t from) {
    size_t inner = 1;

    for (uint32_t k = axis + 1; k < y->rank; k++)
        inner *= y->shape[k];
    size_t width = y->shape[axis] * inner, row = x->shape[axis] * inner;
    for (size_t i = 0; i < y->size; i++)
        y->d[i] = x->d[i / width * row + from * inner + i % width];
}

#define SLICE(name, axis, from, to) \
    static tensor *name##_run(ARGS) { \
        return accord_nn_slice(t, x[0], axis, from, to); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        slice_ref(y, x, axis, from); \
    }

SLICE(slice0, 0, 1, 3)
SLICE(slice1, 1, 0, 2)
SLICE(slice2, 2, 3, 5)
SLICE(slice_none, 1, 2, 2)

/* Every step of a sequence, as a recurrent network reads it. */
static tensor *steps_run(ARGS) {
    tensor *sum = NULL;

    for (size_t i = 0; i < x[0]->shape[0]; i++) {
        tensor *one = accord_nn_slice(t, x[0], 0, i, i + 1);
        one = accord_nn_affine(t, one, (float)(i + 1), 0.0f);
        sum = sum ? accord_nn_add(t, sum, one) : one;
    }
    return sum;
}

static void steps_ref(nn_value *y, const nn_value *x) {
    for (size_t i = 0; i < x->size; i++)
        y->d[i % y->size] += x->d[i] * (double)(i / y->size + 1);
}

static const int32_t rows[] = {2, 0, 2, 1, 2};

static tensor *gather_run(ARGS) {
    return accord_nn_gather(t, x[0], rows, 5);
}

static void gather_ref(nn_value *y, const nn_value *x) {
    size_t width = x->size / x->shape[0];

    for (size_t i = 0; i < y->size; i++)
        y->d[i] = x->d[(size_t)rows[i / width] * width + i % width];
}

static tensor *pick_run(ARGS) {
    return accord_nn_pick(t, x[0], rows);
}

static void pick_ref(nn_value *y, const nn_value *x) {
    for (size_t i = 0; i < y->size; i++)
        y->d[i] = x->d[i * x->shape[x->rank - 1] + (size_t)rows[i]];
}

static tensor *gather_none_run(ARGS) {
    return accord_nn_gather(t, x[0], NULL, 0);
}

static void gather_none_ref(nn_value *y, const nn_value *x) {
    (void)y, (void)x;
}

static const nn_case shape_cases[] = {
    ROW(swap01, "3,5"),
    ROW(swap01, "1,1"),
    ROW(swap01, "2,3,4"),
    ROW(swap20, "2,3,4"),
    ROW(swap12, "2,3,4,5"),
    ROW(swap13, "2,3,4,5"),
    ROW(swap12, "2,0,3"),
    ROW(swap11, "2,3"),
    ROW(concat0, "2,3 1,3 4,3"),
    ROW(concat1, "2,3 2,1 2,4"),
    ROW(concat1, "2,3,2 2,1,2 2,4,2"),
    ROW(concat1, "2,3 2,0 2,4"),
    ROW(concat2, "2,3,1 2,3,4"),
    ROW(concat0, "1 1 1"),
    ROW(concat0, "0,3 1,3 0,3"),
    ROW(concat_same, "3,4"),
    ROW(slice0, "4,3"),
    ROW(slice0, "3,2,2"),
    ROW(slice1, "3,4"),
    ROW(slice1, "1,4,3"),
    ROW(slice2, "2,3,5"),
    ROW(slice_none, "3,4"),
    ROW(steps, "4,2,3"),
    ROW(steps, "1,3"),
    ROW(gather, "3,4"),
    ROW(gather, "3"),
    ROW(gather, "4,2,3"),
    ROW(gather, "3,0"),
    ROW(gather_none, "3,4"),
    ROW(pick, "5,3"),
    ROW(pick, "1,5,4"),
    ROW(pick, "3"),
    ROW(pick, "0,3"),
};

/* ---- reductions ---- */

enum { SUM, MEAN, MOST };

static void reduce_ref(nn_value *y, const nn_value *x, int axis, int what) {
    size_t length = x->size, inner = 1;

    if (axis != ACCORD_NN_ALL) {
        length = x->shape[axis];
        for (uint32_t k = (uint32_t)axis + 1; k < x->rank; k++)
            inner *= x->shape[k];
    }
    for (size_t i = 0; i < y->size; i++) {
        double sum = 0.0, most = -(double)INFINITY;
        for (size_t k = 0; k < length; k++) {
            double v = x->d[(i / inner * length + k) * inner + i % inner];
            sum += v;
            most = v > most ? v : most;
        }
        y->d[i] = what == SUM ? sum : what == MEAN ? sum / (double)length : most;
    }
}

#define REDUCE(name, call, axis, what) \
    static tensor *name##_run(ARGS) { \
        return call(t, x[0], axis); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        reduce_ref(y, x, axis, what); \
    }

REDUCE(sum_all, accord_nn_sum, ACCORD_NN_ALL, SUM)
REDUCE(sum0, accord_nn_sum, 0, SUM)
REDUCE(sum1, accord_nn_sum, 1, SUM)
REDUCE(sum2, accord_nn_sum, 2, SUM)
REDUCE(mean_all, accord_nn_mean, ACCORD_NN_ALL, MEAN)
REDUCE(mean0, accord_nn_mean, 0, MEAN)
REDUCE(mean1, accord_nn_mean, 1, MEAN)
REDUCE(most_all, accord_nn_max_over, ACCORD_NN_ALL, MOST)
REDUCE(most0, accord_nn_max_over, 0, MOST)
REDUCE(most1, accord_nn_max_over, 1, MOST)

static const nn_case reduce_cases[] = {
    ROW(sum_all, "3,5"), ROW(sum_all, "."),   ROW(sum_all, "0"),    ROW(sum0, "3,5"),
    ROW(sum0, "0,5"),    ROW(sum0, "1"),      ROW(sum1, "3,5"),     ROW(sum1, "2,3,4"),
    ROW(sum1, "3,0"),    ROW(sum2, "2,3,67"), ROW(mean_all, "3,5"), ROW(mean_all, "."),
    ROW(mean_all, "0"),  ROW(mean0, "3,5"),   ROW(mean0, "0,2"),    ROW(mean1, "3,5"),
    ROW(mean1, "2,3,4"), ROW(mean1, "0,3"),   ROW(most_all, "3,5"), ROW(most_all, "."),
    ROW(most_all, "0"),  ROW(most0, "3,5"),   ROW(most0, "0,2"),    ROW(most1, "3,5"),
    ROW(most1, "2,3,4"),
};

/* ---- along the last axis ---- */

static void softmax_ref(nn_value *y, const nn_value *x) {
    size_t n = x->shape[x->rank - 1];

    for (size_t i = 0; i < y->size; i++) {
        const double *row = x->d + i / n * n;
        double most = row[0], sum = 0.0;
        for (size_t k = 0; k < n; k++)
            most = row[k] > most ? row[k] : most;
        for (size_t k = 0; k < n; k++)
            sum += exp(row[k] - most);
        y->d[i] = exp(x->d[i] - most) / sum;
    }
}

static tensor *softmax_run(ARGS) {
    return accord_nn_softmax(t, x[0]);
}

static void log_softmax_ref(nn_value *y, const nn_value *x) {
    softmax_ref(y, x);
    for (size_t i = 0; i < y->size; i++)
        y->d[i] = log(y->d[i]);
}

static tensor *log_softmax_run(ARGS) {
    return accord_nn_log_softmax(t, x[0]);
}

static tensor *cosine_run(ARGS) {
    return accord_nn_cosine(t, x[0], x[1]);
}

static void cosine_ref(nn_value *y, const nn_value *x) {
    size_t n = x->shape[x->rank - 1];

    for (size_t i = 0; i < y->size; i++) {
        double ab = 0.0, aa = 0.0, bb = 0.0;
        for (size_t k = i * n; k < (i + 1) * n; k++) {
            ab += x[0].d[k] * x[1].d[k];
            aa += x[0].d[k] * x[0].d[k];
            bb += x[1].d[k] * x[1].d[k];
        }
        y->d[i] = ab / fmax(sqrt(aa), 1e-8) / fmax(sqrt(bb), 1e-8);
    }
}

/* With itself it is 1, whatever x. */
static tensor *cosine_same_run(ARGS) {
    return accord_nn_cosine(t, x[0], x[0]);
}

static void cosine_same_ref(nn_value *y, const nn_value *x) {
    for (size_t i = 0; i < y->size; i++)
        y->d[i] = x->d[i * x->shape[x->rank - 1]] * 0.0 + 1.0;
}

static const nn_case row_cases[] = {
    ROW(softmax, "3,5"),        ROW(softmax, "1"),
    ROW(softmax, "2,3,17"),     ROW(softmax, "0,4"),
    ROW(softmax, "3,0"),        ROW(softmax, "3,1"),
    ROW(log_softmax, "3,5"),    ROW(log_softmax, "1"),
    ROW(log_softmax, "2,3,17"), ROW(log_softmax, "0,4"),
    ROW(log_softmax, "3,0"),    ROW(cosine, "3,5 3,5"),
    ROW(cosine, "1 1"),         ROW(cosine, "2,3,33 2,3,33"),
    ROW(cosine, "0,4 0,4"),     ROW(cosine, "3,0 3,0"),
    ROW(cosine_same, "3,4"),
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

START_TEST(test_operators_of_one_tensor) {
    for (size_t i = 0; i < N(unary_cases); i++)
        nn_check(&unary_cases[i]);
}
END_TEST

START_TEST(test_operators_of_two_tensors) {
    for (size_t i = 0; i < N(binary_cases); i++)
        nn_check(&binary_cases[i]);
}
END_TEST

START_TEST(test_products_of_matrices) {
    for (size_t i = 0; i < N(matmul_cases); i++)
        nn_check(&matmul_cases[i]);
}
END_TEST

START_TEST(test_what_moves_numbers) {
    for (size_t i = 0; i < N(shape_cases); i++)
        nn_check(&shape_cases[i]);
}
END_TEST

START_TEST(test_reductions) {
    for (size_t i = 0; i < N(reduce_cases); i++)
        nn_check(&reduce_cases[i]);
}
END_TEST

START_TEST(test_what_goes_along_rows) {
    for (size_t i = 0; i < N(row_cases); i++)
        nn_check(&row_cases[i]);
}
END_TEST

/* Rounding aside, a softmax does not move when everything is shifted, however far. */
START_TEST(test_large_logits_give_the_same_softmax) {
    accord_nn_tape *t = accord_nn_tape_create(1 << 20);
    const float low[] = {0.0f, -1.0f, -2.0f, -3.0f};
    const float high[] = {1000.0f, 999.0f, 998.0f, 997.0f};
    tensor *a = accord_nn_softmax(t, accord_nn_input(t, low, ACCORD_NN_SHAPE(4)));
    tensor *b = accord_nn_softmax(t, accord_nn_input(t, high, ACCORD_NN_SHAPE(4)));

    for (int i = 0; i < 4; i++)
        ck_assert_double_eq_tol((double)a->data[i], (double)b->data[i], 1e-7);
    accord_nn_tape_destroy(t);
}
END_TEST

START_TEST(test_the_largest_of_a_tie_is_the_first) {
    accord_nn_tape *t = accord_nn_tape_create(1 << 20);
    accord_nn_params *set = accord_nn_params_create();
    accord_nn_param *p = accord_nn_param_add(set, "x", 1.0f, ACCORD_NN_SHAPE(3));
    ck_assert_int_eq(accord_nn_params_seal(set, NULL), 0);
    accord_nn_group g = accord_nn_group_all(set);

    tensor *loss = accord_nn_max_over(t, accord_nn_use(t, p), 0);
    ck_assert_int_eq(accord_nn_backward(t, loss, &g, 1), 0);
    ck_assert(p->grad[0] == 1.0f && p->grad[1] == 0.0f && p->grad[2] == 0.0f);
    accord_nn_params_destroy(set);
    accord_nn_tape_destroy(t);
}
END_TEST

/* A broken value does not hide behind a comparison. */
START_TEST(test_nan_stays) {
    accord_nn_tape *t = accord_nn_tape_create(1 << 20);
    const float one[] = {1.0f, NAN, 2.0f, -1.0f}, other[] = {NAN, 1.0f, 0.0f, 0.0f};
    tensor *a = accord_nn_input(t, one, ACCORD_NN_SHAPE(4));
    tensor *b = accord_nn_input(t, other, ACCORD_NN_SHAPE(4));
    tensor *least = accord_nn_min(t, a, b), *most = accord_nn_max(t, a, b);

    for (int i = 0; i < 2; i++)
        ck_assert(isnan(least->data[i]) && isnan(most->data[i]));
    ck_assert(least->data[2] == 0.0f && most->data[3] == 0.0f);
    ck_assert(isnan(accord_nn_max_over(t, a, 0)->data[0]));
    ck_assert(isnan(accord_nn_max_over(t, b, 0)->data[0]));
    ck_assert(isnan(accord_nn_clamp(t, a, -1.0f, 1.0f)->data[1]));
    ck_assert(isnan(accord_nn_relu(t, a)->data[1]));
    accord_nn_tape_destroy(t);
}
END_TEST

Suite *suite_nn_ops(void) {
    Suite *s = suite_create("nn_ops");
    TCase *c = tcase_create("operators");

    tcase_add_test(c, test_operators_of_one_tensor);
    tcase_add_test(c, test_operators_of_two_tensors);
    tcase_add_test(c, test_products_of_matrices);
    tcase_add_test(c, test_what_moves_numbers);
    tcase_add_test(c, test_reductions);
    tcase_add_test(c, test_what_goes_along_rows);
    tcase_add_test(c, test_large_logits_give_the_same_softmax);
    tcase_add_test(c, test_the_largest_of_a_tie_is_the_first);
    tcase_add_test(c, test_nan_stays);
    suite_add_tcase(s, c);
    return s;
}
