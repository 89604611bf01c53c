/* check_pictures.c - pictures are read back with the libraries that wrote them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "pictures/picture.h"
#include "scratch.h"
#include "suites.h"

#ifdef HAVE_PNG
#include <png.h>
#endif
#ifdef HAVE_GIF
#include <gif_lib.h>
#endif

enum { HEIGHT = 31, WIDTH = 17, PLANE = HEIGHT * WIDTH };

static uint8_t pixels[3 * PLANE];

/* Colours that differ in every plane, row and column. */
static void fill(void) {
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                pixels[c * PLANE + y * WIDTH + x] = (uint8_t)(c == 0   ? 8 * y
                                                              : c == 1 ? 15 * x
                                                                       : 3 * y + 5 * x);
}

#if defined(HAVE_PNG) || defined(HAVE_GIF)

/* Writes a picture while no file may grow beyond so many bytes. */
static accord_code with_room(const char *path, rlim_t bytes,
                             accord_code (*write_one)(const char *, accord_err *),
                             accord_err *err) {
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    /* Check writes its messages to a file, too: nothing is asserted until there is room.
     */
    setrlimit(RLIMIT_FSIZE, &limit);
    accord_code rc = write_one(path, err);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    return rc;
}

/* Neither PATH nor PATH.tmp is there. */
static void nothing_is_left(const char *path) {
    char *tmp = accord_xasprintf("%s.tmp", path);

    ck_assert(!accord_file_exists(path));
    ck_assert(!accord_file_exists(tmp));
    free(tmp);
}

static void fails_without_room(accord_code (*write_one)(const char *, accord_err *)) {
    char *path = scratch_path("picture");

    for (rlim_t bytes = 0; bytes <= 64; bytes += 16) {
        accord_err err = {0};
        ck_assert_int_eq(with_room(path, bytes, write_one, &err), ACCORD_E_IO);
        ck_assert_msg(strstr(err.msg, path) && strstr(err.msg, "File too large"), "%s",
                      err.msg);
        nothing_is_left(path);
    }
    free(path);
}

static void fails_without_folder(accord_code (*write_one)(const char *, accord_err *)) {
    char *path = scratch_path("nowhere/picture");
    accord_err err = {0};

    ck_assert_int_eq(write_one(path, &err), ACCORD_E_IO);
    ck_assert_msg(strstr(err.msg, path) != NULL, "%s", err.msg);
    free(path);
}

#endif

/* ---- PNG --------------------------------------------------------------------------- */

static accord_code write_png(const char *path, accord_err *err) {
    const accord_picture p = {pixels, HEIGHT, WIDTH};

    return accord_png_write(path, &p, err);
}

#ifdef HAVE_PNG

START_TEST(test_a_png_has_the_very_bytes) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    char *path = scratch_path("frame.png");
    uint8_t rows[3 * PLANE];

    fill();
    ck_assert(accord_has_png());
    ck_assert_int_eq(write_png(path, NULL), ACCORD_OK);
    ck_assert_int_eq(png_image_begin_read_from_file(&image, path), 1);
    ck_assert_uint_eq(image.width, WIDTH);
    ck_assert_uint_eq(image.height, HEIGHT);
    image.format = PNG_FORMAT_RGB;
    ck_assert_int_eq(png_image_finish_read(&image, NULL, rows, 0, NULL), 1);
    for (int i = 0; i < PLANE; i++)
        for (int c = 0; c < 3; c++)
            ck_assert_uint_eq(rows[3 * i + c], pixels[c * PLANE + i]);
    free(path);
}
END_TEST

START_TEST(test_a_png_without_room_or_folder_is_a_sentence) {
    fill();
    fails_without_room(write_png);
    fails_without_folder(write_png);
}
END_TEST

#else

START_TEST(test_without_libpng_a_sentence_says_so) {
    accord_err err = {0};

    ck_assert(!accord_has_png());
    ck_assert_int_eq(write_png("x", &err), ACCORD_E_UNSUPPORTED);
    ck_assert_msg(strstr(err.msg, "libpng-dev") != NULL, "%s", err.msg);
}
END_TEST

