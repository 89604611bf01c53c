/* check_control_pictures.c - what overlay takes its pictures from: folders, and textures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/rng.h>

#include "chaos.h"
#include "control_suites.h"
#include "host/host.h"
#include "pictures.h"
#include "scratch.h"
#include "visual_pictures.h"

static const accord_host *const host = &accord_host_default;

enum { PIXELS = 16, SIDE = 2 * PIXELS };

static void make_folder(const char *name) {
    char *path = scratch_path(name);

    ck_assert_int_eq(mkdir(path, 0700), 0);
    free(path);
}

static accord_code create(const char *name, control_pictures **p, accord_err *err) {
    char *path = scratch_path(name);
    accord_code rc = control_pictures_create(host, path, PIXELS, p, err);

    free(path);
    return rc;
}

static const uint8_t *pixel(const control_pictures *p, size_t i, size_t y, size_t x) {
    return p->rgbx + 4 * ((i * p->side + y) * p->side + x);
}

START_TEST(test_pictures_of_a_folder_and_those_in_it) {
    control_pictures *p;
    accord_err err = {0};

    if (!pictures_can(PICTURES_PNG) || !pictures_can(PICTURES_JPEG))
        return;
    make_folder("a");
    make_folder("a/b");
    make_folder(".hidden");
    pictures_write("2.png", PICTURES_PNG, SIDE, SIDE, 20);
    pictures_write("10.PNG", PICTURES_PNG, SIDE, SIDE, 30);
    pictures_write("a/b/x.jpeg", PICTURES_JPEG, SIDE, SIDE, 40);
    pictures_write(".hidden/y.png", PICTURES_PNG, SIDE, SIDE, 50);
    free(scratch_text("notes.txt", "no picture"));
    ck_assert_msg(create("", &p, &err) == ACCORD_OK, "%s", err.msg);
    ck_assert_uint_eq(p->n, 3);
    ck_assert_uint_eq(p->side, SIDE);
    ck_assert_int_eq(pixel(p, 0, 3, 5)[0], 20);
    ck_assert_int_eq(pixel(p, 1, 3, 5)[0], 30);
    ck_assert_int_le(abs(pixel(p, 2, 3, 5)[0] - 40), 3);
    ck_assert_int_eq(pixel(p, 0, 3, 5)[1], 255 * 5 / SIDE);
    ck_assert_int_eq(pixel(p, 0, 3, 5)[2], 255 * 3 / SIDE);
    ck_assert_msg(strstr(control_pictures_text(p), "3 of 3 pictures of the user's"), "%s",
                  control_pictures_text(p));
    control_pictures_destroy(p);
}
END_TEST

/* The middle of a picture, each pixel the mean of four. */
START_TEST(test_pictures_are_cut_and_scaled) {
    control_pictures *p;

    if (!pictures_can(PICTURES_PNG))
        return;
    pictures_write("wide.png", PICTURES_PNG, 2 * SIDE + 20, 2 * SIDE, 0);
    ck_assert_int_eq(create("", &p, NULL), ACCORD_OK);
    for (int x = 0; x < SIDE; x++) {
        const int left = 255 * (10 + 2 * x) / (2 * SIDE + 20),
                  right = 255 * (11 + 2 * x) / (2 * SIDE + 20);

        ck_assert_int_eq(pixel(p, 0, 7, (size_t)x)[1], (left + right + 1) / 2);
    }
    control_pictures_destroy(p);
    free(scratch_text("small.png", ""));
    pictures_write("small.png", PICTURES_PNG, 2, 2, 0);
    ck_assert_int_eq(create("", &p, NULL), ACCORD_OK);
    ck_assert_int_eq(pixel(p, 0, 0, SIDE / 2 - 1)[1], 0);
    ck_assert_int_eq(pixel(p, 0, 0, SIDE / 2)[1], 127);
    control_pictures_destroy(p);
}
END_TEST

