/* check_nn_tape.c - errors, memory, groups and passes of the tape. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "nn_nets.h"
#include "nn_rig.h"
#include "suites.h"

typedef const accord_nn_tensor tensor;

/* ---- shapes that do not fit ---- */

/* Parameters to be misused. */
struct parts {
    accord_nn_params *set;
    accord_nn_linear_layer linear;       /* [4][6] */
    accord_nn_conv2d_layer conv;         /* [2][3][3][3] */
    accord_nn_norm_layer norm;           /* [6] */
    accord_nn_gru_layer gru;             /* 6 -> 4 */
    accord_nn_embedding_layer embedding; /* [5][6] */
    accord_nn_tape *t;
    tensor *x[5]; /* [8][5], [8][6], [2][3][6], [2][2][6], [8] */
};

static void parts_create(struct parts *p) {
    static const float zeros[64];
    accord_nn_params *s = p->set = accord_nn_params_create();

    p->linear = accord_nn_linear_declare(s, "l1", 6, 4);
    p->conv = accord_nn_conv2d_declare(s, "c1", 3, 2, 3, 1, 0);
    p->norm = accord_nn_layer_norm_declare(s, "n1", 6);
    p->gru = accord_nn_gru_declare(s, "g1", 6, 4);
    p->embedding = accord_nn_embedding_declare(s, "e1", 5, 6);
    ck_assert_int_eq(accord_nn_params_seal(s, NULL), 0);
    p->t = accord_nn_tape_create(1 << 20);
    p->x[0] = accord_nn_input(p->t, zeros, ACCORD_NN_SHAPE(8, 5));
    p->x[1] = accord_nn_input(p->t, zeros, ACCORD_NN_SHAPE(8, 6));
    p->x[2] = accord_nn_input(p->t, zeros, ACCORD_NN_SHAPE(2, 3, 6));
    p->x[3] = accord_nn_input(p->t, zeros, ACCORD_NN_SHAPE(2, 2, 6));
    p->x[4] = accord_nn_input(p->t, zeros, ACCORD_NN_SHAPE(8));
}

static const int32_t bad_ids[] = {1, 5, -1};

#define MISUSE(name, call) \
    static tensor *name(const struct parts *p) { \
        accord_nn_tape *t = p->t; \
        tensor *const *x = p->x; \
        (void)x; \
        return call; \
    }

MISUSE(linear, accord_nn_linear(t, x[0], &p->linear))
MISUSE(conv, accord_nn_conv2d(t, x[2], &p->conv, 0))
MISUSE(conv_small,
       accord_nn_conv2d(t, accord_nn_constant(t, 0, ACCORD_NN_SHAPE(1, 3, 2, 9)),
                        &p->conv, 0))
