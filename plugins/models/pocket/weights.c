/* weights.c - see weights.h: the layout, mapping and checking. */
#include "weights.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/sha256.h>

#include "template.h"
#include "tokenizer.h"
#include "weights_layout.h"

size_t pocket_layout_end(const struct pocket_shape *s, size_t i, size_t begin,
                         size_t *values) {
    struct pocket_tensor t;

    pocket_shape_tensor(s, i, &t);
    if (t.is_gain) {
        *values = begin;
        return pocket_layout_align(begin + t.columns * sizeof(float));
    }
    *values = pocket_layout_align(begin + t.rows * sizeof(float));
    return pocket_layout_align(*values + (size_t)t.rows * t.columns);
}

size_t pocket_layout_size(const struct pocket_shape *s) {
    size_t at = sizeof(struct pocket_header), values;

    for (size_t i = 0; i < pocket_shape_count(s); i++)
        at = pocket_layout_end(s, i, at, &values);
    return at;
}

void pocket_layout_digest(const void *file, size_t n_bytes, char hex[65]) {
    size_t from = offsetof(struct pocket_header, vocabulary);
    accord_sha256 sha;

    accord_sha256_init(&sha);
    accord_sha256_update(&sha, (const char *)file + from, n_bytes - from);
    accord_sha256_hex(&sha, hex);
}

static accord_code check_header(const struct pocket_header *h, size_t n_bytes,
                                const char *path, struct pocket_err *err) {
    if (memcmp(h->magic, POCKET_MAGIC, sizeof(h->magic)) != 0)
        return pocket_fail(err, ACCORD_E_CONFIG, "%s: holds no weights of a pocket model",
                           path);
    if (h->version != POCKET_VERSION)
        return pocket_fail(err, ACCORD_E_CONFIG,
                           "%s: is of version %u, and only version %u can be read", path,
                           h->version, POCKET_VERSION);
    if (h->n_bytes != n_bytes)
        return pocket_fail(err, ACCORD_E_CONFIG,
                           "%s: has %zu bytes and should have %u: it was cut short or "
                           "something follows",
                           path, n_bytes, h->n_bytes);
    return ACCORD_OK;
}

/* After the digest: what follows it is as it was written. */
static accord_code check_fit(const struct pocket_header *h, const char *path,
                             struct pocket_err *err) {
    char hex[65];

    pocket_vocabulary_hash(hex);
    if (memcmp(hex, h->vocabulary, sizeof(h->vocabulary)) != 0)
        return pocket_fail(err, ACCORD_E_CONFIG,
                           "%s: was trained with another vocabulary", path);
    accord_code rc = pocket_sections_hash(hex, err);
    if (rc)
        return rc;
    if (memcmp(hex, h->sections, sizeof(h->sections)) != 0)
        return pocket_fail(err, ACCORD_E_CONFIG,
                           "%s: was trained with other prompt sections", path);
    if (!pocket_shape_is_sound(&h->shape) ||
        h->shape.vocabulary != pocket_vocabulary_size() ||
        pocket_layout_size(&h->shape) != h->n_bytes)
        return pocket_fail(err, ACCORD_E_CONFIG, "%s: has a shape that does not fit it",
                           path);
    return ACCORD_OK;
}

static accord_code check(const void *map, size_t n_bytes, const char *path,
                         struct pocket_err *err) {
    const struct pocket_header *h = map;
    char hex[65];
    accord_code rc = check_header(h, n_bytes, path, err);

    if (rc)
        return rc;
    pocket_layout_digest(map, n_bytes, hex);
    if (memcmp(hex, h->digest, sizeof(h->digest)) != 0)
        return pocket_fail(err, ACCORD_E_CONFIG,
                           "%s: has been changed: its SHA-256 is not the one it names",
                           path);
    return check_fit(h, path, err);
}

struct reader {
    const char *base;
    const struct pocket_shape *shape;
    size_t at, i;
};

