/* render_sky.c - the sky as a camera sees it, filtered as OpenGL filters a cube map.
 *
 * A sky is kept for each way in which a camera has looked lately, and with it how much of
 * each pixel is gradient and how much is star: another colour then costs a few
 * multiplications a pixel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render_parts.h"

/* The model's sky texture, or -1. */
static int find_sky(const mjModel *m) {
    for (int i = 0; i < m->ntex; i++)
        if (m->tex_type[i] == mjTEXTURE_SKYBOX)
            return i;
    return -1;
}

static void halve(const uint8_t *from, int width, uint8_t *to, int n_faces) {
    int half = width / 2;

    for (int row = 0; row < n_faces * half; row++) {
        /* Faces lie one below the other; an odd last row is left out. */
        int face = row / half, in_face = row % half;
        const uint8_t *a =
            from + 3 * (size_t)(face * width + 2 * in_face) * (size_t)width;
        const uint8_t *b = a + 3 * (size_t)width;
        for (int x = 0; x < half; x++, a += 6, b += 6)
            for (int i = 0; i < 3; i++)
                *to++ = (uint8_t)((a[i] + a[i + 3] + b[i] + b[i + 3] + 2) / 4);
    }
}

/* The darkest of the nine texels in the middle of a face: no star. */
static void middle_of(const struct render_texture *t, int face, float rgb[3]) {
    int w = t->width, from = w / 2 - (w > 2), to = w / 2 + (w > 2);

    for (int i = 0; i < 3; i++) {
        int least = 255;
        for (int y = from; y <= to; y++)
            for (int x = from; x <= to; x++) {
                int v = t->level[0][3 * ((size_t)(face * w + y) * (size_t)w + (size_t)x) +
                                    (size_t)i];
                least = v < least ? v : least;
            }
        rgb[i] = (float)least;
    }
}

/* Copies the texture and adds its smaller versions. */
static accord_code take_texture(struct render *r, const mjModel *m, int id,
                                accord_err *err) {
    struct render_texture *t = &r->texture;
    int n_faces = m->tex_height[id] == 6 * m->tex_width[id] ? 6 : 1;

    t->width = m->tex_width[id];
    t->six = n_faces == 6;
    for (int w = t->width, i = 0; w > 0 && i < 16; w /= 2, i++) {
        size_t size = 3 * (size_t)n_faces * (size_t)w * (size_t)w;
        t->level[i] = malloc(size);
        if (!t->level[i])
            return r->host->fail(r->host, err, ACCORD_E_NOMEM, "no memory for the sky");
        if (i == 0)
            memcpy(t->level[0], m->tex_rgb + m->tex_adr[id], size);
        else
            halve(t->level[i - 1], t->width >> (i - 1), t->level[i], n_faces);
        t->n_levels = i + 1;
    }
    if (t->six) {
        middle_of(t, 2, t->zenith);
        middle_of(t, 3, t->nadir);
    }
    return ACCORD_OK;
}

/* A direction in cube coordinates onto face `face`, from -1 to 1. */
static void onto_face(const double d[3], int face, double st[2]) {
    switch (face) {
    case 0:
        st[0] = -d[2] / d[0];
        st[1] = -d[1] / d[0];
        break;
    case 1:
        st[0] = -d[2] / d[0];
        st[1] = d[1] / d[0];
        break;
    case 2:
        st[0] = d[0] / d[1];
        st[1] = d[2] / d[1];
        break;
    case 3:
        st[0] = -d[0] / d[1];
        st[1] = d[2] / d[1];
        break;
    case 4:
        st[0] = d[0] / d[2];
        st[1] = -d[1] / d[2];
        break;
    default:
        st[0] = d[0] / d[2];
        st[1] = d[1] / d[2];
    }
}

static int face_of(const double d[3]) {
    double x = fabs(d[0]), y = fabs(d[1]), z = fabs(d[2]);

    if (x >= y && x >= z)
        return d[0] > 0 ? 0 : 1;
    if (y >= z)
        return d[1] > 0 ? 2 : 3;
    return d[2] > 0 ? 4 : 5;
}

