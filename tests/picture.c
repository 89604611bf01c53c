/* picture.c - what stands in picture files, for the tests in shell: `picture FILE.png
 * ...` writes their bytes to stdout, [3][height][width] each, as tasks show them;
 * `picture FILE.gif` prints frames, width, height and the time of a frame in ms.  Exit 77
 * where the library is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_PNG
#include <png.h>

static int show_png(const char *path) {
    png_image image = {.version = PNG_IMAGE_VERSION};

    if (!png_image_begin_read_from_file(&image, path))
        return EXIT_FAILURE;
    image.format = PNG_FORMAT_RGB;
    size_t plane = (size_t)image.width * image.height;
    unsigned char *rows = malloc(3 * plane);
    int good = rows && png_image_finish_read(&image, NULL, rows, 0, NULL);
    for (size_t c = 0; good && c < 3; c++)
        for (size_t i = 0; i < plane; i++)
            putchar(rows[3 * i + c]);
    free(rows);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
#else
static int show_png(const char *path) {
    return 77;
}
#endif

#ifdef HAVE_GIF
#include <gif_lib.h>

static int show_gif(const char *path) {
    GraphicsControlBlock control;
    int code = 0;
    GifFileType *gif = DGifOpenFileName(path, &code);

    if (!gif || DGifSlurp(gif) != GIF_OK ||
        DGifSavedExtensionToGCB(gif, 0, &control) != GIF_OK)
        return EXIT_FAILURE;
    printf("%d %d %d %d\n", gif->ImageCount, gif->SWidth, gif->SHeight,
           10 * control.DelayTime);
    DGifCloseFile(gif, NULL);
    return EXIT_SUCCESS;
}
#else
static int show_gif(const char *path) {
    return 77;
}
#endif

int main(int argc, char **argv) {
    int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

    for (int i = 1; i < argc && status == EXIT_SUCCESS; i++)
        status = strstr(argv[i], ".gif") ? show_gif(argv[i]) : show_png(argv[i]);
    return status;
}