MISUSE(conv_none, accord_nn_conv2d_stack(t, x[2], &p->conv, 0, 0))
MISUSE(no_activation, accord_nn_dense(t, x[1], &p->linear, 99))
MISUSE(norm, accord_nn_layer_norm(t, x[0], &p->norm))
MISUSE(gru_x, accord_nn_gru(t, x[0], x[1], &p->gru))
MISUSE(gru_h, accord_nn_gru(t, x[1], x[1], &p->gru))
MISUSE(add, accord_nn_add(t, x[0], x[1]))
MISUSE(mul, accord_nn_mul(t, x[2], x[3]))
MISUSE(mse, accord_nn_mse(t, x[0], x[1]))
MISUSE(cosine, accord_nn_cosine(t, x[0], x[4]))
MISUSE(matmul, accord_nn_matmul(t, x[0], x[1]))
MISUSE(matmul_t, accord_nn_matmul_t(t, x[0], x[1]))
MISUSE(attention, accord_nn_attention(t, x[2], x[0], x[0], 2))
MISUSE(heads, accord_nn_attention(t, x[2], x[3], x[3], 4))
MISUSE(causal, accord_nn_causal_attention(t, x[2], x[3], x[3], 2))
MISUSE(packed, accord_nn_self_attention(t, x[0], 1, true))
MISUSE(reshape, accord_nn_reshape(t, x[0], ACCORD_NN_SHAPE(7, 5)))
MISUSE(transpose, accord_nn_transpose(t, x[0], 0, 2))
MISUSE(slice, accord_nn_slice(t, x[0], 1, 3, 6))
MISUSE(concat, accord_nn_concat(t, (tensor *[]){x[0], x[1]}, 2, 0))
MISUSE(concat_none, accord_nn_concat(t, NULL, 0, 0))
MISUSE(gather, accord_nn_gather(t, x[0], bad_ids, 3))
MISUSE(embedding, accord_nn_embedding(t, bad_ids, ACCORD_NN_SHAPE(3), &p->embedding))
MISUSE(pick, accord_nn_pick(t, x[3], bad_ids))
MISUSE(sum, accord_nn_sum(t, x[0], 2))
MISUSE(softmax, accord_nn_softmax(t, accord_nn_constant(t, 0, ACCORD_NN_SCALAR)))
MISUSE(entropy, accord_nn_cross_entropy(t, x[0], (int32_t[8]){0, 5}, -1))
MISUSE(gaussian, accord_nn_squashed_gaussian(t, x[0], x[1], NULL, NULL))
MISUSE(missing, accord_nn_relu(t, NULL))
MISUSE(unsealed, accord_nn_use(t, NULL))
MISUSE(axes, accord_nn_constant(t, 0, 5, (size_t[]){1, 1, 1, 1, 1}))
MISUSE(huge, accord_nn_constant(t, 0, ACCORD_NN_SHAPE(SIZE_MAX / 2, 4)))

static const struct {
    tensor *(*run)(const struct parts *p);
    accord_code code;
    const char *text;
} misuses[] = {
    {linear, ACCORD_E_ARG, "linear: input [8][5] does not fit l1.weight [4][6]"},
    {conv, ACCORD_E_ARG, "conv2d: input [2][3][6] does not fit c1.weight [2][3][3][3]"},
    {conv_small, ACCORD_E_ARG,
     "conv2d: input [1][3][2][9] does not fit c1.weight [2][3][3][3]"},
    {conv_none, ACCORD_E_ARG, "conv2d: 0 layers, 1 .. 16 are possible"},
    {no_activation, ACCORD_E_ARG, "linear: there is no activation 99"},
    {norm, ACCORD_E_ARG, "layer_norm: input [8][5] does not fit n1.gain [6]"},
    {gru_x, ACCORD_E_ARG, "gru: input [8][5] does not fit g1.w_x [12][6]"},
    {gru_h, ACCORD_E_ARG, "gru: input [8][6] does not fit g1.w_h [12][4]"},
    {add, ACCORD_E_ARG, "add: [8][5] does not fit [8][6]"},
    {mul, ACCORD_E_ARG, "mul: [2][3][6] does not fit [2][2][6]"},
    {mse, ACCORD_E_ARG, "mse: [8][5] does not fit [8][6]"},
    {cosine, ACCORD_E_ARG, "cosine: [8][5] does not fit [8]"},
    {matmul, ACCORD_E_ARG, "matmul: [8][5] does not fit [8][6]"},
    {matmul_t, ACCORD_E_ARG, "matmul_t: [8][5] does not fit [8][6]"},
    {attention, ACCORD_E_ARG, "attention: [2][3][6] does not fit [8][5]"},
    {heads, ACCORD_E_ARG, "attention: [2][3][6] has no 4 heads of equal width"},
    {causal, ACCORD_E_ARG, "causal_attention: [2][3][6] does not fit [2][2][6]"},
    {packed, ACCORD_E_ARG, "self_attention: [8][5] is not [batch][n][3 width]"},
    {reshape, ACCORD_E_ARG, "reshape: [8][5] does not fit [7][5]"},
    {transpose, ACCORD_E_ARG, "transpose: [8][5] has no axis 2"},
    {slice, ACCORD_E_ARG, "slice: 3 .. 6 of axis 1 of [8][5]"},
    {concat, ACCORD_E_ARG, "concat: [8][5] does not fit [8][6]"},
    {concat_none, ACCORD_E_ARG, "concat: no tensors"},
    {gather, ACCORD_E_ARG, "gather: index 2 is -1, out of range for 8"},
    {embedding, ACCORD_E_ARG, "embedding: index 1 is 5, out of range for 5"},
    {pick, ACCORD_E_ARG, "pick: index 2 is -1, out of range for 6"},
    {sum, ACCORD_E_ARG, "sum: [8][5] has no axis 2"},
    {softmax, ACCORD_E_ARG, "softmax: a scalar has no last axis"},
    {entropy, ACCORD_E_ARG, "cross_entropy: target 1 is 5, out of range for 5"},
    {gaussian, ACCORD_E_ARG, "squashed_gaussian: [8][5] does not fit [8][6]"},
    {missing, ACCORD_E_ARG, "relu: a tensor is missing"},
    {unsealed, ACCORD_E_ARG, "use: the parameter that was refused is not sealed"},
    {axes, ACCORD_E_ARG, "a tensor of 5 axes, at most 4"},
    {huge, ACCORD_E_LIMIT, "a tensor is too large"},
};

