/* check_actions.c - actions as a line keeps them, bit for bit, and base64. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "run/actions.h"
#include "suites.h"

/* The vectors of RFC 4648, section 10. */
static const char *const vectors[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};

START_TEST(test_base64_is_that_of_the_rfc) {
    const char *plain = vectors[_i][0], *text = vectors[_i][1];
    size_t n = strlen(plain);
    uint8_t *bytes;
    accord_buf b;

    accord_buf_init(&b, 100);
    accord_base64_add(&b, plain, n);
    ck_assert_str_eq(b.data ? b.data : "", text);
    ck_assert_int_eq(accord_base64_read(text, n, &bytes, NULL), ACCORD_OK);
    ck_assert(n == 0 || memcmp(bytes, plain, n) == 0);
    free(bytes);
    accord_buf_fini(&b);
}
END_TEST

START_TEST(test_every_byte_comes_back) {
    uint8_t all[3001], *back; /* more than one block of text, and an odd end */
    accord_buf b;

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (uint8_t)(i + i / 256);
    accord_buf_init(&b, 5000);
    accord_base64_add(&b, all, sizeof(all));
    ck_assert_uint_eq(b.n, (sizeof(all) + 2) / 3 * 4);
    ck_assert_int_eq(accord_base64_read(b.data, sizeof(all), &back, NULL), ACCORD_OK);
    ck_assert_mem_eq(back, all, sizeof(all));
    free(back);
    accord_buf_fini(&b);
}
END_TEST

START_TEST(test_what_is_no_base64_is_refused) {
    static const struct {
        const char *text;
        size_t n;
        const char *why;
    } bad[] = {{"Zm9", 3, "not 3 bytes"},      {"Zm9v", 4, "not 4 bytes"},
               {"Zm9vYmFy", 3, "not 3 bytes"}, {"Zm9vYm!y", 6, "at character 4"},
               {"Z===", 1, "at character 0"},  {"Zg=v", 1, "at character 0"},
               {"Zh==", 1, "at character 0"},  {"Zm9v", 2, "at character 0"},
               {"Zm8=", 3, "at character 0"}};
    accord_err err = {0};
    uint8_t *bytes;

    ck_assert_int_eq(accord_base64_read(bad[_i].text, bad[_i].n, &bytes, &err),
                     ACCORD_E_CONFIG);
    ck_assert_ptr_null(bytes);
    ck_assert_msg(strstr(err.msg, bad[_i].why) != NULL, "%s", err.msg);
}
END_TEST

/* The line of `a` as it stands in a file. */
static json_t *line_of(const accord_actions *a) {
    accord_buf b;
    bool whole;

    ck_assert_int_eq(accord_actions_check(a, &whole, NULL), ACCORD_OK);
    ck_assert(whole);
    accord_buf_init(&b, 1 << 20);
    accord_buf_puts(&b, "{");
    accord_actions_write(a, &b);
    accord_buf_puts(&b, "}");
    json_t *line = json_loads(b.data, 0, NULL);
    accord_buf_fini(&b);
    ck_assert_ptr_nonnull(line);
    return line;
}

static const accord_space vector3 = {.kind = ACCORD_VECTOR, .n = 3};
static const accord_space choice = {.kind = ACCORD_DISCRETE, .n = 5};

static void record_vectors(accord_actions *a) {
    const float values[2][3] = {{1.0f, -0.25f, NAN}, {-0.0f, 1e-40f, INFINITY}};

    accord_actions_begin(a, &vector3);
    for (int step = 0; step < 2; step++) {
        accord_action action = {.kind = ACCORD_VECTOR, .vector = values[step]};
        accord_actions_add(a, &action);
    }
}

START_TEST(test_vectors_come_back_bit_for_bit) {
    const float wanted[2][3] = {{1.0f, -0.25f, NAN}, {-0.0f, 1e-40f, INFINITY}};
    accord_actions a, back;
    accord_action action;
    float vector[3];

    record_vectors(&a);
    json_t *line = line_of(&a);
    ck_assert_str_eq(json_string_value(json_object_get(line, "data")),
                     "AACAPwAAgL4AAMB/AAAAgMIWAQAAAIB/");
    ck_assert_int_eq(accord_actions_read(line, &vector3, &back, NULL), ACCORD_OK);
    ck_assert_uint_eq(back.steps, 2);
    for (uint64_t step = 0; step < 2; step++) {
        accord_actions_get(&back, step, vector, &action);
        ck_assert_ptr_eq(action.vector, vector);
        ck_assert_mem_eq(vector, wanted[step], sizeof(vector));
    }
    json_decref(line);
    accord_actions_fini(&a);
    accord_actions_fini(&back);
}
END_TEST

