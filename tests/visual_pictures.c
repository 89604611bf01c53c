/* visual_pictures.c - see visual_pictures.h. */
#include "visual_pictures.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "scratch.h"

#ifdef HAVE_PNG
#include <png.h>
#endif
#ifdef HAVE_JPEG
#include <jpeglib.h>
#endif

void pictures_paint(int width, int height, int shade, unsigned char *rgb) {
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            *rgb++ = (unsigned char)shade;
            *rgb++ = (unsigned char)(255 * x / width);
            *rgb++ = (unsigned char)(255 * y / height);
        }
}

#ifdef HAVE_PNG
static unsigned char *make_png(int width, int height, const unsigned char *rgb,
                               size_t *n) {
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    unsigned char *bytes = accord_xalloc(size);

    ck_assert(png_image_write_to_memory(&image, bytes, &size, 0, rgb, 0, NULL));
    *n = size;
    return bytes;
}
#endif

#ifdef HAVE_JPEG
/* One scan for every coefficient of every component: valid, and a waste of time. */
static jpeg_scan_info scans[1 + 3 * 63];

static void many_scans(struct jpeg_compress_struct *jpeg) {
    int n = 0;

    scans[n++] = (jpeg_scan_info){3, {0, 1, 2}, 0, 0, 0, 0};
    for (int c = 0; c < 3; c++)
        for (int k = 1; k < 64; k++)
            scans[n++] = (jpeg_scan_info){1, {c}, k, k, 0, 0};
    jpeg->scan_info = scans;
    jpeg->num_scans = n;
}

static unsigned char *make_jpeg(int format, int width, int height,
                                const unsigned char *rgb, size_t *n) {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;

    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 95, TRUE);
    if (format == PICTURES_MANY_SCANS)
        many_scans(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    for (; jpeg.next_scanline < jpeg.image_height; rgb += 3 * width) {
        JSAMPROW row = (JSAMPROW)(uintptr_t)rgb;

        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *n = size;
    return bytes;
}
#endif

bool pictures_can(int format) {
#ifdef HAVE_PNG
    if (format == PICTURES_PNG)
        return true;
#endif
#ifdef HAVE_JPEG
    if (format != PICTURES_PNG)
        return true;
#endif
    return false;
}

unsigned char *pictures_make(int format, int width, int height, int shade, size_t *n) {
    unsigned char *rgb = accord_xalloc((size_t)width * (size_t)height * 3);
    unsigned char *bytes = NULL;

    *n = 0;
    pictures_paint(width, height, shade, rgb);
#ifdef HAVE_PNG
    if (format == PICTURES_PNG)
        bytes = make_png(width, height, rgb, n);
#endif
#ifdef HAVE_JPEG
    if (format != PICTURES_PNG)
        bytes = make_jpeg(format, width, height, rgb, n);
#endif
    free(rgb);
    return bytes;
}

void pictures_write(const char *name, int format, int width, int height, int shade) {
    size_t n;
    unsigned char *bytes = pictures_make(format, width, height, shade, &n);

    free(scratch_write(name, bytes, n));
    free(bytes);
}
