/* films.h - films behind the agent at the picture's size, the user's clips or generated
 * ones, each frame made when it is first needed and kept while there is room. */
#ifndef ACCORD_VISUAL_FILMS_H
#define ACCORD_VISUAL_FILMS_H

#include <accord/plugin.h>

typedef struct films films;

typedef struct films_options {
    const char *folder; /* of clip folders, see clips.h; NULL: generated films */
    size_t most;        /* clips that are used, 0: all */
    const char *name;   /* of the set of generated films */
    size_t n_generated; /* films in it */
    int width, height;
    size_t max_bytes; /* of the frames that are kept; 0: FILMS_MAX_BYTES */
} films_options;

/* A film of 250 steps at 84 x 84 needs 5 MB, the ten of video_easy 53. */
enum { FILMS_MAX_BYTES = 64 << 20 };

/* [worker] *out is the caller's.  Errors: see clips_open(). */
accord_code films_open(const accord_host *host, const films_options *options, films **out,
                       accord_err *err);
/* [worker] NULL is allowed. */
void films_close(films *f);

/* [worker] */
size_t films_count(const films *f);
/* [worker] Frames of a film, at least 1. */
size_t films_length(const films *f, size_t film);
/* [worker] See clips_fingerprint(); NULL for generated films. */
const char *films_fingerprint(const films *f);

/* [worker] Writes a frame to rgb[height][width][3].  Errors: see picture_read(). */
accord_code films_frame(films *f, size_t film, size_t frame, unsigned char *rgb,
                        accord_err *err);

/* [worker] Bytes of the frames that are kept: at most max_bytes, or one frame. */
size_t films_kept(const films *f);

#endif