/* The sentence names both shapes; everything built on the failure passes it on; the pass
 * reports it and touches no gradient. */
START_TEST(test_a_wrong_shape_names_both_shapes) {
    struct parts p;
    accord_nn_err err = {0};

    parts_create(&p);
    tensor *y = misuses[_i].run(&p);
    ck_assert_ptr_nonnull(y);
    ck_assert(y->size == 1 && y->rank == 0 && isnan(y->data[0]));
    tensor *loss = accord_nn_mean(p.t, accord_nn_relu(p.t, y), ACCORD_NN_ALL);
    loss = accord_nn_add(p.t, loss, accord_nn_use(p.t, p.norm.gain));
    accord_nn_group all = accord_nn_group_all(p.set);
    all.grad[0] = 7.0f;
    ck_assert_int_eq(accord_nn_backward(p.t, loss, &all, 1), misuses[_i].code);
    ck_assert(all.grad[0] == 7.0f);
    ck_assert_int_eq(accord_nn_tape_check(p.t, &err), misuses[_i].code);
    ck_assert_str_eq(err.text, misuses[_i].text);
    accord_nn_tape_reset(p.t);
    ck_assert_int_eq(accord_nn_tape_check(p.t, NULL), 0);
    accord_nn_params_destroy(p.set);
    accord_nn_tape_destroy(p.t);
}
END_TEST

START_TEST(test_the_first_error_stays) {
    struct parts p;
    accord_nn_err err = {0};

    parts_create(&p);
    accord_nn_add(p.t, p.x[0], p.x[1]);
    accord_nn_linear(p.t, p.x[0], &p.linear);
    accord_nn_tape_check(p.t, &err);
    ck_assert_str_eq(err.text, "add: [8][5] does not fit [8][6]");
    accord_nn_params_destroy(p.set);
    accord_nn_tape_destroy(p.t);
}
END_TEST

START_TEST(test_what_is_no_loss_is_refused) {
    struct parts p;
    accord_nn_err err = {0};
    accord_nn_group none = {0};

    parts_create(&p);
    accord_nn_group all = accord_nn_group_all(p.set);
    accord_nn_backward(p.t, p.x[0], &all, 1);
    accord_nn_tape_check(p.t, &err);
    ck_assert_str_eq(err.text, "backward: the loss [8][5] is not one number");
    memset(&err, 0, sizeof(err));
    accord_nn_tape_reset(p.t);
    tensor *c = accord_nn_constant(p.t, 1.0f, ACCORD_NN_SCALAR);
    accord_nn_backward(p.t, c, &all, 1);
    accord_nn_tape_check(p.t, &err);
    ck_assert_str_eq(err.text, "backward: the loss depends on no recorded parameter");
    memset(&err, 0, sizeof(err));
    accord_nn_tape_reset(p.t);
    c = accord_nn_sum(p.t, accord_nn_use(p.t, p.norm.gain), 0);
    ck_assert_int_eq(accord_nn_backward(p.t, c, &none, 1), ACCORD_E_ARG);
    accord_nn_tape_check(p.t, &err);
    ck_assert_str_eq(err.text, "backward: group 0 is empty");
    accord_nn_params_destroy(p.set);
    accord_nn_tape_destroy(p.t);
}
END_TEST

