/* render_light.h - the light at points of geoms, mixed as mjr's OpenGL mixes it. */
#ifndef ACCORD_VISUAL_RENDER_LIGHT_H
#define ACCORD_VISUAL_RENDER_LIGHT_H

#include "render_see.h"

/* Points of one geom, in its frame. */
struct points {
    v3 at, normal;
    v3 view; /* unit vectors to the eye */
};

/* Light of the passes (first all that casts no shadows), red, green, blue. */
typedef struct passes {
    vf light[1 + mjMAXLIGHT][3];
    int n;
} passes;

VFN struct points points_at(const struct render_geom *g, vf x, vf y, vf t) {
    v3 d = ray_in(g, x, y);
    struct points p = {.at = point_on(g, d, t)};
    vf size = vsqrt(x * x + y * y + vset(1)); /* a turn keeps lengths */

    p.normal = normal_at(g, p.at);
    p.view = v3_scale(d, vset(-1) / size);
    return p;
}

/* The unit vector to a lamp, and how strongly it shines there. */
VFN v3 towards_lamp(const struct render_light *l, const struct render_spot *at, v3 p,
                    vf *strength) {
    v3 to = v3_sub(v3_set(at->pos), p);
    vf far = vsqrt(vmax(v3_dot(to, to), vset(1e-20f)));

    to = v3_scale(to, vset(1) / far);
    *strength = vset(1);
    if (l->spot) {
        vf along = -v3_dot(to, v3_set(at->dir));
        vf spot = vpower(vmax(along, vset(0)), l->exponent);
        *strength = vselect(vlt(along, vset(l->cutoff)), vset(0), spot);
    }
    if (l->fades)
        *strength =
            *strength / (vset(l->attenuation[0]) +
                         far * (vset(l->attenuation[1]) + far * vset(l->attenuation[2])));
    return to;
}

/* Adds what light number `n` does; colour scales the geom's. */
VFN void add_light(const struct render_frame *f, const struct render_geom *g, int n,
                   const struct points *p, float colour, vf sum[3]) {
    const struct render_light *l = &f->light[n];
    const struct render_spot *at = &g->light[n];
    vf strength = vset(1);
    v3 to = l->directional ? v3_set(at->pos) : towards_lamp(l, at, p->at, &strength);
    vf facing = v3_dot(p->normal, to), lit = vmax(facing, vset(0));
    vf half = (facing + v3_dot(p->normal, p->view)) /
              vsqrt(vmax(vset(2) + vset(2) * v3_dot(to, p->view), vset(1e-6f)));
    vf shine = vpower(vmax(half, vset(0)), g->exponent) * strength;

    shine = vselect(vlt(vset(0), facing), shine, vset(0));
    lit = lit * strength;
    for (int i = 0; i < 3; i++) {
        float own = colour * g->rgb[i];
        sum[i] = sum[i] + (lit * vset(own * l->diffuse[i]) +
                           (strength * vset(own * l->ambient[i]) +
                            shine * vset(g->specular * l->specular[i])));
    }
}

VFN vf levels_of(vf light) {
    return vround(vmin(light, vset(1)) * vset(255));
}

/* The light of a body: whole levels, 0 to 255, a pass each. */
static void light_body(const struct render_frame *f, const struct render_geom *g, vf x,
                       vf y, vf t, int kind, passes *out) {
    int n_first = kind == LIGHT_PASSES ? f->n_lights - f->n_shadows : f->n_lights;
    float colour = kind == LIGHT_MIRROR ? g->reflectance : 1;
    struct points p = points_at(g, x, y, t);

    out->n = 1 + f->n_lights - n_first;
    for (int i = 0; i < 3; i++)
        out->light[0][i] = vset(g->emission * g->rgb[i]);
    for (int n = 0; n < n_first; n++)
        add_light(f, g, n, &p, colour, out->light[0]);
    for (int k = 1; k < out->n; k++) {
        for (int i = 0; i < 3; i++)
            out->light[k][i] = vset(0);
        add_light(f, g, n_first + k - 1, &p, colour, out->light[k]);
    }
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < 3; i++)
            out->light[k][i] = levels_of(out->light[k][i]);
}

/* ---- planes ------------------------------------------------------------------------ */

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

/* Which cell of an axis. */
VFN vf cell_of(const struct render_axis *a, vf x) {
    vf i = vfloor((x + vset(a->half - a->pad)) * vset(a->per));
    if (a->n == 0)
        i = vselect(vlt(x, vset(0)), vset(-1), vset(0));
    return vclamp(i, -1, (float)a->n);
}

/* Interpolates the light of one quad where m. */
VFN void light_cell(const struct render_cell *c, v3 at, vm m, passes *out) {
    vf p = (at.x - vset(c->from[0])) * vset(c->per[0]);
    vf q = (at.y - vset(c->from[1])) * vset(c->per[1]);
    vm low = vlt(p + q, vset(1));
    vm in_low = vand(m, low), in_high = vandnot(m, low);

    for (int half = 0; half < 2; half++) {
        vm in = half ? in_high : in_low;
        if (!vany(in))
            continue;
        for (int k = 0; k < out->n; k++)
            for (int i = 0; i < 3; i++) {
                const float *l = c->light[k][half][i];
                vf light = vset(l[0]) + (p * vset(l[1]) + q * vset(l[2]));
                out->light[k][i] = vselect(in, light, out->light[k][i]);
            }
    }
}

static void light_quads(struct render_frame *f, const struct render_geom *g, int index,
                        v3 at, vm m, int kind, passes *out) {
    vf i = cell_of(&g->plane.axis[0], at.x), j = cell_of(&g->plane.axis[1], at.y);
    float column[W], row[W];

    vstore(column, i);
    vstore(row, j);
    for (unsigned rest = vbits(m); rest;) {
        int lane = __builtin_ctz(rest);
        vm here = vand(m, vand(veq(i, vset(column[lane])), veq(j, vset(row[lane]))));
        const struct render_cell *c =
            render_cell_at(f, g, index, (int)column[lane], (int)row[lane], kind);
        light_cell(c, at, here, out);
        rest &= ~vbits(here);
    }
}

/* The light of a plane, as light_body(). */
static void light_plane(struct render_frame *f, const struct render_geom *g, int index,
                        vf x, vf y, vf t, vm m, int kind, passes *out) {
    v3 d = ray_in(g, x, y), at = point_on(g, d, t);
    vf shade[3] = {vset(255), vset(255), vset(255)};

    out->n = kind == LIGHT_PASSES ? 1 + f->n_shadows : 1;
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < 3; i++)
            out->light[k][i] = vset(0);
    light_quads(f, g, index, at, m, kind, out);
    if (g->plane.checker) {
        vf first = checker(f, g, d, at, t);
        for (int i = 0; i < 3; i++) {
            float a = 255 * g->plane.rgb[0][i], b = 255 * g->plane.rgb[1][i];
            shade[i] = vset(b) + first * vset(a - b);
        }
    }
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < 3; i++)
            out->light[k][i] = vround(out->light[k][i] * shade[i]);
}

static void light_geom(struct render_frame *f, const struct render_geom *g, int index,
                       vf x, vf y, vf t, vm m, int kind, passes *out) {
    if (g->shape == SHAPE_PLANE)
        light_plane(f, g, index, x, y, t, m, kind, out);
    else
        light_body(f, g, x, y, t, kind, out);
}

#endif
