/* check_nn_layers.c - layers, attention and losses, each against a plain loop in double.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn_rig.h"
#include "suites.h"

typedef const accord_nn_tensor tensor;

#define ARGS accord_nn_tape *t, tensor *const *x, accord_nn_param *const *p
#define ROW(name, inputs) \
    { #name, inputs, name##_run, name##_ref }

/* ---- linear ---- */

static double activation_of(int activation, double v) {
    switch (activation) {
    case ACCORD_NN_RELU:
        return v > 0.0 ? v : 0.0;
    case ACCORD_NN_TANH:
        return tanh(v);
    case ACCORD_NN_SIGMOID:
        return 1.0 / (1.0 + exp(-v));
    case ACCORD_NN_GELU:
        return 0.5 * v * (1.0 + erf(v / sqrt(2.0)));
    case ACCORD_NN_SILU:
        return v / (1.0 + exp(-v));
    case ACCORD_NN_ELU:
        return v > 0.0 ? v : expm1(v);
    default:
        return v;
    }
}

/* x w^T + b for rows of x; b may be NULL. */
static double affine_at(const double *x, const nn_value *w, const nn_value *b, size_t i) {
    size_t n_out = w->shape[0], n_in = w->shape[1];
    double sum = b ? b->d[i % n_out] : 0.0;

    for (size_t k = 0; k < n_in; k++)
        sum += x[i / n_out * n_in + k] * w->d[i % n_out * n_in + k];
    return sum;
}

#define DENSE(name, activation) \
    static tensor *name##_run(ARGS) { \
        return accord_nn_dense(t, x[0], &(accord_nn_linear_layer){p[1], p[2]}, \
                               activation); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        for (size_t i = 0; i < y->size; i++) \
            y->d[i] = activation_of(activation, affine_at(x[0].d, &x[1], &x[2], i)); \
    }

DENSE(linear, ACCORD_NN_IDENTITY)
DENSE(dense_relu, ACCORD_NN_RELU)
DENSE(dense_tanh, ACCORD_NN_TANH)
DENSE(dense_sigmoid, ACCORD_NN_SIGMOID)
DENSE(dense_gelu, ACCORD_NN_GELU)
DENSE(dense_silu, ACCORD_NN_SILU)
DENSE(dense_elu, ACCORD_NN_ELU)

static tensor *plain_run(ARGS) {
    return accord_nn_linear(t, x[0], &(accord_nn_linear_layer){p[1], NULL});
}

static void plain_ref(nn_value *y, const nn_value *x) {
    for (size_t i = 0; i < y->size; i++)
        y->d[i] = affine_at(x[0].d, &x[1], NULL, i);
}

static const nn_case linear_cases[] = {
    ROW(linear, "3,5 4,5* 4*"),
    ROW(linear, "5 4,5* 4*"),
    ROW(linear, "1,1 1,1* 1*"),
    ROW(linear, "2,3,5 1,5* 1*"),
    ROW(linear, "0,5 4,5* 4*"),
    ROW(linear, "17,33 9,33* 9*"),
    ROW(plain, "3,5 4,5*"),
    ROW(plain, "0,5 4,5*"),
    ROW(dense_relu, "3,5 4,5* 4*"),
    ROW(dense_tanh, "3,5 4,5* 4*"),
    ROW(dense_sigmoid, "3,5 4,5* 4*"),
    ROW(dense_gelu, "3,5 4,5* 4*"),
    ROW(dense_silu, "3,5 4,5* 4*"),
    ROW(dense_elu, "3,5 4,5* 4*"),
    ROW(dense_gelu, "0,5 4,5* 4*"),
};

/* ---- embedding ---- */

static const int32_t ids[] = {2, 0, 2, 1, 3, 2};

static tensor *embedding_run(ARGS) {
    return accord_nn_embedding(t, ids, ACCORD_NN_SHAPE(3, 2),
                               &(accord_nn_embedding_layer){p[0]});
}

