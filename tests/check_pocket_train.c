/* check_pocket_train.c - pocket models learn, resume, and say in the engine what they say
 * on the tape. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/rng.h>

#include "chaos.h"
#include "speaker.h"
#include "suites.h"
#include "template.h"
#include "tokenizer.h"
#include "trainer.h"

/* Smaller than any committed model. */
static struct pocket_shape small(void) {
    struct pocket_shape shape = {
        .context = 256, .width = 64, .layers = 2, .heads = 4, .hidden = 128};

    shape.vocabulary = pocket_vocabulary_size();
    return shape;
}

/* Two blocks: few problems, and plans of two or four steps. */
static const pocket_phase two_blocks = {
    .name = "test",
    .steps = 200,
    .warmup = 30,
    .tokens = 1024,
    .peak = 4e-3,
    .mix = {.skill = {[POCKET_SKILL_BLOCKS] = 1}, .blocks = {0, 1}}};

static pocket_trainer *trainer_of(const pocket_phase *phase) {
    const pocket_trainer_config config = {.shape = small(), .seed = 11, .phase = phase};
    pocket_trainer *t;
    accord_nn_err err = {0};

    ck_assert_msg(!pocket_trainer_create(&config, &t, &err), "%s", err.text);
    return t;
}

static double study(pocket_trainer *t, int steps) {
    accord_nn_err err = {0};
    double loss = 0;

    for (int i = 0; i < steps; i++)
        ck_assert_msg(!pocket_trainer_step(t, &loss, &err), "%s", err.text);
    return loss;
}

static accord_nn_group values_of(const pocket_trainer *t) {
    return accord_nn_group_all(pocket_trainer_net(t)->set);
}

static void check_equal(const pocket_trainer *a, const pocket_trainer *b) {
    accord_nn_group x = values_of(a), y = values_of(b);

    ck_assert_uint_eq(x.size, y.size);
    ck_assert_mem_eq(x.value, y.value, x.size * sizeof(float));
    ck_assert_uint_eq(pocket_trainer_progress(a)->tokens,
                      pocket_trainer_progress(b)->tokens);
}

/* 12 + 13 steps with a checkpoint between them are 25 steps, bit for bit. */
START_TEST(test_training_resumes_where_it_stopped) {
    pocket_trainer *whole = trainer_of(&two_blocks), *first = trainer_of(&two_blocks),
                   *second = trainer_of(&two_blocks);
    char path[] = "/tmp/accord-pocket-XXXXXX";
    accord_nn_err err = {0};

    close(mkstemp(path));
    study(whole, 25);
    study(first, 12);
    ck_assert_msg(!pocket_trainer_save(first, path, &err), "%s", err.text);
    ck_assert_msg(!pocket_trainer_load(second, path, &err), "%s", err.text);
    check_equal(first, second);
    study(second, 13);
    check_equal(whole, second);
    unlink(path);
    pocket_trainer_destroy(whole);
    pocket_trainer_destroy(first);
    pocket_trainer_destroy(second);
}
END_TEST

START_TEST(test_another_phase_begins_with_the_parameters) {
    pocket_trainer *first = trainer_of(&two_blocks), *second = trainer_of(&two_blocks);
    char path[] = "/tmp/accord-pocket-XXXXXX";
    accord_nn_err err = {0};

    close(mkstemp(path));
    study(first, 5);
    ck_assert_int_eq(pocket_trainer_save(first, path, &err), 0);
    ck_assert_int_eq(pocket_trainer_begin_with(second, path, &err), 0);
    accord_nn_group x = values_of(first), y = values_of(second);
    ck_assert_mem_eq(x.value, y.value, x.size * sizeof(float));
    ck_assert_uint_eq(pocket_trainer_progress(second)->step, 0);
    study(second, 1);
    ck_assert_mem_ne(x.value, y.value, x.size * sizeof(float));
    unlink(path);
    ck_assert_int_eq(pocket_trainer_load(second, path, &err), ACCORD_E_NOTFOUND);
    pocket_trainer_destroy(first);
    pocket_trainer_destroy(second);
}
END_TEST

