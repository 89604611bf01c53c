/* check_nn_conv.c - both back ends of the convolutions against plain loops in double. */
#include <accord/rng.h>

#include <stdlib.h>
#include <string.h>

#include "nn/conv_parts.h"
#include "suites.h"

/* The arrays of one stack of layers: as the back ends see them, and in double. */
typedef struct stack {
    accord_conv_shape shape;
    uint32_t n;
    size_t size[ACCORD_CONV_LAYERS + 1]; /* of the edges */
    uint32_t side[ACCORD_CONV_LAYERS + 1][3];
    float *x, *y, *dy, *dx, *w[ACCORD_CONV_LAYERS], *b[ACCORD_CONV_LAYERS],
        *dw[ACCORD_CONV_LAYERS], *db[ACCORD_CONV_LAYERS];
    double *edge[ACCORD_CONV_LAYERS + 1], *grad[ACCORD_CONV_LAYERS + 1],
        *grad_w[ACCORD_CONV_LAYERS], *grad_b[ACCORD_CONV_LAYERS];
} stack;

static float *draw(size_t n, uint64_t *rng) {
    float *p = calloc(n + 1, sizeof(float));

    for (size_t i = 0; i < n; i++)
        p[i] = (float)(2 * accord_rng_uniform(rng) - 1);
    return p;
}
static double *zeros(size_t n) {
    return calloc(n + 1, sizeof(double));
}

static size_t weights_of(const stack *s, uint32_t i) {
    const accord_conv_layer *l = &s->shape.layers[i];
    return (size_t)l->out * s->side[i][0] * l->kernel * l->kernel;
}

static void stack_init(stack *s, const accord_conv_shape *shape) {
    uint64_t rng = 5;

    *s = (stack){.shape = *shape, .n = shape->n_layers};
    memcpy(s->side[0], (uint32_t[]){shape->in, shape->height, shape->width}, 12);
    for (uint32_t i = 0; i <= s->n; i++) {
        uint32_t *e = s->side[i];
        s->size[i] = (size_t)shape->batch * e[0] * e[1] * e[2];
        s->edge[i] = zeros(s->size[i]);
        s->grad[i] = zeros(s->size[i]);
        if (i == s->n)
            break;
        const accord_conv_layer *l = &shape->layers[i];
        for (int axis = 1; axis < 3; axis++)
            s->side[i + 1][axis] = (e[axis] + 2 * l->pad - l->kernel) / l->stride + 1;
        s->side[i + 1][0] = l->out;
        s->w[i] = draw(weights_of(s, i), &rng);
        s->b[i] = draw(l->out, &rng);
        s->dw[i] = draw(weights_of(s, i), &rng);
        s->db[i] = draw(l->out, &rng);
        s->grad_w[i] = zeros(weights_of(s, i));
        s->grad_b[i] = zeros(l->out);
    }
    s->x = draw(s->size[0], &rng);
    s->y = draw(s->size[s->n], &rng);
    s->dy = draw(s->size[s->n], &rng);
    s->dx = draw(s->size[0], &rng);
}
static void stack_fini(stack *s) {
    for (uint32_t i = 0; i <= s->n; i++) {
        free(s->edge[i]);
        free(s->grad[i]);
        if (i == s->n)
            break;
        free(s->w[i]);
        free(s->b[i]);
        free(s->dw[i]);
        free(s->db[i]);
        free(s->grad_w[i]);
        free(s->grad_b[i]);
    }
    free(s->x);
    free(s->y);
    free(s->dy);
    free(s->dx);
}

/* One tap of one output: y += x w forward, else both gradients. */
static void tap(stack *s, uint32_t l, size_t y, size_t x, size_t w, bool back) {
    if (!back) {
        s->edge[l + 1][y] += s->edge[l][x] * (double)s->w[l][w];
        return;
    }
    s->grad[l][x] += s->grad[l + 1][y] * (double)s->w[l][w];
    s->grad_w[l][w] += s->grad[l + 1][y] * s->edge[l][x];
}

