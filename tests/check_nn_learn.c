/* check_nn_learn.c - whole networks learn, and do so bit for bit alike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nn_nets.h"
#include "suites.h"

/* A transformer in training. */
struct lesson {
    transformer net;
    accord_nn_tape *tape;
    accord_nn_adam *adam;
    uint64_t rng;
    double loss; /* of the last step */
};

static void begin(struct lesson *l) {
    accord_nn_err err = {0};
    accord_nn_adam_config config = ACCORD_NN_ADAM;

    memset(l, 0, sizeof(*l));
    l->rng = 5;
    config.weight_decay = 0.01;
    l->tape = accord_nn_tape_create(64 << 20);
    ck_assert_msg(transformer_create(&l->net, 3, &err) == 0, "%s", err.text);
    ck_assert_int_eq(
        accord_nn_adam_create(accord_nn_group_all(l->net.set), &config, &l->adam, &err),
        0);
}

static void end(struct lesson *l) {
    accord_nn_adam_destroy(l->adam);
    accord_nn_params_destroy(l->net.set);
    accord_nn_tape_destroy(l->tape);
}

static void study(struct lesson *l, int steps) {
    static int32_t tokens[NETS_BATCH * NETS_TIME], next[NETS_BATCH * NETS_TIME];
    accord_nn_group all = accord_nn_group_all(l->net.set);
    accord_nn_schedule s = {ACCORD_NN_RATE_COSINE, .peak = 4e-3, .floor = 4e-4,
                            .warmup = 20, .total = 600};

    for (int i = 0; i < steps; i++) {
        transformer_draw(tokens, next, &l->rng);
        accord_nn_tape_reset(l->tape);
        const accord_nn_tensor *loss = transformer_loss(l->tape, &l->net, tokens, next);
        ck_assert_int_eq(accord_nn_backward(l->tape, loss, &all, 1), 0);
        accord_nn_clip_grad(&all, 1, 1.0);
        accord_nn_adam_step(l->adam, accord_nn_rate(&s, accord_nn_adam_steps(l->adam)));
        l->loss = (double)loss->data[0];
    }
}

START_TEST(test_a_transformer_learns_to_add) {
    struct lesson l;

    begin(&l);
    study(&l, 1);
    ck_assert_double_eq_tol(l.loss, log(NETS_VOCABULARY), 0.6);
    study(&l, 599);
    ck_assert_msg(l.loss < 0.05, "loss %g after 600 steps", l.loss);
    end(&l);
}
END_TEST

START_TEST(test_the_same_lesson_twice_gives_the_same_bits) {
    struct lesson a, b;

    begin(&a);
    begin(&b);
    study(&a, 20);
    study(&b, 20);
    accord_nn_group ga = accord_nn_group_all(a.net.set),
                    gb = accord_nn_group_all(b.net.set);
    ck_assert_mem_eq(ga.value, gb.value, ga.size * sizeof(float));
    ck_assert_mem_eq(ga.grad, gb.grad, ga.size * sizeof(float));
    end(&a);
    end(&b);
}
END_TEST

/* A lesson that was saved and loaded goes on as if nothing had been. */
START_TEST(test_a_lesson_resumes_from_its_checkpoint) {
    char path[] = "/tmp/accord-nn-XXXXXX";
    accord_nn_err err = {0};
    struct lesson a, b;

    close(mkstemp(path));
    begin(&a);
    begin(&b);
    study(&a, 10);
    accord_nn_part parts[] = {{.name = "net", .params = a.net.set},
                              {.name = "adam", .adam = a.adam},
                              {.name = "rng", .bytes = &a.rng, .n_bytes = sizeof(a.rng)}};
    ck_assert_msg(accord_nn_save(path, parts, 3, &err) == 0, "%s", err.text);
    accord_nn_part into[] = {{.name = "net", .params = b.net.set},
                             {.name = "adam", .adam = b.adam},
                             {.name = "rng", .bytes = &b.rng, .n_bytes = sizeof(b.rng)}};
    ck_assert_msg(accord_nn_load(path, into, 3, &err) == 0, "%s", err.text);
    study(&a, 10);
    study(&b, 10);
    accord_nn_group ga = accord_nn_group_all(a.net.set),
                    gb = accord_nn_group_all(b.net.set);
    ck_assert_mem_eq(ga.value, gb.value, ga.size * sizeof(float));
    end(&a);
    end(&b);
    unlink(path);
}
END_TEST

START_TEST(test_a_critic_learns_from_pixels) {
    static float pixels[CRITIC_PIXELS], action[NETS_BATCH * NETS_ACTIONS];
    float target[NETS_BATCH];
    critic net;
    accord_nn_err err = {0};
    accord_nn_adam *adam;
    accord_nn_tape *t = accord_nn_tape_create(64 << 20);
    double first = 0.0, last = 0.0;
    uint64_t rng = 9;

    ck_assert_msg(critic_create(&net, 3, &err) == 0, "%s", err.text);
    accord_nn_group all = accord_nn_group_all(net.set);
    ck_assert_int_eq(
        accord_nn_adam_create(all, &(accord_nn_adam_config)ACCORD_NN_ADAM, &adam, &err),
        0);
    for (int i = 0; i < 600; i++) {
        critic_draw(pixels, action, target, &rng);
        accord_nn_tape_reset(t);
        const accord_nn_tensor *loss = critic_loss(t, &net, pixels, action, target);
        ck_assert_int_eq(accord_nn_backward(t, loss, &all, 1), 0);
        accord_nn_adam_step(adam, 3e-3);
        first += i < 50 ? (double)loss->data[0] / 50.0 : 0.0;
        last += i >= 550 ? (double)loss->data[0] / 50.0 : 0.0;
    }
    ck_assert_msg(last < 0.1 * first, "from %g to %g", first, last);
    accord_nn_adam_destroy(adam);
    accord_nn_params_destroy(net.set);
    accord_nn_tape_destroy(t);
}
END_TEST

Suite *suite_nn_learn(void) {
    Suite *s = suite_create("nn_learn");
    TCase *c = tcase_create("networks");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_a_transformer_learns_to_add);
    tcase_add_test(c, test_the_same_lesson_twice_gives_the_same_bits);
    tcase_add_test(c, test_a_lesson_resumes_from_its_checkpoint);
    tcase_add_test(c, test_a_critic_learns_from_pixels);
    suite_add_tcase(s, c);
    return s;
}