/* ---- memory ---- */

/* Both networks of nn_nets.h with their optimisers. */
struct both {
    transformer gpt;
    critic q;
    accord_nn_tape *t;
    accord_nn_adam *adam[2];
    int32_t tokens[NETS_BATCH * NETS_TIME], next[NETS_BATCH * NETS_TIME];
    float pixels[CRITIC_PIXELS], action[NETS_BATCH * NETS_ACTIONS], target[NETS_BATCH];
};

static accord_code both_create(struct both *b, accord_nn_err *err) {
    const accord_nn_adam_config config = ACCORD_NN_ADAM;
    uint64_t rng = 1;

    memset(b, 0, sizeof(*b));
    transformer_draw(b->tokens, b->next, &rng);
    critic_draw(b->pixels, b->action, b->target, &rng);
    b->t = accord_nn_tape_create(64 << 20);
    if (!b->t)
        return ACCORD_E_NOMEM;
    accord_code rc = transformer_create(&b->gpt, 1, err);
    if (!rc)
        rc = critic_create(&b->q, 1, err);
    if (!rc)
        rc = accord_nn_adam_create(accord_nn_group_all(b->gpt.set), &config, &b->adam[0],
                                   err);
    if (!rc)
        rc = accord_nn_adam_create(accord_nn_group_all(b->q.set), &config, &b->adam[1],
                                   err);
    return rc;
}

static void both_destroy(struct both *b) {
    accord_nn_adam_destroy(b->adam[0]);
    accord_nn_adam_destroy(b->adam[1]);
    accord_nn_params_destroy(b->gpt.set);
    accord_nn_params_destroy(b->q.set);
    accord_nn_tape_destroy(b->t);
}

static accord_code both_step(struct both *b) {
    accord_nn_group groups[] = {accord_nn_group_all(b->gpt.set),
                                accord_nn_group_all(b->q.set)};

    accord_nn_tape_reset(b->t);
    tensor *loss =
        accord_nn_add(b->t, transformer_loss(b->t, &b->gpt, b->tokens, b->next),
                      critic_loss(b->t, &b->q, b->pixels, b->action, b->target));
    accord_code rc = accord_nn_backward(b->t, loss, groups, 2);
    if (rc)
        return rc;
    accord_nn_clip_grad(groups, 2, 1.0);
    accord_nn_adam_step(b->adam[0], 1e-3);
    accord_nn_adam_step(b->adam[1], 1e-3);
    return ACCORD_OK;
}

START_TEST(test_the_second_step_allocates_nothing) {
    static struct both b;
    accord_nn_err err = {0};

    ck_assert_msg(both_create(&b, &err) == 0, "%s", err.text);
    ck_assert_int_eq(both_step(&b), 0);
    size_t bytes = accord_nn_tape_bytes(b.t);
    accord_code rc = ACCORD_OK;
    chaos_fail_after(0); /* the first allocation would be seen, Check's too */
    for (int i = 0; i < 3 && !rc; i++)
        rc = both_step(&b);
    int allocated = chaos_stop();
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(allocated, 0);
    ck_assert_uint_eq(accord_nn_tape_bytes(b.t), bytes);
    both_destroy(&b);
}
END_TEST

/* Every allocation of making two networks and taking a step fails once. */
START_TEST(test_without_memory_there_is_a_code) {
    static struct both b;
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        accord_nn_err err = {0};
        chaos_fail_after(n);
        accord_code rc = both_create(&b, &err);
        if (!rc)
            rc = both_step(&b);
        failed = chaos_stop();
        ck_assert_msg(rc == (failed ? ACCORD_E_NOMEM : ACCORD_OK), "allocation %d: %d %s",
                      (int)n, (int)rc, err.text);
        if (failed && b.adam[1]) /* the tape goes on when there is memory again */
            ck_assert_int_eq(both_step(&b), 0);
        both_destroy(&b);
    }
}
END_TEST