/* All taps of output y = [n][o][i][j] of layer l. */
static void output(stack *s, uint32_t l, const size_t at[4], size_t y, bool back) {
    const accord_conv_layer *c = &s->shape.layers[l];
    const uint32_t *in = s->side[l];

    for (size_t k = 0; k < (size_t)in[0] * c->kernel * c->kernel; k++) {
        size_t v = k % c->kernel, u = k / c->kernel % c->kernel;
        size_t channel = k / ((size_t)c->kernel * c->kernel);
        size_t row = at[2] * c->stride + u - c->pad, col = at[3] * c->stride + v - c->pad;
        if (row < in[1] && col < in[2]) /* what is below 0 has wrapped around */
            tap(s, l, y, ((at[0] * in[0] + channel) * in[1] + row) * in[2] + col,
                at[1] * in[0] * c->kernel * c->kernel + k, back);
    }
}

static void reference_layer(stack *s, uint32_t l, bool back) {
    const uint32_t *out = s->side[l + 1];

    for (size_t y = 0; y < s->size[l + 1]; y++) {
        const size_t at[4] = {y / ((size_t)out[0] * out[1] * out[2]),
                              y / ((size_t)out[1] * out[2]) % out[0], y / out[2] % out[1],
                              y % out[2]};
        double *value = &s->edge[l + 1][y], *grad = &s->grad[l + 1][y];
        if (back) {
            *grad = s->shape.layers[l].relu && !(*value > 0) ? 0 : *grad;
            s->grad_b[l][at[1]] += *grad;
        } else {
            *value = (double)s->b[l][at[1]];
        }
        output(s, l, at, y, back);
        if (!back && s->shape.layers[l].relu)
            *value = *value > 0 ? *value : 0;
    }
}

static void reference(stack *s) {
    for (size_t i = 0; i < s->size[0]; i++)
        s->edge[0][i] = (double)s->x[i];
    for (uint32_t l = 0; l < s->n; l++)
        reference_layer(s, l, false);
    for (size_t i = 0; i < s->size[s->n]; i++)
        s->grad[s->n][i] = (double)s->dy[i];
    for (uint32_t l = s->n; l-- > 0;)
        reference_layer(s, l, true);
}

/* got - before, what was added, within 3e-5 of the largest of `want`. */
static void same(const char *what, const float *got, const float *before,
                 const double *want, size_t n) {
    double largest = 1;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(want[i]));
    for (size_t i = 0; i < n; i++) {
        double v = (double)got[i] - (before ? (double)before[i] : 0);
        ck_assert_msg(fabs(v - want[i]) <= 3e-5 * largest, "%s[%zu of %zu] is %g, not %g",
                      what, i, n, v, want[i]);
    }
}

static float *copy(const float *p, size_t n) {
    float *q = malloc((n + 1) * sizeof(float));
    memcpy(q, p, n * sizeof(float));
    return q;
}

static void check_weights(stack *s, float *const *dw, float *const *db) {
    for (uint32_t l = 0; l < s->n; l++) {
        same("dw", dw[l], s->dw[l], s->grad_w[l], weights_of(s, l));
        same("db", db[l], s->db[l], s->grad_b[l], s->shape.layers[l].out);
        free(dw[l]);
        free(db[l]);
    }
}

