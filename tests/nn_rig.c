/* nn_rig.c - see nn_rig.h. */
#include "nn_rig.h"

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

typedef struct rig {
    const nn_case *c;
    size_t n;
    nn_value in[NN_INPUTS], out;
    accord_nn_params *set;
    accord_nn_param *p[NN_INPUTS];
    accord_nn_tape *tape;
    float *weight;             /* [out.size]: the loss is their product with the output */
    float *extra[NN_INPUTS];   /* [in[i].size]: and of these with the inputs */
    double *wanted[NN_INPUTS]; /* gradients without extra, by central differences */
} rig;

void nn_fill(float *x, size_t n, uint64_t seed) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(4.0 * accord_rng_uniform(&seed) - 2.0);
}

static const char *parse_input(nn_value *v, const char *s) {
    *v = (nn_value){.size = 1};
    while (isdigit((unsigned char)*s)) {
        char *end;
        v->shape[v->rank] = strtoul(s, &end, 10);
        v->size *= v->shape[v->rank++];
        s = end + (*end == ',');
    }
    for (; *s && *s != ' '; s++) {
        v->is_param |= *s == '*';
        v->positive |= *s == '+';
    }
    v->d = calloc(v->size + 1, sizeof(double));
    ck_assert_ptr_nonnull(v->d);
    return s + (*s == ' ');
}

static void make_inputs(rig *r) {
    uint64_t rng = accord_rng_fold_text(7, r->c->inputs);

    for (const char *s = r->c->inputs; *s; r->n++)
        s = parse_input(&r->in[r->n], s);
    r->set = accord_nn_params_create();
    for (size_t i = 0; i < r->n; i++) {
        nn_value *v = &r->in[i];
        char name[24];
        snprintf(name, sizeof(name), "x%zu", i);
        if (v->size)
            r->p[i] = accord_nn_param_add(r->set, name, 0.0f, v->rank, v->shape);
    }
    if (accord_nn_params_count(r->set))
        ck_assert_int_eq(accord_nn_params_seal(r->set, NULL), 0);
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < r->in[i].size; k++) {
            double u = accord_rng_uniform(&rng);
            float x = (float)(r->in[i].positive ? 0.3 + 2.0 * u : 4.0 * u - 2.0);
            r->p[i]->value[k] = x;
            r->in[i].d[k] = (double)x;
        }
}

/* Inputs are parameters themselves or, so that gradients pass through nodes, one step
 * behind them. */
static void inputs(rig *r, const accord_nn_tensor **x) {
    for (size_t i = 0; i < r->n; i++) {
        const nn_value *v = &r->in[i];
        if (!v->size)
            x[i] = accord_nn_constant(r->tape, 0.0f, v->rank, v->shape);
        else if (v->is_param)
            x[i] = accord_nn_use(r->tape, r->p[i]);
        else
            x[i] = accord_nn_affine(r->tape, accord_nn_use(r->tape, r->p[i]), 1.0f, 0.0f);
    }
}

static const accord_nn_tensor *weigh(accord_nn_tape *t, const accord_nn_tensor *y,
                                     const float *weight) {
    const accord_nn_tensor *w = accord_nn_input(t, weight, y->rank, y->shape);

    return accord_nn_sum(t, accord_nn_mul(t, y, w), ACCORD_NN_ALL);
}

static void compare(const rig *r, const char *what, double got, double want,
                    double scale) {
    bool same = (isnan(got) && isnan(want)) || got == want ||
                fabs(got - want) <= 1e-4 * (1.0 + scale);

    ck_assert_msg(same, "%s (%s): %s is %.9g, expected %.9g", r->c->name, r->c->inputs,
                  what, got, want);
}

static double largest(const double *x, size_t n) {
    double most = 0.0;

    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && fabs(x[i]) > most)
            most = fabs(x[i]);
    return most;
}

static void check_values(rig *r) {
    const accord_nn_tensor *x[NN_INPUTS];
    accord_nn_err err = {0};

    inputs(r, x);
    const accord_nn_tensor *y = r->c->run(r->tape, x, r->p);
    ck_assert_msg(accord_nn_tape_check(r->tape, &err) == 0, "%s (%s): %s", r->c->name,
                  r->c->inputs, err.text);
    r->out = (nn_value){.rank = y->rank, .size = y->size};
    memcpy(r->out.shape, y->shape, sizeof(y->shape));
    r->out.d = calloc(y->size + 1, sizeof(double));
    r->c->reference(&r->out, r->in);
    double scale = largest(r->out.d, y->size) * 0.05;
    for (size_t i = 0; i < y->size; i++)
        compare(r, "an output", (double)y->data[i], r->out.d[i], scale);
}

