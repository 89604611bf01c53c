/* check_json_scan.c - the JSON of the openai model, against jansson. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "chaos.h"
#include "json_emit.h"
#include "json_scan.h"
#include "suites.h"

static const char *const texts[] = {
    "{}",
    " [ ] \n",
    "{\"a\": [1, -2.5e3, 0, -0, 1e-7, 123456789012], \"b\": {\"c\": null}, \"a\": true}",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\u20ac\\ud83d\\ude00\", \"\xc3\xa9\", "
    "\"\"]",
    "{\"\\u0061\\n\": [[[[]]], {\"x\": {\"y\": [false, {}]}}]}",
    "{\"choices\":[{\"message\":{\"content\":\"x\\u0000y\"},\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":3}}",
};

/* ---- reading ---- */

static void same(const json_scan_list *l, const json_scan_value *v, const json_t *j);

static void same_text(const json_scan_value *v, const json_t *j) {
    char *got = accord_xalloc(v->length + 1);
    size_t n = json_scan_string(v, got), k = 0;
    const char *want = json_string_value(j);

    for (size_t i = 0; i < json_string_length(j); i++)
        if (want[i])
            ck_assert(k < n && got[k++] == want[i]);
    ck_assert_uint_eq(k, n);
    free(got);
}

static void same_members(const json_scan_list *l, const json_scan_value *v,
                         const json_t *j) {
    const char *name;
    json_t *member;

    json_object_foreach((json_t *)(uintptr_t)j, name, member) {
        const json_scan_value *found = json_scan_member(l, v, name);
        ck_assert_msg(found != NULL, "no \"%s\"", name);
        same(l, found, member);
    }
    ck_assert_ptr_null(json_scan_member(l, v, "not there"));
}

static void same_elements(const json_scan_list *l, const json_scan_value *v,
                          const json_t *j) {
    const json_scan_value *element = json_scan_first(v);

    ck_assert_uint_eq(v->length, json_array_size(j));
    for (size_t i = 0; i < json_array_size(j); i++, element = json_scan_after(l, element))
        same(l, element, json_array_get(j, i));
}

static void same(const json_scan_list *l, const json_scan_value *v, const json_t *j) {
    static const json_type types[] = {
        [JSON_SCAN_NULL] = JSON_NULL,   [JSON_SCAN_FALSE] = JSON_FALSE,
        [JSON_SCAN_TRUE] = JSON_TRUE,   [JSON_SCAN_INTEGER] = JSON_INTEGER,
        [JSON_SCAN_REAL] = JSON_REAL,   [JSON_SCAN_STRING] = JSON_STRING,
        [JSON_SCAN_ARRAY] = JSON_ARRAY, [JSON_SCAN_OBJECT] = JSON_OBJECT,
    };

    ck_assert_int_eq((int)types[v->kind], (int)json_typeof(j));
    ck_assert(json_scan_number(v) == json_number_value(j));
    ck_assert_int_eq(json_scan_integer(v), json_integer_value(j));
    if (json_is_string(j))
        same_text(v, j);
    else if (json_is_array(j))
        same_elements(l, v, j);
    else if (json_is_object(j))
        same_members(l, v, j);
}

/* jansson refuses two things that are no matter of form: numbers that do not fit, and NUL
 * in a name. */
static bool beyond_jansson(const json_error_t *why) {
    enum json_error_code code = json_error_code(why);

    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
}

/* Returns 1 when both read it, and what they read is the same. */
static int compare(json_scan_list *l, const char *text, size_t n) {
    json_error_t why;
    size_t at = SIZE_MAX;
    json_t *j = json_loadb(text, n, JSON_ALLOW_NUL, &why);
    enum json_scan_fault fault = json_scan_text(l, text, n, &at);

    ck_assert_uint_le(at, n);
    if (j)
        ck_assert_msg(fault == JSON_SCAN_FINE, "fault %d at %zu: %s", fault, at, text);
    else
        ck_assert_msg(fault == JSON_SCAN_MALFORMED || beyond_jansson(&why), "\"%s\": %s",
                      text, why.text);
    if (j)
        same(l, l->values, j);
    json_decref(j);
    return fault == JSON_SCAN_FINE;
}

START_TEST(test_a_text_is_read_as_jansson_reads_it) {
    json_scan_list l = {0};

    ck_assert_int_eq(compare(&l, texts[_i], strlen(texts[_i])), 1);
    json_scan_fini(&l);
}
END_TEST

/* The text in a block of its exact size, with some bytes changed or its end cut off. */
static char *mutate(uint64_t *random, const char *text, size_t *n) {
    static const char bytes[] = "{}[]\",:\\/u0d8e-+.19 \n\x01\x7f\xc3\xa9\xf0\xffntfl";
    char *out = accord_xalloc(*n + 1);

    memcpy(out, text, *n);
    for (uint64_t k = accord_rng_below(random, 4); k--;)
        out[accord_rng_below(random, *n)] =
            bytes[accord_rng_below(random, sizeof(bytes) - 1)];
    if (accord_rng_below(random, 5) == 0)
        *n = accord_rng_below(random, *n + 1);
    char *exact = accord_xalloc(*n + 1);
    memcpy(exact, out, *n);
    free(out);
    return exact;
}

START_TEST(test_mutated_texts_are_judged_as_jansson_judges_them) {
    enum { ROUNDS = 60000 };
    uint64_t random = 11;
    json_scan_list l = {0};
    int fine = 0;

    for (int i = 0; i < ROUNDS; i++) {
        const char *text = texts[(size_t)i % (sizeof(texts) / sizeof(texts[0]))];
        size_t n = strlen(text);
        char *body = mutate(&random, text, &n);
        fine += compare(&l, body, n);
        free(body);
    }
    ck_assert_int_gt(fine, ROUNDS / 20);
    ck_assert_int_lt(fine, ROUNDS - ROUNDS / 20);
    json_scan_fini(&l);
}
END_TEST