/* Forward and backward, twice: with and without adding to dx. */
static void play(stack *s, int backend) {
    accord_conv *c;

    ck_assert_int_eq(accord_conv_create(&s->shape, backend, &c), 0);
    float *kept = malloc((accord_conv_kept(c) + 1) * sizeof(float));
    for (int add = 0; add < 2; add++) {
        float *dx = copy(s->dx, s->size[0]), *dw[ACCORD_CONV_LAYERS],
              *db[ACCORD_CONV_LAYERS];
        for (uint32_t l = 0; l < s->n; l++) {
            dw[l] = copy(s->dw[l], weights_of(s, l));
            db[l] = copy(s->db[l], s->shape.layers[l].out);
        }
        const float *const *w = (const float *const *)s->w;
        const float *const *b = (const float *const *)s->b;
        memset(s->y, 0, s->size[s->n] * sizeof(float));
        accord_conv_forward(c, s->y, NULL, s->x, w, b);
        same("y without keeping", s->y, NULL, s->edge[s->n], s->size[s->n]);
        accord_conv_forward(c, s->y, kept, s->x, w, b);
        same("y", s->y, NULL, s->edge[s->n], s->size[s->n]);
        accord_conv_backward(c, &(accord_conv_back){.dy = s->dy,
                                                    .y = s->y,
                                                    .kept = kept,
                                                    .x = s->x,
                                                    .w = w,
                                                    .dw = dw,
                                                    .db = db,
                                                    .dx = dx,
                                                    .add_dx = add == 1});
        same("dx", dx, add ? s->dx : NULL, s->grad[0], s->size[0]);
        check_weights(s, dw, db);
        free(dx);
    }
    free(kept);
    accord_conv_destroy(c);
}

/* Odd and even sizes, one of everything, kernels of 1 to 5, strides that leave a rest,
 * padding, channels that fill a vector and that do not; and stacks of such. */
static const accord_conv_shape shapes[] = {
    {1, 1, 1, 1, 1, {{1, 1, 1, 0, false}}},
    {1, 1, 1, 1, 1, {{3, 3, 1, 1, true}}},
    {2, 3, 7, 5, 1, {{4, 3, 1, 0, false}}},
    {2, 3, 8, 9, 1, {{5, 3, 2, 0, false}}},
    {3, 9, 12, 12, 1, {{16, 3, 2, 0, true}}},
    {2, 9, 11, 13, 1, {{32, 3, 1, 0, false}}},
    {2, 32, 9, 9, 1, {{32, 3, 1, 0, true}}},
    {2, 16, 10, 7, 1, {{16, 3, 2, 1, false}}},
    {1, 17, 6, 6, 1, {{19, 3, 1, 1, true}}},
    {2, 8, 9, 11, 1, {{24, 5, 2, 2, false}}},
    {2, 5, 6, 7, 1, {{7, 2, 3, 1, false}}},
    {5, 4, 3, 3, 1, {{2, 3, 1, 0, true}}},
    {3, 9, 12, 12, 3, {{16, 3, 2, 0, true}, {16, 3, 1, 0, true}, {16, 3, 1, 0, false}}},
    {2, 9, 13, 11, 2, {{32, 3, 2, 0, true}, {32, 3, 1, 0, false}}},
    {2, 3, 11, 9, 3, {{7, 3, 2, 1, true}, {32, 3, 1, 1, false}, {5, 2, 1, 0, true}}},
    {2, 1, 5, 5, 2, {{1, 1, 1, 0, true}, {1, 5, 1, 0, true}}},
};

START_TEST(test_both_back_ends_give_what_plain_loops_give) {
    stack s;

    stack_init(&s, &shapes[_i]);
    reference(&s);
    play(&s, ACCORD_CONV_IM2COL);
    accord_conv *c;
    if (accord_conv_create(&s.shape, ACCORD_CONV_ONEDNN, &c) != ACCORD_E_UNSUPPORTED) {
        ck_assert_str_eq(accord_conv_backend(c), "onednn");
        accord_conv_destroy(c);
        play(&s, ACCORD_CONV_ONEDNN);
    }
    stack_fini(&s);
}
END_TEST