/* Adds weight times the bilinear sample of a level. */
static void sample_level(const struct render_texture *t, int level, int face,
                         const double st[2], double weight, double rgb[3]) {
    int w = t->width >> level, lo[2], hi[2];
    double f[2];

    for (int k = 0; k < 2; k++) {
        double at = 0.5 * (st[k] + 1) * w - 0.5;
        double base = floor(at);
        f[k] = at - base;
        lo[k] = base < 0 ? 0 : base > w - 1 ? w - 1 : (int)base;
        hi[k] = base + 1 < 0 ? 0 : base + 1 > w - 1 ? w - 1 : (int)base + 1;
    }
    const uint8_t *texels =
        t->level[level] + 3 * (size_t)(t->six ? face : 0) * (size_t)w * (size_t)w;
    const uint8_t *a = texels + 3 * ((size_t)lo[1] * (size_t)w + (size_t)lo[0]),
                  *b = texels + 3 * ((size_t)lo[1] * (size_t)w + (size_t)hi[0]),
                  *c = texels + 3 * ((size_t)hi[1] * (size_t)w + (size_t)lo[0]),
                  *d = texels + 3 * ((size_t)hi[1] * (size_t)w + (size_t)hi[0]);
    for (int i = 0; i < 3; i++)
        rgb[i] += weight * ((1 - f[1]) * ((1 - f[0]) * a[i] + f[0] * b[i]) +
                            f[1] * ((1 - f[0]) * c[i] + f[0] * d[i]));
}

struct view {
    double right[3], up[3], forward[3]; /* in cube coordinates */
};

static void to_cube(const double d[3], double out[3]) {
    out[0] = d[0];
    out[1] = d[2];
    out[2] = -d[1];
}

static struct view view_of(const float *forward, const float *up) {
    double f[3] = {(double)forward[0], (double)forward[1], (double)forward[2]};
    double u[3] = {(double)up[0], (double)up[1], (double)up[2]};
    double r[3] = {f[1] * u[2] - f[2] * u[1], f[2] * u[0] - f[0] * u[2],
                   f[0] * u[1] - f[1] * u[0]};
    struct view v;

    to_cube(r, v.right);
    to_cube(u, v.up);
    to_cube(f, v.forward);
    return v;
}

static void ray(const struct view *v, double x, double y, double d[3]) {
    for (int i = 0; i < 3; i++)
        d[i] = x * v->right[i] + y * v->up[i] + v->forward[i];
}

/* log2 of the texels that a step of a pixel spans. */
static double level_at(const struct render_texture *t, const struct view *v, int face,
                       const double st[2], double x, double y, double step) {
    double most = 0;

    for (int k = 0; k < 2; k++) {
        double d[3], next[2];
        ray(v, x + (k ? 0 : step), y + (k ? step : 0), d);
        onto_face(d, face, next);
        double ds = next[0] - st[0], dt = next[1] - st[1];
        most = fmax(most, ds * ds + dt * dt);
    }
    return 0.5 * log2(fmax(most * t->width * t->width / 4, 1e-12));
}

static void sample(const struct render_texture *t, const struct view *v, double x,
                   double y, double step, double rgb[3]) {
    double d[3], st[2];

    memset(rgb, 0, 3 * sizeof *rgb);
    if (!t->n_levels)
        return;
    ray(v, x, y, d);
    int face = face_of(d);
    onto_face(d, face, st);
    double level = fmin(fmax(level_at(t, v, face, st, x, y, step), 0), t->n_levels - 1);
    int low = (int)level;
    sample_level(t, low, face, st, 1 - (level - low), rgb);
    if (level > low)
        sample_level(t, low + 1, face, st, level - low, rgb);
}

/* The weight of rgb1 in the gradient at direction d (MuJoCo's builtin "gradient"). */
static double height_of(const double d[3]) {
    double e = asin(d[1] / sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])) / (M_PI / 2);
    return fmin(fmax(0.5 * (1 + sqrt(2) * e / sqrt(1 + e * e)), 0), 1);
}

/* How much of a pixel is star: white before the gradient. */
static double star_of(const struct render_texture *t, double height, double red) {
    double plain = height * (double)t->zenith[0] + (1 - height) * (double)t->nadir[0];
    double star = (red - plain + 0.5) / (255.5 - plain);
    return star < 0.01 ? 0 : fmin(star, 1);
}

static void fill_pixel(const struct render *r, struct render_sky *s, const struct view *v,
                       int px, int py) {
    const struct render_frame *f = &r->frame;
    double step = (double)f->step, rgb[3], d[3];
    double x = (px + 0.5 - 0.5 * f->width) * step;
    double y = (0.5 * f->height - py - 0.5) * step;
    size_t tile = (size_t)(py / RENDER_TILE * f->tiles_wide + px / RENDER_TILE);
    size_t lane = (size_t)(py % RENDER_TILE * RENDER_TILE + px % RENDER_TILE);

    sample(&r->texture, v, x, y, step, rgb);
    for (size_t i = 0; i < 3; i++)
        s->bytes[(3 * tile + i) * RENDER_LANES + lane] = (uint8_t)(rgb[i] + 0.5);
    ray(v, x, y, d);
    double height = height_of(d);
    s->height[tile * RENDER_LANES + lane] = (float)height;
    s->star[tile * RENDER_LANES + lane] = (float)star_of(&r->texture, height, rgb[0]);
}

