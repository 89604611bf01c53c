/* render_bins.c - in which tiles a geom, its image and its shadows may be seen. */
#include <math.h>
#include <string.h>

#include "render_parts.h"

/* Slopes x/z and y/z: a rectangle of the picture. */
struct rect {
    float x0, x1, y0, y1;
};

static const struct rect nothing = {RENDER_FAR, -RENDER_FAR, RENDER_FAR, -RENDER_FAR};
static const struct rect everything = {-RENDER_FAR, RENDER_FAR, -RENDER_FAR, RENDER_FAR};

static float least(float a, float b) {
    return a < b ? a : b;
}

static float most(float a, float b) {
    return a > b ? a : b;
}

static void cover(struct rect *r, const struct rect *more) {
    r->x0 = least(r->x0, more->x0);
    r->x1 = most(r->x1, more->x1);
    r->y0 = least(r->y0, more->y0);
    r->y1 = most(r->y1, more->y1);
}

/* The slopes of the two tangents from the eye to a circle at (x, z). */
static void tangents(float x, float z, float radius, float *low, float *high) {
    float below = z * z - radius * radius;
    float root = radius * sqrtf(most(x * x + below, 0));

    *low = (x * z - root) / below;
    *high = (x * z + root) / below;
}

static void cover_sphere(struct rect *r, const float at[3], float radius) {
    struct rect s;

    if (at[2] <= -radius)
        return;
    if (at[2] <= radius * 1.001f) {
        *r = everything;
        return;
    }
    tangents(at[0], at[2], radius, &s.x0, &s.x1);
    tangents(at[1], at[2], radius, &s.y0, &s.y1);
    cover(r, &s);
}

/* The ball `which` (0 or 1) of a geom: a capsule is its two ends, all else one ball. */
static float ball_of(const struct render_geom *g, int which, float at[3]) {
    float along = 0, radius = g->size[0];

    if (g->shape == SHAPE_CAPSULE)
        along = which ? g->size[2] : -g->size[2];
    else if (g->shape == SHAPE_CYLINDER)
        radius = sqrtf(g->size[0] * g->size[0] + g->size[2] * g->size[2]);
    else if (g->shape == SHAPE_ELLIPSOID)
        radius = most(g->size[0], most(g->size[1], g->size[2]));
    else if (g->shape == SHAPE_BOX)
        radius = sqrtf(g->size[0] * g->size[0] + g->size[1] * g->size[1] +
                       g->size[2] * g->size[2]);
    for (int i = 0; i < 3; i++)
        at[i] = g->at[i] + along * g->frame[3 * i + 2];
    return radius;
}

/* Corner number `c` of a box around the geom. */
static void corner_of(const struct render_geom *g, const float size[3], int c,
                      float at[3]) {
    for (int i = 0; i < 3; i++)
        at[i] = g->at[i] + (c & 1 ? size[0] : -size[0]) * g->frame[3 * i] +
                (c & 2 ? size[1] : -size[1]) * g->frame[3 * i + 1] +
                (c & 4 ? size[2] : -size[2]) * g->frame[3 * i + 2];
}

static void cover_point(struct rect *r, const float at[3]) {
    const float x = at[0] / at[2], y = at[1] / at[2];
    const struct rect s = {x, x, y, y};
    cover(r, &s);
}

/* Where the edge from p to q passes depth `near`. */
static void cover_crossing(struct rect *r, const float p[3], const float q[3],
                           float near) {
    float k = (near - p[2]) / (q[2] - p[2]);
    const float at[3] = {p[0] + k * (q[0] - p[0]), p[1] + k * (q[1] - p[1]), near};
    cover_point(r, at);
}

static void cover_plane(struct rect *r, const struct render_geom *g, float near) {
    const float size[3] = {g->size[0], g->size[1], 0};
    static const int around[4] = {0, 1, 3, 2};
    float p[4][3];

    for (int c = 0; c < 4; c++)
        corner_of(g, size, around[c], p[c]);
    for (int c = 0; c < 4; c++) {
        const float *q = p[(c + 1) % 4];
        if (p[c][2] >= near)
            cover_point(r, p[c]);
        if ((p[c][2] >= near) != (q[2] >= near))
            cover_crossing(r, p[c], q, near);
    }
}

