/* check_registry.c - where plugins are found, and what makes an instance of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "host/instance.h"
#include "host/registry.h"
#include "scratch.h"
#include "suites.h"

static char *root;

static const char *in_root(const char *below) {
    static char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", root, below);
    return path;
}

static void link_fixture(const char *fixture, const char *below) {
    char path[PATH_MAX];

    ck_assert_ptr_nonnull(realpath(fixture, path));
    ck_assert_int_eq(symlink(path, in_root(below)), 0);
}

/* Two folders: a/ with a good method, b/ with the same and one that is refused. */
static void make_folders(void) {
    scratch_begin();
    root = scratch_path("");
    ck_assert_int_eq(accord_mkdirs(in_root("a/methods"), NULL), ACCORD_OK);
    ck_assert_int_eq(accord_mkdirs(in_root("a/tasks"), NULL), ACCORD_OK);
    ck_assert_int_eq(accord_mkdirs(in_root("b/methods"), NULL), ACCORD_OK);
    link_fixture("tests/fix_good.so", "a/methods/fix_good.so");
    link_fixture("tests/fix_good.so", "a/tasks/fix_good.so");
    link_fixture("tests/fix_good.so", "b/methods/fix_good.so");
    link_fixture("tests/fix_major.so", "b/methods/fix_major.so");
    setenv("XDG_DATA_HOME", in_root("home"), 1);
    setenv("ACCORD_PLUGIN_PATH", in_root("b"), 1);
}

static void remove_folders(void) {
    free(root);
    scratch_end();
}

START_TEST(test_the_environment_is_searched_and_the_command_line_before_it) {
    char path[PATH_MAX];
    accord_err err = {0};

    ck_assert_int_eq(accord_registry_find(ACCORD_ROLE_METHOD, "fix_good", path, &err),
                     ACCORD_OK);
    ck_assert_str_eq(path, in_root("b/methods/fix_good.so"));
    accord_registry_path(NULL);
    accord_registry_path(in_root("a"));
    ck_assert_int_eq(accord_registry_find(ACCORD_ROLE_METHOD, "fix_good", path, &err),
                     ACCORD_OK);
    ck_assert_str_eq(path, in_root("a/methods/fix_good.so"));
    ck_assert_int_eq(accord_registry_find(ACCORD_ROLE_METHOD, "fix_major", path, &err),
                     ACCORD_OK);
}
END_TEST

START_TEST(test_the_users_data_directory_is_searched) {
    char path[PATH_MAX];

    setenv("ACCORD_PLUGIN_PATH", "::", 1);
    ck_assert_int_eq(accord_mkdirs(in_root("home/accord"), NULL), ACCORD_OK);
    ck_assert_int_eq(symlink("../../a", in_root("home/accord/plugins")), 0);
    ck_assert_int_eq(accord_registry_find(ACCORD_ROLE_METHOD, "fix_good", path, NULL),
                     ACCORD_OK);
    ck_assert_str_eq(path, in_root("home/accord/plugins/methods/fix_good.so"));
}
END_TEST

START_TEST(test_an_unknown_name_gets_the_nearest_one_and_the_folders) {
    char path[PATH_MAX];
    accord_err err = {0};

    ck_assert_int_eq(accord_registry_find(ACCORD_ROLE_METHOD, "fix_god", path, &err),
                     ACCORD_E_NOTFOUND);
    ck_assert_str_eq(path, "");
    ck_assert_ptr_nonnull(
        strstr(err.msg, "no method \"fix_god\" (did you mean \"fix_good\"?) in "));
    ck_assert_ptr_nonnull(strstr(err.msg, in_root("b, ")));
    ck_assert_ptr_nonnull(strstr(err.msg, "/plugins"));
}
END_TEST

START_TEST(test_a_name_is_never_a_path) {
    char path[PATH_MAX];
    accord_err err = {0};

    ck_assert_int_eq(
        accord_registry_find(ACCORD_ROLE_METHOD, "../methods/fix_good", path, &err),
        ACCORD_E_NOTFOUND);
    ck_assert_str_eq(err.msg, "no method \"../methods/fix_good\": ids are [a-z0-9_]+");
}
END_TEST

START_TEST(test_a_refusal_comes_through) {
    const accord_plugin *p;
    char path[PATH_MAX];
    accord_err err = {0};

    ck_assert_int_eq(
        accord_registry_open(ACCORD_ROLE_METHOD, "fix_major", &p, path, &err),
        ACCORD_E_ABI);
    ck_assert_ptr_null(p);
    ck_assert_ptr_nonnull(strstr(err.msg, "built for ABI 99, this host has ABI 1"));
}
END_TEST

START_TEST(test_a_method_among_the_tasks_is_refused) {
    const accord_plugin *p;
    char path[PATH_MAX];
    accord_err err = {0};

    accord_registry_path(in_root("a"));
    ck_assert_int_eq(accord_registry_open(ACCORD_ROLE_TASK, "fix_good", &p, path, &err),
                     ACCORD_E_ABI);
    ck_assert_ptr_null(p);
    ck_assert_ptr_nonnull(strstr(err.msg, "is a method, and lies among the tasks"));
}
END_TEST