static const float *next_gain(struct reader *r) {
    size_t values;

    r->at = pocket_layout_end(r->shape, r->i++, r->at, &values);
    return (const float *)(const void *)(r->base + values);
}

static struct pocket_matrix next_matrix(struct reader *r) {
    struct pocket_matrix m = {.scale = (const float *)(const void *)(r->base + r->at)};
    struct pocket_tensor t;
    size_t values;

    pocket_shape_tensor(r->shape, r->i, &t);
    r->at = pocket_layout_end(r->shape, r->i++, r->at, &values);
    m.value = (const int8_t *)(r->base + values);
    m.rows = t.rows;
    m.columns = t.columns;
    return m;
}

static void point(struct pocket_weights *w) {
    struct reader r = {
        .base = w->map, .shape = &w->shape, .at = sizeof(struct pocket_header)};

    w->embed = next_matrix(&r);
    w->position = next_matrix(&r);
    for (uint32_t i = 0; i < w->shape.layers; i++) {
        struct pocket_layer *l = &w->layer[i];
        l->norm1 = next_gain(&r);
        l->qkv = next_matrix(&r);
        l->out = next_matrix(&r);
        l->norm2 = next_gain(&r);
        l->up = next_matrix(&r);
        l->down = next_matrix(&r);
    }
    w->norm = next_gain(&r);
}

/* Scales and gains of a size that no sum over them overflows. */
static int are_sane(const float *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(x[i] >= -1e3f && x[i] <= 1e3f))
            return 0;
    return 1;
}

static accord_code check_numbers(const struct pocket_weights *w, const char *path,
                                 struct pocket_err *err) {
    size_t at = sizeof(struct pocket_header), values;
    struct pocket_tensor t;

    for (size_t i = 0; i < pocket_shape_count(&w->shape); i++) {
        const void *first = (const char *)w->map + at;
        pocket_shape_tensor(&w->shape, i, &t);
        if (!are_sane(first, t.is_gain ? t.columns : t.rows))
            return pocket_fail(err, ACCORD_E_CONFIG, "%s: %s is out of bounds", path,
                               t.name);
        at = pocket_layout_end(&w->shape, i, at, &values);
    }
    return ACCORD_OK;
}

static accord_code map_file(int fd, const char *path, struct pocket_weights *out,
                            struct pocket_err *err) {
    struct stat st;

    if (fstat(fd, &st) != 0)
        return pocket_fail(err, ACCORD_E_IO, "cannot read %s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return pocket_fail(err, ACCORD_E_IO, "cannot read %s: it is no file", path);
    if (st.st_size < (off_t)sizeof(struct pocket_header))
        return pocket_fail(err, ACCORD_E_CONFIG, "%s: holds no weights of a pocket model",
                           path);
    size_t n = (size_t)st.st_size;
    void *map = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return pocket_fail(err, ACCORD_E_IO, "cannot map %s: %s", path, strerror(errno));
    out->map = map;
    out->n_bytes = n;
    return ACCORD_OK;
}

accord_code pocket_weights_open(const char *path, struct pocket_weights *out,
                                struct pocket_err *err) {
    *out = (struct pocket_weights){.map = NULL};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return pocket_fail(err, errno == ENOENT ? ACCORD_E_NOTFOUND : ACCORD_E_IO,
                           "cannot read %s: %s", path, strerror(errno));
    accord_code rc = map_file(fd, path, out, err);
    close(fd);
    if (!rc)
        rc = check(out->map, out->n_bytes, path, err);
    if (!rc) {
        out->shape = ((const struct pocket_header *)out->map)->shape;
        rc = check_numbers(out, path, err);
    }
    if (rc)
        pocket_weights_close(out);
    else
        point(out);
    return rc;
}

void pocket_weights_close(struct pocket_weights *w) {
    if (w->map)
        munmap((void *)(uintptr_t)w->map, w->n_bytes);
    *w = (struct pocket_weights){.map = NULL};
}
