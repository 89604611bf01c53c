/* check_jsonl.c - the reader of .jsonl and .jsonl.gz. */
#include <accord/jsonl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "base/file.h"
#include "host/host.h"
#include "scratch.h"
#include "suites.h"

static accord_jsonl *open_ok(const char *path) {
    accord_jsonl *r;
    accord_err err = {0};

    ck_assert_msg(accord_jsonl_open(&accord_host_default, path, &r, &err) == ACCORD_OK,
                  "%s", err.msg);
    return r;
}

/* Reads to the end or to the first failure; *n counts the objects. */
static accord_code read_all(const char *path, uint64_t *n, accord_err *err) {
    accord_jsonl *r = open_ok(path);
    accord_code rc;
    int more;

    for (*n = 0; (rc = accord_jsonl_next(r, &more, err)) == ACCORD_OK && more; ++*n)
        continue;
    accord_jsonl_close(r);
    return rc;
}

static char *write_gz(const char *name, const char *line, int n_lines) {
    char *path = scratch_path(name);
    gzFile f = gzopen(path, "wb");

    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < n_lines; i++)
        gzprintf(f, line, i);
    ck_assert_int_eq(gzclose(f), Z_OK);
    return path;
}

/* Cuts a file to n bytes. */
static void cut(const char *path, size_t n) {
    char *data;
    size_t size;

    ck_assert_int_eq(accord_file_read(path, 1 << 24, &data, &size, NULL), ACCORD_OK);
    ck_assert_uint_gt(size, n);
    ck_assert_int_eq(accord_file_write(path, data, n, NULL), ACCORD_OK);
    free(data);
}

static const struct {
    const char *text;
    uint64_t n;
} plain[] = {
    {"", 0},
    {"\n\n", 0},
    {"{\"a\": 1}\n", 1},
    {"{\"a\": 1}", 1},
    {"{\"a\": 1}\r\n{\"a\": 2}\r\n", 2},
    {"\n{\"a\": 1}\n \t\r\n{\"a\": 2}\n\n", 2},
    {"\xef\xbb\xbf{\"a\": 1}\r\n", 1},
    {"\xef\xbb\xbf", 0},
};

START_TEST(test_plain_files_in_every_shape) {
    char *path = scratch_text("t.jsonl", plain[_i].text);
    accord_err err = {0};
    uint64_t n;

    ck_assert_msg(read_all(path, &n, &err) == ACCORD_OK, "%s", err.msg);
    ck_assert_uint_eq(n, plain[_i].n);
    free(path);
}
END_TEST

START_TEST(test_compressed_files_are_told_by_their_content) {
    char *path = write_gz("t.jsonl", "{\"n\": %d}\n", 3000);
    accord_jsonl *r = open_ok(path);
    double n = -1;
    int more;

    for (int i = 0; i < 3000; i++) {
        ck_assert_int_eq(accord_jsonl_next(r, &more, NULL), ACCORD_OK);
        ck_assert_int_eq(more, 1);
        ck_assert_int_eq(accord_jsonl_number(r, "n", &n, NULL), ACCORD_OK);
        ck_assert(n == i);
    }
    ck_assert_int_eq(accord_jsonl_next(r, &more, NULL), ACCORD_OK);
    ck_assert_int_eq(more, 0);
    accord_jsonl_close(r);
    free(path);
}
END_TEST

START_TEST(test_a_torn_archive_is_an_error_after_its_whole_lines) {
    char *path = write_gz("t.jsonl.gz", "{\"n\": %d}\n", 20000);
    accord_err err = {0};
    uint64_t n;

    cut(path, 20000);
    ck_assert_int_eq(read_all(path, &n, &err), ACCORD_E_CONFIG);
    ck_assert_uint_gt(n, 1000);
    char place[64];
    snprintf(place, sizeof(place), "t.jsonl.gz:%llu: ", (unsigned long long)n + 1);
    ck_assert_msg(strstr(err.msg, place) && strstr(err.msg, "unexpected end of file"),
                  "%s, after %llu lines", err.msg, (unsigned long long)n);
    free(path);
}
END_TEST

START_TEST(test_a_damaged_archive_is_an_error) {
    char *path = write_gz("t.jsonl.gz", "{\"n\": %d}\n", 1000);
    accord_err err = {0};
    uint64_t n;
    FILE *f = fopen(path, "r+b");

    ck_assert_ptr_nonnull(f);
    fseek(f, -8, SEEK_END); /* the checksum */
    fputs("XXXX", f);
    fclose(f);
    ck_assert_int_eq(read_all(path, &n, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "t.jsonl.gz:1: cannot read: incorrect data"));
    free(path);
}
END_TEST

