/* render_poses.h - poses to draw: drawn from a number, without dynamics. */
#ifndef RENDER_POSES_H
#define RENDER_POSES_H

#include <mujoco/mujoco.h>

/* Sets qpos: joints with a range anywhere in it, others near their start. */
void render_pose(const mjModel *m, mjData *d, int number);

#endif
