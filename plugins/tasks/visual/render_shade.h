/* render_shade.h - the second pass, colours, and the picture as a whole.
 *
 * A pixel inside a surface is shaded once.  At an edge four samples say how much of the
 * pixel each geom covers, and each of them is shaded once there. */
#ifndef ACCORD_VISUAL_RENDER_SHADE_H
#define ACCORD_VISUAL_RENDER_SHADE_H

#include "render_plane.h"

/* Where m: is something between the points and light number `s` of those that cast
 * shadows? */
static vm in_shadow(struct render_frame *f, const struct packet *p, int self, int s, vf x,
                    vf y, vf t, vm m) {
    int n_light = f->n_lights - f->n_shadows + s;
    int *list = f->candidate[1];
    int n = list_geoms(f, &f->shadow[s], p->column, p->row, list);
    vm dark = vmask(0);

    for (int i = 0; i < n && vbits(dark) != vbits(m); i++) {
        const struct render_geom *g = &f->geom[list[i]];
        if (list[i] == self)
            continue;
        v3 at = point_on(g, ray_in(g, x, y), t), to = v3_set(g->light[n_light].pos);
        if (!f->light[n_light].directional)
            to = v3_sub(to, at);
        vf way = hit_shape(g, at, to);
        vf end = vset(f->light[n_light].directional ? 0.5f * RENDER_FAR : 1);
        dark = vor(dark, vand(m, vand(vlt(vset(1e-5f), way), vlt(way, end))));
    }
    return dark;
}

/* Adds the image that plane `index` reflects. */
static void add_reflection(struct render_frame *f, const struct packet *p, vf x, vf y,
                           vf t, vm m, vf rgb[3]) {
    int *list = f->candidate[1];
    int n = list_geoms(f, &f->images, p->column, p->row, list);
    vf depth = vset(RENDER_FAR), behind = t * vset(1.00001f);
    vi hit = viset(RENDER_SKY);
    vm all = vmask(0);

    for (int i = 0; i < n; i++) {
        vf way = hit_geom(&f->image[list[i]], x, y);
        vm seen = vand(m, vand(vlt(way, depth), vlt(behind, way)));
        depth = vselect(seen, way, depth);
        hit = viselect(seen, viset(list[i]), hit);
        all = vor(all, seen);
    }
    int32_t ids[W];
    vistore(ids, hit);
    for (unsigned rest = vbits(all); rest;) {
        int g = ids[__builtin_ctz(rest)];
        vm here = vsame(hit, g);
        passes light;
        light_geom(f, &f->image[g], x, y, depth, here, LIGHT_MIRROR, &light);
        for (int i = 0; i < 3; i++)
            rgb[i] = vselect(here, rgb[i] + light.light[0][i], rgb[i]);
        rest &= ~vbits(here);
    }
}

/* The colour of geom `g` at depth t where m, in levels. */
static void shade_geom(struct render_frame *f, const struct packet *p, int g, vf x, vf y,
                       vf t, vm m, vf rgb[3]) {
    passes light;

    light_geom(f, &f->geom[g], x, y, t, m, LIGHT_PASSES, &light);
    for (int i = 0; i < 3; i++)
        rgb[i] = light.light[0][i];
    for (int s = 0; s < light.n - 1; s++) {
        vf *more = light.light[s + 1];
        vm lit = vand(m, vlt(vset(0), more[0] + more[1] + more[2]));
        if (!vany(lit))
            continue;
        vm dark = in_shadow(f, p, g, s, x, y, t, lit);
        for (int i = 0; i < 3; i++)
            rgb[i] = rgb[i] + vselect(dark, vset(0), more[i]);
    }
    if (g == f->mirror)
        add_reflection(f, p, x, y, t, m, rgb);
    for (int i = 0; i < 3; i++)
        rgb[i] = vmin(rgb[i], vset(255));
}

/* ---- edges ------------------------------------------------------------------------- */

/* Where llvmpipe has its four samples, in pixels to the right and up from the middle. */
static const float sample_x[RENDER_SAMPLES] = {-0.125f, 0.375f, -0.375f, 0.125f};
static const float sample_y[RENDER_SAMPLES] = {-0.375f, -0.125f, 0.125f, 0.375f};