static void *small_life(void *ok) {
    struct both *b = calloc(1, sizeof(*b));

    *(bool *)ok = b && !both_create(b, NULL) && !both_step(b) && !both_step(b);
    if (b)
        both_destroy(b);
    free(b);
    return NULL;
}

/* Methods run on the stacks of episodes, 256 KiB each. */
START_TEST(test_the_stack_of_an_episode_is_enough) {
    pthread_attr_t attr;
    pthread_t thread;
    bool ok = false;

    pthread_attr_init(&attr);
    ck_assert_int_eq(pthread_attr_setstacksize(&attr, 256 << 10), 0);
    ck_assert_int_eq(pthread_create(&thread, &attr, small_life, &ok), 0);
    pthread_join(thread, NULL);
    ck_assert(ok);
    pthread_attr_destroy(&attr);
}
END_TEST

/* One network over batches of every size, as at an evaluation's end: what a step needs
 * survives whatever went before it. */
START_TEST(test_batches_of_many_sizes) {
    static struct both b;
    static const float x[40 * 3 * 6 * 6];
    accord_nn_err err = {0};

    ck_assert_msg(both_create(&b, &err) == 0, "%s", err.text);
    accord_nn_group all = accord_nn_group_all(b.q.set);
    for (size_t n = 1; n < 40; n++) {
        accord_nn_tape_reset(b.t);
        tensor *loss = accord_nn_constant(b.t, 0.0f, ACCORD_NN_SCALAR);
        for (size_t k = n; k <= n + (n % 5 == 0) * 20; k++) {
            tensor *in = accord_nn_input(b.t, x, ACCORD_NN_SHAPE(k % 40, 3, 6, 6));
            in = accord_nn_conv2d(b.t, in, &b.q.conv1, ACCORD_NN_RELU);
            loss = accord_nn_add(b.t, loss, accord_nn_sum(b.t, in, ACCORD_NN_ALL));
        }
        ck_assert_int_eq(accord_nn_backward(b.t, loss, &all, 1), 0);
    }
    both_destroy(&b);
}
END_TEST

START_TEST(test_a_tape_keeps_to_its_maximum) {
    accord_nn_tape *t = accord_nn_tape_create(100000);
    accord_nn_err err = {0};

    for (int i = 0; i < 100; i++)
        accord_nn_constant(t, 0.0f, ACCORD_NN_SHAPE(1000));
    ck_assert_int_eq(accord_nn_tape_check(t, &err), ACCORD_E_LIMIT);
    ck_assert_ptr_nonnull(strstr(err.text, "the tape's maximum of 100000 bytes"));
    ck_assert_uint_le(accord_nn_tape_bytes(t), 100000);
    accord_nn_tape_reset(t);
    accord_nn_constant(t, 0.0f, ACCORD_NN_SHAPE(10000));
    ck_assert_int_eq(accord_nn_tape_check(t, NULL), 0);
    accord_nn_tape_destroy(t);
}
END_TEST

/* ---- groups and passes ---- */

/* loss = a b + detach(a) c, over the scalars a = 2, b = 3, c = 5. */
struct scalars {
    accord_nn_params *set;
    accord_nn_param *a, *b, *c;
    accord_nn_tape *t;
    tensor *loss;
};

static void scalars_create(struct scalars *s) {
    s->set = accord_nn_params_create();
    s->a = accord_nn_param_add(s->set, "left.a", 2.0f, ACCORD_NN_SCALAR);
    s->b = accord_nn_param_add(s->set, "left.b", 3.0f, ACCORD_NN_SCALAR);
    s->c = accord_nn_param_add(s->set, "right.c", 5.0f, ACCORD_NN_SCALAR);
    ck_assert_int_eq(accord_nn_params_seal(s->set, NULL), 0);
    s->t = accord_nn_tape_create(1 << 20);
    tensor *a = accord_nn_use(s->t, s->a), *b = accord_nn_use(s->t, s->b);
    tensor *c = accord_nn_use(s->t, s->c);
    s->loss = accord_nn_add(s->t, accord_nn_mul(s->t, a, b),
                            accord_nn_mul(s->t, accord_nn_detach(s->t, a), c));
}