START_TEST(test_a_trainer_survives_without_memory) {
    pocket_phase short_steps = two_blocks;
    const pocket_trainer_config config = {
        .shape = small(), .seed = 11, .phase = &short_steps};
    int failed = 1;

    short_steps.tokens = 256;
    for (uint64_t n = 0; failed && n < 400000; n = n < 60 ? n + 1 : n * 3 / 2) {
        pocket_trainer *t;
        double loss;
        chaos_fail_after(n);
        accord_code rc = pocket_trainer_create(&config, &t, NULL);
        if (!rc)
            rc = pocket_trainer_step(t, &loss, NULL);
        pocket_trainer_destroy(t);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
    }
    ck_assert(!failed);
}
END_TEST

/* ---- in the engine ------------------------------------------------------------------
 */

static void export_to(const pocket_trainer *t, const char *path) {
    struct pocket_err err = {0};
    struct pocket_shape shape = small();

    ck_assert_msg(!pocket_weights_write(path, &shape, values_of(t).value, &err), "%s",
                  err.text);
}

/* Parameters as the file holds them, to compare without the error of their rounding. */
static void round_like(const struct pocket_weights *w, const pocket_trainer *t) {
    const pocket_net *net = pocket_trainer_net(t);
    const struct pocket_matrix *all[3 + 4 * 2] = {&w->embed, &w->position};
    size_t n = 2, at = 0;

    for (uint32_t i = 0; i < w->shape.layers; i++) {
        all[n++] = &w->layer[i].qkv;
        all[n++] = &w->layer[i].out;
        all[n++] = &w->layer[i].up;
        all[n++] = &w->layer[i].down;
    }
    for (size_t i = 0; i < accord_nn_params_count(net->set); i++) {
        accord_nn_param *p = accord_nn_params_at(net->set, i);
        if (p->rank < 2)
            continue;
        const struct pocket_matrix *m = all[at++];
        ck_assert_uint_eq(p->size, (size_t)m->rows * m->columns);
        for (size_t k = 0; k < p->size; k++)
            p->value[k] = m->scale[k / m->columns] * (float)m->value[k];
    }
    ck_assert_uint_eq(at, n);
}

/* A lesson's tokens, and a batch that wants all of them. */
static void read_all(int32_t *tokens, int32_t *at, pocket_batch *b) {
    pocket_lesson lesson;
    size_t n_prompt, n;

    ck_assert_int_eq(pocket_lesson_make(4, 9, &two_blocks.mix, NULL, &lesson), 0);
    ck_assert_int_eq(pocket_lesson_tokens(&lesson, tokens, 256, &n_prompt, &n), 0);
    pocket_lesson_fini(&lesson);
    ck_assert_uint_gt(n, 30);
    for (size_t i = 0; i < n; i++)
        at[i] = (int32_t)i;
    *b = (pocket_batch){.tokens = tokens, .at = at, .rows = 1, .time = n, .n_wanted = n};
}

static double square_norm(const float *x, const float *y, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double d = (double)x[i] - (y ? (double)y[i] : 0.0);
        sum += d * d;
    }
    return sum;
}

/* The engine rounds activations to 8 bits, 1 in 127 at the most of each row, in each
 * product: together a few hundredths of the logits' size. */
START_TEST(test_the_engine_computes_what_the_tape_does) {
    static int32_t tokens[256], at[256];
    char path[] = "/tmp/accord-pocket-XXXXXX";
    struct pocket_err err = {0};
    pocket_speaker s;
    pocket_batch b;

    close(mkstemp(path));
    pocket_trainer *t = trainer_of(&two_blocks);
    study(t, 40);
    export_to(t, path);
    ck_assert_msg(!pocket_speaker_open(&s, "test", path, &err), "%s", err.text);
    round_like(&s.weights, t);
    read_all(tokens, at, &b);
    accord_nn_tape *tape = accord_nn_tape_create(64 << 20);
    const accord_nn_tensor *want = pocket_net_logits(tape, pocket_trainer_net(t), &b);
    ck_assert_int_eq(accord_nn_tape_check(tape, NULL), 0);
    float *got = calloc(want->size, sizeof(*got));
    ck_assert_msg(!pocket_engine_logits(s.engine, tokens, b.time, got, &err), "%s",
                  err.text);
    double off = sqrt(square_norm(got, want->data, want->size) /
                      square_norm(want->data, NULL, want->size));
    ck_assert_msg(off < 0.05, "the logits differ by %g of their size", off);
    free(got);
    accord_nn_tape_destroy(tape);
    pocket_speaker_close(&s);
    pocket_trainer_destroy(t);
    unlink(path);
}
END_TEST

