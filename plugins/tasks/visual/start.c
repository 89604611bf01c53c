/* start.c - how start states are drawn. */
#include "start.h"

#include <accord/rng.h>

enum { MAX_DRAWS = 1000 };

double start_between(uint64_t *rng, double low, double high) {
    return low + (high - low) * accord_rng_uniform(rng);
}

void start_joints(environment *e, uint64_t *rng, bool free) {
    const mjModel *m = e->world->model.m;

    for (int j = 0; j < m->njnt; j++) {
        mjtNum *q = &e->data->qpos[m->jnt_qposadr[j]];
        if (m->jnt_limited[j])
            *q = start_between(rng, m->jnt_range[2 * j], m->jnt_range[2 * j + 1]);
        else if (free && m->jnt_type[j] == mjJNT_HINGE)
            *q = start_between(rng, -START_PI, START_PI);
    }
}

void start_apart(environment *e, uint64_t *rng,
                 void (*draw)(environment *e, uint64_t *rng)) {
    for (int i = 0; i < MAX_DRAWS; i++) {
        draw(e, rng);
        environment_forward(e);
        if (e->data->ncon == 0)
            return;
    }
    mju_error("no start state without a contact was found");
}