static void embedding_ref(nn_value *y, const nn_value *x) {
    size_t width = x->shape[1];

    for (size_t i = 0; i < y->size; i++)
        y->d[i] = x->d[(size_t)ids[i / width] * width + i % width];
}

static const nn_case embedding_cases[] = {
    ROW(embedding, "4,5*"),
    ROW(embedding, "5,1*"),
};

/* ---- convolution ---- */

struct conv {
    size_t stride, pad;
    int activation;
};

static double conv_at(const nn_value *y, const nn_value *x, size_t at,
                      const struct conv *c) {
    const nn_value *w = &x[1];
    size_t k = w->shape[2], height = x->shape[2], width = x->shape[3];
    size_t j = at % y->shape[3], i = at / y->shape[3] % y->shape[2];
    size_t o = at / y->shape[3] / y->shape[2] % y->shape[1];
    size_t n = at / y->shape[3] / y->shape[2] / y->shape[1];
    double sum = x[2].d[o];

    for (size_t e = 0; e < w->shape[1] * k * k; e++) {
        size_t ch = e / k / k, row = i * c->stride + e / k % k,
               col = j * c->stride + e % k;
        if (row >= c->pad && col >= c->pad && row - c->pad < height &&
            col - c->pad < width)
            sum += x->d[((n * x->shape[1] + ch) * height + row - c->pad) * width + col -
                        c->pad] *
                   w->d[o * w->shape[1] * k * k + e];
    }
    return activation_of(c->activation, sum);
}

#define CONV(name, stride, pad, activation) \
    static tensor *name##_run(ARGS) { \
        accord_nn_conv2d_layer l = {p[1], p[2], stride, pad}; \
        return accord_nn_conv2d(t, x[0], &l, activation); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        for (size_t i = 0; i < y->size; i++) \
            y->d[i] = conv_at(y, x, i, &(struct conv){stride, pad, activation}); \
    }

CONV(conv, 1, 0, ACCORD_NN_IDENTITY)
CONV(conv_relu, 1, 0, ACCORD_NN_RELU)
CONV(conv_stride, 2, 0, ACCORD_NN_RELU)
CONV(conv_pad, 1, 1, ACCORD_NN_IDENTITY)
CONV(conv_both, 2, 1, ACCORD_NN_TANH)
CONV(conv_gelu, 3, 2, ACCORD_NN_GELU)

static const nn_case conv_cases[] = {
    ROW(conv, "2,3,5,4 2,3,3,3* 2*"),      ROW(conv, "1,1,1,1 1,1,1,1* 1*"),
    ROW(conv, "0,3,5,4 2,3,3,3* 2*"),      ROW(conv, "1,2,3,3 3,2,3,3* 3*"),
    ROW(conv_relu, "2,3,5,4 2,3,3,3* 2*"), ROW(conv_stride, "2,1,7,6 3,1,3,3* 3*"),
    ROW(conv_pad, "1,2,4,5 3,2,3,3* 3*"),  ROW(conv_both, "2,2,5,5 2,2,3,3* 2*"),
    ROW(conv_gelu, "1,2,5,6 2,2,2,2* 2*"), ROW(conv_relu, "0,3,5,4 2,3,3,3* 2*"),
};

/* ---- norms ---- */

static tensor *layer_norm_run(ARGS) {
    return accord_nn_layer_norm(t, x[0], &(accord_nn_norm_layer){p[1], p[2], 1e-5f});
}

static void layer_norm_ref(nn_value *y, const nn_value *x) {
    size_t n = x->shape[x->rank - 1];

    for (size_t i = 0; i < y->size; i++) {
        const double *row = x->d + i / n * n;
        double mean = 0.0, var = 0.0;
        for (size_t k = 0; k < n; k++)
            mean += row[k] / (double)n;
        for (size_t k = 0; k < n; k++)
            var += (row[k] - mean) * (row[k] - mean) / (double)n;
        y->d[i] =
            x[1].d[i % n] * (x->d[i] - mean) / sqrt(var + (double)1e-5f) + x[2].d[i % n];
    }
}

