/* quantise.c - trained parameters into a file of weights; see weights.h. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "template.h"
#include "tokenizer.h"
#include "weights_layout.h"

/* One row: its largest magnitude becomes 127. */
static void quantise_row(const float *from, size_t n, float *scale, int8_t *to) {
    float most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, fabsf(from[i]));
    *scale = most / 127.0f;
    for (size_t i = 0; i < n; i++) {
        float q = *scale > 0 ? nearbyintf(from[i] / *scale) : 0;
        to[i] = (int8_t)fminf(127.0f, fmaxf(-127.0f, q));
    }
}

static void put_tensor(const struct pocket_tensor *t, const float *values, char *begin,
                       char *data) {
    if (t->is_gain) {
        memcpy(data, values, t->columns * sizeof(float));
        return;
    }
    for (size_t r = 0; r < t->rows; r++) {
        float scale;
        quantise_row(values + r * t->columns, t->columns, &scale,
                     (int8_t *)data + r * t->columns);
        memcpy(begin + r * sizeof(float), &scale, sizeof(scale));
    }
}

static accord_code fill(const struct pocket_shape *s, const float *values, char *file,
                        size_t n_bytes, struct pocket_err *err) {
    struct pocket_header *h = (struct pocket_header *)(void *)file;
    size_t at = sizeof(*h), data;
    struct pocket_tensor t;
    char hex[65];

    for (size_t i = 0; i < pocket_shape_count(s); i++) {
        size_t end = pocket_layout_end(s, i, at, &data);
        pocket_shape_tensor(s, i, &t);
        put_tensor(&t, values + t.offset, file + at, file + data);
        at = end;
    }
    memcpy(h->magic, POCKET_MAGIC, sizeof(h->magic));
    h->version = POCKET_VERSION;
    h->n_bytes = (uint32_t)n_bytes;
    h->shape = *s;
    pocket_vocabulary_hash(hex);
    memcpy(h->vocabulary, hex, sizeof(h->vocabulary));
    accord_code rc = pocket_sections_hash(hex, err);
    memcpy(h->sections, hex, sizeof(h->sections));
    pocket_layout_digest(file, n_bytes, hex);
    memcpy(h->digest, hex, sizeof(h->digest));
    return rc;
}

static accord_code check(const struct pocket_shape *s, const float *values,
                         struct pocket_err *err) {
    if (!pocket_shape_is_sound(s) || s->vocabulary != pocket_vocabulary_size())
        return pocket_fail(err, ACCORD_E_ARG, "the shape of the weights is not sound");
    size_t n = pocket_shape_size(s);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return pocket_fail(err, ACCORD_E_ARG, "parameter %zu is not finite", i);
    return ACCORD_OK;
}

static int put_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);
        if (wrote < 0 && errno != EINTR)
            return 0;
        if (wrote > 0) {
            bytes += wrote;
            n -= (size_t)wrote;
        }
    }
    return 1;
}

/* Beside `path`, then in its place. */
static accord_code save(const char *path, const char *bytes, size_t n,
                        struct pocket_err *err) {
    size_t room = strlen(path) + sizeof(".new");
    char *beside = malloc(room);

    if (!beside)
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    snprintf(beside, room, "%s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int ok = fd >= 0 && put_all(fd, bytes, n) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = 0;
        why = errno;
    }
    if (ok && rename(beside, path) != 0) {
        ok = 0;
        why = errno;
    }
    if (!ok) {
        unlink(beside);
        pocket_fail(err, ACCORD_E_IO, "cannot write %s: %s", path, strerror(why));
    }
    free(beside);
    return ok ? ACCORD_OK : ACCORD_E_IO;
}

accord_code pocket_weights_write(const char *path, const struct pocket_shape *shape,
                                 const float *values, struct pocket_err *err) {
    accord_code rc = check(shape, values, err);

    if (rc)
        return rc;
    size_t n = pocket_layout_size(shape);
    char *file = calloc(1, n);
    if (!file)
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    rc = fill(shape, values, file, n, err);
    if (!rc)
        rc = save(path, file, n, err);
    free(file);
    return rc;
}
