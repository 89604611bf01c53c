/* update.c - the speed of soft actor-critic's updates on pictures, beside the same in
 * PyTorch where it is installed.
 *
 * update [PART]: only the cases whose name contains PART.  All cases of a network are run
 * in turn, here and there, in five rounds on one thread each; times are CPU time, as
 * others may share the machine, and ratios are medians of those of the rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/rng.h>

#include "gradients.h"
#include "nn.h"
#include "sac.h"

enum { ROUNDS = 5, BATCH = 128, ACTIONS = 6, MOST_VIEWS = 4 };

enum { CRITIC, SVEA, TARGET, ACTOR, AVERAGES, ACT };
/* A critic's update by several views is that of the method cg2a, a reconstruction, with
 * n - 1 augmentations and the clean view; SVEA's is one batch of twice the size. */
static const struct {
    const char *name;
    int kind, views;
} cases[] = {{"critic 1 view", CRITIC, 1},
             {"critic 2 views", CRITIC, 2},
             {"critic 3 views", CRITIC, 3},
             {"critic 4 views", CRITIC, 4},
             {"critic svea", SVEA, 2},
             {"target", TARGET, 0},
             {"actor", ACTOR, 0},
             {"averages", AVERAGES, 0},
             {"act", ACT, 0}};
enum { CASES = sizeof(cases) / sizeof(cases[0]), SVEA_CASE = 4 };

typedef struct rig {
    control_sac *s;
    control_batch b; /* MOST_VIEWS batches one after the other */
    uint8_t *stacks;
    float *action, *number; /* [MOST_VIEWS BATCH ACTIONS], [MOST_VIEWS BATCH] */
    float *grad, *out;      /* [MOST_VIEWS][critic_size], [critic_size] */
    size_t stack;           /* bytes */
    uint64_t rng;
} rig;

typedef struct result {
    double own[ROUNDS], other[ROUNDS];
    int runs;
} result;

void perf_need(int ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "update: %s: failed\n", what);
    exit(1);
}

static void *take(size_t n, size_t size) {
    void *p = malloc(n * size);

    perf_need(p != NULL, "memory");
    return p;
}

static void create(rig *r, const control_size *size) {
    const size_t n = (size_t)MOST_VIEWS * BATCH;
    control_sac_config c = CONTROL_SAC;

    *r = (rig){.rng = 1, .stack = (size_t)9 * size->pixels * size->pixels};
    c.size = size;
    c.n_actions = ACTIONS;
    perf_need(!control_sac_create(&c, &r->s, NULL), "networks");
    r->stacks = take(n, r->stack);
    r->action = take(n * ACTIONS, sizeof(float));
    r->number = take(n, sizeof(float));
    r->grad = take(MOST_VIEWS * control_sac_critic_size(r->s), sizeof(float));
    r->out = take(control_sac_critic_size(r->s), sizeof(float));
    for (size_t i = 0; i < n * r->stack; i++)
        r->stacks[i] = (uint8_t)accord_rng_next(&r->rng);
    for (size_t i = 0; i < n * ACTIONS; i++)
        r->action[i] = (float)(2 * accord_rng_uniform(&r->rng) - 1);
    for (size_t i = 0; i < n; i++)
        r->number[i] = (float)accord_rng_uniform(&r->rng);
    r->b = (control_batch){.n = BATCH,
                           .obs = r->stacks,
                           .next_obs = r->stacks + BATCH * r->stack,
                           .action = r->action,
                           .reward = r->number,
                           .not_done = r->number + BATCH};
}

static void destroy(rig *r) {
    control_sac_destroy(r->s);
    free(r->stacks);
    free(r->action);
    free(r->number);
    free(r->grad);
    free(r->out);
}

static void gradient(rig *r, uint32_t n, int view) {
    const size_t row = (size_t)view * BATCH;
    float *grad = r->grad + (size_t)view * control_sac_critic_size(r->s);
    double loss;

    perf_need(!control_sac_critic_gradient(r->s, n, r->stacks + row * r->stack, r->action,
                                           r->number, grad, &loss, NULL),
              "a gradient");
}

/* Several views: each gradient alone, then one out of all. */
static void update_critic(rig *r, int views) {
    const size_t size = control_sac_critic_size(r->s);
    const control_combine how = CONTROL_COMBINE;
    control_combined info;

    for (int v = 0; v < views; v++)
        gradient(r, BATCH, v);
    if (views > 1)
        perf_need(control_combine_gradients(&how, r->grad, size, (uint32_t)views, size,
                                            &r->rng, r->out, &info),
                  "a combination");
    control_sac_critic_step(r->s, views > 1 ? r->out : r->grad);
}

