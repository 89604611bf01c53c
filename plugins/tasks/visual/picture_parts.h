/* picture_parts.h - the two formats behind picture.h. */
#ifndef ACCORD_VISUAL_PICTURE_PARTS_H
#define ACCORD_VISUAL_PICTURE_PARTS_H

#include "picture.h"

/* A file in memory, on its way into a picture. */
typedef struct picture_job {
    const accord_host *host;
    const char *name; /* for sentences */
    const unsigned char *bytes;
    size_t n;
    accord_err *err;
} picture_job;

/* [any] Checks the size that a file claims and makes room for its pixels. */
accord_code picture_make(const picture_job *job, unsigned long width,
                         unsigned long height, picture *out);

/* [any] ACCORD_E_CONFIG: "NAME: not a whole PNG: WHY". */
accord_code picture_damaged(const picture_job *job, const char *format, const char *why);

/* [any] On failure *out may hold memory, which the caller frees. */
accord_code picture_png(const picture_job *job, picture *out);
accord_code picture_jpeg(const picture_job *job, picture *out);

#endif
