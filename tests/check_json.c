/* check_json.c - reading JSON with errors that name the place. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "suites.h"

/* Loads `text` as t.json; the root borrows *document. */
static accord_json load(const char *text, json_t **document) {
    char *path = scratch_text("t.json", text);
    accord_err err = {0};

    ck_assert_msg(accord_json_load(path, document, &err) == ACCORD_OK, "%s", err.msg);
    free(path);
    return accord_json_root(*document, "t.json");
}

START_TEST(test_broken_documents_name_line_and_column) {
    static const struct {
        const char *text, *place;
    } broken[] = {
        {"{\"a\": 1,\n \"b\" 2}", "t.json:2:6: "},
        {"{\"a\": 1, \"a\": 2}", "t.json:1:12: duplicate object key"},
        {"", "t.json:1:0: '[' or '{' expected"},
        {"{\"a\": 99999999999999999999}", "t.json:1:26: too big integer"},
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        char *path = scratch_text("t.json", broken[i].text);
        accord_err err = {0};
        json_t *out;
        ck_assert_int_eq(accord_json_load(path, &out, &err), ACCORD_E_CONFIG);
        ck_assert_ptr_null(out);
        ck_assert_msg(strstr(err.msg, broken[i].place) != NULL, "%s", err.msg);
        free(path);
    }
}
END_TEST

START_TEST(test_a_missing_document_is_an_error_of_the_system) {
    char *path = scratch_path("none.json");
    accord_err err = {0};
    json_t *out;

    ck_assert_int_eq(accord_json_load(path, &out, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "none.json: No such file"));
    free(path);
}
END_TEST

START_TEST(test_values_are_read_with_their_types) {
    json_t *document;
    accord_json root = load(
        "{\"t\": \"x\", \"i\": 7, \"r\": 0.5, \"b\": true, \"l\": [1, 2]}", &document);
    accord_json t = accord_json_get(&root, "t"), i = accord_json_get(&root, "i");
    accord_json r = accord_json_get(&root, "r"), b = accord_json_get(&root, "b");
    accord_json l = accord_json_get(&root, "l"), second = accord_json_at(&l, 1);
    const char *text = NULL;
    int64_t n = 0;
    double x = 0, seven = 0;
    bool flag = false;

    ck_assert_int_eq(accord_json_read_text(&t, &text, NULL), ACCORD_OK);
    ck_assert_str_eq(text, "x");
    ck_assert_int_eq(accord_json_read_int(&i, 0, 7, &n, NULL), ACCORD_OK);
    ck_assert_int_eq(n, 7);
    ck_assert_int_eq(accord_json_read_real(&r, &x, NULL), ACCORD_OK);
    ck_assert(x == 0.5);
    ck_assert_int_eq(accord_json_read_real(&i, &seven, NULL), ACCORD_OK);
    ck_assert(seven == 7);
    ck_assert_int_eq(accord_json_read_bool(&b, &flag, NULL), ACCORD_OK);
    ck_assert(flag);
    ck_assert_int_eq(accord_json_expect(&l, JSON_ARRAY, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_json_read_int(&second, 0, 9, &n, NULL), ACCORD_OK);
    ck_assert_int_eq(n, 2);
    json_decref(document);
}
END_TEST

START_TEST(test_absent_members_leave_the_default) {
    json_t *document;
    accord_json root = load("{}", &document);
    accord_json none = accord_json_get(&root, "none");
    accord_json deeper = accord_json_get(&none, "deeper");
    accord_json element = accord_json_at(&deeper, 3);
    const char *text = "default";
    int64_t n = 5;
    double x = 5;
    bool flag = true;

    ck_assert_str_eq(element.path, "/none/deeper/3");
    ck_assert_int_eq(accord_json_read_text(&none, &text, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_json_read_int(&deeper, 0, 1, &n, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_json_read_real(&element, &x, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_json_read_bool(&none, &flag, NULL), ACCORD_OK);
    ck_assert_str_eq(text, "default");
    ck_assert(n == 5 && x == 5 && flag);
    json_decref(document);
}
END_TEST

START_TEST(test_wrong_types_name_the_path_and_both_types) {
    json_t *document;
    accord_json root = load("{\"a\": {\"b\": [null, 1.5]}, \"big\": 12}", &document);
    accord_json a = accord_json_get(&root, "a"), b = accord_json_get(&a, "b");
    accord_json null = accord_json_at(&b, 0), real = accord_json_at(&b, 1);
    accord_json big = accord_json_get(&root, "big");
    accord_err err[6] = {0};
    const char *text;
    int64_t n;
    double x;
    bool flag;

    ck_assert_int_eq(accord_json_read_text(&null, &text, err), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[0].msg, "t.json: /a/b/0: expected a text, found null");
    ck_assert_int_eq(accord_json_read_int(&real, 0, 9, &n, err + 1), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[1].msg,
                     "t.json: /a/b/1: expected a whole number, found a number");
    ck_assert_int_eq(accord_json_read_int(&big, 0, 9, &n, err + 2), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[2].msg, "t.json: /big: 12 is not in 0 .. 9");
    ck_assert_int_eq(accord_json_read_real(&b, &x, err + 3), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[3].msg, "t.json: /a/b: expected a number, found a list");
    ck_assert_int_eq(accord_json_read_bool(&a, &flag, err + 4), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[4].msg, "t.json: /a: expected true or false, found an object");
    ck_assert_int_eq(accord_json_expect(&root, JSON_ARRAY, err + 5), ACCORD_E_CONFIG);
    ck_assert_str_eq(err[5].msg, "t.json: /: expected a list, found an object");
    json_decref(document);
}
END_TEST

START_TEST(test_unknown_keys_are_named_with_the_nearest) {
    static const char *const keys[] = {"methods", "tasks", NULL};
    json_t *document;
    accord_json root = load("{\"a\": {\"metods\": 1}, \"b\": {\"zzz\": 1}}", &document);
    accord_json a = accord_json_get(&root, "a"), b = accord_json_get(&root, "b");
    accord_err err = {0}, err2 = {0};

    ck_assert_int_eq(accord_json_only(&a, keys, &err), ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg,
                     "t.json: /a/metods: unknown key (did you mean \"methods\"?)");
    ck_assert_int_eq(accord_json_only(&b, keys, &err2), ACCORD_E_CONFIG);
    ck_assert_str_eq(err2.msg, "t.json: /b/zzz: unknown key");
    ck_assert_int_eq(accord_json_only(&root, (const char *const[]){"a", "b", NULL}, NULL),
                     ACCORD_OK);
    json_decref(document);
}
END_TEST

START_TEST(test_endless_paths_are_cut_not_overrun) {
    accord_json j = accord_json_root(NULL, "t.json");

    for (int i = 0; i < 100; i++)
        j = accord_json_get(&j, "a_rather_long_name_of_a_member_that_repeats_itself");
    ck_assert_uint_lt(strlen(j.path), sizeof(j.path));
}
END_TEST

Suite *suite_json(void) {
    Suite *s = suite_create("json");
    TCase *tc = tcase_create("documents");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_broken_documents_name_line_and_column);
    tcase_add_test(tc, test_a_missing_document_is_an_error_of_the_system);
    tcase_add_test(tc, test_values_are_read_with_their_types);
    tcase_add_test(tc, test_absent_members_leave_the_default);
    tcase_add_test(tc, test_wrong_types_name_the_path_and_both_types);
    tcase_add_test(tc, test_unknown_keys_are_named_with_the_nearest);
    tcase_add_test(tc, test_endless_paths_are_cut_not_overrun);
    suite_add_tcase(s, tc);
    return s;
}
