/* check_nn_kernels.c - the kernels of every level that this CPU has, against the formulas
 * in double. */
#include <accord/rng.h>

#include <stdlib.h>
#include <string.h>

#include "nn/kernels.h"
#include "suites.h"

static const char *level_name = "none";

/* The table of a loop test's level; the test is over where the CPU lacks it. */
#define LEVEL(k, i) \
    const accord_kernels *k = accord_kernels_at(i); \
    if (!k) \
        return; \
    level_name = k->name

/* |got - want| in units of the last place that a float of want's size has. */
static double ulps_off(float got, double want) {
    double unit = fmax(fabs(want) * 0x1p-24, 0x1p-150);

    if (isnan(want) || isnan(got))
        return isnan((double)want) && isnan((double)got) ? 0 : (double)INFINITY;
    if (isinf((float)want) || isinf(got))
        return (double)got == (double)(float)want ? 0 : (double)INFINITY;
    return fabs((double)got - want) / (2 * unit);
}

static void near(const char *what, size_t i, float got, double want, double ulps) {
    double off = ulps_off(got, want);
    ck_assert_msg(off <= ulps, "%s: %s[%zu] is %.9g, not %.9g (%.2f ulp)", level_name,
                  what, i, (double)got, want, off);
}
/* Where terms cancel: within 2e-6 of `size`, what the terms amount to. */
static void near_sum(const char *what, size_t i, float got, double want, double size) {
    ck_assert_msg(fabs((double)got - want) <= 2e-6 * size + 1e-37,
                  "%s: %s[%zu] is %.9g, not %.9g", level_name, what, i, (double)got,
                  want);
}

static double ref_sigmoid(double x) {
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}
static double ref_relu(double x) {
    return x > 0 || isnan(x) ? x : 0;
}
static double ref_phi(double x) {
    return 0.5 * erfc(-x * sqrt(0.5));
}
static double ref_density(double x) {
    return exp(-0.5 * x * x) * 0.3989422804014327;
}
/* At the ends the limit, not what infinity times 0 gives. */
static double ref_gelu(double x) {
    return isinf(x) ? fmax(x, 0) : x * ref_phi(x);
}
static double ref_silu(double x) {
    return isinf(x) ? fmax(x, 0) : x * ref_sigmoid(x);
}
static double ref_elu(double x) {
    return x > 0 ? x : 0.5 * expm1(x);
}
static void elu_half(const accord_kernels *k, float *y, const float *x, size_t n) {
    k->elu(y, x, 0.5f, n);
}

enum { MANY = 1 << 12 };

/* Floats of every size: each 9,973rd bit pattern, and those where something ends. */
static size_t patterns(float *x, uint32_t *next) {
    static const float ends[] = {
        0.0f,       -0.0f,     1.0f,      -1.0f,           INFINITY,         -INFINITY,
        NAN,        0x1p-149f, 0x1p-126f, -0x1p-149f,      88.72283f,        88.72284f,
        -87.33655f, -103.97f,  -103.98f,  0x1.fffffep127f, -0x1.fffffep127f, 0.5f,
        0.70710678f};
    size_t n = 0;

    if (*next == 0)
        for (; n < sizeof(ends) / sizeof(ends[0]); n++)
            x[n] = ends[n];
    for (; n < MANY; n++) {
        memcpy(&x[n], next, sizeof(float));
        if (*next > UINT32_MAX - 9973) {
            *next = UINT32_MAX;
            return n + 1;
        }
        *next += 9973;
    }
    return n;
}

typedef struct curve {
    const char *name;
    size_t offset; /* of the kernel in the table; 0: elu */
    double (*want)(double x);
    double ulps;
} curve;

