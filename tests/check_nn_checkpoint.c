/* check_nn_checkpoint.c - checkpoints: whole or refused. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/nn.h>
#include <accord/rng.h>
#include <accord/sha256.h>

#include "base/file.h"
#include "chaos.h"
#include "nn/parts.h"
#include "nn_rig.h"
#include "scratch.h"
#include "suites.h"

/* A network, its optimiser and two counters: all kinds of parts. */
struct state {
    accord_nn_params *set;
    accord_nn_adam *adam;
    uint64_t counters[2];
};

enum { PARTS = 3 };

static void make(struct state *s, const char *name, size_t width, uint64_t seed) {
    const accord_nn_adam_config config = ACCORD_NN_ADAM;

    s->set = accord_nn_params_create();
    accord_nn_linear_declare(s->set, name, width, 3);
    accord_nn_rms_norm_declare(s->set, "norm", 3);
    ck_assert_int_eq(accord_nn_params_seal(s->set, NULL), 0);
    accord_nn_group g = accord_nn_group_all(s->set);
    nn_fill(g.value, g.size, seed);
    nn_fill(g.grad, g.size, seed + 1);
    ck_assert_int_eq(accord_nn_adam_create(g, &config, &s->adam, NULL), 0);
    for (uint64_t i = 0; i < 1 + seed; i++)
        accord_nn_adam_step(s->adam, 0.01);
    s->counters[0] = seed;
    s->counters[1] = ~seed;
}

static void drop(struct state *s) {
    accord_nn_adam_destroy(s->adam);
    accord_nn_params_destroy(s->set);
}

static void list(struct state *s, accord_nn_part parts[PARTS]) {
    parts[0] = (accord_nn_part){.name = "net", .params = s->set};
    parts[1] = (accord_nn_part){.name = "adam", .adam = s->adam};
    parts[2] = (accord_nn_part){
        .name = "counters", .bytes = s->counters, .n_bytes = sizeof(s->counters)};
}

static accord_code save(const char *path, struct state *s, accord_nn_err *err) {
    accord_nn_part parts[PARTS];

    list(s, parts);
    return accord_nn_save(path, parts, PARTS, err);
}

static accord_code load(const char *path, struct state *s, accord_nn_err *err) {
    accord_nn_part parts[PARTS];

    list(s, parts);
    return accord_nn_load(path, parts, PARTS, err);
}

/* All that a state is, as one hash. */
static void print_of(const struct state *s, char hex[65]) {
    accord_nn_group g = accord_nn_group_all(s->set);
    accord_sha256 sha;

    accord_sha256_init(&sha);
    accord_sha256_update(&sha, g.value, g.size * sizeof(float));
    accord_sha256_update(&sha, s->adam->m, g.size * sizeof(float));
    accord_sha256_update(&sha, s->adam->v, g.size * sizeof(float));
    accord_sha256_update(&sha, &s->adam->steps, sizeof(s->adam->steps));
    accord_sha256_update(&sha, s->counters, sizeof(s->counters));
    accord_sha256_hex(&sha, hex);
}

START_TEST(test_a_checkpoint_brings_everything_back) {
    char *path = scratch_path("a.nn"), want[65], got[65];
    struct state a, b;
    accord_nn_err err = {0};

    make(&a, "l1", 4, 1);
    make(&b, "l1", 4, 2);
    print_of(&a, want);
    print_of(&b, got);
    ck_assert_str_ne(want, got);
    ck_assert_msg(save(path, &a, &err) == 0, "%s", err.text);
    ck_assert_msg(load(path, &b, &err) == 0, "%s", err.text);
    print_of(&b, got);
    ck_assert_str_eq(want, got);
    ck_assert_uint_eq(accord_nn_adam_steps(b.adam), 2);
    drop(&a);
    drop(&b);
    free(path);
}
END_TEST

