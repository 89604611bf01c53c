/* check_aligned.c - two sides brought together, item by item and seed by seed. */
#include <math.h>
#include <string.h>

#include <check.h>

#include "chaos.h"
#include "judge/aligned.h"
#include "report/rundir.h"
#include "suites.h"

static const uint64_t numbers[] = {1, 2, 3, 4};
static const uint64_t others[] = {7, 8, 9};

#define near(a, b) \
    ck_assert_msg(fabs((a) - (b)) < 1e-12, "%.12g is not %.12g", (double)(a), (double)(b))

typedef struct one {
    const char *item;
    size_t seed; /* column */
    double score;
} one;

static accord_grid grid_of(const one *scores, size_t n, size_t n_seeds) {
    accord_grid g = {.n_seeds = n_seeds, .named = true};

    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(
            accord_grid_add(&g, scores[i].item, scores[i].seed, scores[i].score, NULL),
            ACCORD_OK);
    return g;
}

#define GRID(scores, n_seeds) grid_of(scores, sizeof(scores) / sizeof(scores[0]), n_seeds)

static const accord_unmatched *lone(const accord_aligned *x, const char *item) {
    for (size_t i = 0; i < x->n_lone; i++)
        if (x->lone[i].item && strcmp(x->lone[i].item, item) == 0)
            return &x->lone[i];
    return NULL;
}

