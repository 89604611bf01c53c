/* render_scene.c - from MuJoCo's scene to the geoms and lights of a frame. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render_parts.h"

static float dot(const float *a, const float *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Axes and place of the eye in the world. */
struct eye {
    float pos[3], right[3], up[3], forward[3];
};

static void turn(const struct eye *e, const float v[3], float out[3]) {
    out[0] = dot(e->right, v);
    out[1] = dot(e->up, v);
    out[2] = dot(e->forward, v);
}

static void turn_place(const struct eye *e, const float v[3], float out[3]) {
    const float away[3] = {v[0] - e->pos[0], v[1] - e->pos[1], v[2] - e->pos[2]};
    turn(e, away, out);
}

/* The mean of the two eyes of the scene. */
static struct eye eye_of(const mjvScene *s) {
    const mjvGLCamera *l = &s->camera[0], *r = &s->camera[1];
    struct eye e;

    for (int i = 0; i < 3; i++) {
        e.pos[i] = 0.5f * (l->pos[i] + r->pos[i]);
        e.forward[i] = l->forward[i];
        e.up[i] = l->up[i];
    }
    const float *f = e.forward, *u = e.up;
    e.right[0] = f[1] * u[2] - f[2] * u[1];
    e.right[1] = f[2] * u[0] - f[0] * u[2];
    e.right[2] = f[0] * u[1] - f[1] * u[0];
    return e;
}

static void take_light(const struct eye *e, const mjvLight *from,
                       struct render_light *to) {
    float dir[3] = {0, 0, 1};

    memcpy(to->ambient, from->ambient, sizeof to->ambient);
    memcpy(to->diffuse, from->diffuse, sizeof to->diffuse);
    memcpy(to->specular, from->specular, sizeof to->specular);
    memcpy(to->attenuation, from->attenuation, sizeof to->attenuation);
    to->directional = from->directional;
    to->shadows = from->castshadow && !from->headlight;
    to->spot = !from->directional && from->cutoff < 180;
    to->cutoff = (float)cos((double)from->cutoff * (M_PI / 180));
    to->exponent = (int)(from->exponent + 0.5f);
    to->fades = !from->directional &&
                (from->attenuation[0] != 1 || from->attenuation[1] != 0 || /* of 1 0 0 */
                 from->attenuation[2] != 0);
    memset(to->in_eye.pos, 0, sizeof to->in_eye.pos);
    if (!from->headlight) {
        turn(e, from->dir, dir);
        turn_place(e, from->pos, to->in_eye.pos);
    }
    float size = sqrtf(fmaxf(dot(dir, dir), 1e-20f));
    for (int i = 0; i < 3; i++) {
        to->in_eye.dir[i] = dir[i] / size;
        if (to->directional)
            to->in_eye.pos[i] = -to->in_eye.dir[i];
    }
}

/* Lights without shadows come first: they are the first pass. */
static void take_lights(const struct eye *e, const mjvScene *s, struct render_frame *f) {
    f->n_lights = f->n_shadows = 0;
    for (int shadows = 0; shadows < 2; shadows++)
        for (int i = 0; i < s->nlight; i++)
            if ((s->lights[i].castshadow && !s->lights[i].headlight) == shadows) {
                take_light(e, &s->lights[i], &f->light[f->n_lights++]);
                f->n_shadows += shadows;
            }
}

/* The ray and the lights as the geom's own frame has them. */
static void place(struct render_frame *f, struct render_geom *g) {
    const float *m = g->frame;

    for (int j = 0; j < 3; j++) {
        g->a[j] = m[j];
        g->b[j] = m[3 + j];
        g->c[j] = m[6 + j];
        g->o[j] = -(m[j] * g->at[0] + m[3 + j] * g->at[1] + m[6 + j] * g->at[2]);
    }
}

static void place_lights(const struct render_frame *f, struct render_geom *g) {
    const float *m = g->frame;

    for (int l = 0; l < f->n_lights; l++) {
        const struct render_light *from = &f->light[l];
        for (int j = 0; j < 3; j++) {
            const float *p = from->in_eye.pos, *d = from->in_eye.dir;
            float pos = m[j] * p[0] + m[3 + j] * p[1] + m[6 + j] * p[2];
            g->light[l].pos[j] = from->directional ? pos : pos + g->o[j];
            g->light[l].dir[j] = m[j] * d[0] + m[3 + j] * d[1] + m[6 + j] * d[2];
        }
    }
}