#define CURVE(f, want, ulps) \
    { #f, offsetof(accord_kernels, f), want, ulps }
static const curve curves[] = {
    CURVE(exp, exp, 1.5),           CURVE(log, log, 2),       CURVE(tanh, tanh, 3),
    CURVE(sigmoid, ref_sigmoid, 3), CURVE(relu, ref_relu, 0), CURVE(gelu, ref_gelu, 4),
    CURVE(silu, ref_silu, 3),       {"elu", 0, ref_elu, 2},
};

/* Far below, a factor of gelu and silu is denormal before x brings it back. */
static void exact_enough(const accord_kernels *k, const curve *c, float in, float out) {
    double want = c->want((double)in), off = ulps_off(out, want);

    if (off > c->ulps && fabs((double)out - want) > 0x1p-142)
        ck_abort_msg("%s: %s(%.9g) is %.9g, not %.9g (%.2f ulp)", k->name, c->name,
                     (double)in, (double)out, want, off);
}

START_TEST(test_curves_are_exact_to_some_ulp_over_all_floats) {
    LEVEL(k, _i);
    static float x[MANY], y[MANY];

    for (size_t c = 0; c < sizeof(curves) / sizeof(curves[0]); c++) {
        uint32_t next = 0;
        while (next < UINT32_MAX) {
            size_t n = patterns(x, &next);
            void (*f)(float *, const float *, size_t);
            if (!curves[c].offset) {
                elu_half(k, y, x, n);
            } else {
                memcpy(&f, (const char *)k + curves[c].offset, sizeof(f));
                f(y, x, n);
            }
            for (size_t i = 0; i < n; i++)
                exact_enough(k, &curves[c], x[i], y[i]);
        }
    }
}
END_TEST

/* Slopes by the input, in double; `size` is what their terms amount to. */
static double slope(int c, double x, double *size) {
    double s = ref_sigmoid(x), t = tanh(x);

    *size = 1;
    switch (c) {
    case 0:
        return 1 - t * t;
    case 1:
        return s * (1 - s);
    case 2:
        return x > 0;
    case 3:
        *size = ref_phi(x) + fabs(x) * ref_density(x);
        return ref_phi(x) + x * ref_density(x);
    case 4:
        *size = s * (1 + fabs(x) * (1 - s));
        return s * (1 + x * (1 - s));
    default:
        return x > 0 ? 1 : 0.5 * exp(x);
    }
}

/* The way back of curve c at x. */
static void curve_back(const accord_kernels *k, int c, float *dx, const float *dy,
                       const float *x, float *y, size_t n, bool add) {
    switch (c) {
    case 0:
        k->tanh(y, x, n);
        k->tanh_back(dx, dy, y, n, add);
        break;
    case 1:
        k->sigmoid(y, x, n);
        k->sigmoid_back(dx, dy, y, n, add);
        break;
    case 2:
        k->relu(y, x, n);
        k->relu_back(dx, dy, y, n, add);
        break;
    case 3:
        k->gelu_back(dx, dy, x, n, add);
        break;
    case 4:
        k->silu_back(dx, dy, x, n, add);
        break;
    default:
        k->elu(y, x, 0.5f, n);
        k->elu_back(dx, dy, y, 0.5f, n, add);
    }
}

static void fill(float *x, size_t n, double reach, uint64_t *rng) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(reach * (2 * accord_rng_uniform(rng) - 1));
}

START_TEST(test_slopes_of_curves_are_their_derivatives) {
    LEVEL(k, _i);
    enum { N = 4001 };
    static float x[N], y[N], dy[N], dx[N];
    uint64_t rng = 1;

    for (int c = 0; c < 6; c++)
        for (int add = 0; add < 2; add++) {
            fill(x, N, 12, &rng);
            fill(dy, N, 3, &rng);
            memcpy(dx, dy, sizeof(dx));
            curve_back(k, c, dx, dy, x, y, N, add == 1);
            for (size_t i = 0; i < N; i++) {
                double size, s = slope(c, (double)x[i], &size), d = (double)dy[i];
                near_sum("slope", i, dx[i], d * s + (add ? d : 0),
                         fabs(d) * (size + (add ? 1 : 0)));
            }
        }
    const float ends[4] = {INFINITY, -INFINITY, 1e30f, -1e30f}, one[4] = {1, 1, 1, 1};
    for (int c = 3; c < 5; c++) {
        curve_back(k, c, dx, one, ends, y, 4, false);
        for (size_t i = 0; i < 4; i++)
            near("slope at the end", i, dx[i], ends[i] > 0, 0);
    }
}
END_TEST

typedef struct pair {
    const char *name;
    void (*run)(const accord_kernels *k, float *y, const float *a, const float *b,
                size_t n);
    double (*want)(double y, double a, double b);
} pair;

