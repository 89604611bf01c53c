/* look_model.h - what a look needs to know of a MuJoCo model and its cameras. */
#ifndef ACCORD_VISUAL_LOOK_MODEL_H
#define ACCORD_VISUAL_LOOK_MODEL_H

#include "render.h"

/* [any] The pose of a camera in the state `d`, and the point that it looks at: on its
 * axis, beside the body that a tracking camera follows, else beside the middle of the
 * model. */
void look_camera(const mjModel *m, const mjData *d, int camera, render_camera *pose,
                 float target[3]);

#endif