#endif

/* ---- GIF --------------------------------------------------------------------------- */

enum { SCALE = 3, FRAMES = 4 };

static const accord_gif_look look = {
    .height = HEIGHT, .width = WIDTH, .scale = SCALE, .delay_cs = 7};

/* Frame i: the colours of fill(), and a white square at (i, i). */
static void frame(int i) {
    fill();
    for (int c = 0; c < 3; c++)
        pixels[c * PLANE + i * WIDTH + i] = 255;
}

static accord_code write_gif(const char *path, accord_err *err) {
    accord_gif *g;

    accord_code rc = accord_gif_open(path, &look, &g, err);
    for (int i = 0; !rc && i < FRAMES; i++) {
        frame(i);
        rc = accord_gif_add(g, pixels, err);
    }
    accord_code closed = accord_gif_close(g, !rc, err);
    return rc ? rc : closed;
}

#ifdef HAVE_GIF

static GifFileType *read_gif(const char *path) {
    int code = 0;
    GifFileType *gif = DGifOpenFileName(path, &code);

    ck_assert_msg(gif && DGifSlurp(gif) == GIF_OK, "%s: %s", path, GifErrorString(code));
    return gif;
}

/* How far the colours of an image are from `pixels`: in the mean, and where it is worst.
 */
static double distance(const SavedImage *image, int *worst) {
    const ColorMapObject *map = image->ImageDesc.ColorMap;
    long sum = 0;

    *worst = 0;
    for (int y = 0; y < HEIGHT * SCALE; y++)
        for (int x = 0; x < WIDTH * SCALE; x++) {
            GifColorType got = map->Colors[image->RasterBits[y * WIDTH * SCALE + x]];
            const uint8_t *want = &pixels[y / SCALE * WIDTH + x / SCALE];
            const int by[3] = {abs(got.Red - want[0]), abs(got.Green - want[PLANE]),
                               abs(got.Blue - want[2 * PLANE])};
            for (int c = 0; c < 3; c++) {
                sum += by[c];
                *worst = by[c] > *worst ? by[c] : *worst;
            }
        }
    return (double)sum / (3.0 * PLANE * SCALE * SCALE);
}

START_TEST(test_a_gif_has_every_frame_its_time_and_its_colours) {
    char *path = scratch_path("episode.gif");
    GraphicsControlBlock control;

    ck_assert(accord_has_gif());
    ck_assert_int_eq(write_gif(path, NULL), ACCORD_OK);
    GifFileType *gif = read_gif(path);
    ck_assert_int_eq(gif->ImageCount, FRAMES);
    ck_assert_int_eq(gif->SWidth, WIDTH * SCALE);
    ck_assert_int_eq(gif->SHeight, HEIGHT * SCALE);
    for (int i = 0; i < FRAMES; i++) {
        frame(i);
        /* 527 colours in 256: most parts have two neighbours. */
        int worst;
        double mean = distance(&gif->SavedImages[i], &worst);
        ck_assert_msg(mean < 5.0 && worst < 40, "mean %g, worst %d", mean, worst);
        ck_assert_int_eq(DGifSavedExtensionToGCB(gif, i, &control), GIF_OK);
        ck_assert_int_eq(control.DelayTime, 7);
        ck_assert_int_eq(control.TransparentColor, NO_TRANSPARENT_COLOR);
    }
    const ExtensionBlock *loop = gif->SavedImages[0].ExtensionBlocks;
    ck_assert_int_eq(loop[0].Function, APPLICATION_EXT_FUNC_CODE);
    ck_assert_mem_eq(loop[0].Bytes, "NETSCAPE2.0", 11);
    ck_assert_mem_eq(loop[1].Bytes, "\1\0\0", 3);
    DGifCloseFile(gif, NULL);
    free(path);
}
END_TEST

