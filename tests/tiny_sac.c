/* tiny_sac.c - see tiny_sac.h. */
#include "tiny_sac.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

const control_size tiny_size = {.name = "tiny",
                                .pixels = TINY_PIXELS,
                                .layers = 2,
                                .filters = 3,
                                .strided = 1,
                                .features = 5,
                                .hidden = 6};

control_sac_config tiny_config(uint64_t seed) {
    control_sac_config c = CONTROL_SAC;

    c.size = &tiny_size;
    c.n_actions = TINY_ACTIONS;
    c.seed = seed;
    return c;
}

control_sac *tiny_create(uint64_t seed) {
    control_sac_config c = tiny_config(seed);
    accord_nn_err err = {0};
    control_sac *s;

    ck_assert_msg(control_sac_create(&c, &s, &err) == 0, "%s", err.text);
    for (int i = TINY_ONLINE; i <= TINY_ACTOR; i++) {
        accord_nn_group g = accord_nn_group_all(tiny_set(s, i));
        for (size_t k = 0; k < g.size; k++)
            g.value[k] += (float)(0.6 * accord_rng_uniform(&seed) - 0.3);
    }
    return s;
}

void tiny_draw(tiny_batch *b, uint64_t seed) {
    b->b = (control_batch){.n = TINY_BATCH,
                           .obs = b->obs,
                           .next_obs = b->next_obs,
                           .action = b->action,
                           .reward = b->reward,
                           .not_done = b->not_done};
    for (size_t i = 0; i < sizeof(b->obs); i++) {
        b->obs[i] = (uint8_t)accord_rng_below(&seed, 256);
        b->next_obs[i] = (uint8_t)accord_rng_below(&seed, 256);
    }
    for (int i = 0; i < TINY_BATCH * TINY_ACTIONS; i++)
        b->action[i] = (float)(2.0 * accord_rng_uniform(&seed) - 1.0);
    for (int i = 0; i < TINY_BATCH; i++) {
        b->reward[i] = (float)accord_rng_uniform(&seed);
        b->not_done[i] = i == 1 ? 0.0f : 1.0f;
    }
}

accord_code tiny_update(control_sac *s, const control_batch *b, uint64_t *rng,
                        accord_nn_err *err) {
    static float grad[4096];
    control_actor_info info;
    float y[TINY_BATCH];
    double loss;

    if (control_sac_critic_size(s) > sizeof(grad) / sizeof(grad[0]))
        return ACCORD_E_LIMIT; /* Check's own allocations would be seen */
    accord_code rc = control_sac_target(s, b, rng, y, err);
    rc =
        rc ? rc
           : control_sac_critic_gradient(s, b->n, b->obs, b->action, y, grad, &loss, err);
    if (rc)
        return rc;
    control_sac_critic_step(s, grad);
    rc = control_sac_actor_step(s, b, rng, &info, err);
    if (!rc)
        control_sac_targets_step(s);
    return rc;
}

/* ---- sets ---- */

accord_nn_params *tiny_set(const control_sac *s, int which) {
    accord_nn_params *const sets[] = {s->online.set, s->target.set, s->actor.set,
                                      s->temperature};

    return sets[which];
}

tiny_values tiny_keep(const control_sac *s) {
    tiny_values v;

    for (int i = 0; i < TINY_SETS; i++) {
        accord_nn_group g = accord_nn_group_all(tiny_set(s, i));
        v.of[i] = malloc(g.size * sizeof(float));
        memcpy(v.of[i], g.value, g.size * sizeof(float));
    }
    return v;
}

unsigned tiny_changed(const control_sac *s, const tiny_values *v) {
    unsigned bits = 0;

    for (int i = 0; i < TINY_SETS; i++) {
        accord_nn_group g = accord_nn_group_all(tiny_set(s, i));
        if (memcmp(g.value, v->of[i], g.size * sizeof(float)) != 0)
            bits |= 1u << i;
    }
    return bits;
}

void tiny_drop(tiny_values *v) {
    for (int i = 0; i < TINY_SETS; i++)
        free(v->of[i]);
}

