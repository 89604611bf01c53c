/* render.c - a renderer's memory, and a picture from begin to end. */
#include "render.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "render_parts.h"

static const struct render_kernels *kernels_at(int level) {
    switch (level) {
    case 0:
        return &render_sse2;
#ifdef __x86_64__
    case 1:
        return __builtin_cpu_supports("avx2") ? &render_avx2 : NULL;
    case 2:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                   ? &render_avx512
                   : NULL;
#endif
    default:
        return NULL;
    }
}

bool render_use_level(render *r, int level) {
    const struct render_kernels *k = kernels_at(level);

    if (k)
        r->kernels = k;
    return k != NULL;
}

/* Does a texture look like a board of 2 x 2 squares? */
static bool is_checker(const mjModel *m, int tex) {
    int w = m->tex_width[tex], h = m->tex_height[tex];
    const mjtByte *texel = m->tex_rgb + m->tex_adr[tex];

    for (int i = 0; i < 16; i++) {
        /* Where the same colour should stand: in the square across, and near here. */
        int x = (2 * (i % 4) + 1) * w / 8, y = (2 * (i / 4) + 1) * h / 8;
        int first = (i % 4 < 2) == (i / 4 < 2) ? w / 8 : 5 * w / 8;
        if (memcmp(texel + 3 * (y * w + x), texel + 3 * (h / 8 * w + first), 3) != 0)
            return false;
    }
    return true;
}

static const char *name_of(const mjModel *m, int geom) {
    const char *name = mj_id2name(m, mjOBJ_GEOM, geom);
    return name && *name ? name : "(no name)";
}

/* Room for all of the model, its sites, and for the links of hanging strings. */
static int geoms_of(const mjModel *m) {
    return m->ngeom + m->nsite + 64 * (1 + m->ntendon) + m->nwrap;
}

/* What geom `i` has that cannot be drawn, or NULL. */
static const char *what_stops(const mjModel *m, int i) {
    int material = m->geom_matid[i];
    int tex = material >= 0 ? m->mat_texid[material] : -1;

    if (m->geom_group[i] > 2)
        return NULL; /* not drawn */
    if (m->geom_type[i] == mjGEOM_MESH)
        return "is a mesh";
    if (m->geom_type[i] == mjGEOM_HFIELD)
        return "is a height field";
    if (tex >= 0 && m->geom_type[i] != mjGEOM_PLANE)
        return "wears a texture without being a plane";
    if (tex >= 0 && (m->tex_type[tex] != mjTEXTURE_2D || !is_checker(m, tex)))
        return "wears a texture that is no checker";
    return NULL;
}

static accord_code check_model(const accord_host *host, const mjModel *m,
                               accord_err *err) {
    for (int i = 0; i < m->ngeom; i++) {
        const char *what = what_stops(m, i);
        if (what)
            return host->fail(host, err, ACCORD_E_UNSUPPORTED,
                              "geom %d, %s, %s: that the renderer does not draw", i,
                              name_of(m, i), what);
    }
    if (m->nskin > 0)
        return host->fail(host, err, ACCORD_E_UNSUPPORTED,
                          "the model has a skin: that the renderer does not draw");
    if (geoms_of(m) > INT16_MAX)
        return host->fail(host, err, ACCORD_E_UNSUPPORTED,
                          "the model has more geoms than the renderer counts");
    return ACCORD_OK;
}

static void set_sizes(struct render *r, const mjModel *m, int width, int height) {
    struct render_frame *f = &r->frame;

    r->max_geoms = geoms_of(m);
    f->width = width;
    f->height = height;
    f->tiles_wide = (width + RENDER_TILE - 1) / RENDER_TILE;
    f->tiles_high = (height + RENDER_TILE - 1) / RENDER_TILE;
    f->words = (r->max_geoms + 63) / 64;
    f->stride = RENDER_TILE * f->tiles_wide + 16;
    f->out_stride = RENDER_TILE * f->tiles_wide;
}

static bool make_bins(const struct render_frame *f, struct render_bins *b) {
    b->row = calloc((size_t)(f->tiles_high * f->words), sizeof *b->row);
    b->column = calloc((size_t)(f->tiles_wide * f->words), sizeof *b->column);
    return b->row && b->column;
}

static bool make_all_bins(struct render_frame *f) {
    bool ok =
        make_bins(f, &f->solid) && make_bins(f, &f->images) && make_bins(f, &f->glass);

    for (int i = 0; i < mjMAXLIGHT && ok; i++)
        ok = make_bins(f, &f->shadow[i]);
    return ok;
}

static bool make_geoms(struct render *r) {
    struct render_frame *f = &r->frame;
    size_t n = (size_t)r->max_geoms;

    f->geom = calloc(n, sizeof *f->geom);
    f->image = calloc(n, sizeof *f->image);
    f->behind = calloc(n, sizeof *f->behind);
    f->thin = calloc((size_t)f->words, sizeof *f->thin);
    bool ok = f->geom && f->image && f->behind && f->thin;
    for (int i = 0; i < 2; i++) {
        f->candidate[i] = calloc(n, sizeof *f->candidate[i]);
        ok = ok && f->candidate[i];
    }
    return ok;
}

