/* check_loader.c - which plugins are let in, which are refused, and why. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "host/loader.h"
#include "scratch.h"
#include "suites.h"

static const struct {
    const char *name, *why;
} refused[] = {
    {"nosym", "does not export accord_plugin_entry"},
    {"nodata", "accord_plugin_entry is no descriptor"},
    {"major", "built for ABI 99, this host has ABI 1"},
    {"short", "its descriptor has 80 bytes, this host needs 88"},
    {"reserved", "a reserved field is not 0"},
    {"id", "its id \"Fix-Id\" is not [a-z0-9_]+"},
    {"stem", "calls itself \"other\""},
    {"flags", "flags 0x8000 are unknown to this host"},
    {"role", "role 4 is unknown to this host"},
    {"text", "says nothing as its summary"},
    {"params", "option samples: its default is out of bounds"},
    {"needs", "needs accord.oracle/1, which this host lacks"},
    {"noops", "has no operations"},
    {"ops", "operations: destroy() is missing"},
    {"notable", "does not offer accord.task/1"},
    {"pointer", "accord.method/1: act() is missing"},
    {"table", "accord.task/1: 40 bytes are too short for close()"},
    {"kinds", "does not say which observations and actions it plays"},
    {"roles", "role solver: help, and min <= max with max > 0 are required"},
    {"learner", "accord.learner/1: save() is missing"},
    {"model", "accord.model/1: needs complete(), or encode() and decode()"},
};

START_TEST(test_what_does_not_fit_is_refused_with_a_sentence) {
    accord_err err = {0};
    const accord_plugin *p;
    char path[64], sentence[256];

    snprintf(path, sizeof(path), "tests/fix_%s.so", refused[_i].name);
    snprintf(sentence, sizeof(sentence), "cannot use %s: %s", path, refused[_i].why);
    ck_assert_int_eq(accord_loader_open(path, &p, &err), ACCORD_E_ABI);
    ck_assert_ptr_null(p);
    ck_assert_str_eq(err.msg, sentence);
}
END_TEST

START_TEST(test_what_fits_is_let_in) {
    accord_err err = {0};
    const accord_plugin *p;

    ck_assert_msg(!accord_loader_open("tests/fix_good.so", &p, &err), "%s", err.msg);
    ck_assert_str_eq(p->id, "fix_good");
    ck_assert_str_eq(accord_role_name(p->role), "method");
}
END_TEST

/* False where there is nothing to protect, as under valgrind. */
static bool can_flush_to_zero(void) {
    bool can = true;

#if defined(__SSE__)
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8000u);
    can = _mm_getcsr() & 0x8000u;
    _mm_setcsr(mode);
#endif
    return can;
}

START_TEST(test_a_changed_floating_point_mode_is_refused_and_undone) {
    accord_err err = {0};
    const accord_plugin *p;
    volatile float tiny = 0x1p-126f;

    if (!can_flush_to_zero()) {
        fputs("skipped: floating-point mode: this machine has none to change\n", stderr);
        return;
    }
    ck_assert_int_eq(accord_loader_open("tests/fix_fpmode.so", &p, &err), ACCORD_E_ABI);
    ck_assert_str_eq(err.msg, "cannot use tests/fix_fpmode.so: changes the "
                              "floating-point mode (-ffast-math?)");
    ck_assert(tiny / 2.0f > 0.0f); /* denormals are back */
}
END_TEST

START_TEST(test_a_missing_file_is_named) {
    accord_err err = {0};
    const accord_plugin *p;

    ck_assert_int_eq(accord_loader_open("tests/none.so", &p, &err), ACCORD_E_IO);
    ck_assert_str_eq(err.msg, "cannot use tests/none.so: No such file or directory");
}
END_TEST

static void open_bytes(const void *bytes, size_t n, accord_err *err) {
    const accord_plugin *p;
    char *path = scratch_write("file.so", bytes, n);

    ck_assert_int_eq(accord_loader_open(path, &p, err), ACCORD_E_ABI);
    ck_assert_ptr_null(p);
    free(path);
}

START_TEST(test_a_file_that_is_no_library_is_refused) {
    accord_err err = {0};

    open_bytes("#!/bin/sh\n", 10, &err);
    ck_assert_ptr_nonnull(strstr(err.msg, ": is no ELF file"));
    err = (accord_err){0};
    open_bytes("", 0, &err);
    ck_assert_ptr_nonnull(strstr(err.msg, ": is no ELF file"));
}
END_TEST

START_TEST(test_a_library_cut_short_is_refused) {
    accord_err err = {0};

    open_bytes("\177ELF\2\1\1", 7, &err);
    ck_assert_ptr_nonnull(strstr(err.msg, "file too short"));
}
END_TEST

Suite *suite_loader(void) {
    Suite *s = suite_create("loader");
    TCase *tc = tcase_create("load");

    tcase_add_loop_test(tc, test_what_does_not_fit_is_refused_with_a_sentence, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_test(tc, test_what_fits_is_let_in);
    tcase_add_test(tc, test_a_changed_floating_point_mode_is_refused_and_undone);
    tcase_add_test(tc, test_a_missing_file_is_named);
    suite_add_tcase(s, tc);
    tc = tcase_create("file");
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_a_file_that_is_no_library_is_refused);
    tcase_add_test(tc, test_a_library_cut_short_is_refused);
    suite_add_tcase(s, tc);
    return s;
}
