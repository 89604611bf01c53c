/* check_visual_films.c - folders of clips, generated films, and the frames that are kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chaos.h"
#include "clips.h"
#include "films.h"
#include "host/host.h"
#include "moving.h"
#include "scratch.h"
#include "visual_pictures.h"
#include "visual_suites.h"

static const accord_host *const host = &accord_host_default;

static void make_folder(const char *name) {
    char *path = scratch_path(name);

    ck_assert_int_eq(mkdir(path, 0700), 0);
    free(path);
}

/* A clip of `n` frames whose shade is 10 times their number plus `shade`. */
static void make_clip(const char *name, int n, int shade) {
    char path[64];

    make_folder(name);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "%s/%d.png", name, i);
        pictures_write(path, PICTURES_PNG, 8, 8, shade + 10 * i);
    }
}

static accord_code open_scratch(size_t most, clips **c, accord_err *err) {
    char *path = scratch_path("");
    accord_code rc = clips_open(host, path, most, c, err);

    free(path);
    return rc;
}

static int shade_of(const clips *c, size_t clip, size_t frame) {
    picture p;

    ck_assert_int_eq(clips_read(c, clip, frame, &p, NULL), ACCORD_OK);
    int shade = p.rgb[0];
    picture_fini(&p);
    return shade;
}

START_TEST(test_clips_and_frames_go_by_number) {
    clips *c;

    if (!pictures_can(PICTURES_PNG))
        return;
    make_clip("video10", 1, 200);
    make_clip("video2", 12, 100);
    make_clip("video0", 1, 1);
    free(scratch_text("video2/notes.txt", "no picture"));
    free(scratch_text("list.txt", "no clip"));
    make_folder(".hidden");
    ck_assert_int_eq(open_scratch(0, &c, NULL), ACCORD_OK);
    ck_assert_uint_eq(clips_count(c), 3);
    ck_assert_uint_eq(clips_length(c, 1), 12);
    ck_assert_int_eq(shade_of(c, 0, 0), 1);
    ck_assert_int_eq(shade_of(c, 2, 0), 200);
    for (size_t i = 0; i < 12; i++)
        ck_assert_int_eq(shade_of(c, 1, i), 100 + 10 * (int)i);
    clips_close(c);
    ck_assert_int_eq(open_scratch(2, &c, NULL), ACCORD_OK);
    ck_assert_uint_eq(clips_count(c), 2);
    clips_close(c);
}
END_TEST

START_TEST(test_a_fingerprint_tells_sets_of_clips_apart) {
    char before[65];
    clips *c;

    if (!pictures_can(PICTURES_PNG))
        return;
    make_clip("a", 2, 0);
    ck_assert_int_eq(open_scratch(0, &c, NULL), ACCORD_OK);
    snprintf(before, sizeof(before), "%s", clips_fingerprint(c));
    ck_assert_uint_eq(strlen(before), 64);
    clips_close(c);
    ck_assert_int_eq(open_scratch(0, &c, NULL), ACCORD_OK);
    ck_assert_str_eq(clips_fingerprint(c), before);
    clips_close(c);
    pictures_write("a/2.png", PICTURES_PNG, 8, 8, 0);
    ck_assert_int_eq(open_scratch(0, &c, NULL), ACCORD_OK);
    ck_assert_str_ne(clips_fingerprint(c), before);
    clips_close(c);
}
END_TEST

