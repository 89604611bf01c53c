/* check_text.c - ids and "did you mean". */
#include "base/text.h"

#include <string.h>

#include "suites.h"

START_TEST(test_ids_are_short_and_lower_case) {
    char longest[65];

    ck_assert(accord_text_is_id("a_1"));
    memset(longest, 'x', sizeof(longest));
    longest[63] = '\0';
    ck_assert(accord_text_is_id(longest));
    longest[63] = 'x';
    longest[64] = '\0';
    ck_assert(!accord_text_is_id(longest));
    static const char *const bad[] = {"", "A", "a-b", "a/b", "a b", "\xc3\xa9", ".."};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!accord_text_is_id(bad[i]), "\"%s\" is no id", bad[i]);
    ck_assert(!accord_text_is_id(NULL));
}
END_TEST

START_TEST(test_distance_counts_edits) {
    ck_assert_uint_eq(accord_text_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(accord_text_distance("", "abc"), 3);
    ck_assert_uint_eq(accord_text_distance("abc", ""), 3);
    ck_assert_uint_eq(accord_text_distance("same", "same"), 0);
    ck_assert_uint_eq(accord_text_distance("ab", "ba"), 2);
}
END_TEST

START_TEST(test_very_long_words_are_cut_not_overrun) {
    char word[1001], other[1001];

    memset(word, 'a', 1000);
    memset(other, 'b', 1000);
    word[1000] = other[1000] = '\0';
    ck_assert_uint_eq(accord_text_distance(word, other), 255);
}
END_TEST

START_TEST(test_the_nearest_word_is_named_and_a_far_one_is_not) {
    static const char *const known[] = {"methods", "models", "tasks", NULL};

    ck_assert_str_eq(accord_text_nearest("metods", known), "methods");
    ck_assert_str_eq(accord_text_nearest("tasks", known), "tasks");
    ck_assert_str_eq(accord_text_nearest("model", known), "models");
    ck_assert_ptr_null(accord_text_nearest("zebra", known));
    ck_assert_ptr_null(accord_text_nearest("x", known + 3));
}
END_TEST

Suite *suite_text(void) {
    Suite *s = suite_create("text");
    TCase *tc = tcase_create("words");

    tcase_add_test(tc, test_ids_are_short_and_lower_case);
    tcase_add_test(tc, test_distance_counts_edits);
    tcase_add_test(tc, test_very_long_words_are_cut_not_overrun);
    tcase_add_test(tc, test_the_nearest_word_is_named_and_a_far_one_is_not);
    suite_add_tcase(s, tc);
    return s;
}