START_TEST(test_items_meet_by_id_whatever_their_order) {
    static const one a[] = {{"x", 0, 1}, {"y", 0, 0}, {"z", 0, 1}, {"only", 0, 1}};
    static const one b[] = {{"z", 0, 0}, {"new", 0, 1}, {"x", 0, 1}, {"y", 0, 1}};
    accord_grid ga = GRID(a, 1);
    accord_grid gb = GRID(b, 1);
    const accord_side sa = {&ga, numbers, 1, ACCORD_BY_ITEM};
    const accord_side sb = {&gb, numbers, 1, ACCORD_BY_ITEM};
    accord_aligned x;

    ck_assert_int_eq(accord_aligned_make(&sa, &sb, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(x.n_items, 3);
    ck_assert(x.single);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_SAME);
    ck_assert_str_eq(x.ids[2], "z");
    near(x.a[2], 1);
    near(x.b[2], 0);
    near(x.gain[1], -1);
    ck_assert_int_eq(x.n_lone, 2);
    ck_assert_int_eq(lone(&x, "only")->side, ACCORD_SIDE_A);
    ck_assert_int_eq(lone(&x, "new")->side, ACCORD_SIDE_B);
    ck_assert(lone(&x, "new")->wholly);
    ck_assert_int_eq(accord_aligned_lone(&x, ACCORD_SIDE_B), 1);
    accord_aligned_fini(&x);
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

START_TEST(test_an_item_is_the_mean_of_its_seeds) {
    static const one a[] = {
        {"x", 0, 1}, {"x", 1, 0}, {"x", 2, 1}, {"y", 0, 0}, {"y", 1, 0}};
    static const one b[] = {{"x", 0, 1}, {"y", 0, 1}};
    accord_grid ga = GRID(a, 3);
    accord_grid gb = GRID(b, 1);
    const accord_side sa = {&ga, numbers, 3, ACCORD_BY_ITEM};
    const accord_side sb = {&gb, numbers + 2, 1, ACCORD_BY_ITEM};
    accord_aligned x;

    ck_assert_int_eq(accord_aligned_make(&sa, &sb, &x, NULL), ACCORD_OK);
    near(x.a[0], 2.0 / 3);
    near(x.a[1], 0);
    near(x.gain[1], -1);
    ck_assert(!x.single);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_MEAN);
    /* Both sides played seed 3, and only B has a replicate of y under it. */
    ck_assert_int_eq(x.n_lone, 1);
    ck_assert_str_eq(x.lone[0].item, "y");
    ck_assert_int_eq(x.lone[0].side, ACCORD_SIDE_B);
    ck_assert_uint_eq(x.lone[0].seed, 3);
    ck_assert(!x.lone[0].wholly);
    accord_aligned_fini(&x);
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

static const one two_by_three[] = {{"x", 0, 0}, {"x", 1, 1}, {"x", 2, 1},
                                   {"y", 0, 0}, {"y", 1, 0}, {"y", 2, 1}};

START_TEST(test_a_learner_on_text_is_paired_by_item_and_seed) {
    static const one b[] = {{"y", 0, 1}, {"y", 1, 0}, {"x", 0, 1}, {"x", 1, 0}};
    static const uint64_t seeds_of_b[] = {3, 2};
    accord_grid ga = GRID(two_by_three, 3);
    accord_grid gb = GRID(b, 2);
    const accord_side sa = {&ga, numbers, 3, ACCORD_BY_BOTH};
    const accord_side sb = {&gb, seeds_of_b, 2, ACCORD_BY_BOTH};
    accord_aligned x;

    ck_assert_int_eq(accord_aligned_make(&sa, &sb, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_SAME);
    ck_assert_int_eq(x.n_seeds, 2);
    ck_assert_int_eq(x.n_a, 4);
    near(x.a[0], 1); /* x under seed 2 */
    near(x.b[0], 0);
    near(x.a[3], 1); /* y under seed 3 */
    near(x.b[3], 1);
    /* A's seed 1 met no other. */
    ck_assert_int_eq(x.n_lone, 1);
    ck_assert_ptr_null(x.lone[0].item);
    ck_assert_uint_eq(x.lone[0].seed, 1);
    accord_aligned_fini(&x);
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

START_TEST(test_other_seeds_meet_in_order_and_one_meets_all) {
    static const one b[] = {{"x", 0, 0}, {"x", 1, 1}, {"y", 0, 1}, {"y", 1, 1}};
    accord_grid ga = GRID(two_by_three, 3);
    accord_grid gb = GRID(b, 2);
    const accord_side sa = {&ga, numbers, 3, ACCORD_BY_BOTH};
    const accord_side sb = {&gb, others, 2, ACCORD_BY_BOTH};
    const accord_side one_seed = {&gb, others, 1, ACCORD_BY_ITEM};
    accord_aligned x;

    ck_assert_int_eq(accord_aligned_make(&sa, &sb, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_ORDER);
    ck_assert_int_eq(x.n_seeds, 2);
    near(x.b[1], 1);
    ck_assert_int_eq(x.n_lone, 1);
    ck_assert_uint_eq(x.lone[0].seed, 3);
    accord_aligned_fini(&x);

    ck_assert_int_eq(accord_aligned_make(&sa, &one_seed, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(x.unit, ACCORD_BY_BOTH);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_ONE);
    ck_assert_int_eq(x.n_seeds, 3);
    for (int s = 0; s < 3; s++)
        near(x.b[3 + s], 1);
    ck_assert_int_eq(x.n_lone, 0);
    accord_aligned_fini(&x);
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

START_TEST(test_training_seeds_are_runs_and_do_not_pair) {
    static const one b[] = {{"y", 0, 300}, {"x", 0, 100}, {"w", 0, 999}};
    accord_grid ga = GRID(two_by_three, 3);
    accord_grid gb = GRID(b, 1);
    const accord_side sa = {&ga, numbers, 3, ACCORD_BY_SEED};
    const accord_side sb = {&gb, others, 1, ACCORD_BY_SEED};
    accord_aligned x;

    ck_assert_int_eq(accord_aligned_make(&sa, &sb, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(x.seeds, ACCORD_SEEDS_APART);
    ck_assert_int_eq(x.n_a, 3);
    ck_assert_int_eq(x.n_b, 1);
    near(x.a[0], 0);
    near(x.a[1], 0.5);
    near(x.a[2], 1);
    near(x.b[0], 200); /* w was played by B alone */
    ck_assert_str_eq(lone(&x, "w")->item, "w");
    accord_aligned_fini(&x);
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

START_TEST(test_without_memory_it_says_so) {
    static const one b[] = {{"x", 0, 0}, {"z", 0, 1}};
    accord_grid ga = GRID(two_by_three, 3);
    accord_grid gb = GRID(b, 1);
    static const int units[] = {ACCORD_BY_ITEM, ACCORD_BY_SEED, ACCORD_BY_BOTH};
    uint64_t n = 0;

    for (int u = 0; u < 3; u++) {
        const accord_side sa = {&ga, numbers, 3, units[u]};
        const accord_side sb = {&gb, numbers, 1, units[u]};
        int failed = 1;
        for (n = 0; failed; n++) {
            accord_aligned x;
            chaos_fail_after(n);
            accord_code rc = accord_aligned_make(&sa, &sb, &x, NULL);
            failed = chaos_stop();
            ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
            accord_aligned_fini(&x);
        }
        ck_assert_uint_gt(n, 5);
    }
    accord_grid_fini(&ga);
    accord_grid_fini(&gb);
}
END_TEST

Suite *suite_aligned(void) {
    Suite *s = suite_create("aligned");
    TCase *tc = tcase_create("aligned");

    tcase_add_test(tc, test_items_meet_by_id_whatever_their_order);
    tcase_add_test(tc, test_an_item_is_the_mean_of_its_seeds);
    tcase_add_test(tc, test_a_learner_on_text_is_paired_by_item_and_seed);
    tcase_add_test(tc, test_other_seeds_meet_in_order_and_one_meets_all);
    tcase_add_test(tc, test_training_seeds_are_runs_and_do_not_pair);
    tcase_add_test(tc, test_without_memory_it_says_so);
    suite_add_tcase(s, tc);
    return s;
}
