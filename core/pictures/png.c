/* png.c - the PNG half of picture.h. */
#include "pictures/picture.h"

#ifdef HAVE_PNG

#include <png.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "pictures/out_file.h"

bool accord_has_png(void) {
    return true;
}

/* [height][width][3]: what libpng takes. */
static accord_code interleave(const accord_picture *p, uint8_t **out, accord_err *err) {
    size_t plane = (size_t)p->height * p->width;

    accord_code rc = accord_alloc(plane, 3, out, err);
    for (size_t i = 0; !rc && i < plane; i++)
        for (size_t c = 0; c < 3; c++)
            (*out)[3 * i + c] = p->pixels[c * plane + i];
    return rc;
}

/* The file in memory: that its bytes reach the disk is not left to libpng. */
static accord_code encode(const accord_picture *p, const uint8_t *rows, uint8_t **out,
                          size_t *n, accord_err *err) {
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = p->width,
                       .height = p->height,
                       .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);

    accord_code rc = accord_alloc(1, size, out, err);
    if (rc)
        return rc;
    if (!png_image_write_to_memory(&image, *out, &size, 0, rows, 0, NULL))
        return accord_fail(err, ACCORD_E_INTERNAL, "libpng: %s", image.message);
    *n = size;
    return ACCORD_OK;
}

static accord_code write_file(const char *path, const uint8_t *data, size_t n,
                              accord_err *err) {
    accord_out_file file;

    accord_code rc = accord_out_open(path, &file, err);
    if (rc)
        return rc;
    rc = accord_write_all(file.fd, data, n, path, err);
    accord_code closed = accord_out_close(&file, !rc, err);
    return rc ? rc : closed;
}

accord_code accord_png_write(const char *path, const accord_picture *p, accord_err *err) {
    uint8_t *rows = NULL, *data = NULL;
    size_t n = 0;

    accord_code rc = interleave(p, &rows, err);
    if (!rc)
        rc = encode(p, rows, &data, &n, err);
    if (!rc)
        rc = write_file(path, data, n, err);
    free(rows);
    free(data);
    return rc;
}

#else

bool accord_has_png(void) {
    return false;
}

accord_code accord_png_write(const char *path, const accord_picture *p, accord_err *err) {
    return accord_fail(err, ACCORD_E_UNSUPPORTED,
                       "this accord was built without libpng (Debian: libpng-dev) and "
                       "writes no PNG");
}

#endif
