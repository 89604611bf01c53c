/* checkpoint.c - named parts in one file.
 *
 * "ACCORDNN", version, number of parts; each part: kind, name, and
 *   parameters  count, then name, rank, axes and floats of each
 *   adam        name of the group's first parameter, parameters, floats, steps, moments
 *   bytes       length, bytes
 * and at the end the SHA-256 of all before it in hexadecimal.  Numbers are uint64,
 * little-endian as the machine; a name is its length and its bytes. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/sha256.h>

#include "base/buf.h"
#include "base/file.h"
#include "nn/parts.h"

static const char magic[8] = "ACCORDNN";
enum { FORMAT = 1, DIGITS = 64, SHOWN = 64 };
enum { PARAMS = 1, ADAM = 2, BYTES = 3 };

static int kind_of(const accord_nn_part *p) {
    return p->params ? PARAMS : p->adam ? ADAM : BYTES;
}

/* Why base refused, in the caller's terms. */
static accord_code pass_on(accord_nn_err *err, const accord_err *why) {
    return accord_nn_fail(err, why->code, "%s", why->msg);
}

/* ---- saving ---- */

static void put(accord_buf *b, uint64_t number) {
    accord_buf_add(b, &number, sizeof(number));
}

static void put_name(accord_buf *b, const char *name) {
    put(b, strlen(name));
    accord_buf_add(b, name, strlen(name));
}

static void put_params(accord_buf *b, const accord_nn_params *set) {
    size_t n = accord_nn_params_count(set);

    put(b, n);
    for (size_t i = 0; i < n; i++) {
        const accord_nn_param *p = accord_nn_params_at(set, i);
        put_name(b, p->name);
        put(b, p->rank);
        for (uint32_t k = 0; k < p->rank; k++)
            put(b, p->shape[k]);
        accord_buf_add(b, p->value, p->size * sizeof(float));
    }
}

static void put_adam(accord_buf *b, const accord_nn_adam *o) {
    size_t n_bytes = o->group.size * sizeof(float);

    put_name(b, accord_nn_params_at(o->group.set, o->group.first)->name);
    put(b, o->group.count);
    put(b, o->group.size);
    put(b, o->steps);
    accord_buf_add(b, o->m, n_bytes);
    accord_buf_add(b, o->v, n_bytes);
}

static void put_part(accord_buf *b, const accord_nn_part *part) {
    put(b, (uint64_t)kind_of(part));
    put_name(b, part->name);
    if (part->params) {
        put_params(b, part->params);
    } else if (part->adam) {
        put_adam(b, part->adam);
    } else {
        put(b, part->n_bytes);
        accord_buf_add(b, part->bytes, part->n_bytes);
    }
}

/* The place of the first number that is not finite, n if there is none. */
static size_t first_bad(const float *x, size_t n) {
    size_t i = 0;

    while (i < n && isfinite(x[i]))
        i++;
    return i;
}

static accord_code check_finite(const accord_nn_part *part, const char *name,
                                const float *x, size_t n, accord_nn_err *err) {
    size_t i = first_bad(x, n);

    if (i == n)
        return ACCORD_OK;
    return accord_nn_fail(err, ACCORD_E_ARG,
                          "cannot save %s: element %zu of %s is not finite", part->name,
                          i, name);
}

