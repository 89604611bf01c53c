/* ops_loss.c - losses, and the squashed Gaussian of soft actor-critic. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

/* ---- mean squared error ---- */

/* saved: a - b. */
static void mse_back(tape *t, node *n) {
    size_t size = n->in[0]->t.size;
    float slope = n->grad[0] * 2.0f / (float)size;

    for (int i = 0; i < 2; i++, slope = -slope) {
        bool add;
        float *d = accord_nn_slot(t, n->in[i], &add);
        if (d)
            (add ? t->k->axpy : t->k->scale)(d, slope, n->saved, size);
    }
}

const tensor *accord_nn_mse(accord_nn_tape *t, const tensor *a, const tensor *b) {
    if (!accord_nn_ready2(t, "mse", a, b))
        return &t->bad.t;
    if (a->rank != b->rank || memcmp(a->shape, b->shape, sizeof(a->shape)))
        return accord_nn_misfit(t, "mse", a, b);
    node *n = accord_nn_node_new(t, 0, NULL, 2, (const tensor *[]){a, b}, mse_back);
    if (!n || !(n->saved = accord_nn_floats(t, a->size)))
        return &t->bad.t;
    t->k->sub(n->saved, a->data, b->data, a->size);
    n->out[0] = (float)(t->k->sum_squares(n->saved, a->size) / (double)a->size);
    return &n->t;
}

/* ---- cross entropy ---- */

/* dim: rows, cols, rows that count; index: targets, -1 where a row does not count;
 * saved: log of the sum of exp. */
static void cross_entropy_back(tape *t, node *n) {
    size_t rows = n->dim[0];
    bool add;
    float *dx = accord_nn_slot(t, n->in[0], &add);
    float *d = accord_nn_scratch(t, rows);

    for (size_t i = 0; d && i < rows; i++)
        d[i] = n->dim[2] ? n->grad[0] / (float)n->dim[2] : 0.0f;
    if (dx && d)
        t->k->cross_entropy_back(dx, d, n->in[0]->t.data, n->saved, n->index, rows,
                                 n->dim[1], add);
    accord_nn_release(t, d);
}

/* The targets with -1 for `ignore`; NULL and an error if one is outside. */
static const int32_t *targets_of(tape *t, node *n, const int32_t *target,
                                 int32_t ignore) {
    int32_t *index = accord_nn_alloc(t, n->dim[0] * sizeof(*index));

    for (size_t i = 0; index && i < n->dim[0]; i++) {
        index[i] = target[i] == ignore ? -1 : target[i];
        n->dim[2] += target[i] != ignore;
        if (target[i] != ignore && (target[i] < 0 || (size_t)target[i] >= n->dim[1])) {
            accord_nn_refuse(t, ACCORD_E_ARG,
                             "cross_entropy: target %zu is %d, out of range for %zu", i,
                             target[i], n->dim[1]);
            return NULL;
        }
    }
    return index;
}

const tensor *accord_nn_cross_entropy(accord_nn_tape *t, const tensor *logits,
                                      const int32_t *target, int32_t ignore) {
    if (!accord_nn_ready1(t, "cross_entropy", logits))
        return &t->bad.t;
    if (!logits->rank || !logits->shape[logits->rank - 1])
        return accord_nn_refuse(
            t, ACCORD_E_ARG, "cross_entropy: %s has no classes",
            accord_nn_shape_text((char[100]){0}, logits->rank, logits->shape));
    node *n = accord_nn_node_new(t, 0, NULL, 1, &logits, cross_entropy_back);
    if (!n)
        return &t->bad.t;
    n->dim[1] = logits->shape[logits->rank - 1];
    n->dim[0] = logits->size / n->dim[1];
    n->index = targets_of(t, n, target, ignore);
    n->saved = accord_nn_floats(t, n->dim[0]);
    float *loss = accord_nn_scratch(t, n->dim[0]);
    if (n->index && n->saved && loss) {
        t->k->cross_entropy(loss, n->saved, logits->data, n->index, n->dim[0], n->dim[1]);
        double sum = t->k->sum(loss, n->dim[0]);
        n->out[0] = n->dim[2] ? (float)(sum / (double)n->dim[2]) : 0.0f;
    }
    accord_nn_release(t, loss);
    return t->err.code ? &t->bad.t : &n->t;
}