/* What the samples of a tile's pixels see. */
struct samples {
    float depth[RENDER_SAMPLES][RENDER_LANES];
    int32_t hit[RENDER_SAMPLES][RENDER_LANES];
};

VFN vf sample_slope(const struct render_frame *f, vf at, const float *offset, int s) {
    return at + vset(offset[s] * f->step);
}

/* The geoms that count at the edges of a tile: those visible in it or beside it, and thin
 * ones. */
VFN int list_near(const struct render_frame *f, int column, int row, int *list) {
    int n = 0;

    for (int w = 0; w < f->words; w++) {
        uint64_t near = f->thin[w];
        for (int y = -1; y <= 1; y++)
            for (int x = -1; x <= 1; x++)
                near |= visible_in(f, column + x, row + y)[w];
        uint64_t bits = near & f->solid.row[row * f->words + w] &
                        f->solid.column[column * f->words + w];
        for (; bits; bits &= bits - 1)
            list[n++] = 64 * w + __builtin_ctzll(bits);
    }
    return n;
}

/* Everywhere what the middle of the pixel sees. */
VFN void take_middles(const struct render_frame *f, int tile, struct samples *out) {
    for (int s = 0; s < RENDER_SAMPLES; s++) {
        memcpy(out->depth[s], f->depth + RENDER_LANES * tile, sizeof out->depth[s]);
        memcpy(out->hit[s], f->hit + RENDER_LANES * tile, sizeof out->hit[s]);
    }
}

/* Pixels whose samples are taken at once. */
enum { GROUP = W / RENDER_SAMPLES };

/* Takes the samples of up to GROUP pixels of a tile. */
static void take_group(struct render_frame *f, const float *x, const float *y,
                       const int *list, int n, const int *pixel, struct samples *out) {
    float at_x[W], at_y[W], depth[W];
    int32_t hit[W];

    for (int i = 0; i < W; i++) {
        int s = i % RENDER_SAMPLES, lane = pixel[i / RENDER_SAMPLES];
        at_x[i] = x[lane] + sample_x[s] * f->step;
        at_y[i] = y[lane] + sample_y[s] * f->step;
    }
    vf best = vset(RENDER_FAR), near = vset(f->near), px = vload(at_x), py = vload(at_y);
    vi which = viset(RENDER_SKY);
    for (int i = 0; i < n; i++) {
        vf t = hit_geom(&f->geom[list[i]], px, py);
        vm m = vand(vlt(t, best), vlt(near, t));
        best = vselect(m, t, best);
        which = viselect(m, viset(list[i]), which);
    }
    vstore(depth, best);
    vistore(hit, which);
    for (int i = 0; i < W; i++) {
        out->depth[i % RENDER_SAMPLES][pixel[i / RENDER_SAMPLES]] = depth[i];
        out->hit[i % RENDER_SAMPLES][pixel[i / RENDER_SAMPLES]] = hit[i];
    }
}

static void take_samples(struct render_frame *f, int column, int row, unsigned edges,
                         const int *list, int n, struct samples *out) {
    float x[RENDER_LANES], y[RENDER_LANES];
    int pixel[GROUP];

    for (int first = 0; first < RENDER_LANES; first += W) {
        struct packet p = packet_at(f, column, row, first);
        vstore(x + first, p.x);
        vstore(y + first, p.y);
    }
    while (edges) {
        /* The last group is filled up with its last pixel. */
        for (int k = 0; k < GROUP; k++) {
            pixel[k] = edges ? __builtin_ctz(edges) : pixel[k - 1];
            edges &= edges - 1;
        }
        take_group(f, x, y, list, n, pixel, out);
    }
}

VFN vm sees(const struct samples *samples, const struct packet *p, int s, int g) {
    return vsame(viload(samples->hit[s] + p->first), g);
}

/* Where a geom is shaded: slopes of the rays and depths. */
struct place {
    vf x, y, t;
};

/* In the middle of what it covers of each pixel: right for geoms thinner than a pixel,
 * whose sides turn away within it. */