static void run_add(const accord_kernels *k, float *y, const float *a, const float *b,
                    size_t n) {
    k->add(y, a, b, n);
}
static double want_add(double y, double a, double b) {
    return a + b;
}
static void run_sub(const accord_kernels *k, float *y, const float *a, const float *b,
                    size_t n) {
    k->sub(y, a, b, n);
}
static double want_sub(double y, double a, double b) {
    return a - b;
}
static void run_mul(const accord_kernels *k, float *y, const float *a, const float *b,
                    size_t n) {
    k->mul(y, a, b, n);
}
static double want_mul(double y, double a, double b) {
    return a * b;
}
static void run_mul_add(const accord_kernels *k, float *y, const float *a, const float *b,
                        size_t n) {
    k->mul_add(y, a, b, n);
}
static double want_mul_add(double y, double a, double b) {
    return y + a * b;
}
static void run_scale(const accord_kernels *k, float *y, const float *a, const float *b,
                      size_t n) {
    k->scale(y, -1.5f, a, n);
}
static double want_scale(double y, double a, double b) {
    return -1.5 * a;
}
static void run_axpy(const accord_kernels *k, float *y, const float *a, const float *b,
                     size_t n) {
    k->axpy(y, 0.25f, a, n);
}
static double want_axpy(double y, double a, double b) {
    return y + 0.25 * a;
}
static void run_ema(const accord_kernels *k, float *y, const float *a, const float *b,
                    size_t n) {
    k->ema(y, a, 0.25f, n);
}
static double want_ema(double y, double a, double b) {
    return y + 0.25 * (a - y);
}
static const pair pairs[] = {
    {"add", run_add, want_add},       {"sub", run_sub, want_sub},
    {"mul", run_mul, want_mul},       {"mul_add", run_mul_add, want_mul_add},
    {"scale", run_scale, want_scale}, {"axpy", run_axpy, want_axpy},
    {"ema", run_ema, want_ema},
};

/* Every length up to four vectors and more, from addresses that fit no vector. */
START_TEST(test_arrays_of_any_length_and_place_are_written_and_nothing_else) {
    LEVEL(k, _i);
    enum { N = 70 };
    float a[N + 1], b[N + 1], y[N + 3], before[N + 3];
    uint64_t rng = 2;

    for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++)
        for (size_t n = 0; n <= N; n++) {
            fill(a, N + 1, 2, &rng);
            fill(b, N + 1, 2, &rng);
            fill(y, N + 3, 2, &rng);
            memcpy(before, y, sizeof(y));
            pairs[p].run(k, y + 1, a + 1, b + 1, n);
            for (size_t i = 0; i < N + 3; i++)
                if (i < 1 || i > n)
                    ck_assert(y[i] == before[i]);
                else
                    near_sum(pairs[p].name, i, y[i],
                             pairs[p].want((double)before[i], (double)a[i], (double)b[i]),
                             2);
        }
}
END_TEST

START_TEST(test_bytes_become_floats) {
    LEVEL(k, _i);
    enum { N = 300 };
    uint8_t x[N + 1];
    float y[N + 1];

    for (int i = 0; i <= N; i++)
        x[i] = (uint8_t)i;
    for (size_t n = 0; n < N; n++) {
        y[n] = -1;
        k->bytes(y, 1 / 255.0f, x + 1, n);
        ck_assert(y[n] == -1);
        for (size_t i = 0; i < n; i++)
            ck_assert(y[i] == 1 / 255.0f * (float)x[i + 1]);
    }
}
END_TEST

START_TEST(test_sums_are_right_at_every_length) {
    LEVEL(k, _i);
    enum { N = 10007 };
    static float a[N], b[N];
    uint64_t rng = 3;

    fill(a, N, 1, &rng);
    fill(b, N, 1, &rng);
    for (size_t n = 0; n <= N; n = n < 300 ? n + 1 : n * 2 + 1) {
        double sum = 0, dot = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            sum += (double)a[i];
            dot += (double)a[i] * (double)b[i];
            squares += (double)a[i] * (double)a[i];
        }
        double room = 1e-7 * (1 + sqrt((double)n)) * 4;
        ck_assert_double_eq_tol(k->sum(a, n), sum, room);
        ck_assert_double_eq_tol(k->dot(a, b, n), dot, room);
        ck_assert_double_eq_tol(k->sum_squares(a, n), squares, 1e-30 + squares * 1e-6);
    }
    /* 16 Mi ones: a single float would stop at 2^24, lanes in float lose digits. */
    size_t many = ((size_t)1 << 24) + 3;
    float *ones = malloc(many * sizeof(float));
    for (size_t i = 0; i < many; i++)
        ones[i] = 1;
    ck_assert_double_eq(k->sum(ones, many), (double)many);
    free(ones);
}
END_TEST