static struct render_axis axis_of(float half, float spacing) {
    struct render_axis a = {.half = half};
    float gap = fmaxf(spacing, half / 198);

    a.n = 2 * ((int)(half / gap + 1e-4f) / 2);
    a.pad = a.n ? fmaxf(half - (float)a.n * gap, 0) : half;
    a.step = 2 * gap;
    a.per = 1 / a.step;
    return a;
}

/* The colour of a texel of a checker's quarter, or of the look's. */
static void checker_colour(const mjModel *m, int tex, int column, const float *grid,
                           float rgb[3]) {
    int width = m->tex_width[tex];
    const mjtByte *texel = m->tex_rgb + m->tex_adr[tex] +
                           3 * ((size_t)(m->tex_height[tex] / 4) * (size_t)width +
                                (size_t)((1 + 2 * column) * width / 4));

    for (int i = 0; i < 3; i++)
        rgb[i] = grid ? grid[3 * column + i] : (float)texel[i] / 255;
}

static void take_plane(const mjModel *m, const mjvGeom *from, const float *grid,
                       float extent, struct render_geom *g) {
    struct render_plane *p = &g->plane;

    for (int i = 0; i < 2; i++) {
        if (g->size[i] <= 0)
            g->size[i] = extent;
        p->axis[i] = axis_of(g->size[i], from->size[2]);
        p->scale[i] = 0.5f * from->texrepeat[i] / (from->texuniform ? 1 : g->size[i]);
    }
    p->checker = from->texid >= 0;
    for (int c = 0; c < 2 && p->checker; c++)
        checker_colour(m, from->texid, c, grid, p->rgb[c]);
}

/* The material of what a scene's geom stands for, or -1. */
static int material_of(const mjModel *m, const mjvGeom *g) {
    const float *rgba;
    int id;

    switch (g->objtype) {
    case mjOBJ_GEOM:
        id = m->geom_matid[g->objid];
        rgba = m->geom_rgba + 4 * g->objid;
        break;
    case mjOBJ_SITE:
        id = m->site_matid[g->objid];
        rgba = m->site_rgba + 4 * g->objid;
        break;
    case mjOBJ_TENDON:
        id = m->tendon_matid[g->objid];
        rgba = m->tendon_rgba + 4 * g->objid;
        break;
    default:
        return -1;
    }
    /* A colour of its own wins over the material's. */
    bool own = rgba[0] != 0.5f || rgba[1] != 0.5f || rgba[2] != 0.5f || rgba[3] != 1;
    return own ? -1 : id;
}

static int shape_of(int type) {
    switch (type) {
    case mjGEOM_PLANE:
        return SHAPE_PLANE;
    case mjGEOM_SPHERE:
        return SHAPE_SPHERE;
    case mjGEOM_CAPSULE:
        return SHAPE_CAPSULE;
    case mjGEOM_ELLIPSOID:
        return SHAPE_ELLIPSOID;
    case mjGEOM_CYLINDER:
        return SHAPE_CYLINDER;
    case mjGEOM_BOX:
        return SHAPE_BOX;
    default:
        return -1;
    }
}

/* Room for the light of a plane's corners. */
static size_t add_corners(const struct render_frame *f, struct render_geom *g,
                          size_t begin) {
    size_t lines = (size_t)g->plane.axis[1].n + 3;
    size_t n_passes = 1 + (size_t)f->n_shadows;

    if (g->shape != SHAPE_PLANE)
        return begin;
    g->plane.lit = 0;
    g->plane.corner = begin;
    g->plane.row_size = ((size_t)g->plane.axis[0].n + 3 + 15) / 16 * 16;
    return begin + 3 * n_passes * lines * g->plane.row_size;
}

static accord_code make_corners(struct render *r, accord_err *err) {
    struct render_frame *f = &r->frame;
    size_t n = 0;

    for (int i = 0; i < f->n_geoms; i++) {
        n = add_corners(f, &f->geom[i], n);
        if (f->mirror >= 0)
            n = add_corners(f, &f->image[i], n);
    }
    if (n <= f->n_corner)
        return ACCORD_OK;
    free(f->corner);
    f->n_corner = 0;
    f->corner = malloc(n * sizeof *f->corner);
    if (!f->corner)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "no memory for a picture");
    f->n_corner = n;
    return ACCORD_OK;
}