VFN void move_to_middle(const struct render_frame *f, const struct packet *p,
                        const struct samples *samples, int g, vf n, struct place *at) {
    vf x = vset(0), y = vset(0), per_n = vset(1) / vmax(n, vset(1));

    for (int s = 0; s < RENDER_SAMPLES; s++) {
        vm m = sees(samples, p, s, g);
        x = x + vselect(m, vset(sample_x[s] * f->step), vset(0));
        y = y + vselect(m, vset(sample_y[s] * f->step), vset(0));
    }
    at->x = p->x + x * per_n;
    at->y = p->y + y * per_n;
    vf t = hit_geom(&f->geom[g], at->x, at->y);
    at->t = vselect(vlt(t, vset(RENDER_FAR)), t, at->t);
}

/* In the middle of the pixel where the geom is seen there, else at a sample. */
VFN void move_to_pixel(const struct render_frame *f, const struct packet *p,
                       const struct samples *samples, int g, struct place *at) {
    vm m = vsame(viload(f->hit + RENDER_LANES * p->tile + p->first), g);
    vf depth = vload(f->depth + RENDER_LANES * p->tile + p->first);

    at->t = vselect(m, depth, at->t);
    at->x = at->y = vset(0);
    for (int s = 0; s < RENDER_SAMPLES; s++) {
        vm here = vandnot(sees(samples, p, s, g), m);
        at->x = vselect(here, vset(sample_x[s] * f->step), at->x);
        at->y = vselect(here, vset(sample_y[s] * f->step), at->y);
    }
    at->x = p->x + at->x;
    at->y = p->y + at->y;
}

/* Adds geom `g` as far as it covers the pixels. */
static void add_covered(struct render_frame *f, const struct packet *p,
                        const struct samples *samples, int g, vf rgb[3]) {
    struct place at = {.t = vset(1)};
    vf n = vset(0), colour[3];
    vm any = vmask(0);

    for (int s = 0; s < RENDER_SAMPLES; s++) {
        vm m = sees(samples, p, s, g);
        any = vor(any, m);
        n = n + vselect(m, vset(1), vset(0));
        at.t = vselect(m, vload(samples->depth[s] + p->first), at.t);
    }
    if (!vany(any))
        return;
    if (f->thin[g / 64] >> (g % 64) & 1)
        move_to_middle(f, p, samples, g, n, &at);
    else
        move_to_pixel(f, p, samples, g, &at);
    shade_geom(f, p, g, at.x, at.y, at.t, any, colour);
    for (int i = 0; i < 3; i++)
        rgb[i] =
            rgb[i] + vselect(any, n * vset(1.0f / RENDER_SAMPLES) * colour[i], vset(0));
}

VFN bool is_background(const struct render_frame *f, int g) {
    return g == RENDER_SKY || (f->mask_floor && g == f->floor);
}

static void add_background(const struct render_frame *f, const struct packet *p,
                           const struct samples *samples, const uint8_t *under,
                           vf rgb[3]) {
    vf cover = vset(0), share = vset(1.0f / RENDER_SAMPLES);

    for (int s = 0; s < RENDER_SAMPLES; s++) {
        vm m = sees(samples, p, s, RENDER_SKY);
        if (f->mask_floor)
            m = vor(m, sees(samples, p, s, f->floor));
        cover = cover + vselect(m, share, vset(0));
    }
    for (int i = 0; i < 3; i++)
        rgb[i] = rgb[i] + cover * vbytes(under + RENDER_LANES * i + p->first);
}

static void shade_edges(struct render_frame *f, const struct packet *p, const int *list,
                        int n, const uint8_t *under, const struct samples *samples,
                        vf rgb[3]) {
    for (int i = 0; i < 3; i++)
        rgb[i] = vset(0);
    for (int i = 0; i < n; i++)
        if (!is_background(f, list[i]))
            add_covered(f, p, samples, list[i], rgb);
    add_background(f, p, samples, under, rgb);
}

static void shade_inside(struct render_frame *f, const struct packet *p,
                         const uint8_t *under, vf rgb[3]) {
    const int32_t *ids = f->hit + RENDER_LANES * p->tile + p->first;
    vf depth = vload(f->depth + RENDER_LANES * p->tile + p->first), colour[3];
    vi hit = viload(ids);

    for (int i = 0; i < 3; i++)
        rgb[i] = vbytes(under + RENDER_LANES * i + p->first);
    for (unsigned rest = (1u << W) - 1; rest;) {
        int g = ids[__builtin_ctz(rest)];
        vm here = vsame(hit, g);
        rest &= ~vbits(here);
        if (is_background(f, g))
            continue;
        shade_geom(f, p, g, p->x, p->y, depth, here, colour);
        for (int i = 0; i < 3; i++)
            rgb[i] = vselect(here, colour[i], rgb[i]);
    }
}

