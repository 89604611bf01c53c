/* check_control_augment.c - augmentations against plain loops, what their draws depend
 * on, and lists of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "augment.h"
#include "augment_parts.h"
#include "augment_plain.h"
#include "base/mem.h"
#include "control_suites.h"
#include "host/host.h"

static const accord_host *const host = &accord_host_default;

enum { GUARD = 64, FRAMES = 3 };

/* A batch whose samples differ in kind: noise, a colourful slope, greys, flat colours. */
typedef struct batch {
    uint32_t n, pixels;
    size_t size, sample; /* bytes */
    uint8_t *in;         /* nothing is behind it */
    uint8_t *guarded;    /* the output with bytes around that must stay */
    control_pictures *pictures;
} batch;

static uint8_t byte_of(uint32_t kind, size_t c, size_t y, size_t x, uint64_t *rng) {
    switch (kind % 4) {
    case 0:
        return (uint8_t)accord_rng_next(rng);
    case 1:
        return (uint8_t)(c % 3 == 0 ? 3 * x : c % 3 == 1 ? 3 * y : 255 - x - y + 9 * c);
    case 2:
        return (uint8_t)(x * y);
    default:
        return (uint8_t)(x < y ? 0 : y > 9 ? 255 : 100 + 50 * (c % 3));
    }
}

/* For the augmentation `name`; generated pictures are made where it needs them. */
static batch make_batch(const char *name, uint32_t n, uint32_t pixels) {
    batch b = {.n = n, .pixels = pixels, .sample = 3 * FRAMES * (size_t)pixels * pixels};
    uint64_t rng = 7;

    b.size = n * b.sample;
    b.in = accord_xalloc(b.size);
    b.guarded = accord_xalloc(b.size + 2 * GUARD);
    for (size_t i = 0; i < b.size; i++)
        b.in[i] = byte_of((uint32_t)(i / b.sample), i % b.sample / pixels / pixels,
                          i / pixels % pixels, i % pixels, &rng);
    memset(b.guarded, 0xa5, b.size + 2 * GUARD);
    if (strcmp(name, "overlay") == 0)
        ck_assert_int_eq(control_pictures_create(host, NULL, pixels, &b.pictures, NULL),
                         ACCORD_OK);
    return b;
}

static uint8_t *out_of(const batch *b) {
    return b->guarded + GUARD;
}

static void free_batch(batch *b) {
    for (size_t i = 0; i < GUARD; i++)
        ck_assert(b->guarded[i] == 0xa5 && b->guarded[GUARD + b->size + i] == 0xa5);
    control_pictures_destroy(b->pictures);
    free(b->in);
    free(b->guarded);
}

static control_stacks stacks_of(const batch *b) {
    return (control_stacks){b->n, FRAMES, b->pixels, b->in, out_of(b)};
}

static void apply(const batch *b, const char *name, uint64_t rng) {
    const control_stacks s = stacks_of(b);

    control_augmentation_find(name)->apply(&s, b->pictures, &rng);
}

/* Draws sample i with the loops of one level, or plainly. */
static void draw_one(const batch *b, control_draw *draw, const control_kernels *k,
                     uint32_t i, uint8_t *out) {
    const control_sample s = {FRAMES, b->pixels, b->in + i * b->sample, out, k};
    uint64_t rng = accord_rng_fold(99, i);

    draw(&s, b->pictures, &rng);
}

static size_t differing(const uint8_t *a, const uint8_t *b, size_t n, int *most) {
    size_t count = 0;

    *most = 0;
    for (size_t i = 0; i < n; i++) {
        const int d = abs(a[i] - b[i]);
        count += d > 0;
        *most = d > *most ? d : *most;
    }
    return count;
}

static void compare(const plain_augmentation *a, uint32_t pixels) {
    batch b = make_batch(a->name, 8, pixels);
    uint8_t *plain = accord_xalloc(b.size), *first = accord_xalloc(b.size);
    int most;

    for (uint32_t i = 0; i < b.n; i++)
        draw_one(&b, a->plain, NULL, i, plain + i * b.sample);
    for (int level = 0; level < CONTROL_LEVELS; level++) {
        const control_kernels *k = control_kernels_at(level);

        if (!k)
            continue;
        for (uint32_t i = 0; i < b.n; i++)
            draw_one(&b, a->fast, k, i, out_of(&b) + i * b.sample);
        const size_t wrong = differing(plain, out_of(&b), b.size, &most);
        ck_assert_msg(most <= a->most && (double)wrong <= a->share * (double)b.size,
                      "%s at level %d, %u pixels: %zu of %zu bytes differ, by up to %d",
                      a->name, level, pixels, wrong, b.size, most);
        if (level == 0)
            memcpy(first, out_of(&b), b.size);
        ck_assert_msg(memcmp(first, out_of(&b), b.size) == 0,
                      "%s: level %d has other bytes than level 0", a->name, level);
    }
    free(plain);
    free(first);
    free_batch(&b);
}