static bool make_planes(struct render *r) {
    struct render_frame *f = &r->frame;
    size_t n_tiles = (size_t)f->tiles_wide * (size_t)f->tiles_high;
    size_t n_ring = RENDER_RING * RENDER_LANES * (size_t)f->tiles_wide;
    size_t n_ids = (size_t)(RENDER_TILE * f->tiles_high + 2) * (size_t)f->stride;

    f->visible = calloc((size_t)(f->tiles_wide + 2) * (size_t)(f->tiles_high + 2) *
                            (size_t)f->words,
                        sizeof *f->visible);
    f->depth = calloc(n_ring, sizeof *f->depth);
    f->hit = calloc(n_ring, sizeof *f->hit);
    f->id = calloc(n_ids, sizeof *f->id);
    f->edge = calloc(RENDER_TILE * (size_t)f->stride, sizeof *f->edge);
    r->recoloured = calloc(n_tiles * RENDER_LANES, 3);
    r->padded = calloc(n_tiles * RENDER_LANES, 3);
    return f->visible && f->depth && f->hit && f->id && f->edge && r->recoloured &&
           r->padded;
}

struct making {
    struct render *r;
    const mjModel *m;
};

static void enter_make_scene(void *arg) {
    struct making *k = arg;
    mjv_makeScene(k->m, &k->r->scene, k->r->max_geoms);
}

static bool make_scene(struct render *r, const mjModel *m) {
    char why[200];

    mjv_defaultOption(&r->option);
    mjv_defaultScene(&r->scene);
    return !engine_try(enter_make_scene, &(struct making){r, m}, why, sizeof why);
}

accord_code render_new(const accord_host *host, const mjModel *m, int width, int height,
                       render **out, accord_err *err) {
    *out = NULL;
    if (width < 1 || height < 1 || width > 4096 || height > 4096)
        return host->fail(host, err, ACCORD_E_ARG,
                          "a picture of %d x %d: each side is 1 to 4096", width, height);
    accord_code code = check_model(host, m, err);
    struct render *r = code ? NULL : calloc(1, sizeof *r);
    if (code)
        return code;
    if (!r)
        return host->fail(host, err, ACCORD_E_NOMEM, "no memory for a renderer");
    r->host = host;
    for (int level = 0; level < 3; level++)
        render_use_level(r, level);
    set_sizes(r, m, width, height);
    if (!make_geoms(r) || !make_all_bins(&r->frame) || !make_planes(r) ||
        !make_scene(r, m))
        code = host->fail(host, err, ACCORD_E_NOMEM, "no memory for a renderer");
    if (!code)
        code = render_sky_open(r, m, err);
    if (code) {
        render_free(r);
        return code;
    }
    *out = r;
    return ACCORD_OK;
}

static void free_bins(struct render_bins *b) {
    free(b->row);
    free(b->column);
}

static void free_frame(struct render_frame *f) {
    free_bins(&f->solid);
    free_bins(&f->images);
    free_bins(&f->glass);
    for (int i = 0; i < mjMAXLIGHT; i++)
        free_bins(&f->shadow[i]);
    for (int i = 0; i < 2; i++)
        free(f->candidate[i]);
    free(f->geom);
    free(f->image);
    free(f->behind);
    free(f->thin);
    free(f->corner);
    free(f->visible);
    free(f->depth);
    free(f->hit);
    free(f->id);
    free(f->edge);
}

void render_free(render *r) {
    if (!r)
        return;
    free_frame(&r->frame);
    render_sky_close(r);
    free(r->recoloured);
    free(r->padded);
    mjv_freeScene(&r->scene);
    free(r);
}

/* Draws straight into the caller's planes where whole tiles fit them. */
static bool aim(struct render *r, unsigned char *planar) {
    struct render_frame *f = &r->frame;
    bool straight = f->width % RENDER_TILE == 0 && f->height % RENDER_TILE == 0;
    size_t n = (size_t)RENDER_LANES * (size_t)f->tiles_wide * (size_t)f->tiles_high;

    for (size_t k = 0; k < 3; k++)
        f->out[k] = (straight ? planar : r->padded) + k * n;
    return straight;
}

static void copy_out(const struct render_frame *f, unsigned char *planar) {
    for (int k = 0; k < 3; k++)
        for (int y = 0; y < f->height; y++, planar += f->width)
            memcpy(planar, f->out[k] + y * f->out_stride, (size_t)f->width);
}

accord_code render_frame(render *r, const mjModel *m, mjData *d, int camera,
                         const render_look *look, unsigned char *planar,
                         accord_err *err) {
    struct render_frame *f = &r->frame;
    accord_code code = render_scene_take(r, m, d, camera, look, err);

    if (!code)
        code = render_sky_set(r, look, err);
    if (code)
        return code;
    f->background = look ? look->background : NULL;
    render_bins_fill(f);
    bool straight = aim(r, planar);
    r->kernels->draw(f);
    if (!straight)
        copy_out(f, planar);
    if (f->background && look->key)
        render_key_apply(f, planar);
    return ACCORD_OK;
}

const int16_t *render_ids(const render *r, int *stride) {
    *stride = r->frame.stride;
    return r->frame.id + r->frame.stride + 1;
}

const mjvScene *render_scene(const render *r) {
    return &r->scene;
}
