/* render_cell.c - the light of planes, which mjr computes at the corners of a grid of
 * quads and interpolates between them. */
#include <math.h>
#include <string.h>

#include "render_parts.h"

static float power(float x, int n) {
    float y = 1;

    for (; n > 0; n >>= 1, x *= x)
        if (n & 1)
            y *= x;
    return y;
}

/* Where a corner lies, in the plane's frame, and how it sees the eye. */
struct corner {
    float at[3], view[3];
};

static struct corner corner_at(const struct render_geom *g, float x, float y) {
    struct corner c = {.at = {x, y, 0}};
    float size = 0;

    for (int i = 0; i < 3; i++) {
        c.view[i] = g->o[i] - c.at[i];
        size += c.view[i] * c.view[i];
    }
    size = sqrtf(fmaxf(size, 1e-20f));
    for (int i = 0; i < 3; i++)
        c.view[i] /= size;
    return c;
}

/* How much of a lamp's light goes towards -to, which is `far` away. */
static float lamp_strength(const struct render_light *l, const struct render_spot *at,
                           const float to[3], float far) {
    float strength = 1;

    if (l->spot) {
        float along = -(to[0] * at->dir[0] + to[1] * at->dir[1] + to[2] * at->dir[2]);
        strength = along < l->cutoff ? 0 : power(fmaxf(along, 0), l->exponent);
    }
    if (l->fades)
        strength /=
            l->attenuation[0] + far * (l->attenuation[1] + far * l->attenuation[2]);
    return strength;
}

/* Adds to sum[3] what light number `n` does to a corner whose normal is +z. */
static void add_light(const struct render_frame *f, const struct render_geom *g, int n,
                      const struct corner *c, float colour, float sum[3]) {
    const struct render_light *l = &f->light[n];
    const struct render_spot *at = &g->light[n];
    float to[3], far = 1, strength = 1;

    for (int i = 0; i < 3; i++)
        to[i] = at->pos[i] - (l->directional ? 0 : c->at[i]);
    if (!l->directional) {
        far = sqrtf(fmaxf(to[0] * to[0] + to[1] * to[1] + to[2] * to[2], 1e-20f));
        for (int i = 0; i < 3; i++)
            to[i] /= far;
        strength = lamp_strength(l, at, to, far);
    }
    float lit = fmaxf(to[2], 0), shine = 0;
    if (to[2] > 0) {
        float along = to[0] * c->view[0] + to[1] * c->view[1] + to[2] * c->view[2];
        float half = (to[2] + c->view[2]) / sqrtf(fmaxf(2 + 2 * along, 1e-6f));
        shine = g->specular * power(fmaxf(half, 0), g->exponent);
    }
    for (int i = 0; i < 3; i++)
        sum[i] += strength * (colour * g->rgb[i] * (l->ambient[i] + l->diffuse[i] * lit) +
                              l->specular[i] * shine);
}

/* The light of each pass at a corner, clamped as mjr clamps it. */
static int light_corner(const struct render_frame *f, const struct render_geom *g,
                        const struct corner *c, int kind, float out[mjMAXLIGHT][3]) {
    int n_first = kind == LIGHT_PASSES ? f->n_lights - f->n_shadows : f->n_lights;
    float colour = kind == LIGHT_MIRROR ? g->reflectance : 1;
    int pass = 1;

    for (int i = 0; i < 3; i++)
        out[0][i] = g->emission * g->rgb[i];
    for (int n = 0; n < n_first; n++)
        add_light(f, g, n, c, colour, out[0]);
    for (int n = n_first; n < f->n_lights; n++, pass++) {
        memset(out[pass], 0, sizeof out[pass]);
        add_light(f, g, n, c, colour, out[pass]);
    }
    for (int p = 0; p < pass; p++)
        for (int i = 0; i < 3; i++)
            out[p][i] = fminf(out[p][i], 1);
    return pass;
}

/* The line before cell i of an axis, and the one behind it. */
static void lines_of(const struct render_axis *a, int i, float *from, float *to) {
    float first = -a->half + a->pad;

    *from = i < 0 ? -a->half : first + a->step * (float)i;
    *to = i + 1 > a->n ? a->half : first + a->step * (float)(i + 1);
    if (a->n == 0)
        *to = i < 0 ? 0 : a->half;
    else if (i >= a->n)
        *to = a->half;
}

/* The corners are (x-,y-), (x+,y-), (x+,y+), (x-,y+), the quad is split from the second
 * to the fourth, and light is affine on both sides. */
static void split(struct render_cell *cell, float corner[4][mjMAXLIGHT][3]) {
    for (int p = 0; p < cell->n_passes; p++)
        for (int i = 0; i < 3; i++) {
            float a = corner[0][p][i], b = corner[1][p][i], c = corner[2][p][i],
                  d = corner[3][p][i];
            float(*low)[3] = cell->light[p][0], (*high)[3] = cell->light[p][1];
            low[i][0] = a;
            low[i][1] = b - a;
            low[i][2] = d - a;
            high[i][0] = b + d - c;
            high[i][1] = c - d;
            high[i][2] = c - b;
        }
}

static void fill(struct render_frame *f, const struct render_geom *g, int i, int j,
                 int kind, struct render_cell *cell) {
    float line[2][2], corner[4][mjMAXLIGHT][3];
    static const int x_side[4] = {0, 1, 1, 0}, y_side[4] = {0, 0, 1, 1};

    lines_of(&g->plane.axis[0], i, &line[0][0], &line[0][1]);
    lines_of(&g->plane.axis[1], j, &line[1][0], &line[1][1]);
    for (int k = 0; k < 2; k++) {
        cell->from[k] = line[k][0];
        cell->per[k] = 1 / fmaxf(line[k][1] - line[k][0], 1e-9f);
    }
    for (int k = 0; k < 4; k++) {
        struct corner c = corner_at(g, line[0][x_side[k]], line[1][y_side[k]]);
        cell->n_passes = light_corner(f, g, &c, kind, corner[k]);
    }
    split(cell, corner);
}

const struct render_cell *render_cell_at(struct render_frame *f,
                                         const struct render_geom *g, int index, int i,
                                         int j, int kind) {
    uint64_t key = (f->stamp << 32) ^ ((uint64_t)(unsigned)index << 22) ^
                   ((uint64_t)kind << 20) ^ ((uint64_t)(unsigned)(i + 1) << 10) ^
                   (uint64_t)(unsigned)(j + 1);
    size_t slot = (size_t)((unsigned)index * 37 + (unsigned)kind * 101 +
                           (unsigned)(i + 1) * 16 + (unsigned)(j + 1)) %
                  RENDER_CELLS;
    struct render_cell *cell = &f->cell[slot];

    if (cell->key != key) {
        fill(f, g, i, j, kind, cell);
        cell->key = key;
    }
    return cell;
}