static accord_code make_room(struct render *r, struct render_sky *s, accord_err *err) {
    size_t n = (size_t)(r->frame.tiles_wide * r->frame.tiles_high) * RENDER_LANES;

    if (!s->bytes)
        s->bytes = malloc(3 * n);
    if (!s->height)
        s->height = malloc(n * sizeof *s->height);
    if (!s->star)
        s->star = malloc(n * sizeof *s->star);
    if (!s->bytes || !s->height || !s->star)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "no memory for the sky");
    return ACCORD_OK;
}

static accord_code fill_sky(struct render *r, struct render_sky *s,
                            const mjvGLCamera *camera, accord_err *err) {
    struct view v = view_of(camera->forward, camera->up);
    accord_code code = make_room(r, s, err);

    s->filled = false;
    if (code)
        return code;
    for (int y = 0; y < RENDER_TILE * r->frame.tiles_high; y++)
        for (int x = 0; x < RENDER_TILE * r->frame.tiles_wide; x++)
            fill_pixel(r, s, &v, x, y);
    memcpy(s->forward, camera->forward, sizeof s->forward);
    memcpy(s->up, camera->up, sizeof s->up);
    s->step = r->frame.step;
    s->filled = true;
    return ACCORD_OK;
}

static bool fits(const struct render *r, const struct render_sky *s,
                 const mjvGLCamera *camera) {
    return s->filled && s->step == r->frame.step &&
           !memcmp(s->forward, camera->forward, sizeof s->forward) &&
           !memcmp(s->up, camera->up, sizeof s->up);
}

/* The sky of the scene's camera: a kept one, or in place of the one not used longest. */
static accord_code sky_of(struct render *r, struct render_sky **out, accord_err *err) {
    const mjvGLCamera *camera = &r->scene.camera[0];
    struct render_sky *oldest = &r->sky[0];

    r->clock++;
    for (int i = 0; i < RENDER_SKIES; i++) {
        struct render_sky *s = &r->sky[i];
        if (fits(r, s, camera)) {
            s->used = r->clock;
            *out = s;
            return ACCORD_OK;
        }
        if (s->used < oldest->used)
            oldest = s;
    }
    oldest->used = r->clock;
    *out = oldest;
    return fill_sky(r, oldest, camera, err);
}

/* One colour all over. */
static void paint_plain(struct render *r, const float rgb[3]) {
    size_t n = (size_t)(r->frame.tiles_wide * r->frame.tiles_high);

    for (size_t tile = 0; tile < n; tile++)
        for (size_t i = 0; i < 3; i++)
            memset(r->recoloured + (3 * tile + i) * RENDER_LANES,
                   (int)(rgb[i] * 255 + 0.5f), RENDER_LANES);
    r->frame.sky = r->recoloured;
}

accord_code render_sky_set(struct render *r, const render_look *look, accord_err *err) {
    struct render_frame *f = &r->frame;
    struct render_sky *s;

    if (f->mask_sky)
        return ACCORD_OK; /* the background is taken as it is */
    if (look && look->background) {
        paint_plain(r, render_key_green);
        return ACCORD_OK;
    }
    if (look && look->sky && !r->texture.six)
        return r->host->fail(
            r->host, err, ACCORD_E_UNSUPPORTED,
            "the model has no gradient for a sky: it cannot be coloured");
    accord_code code = sky_of(r, &s, err);
    if (code)
        return code;
    f->sky = s->bytes;
    if (look && look->sky) {
        r->kernels->paint(s, f->tiles_wide * f->tiles_high, look->sky, r->texture.nadir,
                          r->recoloured);
        f->sky = r->recoloured;
    }
    return ACCORD_OK;
}

accord_code render_sky_open(struct render *r, const mjModel *m, accord_err *err) {
    int id = find_sky(m);
    return id < 0 ? ACCORD_OK : take_texture(r, m, id, err);
}

void render_sky_close(struct render *r) {
    for (int i = 0; i < 16; i++)
        free(r->texture.level[i]);
    for (int i = 0; i < RENDER_SKIES; i++) {
        free(r->sky[i].bytes);
        free(r->sky[i].height);
        free(r->sky[i].star);
    }
}
