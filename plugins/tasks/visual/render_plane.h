/* render_plane.h - planes: mjr lights them at the corners of a grid of quads, and within
 * the two triangles of a quad light is affine. */
#ifndef ACCORD_VISUAL_RENDER_PLANE_H
#define ACCORD_VISUAL_RENDER_PLANE_H

#include "render_light.h"

static const float lane_number[RENDER_LANES] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                8, 9, 10, 11, 12, 13, 14, 15};

/* Where line number `i` of an axis lies, 0 to n + 2. */
VFN float line_at(const struct render_axis *a, int i) {
    if (i == 0)
        return -a->half;
    return i > a->n + 1 ? a->half : -a->half + a->pad + a->step * (float)(i - 1);
}

/* The lines from `first` on. */
VFN vf lines_at(const struct render_axis *a, int first) {
    vf i = vset((float)first) + vload(lane_number);
    vf at = vset(-a->half + a->pad) + vset(a->step) * (i - vset(1));

    at = vselect(vlt(i, vset(1)), vset(-a->half), at);
    return vselect(vlt(vset((float)a->n + 1.5f), i), vset(a->half), at);
}

VFN float *corner_light(const struct render_frame *f, const struct render_geom *g,
                        int pass, int channel) {
    size_t lines = (size_t)g->plane.axis[1].n + 3;

    return f->corner + g->plane.corner +
           (size_t)(3 * pass + channel) * lines * g->plane.row_size;
}

/* Columns of corners that are lit together. */
enum { BLOCK = 16 };

VFN void light_corners(const struct render_frame *f, const struct render_geom *g,
                       int block, int kind, int n_channels) {
    const struct render_axis *across = &g->plane.axis[0], *down = &g->plane.axis[1];
    struct points p = {.normal = {vset(0), vset(0), vset(1)}};
    passes light;

    for (int line = 0; line < down->n + 3; line++)
        for (int first = BLOCK * block; first < BLOCK * (block + 1); first += W) {
            p.at = (v3){lines_at(across, first), vset(line_at(down, line)), vset(0)};
            p.view = v3_sub(v3_set(g->o), p.at);
            vf far = vsqrt(vmax(v3_dot(p.view, p.view), vset(1e-20f)));
            p.view = v3_scale(p.view, vset(1) / far);
            add_lights(f, g, &p, kind, n_channels, &light);
            size_t at = (size_t)line * g->plane.row_size + (size_t)first;
            for (int k = 0; k < light.n; k++)
                for (int i = 0; i < n_channels; i++)
                    vstore(corner_light(f, g, k, i) + at, light.light[k][i]);
        }
}

/* Lights a block of corners on its first use in a picture. */
static void light_block(const struct render_frame *f, struct render_geom *g, int block,
                        int kind) {
    if (g->plane.lit >> block & 1)
        return;
    if (g->plane.grey)
        light_corners(f, g, block, kind, 1);
    else
        light_corners(f, g, block, kind, 3);
    g->plane.lit |= 1u << block;
}

/* The mean of a square wave of +1 and -1 over a width w around u. */
VFN vf wave(vf u, vf w, vf per_w) {
    vf lo = u - vset(0.5f) * w, hi = u + vset(0.5f) * w;

    lo = vabs(lo - vfloor(lo) - vset(0.5f));
    hi = vabs(hi - vfloor(hi) - vset(0.5f));
    return (lo - hi) * per_w;
}

/* How much of rgb1 a checker shows.  Its width is that of the pixel in texture periods,
 * the larger of both axes as with mipmaps that know no direction. */
VFN vf checker(const struct render_frame *f, const struct render_geom *g, v3 d, v3 at,
               vf t) {
    const struct render_plane *p = &g->plane;
    vf per_z = vset(1) / d.z;
    vf ax = vset(g->a[2]) * per_z, ay = vset(g->b[2]) * per_z;
    vf du = vabs(vset(g->a[0]) - d.x * ax) + vabs(vset(g->b[0]) - d.x * ay);
    vf dv = vabs(vset(g->a[1]) - d.y * ax) + vabs(vset(g->b[1]) - d.y * ay);
    vf w = t * vset(f->step) *
           vmax(du * vset(fabsf(p->scale[0])), dv * vset(fabsf(p->scale[1])));

    w = vclamp(w, 1e-6f, 1e6f);
    vf per_w = vset(1) / w;
    vf u = at.x * vset(p->scale[0]) - vset(0.5f);
    vf v = at.y * vset(-p->scale[1]) - vset(0.5f);
    return vset(0.5f) + vset(0.5f) * (wave(u, w, per_w) * wave(v, w, per_w));
}

