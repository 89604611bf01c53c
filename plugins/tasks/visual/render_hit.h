/* render_hit.h - where rays meet shapes, in a shape's own frame: W rays at once.
 *
 * Each function returns the parameter of the entry, RENDER_FAR for a miss.  All lanes
 * take the same way; what does not apply to a lane is not selected. */
#ifndef ACCORD_VISUAL_RENDER_HIT_H
#define ACCORD_VISUAL_RENDER_HIT_H

#include "render_parts.h"
#include "render_vec.h"

typedef struct v3 {
    vf x, y, z;
} v3;

VFN v3 v3_set(const float *p) {
    return (v3){vset(p[0]), vset(p[1]), vset(p[2])};
}
VFN v3 v3_sub(v3 a, v3 b) {
    return (v3){a.x - b.x, a.y - b.y, a.z - b.z};
}
VFN v3 v3_scale(v3 a, vf k) {
    return (v3){a.x * k, a.y * k, a.z * k};
}
VFN vf v3_dot(v3 a, v3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/* The direction of the rays with slopes x and y in the geom's frame. */
VFN v3 ray_in(const struct render_geom *g, vf x, vf y) {
    return (v3){x * vset(g->a[0]) + (y * vset(g->b[0]) + vset(g->c[0])),
                x * vset(g->a[1]) + (y * vset(g->b[1]) + vset(g->c[1])),
                x * vset(g->a[2]) + (y * vset(g->b[2]) + vset(g->c[2]))};
}
/* The point of depth t on it. */
VFN v3 point_on(const struct render_geom *g, v3 d, vf t) {
    return (v3){vset(g->o[0]) + t * d.x, vset(g->o[1]) + t * d.y,
                vset(g->o[2]) + t * d.z};
}

VFN vf hit_plane(const struct render_geom *g, v3 o, v3 d) {
    vf t = -o.z / d.z, x = o.x + t * d.x, y = o.y + t * d.y;
    vm m = vand(vlt(d.z, vset(-1e-12f)), vlt(vset(0), o.z));

    m = vandnot(vandnot(m, vlt(vset(g->size[0]), vabs(x))),
                vlt(vset(g->size[1]), vabs(y)));
    return vselect(m, t, vset(RENDER_FAR));
}

/* a t^2 + 2 b t + c = 0: the smaller root. */
VFN vf first_root(vf a, vf b, vf c) {
    vf below = b * b - a * c;
    vf t = (-b - vsqrt(vmax(below, vset(0)))) / a;
    return vselect(vlt(below, vset(0)), vset(RENDER_FAR), t);
}

VFN vf hit_sphere(float radius, v3 o, v3 d) {
    return first_root(v3_dot(d, d), v3_dot(o, d), v3_dot(o, o) - vset(radius * radius));
}

VFN vf hit_ellipsoid(const struct render_geom *g, v3 o, v3 d) {
    const v3 k = v3_set(g->inverse);
    const v3 p = {o.x * k.x, o.y * k.y, o.z * k.z}, q = {d.x * k.x, d.y * k.y, d.z * k.z};
    return hit_sphere(1, p, q);
}

/* The infinite cylinder first; beyond an end, the ball there. */
VFN vf hit_capsule(const struct render_geom *g, v3 o, v3 d) {
    vf a = vmax(d.x * d.x + d.y * d.y, vset(1e-12f)), b = o.x * d.x + o.y * d.y;
    vf c = o.x * o.x + o.y * o.y - vset(g->size[0] * g->size[0]);
    vf below = b * b - a * c;
    vm passes = vlt(vset(0), below);
    vf miss = vset(RENDER_FAR);

    if (!vany(passes))
        return miss;
    vf t = (-b - vsqrt(vmax(below, vset(0)))) / a;
    vf z = o.z + t * d.z, half = vset(g->size[2]);
    vm beyond = vand(passes, vlt(half, vabs(z)));
    if (vany(beyond)) {
        vf e = o.z - vmin(vmax(z, -half), half);
        vf ball = first_root(a + d.z * d.z, b + e * d.z, c + e * e);
        t = vselect(beyond, ball, t);
    }
    return vselect(passes, t, miss);
}

/* The depths at which the ray enters and leaves |z| <= half. */
VFN void slab(vf o, vf d, float half, vf *in, vf *out) {
    vf small = vset(1e-12f);
    vf way = vselect(vlt(vabs(d), small), small, d);
    vf t0 = (vset(-half) - o) / way, t1 = (vset(half) - o) / way;

    *in = vmin(t0, t1);
    *out = vmax(t0, t1);
}

VFN vf hit_cylinder(const struct render_geom *g, v3 o, v3 d) {
    vf a = vmax(d.x * d.x + d.y * d.y, vset(1e-12f)), b = o.x * d.x + o.y * d.y;
    vf c = o.x * o.x + o.y * o.y - vset(g->size[0] * g->size[0]);
    vf below = b * b - a * c, root = vsqrt(vmax(below, vset(0)));
    vf in, out;

    slab(o.z, d.z, g->size[2], &in, &out);
    in = vmax(in, (-b - root) / a);
    out = vmin(out, (-b + root) / a);
    vm m = vandnot(vlt(in, out), vlt(below, vset(0)));
    return vselect(m, in, vset(RENDER_FAR));
}

VFN vf hit_box(const struct render_geom *g, v3 o, v3 d) {
    vf in, out, from, to;

    slab(o.x, d.x, g->size[0], &in, &out);
    slab(o.y, d.y, g->size[1], &from, &to);
    in = vmax(in, from);
    out = vmin(out, to);
    slab(o.z, d.z, g->size[2], &from, &to);
    in = vmax(in, from);
    out = vmin(out, to);
    return vselect(vlt(in, out), in, vset(RENDER_FAR));
}

VFN vf hit_shape(const struct render_geom *g, v3 o, v3 d) {
    switch (g->shape) {
    case SHAPE_PLANE:
        return hit_plane(g, o, d);
    case SHAPE_SPHERE:
        return hit_sphere(g->size[0], o, d);
    case SHAPE_CAPSULE:
        return hit_capsule(g, o, d);
    case SHAPE_ELLIPSOID:
        return hit_ellipsoid(g, o, d);
    case SHAPE_CYLINDER:
        return hit_cylinder(g, o, d);
    default:
        return hit_box(g, o, d);
    }
}

/* The depth of a geom on the rays with slopes x and y. */
VFN vf hit_geom(const struct render_geom *g, vf x, vf y) {
    return hit_shape(g, v3_set(g->o), ray_in(g, x, y));
}

VFN v3 normal_of_cylinder(const struct render_geom *g, v3 p) {
    vf side = vsqrt(p.x * p.x + p.y * p.y), k = vset(g->inverse[0]);
    vm cap = vlt(vset(g->size[2]) - vabs(p.z), vset(g->size[0]) - side);
    vf up = vselect(vlt(p.z, vset(0)), vset(-1), vset(1));

    return (v3){vselect(cap, vset(0), p.x * k), vselect(cap, vset(0), p.y * k),
                vselect(cap, up, vset(0))};
}

VFN v3 normal_of_box(const struct render_geom *g, v3 p) {
    vf x = p.x * vset(g->inverse[0]), y = p.y * vset(g->inverse[1]),
       z = p.z * vset(g->inverse[2]);
    vm z_side = vandnot(vlt(vabs(x), vabs(z)), vlt(vabs(z), vabs(y)));
    vm y_side = vandnot(vlt(vabs(x), vabs(y)), z_side);
    vm other = vor(z_side, y_side);
    const vf zero = vset(0), one = vset(1), minus = vset(-1);

    return (v3){vselect(other, zero, vselect(vlt(x, zero), minus, one)),
                vselect(y_side, vselect(vlt(y, zero), minus, one), zero),
                vselect(z_side, vselect(vlt(z, zero), minus, one), zero)};
}

VFN v3 normal_at(const struct render_geom *g, v3 p) {
    const v3 k = v3_set(g->inverse);

    switch (g->shape) {
    case SHAPE_PLANE:
        return (v3){vset(0), vset(0), vset(1)};
    case SHAPE_SPHERE:
        return v3_scale(p, k.x);
    case SHAPE_CAPSULE:
        p.z = p.z - vclamp(p.z, -g->size[2], g->size[2]);
        return v3_scale(p, k.x);
    case SHAPE_ELLIPSOID:
        p = (v3){p.x * k.x * k.x, p.y * k.y * k.y, p.z * k.z * k.z};
        return v3_scale(p, vset(1) / vsqrt(vmax(v3_dot(p, p), vset(1e-20f))));
    case SHAPE_CYLINDER:
        return normal_of_cylinder(g, p);
    default:
        return normal_of_box(g, p);
    }
}

#endif
