/* environment.c - a task at work. */
#include "environment.h"

#include "engine.h"

enum { SENTENCE = 200 };

/* ---- the world -------------------------------------------------------------------- */

static accord_code choose(world *w, const world_options *o, accord_err *err) {
    w->domain = domain_find(o->domain);
    if (!w->domain)
        return w->host->fail(w->host, err, ACCORD_E_CONFIG, "no domain \"%s\"",
                             o->domain);
    w->task = o->task[0] ? domain_find_task(w->domain, o->task) : &w->domain->tasks[0];
    if (!w->task)
        return w->host->fail(w->host, err, ACCORD_E_CONFIG, "%s has no task \"%s\"",
                             o->domain, o->task);
    w->repeat = o->repeat ? o->repeat : w->domain->repeat;
    return ACCORD_OK;
}

/* A user's copy may be of another version or edited. */
static accord_code check_sizes(const world *w, const char *file, accord_err *err) {
    const domain *d = w->domain;
    const mjModel *m = w->model.m;

    if (m->nq == d->n_q && m->nv == d->n_q && m->nu == d->n_action &&
        m->nbody == d->n_bodies)
        return ACCORD_OK;
    return w->host->fail(w->host, err, ACCORD_E_CONFIG,
                         "%s: %d positions, %d velocities, %d motors and %d bodies where "
                         "the task has %d, %d, %d and %d",
                         file, m->nq, m->nv, m->nu, m->nbody, d->n_q, d->n_q, d->n_action,
                         d->n_bodies);
}

static accord_code look_up(world *w, accord_err *err) {
    const domain *d = w->domain;
    const mjModel *m = w->model.m;
    const char *file = w->model.files ? w->model.files[0] : d->name;
    accord_code rc = check_sizes(w, file, err);

    if (rc)
        return rc;
    for (int i = 0; i < d->n_names; i++) {
        const domain_name *n = &d->names[i];
        w->id[i] = mj_name2id(m, n->type, n->name);
        if (w->id[i] < 0)
            return w->host->fail(w->host, err, ACCORD_E_CONFIG,
                                 "%s: no %s named \"%s\", which the task needs", file,
                                 mju_type2Str(n->type), n->name);
        if (n->type == mjOBJ_SENSOR)
            w->id[i] = m->sensor_adr[w->id[i]];
        if (n->type == mjOBJ_JOINT)
            w->id[i] = m->jnt_dofadr[w->id[i]];
    }
    return ACCORD_OK;
}

accord_code world_init(world *w, const accord_host *host, const world_options *options,
                       accord_err *err) {
    *w = (world){.host = host};
    accord_code rc = choose(w, options, err);
    if (rc)
        return rc;
    rc = options->assets[0]
             ? model_read(host, options->assets, w->domain->name, &w->model, err)
             : model_parse(host, w->domain->name, w->domain->mjcf, &w->model, err);
    if (rc || (rc = look_up(w, err)))
        return rc;
    w->flags = w->model.m->opt.disableflags;
    if (w->task->prepare)
        w->task->prepare(w);
    return ACCORD_OK;
}

void world_fini(world *w) {
    model_fini(&w->model);
}

int world_steps(const world *w) {
    return (CONTROL_STEPS + w->repeat - 1) / w->repeat;
}

/* ---- one episode ------------------------------------------------------------------ */

accord_code environment_init(environment *e, world *w, accord_err *err) {
    *e = (environment){.world = w, .data = model_data(w->model.m)};
    if (!e->data)
        return w->host->fail(w->host, err, ACCORD_E_NOMEM, "out of memory");
    return ACCORD_OK;
}

void environment_fini(environment *e) {
    if (e->data)
        mj_deleteData(e->data);
    e->data = NULL;
}

void environment_enter(environment *e) {
    if (e->world->target)
        mju_copy3(e->world->target, e->target);
}

/* What MuJoCo left half way cannot go on. */
static accord_code call(environment *e, void (*body)(void *), void *arg,
                        accord_err *err) {
    const accord_host *host = e->world->host;
    char why[SENTENCE];

    environment_enter(e);
    if (engine_try(body, arg, why, sizeof(why)) == 0)
        return ACCORD_OK;
    e->control_steps = CONTROL_STEPS;
    e->world->model.m->opt.disableflags = e->world->flags;
    return host->fail(host, err, ACCORD_E_INTERNAL, "MuJoCo at %.3f s: %s", e->data->time,
                      why);
}

void environment_forward(environment *e) {
    mjModel *m = e->world->model.m;

    m->opt.disableflags = e->world->flags | mjDSBL_ACTUATION;
    mj_forward(m, e->data);
    m->opt.disableflags = e->world->flags;
}

/* The closing mj_step1 makes poses, contacts and sensors those of the new state: with
 * plain mj_step, picture and reward would lag by one physics step. */
void environment_advance(environment *e, int n) {
    const mjModel *m = e->world->model.m;
    int done = 0;

    if (m->opt.integrator != mjINT_RK4) {
        mj_step2(m, e->data);
        done = 1;
    }
    for (; done < n; done++)
        mj_step(m, e->data);
    mj_step1(m, e->data);
}

/* ---- reset ------------------------------------------------------------------------ */

struct reset {
    environment *e;
    uint64_t *rng;
    const double *qpos, *qvel;
};

static void reset(void *arg) {
    struct reset *r = arg;
    environment *e = r->e;

    mj_resetData(e->world->model.m, e->data);
    environment_forward(e);
    if (r->rng) {
        e->world->task->start(e, r->rng);
        environment_enter(e);
    } else {
        mju_copy(e->data->qpos, r->qpos, e->world->domain->n_q);
        mju_copy(e->data->qvel, r->qvel, e->world->domain->n_q);
    }
    environment_forward(e);
}

accord_code environment_reset(environment *e, uint64_t *rng, accord_err *err) {
    struct reset r = {.e = e, .rng = rng};

    e->control_steps = 0;
    return call(e, reset, &r, err);
}

accord_code environment_set(environment *e, const double *qpos, const double *qvel,
                            accord_err *err) {
    struct reset r = {.e = e, .qpos = qpos, .qvel = qvel};

    e->control_steps = 0;
    return call(e, reset, &r, err);
}

/* ---- steps ------------------------------------------------------------------------ */

static void advance(void *arg) {
    environment *e = arg;

    environment_advance(e, e->world->domain->substeps);
}

accord_code environment_control(environment *e, const double *ctrl, accord_err *err) {
    mju_copy(e->data->ctrl, ctrl, e->world->domain->n_action);
    e->control_steps++;
    return call(e, advance, e, err);
}

bool environment_ended(const environment *e) {
    return e->control_steps >= CONTROL_STEPS;
}

accord_code environment_step(environment *e, const float *action, double *reward,
                             accord_err *err) {
    const world *w = e->world;
    double ctrl[DOMAIN_MAX_STATE];
    accord_code rc = ACCORD_OK;

    *reward = 0;
    if (environment_ended(e))
        return w->host->fail(w->host, err, ACCORD_E_ARG, "step after the episode ended");
    for (int i = 0; i < w->domain->n_action; i++)
        ctrl[i] = (double)action[i];
    for (int i = 0; i < w->repeat && !environment_ended(e) && !rc; i++) {
        rc = environment_control(e, ctrl, err);
        if (!rc)
            *reward += w->task->reward(e);
    }
    return rc;
}

void environment_observe(const environment *e, float *state) {
    double values[DOMAIN_MAX_STATE];

    e->world->task->observe(e, values);
    for (int i = 0; i < e->world->task->n_state; i++)
        state[i] = (float)values[i];
}