static bool is_grey(const float rgb[3]) {
    return rgb[0] == rgb[1] && rgb[1] == rgb[2];
}

static bool lit_grey(const struct render_frame *f, const struct render_geom *g) {
    bool grey = is_grey(g->rgb);

    for (int i = 0; i < f->n_lights && grey; i++)
        grey = is_grey(f->light[i].ambient) && is_grey(f->light[i].diffuse) &&
               is_grey(f->light[i].specular);
    return grey;
}

static void take_colour(const mjModel *m, const mjvGeom *from, const render_look *look,
                        struct render_geom *g) {
    int material = look && look->materials ? material_of(m, from) : -1;
    const float *rgba = material >= 0 ? look->materials[material] : from->rgba;

    memcpy(g->rgb, rgba, sizeof g->rgb);
    g->alpha = rgba[3];
    if (g->floor && look && look->has_floor_alpha)
        g->alpha = look->floor_alpha;
    g->emission = from->emission;
    g->specular = from->specular;
    g->exponent = (int)(128 * from->shininess + 0.5f);
    g->reflectance = from->reflectance;
}

/* The checker's colours where they are not the model's. */
static const float *grid_of(const render_look *look, const struct render_geom *g) {
    if (!look || !g->floor)
        return NULL;
    return look->background && look->key && look->background_floor ? render_key_green
                                                                   : look->grid;
}

static bool take_geom(struct render *r, const mjModel *m, const struct eye *e, int index,
                      const render_look *look) {
    const mjvGeom *from = &r->scene.geoms[index];
    struct render_frame *f = &r->frame;
    struct render_geom *g = &f->geom[index];

    memset(g, 0, offsetof(struct render_geom, light));
    g->shape = shape_of(from->type);
    if (g->shape < 0)
        return false;
    g->floor = f->floor < 0 && g->shape == SHAPE_PLANE;
    if (g->floor)
        f->floor = index;
    turn_place(e, from->pos, g->at);
    for (int j = 0; j < 3; j++) {
        const float column[3] = {from->mat[j], from->mat[3 + j], from->mat[6 + j]};
        float turned[3];
        turn(e, column, turned);
        for (int i = 0; i < 3; i++)
            g->frame[3 * i + j] = turned[i];
    }
    for (int i = 0; i < 3; i++) {
        g->size[i] = from->size[i];
        g->inverse[i] = 1 / fmaxf(from->size[i], 1e-6f);
    }
    take_colour(m, from, look, g);
    if (g->shape == SHAPE_PLANE)
        take_plane(m, from, grid_of(look, g),
                   (float)(m->stat.extent * (mjtNum)m->vis.map.zfar), g);
    place(f, g);
    place_lights(f, g);
    g->plane.grey = lit_grey(f, g);
    if (g->shape == SHAPE_PLANE && g->o[2] < 0)
        g->alpha *= 0.3f;
    g->transparent = g->alpha < 0.995f;
    return true;
}

/* Mirrors a geom at plane `at` of normal `n`. */
static void mirror(struct render_frame *f, int index, const float *at, const float *n) {
    const struct render_geom *real = &f->geom[index];
    struct render_geom *g = &f->image[index];

    *g = *real; /* and the lights: mirrored with it, they stand in its frame as before */
    float far = 0;
    for (int i = 0; i < 3; i++)
        far += (real->at[i] - at[i]) * n[i];
    for (int i = 0; i < 3; i++)
        g->at[i] -= 2 * far * n[i];
    for (int j = 0; j < 3; j++) {
        float along =
            n[0] * real->frame[j] + n[1] * real->frame[3 + j] + n[2] * real->frame[6 + j];
        for (int i = 0; i < 3; i++)
            g->frame[3 * i + j] -= 2 * along * n[i];
    }
    place(f, g);
    g->reflectance = f->geom[f->mirror].reflectance;
}

/* The first plane that reflects does. */
static void take_mirror(struct render_frame *f) {
    f->mirror = -1;
    for (int i = 0; i < f->n_geoms && f->mirror < 0; i++) {
        const struct render_geom *g = &f->geom[i];
        if (g->shape == SHAPE_PLANE && g->reflectance > 0 && !g->transparent &&
            !(f->mask_floor && g->floor))
            f->mirror = i;
    }
    if (f->mirror < 0)
        return;
    const struct render_geom *g = &f->geom[f->mirror];
    const float n[3] = {g->frame[2], g->frame[5], g->frame[8]};
    for (int i = 0; i < f->n_geoms; i++)
        mirror(f, i, g->at, n);
}