/* ---- the networks once more ---- */

enum { MOST = 512 }; /* numbers that a layer makes of one stack */

tiny_reference tiny_reference_of(const control_sac *s) {
    tiny_reference r = {.s = s};

    for (int i = 0; i < TINY_SETS; i++) {
        accord_nn_group g = accord_nn_group_all(tiny_set(s, i));
        r.of[i] = malloc(g.size * sizeof(double));
        for (size_t k = 0; k < g.size; k++)
            r.of[i][k] = (double)g.value[k];
    }
    return r;
}

void tiny_reference_drop(tiny_reference *r) {
    for (int i = 0; i < TINY_SETS; i++)
        free(r->of[i]);
}

static void convolve(const double *p, const accord_nn_conv2d_layer *l, size_t side,
                     size_t out_side, const double *x, double *y) {
    const double *w = p + l->weight->offset, *b = p + l->bias->offset;
    const size_t in = l->weight->shape[1];

    for (size_t i = 0; i < l->weight->shape[0] * out_side * out_side; i++) {
        size_t o = i / out_side / out_side, row = i / out_side % out_side * l->stride;
        size_t col = i % out_side * l->stride;
        y[i] = b[o];
        for (size_t k = 0; k < in * 9; k++)
            y[i] += w[o * in * 9 + k] *
                    x[(k / 9 * side + row + k / 3 % 3) * side + col + k % 3];
    }
}

/* Two layers, the first of stride 2. */
static void trunk(const double *p, const control_critic *net, const uint8_t *stack,
                  double *flat) {
    const size_t middle = (TINY_PIXELS - 3) / 2 + 1;
    double x[TINY_STACK], h[MOST];

    for (int i = 0; i < TINY_STACK; i++)
        x[i] = stack[i] / 255.0;
    convolve(p, &net->trunk[0], TINY_PIXELS, middle, x, h);
    for (size_t i = 0; i < tiny_size.filters * middle * middle; i++)
        h[i] = h[i] > 0.0 ? h[i] : 0.0;
    convolve(p, &net->trunk[1], middle, middle - 2, h, flat);
}

static void linear(const double *p, const accord_nn_linear_layer *l, const double *x,
                   double *y) {
    const size_t n_in = l->weight->shape[1];

    for (size_t o = 0; o < l->weight->shape[0]; o++) {
        y[o] = p[l->bias->offset + o];
        for (size_t i = 0; i < n_in; i++)
            y[o] += p[l->weight->offset + o * n_in + i] * x[i];
    }
}

