/* domain_reacher.c - an arm in a plane whose fingertip has to reach a disc. */
#include <math.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"

static const char mjcf[] =
    "<mujoco model='reacher'>" MJCF_LOOK "<option timestep='.02'>"
    " <flag contact='disable'/>"
    "</option>"
    "<default>"
    " <joint type='hinge' axis='0 0 1' damping='.01'/>"
    " <motor gear='.05' ctrllimited='true' ctrlrange='-1 1'/>"
    " <default class='decoration'>"
    "  <geom material='decoration'/>"
    " </default>"
    "</default>"
    "<worldbody>"
    " <light name='light' pos='0 0 1'/>"
    " <camera name='fixed' pos='0 0 .75' quat='1 0 0 0'/>"
    " <geom name='ground' type='plane' size='.3 .3 10' material='grid'/>"
    " <geom name='wall_x' class='decoration' type='plane' pos='-.3 0 .02'"
    "  zaxis='1 0 0' size='.02 .3 .02'/>"
    " <geom name='wall_y' class='decoration' type='plane' pos='0 -.3 .02'"
    "  zaxis='0 1 0' size='.3 .02 .02'/>"
    " <geom name='wall_neg_x' class='decoration' type='plane' pos='.3 0 .02'"
    "  zaxis='-1 0 0' size='.02 .3 .02'/>"
    " <geom name='wall_neg_y' class='decoration' type='plane' pos='0 .3 .02'"
    "  zaxis='0 -1 0' size='.3 .02 .02'/>"
    " <geom name='root' class='decoration' type='cylinder' fromto='0 0 0 0 0 .02'"
    "  size='.011'/>"
    " <geom name='target' type='sphere' pos='0 0 .01' size='.05' material='target'/>"
    " <body name='arm' pos='0 0 .01'>"
    "  <geom name='arm' type='capsule' fromto='0 0 0 .12 0 0' size='.01'"
    "   material='self'/>"
    "  <joint name='shoulder'/>"
    "  <body name='hand' pos='.12 0 0'>"
    "   <geom name='hand' type='capsule' fromto='0 0 0 .1 0 0' size='.01'"
    "    material='self'/>"
    "   <joint name='wrist' limited='true' range='-160 160'/>"
    "   <body name='finger' pos='.12 0 0'>"
    "    <camera name='hand' pos='0 0 .2' mode='track'/>"
    "    <geom name='finger' type='sphere' size='.01' material='effector'/>"
    "   </body>"
    "  </body>"
    " </body>"
    "</worldbody>"
    "<actuator>"
    " <motor name='shoulder' joint='shoulder'/>"
    " <motor name='wrist' joint='wrist'/>"
    "</actuator>"
    "</mujoco>";

enum { TARGET, FINGER };

static const domain_name names[] = {{mjOBJ_GEOM, "target"}, {mjOBJ_GEOM, "finger"}};

static void prepare(world *w) {
    mjModel *m = w->model.m;

    m->geom_size[3 * w->id[TARGET]] = w->task->goal;
    w->target = m->geom_pos + 3 * w->id[TARGET];
}

static void start(environment *e, uint64_t *rng) {
    start_joints(e, rng, true);
    double angle = start_between(rng, 0, 2 * START_PI);
    double radius = start_between(rng, .05, .2);
    e->target[0] = radius * sin(angle);
    e->target[1] = radius * cos(angle);
    e->target[2] = .01;
}

static void to_target(const environment *e, double out[2]) {
    const mjtNum *target = e->data->geom_xpos + 3 * e->world->id[TARGET];
    const mjtNum *finger = e->data->geom_xpos + 3 * e->world->id[FINGER];

    out[0] = target[0] - finger[0];
    out[1] = target[1] - finger[1];
}

/* 1 while finger and target overlap, seen from above. */
static double reward(const environment *e) {
    const mjtNum *size = e->world->model.m->geom_size;
    double d[2];

    to_target(e, d);
    return sqrt(d[0] * d[0] + d[1] * d[1]) <=
           size[3 * e->world->id[TARGET]] + size[3 * e->world->id[FINGER]];
}

static void observe(const environment *e, double *state) {
    mju_copy(state, e->data->qpos, 2);
    to_target(e, state + 2);
    mju_copy(state + 4, e->data->qvel, 2);
}

static const domain_task tasks[] = {
    {.name = "easy",
     .goal = .05, /* radius of the target, m */
     .n_state = 6,
     .prepare = prepare,
     .start = start,
     .reward = reward,
     .observe = observe},
    {.name = "hard",
     .goal = .015,
     .n_state = 6,
     .prepare = prepare,
     .start = start,
     .reward = reward,
     .observe = observe},
};

const domain domain_reacher = {
    .name = "reacher",
    .mjcf = mjcf,
    .n_q = 2,
    .n_bodies = 4,
    .n_action = 2,
    .substeps = 1,
    .repeat = 4,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