/* The record names what the pictures are, not where they lie. */
START_TEST(test_the_text_tells_sets_apart) {
    control_pictures *here, *there, *other;

    if (!pictures_can(PICTURES_PNG))
        return;
    make_folder("here");
    make_folder("there");
    make_folder("other");
    pictures_write("here/1.png", PICTURES_PNG, 8, 8, 0);
    pictures_write("there/1.png", PICTURES_PNG, 8, 8, 0);
    pictures_write("other/2.png", PICTURES_PNG, 8, 8, 0);
    ck_assert_int_eq(create("here", &here, NULL), ACCORD_OK);
    ck_assert_int_eq(create("there/", &there, NULL), ACCORD_OK);
    ck_assert_int_eq(create("other", &other, NULL), ACCORD_OK);
    ck_assert_str_eq(here->text, there->text);
    ck_assert_str_ne(here->text, other->text);
    control_pictures_destroy(here);
    control_pictures_destroy(there);
    control_pictures_destroy(other);
}
END_TEST

START_TEST(test_no_pictures_is_a_sentence) {
    control_pictures *p;
    accord_err err = {0};

    make_folder("empty");
    free(scratch_text("empty/notes.txt", "no picture"));
    ck_assert_int_eq(create("empty", &p, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_null(p);
    ck_assert_msg(
        strstr(err.msg, "no PNG or JPEG file in it, so overlay has no pictures"), "%s",
        err.msg);
    err = (accord_err){0};
    ck_assert_int_eq(create("nowhere", &p, &err), ACCORD_E_NOTFOUND);
    ck_assert_msg(strstr(err.msg, "nowhere"), "%s", err.msg);
    err = (accord_err){0};
    free(scratch_text("empty/broken.png", "\x89PNG\r\n\x1a\nand no more"));
    ck_assert_int_eq(create("empty", &p, &err),
                     pictures_can(PICTURES_PNG) ? ACCORD_E_CONFIG : ACCORD_E_UNSUPPORTED);
    ck_assert_msg(strstr(err.msg, "broken.png"), "%s", err.msg);
    err = (accord_err){0};
    ck_assert_int_eq(control_pictures_create(host, NULL, 15, &p, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, "frames of 16 to 256 pixels a side, not 15"), "%s",
                  err.msg);
    ck_assert_int_eq(control_pictures_create(host, NULL, 257, &p, NULL), ACCORD_E_CONFIG);
}
END_TEST

/* Links in a circle, and a folder with more pictures than are kept. */
START_TEST(test_large_folders_and_circles_end) {
    control_pictures *p;
    char name[32];

    if (!pictures_can(PICTURES_PNG))
        return;
    for (int i = 0; i < CONTROL_MAX_PICTURES + 512; i++) {
        snprintf(name, sizeof(name), "%d.png", i);
        pictures_write(name, PICTURES_PNG, 1, 1, i * 255 / (CONTROL_MAX_PICTURES + 511));
    }
    ck_assert_int_eq(create("", &p, NULL), ACCORD_OK);
    ck_assert_uint_eq(p->n, CONTROL_MAX_PICTURES);
    ck_assert_msg(strstr(p->text, "1024 of 1536 pictures"), "%s", p->text);
    ck_assert_int_eq(pixel(p, 0, 0, 0)[0], 0);
    ck_assert_int_ge(pixel(p, p->n - 1, 0, 0)[0], 254); /* the last one is near the end */
    control_pictures_destroy(p);

    make_folder("circle");
    pictures_write("circle/one.png", PICTURES_PNG, 1, 1, 0);
    char *link = scratch_path("circle/again"), *folder = scratch_path("circle");
    ck_assert_int_eq(symlink(folder, link), 0);
    ck_assert_int_eq(create("circle", &p, NULL), ACCORD_OK);
    ck_assert_uint_eq(p->n, 5); /* once for each depth */
    control_pictures_destroy(p);
    free(link);
    free(folder);
}
END_TEST

START_TEST(test_textures_differ_and_repeat) {
    control_pictures *p, *again;
    const size_t bytes = (size_t)4 * SIDE * SIDE;
    double mean = 0;

    ck_assert_int_eq(control_pictures_create(host, "", PIXELS, &p, NULL), ACCORD_OK);
    ck_assert_int_eq(control_pictures_create(host, NULL, PIXELS, &again, NULL),
                     ACCORD_OK);
    ck_assert_uint_ge(p->n, 64);
    ck_assert_msg(strstr(p->text, "64 generated textures; not comparable"), "%s",
                  p->text);
    ck_assert(memcmp(p->rgbx, again->rgbx, p->n * bytes) == 0);
    for (uint32_t i = 0; i < p->n; i++) {
        double sum = 0, squares = 0;

        for (uint32_t k = 0; k < i; k++)
            ck_assert(memcmp(p->rgbx + i * bytes, p->rgbx + k * bytes, bytes) != 0);
        for (size_t k = 0; k < bytes; k++) {
            const double x = k % 4 < 3 ? p->rgbx[i * bytes + k] : 0;
            sum += x;
            squares += x * x;
        }
        sum /= SIDE * SIDE * 3;
        ck_assert_msg(squares / (SIDE * SIDE * 3) - sum * sum > 20, "texture %u is flat",
                      i);
        mean += sum / p->n;
    }
    ck_assert_double_eq_tol(mean, 128, 30);
    control_pictures_destroy(p);
    control_pictures_destroy(again);
}
END_TEST

/* Areas are 0.08 to 1 of the picture, evenly; shapes 3/4 to 4/3; nothing lies outside. */
START_TEST(test_parts_are_drawn_as_published) {
    enum { N = 4000, LARGE = 128 };
    control_pictures *p = control_pictures_room(3, LARGE);
    double area = 0, smallest = 1, flips = 0;
    uint64_t rng = 1;
    int seen[3] = {0};

    for (int i = 0; i < N; i++) {
        const control_crop c = control_pictures_choose(p, &rng);
        const size_t offset = (size_t)(c.from - p->rgbx) / 4;
        const size_t y = offset / p->side % p->side, x = offset % p->side;
        const double share = c.width * (double)c.height / p->side / p->side;
        const double ratio = c.width / (double)c.height;

        ck_assert(y + c.height <= p->side && x + c.width <= p->side);
        ck_assert(ratio > 0.73 && ratio < 1.37);
        area += share / N;
        smallest = share < smallest ? share : smallest;
        flips += c.flip / (double)N;
        seen[offset / p->side / p->side]++;
    }
    ck_assert_double_eq_tol(smallest, 0.08, 0.01);
    /* Below 0.54, since large parts of another shape than the picture do not fit. */
    ck_assert_double_eq_tol(area, 0.51, 0.04);
    ck_assert_double_eq_tol(flips, 0.5, 0.03);
    for (int i = 0; i < 3; i++)
        ck_assert_int_gt(seen[i], N / 4);
    control_pictures_destroy(p);
}
END_TEST

START_TEST(test_memory_may_run_out) {
    int failed = 1;

    if (_i && !pictures_can(PICTURES_PNG))
        return;
    make_folder("a");
    if (_i)
        pictures_write("a/1.png", PICTURES_PNG, 8, 8, 0);
    char *path = scratch_path("");
    for (uint64_t n = 0; failed; n++) {
        control_pictures *p = NULL;

        chaos_fail_after(n);
        accord_code rc =
            control_pictures_create(host, _i ? path : NULL, PIXELS, &p, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        ck_assert(failed == (p == NULL));
        control_pictures_destroy(p);
    }
    free(path);
}
END_TEST

Suite *suite_control_pictures(void) {
    Suite *s = suite_create("control_pictures");
    TCase *tc = tcase_create("pictures");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_pictures_of_a_folder_and_those_in_it);
    tcase_add_test(tc, test_pictures_are_cut_and_scaled);
    tcase_add_test(tc, test_the_text_tells_sets_apart);
    tcase_add_test(tc, test_no_pictures_is_a_sentence);
    tcase_add_test(tc, test_large_folders_and_circles_end);
    tcase_add_test(tc, test_textures_differ_and_repeat);
    tcase_add_test(tc, test_parts_are_drawn_as_published);
    tcase_add_loop_test(tc, test_memory_may_run_out, 0, 2);
    suite_add_tcase(s, tc);
    return s;
}
