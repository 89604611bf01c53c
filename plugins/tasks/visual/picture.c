/* picture.c - see picture.h. */
#include "picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "picture_parts.h"

bool picture_is_name(const char *name) {
    static const char *const ends[] = {".png", ".jpg", ".jpeg"};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof(ends) / sizeof(ends[0]); i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

accord_code picture_make(const picture_job *job, unsigned long width,
                         unsigned long height, picture *out) {
    if (width == 0 || height == 0 || width > PICTURE_MAX_SIDE ||
        height > PICTURE_MAX_SIDE)
        return job->host->fail(job->host, job->err, ACCORD_E_CONFIG,
                               "%s: a picture of %lu x %lu pixels, not 1 to %d a side",
                               job->name, width, height, PICTURE_MAX_SIDE);
    *out = (picture){.width = (int)width, .height = (int)height};
    out->rgb = malloc((size_t)width * height * 3);
    if (!out->rgb)
        return job->host->fail(job->host, job->err, ACCORD_E_NOMEM,
                               "%s: no memory for %lu x %lu pixels", job->name, width,
                               height);
    return ACCORD_OK;
}

accord_code picture_damaged(const picture_job *job, const char *format, const char *why) {
    return job->host->fail(job->host, job->err, ACCORD_E_CONFIG, "%s: not a whole %s: %s",
                           job->name, format, why);
}

accord_code picture_decode(const accord_host *host, const char *name,
                           const unsigned char *bytes, size_t n, picture *out,
                           accord_err *err) {
    const picture_job job = {host, name, bytes, n, err};
    accord_code rc;

    *out = (picture){0};
    if (n >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        rc = picture_png(&job, out);
    else if (n >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        rc = picture_jpeg(&job, out);
    else
        rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: neither PNG nor JPEG", name);
    if (rc)
        picture_fini(out);
    return rc;
}

/* Takes what the file gives, up to one byte more than is allowed. */
static accord_code slurp(const picture_job *job, FILE *in, unsigned char **bytes,
                         size_t *n) {
    size_t room = 0, got = 1;

    while (got && *n <= PICTURE_MAX_BYTES) {
        if (*n == room) {
            room = room ? 2 * room : 64 << 10;
            unsigned char *more = realloc(*bytes, room);
            if (!more)
                return job->host->fail(job->host, job->err, ACCORD_E_NOMEM,
                                       "%s: no memory for the file", job->name);
            *bytes = more;
        }
        got = fread(*bytes + *n, 1, room - *n, in);
        *n += got;
    }
    if (ferror(in))
        return job->host->fail(job->host, job->err, ACCORD_E_IO, "cannot read %s: %s",
                               job->name, strerror(errno));
    if (*n > PICTURE_MAX_BYTES)
        return job->host->fail(job->host, job->err, ACCORD_E_CONFIG,
                               "%s: a file of more than %d bytes", job->name,
                               PICTURE_MAX_BYTES);
    return ACCORD_OK;
}

accord_code picture_read(const accord_host *host, const char *path, picture *out,
                         accord_err *err) {
    const picture_job job = {.host = host, .name = path, .err = err};
    unsigned char *bytes = NULL;
    size_t n = 0;
    FILE *in = fopen(path, "rbe");

    *out = (picture){0};
    if (!in)
        return host->fail(host, err, ACCORD_E_IO, "cannot open %s: %s", path,
                          strerror(errno));
    accord_code rc = slurp(&job, in, &bytes, &n);
    if (!rc)
        rc = picture_decode(host, path, bytes, n, out, err);
    free(bytes);
    fclose(in);
    return rc;
}

void picture_fini(picture *p) {
    free(p->rgb);
    *p = (picture){0};
}
