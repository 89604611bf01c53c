/* palette.c - see palette.h. */
#include "palette.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/jsonl.h>
#include <accord/rng.h>

#include "steady.h"

enum { GENERATED = 100, PERIOD = 1 << 20 };

/* The shared look of the control suite, whose floor has rgb2 = rgb1 + 0.1. */
static const float default_grid[3] = {0.1f, 0.2f, 0.3f};
static const float default_self[3] = {0.7f, 0.5f, 0.3f};
static const float default_sky[3] = {0.4f, 0.6f, 0.8f};

static float clip(double x) {
    return x < 0 ? 0.0f : x > 1 ? 1.0f : (float)x;
}

static void perturb(float out[3], const float centre[3], double spread, uint64_t *state) {
    for (int i = 0; i < 3; i++)
        out[i] = clip((double)centre[i] + spread * steady_normal(state));
}

static accord_code generate(const accord_host *host, const char *name, double spread,
                            palette *out, accord_err *err) {
    uint64_t state = accord_rng_fold_text(0, name);

    out->setting = calloc(GENERATED, sizeof(*out->setting));
    if (!out->setting)
        return host->fail(host, err, ACCORD_E_NOMEM, "no memory for the colours");
    for (; out->n < GENERATED; out->n++) {
        palette_setting *s = &out->setting[out->n];

        perturb(s->grid, default_grid, spread, &state);
        perturb(s->self, default_self, spread, &state);
        perturb(s->sky, default_sky, spread, &state);
        for (int i = 0; i < 3; i++)
            s->grid[3 + i] = clip((double)s->grid[i] + 0.1);
    }
    return ACCORD_OK;
}

/* One file on its way into the palette. */
struct reading {
    const accord_host *host;
    const char *path;
    accord_jsonl *lines;
    accord_err *err;
};

static accord_code read_colour(struct reading *r, const char *field, float out[3]) {
    const char *text = accord_jsonl_text(r->lines, field);
    double rgb[3];
    int end = 0;

    if (text)
        sscanf(text, "[%lf,%lf,%lf]%n", &rgb[0], &rgb[1], &rgb[2], &end);
    int good = text && end > 0 && text[end] == '\0';
    for (int i = 0; good && i < 3; i++) {
        good = rgb[i] >= 0 && rgb[i] <= 1;
        out[i] = (float)rgb[i];
    }
    if (good)
        return ACCORD_OK;
    return r->host->fail(r->host, r->err, ACCORD_E_CONFIG,
                         "%s:%llu: %s is not three numbers from 0 to 1", r->path,
                         (unsigned long long)accord_jsonl_line(r->lines), field);
}

static accord_code read_setting(struct reading *r, palette *out) {
    palette_setting s;
    accord_code rc = read_colour(r, "grid_rgb1", s.grid);

    if (!rc)
        rc = read_colour(r, "grid_rgb2", s.grid + 3);
    if (!rc)
        rc = read_colour(r, "self_rgb", s.self);
    if (!rc)
        rc = read_colour(r, "skybox_rgb", s.sky);
    if (rc)
        return rc;
    palette_setting *more = realloc(out->setting, (out->n + 1) * sizeof(s));
    if (!more)
        return r->host->fail(r->host, r->err, ACCORD_E_NOMEM,
                             "no memory for the colours");
    out->setting = more;
    out->setting[out->n++] = s;
    return ACCORD_OK;
}

static accord_code read_file(const accord_host *host, const char *path, palette *out,
                             accord_err *err) {
    struct reading r = {.host = host, .path = path, .err = err};
    int more;

    out->file = strdup(path);
    if (!out->file)
        return host->fail(host, err, ACCORD_E_NOMEM, "no memory for the colours");
    accord_code rc = accord_jsonl_open(host, path, &r.lines, err);
    if (rc)
        return rc;
    while ((rc = accord_jsonl_next(r.lines, &more, err)) == ACCORD_OK && more)
        if ((rc = read_setting(&r, out)) != ACCORD_OK)
            break;
    accord_jsonl_close(r.lines);
    if (!rc && out->n == 0)
        rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: no colours in it", path);
    return rc;
}

accord_code palette_open(const accord_host *host, const char *name, double spread,
                         palette *out, accord_err *err) {
    char file[64], path[PATH_MAX];

    *out = (palette){0};
    snprintf(file, sizeof(file), "dmcgb/%s.jsonl", name);
    accord_code rc = host->data_path(host, file, path, sizeof(path), NULL);
    if (rc == ACCORD_OK)
        return read_file(host, path, out, err);
    return generate(host, name, spread, out, err);
}

const palette_setting *palette_draw(palette *p, uint32_t seed, uint64_t item) {
    uint64_t wanted = item % PERIOD + 1;
    uint32_t index = 0;

    if (p->drawn == 0 || p->seed != seed || wanted <= p->drawn) {
        numpy_random_seed(&p->stream, seed);
        p->seed = seed;
        p->drawn = 0;
    }
    for (; p->drawn < wanted; p->drawn++)
        index = numpy_random_below(&p->stream, (uint32_t)p->n);
    return &p->setting[index];
}

void palette_fini(palette *p) {
    free(p->setting);
    free(p->file);
    *p = (palette){0};
}