START_TEST(test_all_levels_do_what_the_plain_loop_does) {
    static const uint32_t sizes[] = {16, 17, 33, 48, 84};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        compare(&plain_augmentations[_i], sizes[i]);
}
END_TEST

START_TEST(test_the_largest_frames) {
    const plain_augmentation *a = &plain_augmentations[_i];
    batch b = make_batch(a->name, 1, CONTROL_MAX_PIXELS);
    uint8_t *plain = accord_xalloc(b.size);
    int most;

    draw_one(&b, a->plain, NULL, 0, plain);
    draw_one(&b, a->fast, control_kernels_best(), 0, out_of(&b));
    const size_t wrong = differing(plain, out_of(&b), b.size, &most);
    ck_assert_msg(most <= a->most && (double)wrong <= a->share * (double)b.size,
                  "%s: %zu bytes differ, by up to %d", a->name, wrong, most);
    free(plain);
    free_batch(&b);
}
END_TEST

START_TEST(test_the_table_and_the_plain_loops_name_the_same) {
    for (uint32_t i = 0; i < PLAIN_N; i++) {
        const control_augmentation *a = control_augmentation_at(i);

        ck_assert_str_eq(a->name, plain_augmentations[i].name);
        ck_assert_ptr_eq(a, control_augmentation_find(a->name));
        ck_assert_int_eq(a->needs_pictures, strcmp(a->name, "overlay") == 0);
    }
    ck_assert_ptr_null(control_augmentation_at(PLAIN_N));
    ck_assert_ptr_null(control_augmentation_find("shif"));
    ck_assert_ptr_null(control_augmentation_find("shifts"));
}
END_TEST

/* The same bytes with every compiler and at every level: a hash for each augmentation. */
START_TEST(test_the_bytes_never_change) {
    static const uint64_t golden[PLAIN_N] = {0x83a47ffa3ab93427u, 0x56958cb269f41ab8u,
                                             0x3d94e3c063974fd8u, 0xba9490537b15204du,
                                             0x82a0096a8ac5ecadu, 0x31c9c0f1305f80e0u,
                                             0x9d6026185c4cc859u, 0x7eba590cdc80e8cdu,
                                             0xaffb9b08d3f3704fu, 0xbdcbc0dea90680c9u};
    batch b = make_batch(plain_augmentations[_i].name, 16, 40);
    uint64_t hash = 0xcbf29ce484222325u;

    apply(&b, plain_augmentations[_i].name, 5);
    for (size_t i = 0; i < b.size; i++)
        hash = (hash ^ out_of(&b)[i]) * 0x100000001b3u;
    ck_assert_msg(hash == golden[_i], "%s: 0x%llxu", plain_augmentations[_i].name,
                  (unsigned long long)hash);
    free_batch(&b);
}
END_TEST

/* Sample i's draws depend on the state and on i alone. */
START_TEST(test_draws_belong_to_samples) {
    const char *name = plain_augmentations[_i].name;
    batch b = make_batch(name, 6, 32), few = b;
    uint8_t *all = accord_xalloc(b.size);
    uint64_t used = 5, once = 5;
    const control_stacks s = stacks_of(&b);

    control_augmentation_find(name)->apply(&s, b.pictures, &used);
    accord_rng_next(&once);
    ck_assert(used == once); /* one draw, however many samples */
    memcpy(all, out_of(&b), b.size);
    few.n = 2;
    memset(out_of(&b), 0, b.size);
    apply(&few, name, 5);
    ck_assert(memcmp(all, out_of(&b), 2 * b.sample) == 0);
    ck_assert(out_of(&b)[2 * b.sample] == 0);
    apply(&b, name, 5);
    ck_assert(memcmp(all, out_of(&b), b.size) == 0);
    apply(&b, name, 6);
    ck_assert(strcmp(name, "blur") == 0 || memcmp(all, out_of(&b), b.size) != 0);
    free(all);
    free_batch(&b);
}
END_TEST

