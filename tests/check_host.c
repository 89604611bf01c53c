/* check_host.c - what a plugin is offered: log, failures, services, data files. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "host/host.h"
#include "scratch.h"
#include "suites.h"

#undef fail /* an old macro of Check's, and the name of a member */

START_TEST(test_the_log_names_the_plugin) {
    accord_host_instance h;
    char line[128] = "";
    int ends[2];

    accord_host_init(&h, "loud_one", NULL, NULL);
    ck_assert_int_eq(pipe(ends), 0);
    int old = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    h.host.log(&h.host, ACCORD_WARN, "%d items", 3);
    dup2(old, STDERR_FILENO);
    ck_assert_int_gt(read(ends[0], line, sizeof(line) - 1), 0);
    ck_assert_str_eq(line, "warn: loud_one: 3 items\n");
}
END_TEST

START_TEST(test_the_first_failure_is_kept) {
    const accord_host *h = &accord_host_default;
    accord_err err = {0};

    ck_assert_int_eq(h->fail(h, &err, ACCORD_E_IO, "no %s", "paper"), ACCORD_E_IO);
    ck_assert_int_eq(h->fail(h, &err, ACCORD_E_ARG, "later"), ACCORD_E_ARG);
    ck_assert_str_eq(err.msg, "no paper");
    ck_assert_int_eq(h->fail(h, NULL, ACCORD_E_ARG, "nobody listens"), ACCORD_E_ARG);
}
END_TEST

START_TEST(test_services_are_found_by_id) {
    static const int table;
    const accord_service services[] = {{ACCORD_CANON, &table}, {NULL, NULL}};
    accord_host_instance h;

    accord_host_init(&h, "x", services, NULL);
    ck_assert_ptr_eq(h.host.extension(&h.host, "accord.canon/1"), &table);
    ck_assert_ptr_null(h.host.extension(&h.host, "accord.canon/2"));
    accord_host_init(&h, "x", NULL, NULL);
    ck_assert_ptr_null(h.host.extension(&h.host, "accord.canon/1"));
    ck_assert_ptr_null(accord_host_default.extension(&accord_host_default, ACCORD_CANON));
}
END_TEST

START_TEST(test_every_service_of_the_abi_is_known) {
    static const char *const ids[] = {
        ACCORD_MODELS, ACCORD_CANON,  ACCORD_TRAIN_SCORE, ACCORD_METRICS,
        ACCORD_TRACE,  ACCORD_RANDOM, ACCORD_DEADLINE,
    };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        ck_assert_msg(accord_host_knows(ids[i]), "%s", ids[i]);
    ck_assert(!accord_host_knows(ACCORD_LEARNER));
}
END_TEST

/* ---- data files -------------------------------------------------------------------- */

static char *root;

static void put(const char *below) {
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", root, below);
    ck_assert_int_eq(accord_mkdirs(path, NULL), ACCORD_OK);
}

/* env/: the variable; home/: the user's.  Folders stand for files. */
static void make_data(void) {
    char path[PATH_MAX];

    scratch_begin();
    root = scratch_path("");
    put("env/gsm8k/test.jsonl");
    put("home/accord/data/gsm8k/test.jsonl");
    put("home/accord/data/svamp/test.jsonl");
    snprintf(path, sizeof(path), "%s/env", root);
    setenv("ACCORD_DATA", path, 1);
    snprintf(path, sizeof(path), "%s/home", root);
    setenv("XDG_DATA_HOME", path, 1);
}

static void remove_data(void) {
    free(root);
    scratch_end();
}

static void expect_path(const char *name, const char *below) {
    const accord_host *h = &accord_host_default;
    char path[PATH_MAX], wanted[PATH_MAX];
    accord_err err = {0};

    snprintf(wanted, sizeof(wanted), "%s/%s", root, below);
    ck_assert_msg(!h->data_path(h, name, path, sizeof(path), &err), "%s", err.msg);
    ck_assert_str_eq(path, wanted);
}

START_TEST(test_data_is_found_in_the_variable_then_in_the_users_folder) {
    expect_path("gsm8k/test.jsonl", "env/gsm8k/test.jsonl");
    expect_path("svamp/test.jsonl", "home/accord/data/svamp/test.jsonl");
    unsetenv("ACCORD_DATA");
    expect_path("gsm8k/test.jsonl", "home/accord/data/gsm8k/test.jsonl");
}
END_TEST

START_TEST(test_the_users_folder_is_below_home_without_xdg) {
    char path[PATH_MAX];

    unsetenv("ACCORD_DATA");
    setenv("XDG_DATA_HOME", "relative", 1); /* which the standard says to ignore */
    snprintf(path, sizeof(path), "%s/me", root);
    setenv("HOME", path, 1);
    put("me/.local/share/accord/data/math/test.jsonl");
    expect_path("math/test.jsonl", "me/.local/share/accord/data/math/test.jsonl");
}
END_TEST

START_TEST(test_missing_data_says_where_it_was_looked_for_and_what_to_do) {
    const accord_host *h = &accord_host_default;
    char path[PATH_MAX], wanted[2 * PATH_MAX];
    accord_err err = {0};

    ck_assert_int_eq(h->data_path(h, "math/none.jsonl", path, sizeof(path), &err),
                     ACCORD_E_NOTFOUND);
    snprintf(wanted, sizeof(wanted),
             "no data file math/none.jsonl in %s/env nor in %s/home/accord/data: set "
             "ACCORD_DATA, or see in \"accord data ls\" what can be downloaded",
             root, root);
    ck_assert_str_eq(err.msg, wanted);
    err = (accord_err){0};
    unsetenv("ACCORD_DATA");
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    ck_assert_int_eq(h->data_path(h, "math/none.jsonl", path, sizeof(path), &err),
                     ACCORD_E_NOTFOUND);
    ck_assert_ptr_nonnull(strstr(err.msg, "ACCORD_DATA (not set)"));
}
END_TEST

START_TEST(test_a_path_of_its_own_is_taken_as_it_is) {
    const accord_host *h = &accord_host_default;
    char path[PATH_MAX], small[4];
    accord_err err = {0};

    ck_assert_int_eq(h->data_path(h, "./tests", path, sizeof(path), &err), ACCORD_OK);
    ck_assert_str_eq(path, "./tests");
    ck_assert_int_eq(h->data_path(h, "/none/x.jsonl", path, sizeof(path), &err),
                     ACCORD_E_NOTFOUND);
    ck_assert_str_eq(err.msg, "no data file /none/x.jsonl");
    ck_assert_int_eq(h->data_path(h, "./tests", small, sizeof(small), NULL),
                     ACCORD_E_LIMIT);
}
END_TEST

Suite *suite_host(void) {
    Suite *s = suite_create("host");
    TCase *services = tcase_create("services");
    TCase *data = tcase_create("data");

    tcase_add_test(services, test_the_log_names_the_plugin);
    tcase_add_test(services, test_the_first_failure_is_kept);
    tcase_add_test(services, test_services_are_found_by_id);
    tcase_add_test(services, test_every_service_of_the_abi_is_known);
    suite_add_tcase(s, services);
    tcase_add_checked_fixture(data, make_data, remove_data);
    tcase_add_test(data, test_data_is_found_in_the_variable_then_in_the_users_folder);
    tcase_add_test(data, test_the_users_folder_is_below_home_without_xdg);
    tcase_add_test(data, test_missing_data_says_where_it_was_looked_for_and_what_to_do);
    tcase_add_test(data, test_a_path_of_its_own_is_taken_as_it_is);
    suite_add_tcase(s, data);
    return s;
}
