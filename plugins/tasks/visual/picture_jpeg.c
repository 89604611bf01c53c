/* picture_jpeg.c - JPEG through libjpeg, whose errors end in a jump. */
#include "picture_parts.h"

#ifdef HAVE_JPEG
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

/* A frame of a film has up to ten scans; files with thousands are made to waste time. */
enum { MAX_SCANS = 100 };

struct reader {
    struct jpeg_error_mgr errors; /* first: libjpeg's hooks get its address */
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct jpeg;
    jmp_buf back;
    char why[JMSG_LENGTH_MAX];
};

static struct reader *reader_of(j_common_ptr jpeg) {
    return (struct reader *)(void *)jpeg->err;
}

static void give_up(j_common_ptr jpeg) {
    struct reader *r = reader_of(jpeg);

    jpeg->err->format_message(jpeg, r->why);
    longjmp(r->back, 1);
}

/* Level -1 is a warning: data was missing or wrong and grey stands in its place. */
static void hear(j_common_ptr jpeg, int level) {
    if (level < 0)
        give_up(jpeg);
}

static void count_scans(j_common_ptr jpeg) {
    struct reader *r = reader_of(jpeg);

    if (r->jpeg.input_scan_number > MAX_SCANS) {
        snprintf(r->why, sizeof(r->why), "more than %d scans", MAX_SCANS);
        longjmp(r->back, 1);
    }
}

static accord_code read_rows(struct reader *r, const picture_job *job, picture *out) {
    struct jpeg_decompress_struct *jpeg = &r->jpeg;

    jpeg_mem_src(jpeg, job->bytes, job->n);
    jpeg_read_header(jpeg, TRUE);
    accord_code rc = picture_make(job, jpeg->image_width, jpeg->image_height, out);
    if (rc)
        return rc;
    jpeg->out_color_space = JCS_RGB;
    jpeg->dct_method = JDCT_ISLOW; /* the same bytes on every machine */
    jpeg_start_decompress(jpeg);
    while (jpeg->output_scanline < jpeg->output_height) {
        unsigned char *row =
            out->rgb + (size_t)jpeg->output_scanline * (size_t)out->width * 3;

        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
    return ACCORD_OK;
}

/* The reader is the caller's: after a jump its members hold what they held. */
static accord_code try_rows(struct reader *r, const picture_job *job, picture *out) {
    if (setjmp(r->back))
        return picture_damaged(job, "JPEG", r->why);
    jpeg_create_decompress(&r->jpeg);
    r->jpeg.progress = &r->progress;
    return read_rows(r, job, out);
}

accord_code picture_jpeg(const picture_job *job, picture *out) {
    struct reader r = {.progress = {.progress_monitor = count_scans}};

    r.jpeg.err = jpeg_std_error(&r.errors);
    r.errors.error_exit = give_up;
    r.errors.emit_message = hear;
    accord_code rc = try_rows(&r, job, out);
    jpeg_destroy_decompress(&r.jpeg);
    return rc;
}

#else

accord_code picture_jpeg(const picture_job *job, picture *out) {
    return job->host->fail(job->host, job->err, ACCORD_E_UNSUPPORTED,
                           "%s: this Accord was built without libjpeg", job->name);
}

#endif