/* The same bytes twice: a checkpoint has no date. */
START_TEST(test_saving_is_repeatable) {
    char *one = scratch_path("1.nn"), *two = scratch_path("2.nn"), *a, *b;
    size_t n, m;
    struct state s;

    make(&s, "l1", 4, 1);
    ck_assert_int_eq(save(one, &s, NULL), 0);
    ck_assert_int_eq(save(two, &s, NULL), 0);
    ck_assert_int_eq(accord_file_read(one, 1 << 20, &a, &n, NULL), 0);
    ck_assert_int_eq(accord_file_read(two, 1 << 20, &b, &m, NULL), 0);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(a, b, n);
    drop(&s);
    free(one);
    free(two);
    free(a);
    free(b);
}
END_TEST

/* The file `data` must be refused, and the state stay as it is. */
static void refused(struct state *s, const void *data, size_t n, const char *why) {
    char *path = scratch_write("bad.nn", data, n), before[65], after[65];
    accord_nn_err err = {0};

    print_of(s, before);
    accord_code rc = load(path, s, &err);
    ck_assert_msg(rc == ACCORD_E_CONFIG, "%zu bytes: %d %s", n, (int)rc, err.text);
    ck_assert_msg(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
    ck_assert_msg(!why || strstr(err.text, why), "%s", err.text);
    print_of(s, after);
    ck_assert_str_eq(before, after);
    free(path);
}

/* A saved file's bytes, the caller's to free. */
static char *saved(struct state *s, size_t *n) {
    char *path = scratch_path("good.nn"), *data;

    ck_assert_int_eq(save(path, s, NULL), 0);
    ck_assert_int_eq(accord_file_read(path, 1 << 20, &data, n, NULL), 0);
    free(path);
    return data;
}

/* A new checksum behind changed bytes: what a hostile file, or another version of the
 * program, looks like. */
static void sign(char *data, size_t n) {
    accord_sha256 sha;
    char hex[65];

    accord_sha256_init(&sha);
    accord_sha256_update(&sha, data, n - 64);
    accord_sha256_hex(&sha, hex);
    memcpy(data + n - 64, hex, 64);
}

START_TEST(test_every_damaged_byte_is_noticed) {
    struct state s;
    size_t n;

    make(&s, "l1", 2, 1);
    char *data = saved(&s, &n);
    for (size_t i = 0; i < n; i++) {
        data[i] ^= (char)(1 << i % 8);
        refused(&s, data, n, NULL);
        data[i] ^= (char)(1 << i % 8);
    }
    drop(&s);
    free(data);
}
END_TEST

START_TEST(test_every_shorter_file_is_noticed) {
    struct state s;
    size_t n;

    make(&s, "l1", 2, 1);
    char *data = saved(&s, &n);
    for (size_t i = 0; i < n; i++)
        refused(&s, data, i, i >= 88 ? "cut short" : NULL);
    char *longer = calloc(n + 1, 1);
    memcpy(longer, data, n);
    refused(&s, longer, n + 1, "SHA-256 differs");
    drop(&s);
    free(data);
    free(longer);
}
END_TEST

/* Files with a right checksum and anything inside: never a crash, never half of it. */
START_TEST(test_hostile_files_change_nothing) {
    struct state s;
    size_t n;
    uint64_t rng = 6;

    make(&s, "l1", 2, 1);
    char *data = saved(&s, &n), *bad = malloc(n);
    for (int i = 0; i < 2000; i++) {
        size_t length = i % 4 ? n : 80 + accord_rng_below(&rng, n - 80);
        memcpy(bad, data, n);
        for (int k = 0; k <= i % 3; k++) {
            size_t at = accord_rng_below(&rng, length - 64);
            bad[at] = (char)accord_rng_next(&rng);
            if (i % 5 == 0 && at + 8 < length)
                memset(bad + at, 0xff, 8);
        }
        sign(bad, length);
        char *path = scratch_write("hostile.nn", bad, length), before[65], after[65];
        print_of(&s, before);
        accord_nn_err err = {0};
        if (load(path, &s, &err)) {
            print_of(&s, after);
            ck_assert_str_eq(before, after);
        }
        free(path);
    }
    drop(&s);
    free(data);
    free(bad);
}
END_TEST

/* ---- what does not fit ---- */

START_TEST(test_other_networks_are_refused) {
    struct state s, wide, other;
    size_t n;

    make(&s, "l1", 4, 1);
    make(&wide, "l1", 5, 1);
    make(&other, "l2", 4, 1);
    char *data = saved(&s, &n);
    refused(&wide, data, n, "l1.weight: an axis is 4, expected 5");
    refused(&other, data, n, "a parameter is \"l1.weight\", expected \"l2.weight\"");
    data[8] = 9;
    sign(data, n);
    refused(&s, data, n, "the checkpoint has version 9, this build reads 1");
    data[8] = 1;
    data[0] = 'a';
    refused(&s, data, n, "this is no checkpoint of accord");
    refused(&s, "", 0, "this is no checkpoint of accord");
    drop(&s);
    drop(&wide);
    drop(&other);
    free(data);
}
END_TEST

START_TEST(test_other_parts_are_refused) {
    char *path = scratch_path("a.nn");
    accord_nn_part parts[PARTS];
    accord_nn_err err[4] = {{0}};
    uint64_t more[3];
    struct state s;

    make(&s, "l1", 4, 1);
    ck_assert_int_eq(save(path, &s, NULL), 0);
    list(&s, parts);
    ck_assert_int_eq(accord_nn_load(path, parts, 2, &err[0]), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err[0].text, "the number of parts is 3, expected 2"));
    parts[0].name = "actor";
    ck_assert_int_eq(accord_nn_load(path, parts, 3, &err[1]), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err[1].text, "a part is \"net\", expected \"actor\""));
    list(&s, parts);
    parts[2].bytes = more;
    parts[2].n_bytes = sizeof(more);
    ck_assert_int_eq(accord_nn_load(path, parts, 3, &err[2]), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(
        strstr(err[2].text, "counters: the number of bytes is 16, expected 24"));
    parts[1] = (accord_nn_part){.name = "adam", .bytes = more, .n_bytes = 1};
    ck_assert_int_eq(accord_nn_load(path, parts, 3, &err[3]), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err[3].text, "adam: the part is of another kind"));
    parts[1].params = s.set;
    ck_assert_int_eq(accord_nn_load(path, parts, 3, NULL), ACCORD_E_ARG);
    ck_assert_int_eq(accord_nn_save(path, parts, 3, NULL), ACCORD_E_ARG);
    drop(&s);
    free(path);
}
END_TEST

