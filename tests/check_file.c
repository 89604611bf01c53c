/* check_file.c - whole files, or none. */
#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "suites.h"

START_TEST(test_what_was_written_is_read_back) {
    char *path = scratch_path("a");
    accord_err err = {0};
    char *text;
    size_t n;

    ck_assert_int_eq(accord_file_write(path, "a\0b\n", 4, &err), ACCORD_OK);
    ck_assert_int_eq(accord_file_read(path, 4, &text, &n, &err), ACCORD_OK);
    ck_assert_uint_eq(n, 4);
    ck_assert_int_eq(memcmp(text, "a\0b\n", 5), 0);
    free(text);
    free(path);
}
END_TEST

START_TEST(test_an_empty_file_is_the_empty_text) {
    char *path = scratch_text("empty", "");
    char *text;
    size_t n = 7;

    ck_assert_int_eq(accord_file_read(path, 4, &text, &n, NULL), ACCORD_OK);
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(n, 0);
    free(text);
    free(path);
}
END_TEST

START_TEST(test_a_file_that_never_ends_is_refused) {
    accord_err err = {0};
    char *text;
    size_t n;

    ck_assert_int_eq(accord_file_read("/dev/zero", 1000, &text, &n, &err),
                     ACCORD_E_LIMIT);
    ck_assert_str_eq(err.msg, "/dev/zero is longer than 1000 bytes");
    ck_assert_ptr_null(text);
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(test_missing_files_and_folders_are_named) {
    char *folder = scratch_path("");
    char *missing = scratch_path("none/a");
    accord_err err = {0}, err2 = {0}, err3 = {0};
    char *text, hex[65];
    size_t n;

    ck_assert_int_eq(accord_file_read(missing, 9, &text, &n, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "none/a: No such file or directory"));
    ck_assert_int_eq(accord_file_read(folder, 9, &text, &n, &err2), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err2.msg, "Is a directory"));
    ck_assert_int_eq(accord_file_write(missing, "x", 1, &err3), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err3.msg, "none/a.tmp: No such file or directory"));
    ck_assert_int_eq(accord_file_sha256(missing, hex, NULL), ACCORD_E_IO);
    ck_assert_int_eq(accord_file_sha256(folder, hex, NULL), ACCORD_E_IO);
    free(missing);
    free(folder);
}
END_TEST

/* A limit on the size of files stands in for a full disk.  Check writes a file too, so
 * the limit is lifted before the next assertion. */
static void limit_files(rlim_t n_bytes) {
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = n_bytes < limit.rlim_max ? n_bytes : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(test_a_full_disk_leaves_the_old_file) {
    char *path = scratch_text("a", "old");
    char *tmp = scratch_path("a.tmp");
    accord_err err = {0};
    char *text, big[10000] = {0};
    size_t n;

    signal(SIGXFSZ, SIG_IGN);
    limit_files(5000);
    accord_code rc = accord_file_write(path, big, sizeof(big), &err);
    limit_files(RLIM_INFINITY);
    ck_assert_int_eq(rc, ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "a.tmp: File too large"));
    ck_assert_int_eq(accord_file_read(path, 100, &text, &n, NULL), ACCORD_OK);
    ck_assert_str_eq(text, "old");
    ck_assert(!accord_file_exists(tmp));
    free(text);
    free(tmp);
    free(path);
}
END_TEST

START_TEST(test_a_device_without_space_is_reported) {
    accord_err err = {0};
    int fd = open("/dev/full", O_WRONLY);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(accord_write_all(fd, "x", 1, "the journal", &err), ACCORD_E_IO);
    ck_assert_str_eq(err.msg, "cannot write the journal: No space left on device");
    close(fd);
}
END_TEST

START_TEST(test_folders_are_made_with_those_above) {
    char *deep = scratch_path("a//b/c/");
    char *again = scratch_path("a/b");
    accord_err err = {0};

    ck_assert_int_eq(accord_mkdirs(deep, &err), ACCORD_OK);
    ck_assert_int_eq(accord_mkdirs(again, &err), ACCORD_OK);
    ck_assert(accord_file_exists(deep));
    ck_assert_int_eq(accord_mkdirs("", NULL), ACCORD_E_IO);
    free(again);
    free(deep);
}
END_TEST

START_TEST(test_a_file_in_the_way_of_a_folder_is_named) {
    char *file = scratch_text("f", "");
    char *below = scratch_path("f/g");
    accord_err err = {0}, err2 = {0};

    ck_assert_int_eq(accord_mkdirs(file, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "f is not a folder"));
    ck_assert_int_eq(accord_mkdirs(below, &err2), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err2.msg, "Not a directory"));
    free(below);
    free(file);
}
END_TEST

START_TEST(test_a_tree_is_removed_and_links_are_not_followed) {
    char *tree = scratch_path("tree/in");
    char *top = scratch_path("tree");
    char *kept = scratch_text("kept", "x");
    char *link = scratch_path("tree/in/link");
    accord_err err = {0};

    ck_assert_int_eq(accord_mkdirs(tree, &err), ACCORD_OK);
    ck_assert_int_eq(symlink(kept, link), 0);
    ck_assert_int_eq(accord_remove_tree(top, &err), ACCORD_OK);
    ck_assert(!accord_file_exists(top));
    ck_assert(accord_file_exists(kept));
    ck_assert_int_eq(accord_remove_tree(top, &err), ACCORD_OK);
    free(link);
    free(kept);
    free(top);
    free(tree);
}
END_TEST

START_TEST(test_the_hash_is_of_the_whole_file) {
    char *path = scratch_text("abc", "abc");
    char hex[65];

    ck_assert_int_eq(accord_file_sha256(path, hex, NULL), ACCORD_OK);
    ck_assert_str_eq(hex,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    free(path);
}
END_TEST

Suite *suite_file(void) {
    Suite *s = suite_create("file");
    TCase *tc = tcase_create("files and folders");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_what_was_written_is_read_back);
    tcase_add_test(tc, test_an_empty_file_is_the_empty_text);
    tcase_add_test(tc, test_a_file_that_never_ends_is_refused);
    tcase_add_test(tc, test_missing_files_and_folders_are_named);
    tcase_add_test(tc, test_a_full_disk_leaves_the_old_file);
    tcase_add_test(tc, test_a_device_without_space_is_reported);
    tcase_add_test(tc, test_folders_are_made_with_those_above);
    tcase_add_test(tc, test_a_file_in_the_way_of_a_folder_is_named);
    tcase_add_test(tc, test_a_tree_is_removed_and_links_are_not_followed);
    tcase_add_test(tc, test_the_hash_is_of_the_whole_file);
    suite_add_tcase(s, tc);
    return s;
}