/* Share of 100 evaluated problems that a trainer's model solves, in the engine. */
static double examine(const pocket_trainer *t) {
    enum { N = 100 };
    static pocket_problem problem[N];
    static pocket_said said[N];
    char path[] = "/tmp/accord-pocket-XXXXXX";
    const pocket_round round = {.task = ACCORD_TASK_ANSWER, .samples = 1, .seed = 1};
    struct pocket_err err = {0};
    pocket_speaker s;

    close(mkstemp(path));
    export_to(t, path);
    ck_assert_msg(!pocket_speaker_open(&s, "test", path, &err), "%s", err.text);
    for (uint64_t i = 0; i < N; i++) {
        pocket_key key = {POCKET_BLOCKS, 1, 3, ACCORD_SPLIT_EVAL, i};
        ck_assert_int_eq(pocket_problem_make(&key, &problem[i]), 0);
    }
    ck_assert_msg(!pocket_speak(&s, problem, N, &round, said, &err), "%s", err.text);
    double accuracy = pocket_accuracy(said, N);
    pocket_said_fini(said, N);
    pocket_speaker_close(&s);
    unlink(path);
    return accuracy;
}

/* From the corpus to answers, as the committed models were made but smaller. */
START_TEST(test_a_model_learns_and_answers) {
    pocket_trainer *t = trainer_of(&two_blocks);
    double first = study(t, 1), untrained = examine(t);
    double last = study(t, 199), trained = examine(t);

    ck_assert_msg(last < first / 10, "the loss went from %g to %g", first, last);
    ck_assert_msg(untrained < 0.05, "untrained %g", untrained);
    ck_assert_msg(trained > 0.8, "trained %g", trained);
    pocket_trainer_destroy(t);
}
END_TEST

/* ---- votes --------------------------------------------------------------------------
 */

START_TEST(test_majorities_are_counted) {
    /* Three answers to each of four problems: "" is none and has no vote. */
    static const struct {
        const char *canon[3];
        int is_right[3];
    } rows[] = {
        {{"1", "2", "2"}, {1, 0, 0}}, /* wrong */
        {{"1", "2", "3"}, {1, 0, 0}}, /* tied: the first */
        {{"", "", "7"}, {0, 0, 1}},   /* the only one */
        {{"4", "5", "5"}, {0, 1, 1}}, /* right */
    };
    pocket_said said[12];

    for (int i = 0; i < 12; i++)
        said[i] = (pocket_said){.canon = (char *)rows[i / 3].canon[i % 3],
                                .is_right = rows[i / 3].is_right[i % 3]};
    ck_assert_double_eq_tol(pocket_majority(said, 4, 3, 3), 0.75, 1e-9);
    ck_assert_double_eq_tol(pocket_majority(said, 4, 3, 1), 0.5, 1e-9);
    ck_assert_double_eq_tol(pocket_accuracy(said, 12), 5.0 / 12, 1e-9);
}
END_TEST

Suite *suite_pocket_train(void) {
    Suite *s = suite_create("pocket_train");
    TCase *c = tcase_create("training");

    tcase_set_timeout(c, 300);
    tcase_add_test(c, test_training_resumes_where_it_stopped);
    tcase_add_test(c, test_another_phase_begins_with_the_parameters);
    tcase_add_test(c, test_a_trainer_survives_without_memory);
    tcase_add_test(c, test_the_engine_computes_what_the_tape_does);
    tcase_add_test(c, test_a_model_learns_and_answers);
    tcase_add_test(c, test_majorities_are_counted);
    suite_add_tcase(s, c);
    return s;
}