static void join_path(void *ctx, const char *path) {
    char *all = ctx;

    if (strncmp(path, root, strlen(root)) != 0)
        return; /* of the build tree */
    size_t n = strlen(all);
    snprintf(all + n, 1000 - n, "%s ", path + strlen(root));
}

START_TEST(test_each_name_is_listed_once_and_the_first_folder_wins) {
    char all[1000] = "";

    accord_registry_path(in_root("a"));
    accord_registry_each(ACCORD_ROLE_METHOD, join_path, all);
    ck_assert_str_eq(all, "/a/methods/fix_good.so /b/methods/fix_major.so ");
}
END_TEST

/* ---- instances --------------------------------------------------------------------- */

static accord_code create(const char *params, accord_instance **out, json_t **document,
                          accord_err *err) {
    *document = json_loads(params, 0, NULL);
    ck_assert_ptr_nonnull(*document);
    const accord_instance_setup setup = {
        .role = ACCORD_ROLE_METHOD,
        .plugin = "fix_good",
        .name = "loud_one",
        .params = accord_json_root(*document, "suite.json"),
        .seed = 7,
    };
    return accord_instance_create(&setup, out, err);
}

START_TEST(test_an_instance_gets_its_options_and_acts) {
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_TEXT};
    accord_err err = {0};
    accord_instance *i;
    json_t *document;
    void *ep;

    setenv("ACCORD_LOG", "error", 1);
    ck_assert_msg(!create("{\"count\": 3, \"secret\": \"s\"}", &i, &document, &err), "%s",
                  err.msg);
    ck_assert_str_eq(i->name, "loud_one");
    ck_assert_ptr_null(i->task);
    ck_assert_ptr_null(i->learner);
    ck_assert_int_eq(i->method->open(i->self, NULL, &ep, &err), ACCORD_OK);
    ck_assert_int_eq(i->method->act(ep, NULL, &action, &err), ACCORD_OK);
    ck_assert_str_eq(action.text, "1 3 0.5 yes s 7");
    accord_instance_destroy(i);
    json_decref(document);
}
END_TEST

static const struct {
    const char *params, *why;
    accord_code code;
} failing[] = {
    {"{\"secret\": \"fail\"}", "method loud_one: asked to fail", ACCORD_E_CONFIG},
    {"{\"secret\": \"silent\"}",
     "method loud_one: create() failed with code 8 and gave no reason",
     ACCORD_E_INTERNAL},
    {"{}", "suite.json: /secret: is required: any text; \"fail\" makes create() fail",
     ACCORD_E_CONFIG},
};

START_TEST(test_a_failed_create_says_who_and_why) {
    accord_err err = {0};
    accord_instance *i;
    json_t *document;

    ck_assert_int_eq(create(failing[_i].params, &i, &document, &err), failing[_i].code);
    ck_assert_ptr_null(i);
    ck_assert_str_eq(err.msg, failing[_i].why);
    json_decref(document);
}
END_TEST

START_TEST(test_opening_creates_nothing) {
    json_t *document = json_pack("{s:s}", "secret", "fail");
    const accord_instance_setup setup = {
        .role = ACCORD_ROLE_METHOD,
        .plugin = "fix_good",
        .params = accord_json_root(document, "suite.json"),
    };
    accord_instance *i;

    ck_assert_int_eq(accord_instance_open(&setup, &i, NULL), ACCORD_OK);
    ck_assert_ptr_null(i->self);
    ck_assert_ptr_nonnull(i->method);
    ck_assert_str_eq(i->path, in_root("b/methods/fix_good.so"));
    accord_instance_destroy(i);
    json_decref(document);
}
END_TEST

Suite *suite_registry(void) {
    Suite *s = suite_create("registry");
    TCase *find = tcase_create("find");
    TCase *instance = tcase_create("instance");

    tcase_add_checked_fixture(find, make_folders, remove_folders);
    tcase_add_test(find, test_the_environment_is_searched_and_the_command_line_before_it);
    tcase_add_test(find, test_the_users_data_directory_is_searched);
    tcase_add_test(find, test_an_unknown_name_gets_the_nearest_one_and_the_folders);
    tcase_add_test(find, test_a_name_is_never_a_path);
    tcase_add_test(find, test_a_refusal_comes_through);
    tcase_add_test(find, test_a_method_among_the_tasks_is_refused);
    tcase_add_test(find, test_each_name_is_listed_once_and_the_first_folder_wins);
    suite_add_tcase(s, find);
    tcase_add_checked_fixture(instance, make_folders, remove_folders);
    tcase_add_test(instance, test_an_instance_gets_its_options_and_acts);
    tcase_add_loop_test(instance, test_a_failed_create_says_who_and_why, 0,
                        sizeof(failing) / sizeof(failing[0]));
    tcase_add_test(instance, test_opening_creates_nothing);
    suite_add_tcase(s, instance);
    return s;
}