START_TEST(test_frames_share_their_draws) {
    batch b = make_batch(plain_augmentations[_i].name, 12, 32);
    const size_t frame = b.sample / FRAMES;

    for (uint32_t i = 0; i < b.n; i++)
        for (size_t f = 1; f < FRAMES; f++)
            memcpy(b.in + i * b.sample + f * frame, b.in + i * b.sample, frame);
    apply(&b, plain_augmentations[_i].name, 3);
    for (uint32_t i = 0; i < b.n; i++)
        for (size_t f = 1; f < FRAMES; f++)
            ck_assert(memcmp(out_of(&b) + i * b.sample + f * frame,
                             out_of(&b) + i * b.sample, frame) == 0);
    free_batch(&b);
}
END_TEST

/* How many of many samples are other than their input. */
static double changed(const char *name) {
    enum { N = 2000 };
    batch b = make_batch(name, N, 16);
    double n = 0;

    apply(&b, name, 11);
    for (size_t i = 0; i < N; i++)
        n += memcmp(out_of(&b) + i * b.sample, b.in + i * b.sample, b.sample) != 0;
    free_batch(&b);
    return n / N;
}

START_TEST(test_probabilities) {
    /* Greys stay grey: a quarter of the samples. */
    ck_assert_double_eq_tol(changed("grayscale"), 0.75 * 0.3, 0.03);
    ck_assert_double_eq_tol(changed("rotation"), 0.3, 0.03);
    ck_assert_double_eq_tol(changed("shift"), 8 / 9.0, 0.03);
    ck_assert_double_eq(changed("blur"), 1);
}
END_TEST

START_TEST(test_every_offset_is_drawn) {
    enum { N = 200 };
    batch b = make_batch("shift", N, 16); /* 4 of 84 are 1 of 16 */
    int seen[3][3] = {{0}};

    for (size_t i = 0; i < b.size; i++) /* the byte says where it is */
        b.in[i] = (uint8_t)(16 * (i / 16 % 16) + i % 16);
    apply(&b, "shift", 2);
    for (size_t i = 0; i < N; i++) {
        const uint8_t middle = out_of(&b)[i * b.sample + 8 * 16 + 8];

        ck_assert(abs(middle / 16 - 8) <= 1 && abs(middle % 16 - 8) <= 1);
        seen[middle / 16 - 7][middle % 16 - 7]++;
    }
    for (int i = 0; i < 9; i++)
        ck_assert_int_gt(seen[i / 3][i % 3], 5); /* 22 expected */
    free_batch(&b);
}
END_TEST

START_TEST(test_one_pixel_in_ten_is_noise) {
    batch b = make_batch("noise", 20, 84);
    double salt = 0, pepper = 0;

    memset(b.in, 100, b.size);
    apply(&b, "noise", 1);
    for (size_t i = 0; i < b.size; i++) {
        salt += out_of(&b)[i] == 255;
        pepper += out_of(&b)[i] == 0;
    }
    ck_assert_double_eq_tol(salt / (double)b.size, 0.05, 0.003);
    ck_assert_double_eq_tol(pepper / (double)b.size, 0.05, 0.003);
    free_batch(&b);
}
END_TEST

/* Weights in units of 1 / 256 cost some bytes in noise and nothing where all is even. */
START_TEST(test_blur_is_near_the_gaussian) {
    enum { N = 84 };
    batch b = make_batch("blur", 8, N);
    double *exact = accord_xalloc(sizeof(*exact) * N * N);

    apply(&b, "blur", 1);
    for (size_t i = 0; i < b.n; i++) {
        plain_gaussian(b.in + i * b.sample, exact, N);
        for (size_t k = 0; k < N * N; k++)
            ck_assert_double_eq_tol(out_of(&b)[i * b.sample + k], exact[k], 2.5);
    }
    memset(b.in, 77, b.size);
    apply(&b, "blur", 1);
    ck_assert(memcmp(b.in, out_of(&b), b.size) == 0);
    free(exact);
    free_batch(&b);
}
END_TEST

