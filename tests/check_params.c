/* check_params.c - options: tables that are refused, values that are read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/params.h"
#include "suites.h"

static const char *const words[] = {"yes", "no", NULL};

enum { LOUD, COUNT, RATE, WORD, TEXT, N_PARAMS };
static const accord_param table[] = {
    [LOUD] = {"loud", "shout", .type = ACCORD_BOOL, .value = 1},
    [COUNT] = {"count", "how many", .type = ACCORD_INT, .value = 5, .min = 1, .max = 9},
    [RATE] = {"rate", "per second", .type = ACCORD_REAL, .value = 0.5, .max = 2},
    [WORD] = {"word", "what to say", .type = ACCORD_STRING, .text = "no",
              .choices = words},
    [TEXT] = {"text", "any text", .type = ACCORD_STRING, .text = ""},
};
static const accord_plugin plugin = {
    .id = "echo",
    .params = table,
    .n_params = N_PARAMS,
};

static accord_code read_text(const accord_plugin *p, const char *text, json_t **document,
                             accord_param_value **out, accord_err *err) {
    *document = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    ck_assert(!text || *document);
    accord_json j = accord_json_root(*document, "suite.json");
    memcpy(j.path, "/m/params", sizeof("/m/params"));
    return accord_params_read(p, &j, out, err);
}

START_TEST(test_absent_options_have_their_defaults) {
    const char *const given[] = {NULL, "{}"};
    accord_param_value *v;
    json_t *document;

    ck_assert_int_eq(read_text(&plugin, given[_i], &document, &v, NULL), ACCORD_OK);
    ck_assert_int_eq(v[LOUD].i, 1);
    ck_assert_int_eq(v[COUNT].i, 5);
    ck_assert(v[RATE].r == 0.5);
    ck_assert_str_eq(v[WORD].s, "no");
    ck_assert_str_eq(v[TEXT].s, "");
    free(v);
    json_decref(document);
}
END_TEST

START_TEST(test_given_options_are_read_by_type) {
    accord_param_value *v;
    json_t *document;

    ck_assert_int_eq(read_text(&plugin,
                               "{\"loud\": false, \"count\": 9, \"rate\": 2,"
                               " \"word\": \"yes\", \"text\": \"ü\"}",
                               &document, &v, NULL),
                     ACCORD_OK);
    ck_assert_int_eq(v[LOUD].i, 0);
    ck_assert_int_eq(v[COUNT].i, 9);
    ck_assert(v[RATE].r == 2.0);
    ck_assert_str_eq(v[WORD].s, "yes");
    ck_assert_str_eq(v[TEXT].s, "ü");
    free(v);
    json_decref(document);
}
END_TEST

static const struct {
    const char *given, *why;
} wrong[] = {
    {"[]", "suite.json: /m/params: expected an object, found a list"},
    {"{\"loud\": 1}", "suite.json: /m/params/loud: expected true or false, found a "
                      "number"},
    {"{\"count\": 5.0}", "suite.json: /m/params/count: expected a whole number, found 5"},
    {"{\"count\": 2.5}",
     "suite.json: /m/params/count: expected a whole number, found 2.5"},
    {"{\"count\": \"5\"}",
     "suite.json: /m/params/count: expected a whole number, found a text"},
    {"{\"count\": null}",
     "suite.json: /m/params/count: expected a whole number, found null"},
    {"{\"count\": 10}", "suite.json: /m/params/count: 10 is not in 1 .. 9"},
    {"{\"rate\": -0.5}", "suite.json: /m/params/rate: -0.5 is not in 0 .. 2"},
    {"{\"rate\": \"fast\"}", "suite.json: /m/params/rate: expected a number, found a "
                             "text"},
    {"{\"word\": \"maybe\"}",
     "suite.json: /m/params/word: \"maybe\" is none of \"yes\", \"no\""},
    {"{\"text\": 3}", "suite.json: /m/params/text: expected a text, found a number"},
    {"{\"cuont\": 3}", "suite.json: /m/params/cuont: echo has no such option (did you "
                       "mean \"count\"?)"},
    {"{\"zebrastripes\": 3}",
     "suite.json: /m/params/zebrastripes: echo has no such option"},
};

START_TEST(test_wrong_options_are_named_with_their_place) {
    accord_param_value *v;
    accord_err err = {0};
    json_t *document;

    ck_assert_int_eq(read_text(&plugin, wrong[_i].given, &document, &v, &err),
                     ACCORD_E_CONFIG);
    ck_assert_ptr_null(v);
    ck_assert_str_eq(err.msg, wrong[_i].why);
    json_decref(document);
}
END_TEST

START_TEST(test_a_required_option_must_be_given) {
    const accord_param required[] = {
        {"file", "the file to read", .type = ACCORD_STRING, .required = 1}};
    const accord_plugin p = {.id = "reader", .params = required, .n_params = 1};
    accord_json nothing = {0};
    accord_param_value *v;
    accord_err err = {0};

    ck_assert_int_eq(accord_params_check(&p, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_params_read(&p, &nothing, &v, &err), ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg, "reader: /file: is required: the file to read");
}
END_TEST

START_TEST(test_an_unbounded_whole_number_takes_all_64_bits) {
    const accord_param any[] = {{"n", "a number", .type = ACCORD_INT}};
    const accord_plugin p = {.id = "any", .params = any, .n_params = 1};
    accord_param_value *v;
    json_t *document;

    ck_assert_int_eq(read_text(&p, "{\"n\": -9223372036854775808}", &document, &v, NULL),
                     ACCORD_OK);
    ck_assert(v[0].i == INT64_MIN);
    free(v);
    json_decref(document);
}
END_TEST

START_TEST(test_a_plugin_without_options_takes_none) {
    const accord_plugin p = {.id = "bare"};
    accord_param_value *v;
    json_t *document;

    ck_assert_int_eq(read_text(&p, "{\"n\": 1}", &document, &v, NULL), ACCORD_E_CONFIG);
    json_decref(document);
    ck_assert_int_eq(read_text(&p, "{}", &document, &v, NULL), ACCORD_OK);
    free(v);
    json_decref(document);
}
END_TEST

static const struct {
    accord_param param;
    const char *why;
} faulty[] = {
    {{"Big", "h", .type = ACCORD_BOOL}, "the name of option 0 is not [a-z0-9_]+"},
    {{NULL, "h", .type = ACCORD_BOOL}, "the name of option 0 is not [a-z0-9_]+"},
    {{"a", NULL, .type = ACCORD_BOOL}, "option a: it has no help"},
    {{"a", "h", .type = 5}, "option a: its type is unknown to this host"},
    {{"a", "h", .type = ACCORD_BOOL, .value = 2}, "option a: its default is no truth"},
    {{"a", "h", .type = ACCORD_REAL, .value = (double)NAN},
     "option a: its default is out of bounds"},
    {{"a", "h", .type = ACCORD_REAL, .min = 2, .max = 1},
     "option a: its bounds are no range"},
    {{"a", "h", .type = ACCORD_REAL, .max = (double)INFINITY},
     "option a: its bounds are no range"},
    {{"a", "h", .type = ACCORD_INT, .value = 0, .min = 1, .max = 2},
     "option a: its default is out of bounds"},
    {{"a", "h", .type = ACCORD_INT, .value = 0.5},
     "option a: its default or bounds are no whole numbers"},
    {{"a", "h", .type = ACCORD_STRING}, "option a: it has no default"},
    {{"a", "h", .type = ACCORD_STRING, .text = "x", .choices = words},
     "option a: its default is none of its choices"},
};

START_TEST(test_a_faulty_table_is_refused) {
    const accord_plugin p = {.id = "p", .params = &faulty[_i].param, .n_params = 1};
    accord_err err = {0};

    ck_assert_int_eq(accord_params_check(&p, &err), ACCORD_E_ABI);
    ck_assert_str_eq(err.msg, faulty[_i].why);
}
END_TEST

START_TEST(test_two_options_of_one_name_are_refused) {
    const accord_param twice[] = {{"a", "h", .type = ACCORD_BOOL},
                                  {"a", "h", .type = ACCORD_INT}};
    const accord_plugin p = {.id = "p", .params = twice, .n_params = 2};
    const accord_plugin none = {.id = "p", .n_params = 2};
    accord_err err = {0};

    ck_assert_int_eq(accord_params_check(&p, &err), ACCORD_E_ABI);
    ck_assert_str_eq(err.msg, "two options are called a");
    ck_assert_int_eq(accord_params_check(&none, NULL), ACCORD_E_ABI);
    ck_assert_int_eq(accord_params_check(&plugin, NULL), ACCORD_OK);
}
END_TEST

Suite *suite_params(void) {
    Suite *s = suite_create("params");
    TCase *tc = tcase_create("options");

    tcase_add_loop_test(tc, test_absent_options_have_their_defaults, 0, 2);
    tcase_add_test(tc, test_given_options_are_read_by_type);
    tcase_add_loop_test(tc, test_wrong_options_are_named_with_their_place, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_test(tc, test_a_required_option_must_be_given);
    tcase_add_test(tc, test_an_unbounded_whole_number_takes_all_64_bits);
    tcase_add_test(tc, test_a_plugin_without_options_takes_none);
    tcase_add_loop_test(tc, test_a_faulty_table_is_refused, 0,
                        sizeof(faulty) / sizeof(faulty[0]));
    tcase_add_test(tc, test_two_options_of_one_name_are_refused);
    suite_add_tcase(s, tc);
    return s;
}