static tensor *rms_norm_run(ARGS) {
    return accord_nn_rms_norm(t, x[0], &(accord_nn_norm_layer){p[1], NULL, 1e-5f});
}

static void rms_norm_ref(nn_value *y, const nn_value *x) {
    size_t n = x->shape[x->rank - 1];

    for (size_t i = 0; i < y->size; i++) {
        double squares = 0.0;
        for (size_t k = 0; k < n; k++)
            squares += x->d[i / n * n + k] * x->d[i / n * n + k] / (double)n;
        y->d[i] = x[1].d[i % n] * x->d[i] / sqrt(squares + (double)1e-5f);
    }
}

static const nn_case norm_cases[] = {
    ROW(layer_norm, "3,5 5* 5*"),
    ROW(layer_norm, "7 7* 7*"),
    ROW(layer_norm, "2,3,33 33* 33*"),
    ROW(layer_norm, "0,5 5* 5*"),
    ROW(layer_norm, "3,1 1* 1*"),
    ROW(rms_norm, "3,5 5*"),
    ROW(rms_norm, "1 1*"),
    ROW(rms_norm, "2,3,33 33*"),
    ROW(rms_norm, "0,5 5*"),
};

/* ---- attention ---- */

/* q, k, v with rows `ld` apart. */
struct qkv {
    const double *q, *k, *v;
    size_t ld_q, ld_kv, n_q, n_k, width, heads;
    bool causal;
};

/* One query's row of one head into y[depth]. */
static void attend(double *y, const struct qkv *a, const double *q, size_t batch,
                   size_t head, size_t seen) {
    size_t depth = a->width / a->heads, at = head * depth;
    const double *k = a->k + batch * a->n_k * a->ld_kv + at;
    const double *v = a->v + batch * a->n_k * a->ld_kv + at;
    double *p = calloc(seen + 1, sizeof(double)), sum = 0.0;

    for (size_t j = 0; j < seen; j++) {
        for (size_t d = 0; d < depth; d++)
            p[j] += q[at + d] * k[j * a->ld_kv + d];
        p[j] = exp(p[j] / sqrt((double)depth));
        sum += p[j];
    }
    for (size_t j = 0; j < seen; j++)
        for (size_t d = 0; d < depth; d++)
            y[d] += p[j] / sum * v[j * a->ld_kv + d];
    free(p);
}

static void attention_at(nn_value *y, const struct qkv *a) {
    size_t depth = a->width / a->heads;

    for (size_t row = 0; row < y->shape[0] * a->n_q; row++)
        for (size_t h = 0; h < a->heads; h++)
            attend(y->d + row * a->width + h * depth, a, a->q + row * a->ld_q,
                   row / a->n_q, h, a->causal ? row % a->n_q + 1 : a->n_k);
}

static void apart_ref(nn_value *y, const nn_value *x, size_t heads, bool causal) {
    size_t width = x->shape[2];

    attention_at(y, &(struct qkv){x[0].d, x[1].d, x[2].d, width, width, x[0].shape[1],
                                  x[1].shape[1], width, heads, causal});
}

#define APART(name, call, heads, causal) \
    static tensor *name##_run(ARGS) { \
        return call(t, x[0], x[1], x[2], heads); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        apart_ref(y, x, heads, causal); \
    }

APART(attention1, accord_nn_attention, 1, false)
APART(attention2, accord_nn_attention, 2, false)
APART(causal1, accord_nn_causal_attention, 1, true)
APART(causal3, accord_nn_causal_attention, 3, true)

static void packed_ref(nn_value *y, const nn_value *x, size_t heads, bool causal) {
    size_t width = x->shape[2] / 3, n = x->shape[1];

    attention_at(y, &(struct qkv){x->d, x->d + width, x->d + 2 * width, 3 * width,
                                  3 * width, n, n, width, heads, causal});
}