static double reference_loss(rig *r) {
    double loss = 0.0;

    memset(r->out.d, 0, r->out.size * sizeof(double));
    r->c->reference(&r->out, r->in);
    for (size_t i = 0; i < r->out.size; i++)
        loss += r->out.d[i] * (double)r->weight[i];
    return loss;
}

static void central_differences(rig *r) {
    const double h = 1e-5;

    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < r->in[i].size; k++) {
            double at = r->in[i].d[k];
            r->in[i].d[k] = at + h;
            double up = reference_loss(r);
            r->in[i].d[k] = at - h;
            double down = reference_loss(r);
            r->in[i].d[k] = at;
            r->wanted[i][k] = (up - down) / (2.0 * h);
        }
}

static void check_grad(const rig *r, size_t i, const float *grad, double times,
                       bool extra) {
    double scale = largest(r->wanted[i], r->in[i].size);

    for (size_t k = 0; k < r->in[i].size; k++)
        compare(r, "a gradient", (double)grad[k],
                times * (r->wanted[i][k] + (extra ? (double)r->extra[i][k] : 0.0)),
                times * scale);
}

/* One pass for all inputs, one for each alone, and one that adds. */
static void check_passes(rig *r, const accord_nn_tensor *loss, bool extra) {
    accord_nn_group all = accord_nn_group_all(r->set);
    accord_nn_err err = {0};

    nn_fill(all.grad, all.size, 3); /* what stood there does not matter */
    accord_nn_backward(r->tape, loss, &all, 1);
    ck_assert_msg(accord_nn_tape_check(r->tape, &err) == 0, "%s: %s", r->c->name,
                  err.text);
    for (size_t i = 0; i < r->n; i++)
        check_grad(r, i, r->p[i] ? r->p[i]->grad : NULL, 1.0, extra);
    ck_assert_int_eq(accord_nn_backward_add(r->tape, loss, &all, 1), 0);
    for (size_t i = 0; i < r->n; i++)
        check_grad(r, i, r->p[i] ? r->p[i]->grad : NULL, 2.0, extra);
    for (size_t i = 0; i < r->n; i++) {
        float *own = calloc(r->in[i].size + 1, sizeof(float));
        char name[24];
        snprintf(name, sizeof(name), "x%zu", i);
        accord_nn_group g = accord_nn_group_of(r->set, name);
        g.grad = own;
        if (g.size)
            ck_assert_int_eq(accord_nn_backward(r->tape, loss, &g, 1), 0);
        check_grad(r, i, own, 1.0, extra);
        free(own);
    }
}

static const accord_nn_tensor *add_extra(rig *r, const accord_nn_tensor *const *x,
                                         const accord_nn_tensor *loss) {
    for (size_t i = 0; i < r->n; i++) {
        const accord_nn_tensor *e = weigh(r->tape, x[i], r->extra[i]);
        loss = loss ? accord_nn_add(r->tape, loss, e) : e;
    }
    return loss;
}

/* The operator alone (extra = 0), or the inputs are also used by others before it (< 0),
 * so that it is the first to write to their gradients, or behind it (> 0). */
static void check_loss(rig *r, int extra) {
    accord_nn_tape *t = r->tape;
    const accord_nn_tensor *x[NN_INPUTS];

    accord_nn_tape_reset(t);
    inputs(r, x);
    const accord_nn_tensor *before = extra < 0 ? add_extra(r, x, NULL) : NULL;
    const accord_nn_tensor *loss = weigh(t, r->c->run(t, x, r->p), r->weight);
    if (before)
        loss = accord_nn_add(t, loss, before);
    if (extra > 0)
        loss = add_extra(r, x, loss);
    check_passes(r, loss, extra != 0);
}

void nn_check(const nn_case *c) {
    rig r = {.c = c, .tape = accord_nn_tape_create(64 << 20)};

    make_inputs(&r);
    check_values(&r);
    r.weight = calloc(r.out.size + 1, sizeof(float));
    nn_fill(r.weight, r.out.size, 11);
    for (size_t i = 0; i < r.n; i++) {
        r.extra[i] = calloc(r.in[i].size + 1, sizeof(float));
        nn_fill(r.extra[i], r.in[i].size, 13 + i);
        r.wanted[i] = calloc(r.in[i].size + 1, sizeof(double));
    }
    central_differences(&r);
    if (accord_nn_params_size(r.set))
        for (int extra = -1; extra <= 1; extra++)
            check_loss(&r, extra);
    for (size_t i = 0; i < r.n; i++) {
        free(r.in[i].d);
        free(r.extra[i]);
        free(r.wanted[i]);
    }
    free(r.out.d);
    free(r.weight);
    accord_nn_params_destroy(r.set);
    accord_nn_tape_destroy(r.tape);
}