/* ---- squashed Gaussian ---- */

/* in: mean, log_std; saved: exp(log_std) noise; saved2: the action. */
struct slopes {
    float *mean, *log_std;
};

static struct slopes gaussian_slots(tape *t, node *n) {
    struct slopes s;

    s.mean = accord_nn_slot_add(t, n->in[0]);
    s.log_std = accord_nn_slot_add(t, n->in[1]);
    return s;
}

static void action_back(tape *t, node *n) {
    struct slopes s = gaussian_slots(t, n);

    for (size_t i = 0; i < n->t.size; i++) {
        float d = n->grad[i] * (1.0f - n->saved2[i] * n->saved2[i]);
        if (s.mean)
            s.mean[i] += d;
        if (s.log_std)
            s.log_std[i] += d * n->saved[i];
    }
}

/* With noise fixed, log Normal(u) moves with -log_std alone, and -log(1 - tanh(u)^2) has
 * the derivative 2 tanh(u) by u. */
static void log_prob_back(tape *t, node *n) {
    struct slopes s = gaussian_slots(t, n);
    size_t cols = n->in[0]->t.shape[1];

    for (size_t i = 0; i < n->t.size * cols; i++) {
        float g = n->grad[i / cols], by_u = 2.0f * n->saved2[i];
        if (s.mean)
            s.mean[i] += g * by_u;
        if (s.log_std)
            s.log_std[i] += g * (by_u * n->saved[i] - 1.0f);
    }
}

static double softplus(double x) {
    return (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
}

/* log Normal(u) - log(1 - tanh(u)^2) of one number. */
static double log_density(double u, double log_std, double noise) {
    const double log_2 = 0.69314718055994531, half_log_2pi = 0.91893853320467274;

    return -0.5 * noise * noise - log_std - half_log_2pi -
           2.0 * (log_2 - u - softplus(-2.0 * u));
}

static node *log_prob_node(tape *t, const node *a, const float *u, const float *noise) {
    const tensor *mean = &a->in[0]->t, *log_std = &a->in[1]->t;
    size_t cols = mean->shape[1];
    node *n = accord_nn_node_new(t, 1, mean->shape, 2, (const tensor *[]){mean, log_std},
                                 log_prob_back);

    if (!n)
        return NULL;
    n->saved = a->saved;
    n->saved2 = a->out;
    for (size_t i = 0; i < n->t.size; i++) {
        double sum = 0.0;
        for (size_t j = i * cols; j < (i + 1) * cols; j++)
            sum += log_density((double)u[j], (double)log_std->data[j], (double)noise[j]);
        n->out[i] = (float)sum;
    }
    return n;
}

const tensor *accord_nn_squashed_gaussian(accord_nn_tape *t, const tensor *mean,
                                          const tensor *log_std, const float *noise,
                                          const tensor **log_prob) {
    if (log_prob)
        *log_prob = &t->bad.t;
    if (!accord_nn_ready2(t, "squashed_gaussian", mean, log_std))
        return &t->bad.t;
    if (mean->rank != 2 || log_std->rank != 2 ||
        memcmp(mean->shape, log_std->shape, sizeof(mean->shape)))
        return accord_nn_misfit(t, "squashed_gaussian", mean, log_std);
    node *n = accord_nn_node_new(t, 2, mean->shape, 2, (const tensor *[]){mean, log_std},
                                 action_back);
    size_t size = mean->size;
    float *u = accord_nn_scratch(t, size);
    if (!n || !u || !(n->saved = accord_nn_floats(t, size)))
        return &t->bad.t;
    n->saved2 = n->out;
    t->k->exp(n->saved, log_std->data, size);
    t->k->mul(n->saved, n->saved, noise, size);
    t->k->add(u, mean->data, n->saved, size);
    t->k->tanh(n->out, u, size);
    if (log_prob)
        *log_prob = accord_nn_out(t, log_prob_node(t, n, u, noise));
    accord_nn_release(t, u);
    return &n->t;
}