#define PACKED(name, heads, causal) \
    static tensor *name##_run(ARGS) { \
        return accord_nn_self_attention(t, x[0], heads, causal); \
    } \
    static void name##_ref(nn_value *y, const nn_value *x) { \
        packed_ref(y, x, heads, causal); \
    }

PACKED(packed_full, 2, false)
PACKED(packed_causal, 2, true)

/* One tensor in all three places. */
static tensor *shared_run(ARGS) {
    return accord_nn_attention(t, x[0], x[0], x[0], 2);
}

static void shared_ref(nn_value *y, const nn_value *x) {
    nn_value same[] = {x[0], x[0], x[0]};

    apart_ref(y, same, 2, false);
}

static const nn_case attention_cases[] = {
    ROW(attention1, "2,3,4 2,5,4 2,5,4"),
    ROW(attention2, "2,3,6 2,2,6 2,2,6"),
    ROW(attention1, "1,1,1 1,1,1 1,1,1"),
    ROW(attention1, "2,0,4 2,3,4 2,3,4"),
    ROW(attention1, "0,2,4 0,3,4 0,3,4"),
    ROW(attention2, "1,70,4 1,3,4 1,3,4"),
    ROW(causal1, "2,5,3 2,5,3 2,5,3"),
    ROW(causal3, "1,4,6 1,4,6 1,4,6"),
    ROW(causal1, "1,67,2 1,67,2 1,67,2"),
    ROW(causal1, "1,131,1 1,131,1 1,131,1"),
    ROW(causal1, "2,0,3 2,0,3 2,0,3"),
    ROW(packed_full, "2,3,12"),
    ROW(packed_causal, "2,5,12"),
    ROW(packed_causal, "1,66,6"),
    ROW(packed_full, "1,1,6"),
    ROW(shared, "2,3,4"),
};

/* ---- gated recurrent unit ---- */

/* x, h, w_x, w_h, b_x, b_h of one step into y [batch][n]. */
static void gru_step(double *y, const double *x, const double *h, const nn_value *in,
                     size_t batch) {
    size_t n = in[3].shape[1];

    for (size_t b = 0; b < batch; b++)
        for (size_t i = 0; i < n; i++) {
            double gx[3], gh[3];
            for (size_t g = 0; g < 3; g++) {
                gx[g] = affine_at(x, &in[2], &in[4], b * 3 * n + g * n + i);
                gh[g] = affine_at(h, &in[3], &in[5], b * 3 * n + g * n + i);
            }
            double r = 1.0 / (1.0 + exp(-gx[0] - gh[0]));
            double z = 1.0 / (1.0 + exp(-gx[1] - gh[1]));
            double c = tanh(gx[2] + r * gh[2]);
            y[b * n + i] = (1.0 - z) * c + z * h[b * n + i];
        }
}

static accord_nn_gru_layer gru_layer(accord_nn_param *const *p) {
    return (accord_nn_gru_layer){p[2], p[3], p[4], p[5]};
}

static tensor *gru_run(ARGS) {
    accord_nn_gru_layer l = gru_layer(p);

    return accord_nn_gru(t, x[0], x[1], &l);
}

static void gru_ref(nn_value *y, const nn_value *x) {
    gru_step(y->d, x[0].d, x[1].d, x, x[1].shape[0]);
}

static tensor *gru_sequence_run(ARGS) {
    accord_nn_gru_layer l = gru_layer(p);

    return accord_nn_gru_sequence(t, x[0], x[1], &l);
}

static void gru_sequence_ref(nn_value *y, const nn_value *x) {
    size_t batch = x[1].shape[0], n = x[1].shape[1];
    const double *h = x[1].d;

    for (size_t i = 0; i < x[0].shape[0]; i++) {
        double *to = y->d + i * batch * n;
        gru_step(to, x[0].d + i * batch * x[0].shape[2], h, x, batch);
        h = to;
    }
}

