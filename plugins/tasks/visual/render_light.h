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
                   const struct points *p, float colour, int n_channels, vf sum[3]) {
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
    for (int i = 0; i < n_channels; i++) {
        float own = colour * g->rgb[i];
        sum[i] = sum[i] + (lit * vset(own * l->diffuse[i]) +
                           (strength * vset(own * l->ambient[i]) +
                            shine * vset(g->specular * l->specular[i])));
    }
}

/* The light at the points, a pass each, clamped as mjr clamps it. */
VFN void add_lights(const struct render_frame *f, const struct render_geom *g,
                    const struct points *p, int kind, int n_channels, passes *out) {
    int n_first = kind == LIGHT_PASSES ? f->n_lights - f->n_shadows : f->n_lights;
    float colour = kind == LIGHT_MIRROR ? g->reflectance : 1;

    out->n = 1 + f->n_lights - n_first;
    for (int i = 0; i < n_channels; i++)
        out->light[0][i] = vset(g->emission * g->rgb[i]);
    for (int n = 0; n < n_first; n++)
        add_light(f, g, n, p, colour, n_channels, out->light[0]);
    for (int k = 1; k < out->n; k++) {
        for (int i = 0; i < n_channels; i++)
            out->light[k][i] = vset(0);
        add_light(f, g, n_first + k - 1, p, colour, n_channels, out->light[k]);
    }
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < n_channels; i++)
            out->light[k][i] = vmin(out->light[k][i], vset(1));
}

/* The light of a body in whole levels, 0 to 255. */
static void light_body(const struct render_frame *f, const struct render_geom *g, vf x,
                       vf y, vf t, int kind, passes *out) {
    struct points p = points_at(g, x, y, t);

    add_lights(f, g, &p, kind, 3, out);
    for (int k = 0; k < out->n; k++)
        for (int i = 0; i < 3; i++)
            out->light[k][i] = vround(out->light[k][i] * vset(255));
}

#endif