START_TEST(test_nesting_is_bounded) {
    enum { N = 100000 };
    char *text = accord_xalloc(2 * JSON_SCAN_DEPTH + N + 1);
    json_scan_list l = {0};
    size_t at;

    memset(text, '[', JSON_SCAN_DEPTH);
    memset(text + JSON_SCAN_DEPTH, ']', JSON_SCAN_DEPTH);
    ck_assert_int_eq(json_scan_text(&l, text, 2 * JSON_SCAN_DEPTH, &at), JSON_SCAN_FINE);
    memset(text, '[', N);
    ck_assert_int_eq(json_scan_text(&l, text, N, &at), JSON_SCAN_TOO_DEEP);
    ck_assert_uint_eq(at, JSON_SCAN_DEPTH);
    json_scan_fini(&l);
    free(text);
}
END_TEST

/* jansson passes over a NUL byte: a text that holds one is compared with nothing. */
START_TEST(test_a_nul_byte_is_no_json) {
    static const char text[] = "[1,\0 2]";
    json_scan_list l = {0};
    size_t at;

    ck_assert_int_eq(json_scan_text(&l, text, sizeof(text) - 1, &at),
                     JSON_SCAN_MALFORMED);
    ck_assert_uint_eq(at, 3);
    json_scan_fini(&l);
}
END_TEST

START_TEST(test_a_value_that_is_not_there_is_nothing) {
    ck_assert_ptr_null(json_scan_member(NULL, NULL, "a"));
    ck_assert_ptr_null(json_scan_first(NULL));
    ck_assert_int_eq(json_scan_integer(NULL), 0);
    ck_assert(json_scan_number(NULL) == 0);
    char out[] = "x";
    ck_assert_uint_eq(json_scan_string(NULL, out), 0);
    ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(test_reading_survives_lost_memory) {
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        json_scan_list l = {0};
        size_t at;
        chaos_fail_after(n);
        enum json_scan_fault fault = json_scan_text(&l, texts[2], strlen(texts[2]), &at);
        failed = chaos_stop();
        ck_assert_int_eq(fault, failed ? JSON_SCAN_NO_MEMORY : JSON_SCAN_FINE);
        json_scan_fini(&l);
    }
}
END_TEST

/* ---- writing ---- */

/* What jansson reads of what was written: a list of one element, the caller's. */
static json_t *read_back(const json_emit *w) {
    json_t *j = json_loadb(w->text, w->n, 0, NULL);

    ck_assert_msg(j != NULL, "%s", w->text);
    ck_assert_uint_eq(json_array_size(j), 1);
    return j;
}

START_TEST(test_a_string_comes_back) {
    static const char *const strings[] = {"", "plain", "\"\\/\b\f\n\r\t\x01\x1f\x7f",
                                          "\xc3\xa9\xf0\x9f\x98\x80"};
    json_emit w = {0};

    json_emit_text(&w, "[");
    json_emit_string(&w, strings[_i]);
    json_emit_text(&w, "]");
    json_t *j = read_back(&w);
    ck_assert_str_eq(json_string_value(json_array_get(j, 0)), strings[_i]);
    json_decref(j);
    free(w.text);
}
END_TEST

START_TEST(test_what_is_no_text_is_replaced) {
    json_emit w = {0};

    json_emit_string(&w, "a\xc3"
                         "b\xe2\x82\xff");
    ck_assert_str_eq(w.text, "\"a\xef\xbf\xbd"
                             "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    free(w.text);
}
END_TEST

START_TEST(test_numbers_come_back) {
    static const double reals[] = {0, 1, 0.7, 1e-7, 1e30, 0.123456789, -2};
    json_emit w = {0};

    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        w.n = 0;
        json_emit_text(&w, "[");
        json_emit_real(&w, reals[i]);
        json_emit_text(&w, "]");
        json_t *j = read_back(&w);
        ck_assert(json_is_real(json_array_get(j, 0)));
        ck_assert(json_real_value(json_array_get(j, 0)) == reals[i]);
        json_decref(j);
    }
    w.n = 0;
    json_emit_integer(&w, INT64_MIN);
    ck_assert_str_eq(w.text, "-9223372036854775808");
    free(w.text);
}
END_TEST

START_TEST(test_writing_survives_lost_memory) {
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        json_emit w = {0};
        chaos_fail_after(n);
        for (int i = 0; i < 100; i++)
            json_emit_string(&w, "thirty characters are not few.");
        failed = chaos_stop();
        ck_assert_int_eq(w.failed, failed);
        free(w.text);
    }
}
END_TEST

Suite *suite_json_scan(void) {
    Suite *s = suite_create("json_scan");
    TCase *read = tcase_create("read"), *write = tcase_create("write");

    tcase_add_loop_test(read, test_a_text_is_read_as_jansson_reads_it, 0,
                        sizeof(texts) / sizeof(texts[0]));
    tcase_add_test(read, test_mutated_texts_are_judged_as_jansson_judges_them);
    tcase_add_test(read, test_nesting_is_bounded);
    tcase_add_test(read, test_a_nul_byte_is_no_json);
    tcase_add_test(read, test_a_value_that_is_not_there_is_nothing);
    tcase_add_test(read, test_reading_survives_lost_memory);
    tcase_add_loop_test(write, test_a_string_comes_back, 0, 4);
    tcase_add_test(write, test_what_is_no_text_is_replaced);
    tcase_add_test(write, test_numbers_come_back);
    tcase_add_test(write, test_writing_survives_lost_memory);
    suite_add_tcase(s, read);
    suite_add_tcase(s, write);
    return s;
}
