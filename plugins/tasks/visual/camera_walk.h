/* camera_walk.h - the wandering camera of the Distracting Control Suite (Stone et al.,
 * 2021): it strays from the camera of the model around the point that this one looks at.
 *
 * At intensity s it starts anywhere within (pi/2) s to each side and up and down, rolled
 * by up to (pi/2) s, at 1 - s/2 to 1 + 3s/2 times the distance, and then wanders within
 * these limits.  Its velocity walks at random: by s/10 per change for a camera 4 metres
 * away, at most 4s/10, in proportion to the distance; the roll by (pi/300) s, at most
 * (pi/50) s. */
#ifndef ACCORD_VISUAL_CAMERA_WALK_H
#define ACCORD_VISUAL_CAMERA_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "render.h"

typedef struct camera_walk {
    double intensity;   /* 0 to 0.5 */
    bool above;         /* stays above the horizon of the point looked at */
    double at[3];       /* to the right, upwards (radians); distance (1: the model's) */
    double velocity[3]; /* of these, per change */
    double roll;        /* radians */
    double roll_velocity;
} camera_walk;

/* [any] A start pose at rest, drawn from a state of <accord/rng.h>. */
void camera_walk_begin(camera_walk *w, double intensity, bool above, uint64_t *state);

/* [any] One change. */
void camera_walk_step(camera_walk *w, uint64_t *state);

/* [any] Where the camera is when the model's own is `reference` and looks at the point
 * `target`, which lies on its axis. */
void camera_walk_pose(const camera_walk *w, const render_camera *reference,
                      const float target[3], render_camera *out);

#endif
