/* mujoco_gl.h - MuJoCo's own renderer on software OpenGL (OSMesa, found with dlopen):
 * what ours is measured against.  One at a time in a process. */
#ifndef MUJOCO_GL_H
#define MUJOCO_GL_H

#include <stdbool.h>
#include <stdint.h>

#include <mujoco/mujoco.h>

typedef struct mujoco_gl {
    int width, height;
    void *context;
    unsigned char *buffer, *rows;
    mjrContext mjr;
    mjvScene scene; /* of the next picture; may be edited after mujoco_gl_look() */
    mjvOption option;
} mujoco_gl;

/* NULL, or why there is no OpenGL here.  Sets the sizes in m->vis, and with `cheapest`
 * all that can be had for less.  mujoco_gl_close() in any case. */
const char *mujoco_gl_open(mujoco_gl *g, mjModel *m, int width, int height,
                           bool cheapest);
void mujoco_gl_close(mujoco_gl *g);

/* Fills the scene. */
void mujoco_gl_look(mujoco_gl *g, const mjModel *m, mjData *d, int camera);
/* Draws it: rgb[height][width][3], top row first.  The scene must be filled anew. */
void mujoco_gl_draw(mujoco_gl *g, unsigned char *rgb);
/* Which geom of the scene each pixel shows, -1 for none: ids[height][width]. */
void mujoco_gl_ids(mujoco_gl *g, int16_t *ids);

#endif