START_TEST(test_line_7001_is_named) {
    char *path = scratch_path("t.jsonl");
    accord_err err = {0};
    uint64_t n;
    FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    for (int i = 1; i <= 8000; i++)
        fputs(i == 7001 ? "{\"a\": tru}\n" : i == 9 ? "\n" : "{\"a\": 1}\n", f);
    fclose(f);
    ck_assert_int_eq(read_all(path, &n, &err), ACCORD_E_CONFIG);
    ck_assert_uint_eq(n, 6999);
    ck_assert_ptr_nonnull(strstr(err.msg, "t.jsonl:7001:9: "));
    free(path);
}
END_TEST

static const struct {
    const char *text;
    size_t n;
    const char *why;
} malformed[] = {
    {"[1]\n", 4, "t.jsonl:1: expected an object in braces"},
    {"{\"a\": 1}{\"b\": 2}\n", 17, "t.jsonl:1:9: end of file expected"},
    {"{\"a\": 1, \"a\": 2}\n", 17, "duplicate object key"},
    {"{\"a\": 1}\n{\"b\"", 13, "t.jsonl:2:4: "},
    {"{\"a\": 1}\0{\"b\": 2}\n", 18, "t.jsonl:1: a NUL byte"},
    {"{\"a\": 1}\n\0\0\0\0", 13, "t.jsonl:2: a NUL byte"},
    {"{\"a\": \"\xff\"}\n", 11, "t.jsonl:1:7: unable to decode byte 0xff"},
};

START_TEST(test_malformed_lines_are_named) {
    char *path = scratch_write("t.jsonl", malformed[_i].text, malformed[_i].n);
    accord_err err = {0};
    uint64_t n;

    ck_assert_int_eq(read_all(path, &n, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, malformed[_i].why) != NULL, "%s", err.msg);
    free(path);
}
END_TEST

START_TEST(test_long_lines_are_read_and_endless_ones_refused) {
    char *path = scratch_path("t.jsonl");
    accord_err err = {0};
    uint64_t n;
    FILE *f = fopen(path, "w");
    char block[1 << 16];

    ck_assert_ptr_nonnull(f);
    memset(block, 'x', sizeof(block));
    for (int mib = 0; mib < 74; mib += mib == 4 ? 70 : 4) { /* a line of 4, one of 70 */
        fputs("{\"a\": \"", f);
        for (int i = 0; i < (mib == 0 ? 64 : 70 * 16); i++)
            fwrite(block, 1, sizeof(block), f);
        fputs("\"}\n", f);
    }
    fclose(f);
    ck_assert_int_eq(read_all(path, &n, &err), ACCORD_E_LIMIT);
    ck_assert_uint_eq(n, 1);
    ck_assert_ptr_nonnull(strstr(err.msg, "t.jsonl:2: line longer than 67108864 bytes"));
    free(path);
}
END_TEST

START_TEST(test_missing_files_are_named) {
    char *path = scratch_path("none.jsonl");
    accord_err err = {0};
    accord_jsonl *r;

    ck_assert_int_eq(accord_jsonl_open(&accord_host_default, path, &r, &err),
                     ACCORD_E_IO);
    ck_assert_ptr_null(r);
    ck_assert_ptr_nonnull(strstr(err.msg, "none.jsonl: No such file or directory"));
    free(path);
    path = scratch_path("");
    uint64_t n;
    accord_err err2 = {0};
    ck_assert_int_eq(read_all(path, &n, &err2), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err2.msg, "Is a directory"));
    free(path);
}
END_TEST

static const struct {
    const char *field, *text;
} fields[] = {
    {"s", "a\nb"},          {"i", "-12"},       {"r", "67327402.52"},
    {"five", "5.0"},        {"big", "9.3e+15"}, {"t", "true"},
    {"l", "[1,{\"a\":2}]"}, {"null", NULL},     {"none", NULL},
};