/* Which quad along an axis, -1 to n. */
VFN vf quad_of(const struct render_axis *a, vf x) {
    vf i = vfloor((x + vset(a->half - a->pad)) * vset(a->per));
    return vclamp(i, -1, (float)a->n);
}

/* The quad's corners are (x-,y-), (x+,y-), (x+,y+), (x-,y+); it is split from the second
 * to the fourth.  p and q run from 0 to 1 along x and y. */
VFN vf light_quad(const float *at, size_t row_size, vf p, vf q, vm low, bool any_low,
                  bool any_high) {
    float a = at[0], b = at[1], c = at[row_size + 1], d = at[row_size];
    vf light = vset(0);

    if (any_high)
        light = vset(b + d - c) + (p * vset(c - d) + q * vset(c - b));
    if (any_low)
        light = vselect(low, vset(a) + (p * vset(b - a) + q * vset(d - a)), light);
    return light;
}

/* Lights the lanes `here`, which lie in the quad (i, j). */
VFN void light_in_quad(const struct render_frame *f, const struct render_geom *g, v3 at,
                       int i, int j, vm here, passes *out) {
    const struct render_axis *across = &g->plane.axis[0], *down = &g->plane.axis[1];
    float x = line_at(across, i + 1), y = line_at(down, j + 1);
    vf p = (at.x - vset(x)) * vset(1 / fmaxf(line_at(across, i + 2) - x, 1e-9f));
    vf q = (at.y - vset(y)) * vset(1 / fmaxf(line_at(down, j + 2) - y, 1e-9f));
    vm low = vlt(p + q, vset(1));
    bool any_low = vany(vand(here, low)), any_high = vany(vandnot(here, low));
    size_t from = (size_t)(j + 1) * g->plane.row_size + (size_t)(i + 1);
    int n_channels = g->plane.grey ? 1 : 3;

    for (int k = 0; k < out->n; k++)
        for (int c = 0; c < n_channels; c++) {
            vf light = light_quad(corner_light(f, g, k, c) + from, g->plane.row_size, p,
                                  q, low, any_low, any_high);
            out->light[k][c] = vselect(here, light, out->light[k][c]);
        }
}

static void light_quads(const struct render_frame *f, struct render_geom *g, v3 at, vm m,
                        int kind, passes *out) {
    vf i = quad_of(&g->plane.axis[0], at.x), j = quad_of(&g->plane.axis[1], at.y);
    float column[W], row[W];

    vstore(column, i);
    vstore(row, j);
    for (unsigned rest = vbits(m); rest;) {
        int lane = __builtin_ctz(rest);
        vm here = vand(m, vand(veq(i, vset(column[lane])), veq(j, vset(row[lane]))));
        light_block(f, g, ((int)column[lane] + 1) / BLOCK, kind);
        light_block(f, g, ((int)column[lane] + 2) / BLOCK, kind);
        light_in_quad(f, g, at, (int)column[lane], (int)row[lane], here, out);
        rest &= ~vbits(here);
    }
}

/* The light of a plane in whole levels, as light_body(). */
static void light_plane(const struct render_frame *f, struct render_geom *g, vf x, vf y,
                        vf t, vm m, int kind, passes *out) {
    v3 d = ray_in(g, x, y), at = point_on(g, d, t);
    vf shade[3] = {vset(255), vset(255), vset(255)};

    out->n = kind == LIGHT_PASSES ? 1 + f->n_shadows : 1;
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < 3; i++)
            out->light[k][i] = vset(0);
    light_quads(f, g, at, m, kind, out);
    if (g->plane.checker) {
        vf first = checker(f, g, d, at, t);
        for (int i = 0; i < 3; i++) {
            float a = 255 * g->plane.rgb[0][i], b = 255 * g->plane.rgb[1][i];
            shade[i] = vset(b) + first * vset(a - b);
        }
    }
    for (int k = 0; k < out->n; k++) {
        vf grey = out->light[k][0];
        for (int i = 0; i < 3; i++)
            out->light[k][i] =
                vround((g->plane.grey ? grey : out->light[k][i]) * shade[i]);
    }
}

static void light_geom(const struct render_frame *f, struct render_geom *g, vf x, vf y,
                       vf t, vm m, int kind, passes *out) {
    if (g->shape == SHAPE_PLANE)
        light_plane(f, g, x, y, t, m, kind, out);
    else
        light_body(f, g, x, y, t, kind, out);
}

#endif