/* ---- transparent geoms ------------------------------------------------------------- */

/* Lays a transparent geom over the picture.  It hides nothing and takes no shadows. */
static void lay_glass(struct render_frame *f, const struct packet *p, int index,
                      const struct samples *samples, vf rgb[3]) {
    struct render_geom *g = &f->geom[index];
    vf cover = vset(0), x = p->x, y = p->y, t = vset(1), near = vset(f->near);
    vm any = vmask(0);

    for (int s = 0; s < RENDER_SAMPLES; s++) {
        vf sx = sample_slope(f, p->x, sample_x, s),
           sy = sample_slope(f, p->y, sample_y, s);
        vf way = hit_geom(g, sx, sy);
        vm m = vand(vlt(way, vload(samples->depth[s] + p->first)), vlt(near, way));
        any = vor(any, m);
        cover = cover + vselect(m, vset(1.0f / RENDER_SAMPLES), vset(0));
        x = vselect(m, sx, x);
        y = vselect(m, sy, y);
        t = vselect(m, way, t);
    }
    if (!vany(any))
        return;
    vf way = hit_geom(g, p->x, p->y);
    vm m = vand(any, vand(vlt(way, vset(RENDER_FAR)), vlt(near, way)));
    x = vselect(m, p->x, x);
    y = vselect(m, p->y, y);
    t = vselect(m, way, t);
    passes light;
    light_geom(f, g, x, y, t, any, LIGHT_TRANSPARENT, &light);
    cover = cover * vset(g->alpha);
    for (int i = 0; i < 3; i++)
        rgb[i] = rgb[i] + vselect(any, cover * (light.light[0][i] - rgb[i]), vset(0));
}

/* From near to far, and back: as mjr draws its transparent geoms, twice. */
static void lay_all(struct render_frame *f, const struct packet *p,
                    const struct samples *samples, vf rgb[3]) {
    for (int k = 0; k < 2 * f->n_transparent; k++) {
        int i = f->behind[k < f->n_transparent ? k : 2 * f->n_transparent - 1 - k];
        int word = i / 64;
        uint64_t bits = f->glass.row[p->row * f->words + word] &
                        f->glass.column[p->column * f->words + word];
        if (bits >> (i % 64) & 1)
            lay_glass(f, p, i, samples, rgb);
    }
}

/* ---- tiles ------------------------------------------------------------------------- */

/* One bit per pixel of the tile that lies at an edge. */
VFN unsigned edges_of(const struct render_frame *f, int column) {
    const int16_t *at = f->edge + RENDER_TILE * column;
    uint64_t line[RENDER_TILE];
    unsigned bits = 0;

    for (int y = 0; y < RENDER_TILE; y++)
        memcpy(&line[y], at + y * f->stride, sizeof line[y]);
    if (!(line[0] | line[1] | line[2] | line[3]))
        return 0;
    for (int i = 0; i < RENDER_LANES; i++)
        bits |= (unsigned)(at[i / RENDER_TILE * f->stride + i % RENDER_TILE] & 1) << i;
    return bits;
}

/* Is a thin geom or a transparent one in the tile? */
VFN void tile_holds(const struct render_frame *f, int column, int row, bool *thin,
                    bool *glass) {
    *thin = *glass = false;
    for (int w = 0; w < f->words; w++) {
        uint64_t solid =
            f->solid.row[row * f->words + w] & f->solid.column[column * f->words + w];
        uint64_t clear =
            f->glass.row[row * f->words + w] & f->glass.column[column * f->words + w];
        *thin |= (solid & f->thin[w]) != 0;
        *glass |= clear != 0;
    }
}

/* The background's pixels under a tile; beyond its borders, those at them. */
static void cut_background(const struct render_frame *f, int column, int row,
                           uint8_t *to) {
    for (int i = 0; i < RENDER_LANES; i++) {
        int x = RENDER_TILE * column + i % RENDER_TILE;
        int y = RENDER_TILE * row + i / RENDER_TILE;
        x = x < f->width ? x : f->width - 1;
        y = y < f->height ? y : f->height - 1;
        const uint8_t *from =
            f->background + 3 * ((size_t)y * (size_t)f->width + (size_t)x);
        for (int k = 0; k < 3; k++)
            to[RENDER_LANES * k + i] = from[k];
    }
}