static void project(const double *p, const control_projection *pr, const double *flat,
                    double *z) {
    const size_t n = tiny_size.features;
    double mean = 0.0, var = 0.0;

    linear(p, &pr->linear, flat, z);
    for (size_t i = 0; i < n; i++)
        mean += z[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        var += (z[i] - mean) * (z[i] - mean) / (double)n;
    for (size_t i = 0; i < n; i++)
        z[i] = tanh(p[pr->norm.gain->offset + i] * (z[i] - mean) / sqrt(var + 1e-5) +
                    p[pr->norm.bias->offset + i]);
}

static void mlp(const double *p, const control_mlp *m, const double *x, double *y) {
    double a[MOST], b[MOST];

    linear(p, &m->layer[0], x, a);
    for (size_t i = 0; i < tiny_size.hidden; i++)
        a[i] = a[i] > 0.0 ? a[i] : 0.0;
    linear(p, &m->layer[1], a, b);
    for (size_t i = 0; i < tiny_size.hidden; i++)
        b[i] = b[i] > 0.0 ? b[i] : 0.0;
    linear(p, &m->layer[2], b, y);
}

static void q_values(const double *p, const control_critic *net, const uint8_t *stack,
                     const double *action, double q[2]) {
    double flat[MOST], x[MOST];

    trunk(p, net, stack, flat);
    project(p, &net->projection, flat, x);
    memcpy(x + tiny_size.features, action, TINY_ACTIONS * sizeof(double));
    mlp(p, &net->q[0], x, &q[0]);
    mlp(p, &net->q[1], x, &q[1]);
}

/* log_std in [-10, 2]. */
static void policy(const tiny_reference *r, const uint8_t *stack, double *mean,
                   double *log_std) {
    double flat[MOST], z[MOST], out[2 * TINY_ACTIONS];

    trunk(r->of[TINY_ONLINE], &r->s->online, stack, flat);
    project(r->of[TINY_ACTOR], &r->s->actor.projection, flat, z);
    mlp(r->of[TINY_ACTOR], &r->s->actor.mlp, z, out);
    for (int i = 0; i < TINY_ACTIONS; i++) {
        mean[i] = out[i];
        log_std[i] = -10.0 + 6.0 * (tanh(out[TINY_ACTIONS + i]) + 1.0);
    }
}

static double sample(const tiny_reference *r, const uint8_t *stack, const float *noise,
                     double *action) {
    double mean[TINY_ACTIONS], log_std[TINY_ACTIONS], log_prob = 0.0;

    policy(r, stack, mean, log_std);
    for (int i = 0; i < TINY_ACTIONS; i++) {
        double e = (double)noise[i];
        action[i] = tanh(mean[i] + exp(log_std[i]) * e);
        log_prob += -0.5 * e * e - log_std[i] - 0.5 * log(6.283185307179586) -
                    log(1.0 - action[i] * action[i]);
    }
    return log_prob;
}

double tiny_critic_loss(const tiny_reference *r, const control_batch *b, const float *y) {
    double loss = 0.0, action[TINY_ACTIONS], q[2];

    for (uint32_t i = 0; i < b->n; i++) {
        for (int k = 0; k < TINY_ACTIONS; k++)
            action[k] = (double)b->action[i * TINY_ACTIONS + (uint32_t)k];
        q_values(r->of[TINY_ONLINE], &r->s->online, b->obs + i * TINY_STACK, action, q);
        for (int j = 0; j < 2; j++)
            loss += (q[j] - (double)y[i]) * (q[j] - (double)y[i]) / b->n;
    }
    return loss;
}

double tiny_actor_loss(const tiny_reference *r, const control_batch *b,
                       const float *noise, double *entropy) {
    const double alpha = exp(r->of[TINY_TEMPERATURE][0]);
    double loss = 0.0, action[TINY_ACTIONS], q[2];

    *entropy = 0.0;
    for (uint32_t i = 0; i < b->n; i++) {
        const uint8_t *stack = b->obs + i * TINY_STACK;
        double log_prob = sample(r, stack, noise + i * TINY_ACTIONS, action);
        q_values(r->of[TINY_ONLINE], &r->s->online, stack, action, q);
        loss += (alpha * log_prob - fmin(q[0], q[1])) / b->n;
        *entropy -= log_prob / b->n;
    }
    return loss;
}

void tiny_target(const tiny_reference *r, const control_batch *b, const float *noise,
                 double *y) {
    const double alpha = exp(r->of[TINY_TEMPERATURE][0]);
    double action[TINY_ACTIONS], q[2];

    for (uint32_t i = 0; i < b->n; i++) {
        const uint8_t *stack = b->next_obs + i * TINY_STACK;
        double log_prob = sample(r, stack, noise + i * TINY_ACTIONS, action);
        q_values(r->of[TINY_TARGET], &r->s->target, stack, action, q);
        y[i] = (double)b->reward[i] +
               (double)b->not_done[i] * 0.99 * (fmin(q[0], q[1]) - alpha * log_prob);
    }
}

void tiny_mean_action(const tiny_reference *r, const uint8_t *stack, double *action) {
    double log_std[TINY_ACTIONS];

    policy(r, stack, action, log_std);
    for (int i = 0; i < TINY_ACTIONS; i++)
        action[i] = tanh(action[i]);
}

void tiny_noise(uint64_t rng, uint32_t n, float *noise) {
    for (uint32_t i = 0; i < n * TINY_ACTIONS; i++)
        noise[i] = (float)accord_rng_normal(&rng);
}
