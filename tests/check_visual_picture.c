/* check_visual_picture.c - whatever a file holds, the answer is a picture or a sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chaos.h"
#include "host/host.h"
#include "picture.h"
#include "scratch.h"
#include "visual_pictures.h"
#include "visual_suites.h"

#include <accord/rng.h>

static const accord_host *const host = &accord_host_default;

static accord_code decode(const unsigned char *bytes, size_t n, picture *out,
                          accord_err *err) {
    return picture_decode(host, "it", bytes, n, out, err);
}

START_TEST(test_a_picture_comes_back) {
    size_t n;
    picture p;
    accord_err err = {0};
    unsigned char rgb[40 * 30 * 3];

    if (!pictures_can(_i))
        return;
    unsigned char *bytes = pictures_make(_i, 40, 30, 90, &n);
    ck_assert_msg(decode(bytes, n, &p, &err) == ACCORD_OK, "%s", err.msg);
    ck_assert_int_eq(p.width, 40);
    ck_assert_int_eq(p.height, 30);
    pictures_paint(40, 30, 90, rgb);
    for (size_t i = 0; i < sizeof(rgb); i++) /* JPEG is lossy, PNG is not */
        ck_assert_int_le(abs(p.rgb[i] - rgb[i]), _i == PICTURES_PNG ? 0 : 12);
    picture_fini(&p);
    free(bytes);
}
END_TEST

START_TEST(test_a_file_cut_short_is_a_sentence) {
    size_t n;
    picture p;

    if (!pictures_can(_i))
        return;
    unsigned char *bytes = pictures_make(_i, 24, 20, 90, &n);
    for (size_t cut = 0; cut + 1 < n; cut++) {
        accord_err err = {0};
        /* Of its own, so that reading past the end is seen by the sanitizer. */
        unsigned char *part = accord_xalloc(cut + 1);

        memcpy(part, bytes, cut);
        unsigned char *exact = accord_xrealloc(part, cut ? cut : 1);
        accord_code rc = decode(exact, cut, &p, &err);
        /* What follows the pixels (PNG's last chunk) may be missing. */
        ck_assert_msg(rc == ACCORD_E_CONFIG || (rc == ACCORD_OK && cut + 20 > n),
                      "%zu of %zu bytes: code %d", cut, n, (int)rc);
        ck_assert(rc == ACCORD_OK || strstr(err.msg, "it: "));
        ck_assert(rc == ACCORD_OK || p.rgb == NULL);
        picture_fini(&p);
        free(exact);
    }
    free(bytes);
}
END_TEST

