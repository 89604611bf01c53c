/* films.c - see films.h.
 *
 * Kept frames stand in a ring: the oldest gives its place to a new one.  Episodes walk
 * through a film from its start, so that the oldest is the one least likely wanted. */
#include "films.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "clips.h"
#include "moving.h"

/* A place for one frame.  The frame that it holds has its number in `places`, plus 1. */
struct place {
    unsigned char *rgb;
    uint32_t *holder;
};

struct films {
    const accord_host *host;
    clips *clips; /* NULL: generated */
    moving *moving;
    uint64_t seed; /* of the set of generated films */
    size_t chosen; /* film that `moving` shows, plus 1 */
    size_t n;
    uint32_t **places; /* [n], each NULL or [length of the film] */
    int width, height;
    size_t frame_bytes;
    struct place *ring;
    size_t n_ring, n_filled, next;
};

static accord_code no_memory(const accord_host *host, accord_err *err) {
    return host->fail(host, err, ACCORD_E_NOMEM, "no memory for the films");
}

static accord_code open_parts(films *f, const films_options *o, accord_err *err) {
    f->width = o->width;
    f->height = o->height;
    f->frame_bytes = (size_t)o->width * (size_t)o->height * 3;
    f->n_ring = (o->max_bytes ? o->max_bytes : FILMS_MAX_BYTES) / f->frame_bytes;
    if (f->n_ring == 0)
        f->n_ring = 1;
    f->n = o->n_generated;
    if (o->folder) {
        accord_code rc = clips_open(f->host, o->folder, o->most, &f->clips, err);
        if (rc)
            return rc;
        f->n = clips_count(f->clips);
    } else {
        f->seed = accord_rng_fold_text(0, o->name);
        f->moving = moving_create(o->width, o->height);
        if (!f->moving)
            return no_memory(f->host, err);
    }
    f->ring = calloc(f->n_ring, sizeof(*f->ring));
    f->places = calloc(f->n, sizeof(uint32_t *));
    return f->ring && f->places ? ACCORD_OK : no_memory(f->host, err);
}

accord_code films_open(const accord_host *host, const films_options *options, films **out,
                       accord_err *err) {
    films *f = calloc(1, sizeof(*f));

    *out = NULL;
    if (!f)
        return no_memory(host, err);
    f->host = host;
    accord_code rc = open_parts(f, options, err);
    if (rc)
        films_close(f);
    else
        *out = f;
    return rc;
}

void films_close(films *f) {
    if (!f)
        return;
    for (size_t i = 0; i < f->n_filled; i++)
        free(f->ring[i].rgb);
    for (size_t i = 0; f->places && i < f->n; i++)
        free(f->places[i]);
    free(f->ring);
    free(f->places);
    clips_close(f->clips);
    moving_destroy(f->moving);
    free(f);
}

size_t films_count(const films *f) {
    return f->n;
}

size_t films_length(const films *f, size_t film) {
    return f->clips ? clips_length(f->clips, film) : MOVING_LENGTH;
}

const char *films_fingerprint(const films *f) {
    return f->clips ? clips_fingerprint(f->clips) : NULL;
}

size_t films_kept(const films *f) {
    return f->n_filled * f->frame_bytes;
}

static void generate(films *f, size_t film, size_t frame, unsigned char *rgb) {
    if (f->chosen != film + 1)
        moving_choose(f->moving, accord_rng_fold(f->seed, film));
    f->chosen = film + 1;
    moving_frame(f->moving, (uint32_t)frame, rgb);
}

static accord_code make(films *f, size_t film, size_t frame, unsigned char *rgb,
                        accord_err *err) {
    picture p;

    if (!f->clips) {
        generate(f, film, frame, rgb);
        return ACCORD_OK;
    }
    accord_code rc = clips_read(f->clips, film, frame, &p, err);
    if (rc)
        return rc;
    picture_resize(&p, f->width, f->height, rgb);
    picture_fini(&p);
    return ACCORD_OK;
}

/* The next place of the ring, empty.  NULL without memory. */
static struct place *free_place(films *f) {
    struct place *p = &f->ring[f->next];

    if (!p->rgb) {
        p->rgb = malloc(f->frame_bytes);
        if (!p->rgb)
            return NULL;
        f->n_filled++;
    }
    if (p->holder)
        *p->holder = 0;
    p->holder = NULL;
    return p;
}

accord_code films_frame(films *f, size_t film, size_t frame, unsigned char *rgb,
                        accord_err *err) {
    if (!f->places[film])
        f->places[film] = calloc(films_length(f, film), sizeof(uint32_t));
    if (!f->places[film])
        return no_memory(f->host, err);
    uint32_t *holder = &f->places[film][frame];
    if (*holder == 0) {
        struct place *p = free_place(f);
        if (!p)
            return no_memory(f->host, err);
        accord_code rc = make(f, film, frame, p->rgb, err);
        if (rc)
            return rc;
        p->holder = holder;
        *holder = (uint32_t)f->next + 1;
        f->next = (f->next + 1) % f->n_ring;
    }
    memcpy(rgb, f->ring[*holder - 1].rgb, f->frame_bytes);
    return ACCORD_OK;
}