START_TEST(test_choices_come_back) {
    accord_actions a, back;
    accord_action action = {.kind = ACCORD_DISCRETE, .index = -7};

    accord_actions_begin(&a, &choice);
    accord_actions_add(&a, &action);
    action.index = 4;
    accord_actions_add(&a, &action);
    json_t *line = line_of(&a);
    ck_assert_int_eq(accord_actions_read(line, &choice, &back, NULL), ACCORD_OK);
    accord_actions_get(&back, 0, NULL, &action);
    ck_assert_int_eq(action.index, -7);
    accord_actions_get(&back, 1, NULL, &action);
    ck_assert_int_eq(action.index, 4);
    json_decref(line);
    accord_actions_fini(&a);
    accord_actions_fini(&back);
}
END_TEST

/* read_bad MEMBER VALUE: the line of two vectors with one member changed is refused. */
static void read_bad(const char *member, json_t *value, const char *why) {
    accord_actions a, back;
    accord_err err = {0};

    record_vectors(&a);
    json_t *line = line_of(&a);
    json_object_set_new(line, member, value);
    ck_assert_int_eq(accord_actions_read(line, &vector3, &back, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, why) != NULL, "%s", err.msg);
    json_decref(line);
    accord_actions_fini(&a);
    accord_actions_fini(&back);
}

START_TEST(test_a_line_of_other_actions_is_refused) {
    read_bad("width", json_integer(2), "its actions are 3 float32 now, and 2 float32");
    read_bad("type", json_string("int32"), "and 3 int32 were recorded");
    read_bad("type", json_null(), "and 3 of nothing were recorded");
    read_bad("steps", json_integer(0), "0 steps were recorded");
    read_bad("steps", json_integer(-1), "-1 steps were recorded");
    read_bad("steps", json_integer(INT64_MAX), "steps were recorded");
    read_bad("steps", json_integer(3), "are not 36 bytes");
    read_bad("data", json_string("AACA"), "are not 24 bytes");
}
END_TEST

START_TEST(test_text_and_too_long_episodes_are_not_recorded) {
    const accord_space text = {.kind = ACCORD_TEXT};
    accord_action action = {.kind = ACCORD_TEXT, .text = "no"};
    accord_actions a;
    bool whole = true;

    accord_actions_begin(&a, &text);
    accord_actions_add(&a, &action);
    ck_assert_int_eq(accord_actions_check(&a, &whole, NULL), ACCORD_OK);
    ck_assert(!whole);
    accord_actions_fini(&a);

    action = (accord_action){.kind = ACCORD_DISCRETE};
    accord_actions_begin(&a, &choice);
    for (int i = 0; i < ACCORD_ACTIONS_MAX / 4; i++)
        accord_actions_add(&a, &action);
    ck_assert_int_eq(accord_actions_check(&a, &whole, NULL), ACCORD_OK);
    ck_assert(whole);
    accord_actions_add(&a, &action);
    ck_assert_int_eq(accord_actions_check(&a, &whole, NULL), ACCORD_OK);
    ck_assert(!whole);
    accord_actions_fini(&a);
}
END_TEST

Suite *suite_actions(void) {
    Suite *s = suite_create("actions");
    TCase *tc = tcase_create("lines");

    tcase_add_loop_test(tc, test_base64_is_that_of_the_rfc, 0, 7);
    tcase_add_test(tc, test_every_byte_comes_back);
    tcase_add_loop_test(tc, test_what_is_no_base64_is_refused, 0, 9);
    tcase_add_test(tc, test_vectors_come_back_bit_for_bit);
    tcase_add_test(tc, test_choices_come_back);
    tcase_add_test(tc, test_a_line_of_other_actions_is_refused);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_text_and_too_long_episodes_are_not_recorded);
    suite_add_tcase(s, tc);
    return s;
}