static const nn_case gru_cases[] = {
    ROW(gru, "2,3 2,4 12,3* 12,4* 12* 12*"),
    ROW(gru, "1,1 1,1 3,1* 3,1* 3* 3*"),
    ROW(gru, "0,3 0,2 6,3* 6,2* 6* 6*"),
    ROW(gru_sequence, "4,2,3 2,2 6,3* 6,2* 6* 6*"),
    ROW(gru_sequence, "1,2,3 2,2 6,3* 6,2* 6* 6*"),
    ROW(gru_sequence, "0,2,3 2,2 6,3* 6,2* 6* 6*"),
    ROW(gru_sequence, "3,0,3 0,2 6,3* 6,2* 6* 6*"),
};

/* ---- losses ---- */

static tensor *mse_run(ARGS) {
    return accord_nn_mse(t, x[0], x[1]);
}

static void mse_ref(nn_value *y, const nn_value *x) {
    for (size_t i = 0; i < x->size; i++)
        y->d[0] += (x[0].d[i] - x[1].d[i]) * (x[0].d[i] - x[1].d[i]);
    y->d[0] /= (double)x->size;
}

static tensor *mse_same_run(ARGS) {
    return accord_nn_mse(t, x[0], x[0]);
}

static void mse_same_ref(nn_value *y, const nn_value *x) {
    y->d[0] = 0.0 * x->d[0];
}

static const int32_t targets[] = {1, 0, 7, 2, 7};
static const int32_t none[] = {7, 7, 7, 7, 7};

static void cross_entropy_at(nn_value *y, const nn_value *x, const int32_t *target) {
    size_t n = x->shape[x->rank - 1], counted = 0;

    for (size_t i = 0; i < x->size / n; i++) {
        double sum = 0.0;
        if (target[i] == 7)
            continue;
        for (size_t k = 0; k < n; k++)
            sum += exp(x->d[i * n + k]);
        y->d[0] += log(sum) - x->d[i * n + (size_t)target[i]];
        counted++;
    }
    y->d[0] /= counted ? (double)counted : 1.0;
}

static tensor *cross_entropy_run(ARGS) {
    return accord_nn_cross_entropy(t, x[0], targets, 7);
}

static void cross_entropy_ref(nn_value *y, const nn_value *x) {
    cross_entropy_at(y, x, targets);
}

static tensor *ignored_run(ARGS) {
    return accord_nn_cross_entropy(t, x[0], none, 7);
}

static void ignored_ref(nn_value *y, const nn_value *x) {
    cross_entropy_at(y, x, none);
}

static const nn_case loss_cases[] = {
    ROW(mse, "3,5 3,5"),       ROW(mse, ". ."),
    ROW(mse, "0 0"),           ROW(mse_same, "3,5"),
    ROW(cross_entropy, "5,3"), ROW(cross_entropy, "1,5,4"),
    ROW(cross_entropy, "0,3"), ROW(cross_entropy, "2,37"),
    ROW(ignored, "5,3"),
};

/* ---- squashed Gaussian ---- */

static const float noise[] = {0.3f, -1.2f, 0.7f, 2.1f, -0.4f, 0.0f};

static double action_of(const nn_value *x, size_t i, double *u) {
    *u = x[0].d[i] + exp(x[1].d[i]) * (double)noise[i];
    return tanh(*u);
}

static tensor *action_run(ARGS) {
    return accord_nn_squashed_gaussian(t, x[0], x[1], noise, NULL);
}

static void action_ref(nn_value *y, const nn_value *x) {
    double u;

    for (size_t i = 0; i < y->size; i++)
        y->d[i] = action_of(x, i, &u);
}

static tensor *log_prob_run(ARGS) {
    tensor *log_prob;

    accord_nn_squashed_gaussian(t, x[0], x[1], noise, &log_prob);
    return log_prob;
}

/* By the change of variables, as it stands: log of the normal density of u over the
 * derivative of tanh. */
