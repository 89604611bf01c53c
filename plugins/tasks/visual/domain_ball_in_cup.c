/* domain_ball_in_cup.c - swing a ball on a string into the cup that it hangs from. */
#include <math.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"

static const char mjcf[] =
    "<mujoco model='ball_in_cup'>" MJCF_LOOK "<option timestep='.002'/>"
    "<default>"
    " <motor gear='5' ctrllimited='true' ctrlrange='-1 1'/>"
    " <default class='cup'>"
    "  <joint type='slide' damping='3' stiffness='20'/>"
    "  <geom type='capsule' size='.008' material='self'/>"
    " </default>"
    "</default>"
    "<worldbody>"
    " <light name='light' directional='true' pos='0 0 2' diffuse='.6 .6 .6'"
    "  specular='.3 .3 .3'/>"
    " <geom name='ground' type='plane' size='.6 .2 10' material='grid'/>"
    " <camera name='cam0' pos='0 -1 .8' xyaxes='1 0 0 0 1 2'/>"
    " <camera name='cam1' pos='0 -1 .4' xyaxes='1 0 0 0 0 1'/>"
    " <body name='cup' pos='0 0 .6' childclass='cup'>"
    "  <joint name='cup_x' axis='1 0 0'/>"
    "  <joint name='cup_z' axis='0 0 1'/>"
    "  <geom name='cup_part_0' fromto='-.05 0 0 -.05 0 -.075'/>"
    "  <geom name='cup_part_1' fromto='-.05 0 -.075 -.025 0 -.1'/>"
    "  <geom name='cup_part_2' fromto='-.025 0 -.1 .025 0 -.1'/>"
    "  <geom name='cup_part_3' fromto='.025 0 -.1 .05 0 -.075'/>"
    "  <geom name='cup_part_4' fromto='.05 0 -.075 .05 0 0'/>"
    "  <site name='cup' pos='0 0 -.108' size='.005'/>"
    "  <site name='target' type='box' pos='0 0 -.05' size='.05 .006 .05' group='4'/>"
    " </body>"
    " <body name='ball' pos='0 0 .2'>"
    "  <joint name='ball_x' type='slide' axis='1 0 0'/>"
    "  <joint name='ball_z' type='slide' axis='0 0 1'/>"
    "  <geom name='ball' type='sphere' size='.025' material='effector'/>"
    "  <site name='ball' size='.005'/>"
    " </body>"
    "</worldbody>"
    "<actuator>"
    " <motor name='x' joint='cup_x'/>"
    " <motor name='z' joint='cup_z'/>"
    "</actuator>"
    "<tendon>"
    " <spatial name='string' limited='true' range='0 .3' width='.003'>"
    "  <site site='ball'/>"
    "  <site site='cup'/>"
    " </spatial>"
    "</tendon>"
    "</mujoco>";

enum { BALL_X, BALL_Z, TARGET, BALL, BALL_GEOM };

static const domain_name names[] = {{mjOBJ_JOINT, "ball_x"},
                                    {mjOBJ_JOINT, "ball_z"},
                                    {mjOBJ_SITE, "target"},
                                    {mjOBJ_BODY, "ball"},
                                    {mjOBJ_GEOM, "ball"}};

static void draw(environment *e, uint64_t *rng) {
    e->data->qpos[e->world->id[BALL_X]] = start_between(rng, -.2, .2);
    e->data->qpos[e->world->id[BALL_Z]] = start_between(rng, .2, .5);
}

static void start(environment *e, uint64_t *rng) {
    start_apart(e, rng, draw);
}

/* 1 while the whole ball is in the box `target`, seen along y. */
static double reward(const environment *e) {
    const world *w = e->world;
    const mjModel *m = w->model.m;
    const mjtNum *target = e->data->site_xpos + 3 * w->id[TARGET];
    const mjtNum *ball = e->data->xpos + 3 * w->id[BALL];
    const mjtNum *half = m->site_size + 3 * w->id[TARGET];
    double radius = m->geom_size[3 * w->id[BALL_GEOM]];

    return fabs(target[0] - ball[0]) < half[0] - radius &&
           fabs(target[2] - ball[2]) < half[2] - radius;
}

static void observe(const environment *e, double *state) {
    mju_copy(state, e->data->qpos, 4);
    mju_copy(state + 4, e->data->qvel, 4);
}

static const domain_task tasks[] = {{.name = "catch",
                                     .n_state = 8,
                                     .start = start,
                                     .reward = reward,
                                     .observe = observe}};

const domain domain_ball_in_cup = {
    .name = "ball_in_cup",
    .mjcf = mjcf,
    .n_q = 4,
    .n_bodies = 3,
    .n_action = 2,
    .substeps = 10,
    .repeat = 4,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