START_TEST(test_a_chain_applies_in_order) {
    batch b = make_batch("overlay", 5, 24);
    uint8_t *one = accord_xalloc(b.size), *two = accord_xalloc(b.size);
    uint8_t *scratch = accord_xalloc(b.size);
    control_chain chain[1];
    uint32_t n;
    uint64_t rng = 4;
    control_stacks s = stacks_of(&b);

    s.out = one;
    control_augmentation_find("conv")->apply(&s, NULL, &rng);
    s.in = one, s.out = two;
    control_augmentation_find("overlay")->apply(&s, b.pictures, &rng);
    s.in = two, s.out = one;
    control_augmentation_find("cutout")->apply(&s, NULL, &rng);
    const uint64_t after = rng;

    ck_assert_int_eq(control_chains_read(host, "conv+overlay+cutout", chain, 1, &n, NULL),
                     ACCORD_OK);
    s = stacks_of(&b);
    rng = 4;
    control_chain_apply(chain, &s, scratch, b.pictures, &rng);
    ck_assert(memcmp(one, out_of(&b), b.size) == 0);
    ck_assert(rng == after);

    ck_assert_int_eq(control_chains_read(host, "conv", chain, 1, &n, NULL), ACCORD_OK);
    rng = 4;
    control_chain_apply(chain, &s, NULL, NULL, &rng);
    s.out = two, rng = 4;
    control_augmentation_find("conv")->apply(&s, NULL, &rng);
    ck_assert(memcmp(two, out_of(&b), b.size) == 0);
    free(one);
    free(two);
    free(scratch);
    free_batch(&b);
}
END_TEST

START_TEST(test_lists_are_read) {
    control_chain c[3];
    uint32_t n = 9;

    ck_assert_int_eq(control_chains_read(host, "", c, 3, &n, NULL), ACCORD_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(control_chains_read(host, "none", c, 3, &n, NULL), ACCORD_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(
        control_chains_read(host, "conv+overlay,jitter,shift+shift", c, 3, &n, NULL),
        ACCORD_OK);
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(c[0].n, 2);
    ck_assert_str_eq(c[0].name, "conv+overlay");
    ck_assert_str_eq(c[0].of[1]->name, "overlay");
    ck_assert_str_eq(c[1].name, "jitter");
    ck_assert_uint_eq(c[1].n, 1);
    ck_assert_uint_eq(c[2].n, 2);
}
END_TEST

static const struct {
    const char *text, *says;
} wrong[] = {
    {"conf", "'conf' is no augmentation; there are: shift conv overlay cutout "
             "cutout_color jitter grayscale rotation noise blur"},
    {"conv,", "'' is no augmentation"},
    {",conv", "'' is no augmentation"},
    {"conv+", "'' is no augmentation"},
    {"conv overlay", "'conv overlay' is no augmentation"},
    {"none,conv", "'none' is no augmentation"},
    {"conv,jitter,conv", "'conv' is there twice"},
    {"blur,conv,jitter,shift", "more than 3 augmentations, from 'shift' on"},
    {"blur+conv+blur+conv+jitter", "chains more than 4 augmentations"},
};

START_TEST(test_a_wrong_list_is_a_sentence) {
    control_chain c[3];
    uint32_t n;
    accord_err err = {0};

    ck_assert_int_eq(control_chains_read(host, wrong[_i].text, c, 3, &n, &err),
                     ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, wrong[_i].says), "%s: %s", wrong[_i].text, err.msg);
}
END_TEST

Suite *suite_control_augment(void) {
    Suite *s = suite_create("control_augment");
    TCase *tc = tcase_create("augment");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_all_levels_do_what_the_plain_loop_does, 0, PLAIN_N);
    tcase_add_loop_test(tc, test_the_largest_frames, 0, PLAIN_N);
    tcase_add_test(tc, test_the_table_and_the_plain_loops_name_the_same);
    tcase_add_loop_test(tc, test_the_bytes_never_change, 0, PLAIN_N);
    tcase_add_loop_test(tc, test_draws_belong_to_samples, 0, PLAIN_N);
    tcase_add_loop_test(tc, test_frames_share_their_draws, 0, PLAIN_N);
    tcase_add_test(tc, test_probabilities);
    tcase_add_test(tc, test_every_offset_is_drawn);
    tcase_add_test(tc, test_one_pixel_in_ten_is_noise);
    tcase_add_test(tc, test_blur_is_near_the_gaussian);
    tcase_add_test(tc, test_a_chain_applies_in_order);
    tcase_add_test(tc, test_lists_are_read);
    tcase_add_loop_test(tc, test_a_wrong_list_is_a_sentence, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    suite_add_tcase(s, tc);
    return s;
}