/* Matrices of the tests of rows. */
enum { ROWS = 131, COLS = 129 };
static const struct {
    size_t rows, cols;
} sizes[] = {{0, 3},  {3, 0},  {1, 1},   {2, 5},   {3, 16},
             {3, 17}, {2, 64}, {5, 100}, {131, 3}, {4, 129}};
#define EACH_SIZE(r, c) \
    for (size_t s_ = 0, r = sizes[0].rows, c = sizes[0].cols; \
         s_ < sizeof(sizes) / sizeof(sizes[0]); \
         s_++, r = s_ < sizeof(sizes) / sizeof(sizes[0]) ? sizes[s_].rows : 0, \
                c = s_ < sizeof(sizes) / sizeof(sizes[0]) ? sizes[s_].cols : 0)

static float x[ROWS * COLS], y[ROWS * COLS], dy[ROWS * COLS], dx[ROWS * COLS],
    dx0[ROWS * COLS];

/* What softmax gives for the first `seen` of a row, in p, and log sum exp. */
static double softmax_row(double *p, const float *row, double scale, size_t seen) {
    double max = -(double)INFINITY, sum = 0;

    for (size_t j = 0; j < seen; j++)
        max = fmax(max, scale * (double)row[j]);
    for (size_t j = 0; j < seen; j++)
        sum += exp(scale * (double)row[j] - max);
    for (size_t j = 0; j < seen; j++)
        p[j] = exp(scale * (double)row[j] - max) / sum;
    return max + log(sum);
}

static double row_dot(const float *a, const double *p, size_t n) {
    double sum = 0;

    for (size_t j = 0; j < n; j++)
        sum += (double)a[j] * p[j];
    return sum;
}

START_TEST(test_softmax_and_its_logarithm_are_those_of_double) {
    LEVEL(k, _i);
    uint64_t rng = 4;
    double p[COLS];

    EACH_SIZE(rows, cols) {
        fill(x, rows * cols, 20, &rng);
        k->softmax(y, x, rows, cols);
        k->log_softmax(dx, x, rows, cols);
        for (size_t r = 0; r < rows; r++) {
            double lse = softmax_row(p, x + r * cols, 1, cols);
            for (size_t j = 0; j < cols; j++) {
                double v = (double)x[r * cols + j];
                near("softmax", r * cols + j, y[r * cols + j], p[j], 40);
                near_sum("log_softmax", j, dx[r * cols + j], v - lse, 20);
            }
        }
    }
    const float far[4] = {1e30f, -1e30f, 1e30f, -INFINITY};
    k->softmax(y, far, 1, 4);
    ck_assert(y[0] == 0.5f && y[1] == 0 && y[2] == 0.5f && y[3] == 0);
}
END_TEST

START_TEST(test_softmax_goes_back_as_its_jacobian_says) {
    LEVEL(k, _i);
    uint64_t rng = 5;
    double p[COLS];

    for (int add = 0; add < 2; add++)
        EACH_SIZE(rows, cols) {
            fill(x, rows * cols, 3, &rng);
            fill(dy, rows * cols, 1, &rng);
            fill(dx0, rows * cols, 1, &rng);
            for (int logs = 0; logs < 2; logs++) {
                memcpy(dx, dx0, sizeof(dx));
                (logs ? k->log_softmax : k->softmax)(y, x, rows, cols);
                (logs ? k->log_softmax_back : k->softmax_back)(dx, dy, y, rows, cols,
                                                               add == 1);
                for (size_t r = 0; r < rows; r++) {
                    const float *d = dy + r * cols;
                    double ones[COLS];
                    for (size_t j = 0; j < cols; j++)
                        ones[j] = 1;
                    softmax_row(p, x + r * cols, 1, cols);
                    double mean = row_dot(d, logs ? ones : p, cols);
                    for (size_t j = 0; j < cols; j++) {
                        size_t at = r * cols + j;
                        double g = logs ? (double)d[j] - p[j] * mean
                                        : p[j] * ((double)d[j] - mean);
                        near_sum("back", at, dx[at], g + (add ? (double)dx0[at] : 0), 4);
                    }
                }
            }
        }
}
END_TEST