START_TEST(test_no_file_is_said_to_be_none) {
    char *path = scratch_path("none.nn");
    accord_nn_err err = {0};
    struct state s;

    make(&s, "l1", 4, 1);
    ck_assert_int_eq(load(path, &s, &err), ACCORD_E_NOTFOUND);
    ck_assert_ptr_nonnull(strstr(err.text, "there is no checkpoint "));
    drop(&s);
    free(path);
}
END_TEST

/* A network that broke does not replace the checkpoint of when it was well. */
START_TEST(test_values_that_are_not_finite_are_not_saved) {
    char *path = scratch_path("a.nn");
    accord_nn_err err = {0};
    struct state s;
    size_t n, m;

    make(&s, "l1", 4, 1);
    char *data = saved(&s, &n), *after;
    float *w = accord_nn_params_find(s.set, "l1.weight")->value, kept = w[7];
    ck_assert_int_eq(save(path, &s, NULL), 0);
    w[7] = NAN;
    ck_assert_int_eq(save(path, &s, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "cannot save net: element 7 of l1.weight is not finite");
    ck_assert_int_eq(accord_file_read(path, 1 << 20, &after, &m, NULL), 0);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(data, after, n);
    w[7] = kept;
    accord_nn_group_all(s.set).grad[0] = INFINITY;
    accord_nn_adam_step(s.adam, 0.0);
    w[0] = 0.0f;
    ck_assert_int_eq(save(path, &s, NULL), ACCORD_E_ARG);
    drop(&s);
    free(path);
    free(data);
    free(after);
}
END_TEST

START_TEST(test_values_that_are_not_finite_are_not_loaded) {
    struct state s;
    size_t n;
    const uint32_t nan = 0x7fc00000;

    make(&s, "l1", 4, 1);
    char *data = saved(&s, &n);
    float first = accord_nn_group_all(s.set).value[0];
    char *at = memmem(data, n, &first, sizeof(first));
    ck_assert_ptr_nonnull(at);
    memcpy(at, &nan, sizeof(nan));
    sign(data, n);
    refused(&s, data, n, "element 0 of l1.weight is not finite");
    drop(&s);
    free(data);
}
END_TEST

/* ---- when the disk says no ---- */

START_TEST(test_a_write_that_fails_leaves_the_old_file) {
    char *path = scratch_path("a.nn"), *before, *after;
    struct state s, t;
    accord_nn_err err = {0};
    size_t n, m;

    make(&s, "l1", 4, 1);
    make(&t, "l1", 4, 2);
    ck_assert_int_eq(save(path, &s, NULL), 0);
    ck_assert_int_eq(accord_file_read(path, 1 << 20, &before, &n, NULL), 0);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 100; /* the disk is full after 100 bytes */
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    accord_code rc = save(path, &t, &err);
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(rc, ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write "));
    ck_assert_int_eq(accord_file_read(path, 1 << 20, &after, &m, NULL), 0);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(before, after, n);
    drop(&s);
    drop(&t);
    free(path);
    free(before);
    free(after);
}
END_TEST

START_TEST(test_a_folder_that_is_not_there_is_named) {
    char *path = scratch_path("no/such/a.nn");
    accord_nn_err err = {0};
    struct state s;

    make(&s, "l1", 4, 1);
    ck_assert_int_eq(save(path, &s, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.text, "no/such/a.nn"));
    drop(&s);
    free(path);
}
END_TEST

START_TEST(test_without_memory_nothing_changes) {
    char *path = scratch_path("a.nn"), before[65], after[65];
    struct state s, t;
    int failed = 1;

    make(&s, "l1", 4, 1);
    make(&t, "l1", 4, 2);
    for (uint64_t n = 0; failed; n++) {
        chaos_fail_after(n);
        accord_code rc = save(path, &s, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
    }
    failed = 1;
    for (uint64_t n = 0; failed; n++) {
        print_of(&t, before);
        chaos_fail_after(n);
        accord_code rc = load(path, &t, NULL);
        failed = chaos_stop();
        ck_assert(failed ? rc == ACCORD_E_NOMEM || rc == ACCORD_E_IO : rc == ACCORD_OK);
        print_of(&t, after);
        ck_assert_int_eq(strcmp(before, after) == 0, failed);
    }
    drop(&s);
    drop(&t);
    free(path);
}
END_TEST

Suite *suite_nn_checkpoint(void) {
    Suite *s = suite_create("nn_checkpoint");
    TCase *c = tcase_create("checkpoints");

    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, scratch_begin, scratch_end);
    tcase_add_test(c, test_a_checkpoint_brings_everything_back);
    tcase_add_test(c, test_saving_is_repeatable);
    tcase_add_test(c, test_every_damaged_byte_is_noticed);
    tcase_add_test(c, test_every_shorter_file_is_noticed);
    tcase_add_test(c, test_hostile_files_change_nothing);
    tcase_add_test(c, test_other_networks_are_refused);
    tcase_add_test(c, test_other_parts_are_refused);
    tcase_add_test(c, test_no_file_is_said_to_be_none);
    tcase_add_test(c, test_values_that_are_not_finite_are_not_saved);
    tcase_add_test(c, test_values_that_are_not_finite_are_not_loaded);
    tcase_add_test(c, test_a_write_that_fails_leaves_the_old_file);
    tcase_add_test(c, test_a_folder_that_is_not_there_is_named);
    tcase_add_test(c, test_without_memory_nothing_changes);
    suite_add_tcase(s, c);
    return s;
}