static void scalars_destroy(struct scalars *s) {
    accord_nn_params_destroy(s->set);
    accord_nn_tape_destroy(s->t);
}

START_TEST(test_no_gradient_flows_through_detach) {
    struct scalars s;

    scalars_create(&s);
    accord_nn_group all = accord_nn_group_all(s.set);
    ck_assert(s.loss->data[0] == 16.0f);
    ck_assert_int_eq(accord_nn_backward(s.t, s.loss, &all, 1), 0);
    ck_assert(all.grad[0] == 3.0f && all.grad[1] == 2.0f && all.grad[2] == 2.0f);
    scalars_destroy(&s);
}
END_TEST

START_TEST(test_only_the_chosen_group_is_written) {
    struct scalars s;
    float own[2] = {-1.0f, -1.0f};

    scalars_create(&s);
    accord_nn_group all = accord_nn_group_all(s.set);
    accord_nn_group left = accord_nn_group_of(s.set, "left.");
    ck_assert_uint_eq(left.size, 2);
    for (int i = 0; i < 3; i++)
        all.grad[i] = 9.0f;
    left.grad = own;
    ck_assert_int_eq(accord_nn_backward(s.t, s.loss, &left, 1), 0);
    ck_assert(own[0] == 3.0f && own[1] == 2.0f);
    ck_assert(all.grad[0] == 9.0f && all.grad[1] == 9.0f && all.grad[2] == 9.0f);
    scalars_destroy(&s);
}
END_TEST

START_TEST(test_two_groups_go_to_two_buffers) {
    struct scalars s;
    float left[2], right[1];

    scalars_create(&s);
    accord_nn_group g[] = {accord_nn_group_of(s.set, "right."),
                           accord_nn_group_of(s.set, "left.")};
    g[0].grad = right;
    g[1].grad = left;
    ck_assert_int_eq(accord_nn_backward(s.t, s.loss, g, 2), 0);
    ck_assert(left[0] == 3.0f && left[1] == 2.0f && right[0] == 2.0f);
    scalars_destroy(&s);
}
END_TEST

/* As a method with several views has it: one loss per view, one vector per loss. */
START_TEST(test_several_losses_of_one_tape_have_their_own_gradients) {
    struct scalars s;
    float first[3], second[3];

    scalars_create(&s);
    tensor *other = accord_nn_square(s.t, accord_nn_use(s.t, s.c));
    accord_nn_group g = accord_nn_group_all(s.set);
    g.grad = first;
    ck_assert_int_eq(accord_nn_backward(s.t, s.loss, &g, 1), 0);
    g.grad = second;
    ck_assert_int_eq(accord_nn_backward(s.t, other, &g, 1), 0);
    ck_assert(first[0] == 3.0f && first[1] == 2.0f && first[2] == 2.0f);
    ck_assert(second[0] == 0.0f && second[1] == 0.0f && second[2] == 10.0f);
    ck_assert_int_eq(accord_nn_backward_add(s.t, s.loss, &g, 1), 0);
    ck_assert(second[0] == 3.0f && second[1] == 2.0f && second[2] == 12.0f);
    scalars_destroy(&s);
}
END_TEST