START_TEST(test_few_colours_are_exact) {
    char *path = scratch_path("flat.gif");
    accord_gif *g;

    for (int i = 0; i < PLANE; i++)
        for (int c = 0; c < 3; c++)
            pixels[c * PLANE + i] = (uint8_t)(i < PLANE / 2 ? 255 - c : 37 + 50 * c);
    ck_assert_int_eq(accord_gif_open(path, &look, &g, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_gif_add(g, pixels, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_gif_close(g, true, NULL), ACCORD_OK);
    GifFileType *gif = read_gif(path);
    int worst;
    ck_assert(distance(&gif->SavedImages[0], &worst) < 1e-9);
    ck_assert_int_eq(worst, 0);
    DGifCloseFile(gif, NULL);
    free(path);
}
END_TEST

START_TEST(test_a_gif_without_room_or_folder_is_a_sentence) {
    fails_without_room(write_gif);
    fails_without_folder(write_gif);
}
END_TEST

/* Whatever byte of the file the disk ends at. */
START_TEST(test_a_gif_is_whole_or_not_there) {
    char *path = scratch_path("whole.gif");
    struct stat st;

    ck_assert_int_eq(write_gif(path, NULL), ACCORD_OK);
    ck_assert_int_eq(stat(path, &st), 0);
    unlink(path);
    for (rlim_t bytes = 0; bytes < (rlim_t)st.st_size; bytes += 1 + bytes / 16) {
        ck_assert_int_eq(with_room(path, bytes, write_gif, NULL), ACCORD_E_IO);
        nothing_is_left(path);
    }
    ck_assert_int_eq(with_room(path, (rlim_t)st.st_size - 1, write_gif, NULL),
                     ACCORD_E_IO);
    nothing_is_left(path);
    ck_assert_int_eq(with_room(path, (rlim_t)st.st_size, write_gif, NULL), ACCORD_OK);
    free(path);
}
END_TEST

START_TEST(test_sides_that_gif_cannot_say_are_refused) {
    static const uint32_t sides[][3] = {{0, 4, 1},     {4, 0, 1},     {4, 4, 0},
                                        {65536, 1, 1}, {1, 32768, 2}, {1, 2, UINT32_MAX}};
    char *path = scratch_path("big.gif");

    for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
        const accord_gif_look big = {sides[i][0], sides[i][1], sides[i][2], 4};
        accord_gif *g;
        ck_assert_int_eq(accord_gif_open(path, &big, &g, NULL), ACCORD_E_ARG);
        ck_assert_ptr_null(g);
        nothing_is_left(path);
    }
    free(path);
}
END_TEST

#else

START_TEST(test_without_giflib_a_sentence_says_so) {
    accord_err err = {0};

    ck_assert(!accord_has_gif());
    ck_assert_int_eq(write_gif("x", &err), ACCORD_E_UNSUPPORTED);
    ck_assert_msg(strstr(err.msg, "libgif-dev") != NULL, "%s", err.msg);
}
END_TEST

#endif

Suite *suite_pictures(void) {
    Suite *s = suite_create("pictures");
    TCase *tc = tcase_create("files");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 60);
#ifdef HAVE_PNG
    tcase_add_test(tc, test_a_png_has_the_very_bytes);
    tcase_add_test(tc, test_a_png_without_room_or_folder_is_a_sentence);
#else
    tcase_add_test(tc, test_without_libpng_a_sentence_says_so);
#endif
#ifdef HAVE_GIF
    tcase_add_test(tc, test_a_gif_has_every_frame_its_time_and_its_colours);
    tcase_add_test(tc, test_few_colours_are_exact);
    tcase_add_test(tc, test_a_gif_without_room_or_folder_is_a_sentence);
    tcase_add_test(tc, test_a_gif_is_whole_or_not_there);
    tcase_add_test(tc, test_sides_that_gif_cannot_say_are_refused);
#else
    tcase_add_test(tc, test_without_giflib_a_sentence_says_so);
#endif
    suite_add_tcase(s, tc);
    return s;
}
