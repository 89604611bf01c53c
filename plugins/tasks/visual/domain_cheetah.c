/* domain_cheetah.c - a half cheetah in a plane: run. */
#include <string.h>

#include "environment.h"
#include "mjcf.h"
#include "start.h"
#include "tolerance.h"

/* The upper limit of fthigh is 0.4 degrees in the published model too. */
static const char mjcf[] =
    "<mujoco model='cheetah'>" MJCF_LOOK "<compiler settotalmass='14'/>"
    "<option timestep='.01'/>"
    "<statistic extent='2' center='0 0 .7'/>"
    "<default>"
    " <motor ctrllimited='true' ctrlrange='-1 1'/>"
    " <default class='limb'>"
    "  <geom type='capsule' friction='.4 .1 .1' material='self'/>"
    "  <joint type='hinge' axis='0 1 0' armature='.1' limited='true'/>"
    "  <default class='root'>"
    "   <joint limited='false' armature='0'/>"
    "  </default>"
    " </default>"
    "</default>"
    "<worldbody>"
    " <geom name='ground' type='plane' pos='98 0 0' size='100 .8 .5' material='grid'/>"
    " <body name='torso' pos='0 0 .7' childclass='limb'>"
    "  <light name='light' mode='trackcom' pos='0 0 2'/>"
    "  <camera name='side' mode='trackcom' pos='0 -3 0' quat='.707 .707 0 0'/>"
    "  <camera name='back' mode='trackcom' pos='-1.8 -1.3 .8'"
    "   xyaxes='.45 -.9 0 .3 .15 .94'/>"
    "  <joint name='rootx' class='root' type='slide' axis='1 0 0'/>"
    "  <joint name='rootz' class='root' type='slide' axis='0 0 1'/>"
    "  <joint name='rooty' class='root' axis='0 1 0'/>"
    "  <geom name='torso' fromto='-.5 0 0 .5 0 0' size='.046'/>"
    "  <geom name='head' pos='.6 0 .1' euler='0 50 0' size='.046 .15'/>"
    "  <body name='bthigh' pos='-.5 0 0'>"
    "   <joint name='bthigh' range='-30 60' stiffness='240' damping='6'/>"
    "   <geom name='bthigh' pos='.1 0 -.13' euler='0 -218 0' size='.046 .145'/>"
    "   <body name='bshin' pos='.16 0 -.25'>"
    "    <joint name='bshin' range='-50 50' stiffness='180' damping='4.5'/>"
    "    <geom name='bshin' pos='-.14 0 -.07' euler='0 -116 0' size='.046 .15'/>"
    "    <body name='bfoot' pos='-.28 0 -.14'>"
    "     <joint name='bfoot' range='-230 50' stiffness='120' damping='3'/>"
    "     <geom name='bfoot' pos='.03 0 -.097' euler='0 -15 0' size='.046 .094'/>"
    "    </body>"
    "   </body>"
    "  </body>"
    "  <body name='fthigh' pos='.5 0 0'>"
    "   <joint name='fthigh' range='-57 .4' stiffness='180' damping='4.5'/>"
    "   <geom name='fthigh' pos='-.07 0 -.12' euler='0 30 0' size='.046 .133'/>"
    "   <body name='fshin' pos='-.14 0 -.24'>"
    "    <joint name='fshin' range='-70 50' stiffness='120' damping='3'/>"
    "    <geom name='fshin' pos='.065 0 -.09' euler='0 -34 0' size='.046 .106'/>"
    "    <body name='ffoot' pos='.13 0 -.18'>"
    "     <joint name='ffoot' range='-28 28' stiffness='60' damping='1.5'/>"
    "     <geom name='ffoot' pos='.045 0 -.07' euler='0 -34 0' size='.046 .07'/>"
    "    </body>"
    "   </body>"
    "  </body>"
    " </body>"
    "</worldbody>"
    "<actuator>"
    " <motor name='bthigh' joint='bthigh' gear='120'/>"
    " <motor name='bshin' joint='bshin' gear='90'/>"
    " <motor name='bfoot' joint='bfoot' gear='60'/>"
    " <motor name='fthigh' joint='fthigh' gear='90'/>"
    " <motor name='fshin' joint='fshin' gear='60'/>"
    " <motor name='ffoot' joint='ffoot' gear='30'/>"
    "</actuator>"
    "<sensor>"
    " <subtreelinvel name='torso_subtreelinvel' body='torso'/>"
    "</sensor>"
    "</mujoco>";

enum { SETTLING_STEPS = 200 };

enum { VELOCITY };

static const domain_name names[] = {{mjOBJ_SENSOR, "torso_subtreelinvel"}};

/* As published, the first of the settling steps still uses the forces of the default
 * pose, and the velocities that are left after them stay. */
static void start(environment *e, uint64_t *rng) {
    start_joints(e, rng, false);
    environment_advance(e, SETTLING_STEPS);
    e->data->time = 0;
}

static double reward(const environment *e) {
    double speed = e->data->sensordata[e->world->id[VELOCITY]];

    return tolerance_clamp(speed / e->world->task->goal);
}

/* Where it has run to is left out. */
static void observe(const environment *e, double *state) {
    mju_copy(state, e->data->qpos + 1, 8);
    mju_copy(state + 8, e->data->qvel, 9);
}

static const domain_task tasks[] = {{.name = "run",
                                     .goal = 10, /* m/s */
                                     .n_state = 17,
                                     .start = start,
                                     .reward = reward,
                                     .observe = observe}};

const domain domain_cheetah = {
    .name = "cheetah",
    .mjcf = mjcf,
    .n_q = 9,
    .n_bodies = 8,
    .n_action = 6,
    .substeps = 1,
    .repeat = 4,
    .names = names,
    .n_names = sizeof(names) / sizeof(names[0]),
    .tasks = tasks,
    .n_tasks = sizeof(tasks) / sizeof(tasks[0]),
};