START_TEST(test_groups_are_neighbours) {
    accord_nn_params *set = accord_nn_params_create();

    accord_nn_param_add(set, "a.1", 0.0f, ACCORD_NN_SHAPE(2));
    accord_nn_param_add(set, "b.1", 0.0f, ACCORD_NN_SHAPE(3));
    accord_nn_param_add(set, "a.2", 0.0f, ACCORD_NN_SHAPE(4));
    accord_nn_param_add(set, "c.1", 0.0f, ACCORD_NN_SHAPE(5));
    ck_assert_uint_eq(accord_nn_group_all(set).size, 0); /* not sealed */
    ck_assert_int_eq(accord_nn_params_seal(set, NULL), 0);
    ck_assert_uint_eq(accord_nn_group_all(set).size, 14);
    ck_assert_uint_eq(accord_nn_group_of(set, "a.").size, 0);
    ck_assert_uint_eq(accord_nn_group_of(set, "none").size, 0);
    accord_nn_group b = accord_nn_group_of(set, "b."), c = accord_nn_group_of(set, "c.");
    accord_nn_group a2 = accord_nn_group_of(set, "a.2");
    ck_assert_uint_eq(accord_nn_group_join(b, a2).size, 7);
    ck_assert_ptr_eq(accord_nn_group_join(a2, b).value, b.value);
    ck_assert_uint_eq(accord_nn_group_join(b, c).size, 0);
    ck_assert_uint_eq(accord_nn_group_join(accord_nn_group_join(b, a2), c).size, 12);
    accord_nn_params_destroy(set);
}
END_TEST

START_TEST(test_what_is_not_recorded_has_no_gradient) {
    struct scalars s;

    scalars_create(&s);
    accord_nn_group all = accord_nn_group_all(s.set);
    ck_assert(accord_nn_tape_record(s.t, false));
    tensor *target = accord_nn_square(s.t, accord_nn_use(s.t, s.c));
    ck_assert(!accord_nn_tape_record(s.t, true));
    ck_assert(target->data[0] == 25.0f);
    tensor *loss = accord_nn_mul(s.t, accord_nn_use(s.t, s.a), target);
    ck_assert_int_eq(accord_nn_backward(s.t, loss, &all, 1), 0);
    ck_assert(all.grad[0] == 25.0f && all.grad[1] == 0.0f && all.grad[2] == 0.0f);
    scalars_destroy(&s);
}
END_TEST

/* A loss that the group is not part of: its gradient is 0, not what stood there. */
START_TEST(test_parameters_out_of_reach_have_gradient_zero) {
    struct scalars s;

    scalars_create(&s);
    accord_nn_group right = accord_nn_group_of(s.set, "right.");
    right.grad[0] = 4.0f;
    tensor *loss = accord_nn_square(s.t, accord_nn_use(s.t, s.a));
    ck_assert_int_eq(accord_nn_backward(s.t, loss, &right, 1), 0);
    ck_assert(right.grad[0] == 0.0f);
    scalars_destroy(&s);
}
END_TEST

/* A stack is its layers one after the other. */
START_TEST(test_a_stack_of_convolutions_equals_its_layers) {
    accord_nn_params *set = accord_nn_params_create();
    accord_nn_conv2d_layer l[] = {accord_nn_conv2d_declare(set, "1", 3, 5, 3, 2, 0),
                                  accord_nn_conv2d_declare(set, "2", 5, 4, 3, 1, 1),
                                  accord_nn_conv2d_declare(set, "3", 4, 6, 3, 1, 0)};
    static float x[2 * 3 * 11 * 13], apart[1024], together[1024];
    accord_nn_tape *t = accord_nn_tape_create(1 << 24);

    ck_assert_int_eq(accord_nn_params_seal(set, NULL), 0);
    accord_nn_group g = accord_nn_group_all(set);
    ck_assert_uint_le(g.size, 1024);
    nn_fill(g.value, g.size, 1);
    nn_fill(x, sizeof(x) / sizeof(*x), 2);
    tensor *in = accord_nn_input(t, x, ACCORD_NN_SHAPE(2, 3, 11, 13));
    tensor *y = accord_nn_conv2d(t, in, &l[0], ACCORD_NN_RELU);
    y = accord_nn_conv2d(t, y, &l[1], ACCORD_NN_RELU);
    y = accord_nn_conv2d(t, y, &l[2], ACCORD_NN_IDENTITY);
    tensor *z = accord_nn_conv2d_stack(t, in, l, 3, ACCORD_NN_IDENTITY);
    ck_assert_uint_eq(y->size, z->size);
    for (size_t i = 0; i < y->size; i++)
        ck_assert_double_eq_tol((double)y->data[i], (double)z->data[i], 1e-3);
    g.grad = apart;
    accord_nn_backward(t, accord_nn_mean(t, accord_nn_square(t, y), -1), &g, 1);
    g.grad = together;
    accord_nn_backward(t, accord_nn_mean(t, accord_nn_square(t, z), -1), &g, 1);
    for (size_t i = 0; i < g.size; i++)
        ck_assert_double_eq_tol((double)apart[i], (double)together[i],
                                1e-3 * (1.0 + fabs((double)apart[i])));
    accord_nn_params_destroy(set);
    accord_nn_tape_destroy(t);
}
END_TEST