/* Full, causal, causal behind a prefix, and rows that see nothing. */
START_TEST(test_attention_sees_what_it_may_and_reads_nothing_else) {
    LEVEL(k, _i);
    static const size_t ways[][2] = {{129, 0}, {1, 1}, {5, 1}, {0, 1}, {0, 0}, {2, 3}};
    uint64_t rng = 6;
    double p[COLS];

    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
        EACH_SIZE(rows, cols) {
            fill(x, rows * cols, 9, &rng);
            fill(dy, rows * cols, 1, &rng);
            for (size_t r = 0; r < rows; r++)
                for (size_t j = ways[w][0] + r * ways[w][1]; j < cols; j++)
                    x[r * cols + j] = dy[r * cols + j] = NAN;
            k->attend(y, x, 0.3f, rows, cols, ways[w][0], ways[w][1]);
            k->attend_back(dx, dy, y, 0.3f, rows, cols, ways[w][0], ways[w][1]);
            for (size_t r = 0; r < rows; r++) {
                size_t seen = ways[w][0] + r * ways[w][1];
                seen = seen < cols ? seen : cols;
                softmax_row(p, x + r * cols, (double)0.3f, seen);
                double mean = row_dot(dy + r * cols, p, seen);
                for (size_t j = 0; j < cols; j++) {
                    size_t at = r * cols + j;
                    bool in = j < seen;
                    near("attend", at, y[at], in ? p[j] : 0, 12);
                    near_sum("attend_back", at, dx[at],
                             in ? 0.3 * p[j] * ((double)dy[at] - mean) : 0, 1);
                }
            }
        }
}
END_TEST

START_TEST(test_cross_entropy_and_the_rows_it_leaves_out) {
    LEVEL(k, _i);
    static float loss[ROWS], lse[ROWS], dloss[ROWS];
    static int32_t target[ROWS];
    uint64_t rng = 7;
    double p[COLS];

    for (int add = 0; add < 2; add++)
        EACH_SIZE(rows, cols) {
            if (!cols)
                continue;
            fill(x, rows * cols, 8, &rng);
            fill(dx0, rows * cols, 1, &rng);
            fill(dloss, rows, 1, &rng);
            memcpy(dx, dx0, sizeof(dx));
            for (size_t r = 0; r < rows; r++)
                target[r] = r % 3 == 2 ? -1 : (int32_t)accord_rng_below(&rng, cols);
            k->cross_entropy(loss, lse, x, target, rows, cols);
            k->cross_entropy_back(dx, dloss, x, lse, target, rows, cols, add == 1);
            for (size_t r = 0; r < rows; r++) {
                double want_lse = softmax_row(p, x + r * cols, 1, cols);
                bool out = target[r] < 0;
                near_sum("loss", r, loss[r],
                         out ? 0 : want_lse - (double)x[r * cols + (size_t)target[r]], 8);
                for (size_t j = 0; j < cols; j++) {
                    size_t at = r * cols + j;
                    double g = p[j] - ((int32_t)j == target[r] ? 1 : 0);
                    near_sum("cross_entropy_back", at, dx[at],
                             (out ? 0 : g * (double)dloss[r]) +
                                 (add ? (double)dx0[at] : 0),
                             4);
                }
            }
        }
}
END_TEST

/* One row of a layer norm (or RMS norm) in double: v = (x - mean) / deviation. */
static void norm_row(double *v, double *rstd, const float *row, size_t n, bool rms) {
    double mean = 0, square = 0;

    for (size_t j = 0; j < n && !rms; j++)
        mean += (double)row[j] / (double)n;
    for (size_t j = 0; j < n; j++)
        square += ((double)row[j] - mean) * ((double)row[j] - mean) / (double)n;
    *rstd = 1 / sqrt(square + (double)1e-5f);
    for (size_t j = 0; j < n; j++)
        v[j] = ((double)row[j] - mean) * *rstd;
}

typedef struct norm_case {
    bool rms, add, affine;
    float gain[COLS], bias[COLS], dgain[COLS], dbias[COLS];
    float mean[ROWS], rstd[ROWS];
    double want_gain[COLS], want_bias[COLS];
} norm_case;

