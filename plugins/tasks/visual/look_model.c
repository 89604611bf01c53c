/* look_model.c - see look_model.h. */
#include "look_model.h"

/* The nearest that a point looked at may be, metres. */
#define NEAREST 0.1

static bool tracks(int mode) {
    return mode == mjCAMLIGHT_TRACK || mode == mjCAMLIGHT_TRACKCOM ||
           mode == mjCAMLIGHT_TARGETBODY || mode == mjCAMLIGHT_TARGETBODYCOM;
}

static const mjtNum *subject(const mjModel *m, const mjData *d, int camera) {
    const int body = m->cam_mode[camera] == mjCAMLIGHT_TARGETBODY ||
                             m->cam_mode[camera] == mjCAMLIGHT_TARGETBODYCOM
                         ? m->cam_targetbodyid[camera]
                         : m->cam_bodyid[camera];

    return tracks(m->cam_mode[camera]) && body >= 0 ? d->subtree_com + 3 * body
                                                    : m->stat.center;
}

/* A camera's frame has its columns to the right, upwards and backwards. */
void look_camera(const mjModel *m, const mjData *d, int camera, render_camera *pose,
                 float target[3]) {
    const mjtNum *pos = d->cam_xpos + 3 * camera, *mat = d->cam_xmat + 9 * camera;
    const mjtNum *centre = subject(m, d, camera);
    mjtNum distance = 0;

    for (int i = 0; i < 3; i++) {
        pose->pos[i] = (float)pos[i];
        pose->up[i] = (float)mat[3 * i + 1];
        pose->forward[i] = (float)-mat[3 * i + 2];
        distance -= (centre[i] - pos[i]) * mat[3 * i + 2];
    }
    if (!(distance > NEAREST))
        distance = NEAREST;
    for (int i = 0; i < 3; i++)
        target[i] = (float)(pos[i] - distance * mat[3 * i + 2]);
}
