/* domain_finger.c - a finger that turns a spinner: fast, or to where the target is. */
#include <math.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"

static const char mjcf[] =
    "<mujoco model='finger'>" MJCF_LOOK
    "<option timestep='.01' cone='elliptic' iterations='200'>"
    " <flag gravity='disable'/>"
    "</option>"
    "<default>"
    " <geom solimp='0 .9 .01' solref='.02 1'/>"
    " <motor ctrllimited='true' ctrlrange='-1 1'/>"
    " <default class='touch'>"
    "  <site type='ellipsoid' size='.025 .03 .025' material='site' group='3'/>"
    " </default>"
    "</default>"
    "<worldbody>"
    " <light name='light' directional='true' pos='0 0 2' diffuse='.6 .6 .6'"
    "  specular='.3 .3 .3'/>"
    " <geom name='ground' type='plane' size='.6 .2 10' material='grid'/>"
    " <camera name='cam0' pos='0 -1 .8' xyaxes='1 0 0 0 1 2'/>"
    " <camera name='cam1' pos='0 -1 .4' xyaxes='1 0 0 0 0 1'/>"
    " <body name='proximal' pos='-.2 0 .4'>"
    "  <geom name='proximal_decoration' type='cylinder' fromto='0 -.033 0 0 .033 0'"
    "   size='.034' material='decoration'/>"
    "  <joint name='proximal' type='hinge' axis='0 -1 0' limited='true'"
    "   range='-110 110' ref='-90' damping='2.5'/>"
    "  <geom name='proximal' type='capsule' fromto='0 0 0 0 0 -.17' size='.03'"
    "   material='self'/>"
    "  <body name='distal' pos='0 0 -.18'>"
    "   <joint name='distal' type='hinge' axis='0 -1 0' limited='true' range='-110 110'"
    "    damping='2.5'/>"
    "   <geom name='distal' type='capsule' fromto='0 0 0 0 0 -.16' size='.028'"
    "    material='self' contype='0' conaffinity='0'/>"
    "   <geom name='fingertip' type='capsule' fromto='0 0 -.13 0 0 -.161' size='.03'"
    "    material='effector'/>"
    "   <site name='touchtop' class='touch' pos='.01 0 -.17'/>"
    "   <site name='touchbottom' class='touch' pos='-.01 0 -.17'/>"
    "  </body>"
    " </body>"
    " <body name='spinner' pos='.2 0 .4'>"
    "  <joint name='hinge' type='hinge' axis='0 -1 0' frictionloss='.1' damping='.5'/>"
    "  <geom name='cap1' type='capsule' pos='.02 0 0' size='.04 .09' material='self'/>"
    "  <geom name='cap2' type='capsule' pos='-.02 0 0' size='.04 .09' material='self'/>"
    "  <site name='tip' type='sphere' pos='0 0 .13' size='.02' material='target'/>"
    "  <geom name='spinner_decoration' type='cylinder' fromto='0 -.045 0 0 .045 0'"
    "   size='.02' material='decoration'/>"
    " </body>"
    " <site name='target' type='sphere' pos='0 0 .4' size='.03' material='target'/>"
    "</worldbody>"
    "<actuator>"
    " <motor name='proximal' joint='proximal' gear='30'/>"
    " <motor name='distal' joint='distal' gear='15'/>"
    "</actuator>"
    "<sensor>"
    " <jointpos name='proximal' joint='proximal'/>"
    " <jointpos name='distal' joint='distal'/>"
    " <jointvel name='proximal_velocity' joint='proximal'/>"
    " <jointvel name='distal_velocity' joint='distal'/>"
    " <jointvel name='hinge_velocity' joint='hinge'/>"
    " <framepos name='tip' objtype='site' objname='tip'/>"
    " <framepos name='target' objtype='site' objname='target'/>"
    " <framepos name='spinner' objtype='xbody' objname='spinner'/>"
    " <touch name='touchtop' site='touchtop'/>"
    " <touch name='touchbottom' site='touchbottom'/>"
    " <framepos name='touchtop_pos' objtype='site' objname='touchtop'/>"
    " <framepos name='touchbottom_pos' objtype='site' objname='touchbottom'/>"
    "</sensor>"
    "</mujoco>";

enum { PROXIMAL, DISTAL, HINGE, TARGET, TIP, SPINNER, TOUCH_TOP, TOUCH_BOTTOM };