static void run(rig *r, int i) {
    float numbers[BATCH];
    control_actor_info info;

    switch (cases[i].kind) {
    case CRITIC:
        update_critic(r, cases[i].views);
        return;
    case SVEA:
        gradient(r, 2 * BATCH, 0);
        control_sac_critic_step(r->s, r->grad);
        return;
    case TARGET:
        perf_need(!control_sac_target(r->s, &r->b, &r->rng, numbers, NULL), "a target");
        return;
    case ACTOR:
        perf_need(!control_sac_actor_step(r->s, &r->b, &r->rng, &info, NULL) &&
                      !info.skipped,
                  "an actor's step");
        return;
    case AVERAGES:
        control_sac_targets_step(r->s);
        return;
    default:
        perf_need(!control_sac_act(r->s, r->stacks, &r->rng, numbers, NULL), "acting");
    }
}

static double own_time(rig *r, int i, int runs) {
    clock_t begin = clock();

    for (int k = 0; k < runs; k++)
        run(r, i);
    return (double)(clock() - begin) / CLOCKS_PER_SEC / runs;
}

static double median(const double *of) {
    double x[ROUNDS];

    memcpy(x, of, sizeof(x));
    for (int i = 1; i < ROUNDS; i++)
        for (int k = i; k > 0 && x[k] < x[k - 1]; k--) {
            double swap = x[k];
            x[k] = x[k - 1];
            x[k - 1] = swap;
        }
    return x[ROUNDS / 2];
}

static double ratio(const double *a, const double *b) {
    double x[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        x[i] = a[i] / b[i];
    return median(x);
}

/* "laptop critic 1 view": what PyTorch's side is asked for. */
static const char *name_of(const control_size *size, int i) {
    static char name[64];

    snprintf(name, sizeof(name), "%s %s", size->name, cases[i].name);
    return name;
}

static void print(const control_size *size, const result *results, int i,
                  const perf_peer *peer) {
    const result *r = &results[i], *svea = &results[SVEA_CASE];

    printf("%-24s %9.3f ms", name_of(size, i), 1e3 * median(r->own));
    if (peer)
        printf(" %9.3f ms %6.2f", 1e3 * median(r->other), ratio(r->other, r->own));
    if (cases[i].kind == CRITIC && cases[i].views > 1 && svea->runs)
        printf("   %.2f of svea, %.2f expected", ratio(r->own, svea->own),
               cases[i].views / 2.0);
    printf("\n");
}

static void measure(const control_size *size, const char *part, perf_peer *peer) {
    result results[CASES] = {{.runs = 0}};
    rig r;

    create(&r, size);
    for (int round = -1; round < ROUNDS; round++) /* the first prepares everything */
        for (int i = 0; i < CASES; i++) {
            result *to = &results[i];
            if (!strstr(name_of(size, i), part))
                continue;
            int at = round < 0 ? 0 : round;
            to->own[at] = own_time(&r, i, round < 0 ? 2 : to->runs);
            if (peer)
                to->other[at] =
                    perf_peer_time(peer, name_of(size, i), round < 0 ? 2 : to->runs);
            if (round < 0)
                to->runs = (int)(0.2 / (to->own[0] + 1e-6)) + 1;
        }
    for (int i = 0; i < CASES; i++)
        if (results[i].runs)
            print(size, results, i, peer);
    destroy(&r);
}

int main(int argc, char **argv) {
    const char *script = getenv("ACCORD_UPDATE_TORCH"), *part = argc > 1 ? argv[1] : "";
    const char *const names[] = {"laptop", "paper"};
    perf_peer *peer;
    char text[200];

    accord_nn_backend(text, sizeof(text));
    printf("here: %s\n", text);
    perf_peer_start(script ? script : "benchmarks/perf/update_torch.py", &peer, text,
                    sizeof(text));
    printf("beside: %s\n", text);
    printf("%-24s %12s", "case", "here");
    printf(peer ? " %12s %6s\n" : "\n", "PyTorch", "ratio");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        measure(control_size_find(names[i]), part, peer);
    perf_peer_stop(peer);
    return 0;
}