START_TEST(test_pixels_are_scaled) {
    const uint8_t pixels[] = {0, 51, 255};
    accord_nn_tape *t = accord_nn_tape_create(1 << 20);
    tensor *x = accord_nn_input_u8(t, pixels, 1.0f / 255.0f, ACCORD_NN_SHAPE(3));

    ck_assert(x->data[0] == 0.0f && fabsf(x->data[1] - 0.2f) < 1e-7f &&
              fabsf(x->data[2] - 1.0f) < 1e-7f);
    accord_nn_tape_destroy(t);
}
END_TEST

START_TEST(test_a_set_says_what_was_wrong_with_it) {
    accord_nn_params *set = accord_nn_params_create();
    accord_nn_err err = {0};

    accord_nn_linear_declare(set, "l", 2, 3);
    ck_assert_ptr_null(accord_nn_linear_declare(set, "l", 2, 3).weight);
    accord_nn_param_add(set, "m", 0.0f, ACCORD_NN_SHAPE(0));
    ck_assert_int_eq(accord_nn_params_seal(set, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "parameter l.weight: the name is given twice");
    accord_nn_params_destroy(set);
    memset(&err, 0, sizeof(err));
    set = accord_nn_params_create();
    ck_assert_int_eq(accord_nn_params_seal(set, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "the set of parameters is empty");
    accord_nn_params_destroy(set);
    ck_assert_int_eq(accord_nn_params_seal(NULL, NULL), ACCORD_E_NOMEM);
}
END_TEST

START_TEST(test_the_backend_has_a_name) {
    char text[100], small[8];

    accord_nn_backend(text, sizeof(text));
    ck_assert_ptr_nonnull(strstr(text, "openblas "));
    ck_assert_ptr_nonnull(strstr(text, "kernels "));
    accord_nn_backend(small, sizeof(small));
    ck_assert_uint_eq(strlen(small), sizeof(small) - 1);
}
END_TEST

Suite *suite_nn_tape(void) {
    Suite *s = suite_create("nn_tape");
    TCase *c = tcase_create("tape");

    tcase_add_loop_test(c, test_a_wrong_shape_names_both_shapes, 0,
                        (int)(sizeof(misuses) / sizeof(misuses[0])));
    tcase_add_test(c, test_the_first_error_stays);
    tcase_add_test(c, test_what_is_no_loss_is_refused);
    tcase_add_test(c, test_the_second_step_allocates_nothing);
    tcase_add_test(c, test_without_memory_there_is_a_code);
    tcase_add_test(c, test_the_stack_of_an_episode_is_enough);
    tcase_add_test(c, test_batches_of_many_sizes);
    tcase_add_test(c, test_a_tape_keeps_to_its_maximum);
    tcase_add_test(c, test_no_gradient_flows_through_detach);
    tcase_add_test(c, test_only_the_chosen_group_is_written);
    tcase_add_test(c, test_two_groups_go_to_two_buffers);
    tcase_add_test(c, test_several_losses_of_one_tape_have_their_own_gradients);
    tcase_add_test(c, test_groups_are_neighbours);
    tcase_add_test(c, test_what_is_not_recorded_has_no_gradient);
    tcase_add_test(c, test_parameters_out_of_reach_have_gradient_zero);
    tcase_add_test(c, test_a_stack_of_convolutions_equals_its_layers);
    tcase_add_test(c, test_pixels_are_scaled);
    tcase_add_test(c, test_a_set_says_what_was_wrong_with_it);
    tcase_add_test(c, test_the_backend_has_a_name);
    suite_add_tcase(s, c);
    return s;
}