static void log_prob_ref(nn_value *y, const nn_value *x) {
    size_t n = x->shape[1];

    for (size_t i = 0; i < x->size; i++) {
        double u, std = exp(x[1].d[i]), a = action_of(x, i, &u);
        double z = (u - x[0].d[i]) / std;
        double density = exp(-0.5 * z * z) / (std * sqrt(2.0 * acos(-1.0)));
        y->d[i / n] += log(density / (1.0 - a * a));
    }
}

/* Both outputs at once, as the actor's loss has them. */
static tensor *actor_run(ARGS) {
    tensor *log_prob;
    tensor *a = accord_nn_squashed_gaussian(t, x[0], x[1], noise, &log_prob);

    return accord_nn_sub(t, log_prob, accord_nn_sum(t, a, 1));
}

static void actor_ref(nn_value *y, const nn_value *x) {
    double u;

    log_prob_ref(y, x);
    for (size_t i = 0; i < x->size; i++)
        y->d[i / x->shape[1]] -= action_of(x, i, &u);
}

static const nn_case gaussian_cases[] = {
    ROW(action, "2,3 2,3"),   ROW(action, "1,1 1,1"),   ROW(action, "0,3 0,3"),
    ROW(log_prob, "2,3 2,3"), ROW(log_prob, "1,1 1,1"), ROW(log_prob, "0,3 0,3"),
    ROW(log_prob, "2,0 2,0"), ROW(actor, "2,3 2,3"),
};

#define CHECK_ALL(table) \
    for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) \
    nn_check(&(table)[i])

START_TEST(test_linear_layers) {
    CHECK_ALL(linear_cases);
}
END_TEST

START_TEST(test_embeddings) {
    CHECK_ALL(embedding_cases);
}
END_TEST

START_TEST(test_convolutions) {
    CHECK_ALL(conv_cases);
}
END_TEST

START_TEST(test_norms) {
    CHECK_ALL(norm_cases);
}
END_TEST

START_TEST(test_attention) {
    CHECK_ALL(attention_cases);
}
END_TEST

START_TEST(test_gated_recurrent_units) {
    CHECK_ALL(gru_cases);
}
END_TEST

START_TEST(test_losses) {
    CHECK_ALL(loss_cases);
}
END_TEST

START_TEST(test_squashed_gaussian) {
    CHECK_ALL(gaussian_cases);
}
END_TEST

/* Far out tanh(u) is 1 in float and log(1 - tanh(u)^2) minus infinity; the right value is
 * 2 (log 2 - u) within 1e-12. */
START_TEST(test_log_probability_far_out_is_finite) {
    accord_nn_tape *t = accord_nn_tape_create(1 << 20);
    const float mean[] = {40.0f, -40.0f}, zero[] = {0.0f, 0.0f};
    tensor *log_prob;

    accord_nn_squashed_gaussian(t, accord_nn_input(t, mean, ACCORD_NN_SHAPE(2, 1)),
                                accord_nn_input(t, zero, ACCORD_NN_SHAPE(2, 1)), zero,
                                &log_prob);
    for (int i = 0; i < 2; i++)
        ck_assert_double_eq_tol((double)log_prob->data[i],
                                -0.5 * log(2.0 * acos(-1.0)) - 2.0 * (log(2.0) - 40.0),
                                1e-5);
    accord_nn_tape_destroy(t);
}
END_TEST

Suite *suite_nn_layers(void) {
    Suite *s = suite_create("nn_layers");
    TCase *c = tcase_create("layers");

    tcase_add_test(c, test_linear_layers);
    tcase_add_test(c, test_embeddings);
    tcase_add_test(c, test_convolutions);
    tcase_add_test(c, test_norms);
    tcase_add_test(c, test_attention);
    tcase_add_test(c, test_gated_recurrent_units);
    tcase_add_test(c, test_losses);
    tcase_add_test(c, test_squashed_gaussian);
    tcase_add_test(c, test_log_probability_far_out_is_finite);
    suite_add_tcase(s, c);
    return s;
}