static void cover_box(struct rect *r, const struct render_geom *g, float near) {
    const float round[3] = {g->size[0], g->size[0], g->size[2]};
    const float *size = g->shape == SHAPE_CYLINDER ? round : g->size;
    float p[3];

    for (int c = 0; c < 8; c++) {
        corner_of(g, size, c, p);
        if (p[2] < near) {
            *r = everything;
            return;
        }
        cover_point(r, p);
    }
}

static void cover_geom(struct rect *r, const struct render_geom *g, float near) {
    float at[3];

    switch (g->shape) {
    case SHAPE_PLANE:
        cover_plane(r, g, near);
        break;
    case SHAPE_SPHERE:
        cover_sphere(r, g->at, g->size[0]);
        break;
    case SHAPE_CAPSULE:
        for (int i = 0; i < 2; i++) {
            float radius = ball_of(g, i, at);
            cover_sphere(r, at, radius);
        }
        break;
    default:
        cover_box(r, g, near);
    }
}

static float dot(const float *a, const float *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Does the drawn part of a plane lie beside the shadow that a ball throws?  True when a
 * face parallel to the shadow's edge, on the side to which the plane lies, parts them. */
static bool lies_beside(const struct render_geom *plane, const float at[3], float radius,
                        const struct render_light *l) {
    const float *from = l->directional ? at : l->in_eye.pos, *f = plane->frame;
    const float size[3] = {plane->size[0], plane->size[1], 0};
    float way[3], aside[3], p[3];

    for (int i = 0; i < 3; i++)
        way[i] = l->directional ? -l->in_eye.pos[i] : at[i] - from[i];
    float far = sqrtf(dot(way, way));
    float open = l->directional ? 0 : radius / most(far, 1e-6f); /* sine of half a cone */
    if (open >= 0.9f)
        return false;
    const float normal[3] = {-f[2], -f[5], -f[8]};
    float along = dot(normal, way) / (far * far);
    for (int i = 0; i < 3; i++)
        aside[i] = normal[i] - along * way[i];
    float length = sqrtf(dot(aside, aside));
    if (length < 1e-3f)
        return false;
    for (int i = 0; i < 3; i++)
        aside[i] = aside[i] / length * sqrtf(1 - open * open) - way[i] / far * open;
    for (int c = 0; c < 4; c++) {
        corner_of(plane, size, c, p);
        for (int i = 0; i < 3; i++)
            p[i] -= from[i];
        if (dot(aside, p) < (l->directional ? radius : 0))
            return false;
    }
    return true;
}

/* The shadow of a ball on a plane: another ball around it.  The floor counts as endless:
 * its shadow then covers what lies between, too. */
static void cover_shadow(struct rect *r, const float at[3], float radius,
                         const struct render_light *l, const struct render_geom *plane) {
    const float *from = l->in_eye.pos;
    float n[3], height = 0, light = 0, onto[3], way[3], size = 0;

    for (int i = 0; i < 3; i++) {
        n[i] = plane->frame[3 * i + 2];
        height += (at[i] - plane->at[i]) * n[i];
        light += (l->directional ? from[i] : from[i] - plane->at[i]) * n[i];
        way[i] = l->directional ? -from[i] : at[i] - from[i];
        size += way[i] * way[i];
    }
    if (light <= 0 || height < -radius)
        return;
    float drop = (l->directional ? light : light - height) / sqrtf(most(size, 1e-12f));
    if (drop < 0.05f || (!l->directional && height + radius > 0.95f * light)) {
        *r = everything;
        return;
    }
    float k = height / (drop * sqrtf(size));
    k = most(k, 0);
    for (int i = 0; i < 3; i++)
        onto[i] = at[i] + k * way[i];
    radius *= 1.05f * (l->directional ? 1 : 1 + k) / drop;
    cover_sphere(r, onto, radius);
}

static void cut(struct rect *r, const struct rect *at) {
    r->x0 = most(r->x0, at->x0);
    r->x1 = least(r->x1, at->x1);
    r->y0 = most(r->y0, at->y0);
    r->y1 = least(r->y1, at->y1);
}

static void cover_shadows(struct rect *r, const struct render_frame *f,
                          const struct render_geom *g, const struct render_light *l) {
    float at[3];

    for (int p = 0; p < f->n_geoms; p++) {
        const struct render_geom *plane = &f->geom[p];
        struct rect shadow = nothing, extent = nothing;
        if (plane->shape != SHAPE_PLANE)
            continue;
        for (int i = 0; i < 1 + (g->shape == SHAPE_CAPSULE); i++) {
            float radius = ball_of(g, i, at);
            if (plane->floor || !lies_beside(plane, at, radius, l))
                cover_shadow(&shadow, at, radius, l, plane);
        }
        if (!plane->floor) {
            cover_plane(&extent, plane, f->near);
            cut(&shadow, &extent);
        }
        if (shadow.x0 < shadow.x1 && shadow.y0 < shadow.y1)
            cover(r, &shadow);
    }
}

/* The tiles from slope `low` to `high` along an axis of n pixels, with half a pixel to
 * spare for the samples. */
static void tiles_of(float low, float high, float step, int n, int *first, int *last) {
    float from = low / step + 0.5f * (float)n - 0.5f;
    float to = high / step + 0.5f * (float)n + 0.5f;

    *first = (int)least(most(from, 0), (float)n) / RENDER_TILE;
    *last = to < 0 ? -1 : (int)least(to, (float)(n - 1)) / RENDER_TILE;
    if (from >= (float)n)
        *last = -1;
}

static void enter(const struct render_frame *f, struct render_bins *bins, int index,
                  const struct rect *r) {
    int x0, x1, y0, y1, word = index / 64;
    uint64_t bit = (uint64_t)1 << (index % 64);

    if (r->x0 > r->x1)
        return;
    tiles_of(r->x0, r->x1, f->step, f->width, &x0, &x1);
    tiles_of(-r->y1, -r->y0, f->step, f->height, &y0, &y1);
    for (int x = x0; x <= x1; x++)
        bins->column[x * f->words + word] |= bit;
    for (int y = y0; y <= y1; y++)
        bins->row[y * f->words + word] |= bit;
}

static void empty(const struct render_frame *f, struct render_bins *bins) {
    memset(bins->row, 0, (size_t)(f->tiles_high * f->words) * sizeof *bins->row);
    memset(bins->column, 0, (size_t)(f->tiles_wide * f->words) * sizeof *bins->column);
}

/* Is the geom, at its nearest end, narrower than 1.5 pixels? */
static bool is_thin(const struct render_frame *f, const struct render_geom *g) {
    float at[3], nearest = RENDER_FAR;
    float narrow = least(g->size[0], g->shape == SHAPE_CAPSULE ? g->size[0] : g->size[1]);

    if (g->shape == SHAPE_PLANE)
        return false;
    if (g->shape == SHAPE_SPHERE || g->shape == SHAPE_CYLINDER)
        narrow = g->size[0];
    if (g->shape == SHAPE_CYLINDER || g->shape > SHAPE_CYLINDER)
        narrow = least(narrow, g->size[2]);
    for (int i = 0; i < 2; i++) {
        ball_of(g, i, at);
        nearest = least(nearest, at[2]);
    }
    return narrow < 0.75f * f->step * nearest;
}

static void enter_shadows(struct render_frame *f, int index, const struct rect *seen) {
    for (int s = 0; s < f->n_shadows; s++) {
        struct rect r = *seen;
        cover_shadows(&r, f, &f->geom[index], &f->light[f->n_lights - f->n_shadows + s]);
        enter(f, &f->shadow[s], index, &r);
    }
}

static void enter_image(struct render_frame *f, int index) {
    struct rect r = nothing;

    cover_geom(&r, &f->image[index], f->near);
    enter(f, &f->images, index, &r);
}

void render_bins_fill(struct render_frame *f) {
    empty(f, &f->solid);
    empty(f, &f->images);
    empty(f, &f->glass);
    for (int s = 0; s < f->n_shadows; s++)
        empty(f, &f->shadow[s]);
    memset(f->thin, 0, (size_t)f->words * sizeof *f->thin);
    for (int i = 0; i < f->n_geoms; i++) {
        const struct render_geom *g = &f->geom[i];
        struct rect seen = nothing;
        cover_geom(&seen, g, f->near);
        enter(f, g->transparent ? &f->glass : &f->solid, i, &seen);
        if (is_thin(f, g))
            f->thin[i / 64] |= (uint64_t)1 << (i % 64);
        if (g->shape != SHAPE_PLANE)
            enter_shadows(f, i, &seen);
        if (f->mirror >= 0 && i != f->mirror && !g->transparent)
            enter_image(f, i);
    }
}