/* A frozen beginning: its gradients are not wanted, those of the rest are as before. */
START_TEST(test_gradients_are_made_only_where_they_are_wanted) {
    stack s;
    accord_conv *c;

    stack_init(&s, &shapes[12]);
    reference(&s);
    ck_assert_int_eq(accord_conv_create(&s.shape, ACCORD_CONV_BEST, &c), 0);
    float *kept = malloc(accord_conv_kept(c) * sizeof(float));
    float *dw = copy(s.dw[1], weights_of(&s, 1));
    const float *const *w = (const float *const *)s.w;
    accord_conv_forward(c, s.y, kept, s.x, w, (const float *const *)s.b);
    accord_conv_backward(c, &(accord_conv_back){.dy = s.dy,
                                                .y = s.y,
                                                .kept = kept,
                                                .x = s.x,
                                                .w = w,
                                                .dw = (float *const[]){NULL, dw, NULL}});
    same("dw", dw, s.dw[1], s.grad_w[1], weights_of(&s, 1));
    free(dw);
    free(kept);
    accord_conv_destroy(c);
    stack_fini(&s);
}
END_TEST

START_TEST(test_channels_go_last) {
    static const accord_conv_groups groups[] = {
        {2, 9, 12, 1}, {1, 3, 5, 1}, {1, 4, 3, 1}, {3, 8, 7, 1}, {2, 32, 5, 16}};
    const accord_conv_groups *g = &groups[_i];
    const size_t n = g->batch * g->channels * g->pixels;
    uint64_t rng = 1;
    float *from = draw(n, &rng), *to = draw(n, &rng), behind = to[n] = 7;

    accord_conv_channels_last(to, from, g);
    for (size_t i = 0; i < n; i++) {
        size_t c = i % g->channels, p = i / g->channels % g->pixels;
        size_t image = i / g->channels / g->pixels * g->channels * g->pixels;
        ck_assert(to[i] == from[image + c / g->group * g->group * g->pixels +
                                p * g->group + c % g->group]);
    }
    ck_assert(to[n] == behind);
    free(from);
    free(to);
}
END_TEST

START_TEST(test_shapes_without_an_output_are_refused) {
    static const accord_conv_shape bad[] = {
        {0, 1, 4, 4, 1, {{1, 3, 1, 0, false}}},
        {1, 1, 2, 4, 1, {{1, 3, 1, 0, false}}},
        {1, 1, 4, 4, 1, {{1, 3, 0, 0, false}}},
        {1, 1, 4, 4, 1, {{1, 0, 1, 0, false}}},
        {1, 1, 4, 4, 1, {{0, 3, 1, 0, false}}},
        {1, 1, 4, 4, 0, {{1, 3, 1, 0, false}}},
        {1, 1, 4, 4, ACCORD_CONV_LAYERS + 1, {{1, 1, 1, 0, false}}},
        {1, 1, 4, 4, 2, {{1, 3, 1, 0, false}, {1, 3, 1, 0, false}}},
        {UINT32_MAX, UINT32_MAX, 65536, 65536, 1, {{1, 3, 1, 0, false}}},
        {1, 65536, 200, 100, 1, {{65536, 64, 1, 0, false}}},
        {1, 1, 4, UINT32_MAX, 1, {{1, 1, 1, UINT32_MAX, false}}},
    };
    accord_conv *c;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(accord_conv_create(&bad[i], ACCORD_CONV_BEST, &c), ACCORD_E_ARG);
        ck_assert_ptr_null(c);
    }
    ck_assert_uint_eq(accord_conv_out(84, 3, 2, 0), 41);
    ck_assert_uint_eq(accord_conv_out(41, 3, 1, 0), 39);
    ck_assert_uint_eq(accord_conv_out(2, 3, 1, 0), 0);
}
END_TEST

Suite *suite_nn_conv(void) {
    Suite *s = suite_create("nn_conv");
    TCase *tc = tcase_create("nn_conv");

    tcase_add_loop_test(tc, test_both_back_ends_give_what_plain_loops_give, 0,
                        sizeof(shapes) / sizeof(shapes[0]));
    tcase_add_test(tc, test_gradients_are_made_only_where_they_are_wanted);
    tcase_add_loop_test(tc, test_channels_go_last, 0, 5);
    tcase_add_test(tc, test_shapes_without_an_output_are_refused);
    suite_add_tcase(s, tc);
    return s;
}