START_TEST(test_fields_as_text) {
    char *path =
        scratch_text("t.jsonl", "{\"s\": \"a\\nb\", \"i\": -12, \"r\": 67327402.52,"
                                "\"five\": 5.0, \"big\": 9.3e15, \"t\": true,"
                                "\"l\": [1, {\"a\": 2}], \"null\": null}");
    accord_jsonl *r = open_ok(path);
    int more;

    ck_assert_int_eq(accord_jsonl_next(r, &more, NULL), ACCORD_OK);
    for (int again = 0; again < 200; again++) {
        const char *text = accord_jsonl_text(r, fields[_i].field);
        if (fields[_i].text)
            ck_assert_str_eq(text, fields[_i].text);
        else
            ck_assert_ptr_null(text);
    }
    accord_jsonl_close(r);
    free(path);
}
END_TEST

START_TEST(test_fields_of_the_wrong_type_are_named) {
    char *path = scratch_text("t.jsonl", "\n{\"s\": \"x\", \"n\": 1}");
    accord_jsonl *r = open_ok(path);
    accord_err err = {0}, err2 = {0};
    const char *s;
    double x;
    int more;

    ck_assert_int_eq(accord_jsonl_next(r, &more, NULL), ACCORD_OK);
    ck_assert_uint_eq(accord_jsonl_line(r), 2);
    ck_assert_int_eq(accord_jsonl_string(r, "s", &s, NULL), ACCORD_OK);
    ck_assert_str_eq(s, "x");
    ck_assert_int_eq(accord_jsonl_string(r, "n", &s, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "t.jsonl:2: \"n\" must be a text"));
    ck_assert_int_eq(accord_jsonl_number(r, "none", &x, &err2), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err2.msg, "t.jsonl:2: \"none\" must be a number"));
    accord_jsonl_close(r);
    free(path);
}
END_TEST

/* "{oops}" looks like an object from outside, and nobody asked for it. */
START_TEST(test_only_lines_with_the_wanted_bytes_are_read) {
    char *path = scratch_text("some.jsonl", "{\"m\":\"a\"}\n\n  {oops}\r\n"
                                            "{\"m\":\"b\",\"n\":2}\n{\"m\":\"a\"}\n");
    accord_jsonl *r = open_ok(path);
    int more;

    ck_assert_int_eq(accord_jsonl_next_with(r, "\"b\"", &more, NULL), ACCORD_OK);
    ck_assert_int_eq(more, 1);
    ck_assert_str_eq(accord_jsonl_text(r, "n"), "2");
    ck_assert_uint_eq(accord_jsonl_line(r), 4);
    ck_assert_int_eq(accord_jsonl_next_with(r, "\"b\"", &more, NULL), ACCORD_OK);
    ck_assert_int_eq(more, 0);
    accord_jsonl_close(r);
    free(path);
}
END_TEST

START_TEST(test_a_torn_line_is_refused_even_when_it_is_passed_over) {
    char *path = scratch_text("torn.jsonl", "{\"m\":\"a\"}\n{\"m\":\"a\n{\"m\":\"b\"}\n");
    accord_jsonl *r = open_ok(path);
    accord_err err = {0};
    int more;

    ck_assert_int_eq(accord_jsonl_next_with(r, "\"b\"", &more, &err), ACCORD_E_CONFIG);
    ck_assert_int_eq(more, 0);
    ck_assert_ptr_nonnull(strstr(err.msg, ":2: expected an object in braces"));
    accord_jsonl_close(r);
    free(path);
}
END_TEST

Suite *suite_jsonl(void) {
    Suite *s = suite_create("jsonl");
    TCase *tc = tcase_create("lines");

    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_loop_test(tc, test_plain_files_in_every_shape, 0,
                        sizeof(plain) / sizeof(plain[0]));
    tcase_add_test(tc, test_compressed_files_are_told_by_their_content);
    tcase_add_test(tc, test_a_torn_archive_is_an_error_after_its_whole_lines);
    tcase_add_test(tc, test_a_damaged_archive_is_an_error);
    tcase_add_test(tc, test_line_7001_is_named);
    tcase_add_loop_test(tc, test_malformed_lines_are_named, 0,
                        sizeof(malformed) / sizeof(malformed[0]));
    tcase_add_test(tc, test_long_lines_are_read_and_endless_ones_refused);
    tcase_add_test(tc, test_only_lines_with_the_wanted_bytes_are_read);
    tcase_add_test(tc, test_a_torn_line_is_refused_even_when_it_is_passed_over);
    tcase_add_test(tc, test_missing_files_are_named);
    tcase_add_loop_test(tc, test_fields_as_text, 0, sizeof(fields) / sizeof(fields[0]));
    tcase_add_test(tc, test_fields_of_the_wrong_type_are_named);
    suite_add_tcase(s, tc);
    return s;
}
