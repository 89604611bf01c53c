/* camera_walk.c - see camera_walk.h. */
#include "camera_walk.h"

#include <math.h>

#include <accord/rng.h>

#include "steady.h"

#define PI 3.14159265358979323846

static double between(uint64_t *state, double low, double high) {
    return low + (high - low) * accord_rng_uniform(state);
}

static double clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

void camera_walk_begin(camera_walk *w, double intensity, bool above, uint64_t *state) {
    const double angle = PI / 2 * intensity;

    *w = (camera_walk){.intensity = intensity, .above = above};
    w->at[0] = between(state, -angle, angle);
    w->at[1] = between(state, -angle, angle);
    w->at[2] = between(state, 1 - 0.5 * intensity, 1 + 1.5 * intensity);
    w->roll = between(state, -angle, angle);
}

/* Lengths are in units of the distance, which the published ones divide by 4. */
static void walk_velocity(camera_walk *w, uint64_t *state) {
    const double most = 0.1 * w->intensity;
    double length = 0;

    for (int i = 0; i < 3; i++) {
        w->velocity[i] += 0.025 * w->intensity * steady_normal(state);
        length += w->velocity[i] * w->velocity[i];
    }
    length = sqrt(length);
    for (int i = 0; length > most && i < 3; i++)
        w->velocity[i] *= most / length;
}

void camera_walk_step(camera_walk *w, uint64_t *state) {
    const double s = w->intensity, angle = PI / 2 * s;

    walk_velocity(w, state);
    for (int i = 0; i < 2; i++)
        w->at[i] = clamp(w->at[i] + w->velocity[i], -angle, angle);
    w->at[2] = clamp(w->at[2] + w->velocity[2], 1 - 0.5 * s, 1 + 1.5 * s);
    w->roll_velocity = clamp(w->roll_velocity + PI / 300 * s * steady_normal(state),
                             -PI / 50 * s, PI / 50 * s);
    w->roll = clamp(w->roll + w->roll_velocity, -angle, angle);
}

static double dot(const double a[3], const double b[3]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(double out[3], const double a[3], const double b[3]) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void normalise(double v[3]) {
    const double length = sqrt(dot(v, v));

    for (int i = 0; i < 3; i++)
        v[i] /= length;
}

/* The unit vector from the target to the camera. */
static void stray(const camera_walk *w, const double back[3], const double right[3],
                  const double up[3], double out[3]) {
    const double along = steady_cos(w->at[1]) * steady_cos(w->at[0]);
    const double aside = steady_cos(w->at[1]) * steady_sin(w->at[0]);
    const double above = steady_sin(w->at[1]);
    const double lowest = back[2] < 0 ? back[2] : 0;

    for (int i = 0; i < 3; i++)
        out[i] = along * back[i] + aside * right[i] + above * up[i];
    if (w->above && out[2] < lowest)
        out[2] = lowest;
    normalise(out);
}

/* The upright direction of a camera that looks along `forward`, rolled. */
static void rolled(double roll, const double up[3], const double forward[3],
                   double out[3]) {
    const double lean = dot(up, forward), c = steady_cos(roll), s = steady_sin(roll);
    double upright[3], right[3];

    for (int i = 0; i < 3; i++)
        upright[i] = up[i] - lean * forward[i];
    normalise(upright);
    cross(right, forward, upright);
    for (int i = 0; i < 3; i++)
        out[i] = c * upright[i] + s * right[i];
}

void camera_walk_pose(const camera_walk *w, const render_camera *reference,
                      const float target[3], render_camera *out) {
    double back[3], up[3], right[3], away[3], forward[3], top[3], distance = 0;

    for (int i = 0; i < 3; i++) {
        const double d = (double)reference->pos[i] - (double)target[i];

        back[i] = -(double)reference->forward[i];
        up[i] = (double)reference->up[i];
        distance += d * d;
    }
    cross(right, up, back);
    stray(w, back, right, up, away);
    for (int i = 0; i < 3; i++)
        forward[i] = -away[i];
    rolled(w->roll, up, forward, top);
    distance = sqrt(distance) * w->at[2];
    for (int i = 0; i < 3; i++) {
        out->pos[i] = (float)((double)target[i] + distance * away[i]);
        out->forward[i] = (float)forward[i];
        out->up[i] = (float)top[i];
    }
}