START_TEST(test_folders_that_are_no_clips_are_sentences) {
    accord_err err = {0};
    clips *c;

    ck_assert_int_eq(open_scratch(0, &c, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_null(c);
    ck_assert_ptr_nonnull(strstr(err.msg, "every clip is a folder of pictures"));
    make_folder("empty");
    err = (accord_err){0};
    ck_assert_int_eq(open_scratch(0, &c, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(
        strstr(err.msg, "/empty: no PNG or JPEG file in it, so it is no clip"));
    err = (accord_err){0};
    ck_assert_int_eq(clips_open(host, "./not/there", 0, &c, &err), ACCORD_E_IO);
    ck_assert_str_eq(err.msg, "cannot list ./not/there: No such file or directory");
    make_folder("empty/1.png");
    err = (accord_err){0};
    ck_assert_int_eq(open_scratch(0, &c, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "/empty/1.png is not a file"));
}
END_TEST

static films *open_films(const char *folder, int width, int height) {
    const films_options options = {.folder = folder,
                                   .name = "test",
                                   .n_generated = 4,
                                   .width = width,
                                   .height = height};
    films *f;
    accord_err err = {0};

    ck_assert_msg(films_open(host, &options, &f, &err) == ACCORD_OK, "%s", err.msg);
    return f;
}

START_TEST(test_a_frame_is_resized_and_kept) {
    unsigned char rgb[4 * 2 * 3], expected[8 * 8 * 3];
    picture p = {8, 8, expected};

    if (!pictures_can(PICTURES_PNG))
        return;
    make_clip("a", 3, 50);
    char *path = scratch_path("");
    films *f = open_films(path, 4, 2);
    ck_assert_uint_eq(films_count(f), 1);
    ck_assert_uint_eq(films_length(f, 0), 3);
    pictures_paint(8, 8, 60, expected);
    ck_assert_int_eq(films_frame(f, 0, 1, rgb, NULL), ACCORD_OK);
    unsigned char small[4 * 2 * 3];
    picture_resize(&p, 4, 2, small);
    ck_assert_mem_eq(rgb, small, sizeof(rgb));
    ck_assert_uint_eq(films_kept(f), sizeof(rgb));
    /* It is not read again. */
    char *file = scratch_text("a/1.png", "gone");
    ck_assert_int_eq(films_frame(f, 0, 1, rgb, NULL), ACCORD_OK);
    ck_assert_mem_eq(rgb, small, sizeof(rgb));
    free(file);
    films_close(f);
    free(path);
}
END_TEST

START_TEST(test_a_damaged_frame_is_a_sentence_and_the_next_is_not) {
    unsigned char rgb[4 * 4 * 3];
    accord_err err = {0};

    if (!pictures_can(PICTURES_PNG))
        return;
    make_clip("a", 2, 50);
    free(scratch_text("a/0.png", "\x89PNG\r\n\x1a\nnonsense"));
    char *path = scratch_path("");
    films *f = open_films(path, 4, 4);
    ck_assert_int_eq(films_frame(f, 0, 0, rgb, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "/a/0.png: not a whole PNG: "));
    ck_assert_int_eq(films_frame(f, 0, 1, rgb, NULL), ACCORD_OK);
    ck_assert_int_eq(rgb[0], 60);
    films_close(f);
    free(path);
}
END_TEST

/* Room for three frames and a half. */
START_TEST(test_kept_frames_have_a_bound) {
    const films_options options = {
        .name = "test", .n_generated = 4, .width = 20, .height = 10, .max_bytes = 2100};
    unsigned char rgb[600], again[600];
    films *f;

    ck_assert_int_eq(films_open(host, &options, &f, NULL), ACCORD_OK);
    for (size_t t = 0; t < 14; t++) {
        ck_assert_int_eq(films_frame(f, t % 4, t, t == 0 ? again : rgb, NULL), ACCORD_OK);
        ck_assert_uint_eq(films_kept(f), (t < 3 ? t + 1 : 3) * 600);
    }
    /* The first one lost its place and is made again, the same. */
    ck_assert_int_eq(films_frame(f, 0, 0, rgb, NULL), ACCORD_OK);
    ck_assert_mem_eq(rgb, again, sizeof(rgb));
    films_close(f);
}
END_TEST

static uint64_t hash_of(const unsigned char *bytes, size_t n) {
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 0x100000001b3u;
    return h;
}

/* Taken down once; every compiler and machine must come to it. */
START_TEST(test_generated_films_are_the_same_everywhere) {
    unsigned char rgb[84 * 84 * 3];
    uint64_t h = 0;
    films *f = open_films(NULL, 84, 84);

    for (size_t film = 0; film < 4; film++)
        for (size_t t = 0; t < 500; t += 83) {
            ck_assert_int_eq(films_frame(f, film, t, rgb, NULL), ACCORD_OK);
            h = h * 31 + hash_of(rgb, sizeof(rgb));
        }
    films_close(f);
    ck_assert_msg(h == 0xf6c4892646d5aba1u, "hash %#llx", (unsigned long long)h);
}
END_TEST

static double difference(films *f, size_t film, size_t t, size_t film2, size_t t2) {
    unsigned char a[84 * 84 * 3], b[84 * 84 * 3];
    double sum = 0;

    ck_assert_int_eq(films_frame(f, film, t, a, NULL), ACCORD_OK);
    ck_assert_int_eq(films_frame(f, film2, t2, b, NULL), ACCORD_OK);
    for (size_t i = 0; i < sizeof(a); i++)
        sum += abs(a[i] - b[i]);
    return sum / (double)sizeof(a);
}

/* One frame is like the next, less like a later one, and unlike another film's. */
START_TEST(test_generated_films_move_and_differ) {
    films *f = open_films(NULL, 84, 84);

    ck_assert_uint_eq(films_length(f, 0), MOVING_LENGTH);
    ck_assert_ptr_null(films_fingerprint(f));
    for (size_t film = 0; film < 4; film++) {
        const double next = difference(f, film, 10, film, 11);
        const double later = difference(f, film, 10, film, 200);

        ck_assert_msg(next > 0.05 && next < 12, "film %zu: %g", film, next);
        ck_assert_msg(later > 2 * next, "film %zu: %g and %g", film, next, later);
        ck_assert(difference(f, film, 10, (film + 1) % 4, 10) > 15);
    }
    films_close(f);
}
END_TEST

static accord_code once(const char *folder, films **f) {
    const films_options options = {
        .folder = folder, .name = "test", .n_generated = 2, .width = 4, .height = 4};
    unsigned char rgb[4 * 4 * 3];
    accord_code rc = films_open(host, &options, f, NULL);

    if (!rc)
        rc = films_frame(*f, 0, 0, rgb, NULL);
    if (!rc)
        rc = films_frame(*f, 1, 1, rgb, NULL);
    return rc;
}

START_TEST(test_memory_that_runs_out_is_an_error) {
    int failed = 1;

    if (!pictures_can(PICTURES_PNG))
        return;
    make_clip("a", 2, 50);
    make_clip("b", 2, 50);
    char *path = scratch_path("");
    for (uint64_t n = 0; failed; n++) {
        films *f = NULL;

        chaos_fail_after(n);
        accord_code rc = once(_i ? path : NULL, &f);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        films_close(f);
    }
    free(path);
}
END_TEST

Suite *suite_visual_films(void) {
    Suite *s = suite_create("visual_films");
    TCase *tc = tcase_create("films");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_clips_and_frames_go_by_number);
    tcase_add_test(tc, test_a_fingerprint_tells_sets_of_clips_apart);
    tcase_add_test(tc, test_folders_that_are_no_clips_are_sentences);
    tcase_add_test(tc, test_a_frame_is_resized_and_kept);
    tcase_add_test(tc, test_a_damaged_frame_is_a_sentence_and_the_next_is_not);
    tcase_add_test(tc, test_kept_frames_have_a_bound);
    tcase_add_test(tc, test_generated_films_are_the_same_everywhere);
    tcase_add_test(tc, test_generated_films_move_and_differ);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_an_error, 0, 2);
    suite_add_tcase(s, tc);
    return s;
}
