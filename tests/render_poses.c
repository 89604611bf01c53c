/* render_poses.c - see render_poses.h. */
#include "render_poses.h"

#include <accord/rng.h>

/* Dyadic numbers: exact everywhere. */
static double draw(uint64_t *rng, double low, double high) {
    double u = accord_rng_uniform(rng);
    return low + (double)(int)(u * 64) / 64 * (high - low);
}

void render_pose(const mjModel *m, mjData *d, int number) {
    uint64_t rng = (uint64_t)number + 1;

    mj_resetData(m, d);
    for (int j = 0; j < m->njnt; j++) {
        mjtNum *q = d->qpos + m->jnt_qposadr[j];
        if (m->jnt_limited[j])
            *q = draw(&rng, m->jnt_range[2 * j], m->jnt_range[2 * j + 1]);
        else if (m->jnt_type[j] == mjJNT_HINGE)
            *q += draw(&rng, -3, 3);
        else
            *q += draw(&rng, -0.125, 0.125);
    }
    mj_forward(m, d);
}