static void norm_run(const accord_kernels *k, norm_case *c, size_t rows, size_t cols) {
    const float *gain = c->affine ? c->gain : NULL, *bias = c->affine ? c->bias : NULL;
    float *dgain = c->affine ? c->dgain : NULL, *dbias = c->affine ? c->dbias : NULL;

    if (c->rms) {
        k->rms_norm(y, c->rstd, x, gain, 1e-5f, rows, cols);
        k->rms_norm_back(dx, dgain, dy, x, c->rstd, gain, rows, cols, c->add);
        return;
    }
    k->layer_norm(y, c->mean, c->rstd, x, gain, bias, 1e-5f, rows, cols);
    k->layer_norm_back(dx, dgain, dbias, dy, x, c->mean, c->rstd, gain, rows, cols,
                       c->add);
}

static void norm_check_row(norm_case *c, size_t r, size_t cols) {
    double v[COLS], g[COLS], rstd, along = 0, level = 0;

    norm_row(v, &rstd, x + r * cols, cols, c->rms);
    for (size_t j = 0; j < cols; j++) {
        double d = (double)dy[r * cols + j], gain = c->affine ? (double)c->gain[j] : 1;
        g[j] = gain * d;
        along += g[j] * v[j] / (double)cols;
        level += c->rms ? 0 : g[j] / (double)cols;
        c->want_gain[j] += d * v[j];
        c->want_bias[j] += d;
        double want = gain * v[j] + (c->affine && !c->rms ? (double)c->bias[j] : 0);
        near_sum("norm", r * cols + j, y[r * cols + j], want, 8);
    }
    for (size_t j = 0; j < cols; j++) {
        size_t at = r * cols + j;
        double want = rstd * (g[j] - v[j] * along - level);
        /* A column alone has no variance: rstd is 316 and everything cancels. */
        near_sum("norm_back", at, dx[at], want + (c->add ? (double)dx0[at] : 0),
                 4 * fmax(1, rstd));
    }
}

START_TEST(test_norms_and_their_gradients_are_those_of_double) {
    LEVEL(k, _i);
    static norm_case c;
    uint64_t rng = 8;

    for (int way = 0; way < 8; way++)
        EACH_SIZE(rows, cols) {
            c = (norm_case){.rms = way & 1, .add = way & 2, .affine = way & 4};
            fill(x, rows * cols, 2, &rng);
            fill(dy, rows * cols, 1, &rng);
            fill(dx0, rows * cols, 1, &rng);
            fill(c.gain, cols, 1, &rng);
            fill(c.bias, cols, 1, &rng);
            memcpy(dx, dx0, sizeof(dx));
            for (size_t j = 0; j < cols; j++) {
                c.want_gain[j] = c.want_bias[j] = 0.5;
                c.dgain[j] = c.dbias[j] = 0.5f;
            }
            norm_run(k, &c, rows, cols);
            for (size_t r = 0; r < rows; r++)
                norm_check_row(&c, r, cols);
            for (size_t j = 0; j < cols && c.affine; j++) {
                near_sum("dgain", j, c.dgain[j], c.want_gain[j], 12 + (double)rows);
                near_sum("dbias", j, c.dbias[j], c.rms ? 0.5 : c.want_bias[j],
                         12 + (double)rows);
            }
        }
}
END_TEST

START_TEST(test_a_bias_is_added_to_rows_and_its_gradient_sums_them) {
    LEVEL(k, _i);
    float b[COLS], sum[COLS];
    uint64_t rng = 9;

    EACH_SIZE(rows, cols) {
        fill(x, rows * cols, 1, &rng);
        fill(b, cols, 1, &rng);
        memcpy(sum, b, sizeof(sum));
        k->bias(y, x, b, rows, cols);
        k->bias_back(sum, x, rows, cols);
        for (size_t j = 0; j < cols; j++) {
            double want = (double)b[j];
            for (size_t r = 0; r < rows; r++) {
                want += (double)x[r * cols + j];
                near("bias", r, y[r * cols + j], (double)(x[r * cols + j] + b[j]), 0);
            }
            near_sum("bias_back", j, sum[j], want, 1 + sqrt((double)rows));
        }
    }
}
END_TEST