static const domain_name names[] = {
    {mjOBJ_JOINT, "proximal"},  {mjOBJ_JOINT, "distal"},       {mjOBJ_JOINT, "hinge"},
    {mjOBJ_SITE, "target"},     {mjOBJ_SITE, "tip"},           {mjOBJ_BODY, "spinner"},
    {mjOBJ_SENSOR, "touchtop"}, {mjOBJ_SENSOR, "touchbottom"},
};

/* The spinner runs smoothly, and nothing is shown that has no meaning. */
static void prepare_spin(world *w) {
    mjModel *m = w->model.m;

    m->dof_damping[w->id[HINGE]] = .03;
    m->site_rgba[4 * w->id[TARGET] + 3] = 0;
    m->site_rgba[4 * w->id[TIP] + 3] = 0;
}

static void prepare_turn(world *w) {
    mjModel *m = w->model.m;

    m->site_size[3 * w->id[TARGET]] = w->task->goal;
    w->target = m->site_pos + 3 * w->id[TARGET];
}

static void draw(environment *e, uint64_t *rng) {
    start_joints(e, rng, true);
}

static void start_spin(environment *e, uint64_t *rng) {
    start_apart(e, rng, draw);
}

/* The target lies on the circle of the tip: the half length and the radius of the caps.
 */
static void start_turn(environment *e, uint64_t *rng) {
    double angle = start_between(rng, -START_PI, START_PI);

    e->target[0] = .2 + .13 * sin(angle);
    e->target[1] = 0;
    e->target[2] = .4 + .13 * cos(angle);
    environment_enter(e);
    start_apart(e, rng, draw);
}

/* Distance of tip and target less the target's radius, seen along y. */
static double gap(const environment *e) {
    const world *w = e->world;
    const mjtNum *target = e->data->site_xpos + 3 * w->id[TARGET];
    const mjtNum *tip = e->data->site_xpos + 3 * w->id[TIP];
    double x = target[0] - tip[0], z = target[2] - tip[2];

    return sqrt(x * x + z * z) - w->model.m->site_size[3 * w->id[TARGET]];
}

/* Negative: the tip moves away over the top. */
static double reward_spin(const environment *e) {
    return e->data->qvel[e->world->id[HINGE]] <= -e->world->task->goal;
}

static double reward_turn(const environment *e) {
    return gap(e) <= 0;
}

/* x and z of site number `site` as seen from the spinner. */
static void from_spinner(const environment *e, int site, double out[2]) {
    const mjtNum *at = e->data->site_xpos + 3 * e->world->id[site];
    const mjtNum *spinner = e->data->xpos + 3 * e->world->id[SPINNER];

    out[0] = at[0] - spinner[0];
    out[1] = at[2] - spinner[2];
}

static void observe_spin(const environment *e, double *state) {
    const int *id = e->world->id;

    for (int i = PROXIMAL; i <= DISTAL; i++)
        state[i] = e->data->qpos[id[i]];
    from_spinner(e, TIP, state + 2);
    for (int i = PROXIMAL; i <= HINGE; i++)
        state[4 + i] = e->data->qvel[id[i]];
    state[7] = log1p(e->data->sensordata[id[TOUCH_TOP]]);
    state[8] = log1p(e->data->sensordata[id[TOUCH_BOTTOM]]);
}

static void observe_turn(const environment *e, double *state) {
    observe_spin(e, state);
    from_spinner(e, TARGET, state + 9);
    state[11] = gap(e);
}

static const domain_task tasks[] = {
    {.name = "spin",
     .goal = 15, /* rad/s */
     .n_state = 9,
     .prepare = prepare_spin,
     .start = start_spin,
     .reward = reward_spin,
     .observe = observe_spin},
    {.name = "turn_easy",
     .goal = .07, /* radius of the target, m */
     .n_state = 12,
     .prepare = prepare_turn,
     .start = start_turn,
     .reward = reward_turn,
     .observe = observe_turn},
    {.name = "turn_hard",
     .goal = .03,
     .n_state = 12,
     .prepare = prepare_turn,
     .start = start_turn,
     .reward = reward_turn,
     .observe = observe_turn},
};

const domain domain_finger = {
    .name = "finger",
    .mjcf = mjcf,
    .n_q = 3,
    .n_bodies = 4,
    .n_action = 2,
    .substeps = 2,
    .repeat = 2,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
