/* picture_png.c - PNG through libpng's simplified interface, which keeps its errors to
 * itself. */
#include "picture_parts.h"

#ifdef HAVE_PNG
#include <png.h>

accord_code picture_png(const picture_job *job, picture *out) {
    const png_color black = {0, 0, 0};
    png_image image = {.version = PNG_IMAGE_VERSION};

    if (!png_image_begin_read_from_memory(&image, job->bytes, job->n))
        return picture_damaged(job, "PNG", image.message);
    accord_code rc = picture_make(job, image.width, image.height, out);
    if (!rc) {
        image.format = PNG_FORMAT_RGB;
        if (!png_image_finish_read(&image, &black, out->rgb, 0, NULL))
            rc = picture_damaged(job, "PNG", image.message);
    }
    png_image_free(&image);
    return rc;
}

#else

accord_code picture_png(const picture_job *job, picture *out) {
    return job->host->fail(job->host, job->err, ACCORD_E_UNSUPPORTED,
                           "%s: this Accord was built without libpng", job->name);
}

#endif