/* Every bit of the head and 4000 random ones. */
START_TEST(test_flipped_bits_never_crash) {
    size_t n;
    uint64_t state = 1;
    int refused = 0;

    if (!pictures_can(_i))
        return;
    unsigned char *bytes = pictures_make(_i, 24, 20, 90, &n);
    for (size_t k = 0; k < 6000; k++) {
        size_t bit = k < 2000 ? k : (size_t)accord_rng_below(&state, 8 * n);
        picture p;

        if (bit >= 8 * n)
            continue;
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        refused += decode(bytes, n, &p, NULL) != ACCORD_OK;
        picture_fini(&p);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    ck_assert_int_gt(refused, 100);
    free(bytes);
}
END_TEST

START_TEST(test_random_bytes_never_crash) {
    uint64_t state = 2;
    size_t n;

    if (!pictures_can(_i))
        return;
    for (int k = 0; k < 2000; k++) {
        unsigned char *bytes = pictures_make(_i, 9, 9, 90, &n);
        picture p;

        for (int j = 0; j < 5; j++)
            bytes[accord_rng_below(&state, n)] = (unsigned char)accord_rng_next(&state);
        decode(bytes, n, &p, NULL);
        picture_fini(&p);
        free(bytes);
    }
}
END_TEST

/* The size of a PNG stands in bytes 16 to 23, behind a checksum over it; the picture is
 * small and only says that it is huge. */
START_TEST(test_huge_sizes_are_refused) {
    size_t n;
    picture p;
    accord_err err = {0};

    if (!pictures_can(_i))
        return;
    unsigned char *bytes = pictures_make(_i, PICTURE_MAX_SIDE + 1, 1, 0, &n);
    ck_assert_int_eq(decode(bytes, n, &p, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "a picture of 4097 x 1 pixels"));
    free(bytes);
    bytes = pictures_make(_i, PICTURE_MAX_SIDE, 1, 0, &n);
    ck_assert_int_eq(decode(bytes, n, &p, NULL), ACCORD_OK);
    picture_fini(&p);
    free(bytes);
}
END_TEST

START_TEST(test_a_file_made_to_waste_time_is_refused) {
    size_t n;
    picture p;
    accord_err err = {0};

    if (!pictures_can(PICTURES_MANY_SCANS))
        return;
    unsigned char *bytes = pictures_make(PICTURES_MANY_SCANS, 16, 16, 0, &n);
    ck_assert_int_eq(decode(bytes, n, &p, &err), ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg, "it: not a whole JPEG: more than 100 scans");
    free(bytes);
}
END_TEST

START_TEST(test_other_files_are_named) {
    accord_err err = {0};
    picture p;
    char *path = scratch_text("frame.png", "GIF89a");

    ck_assert_int_eq(picture_read(host, path, &p, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "frame.png: neither PNG nor JPEG"));
    free(path);
    path = scratch_path("none.png");
    err = (accord_err){0};
    ck_assert_int_eq(picture_read(host, path, &p, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "none.png: No such file"));
    free(path);
    path = scratch_path("");
    err = (accord_err){0};
    ck_assert_int_eq(picture_read(host, path, &p, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "Is a directory"));
    free(path);
}
END_TEST

START_TEST(test_a_library_that_is_missing_is_named) {
    static const unsigned char png[] = "\x89PNG\r\n\x1a\n", jpeg[] = "\xff\xd8\xff\xe0";
    accord_err err = {0};
    picture p;

    if (!pictures_can(PICTURES_PNG)) {
        ck_assert_int_eq(decode(png, 8, &p, &err), ACCORD_E_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(err.msg, "built without libpng"));
    }
    err = (accord_err){0};
    if (!pictures_can(PICTURES_JPEG)) {
        ck_assert_int_eq(decode(jpeg, 4, &p, &err), ACCORD_E_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(err.msg, "built without libjpeg"));
    }
}
END_TEST

START_TEST(test_names_of_pictures_are_known) {
    ck_assert(picture_is_name("a.png") && picture_is_name("b.JPG"));
    ck_assert(picture_is_name("c.d.jpeg"));
    ck_assert(!picture_is_name("png") && !picture_is_name("a.png.txt"));
    ck_assert(!picture_is_name("film.mp4"));
}
END_TEST

/* The first channel as torch 1.13 gives it: interpolate(mode="bilinear",
 * align_corners=False) of a picture whose bytes are 37 i mod 256. */
START_TEST(test_resizing_is_the_published_one) {
    static const unsigned char smaller[12] = {44,  206, 177, 115, 59,  221,
                                              192, 130, 74,  87,  207, 145};
    static const unsigned char wider[11] = {3,   53,  124, 194, 172, 80,
                                            150, 151, 59,  106, 157};
    unsigned char bytes[5 * 7 * 3], out[9 * 11 * 3];
    const picture p = {7, 5, bytes};

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(37 * i);
    picture_resize(&p, 4, 3, out);
    for (int i = 0; i < 12; i++)
        ck_assert_int_eq(out[3 * i], smaller[i]);
    picture_resize(&p, 11, 9, out);
    for (int i = 0; i < 11; i++)
        ck_assert_int_eq(out[3 * (11 + i)], wider[i]);
    picture_resize(&p, 7, 5, out);
    ck_assert_mem_eq(out, bytes, sizeof(bytes));
}
END_TEST

START_TEST(test_memory_that_runs_out_is_a_sentence) {
    size_t n;

    if (!pictures_can(_i))
        return;
    unsigned char *bytes = pictures_make(_i, 24, 20, 90, &n);
    char *path = scratch_write("frame", bytes, n);
    int failed = 1;
    for (uint64_t k = 0; failed; k++) {
        picture p;
        accord_err err = {0};

        chaos_fail_after(k);
        accord_code rc = picture_read(host, path, &p, &err);
        failed = chaos_stop();
        ck_assert_int_eq(rc == ACCORD_OK, !failed);
        ck_assert(!failed || rc == ACCORD_E_NOMEM || rc == ACCORD_E_IO);
        ck_assert(failed ? p.rgb == NULL && err.msg[0] : p.rgb != NULL);
        picture_fini(&p);
    }
    free(path);
    free(bytes);
}
END_TEST

Suite *suite_visual_picture(void) {
    Suite *s = suite_create("visual_picture");
    TCase *tc = tcase_create("picture");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_a_picture_comes_back, 0, PICTURES_MANY_SCANS);
    tcase_add_loop_test(tc, test_a_file_cut_short_is_a_sentence, 0, PICTURES_MANY_SCANS);
    tcase_add_loop_test(tc, test_flipped_bits_never_crash, 0, PICTURES_MANY_SCANS);
    tcase_add_loop_test(tc, test_random_bytes_never_crash, 0, PICTURES_MANY_SCANS);
    tcase_add_loop_test(tc, test_huge_sizes_are_refused, 0, PICTURES_MANY_SCANS);
    tcase_add_test(tc, test_a_file_made_to_waste_time_is_refused);
    tcase_add_test(tc, test_other_files_are_named);
    tcase_add_test(tc, test_a_library_that_is_missing_is_named);
    tcase_add_test(tc, test_names_of_pictures_are_known);
    tcase_add_test(tc, test_resizing_is_the_published_one);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_a_sentence, 0,
                        PICTURES_MANY_SCANS);
    suite_add_tcase(s, tc);
    return s;
}