static accord_code check_part(const accord_nn_part *part, accord_nn_err *err) {
    if (!part->name || !part->params + !part->adam + !part->bytes != 2)
        return accord_nn_fail(err, ACCORD_E_ARG,
                              "part %s: exactly one of params, adam and bytes is set",
                              part->name ? part->name : "without a name");
    if (part->adam) {
        const accord_nn_adam *o = part->adam;
        accord_code rc = check_finite(part, "the moments", o->m, o->group.size, err);
        return rc ? rc : check_finite(part, "the moments", o->v, o->group.size, err);
    }
    if (part->params && !accord_nn_params_size(part->params))
        return accord_nn_fail(err, ACCORD_E_ARG, "part %s: the set is not sealed",
                              part->name);
    for (size_t i = 0; i < accord_nn_params_count(part->params); i++) {
        const accord_nn_param *p = accord_nn_params_at(part->params, i);
        accord_code rc = check_finite(part, p->name, p->value, p->size, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

static void seal(accord_buf *b) {
    accord_sha256 sha;
    char hex[DIGITS + 1];

    if (b->failed)
        return;
    accord_sha256_init(&sha);
    accord_sha256_update(&sha, b->data, b->n);
    accord_sha256_hex(&sha, hex);
    accord_buf_add(b, hex, DIGITS);
}

accord_code accord_nn_save(const char *path, const accord_nn_part *parts, size_t n_parts,
                           accord_nn_err *err) {
    accord_err why = {0};
    accord_buf b;

    for (size_t i = 0; i < n_parts; i++) {
        accord_code rc = check_part(&parts[i], err);
        if (rc)
            return rc;
    }
    accord_buf_init(&b, SIZE_MAX / 4);
    accord_buf_add(&b, magic, sizeof(magic));
    put(&b, FORMAT);
    put(&b, n_parts);
    for (size_t i = 0; i < n_parts; i++)
        put_part(&b, &parts[i]);
    seal(&b);
    accord_code rc = accord_buf_check(&b, path, &why);
    if (!rc)
        rc = accord_file_write(path, b.data, b.n, &why);
    accord_buf_fini(&b);
    return rc ? pass_on(err, &why) : ACCORD_OK;
}

/* ---- loading ---- */

/* What is left of a file.  Every part is read twice: to compare, then to keep. */
struct reader {
    const char *path;
    const char *at;
    size_t left;
    bool keep;
    accord_nn_err *err;
};

static accord_code refuse(struct reader *r, const char *what) {
    return accord_nn_fail(r->err, ACCORD_E_CONFIG, "%s: %s", r->path, what);
}

static accord_code take(struct reader *r, const void **data, uint64_t n) {
    *data = r->at;
    if (n > r->left)
        return refuse(r, "a part goes beyond the end");
    r->at += n;
    r->left -= n;
    return ACCORD_OK;
}

static accord_code number(struct reader *r, uint64_t *n) {
    const void *data;
    accord_code rc = take(r, &data, sizeof(*n));

    *n = 0;
    if (!rc)
        memcpy(n, data, sizeof(*n));
    return rc;
}

/* A number that must be `want`. */
static accord_code expect(struct reader *r, const char *part, const char *what,
                          uint64_t want) {
    uint64_t got;
    accord_code rc = number(r, &got);

    if (!rc && got != want)
        rc = accord_nn_fail(r->err, ACCORD_E_CONFIG,
                            "%s: %s: %s is %" PRIu64 ", expected %" PRIu64, r->path, part,
                            what, got, want);
    return rc;
}

/* A name that must be `want`. */
static accord_code expect_name(struct reader *r, const char *what, const char *want) {
    const void *data;
    uint64_t n;
    accord_code rc = number(r, &n);

    if (!rc)
        rc = take(r, &data, n);
    if (!rc && (n != strlen(want) || memcmp(data, want, n) != 0))
        rc = accord_nn_fail(r->err, ACCORD_E_CONFIG,
                            "%s: %s is \"%.*s\", expected \"%s\"", r->path, what,
                            (int)(n < SHOWN ? n : SHOWN), (const char *)data, want);
    return rc;
}

/* Floats into `to`, all finite. */
static accord_code floats(struct reader *r, const char *name, float *to, size_t n) {
    const void *data;
    accord_code rc = take(r, &data, n * sizeof(float));

    if (rc)
        return rc;
    if (r->keep) {
        memcpy(to, data, n * sizeof(float));
        return ACCORD_OK;
    }
    for (size_t i = 0; i < n; i++) {
        float x; /* the file does not align them */
        memcpy(&x, (const char *)data + i * sizeof(x), sizeof(x));
        if (!isfinite(x))
            return accord_nn_fail(r->err, ACCORD_E_CONFIG,
                                  "%s: element %zu of %s is not finite", r->path, i,
                                  name);
    }
    return ACCORD_OK;
}

static accord_code get_param(struct reader *r, const accord_nn_param *p) {
    accord_code rc = expect_name(r, "a parameter", p->name);

    if (!rc)
        rc = expect(r, p->name, "the rank", p->rank);
    for (uint32_t k = 0; !rc && k < p->rank; k++)
        rc = expect(r, p->name, "an axis", p->shape[k]);
    return rc ? rc : floats(r, p->name, p->value, p->size);
}

static accord_code get_params(struct reader *r, const accord_nn_part *part) {
    size_t n = accord_nn_params_count(part->params);
    accord_code rc = expect(r, part->name, "the number of parameters", n);

    for (size_t i = 0; !rc && i < n; i++)
        rc = get_param(r, accord_nn_params_at(part->params, i));
    return rc;
}

static accord_code get_adam(struct reader *r, const accord_nn_part *part) {
    accord_nn_adam *o = part->adam;
    uint64_t steps;
    accord_code rc = expect_name(r, "an optimiser's first parameter",
                                 accord_nn_params_at(o->group.set, o->group.first)->name);

    if (!rc)
        rc = expect(r, part->name, "the number of parameters", o->group.count);
    if (!rc)
        rc = expect(r, part->name, "their size", o->group.size);
    if (!rc)
        rc = number(r, &steps);
    if (!rc)
        rc = floats(r, part->name, o->m, o->group.size);
    if (!rc)
        rc = floats(r, part->name, o->v, o->group.size);
    if (!rc && r->keep)
        o->steps = steps;
    return rc;
}

static accord_code get_bytes(struct reader *r, const accord_nn_part *part) {
    const void *data;
    accord_code rc = expect(r, part->name, "the number of bytes", part->n_bytes);

    if (!rc)
        rc = take(r, &data, part->n_bytes);
    if (!rc && r->keep)
        memcpy(part->bytes, data, part->n_bytes);
    return rc;
}

static accord_code get_part(struct reader *r, const accord_nn_part *part) {
    uint64_t kind;
    accord_code rc = number(r, &kind);

    if (!rc)
        rc = expect_name(r, "a part", part->name);
    if (!rc && kind != (uint64_t)kind_of(part))
        rc = accord_nn_fail(r->err, ACCORD_E_CONFIG,
                            "%s: %s: the part is of another kind", r->path, part->name);
    if (rc)
        return rc;
    return part->params ? get_params(r, part)
           : part->adam ? get_adam(r, part)
                        : get_bytes(r, part);
}

static accord_code get_all(struct reader r, const accord_nn_part *parts, size_t n_parts) {
    accord_code rc = expect(&r, "the file", "the number of parts", n_parts);

    for (size_t i = 0; !rc && i < n_parts; i++)
        rc = get_part(&r, &parts[i]);
    if (!rc && r.left)
        rc = refuse(&r, "there is something behind the last part");
    return rc;
}

/* Takes magic, version and checksum off. */
static accord_code open_seal(struct reader *r) {
    const char *whole = r->at;
    size_t n = r->left;
    const void *data;
    uint64_t version;
    accord_sha256 sha;
    char hex[DIGITS + 1];

    if (n < sizeof(magic) || memcmp(whole, magic, sizeof(magic)) != 0)
        return refuse(r, "this is no checkpoint of accord");
    if (n < sizeof(magic) + sizeof(version) + DIGITS)
        return refuse(r, "the checkpoint is cut short");
    accord_code rc = take(r, &data, sizeof(magic));
    if (!rc)
        rc = number(r, &version);
    if (rc)
        return rc;
    if (version != FORMAT)
        return accord_nn_fail(r->err, ACCORD_E_CONFIG,
                              "%s: the checkpoint has version %" PRIu64
                              ", this build reads %d",
                              r->path, version, FORMAT);
    accord_sha256_init(&sha);
    accord_sha256_update(&sha, whole, n - DIGITS);
    accord_sha256_hex(&sha, hex);
    if (memcmp(hex, whole + n - DIGITS, DIGITS) != 0)
        return refuse(r, "the checkpoint is cut short or damaged: its SHA-256 differs");
    r->left -= DIGITS;
    return ACCORD_OK;
}

accord_code accord_nn_load(const char *path, const accord_nn_part *parts, size_t n_parts,
                           accord_nn_err *err) {
    accord_err why = {0};
    char *data;
    size_t n;

    for (size_t i = 0; i < n_parts; i++)
        if (!parts[i].name || !parts[i].params + !parts[i].adam + !parts[i].bytes != 2)
            return check_part(&parts[i], err);
    if (!accord_file_exists(path))
        return accord_nn_fail(err, ACCORD_E_NOTFOUND, "there is no checkpoint %s", path);
    if (accord_file_read(path, SIZE_MAX / 4, &data, &n, &why))
        return pass_on(err, &why);
    struct reader r = {.path = path, .at = data, .left = n, .err = err};
    accord_code rc = open_seal(&r);
    if (!rc)
        rc = get_all(r, parts, n_parts);
    r.keep = true;
    if (!rc)
        rc = get_all(r, parts, n_parts);
    free(data);
    return rc;
}
