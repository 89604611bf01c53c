/* domain.h - the table of domains: what each is made of, how its tasks begin and pay.
 *
 * Adding a domain: a file domain_NAME.c with its MJCF, names and tasks, and a line in
 * domains.c. */
#ifndef ACCORD_VISUAL_DOMAIN_H
#define ACCORD_VISUAL_DOMAIN_H

#include <stdint.h>

#include <mujoco/mujoco.h>

enum { DOMAIN_MAX_NAMES = 16, DOMAIN_MAX_STATE = 32 };

/* A scene as all its episodes share it, and one episode's state in it; see
 * environment.h. */
typedef struct world world;
typedef struct environment environment;

/* Something that a domain's code looks up in the model. */
typedef struct domain_name {
    int type; /* mjOBJ_... */
    const char *name;
} domain_name;

typedef struct domain_task {
    const char *name; /* "swingup" */
    double goal;      /* what the task is about, in the domain's own unit */
    int n_state;      /* length of the state observation */
    /* [worker] Edits of the model that hold for all episodes, or NULL. */
    void (*prepare)(world *w);
    /* [worker] Sets the start state; the data is that of a fresh mj_forward.  Runs
     * behind engine_try(). */
    void (*start)(environment *e, uint64_t *rng);
    /* [worker] The reward of one control step, 0 to 1, of the state after it. */
    double (*reward)(const environment *e);
    /* [worker] Writes state[n_state]. */
    void (*observe)(const environment *e, double *state);
} domain_task;

typedef struct domain {
    const char *name; /* "cartpole"; the stem of the published file too */
    const char *mjcf;
    int n_q;      /* = number of velocities */
    int n_bodies; /* with the world's */
    int n_action; /* motors */
    int substeps; /* physics steps of a control step */
    int repeat;   /* control steps of an agent step, as in DMControl-GB */
    const domain_name *names;
    int n_names;
    const domain_task *tasks; /* the first is the usual one */
    int n_tasks;
} domain;

/* [any] The domains, n_domains of them. */
extern const domain *const domains[];
extern const int n_domains;

/* [any] NULL when there is none of that name. */
const domain *domain_find(const char *name);
const domain_task *domain_find_task(const domain *d, const char *name);

extern const domain domain_ball_in_cup;
extern const domain domain_cartpole;
extern const domain domain_cheetah;
extern const domain domain_finger;
extern const domain domain_reacher;
extern const domain domain_walker;

#endif
