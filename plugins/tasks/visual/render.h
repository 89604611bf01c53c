/* render.h - pictures of a MuJoCo scene of capsules, spheres, ellipsoids, boxes,
 * cylinders and planes, drawn on the CPU without OpenGL.
 *
 * A ray caster that mixes light as MuJoCo's own renderer does (fixed-function OpenGL):
 * checkered floor lit at the corners of its grid, filtered sky, shadows, one reflecting
 * plane, highlights, transparent geoms, four samples of coverage at the edges.  The same
 * scene gives the same bytes on every x86-64 CPU and with every compiler. */
#ifndef ACCORD_VISUAL_RENDER_H
#define ACCORD_VISUAL_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <accord/plugin.h>
#include <mujoco/mujoco.h>

/* A camera in world axes; forward and up are unit vectors at a right angle. */
typedef struct render_camera {
    float pos[3], forward[3], up[3];
} render_camera;

/* How a picture departs from the model's own look; all zero: not at all.  Colours are
 * 0 to 1. */
typedef struct render_look {
    const unsigned char *background; /* [height][width][3] in place of the sky; NULL */
    bool background_floor;           /* it covers the floor with its shadows, too */
    bool key; /* by the published colour key: sky (and floor) are drawn green and
                 what is green in the picture is replaced; else by exact coverage */
    const float (*materials)[4]; /* [nmat] in place of mat_rgba; NULL */
    const float *grid;           /* [6]: the checker's rgb1 and rgb2; NULL */
    const float *sky;            /* [3]: rgb1 of the sky's gradient; NULL */
    const render_camera *camera; /* in place of the model's camera; NULL */
    float floor_alpha;           /* only with has_floor_alpha */
    bool has_floor_alpha;
} render_look;

/* Scratch, scene and cached skies of one thread; draws any number of environments that
 * share a model. */
typedef struct render render;

/* [worker] A renderer of pictures width x height (1 to 4096) for `m` and copies of it;
 * the sky's texture is read now, all else with each picture.
 * *out is the caller's, see render_free(); `host` must outlive it.  ACCORD_E_UNSUPPORTED
 * names the geom that cannot be drawn; ACCORD_E_ARG; ACCORD_E_NOMEM. */
accord_code render_new(const accord_host *host, const mjModel *m, int width, int height,
                       render **out, accord_err *err);

/* [worker] Draws the state `d`, whose kinematics must be current, as camera number
 * `camera` sees it; of `d` only its scratch stack changes.  `look` may be NULL.  planar:
 * [3][height][width], top row first. ACCORD_E_ARG, ACCORD_E_UNSUPPORTED, ACCORD_E_NOMEM;
 * ACCORD_E_LIMIT where the state or the look holds a number that is not finite. */
accord_code render_frame(render *r, const mjModel *m, mjData *d, int camera,
                         const render_look *look, unsigned char *planar, accord_err *err);

/* [worker] NULL is fine. */
void render_free(render *r);

/* What the ids of the last picture mean. */
enum { RENDER_SKY = -1 };

/* [worker] The geom in the middle of each pixel of the last picture, as an index into
 * the scene's geoms, or RENDER_SKY.  Transparent geoms do not count.  [height][*stride],
 * until the next picture. */
const int16_t *render_ids(const render *r, int *stride);

/* [worker] The scene of the last picture, until the next. */
const mjvScene *render_scene(const render *r);

/* [worker] Draws with the instructions of a level: 0 is what every CPU has, 1 AVX2,
 * 2 AVX-512.  False when this CPU lacks it.  A new renderer has the best. */
bool render_use_level(render *r, int level);

#endif
