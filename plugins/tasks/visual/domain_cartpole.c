/* domain_cartpole.c - a pole on a cart: keep it up, or swing it up first. */
#include <math.h>

#include <accord/rng.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"
#include "tolerance.h"

static const char mjcf[] =
    "<mujoco model='cartpole'>" MJCF_LOOK "<option timestep='.01' integrator='RK4'>"
    " <flag contact='disable' energy='enable'/>"
    "</option>"
    "<worldbody>"
    " <light name='light' pos='0 0 6'/>"
    " <camera name='fixed' pos='0 -4 1' zaxis='0 -1 0'/>"
    " <camera name='lookatcart' mode='targetbody' target='cart' pos='0 -2 2'/>"
    " <geom name='floor' type='plane' pos='0 0 -.05' size='4 4 .2' material='grid'/>"
    " <geom name='rail1' type='capsule' pos='0 .07 1' zaxis='1 0 0' size='.02 2'"
    "  material='decoration'/>"
    " <geom name='rail2' type='capsule' pos='0 -.07 1' zaxis='1 0 0' size='.02 2'"
    "  material='decoration'/>"
    " <body name='cart' pos='0 0 1'>"
    "  <joint name='slider' type='slide' axis='1 0 0' limited='true' range='-1.8 1.8'"
    "   solreflimit='.08 1' damping='5e-4'/>"
    "  <geom name='cart' type='box' size='.2 .15 .1' mass='1' material='self'/>"
    "  <body name='pole_1'>"
    "   <joint name='hinge_1' type='hinge' axis='0 1 0' damping='2e-6'/>"
    "   <geom name='pole_1' type='capsule' fromto='0 0 0 0 0 1' size='.045' mass='.1'"
    "    material='self'/>"
    "  </body>"
    " </body>"
    "</worldbody>"
    "<actuator>"
    " <motor name='slide' joint='slider' gear='10' ctrllimited='true' ctrlrange='-1 1'/>"
    "</actuator>"
    "</mujoco>";

enum { SLIDER, HINGE, POLE };

static const domain_name names[] = {
    {mjOBJ_JOINT, "slider"}, {mjOBJ_JOINT, "hinge_1"}, {mjOBJ_BODY, "pole_1"}};

static double position(const environment *e) {
    return e->data->qpos[e->world->id[SLIDER]];
}

/* Of the pole's angle, 0 = up. */
static double cosine(const environment *e) {
    return e->data->xmat[9 * e->world->id[POLE] + 8];
}

static double sine(const environment *e) {
    return e->data->xmat[9 * e->world->id[POLE] + 2];
}

static void start_velocities(environment *e, uint64_t *rng) {
    for (int i = 0; i < 2; i++)
        e->data->qvel[i] = .01 * accord_rng_normal(rng);
}

static void start_up(environment *e, uint64_t *rng) {
    e->data->qpos[e->world->id[SLIDER]] = start_between(rng, -.1, .1);
    e->data->qpos[e->world->id[HINGE]] = start_between(rng, -.034, .034);
    start_velocities(e, rng);
}

static void start_down(environment *e, uint64_t *rng) {
    e->data->qpos[e->world->id[SLIDER]] = .01 * accord_rng_normal(rng);
    e->data->qpos[e->world->id[HINGE]] = START_PI + .01 * accord_rng_normal(rng);
    start_velocities(e, rng);
}

static double reward_dense(const environment *e) {
    static const struct tolerance_fall place = {TOLERANCE_GAUSSIAN, 2, .1},
                                       effort = {TOLERANCE_QUADRATIC, 1, 0},
                                       speed = {TOLERANCE_GAUSSIAN, 5, .1};
    double spin = e->data->qvel[e->world->id[HINGE]];

    return (1 + cosine(e)) / 2 * (1 + tolerance(position(e), 0, 0, place)) / 2 *
           (4 + tolerance(e->data->ctrl[0], 0, 0, effort)) / 5 *
           (1 + tolerance(spin, 0, 0, speed)) / 2;
}

static double reward_sparse(const environment *e) {
    return fabs(position(e)) <= .25 && cosine(e) >= .995 && cosine(e) <= 1;
}

static void observe(const environment *e, double *state) {
    state[0] = position(e);
    state[1] = cosine(e);
    state[2] = sine(e);
    mju_copy(state + 3, e->data->qvel, 2);
}

static const domain_task tasks[] = {
    {.name = "swingup",
     .n_state = 5,
     .start = start_down,
     .reward = reward_dense,
     .observe = observe},
    {.name = "balance",
     .n_state = 5,
     .start = start_up,
     .reward = reward_dense,
     .observe = observe},
    {.name = "swingup_sparse",
     .n_state = 5,
     .start = start_down,
     .reward = reward_sparse,
     .observe = observe},
    {.name = "balance_sparse",
     .n_state = 5,
     .start = start_up,
     .reward = reward_sparse,
     .observe = observe},
};

const domain domain_cartpole = {
    .name = "cartpole",
    .mjcf = mjcf,
    .n_q = 2,
    .n_bodies = 3,
    .n_action = 1,
    .substeps = 1,
    .repeat = 8,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