/* 40 steps of AdamW beside the formulas in double. */
START_TEST(test_adam_walks_as_in_double) {
    LEVEL(k, _i);
    enum { N = 67 };
    float p[N], m[N] = {0}, v[N] = {0}, g[N];
    double want[N], wm[N] = {0}, wv[N] = {0};
    uint64_t rng = 10;
    accord_adam_step step = {.lr = 1e-2,
                             .beta1 = 0.9,
                             .beta2 = 0.999,
                             .eps = 1e-8,
                             .decay = 0.1,
                             .scale = 0.5};

    fill(p, N, 1, &rng);
    for (size_t i = 0; i < N; i++)
        want[i] = (double)p[i];
    for (step.t = 1; step.t <= 40; step.t++) {
        fill(g, N, 1, &rng);
        k->adam(p, m, v, g, &step, N);
        for (size_t i = 0; i < N; i++) {
            double d = 0.5 * (double)g[i], t = (double)step.t;
            wm[i] = 0.9 * wm[i] + 0.1 * d;
            wv[i] = 0.999 * wv[i] + 0.001 * d * d;
            want[i] -= 1e-3 * want[i] + 1e-2 * wm[i] / (1 - pow(0.9, t)) /
                                            (sqrt(wv[i] / (1 - pow(0.999, t))) + 1e-8);
        }
    }
    for (size_t i = 0; i < N; i++) {
        near_sum("m", i, m[i], wm[i], 1);
        near_sum("v", i, v[i], wv[i], 0.1);
        near_sum("p", i, p[i], want[i], 1);
    }
}
END_TEST

START_TEST(test_a_result_may_take_the_place_of_its_input) {
    LEVEL(k, _i);
    enum { R = 3, C = 21, N = R * C };
    float a[N], b[N], want[N];
    uint64_t rng = 11;

    fill(a, N, 3, &rng);
    k->softmax(want, a, R, C);
    memcpy(b, a, sizeof(a));
    k->softmax(b, b, R, C);
    ck_assert_mem_eq(b, want, sizeof(want));
    fill(b, N, 1, &rng);
    k->attend_back(want, b, a, 0.5f, R, C, 9, 2);
    k->attend_back(b, b, a, 0.5f, R, C, 9, 2);
    ck_assert_mem_eq(b, want, sizeof(want));
    k->relu_back(want, b, a, N, false);
    k->relu_back(b, b, a, N, false);
    ck_assert_mem_eq(b, want, sizeof(want));
    k->gelu(want, a, N);
    k->gelu(a, a, N);
    ck_assert_mem_eq(a, want, sizeof(want));
}
END_TEST

START_TEST(test_the_best_level_is_the_last_that_there_is) {
    const accord_kernels *best = NULL;

    for (int i = 0; i < ACCORD_KERNELS_LEVELS; i++)
        best = accord_kernels_at(i) ? accord_kernels_at(i) : best;
    ck_assert_ptr_nonnull(accord_kernels_at(ACCORD_KERNELS_SSE2));
    ck_assert_ptr_eq(accord_kernels_best(), best);
    ck_assert_ptr_null(accord_kernels_at(-1));
    ck_assert_ptr_null(accord_kernels_at(ACCORD_KERNELS_LEVELS));
}
END_TEST

Suite *suite_nn_kernels(void) {
    Suite *s = suite_create("nn_kernels");
    TCase *tc = tcase_create("nn_kernels");
    const TTest *const all[] = {
        test_curves_are_exact_to_some_ulp_over_all_floats,
        test_slopes_of_curves_are_their_derivatives,
        test_arrays_of_any_length_and_place_are_written_and_nothing_else,
        test_bytes_become_floats,
        test_sums_are_right_at_every_length,
        test_softmax_and_its_logarithm_are_those_of_double,
        test_softmax_goes_back_as_its_jacobian_says,
        test_attention_sees_what_it_may_and_reads_nothing_else,
        test_cross_entropy_and_the_rows_it_leaves_out,
        test_norms_and_their_gradients_are_those_of_double,
        test_a_bias_is_added_to_rows_and_its_gradient_sums_them,
        test_adam_walks_as_in_double,
        test_a_result_may_take_the_place_of_its_input,
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        tcase_add_loop_test(tc, all[i], 0, ACCORD_KERNELS_LEVELS);
    tcase_add_test(tc, test_the_best_level_is_the_last_that_there_is);
    suite_add_tcase(s, tc);
    return s;
}
