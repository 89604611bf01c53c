/* check_buf.c - growing texts and the writer of JSON. */
#include "base/buf.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

START_TEST(test_a_new_buffer_gives_the_empty_text) {
    accord_buf b;

    accord_buf_init(&b, 10);
    char *text = accord_buf_take(&b);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(test_a_full_buffer_keeps_what_it_has) {
    accord_buf b;
    accord_err err = {0};

    accord_buf_init(&b, 10);
    accord_buf_puts(&b, "12345");
    accord_buf_printf(&b, "%d", 67890);
    ck_assert(!b.failed);
    accord_buf_puts(&b, "x");
    ck_assert(b.failed);
    accord_buf_puts(&b, "");
    ck_assert_str_eq(b.data, "1234567890");
    ck_assert_int_eq(accord_buf_check(&b, "the line", &err), ACCORD_E_LIMIT);
    ck_assert_str_eq(err.msg, "the line is longer than 10 bytes");
    accord_buf_clear(&b);
    ck_assert_int_eq(accord_buf_check(&b, "the line", NULL), ACCORD_OK);
    ck_assert_str_eq(b.data, "");
    accord_buf_fini(&b);
}
END_TEST

START_TEST(test_long_texts_come_out_whole) {
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    for (int i = 0; i < 10000; i++)
        accord_buf_printf(&b, "%04d", i);
    ck_assert_uint_eq(b.n, 40000);
    ck_assert_str_eq(b.data + 39996, "9999");
    ck_assert_int_eq(strncmp(b.data + 4 * 5000, "5000", 4), 0);
    accord_buf_fini(&b);
}
END_TEST

START_TEST(test_json_is_written_member_by_member) {
    accord_buf b;

    accord_buf_init(&b, 1000);
    accord_buf_puts(&b, "{");
    accord_json_text(&b, "k", "call");
    accord_json_text(&b, "none", NULL);
    accord_json_int(&b, "n", INT64_MIN);
    accord_json_bool(&b, "ok", true);
    accord_json_key(&b, "list");
    accord_buf_puts(&b, "[");
    accord_json_int(&b, NULL, 1);
    accord_json_real(&b, NULL, 0.5);
    accord_buf_puts(&b, "]");
    accord_json_key(&b, "in");
    accord_buf_puts(&b, "{");
    accord_json_bool(&b, "a", false);
    accord_buf_puts(&b, "}");
    accord_json_text(&b, "last", "{");
    accord_json_int(&b, "after", 2);
    accord_buf_puts(&b, "}");
    ck_assert_str_eq(b.data, "{\"k\":\"call\",\"none\":null,\"n\":-9223372036854775808,"
                             "\"ok\":true,\"list\":[1,0.5],\"in\":{\"a\":false},"
                             "\"last\":\"{\",\"after\":2}");
    accord_buf_fini(&b);
}
END_TEST

START_TEST(test_every_byte_makes_valid_json) {
    accord_buf b;
    char text[260];

    accord_buf_init(&b, 10000);
    for (int i = 1; i < 256; i++)
        text[i - 1] = (char)i;
    text[255] = '\0';
    accord_buf_puts(&b, "[");
    accord_json_text(&b, NULL, text);
    accord_buf_puts(&b, "]");
    json_t *read = json_loads(b.data, 0, NULL);
    ck_assert_ptr_nonnull(read);
    const char *back = json_string_value(json_array_get(read, 0));
    ck_assert_int_eq(memcmp(back, text, 127), 0);
    ck_assert_str_eq(back + strlen(back) - 3, "\xef\xbf\xbd");
    json_decref(read);
    accord_buf_fini(&b);
}
END_TEST

/* Table 3-7 of the Unicode standard: well-formed UTF-8, at its corners. */
static const struct {
    const char *text, *json;
} utf8[] = {
    {"\xc3\xa9", "\"\xc3\xa9\""},
    {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
    {"\xef\xbf\xbf", "\"\xef\xbf\xbf\""},
    {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
    {"a\xc3", "\"a\xef\xbf\xbd\""},
    {"\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xe0\x9f\xbf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xf0\x9f\x98", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\x1b\x7f", "\"\\u001b\\u007f\""},
    {"\b\f\n\r\t\"\\", "\"\\b\\f\\n\\r\\t\\\"\\\\\""},
};

START_TEST(test_text_becomes_well_formed_utf8) {
    accord_buf b;

    accord_buf_init(&b, 1000);
    accord_json_text(&b, NULL, utf8[_i].text);
    ck_assert_str_eq(b.data, utf8[_i].json);
    accord_buf_fini(&b);
}
END_TEST

static const struct {
    double value;
    const char *json;
} reals[] = {
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {1e300, "1e+300"},
    {5e-324, "4.94065645841247e-324"},
    {67327402.52, "67327402.52"},
    {3, "3"},
    {-0.0, "-0"},
    {(double)NAN, "\"nan\""},
    {(double)INFINITY, "\"inf\""},
    {-(double)INFINITY, "\"-inf\""},
};

START_TEST(test_numbers_are_short_and_read_back_the_same) {
    accord_buf b;

    accord_buf_init(&b, 1000);
    accord_json_real(&b, NULL, reals[_i].value);
    ck_assert_str_eq(b.data, reals[_i].json);
    if (isfinite(reals[_i].value))
        ck_assert(strtod(b.data, NULL) == reals[_i].value);
    accord_buf_fini(&b);
}
END_TEST

Suite *suite_buf(void) {
    Suite *s = suite_create("buf");
    TCase *tc = tcase_create("text and json");

    tcase_add_test(tc, test_a_new_buffer_gives_the_empty_text);
    tcase_add_test(tc, test_a_full_buffer_keeps_what_it_has);
    tcase_add_test(tc, test_long_texts_come_out_whole);
    tcase_add_test(tc, test_json_is_written_member_by_member);
    tcase_add_test(tc, test_every_byte_makes_valid_json);
    tcase_add_loop_test(tc, test_text_becomes_well_formed_utf8, 0,
                        sizeof(utf8) / sizeof(utf8[0]));
    tcase_add_loop_test(tc, test_numbers_are_short_and_read_back_the_same, 0,
                        sizeof(reals) / sizeof(reals[0]));
    suite_add_tcase(s, tc);
    return s;
}
