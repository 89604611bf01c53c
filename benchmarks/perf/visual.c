/* visual.c - environment steps of the control tasks a second of one core: without
 * pictures, with ours, and with MuJoCo's own renderer on software OpenGL, all in one
 * run.  Actions are random; a picture of 84 x 84 is drawn after each agent step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/rng.h>

#include "base/err.h"
#include "environment.h"
#include "host/host.h"
#include "mujoco_gl.h"
#include "render.h"

/* Rounds of undrawn and drawn steps in turn, of which the median counts. */
enum { SIDE = 84, ROUNDS = 15 };

static const struct {
    const char *domain, *task;
    int repeat;
} cases[] = {
    {"walker", "walk", 2},      {"walker", "walk", 4},      {"walker", "stand", 4},
    {"cartpole", "swingup", 8}, {"cartpole", "balance", 8}, {"ball_in_cup", "catch", 4},
    {"finger", "spin", 2},      {"cheetah", "run", 4},      {"reacher", "easy", 4},
};

struct bench {
    world w;
    environment e;
    render *r;
    mujoco_gl gl;
    const char *missing; /* why there is no OpenGL, or NULL */
    uint64_t rng;
    unsigned char pixels[3 * SIDE * SIDE];
};

static void must(accord_code rc, const accord_err *err) {
    if (!rc)
        return;
    fprintf(stderr, "visual: %s\n", err->msg);
    exit(1);
}

static double cpu_seconds(void) {
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void step(struct bench *b) {
    float action[DOMAIN_MAX_NAMES];
    accord_err err = {0};
    double reward;

    if (environment_ended(&b->e))
        must(environment_reset(&b->e, &b->rng, &err), &err);
    for (int i = 0; i < b->w.domain->n_action; i++)
        action[i] = (float)(2 * accord_rng_uniform(&b->rng) - 1);
    must(environment_step(&b->e, action, &reward, &err), &err);
}

static void draw_nothing(struct bench *b) {
    (void)b;
}

static void draw_ours(struct bench *b) {
    accord_err err = {0};
    must(render_frame(b->r, b->w.model.m, b->e.data, 0, NULL, b->pixels, &err), &err);
}

static void draw_mujocos(struct bench *b) {
    mujoco_gl_look(&b->gl, b->w.model.m, b->e.data, 0);
    mujoco_gl_draw(&b->gl, b->pixels);
}

/* Control steps a second of CPU time, over about `seconds`, after some to warm up. */
static double rate(struct bench *b, void (*draw)(struct bench *), double seconds) {
    int n = 0;

    for (int i = 0; i < 3; i++) {
        step(b);
        draw(b);
    }
    double begin = cpu_seconds(), now = begin;
    for (; now - begin < seconds; n++, now = cpu_seconds()) {
        step(b);
        draw(b);
    }
    return (double)n * b->w.repeat / (now - begin);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x) {
    qsort(x, ROUNDS, sizeof *x, by_size);
    return x[ROUNDS / 2];
}

static double rate_defaults(struct bench *b) {
    b->missing = mujoco_gl_open(&b->gl, b->w.model.m, SIDE, SIDE, false);
    double found = b->missing ? 0 : rate(b, draw_mujocos, 0.5);
    mujoco_gl_close(&b->gl);
    return found;
}

/* All in turn, so that none has the machine's better moments for itself. */
static void rate_in_turn(struct bench *b, double *bare, double *ours, double *cheapest) {
    struct mjVisual_ usual = b->w.model.m->vis;

    b->missing = mujoco_gl_open(&b->gl, b->w.model.m, SIDE, SIDE, true);
    for (int i = 0; i < ROUNDS; i++) {
        bare[i] = rate(b, draw_nothing, 0.05);
        ours[i] = rate(b, draw_ours, 0.05);
        cheapest[i] = b->missing ? 0 : rate(b, draw_mujocos, 0.05);
    }
    mujoco_gl_close(&b->gl);
    b->w.model.m->vis = usual;
}

static void measure(struct bench *b) {
    double bare[ROUNDS], ours[ROUNDS], cheapest[ROUNDS];

    rate_in_turn(b, bare, ours, cheapest);
    double undrawn = median(bare), drawn = median(ours), cheap = median(cheapest);
    double defaults = rate_defaults(b);
    printf("%-12s %-8s %6d %9.0f %9.0f %9.2f", b->w.domain->name, b->w.task->name,
           b->w.repeat, undrawn, drawn, drawn / undrawn);
    if (b->missing)
        printf("   %s\n", b->missing);
    else
        printf(" %9.0f %9.1f %9.0f %9.1f\n", cheap, drawn / cheap, defaults,
               drawn / defaults);
    fflush(stdout);
}

static void run(const char *name, const char *task, int repeat) {
    const world_options options = {
        .domain = name, .task = task, .assets = "", .repeat = repeat};
    struct bench *b = calloc(1, sizeof *b);
    accord_err err = {0};

    if (!b)
        exit(1);
    b->rng = 1;
    must(world_init(&b->w, &accord_host_default, &options, &err), &err);
    must(environment_init(&b->e, &b->w, &err), &err);
    must(environment_reset(&b->e, &b->rng, &err), &err);
    must(render_new(&accord_host_default, b->w.model.m, SIDE, SIDE, &b->r, &err), &err);
    measure(b);
    render_free(b->r);
    environment_fini(&b->e);
    world_fini(&b->w);
    free(b);
}

/* An argument: only the tasks of that domain. */
int main(int argc, char **argv) {
    printf("environment steps a second of one core, a picture an agent step\n");
    printf("%-12s %-8s %6s %9s %9s %9s %9s %9s %9s %9s\n", "domain", "task", "repeat",
           "undrawn", "drawn", "ratio", "cheapest", "ratio", "defaults", "ratio");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (argc < 2 || !strcmp(argv[1], cases[i].domain))
            run(cases[i].domain, cases[i].task, cases[i].repeat);
    return 0;
}