static void put_tile(const struct render_frame *f, int column, int row,
                     const uint8_t *from) {
    for (int k = 0; k < 3; k++)
        for (int y = 0; y < RENDER_TILE; y++)
            memcpy(f->out[k] + (RENDER_TILE * row + y) * f->out_stride +
                       RENDER_TILE * column,
                   from + RENDER_LANES * k + RENDER_TILE * y, RENDER_TILE);
}

VFN bool all_background(const struct render_frame *f, int tile) {
    vm other = vmask(0);

    for (int first = 0; first < RENDER_LANES; first += W) {
        vi hit = viload(f->hit + RENDER_LANES * tile + first);
        vm under = vsame(hit, RENDER_SKY);
        if (f->mask_floor)
            under = vor(under, vsame(hit, f->floor));
        other = vor(other, vandnot(vmask((1u << W) - 1), under));
    }
    return !vany(other);
}

static void shade_pixels(struct render_frame *f, int column, int row, unsigned edges,
                         bool glass, const uint8_t *under, uint8_t *done) {
    int *list = f->candidate[0], n = 0;
    struct samples samples;

    if (edges || glass)
        take_middles(f, ring_tile(f, column, row), &samples);
    if (edges) {
        n = list_near(f, column, row, list);
        take_samples(f, column, row, edges, list, n, &samples);
    }
    for (int first = 0; first < RENDER_LANES; first += W) {
        struct packet p = packet_at(f, column, row, first);
        vf rgb[3];
        if (edges >> first & ((1u << W) - 1))
            shade_edges(f, &p, list, n, under, &samples, rgb);
        else
            shade_inside(f, &p, under, rgb);
        if (glass)
            lay_all(f, &p, &samples, rgb);
        for (int k = 0; k < 3; k++)
            vstore_bytes(done + RENDER_LANES * k + first, vround(rgb[k]));
    }
}

static void shade_tile(struct render_frame *f, int column, int row) {
    uint8_t cut[3 * RENDER_LANES], done[3 * RENDER_LANES];
    unsigned edges = edges_of(f, column);
    bool thin, glass;
    const uint8_t *under =
        f->sky + 3 * RENDER_LANES * (size_t)(row * f->tiles_wide + column);

    tile_holds(f, column, row, &thin, &glass);
    if (thin)
        edges = (1u << RENDER_LANES) - 1;
    if (f->mask_sky) {
        cut_background(f, column, row, cut);
        under = cut;
    }
    if (!edges && !glass && all_background(f, ring_tile(f, column, row))) {
        put_tile(f, column, row, under);
        return;
    }
    shade_pixels(f, column, row, edges, glass, under, done);
    put_tile(f, column, row, done);
}

/* Each row of tiles is shaded as soon as the one below it has been seen. */
static void draw(struct render_frame *f) {
    see_row(f, 0);
    for (int row = 0; row < f->tiles_high; row++) {
        if (row + 1 < f->tiles_high)
            see_row(f, row + 1);
        find_edges(f, row);
        for (int column = 0; column < f->tiles_wide; column++)
            shade_tile(f, column, row);
    }
    vdone();
}

/* ---- the sky in another colour ----------------------------------------------------- */

static void paint(const struct render_sky *s, int n_tiles, const float rgb1[3],
                  const float nadir[3], uint8_t *out) {
    for (int at = 0; at < n_tiles * RENDER_LANES; at += W) {
        vf height = vload(s->height + at), star = vload(s->star + at);
        uint8_t *to = out + at / RENDER_LANES * 3 * RENDER_LANES + at % RENDER_LANES;
        for (int i = 0; i < 3; i++, to += RENDER_LANES) {
            /* The texture's bytes were cut off, half a level on average. */
            vf plain = height * vset(255 * rgb1[i] - nadir[i]) + vset(nadir[i] - 0.5f);
            plain = vmax(plain, vset(0));
            vstore_bytes(to, vround(plain + star * (vset(255) - plain)));
        }
    }
    vdone();
}

#endif