/* Near to far, as mjr sorts them: by the centre's depth. */
static void sort_transparent(struct render_frame *f) {
    f->n_transparent = 0;
    for (int i = 0; i < f->n_geoms; i++) {
        if (!f->geom[i].transparent || (f->mask_floor && f->geom[i].floor))
            continue;
        int k = f->n_transparent++;
        for (; k > 0 && f->geom[f->behind[k - 1]].at[2] > f->geom[i].at[2]; k--)
            f->behind[k] = f->behind[k - 1];
        f->behind[k] = i;
    }
}

static bool finite_floats(const float *x, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * 0;
    return sum == 0;
}

static bool scene_is_finite(const mjvScene *s) {
    bool ok = finite_floats(s->camera[0].pos, 9) && finite_floats(s->camera[1].pos, 9);

    for (int i = 0; i < s->ngeom && ok; i++)
        ok = finite_floats(s->geoms[i].size, 3 + 3 + 9 + 4);
    for (int i = 0; i < s->nlight && ok; i++)
        ok = finite_floats(s->lights[i].pos, 6);
    return ok;
}

static bool look_is_finite(const mjModel *m, const render_look *l) {
    return (!l->grid || finite_floats(l->grid, 6)) &&
           (!l->sky || finite_floats(l->sky, 3)) &&
           (!l->materials || finite_floats(l->materials[0], 4 * m->nmat)) &&
           (!l->has_floor_alpha || finite_floats(&l->floor_alpha, 1));
}

static void set_camera(mjvScene *s, const render_camera *c) {
    for (int eye = 0; eye < 2; eye++) {
        memcpy(s->camera[eye].pos, c->pos, sizeof c->pos);
        memcpy(s->camera[eye].forward, c->forward, sizeof c->forward);
        memcpy(s->camera[eye].up, c->up, sizeof c->up);
    }
}

static accord_code fill_scene(struct render *r, const mjModel *m, mjData *d, int camera,
                              const render_look *look, accord_err *err) {
    mjvCamera c;

    if (camera < 0 || camera >= m->ncam)
        return r->host->fail(r->host, err, ACCORD_E_ARG,
                             "camera %d: the model has cameras 0 to %d", camera,
                             m->ncam - 1);
    mjv_defaultCamera(&c);
    c.type = mjCAMERA_FIXED;
    c.fixedcamid = camera;
    mjv_updateScene(m, d, &r->option, NULL, &c, mjCAT_ALL, &r->scene);
    if (look && look->camera)
        set_camera(&r->scene, look->camera);
    if (!scene_is_finite(&r->scene) || (look && !look_is_finite(m, look)))
        return r->host->fail(r->host, err, ACCORD_E_LIMIT,
                             "the scene or its look holds a number that is not finite");
    if (r->scene.ngeom >= r->max_geoms)
        return r->host->fail(r->host, err, ACCORD_E_LIMIT,
                             "the scene has more than %d geoms", r->max_geoms - 1);
    return ACCORD_OK;
}

accord_code render_scene_take(struct render *r, const mjModel *m, mjData *d, int camera,
                              const render_look *look, accord_err *err) {
    struct render_frame *f = &r->frame;
    accord_code code = fill_scene(r, m, d, camera, look, err);

    if (code)
        return code;
    const mjvGLCamera *c = &r->scene.camera[0];
    struct eye e = eye_of(&r->scene);
    f->near = c->frustum_near;
    f->step = 2 * (c->frustum_top / c->frustum_near) / (float)f->height;
    f->mask_sky = look && look->background && !look->key;
    f->mask_floor = f->mask_sky && look->background_floor;
    f->floor = -1;
    f->n_geoms = r->scene.ngeom;
    take_lights(&e, &r->scene, f);
    for (int i = 0; i < f->n_geoms; i++)
        if (!take_geom(r, m, &e, i, look))
            return r->host->fail(r->host, err, ACCORD_E_UNSUPPORTED,
                                 "geom %d of the scene has shape %d, which the renderer "
                                 "does not draw",
                                 i, r->scene.geoms[i].type);
    take_mirror(f);
    sort_transparent(f);
    return make_corners(r, err);
}
