/* domain_walker.c - two legs in a plane: stand, walk, run. */
#include <math.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"
#include "tolerance.h"

/* The two legs differ in their names and their side. */
#define LEG(side, y) \
    " <body name='" side "_thigh' pos='0 " y " -.3'>" \
    "  <joint name='" side "_hip' range='-20 100'/>" \
    "  <geom name='" side "_thigh' pos='0 0 -.225' size='.05 .225'/>" \
    "  <body name='" side "_leg' pos='0 0 -.7'>" \
    "   <joint name='" side "_knee' pos='0 0 .25' range='-150 0'/>" \
    "   <geom name='" side "_leg' size='.04 .25'/>" \
    "   <body name='" side "_foot' pos='.06 0 -.25'>" \
    "    <joint name='" side "_ankle' pos='-.06 0 0' range='-45 45'/>" \
    "    <geom name='" side "_foot' zaxis='1 0 0' size='.05 .1'/>" \
    "   </body>" \
    "  </body>" \
    " </body>"

#define MOTORS(side) \
    " <motor name='" side "_hip' joint='" side "_hip' gear='100'/>" \
    " <motor name='" side "_knee' joint='" side "_knee' gear='50'/>" \
    " <motor name='" side "_ankle' joint='" side "_ankle' gear='20'/>"

static const char mjcf[] =
    "<mujoco model='walker'>" MJCF_LOOK "<option timestep='.0025'/>"
    "<statistic extent='2' center='0 0 1'/>"
    "<default>"
    " <geom contype='1' conaffinity='0' friction='.7 .1 .1'/>"
    " <joint damping='.1' armature='.01' solimplimit='0 .99 .01'/>"
    " <motor ctrllimited='true' ctrlrange='-1 1'/>"
    " <default class='limb'>"
    "  <geom type='capsule' material='self'/>"
    "  <joint type='hinge' axis='0 -1 0' limited='true'/>"
    "  <default class='root'>"
    "   <joint limited='false' damping='0' armature='0'/>"
    "  </default>"
    " </default>"
    "</default>"
    "<worldbody>"
    " <geom name='floor' type='plane' pos='248 0 0' size='250 .8 .2' conaffinity='1'"
    "  material='grid'/>"
    " <body name='torso' pos='0 0 1.3' childclass='limb'>"
    "  <light name='light' mode='trackcom' pos='0 0 2'/>"
    "  <camera name='side' mode='trackcom' pos='0 -2 .7' euler='60 0 0'/>"
    "  <camera name='back' mode='trackcom' pos='-2 0 .5' xyaxes='0 -1 0 1 0 3'/>"
    "  <joint name='rootz' class='root' type='slide' axis='0 0 1'/>"
    "  <joint name='rootx' class='root' type='slide' axis='1 0 0'/>"
    "  <joint name='rooty' class='root' axis='0 1 0'/>"
    "  <geom name='torso' size='.07 .3'/>" LEG("right", "-.05") LEG("left", ".05") //
    " </body>"
    "</worldbody>"
    "<actuator>" MOTORS("right")
        MOTORS("left") "</actuator>"
                       "<sensor>"
                       " <subtreelinvel name='torso_subtreelinvel' body='torso'/>"
                       "</sensor>"
                       "</mujoco>";

enum { TORSO, VELOCITY };

static const domain_name names[] = {{mjOBJ_BODY, "torso"},
                                    {mjOBJ_SENSOR, "torso_subtreelinvel"}};

/* Contacts are not rejected: a walker may begin inside the floor and is thrown out. */
static void start(environment *e, uint64_t *rng) {
    start_joints(e, rng, true);
}

static double height(const environment *e) {
    return e->data->xpos[3 * e->world->id[TORSO] + 2];
}

static double reward_stand(const environment *e) {
    static const struct tolerance_fall low = {TOLERANCE_GAUSSIAN, .6, .1};
    double upright = (1 + e->data->xmat[9 * e->world->id[TORSO] + 8]) / 2;

    return (3 * tolerance(height(e), 1.2, HUGE_VAL, low) + upright) / 4;
}

static double reward_move(const environment *e) {
    double speed = e->data->sensordata[e->world->id[VELOCITY]];

    return reward_stand(e) * (5 * tolerance_clamp(speed / e->world->task->goal) + 1) / 6;
}

/* Orientation of each body in the plane, height, velocities. */
static void observe(const environment *e, double *state) {
    const mjModel *m = e->world->model.m;
    int n = 0;

    for (int b = 1; b < m->nbody; b++) {
        state[n++] = e->data->xmat[9 * b];
        state[n++] = e->data->xmat[9 * b + 2];
    }
    state[n++] = height(e);
    mju_copy(state + n, e->data->qvel, m->nv);
}

static const domain_task tasks[] = {
    {.name = "walk",
     .goal = 1, /* m/s */
     .n_state = 24,
     .start = start,
     .reward = reward_move,
     .observe = observe},
    {.name = "stand",
     .n_state = 24,
     .start = start,
     .reward = reward_stand,
     .observe = observe},
    {.name = "run",
     .goal = 8,
     .n_state = 24,
     .start = start,
     .reward = reward_move,
     .observe = observe},
};

const domain domain_walker = {
    .name = "walker",
    .mjcf = mjcf,
    .n_q = 9,
    .n_bodies = 8,
    .n_action = 6,
    .substeps = 10,
    .repeat = 4,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
