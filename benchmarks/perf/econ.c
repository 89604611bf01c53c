/* econ.c - what ECON's learning costs beside the calls of models: two decisions, one
 * observation and its share of an update, per training episode, on one core.
 *
 * With ACCORD_ECON_TORCH the same networks and losses in PyTorch, one thread, in turn. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/rng.h>

#include "learner.h"
#include "nn.h"

enum { WIDTH = 1024, AGENTS = 3, STAGES = 2, ROUNDS = 5 };

/* Embeddings of one episode: a question, a strategy, what the coordinator said. */
struct texts {
    float question[WIDTH], strategy[WIDTH], said[STAGES][WIDTH];
};

void perf_need(int ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "econ: %s\n", what);
    exit(EXIT_FAILURE);
}

static double cpu_now(void) {
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void draw(float *x, uint32_t width, uint64_t *rng) {
    for (uint32_t i = 0; i < width; i++)
        x[i] = (float)(accord_rng_normal(rng) / sqrt(width));
}

static void play(econ_learner *l, const econ_config *c, struct texts *text,
                 uint64_t *rng) {
    static econ_stage stage[STAGES];
    econ_mind mind;
    econ_losses losses;
    accord_nn_err err = {0};

    econ_mind_begin(&mind);
    for (int s = 0; s < STAGES; s++) {
        for (uint32_t i = 0; i < c->n; i++) {
            stage[s].view[i] =
                (econ_view){text->question, text->strategy, s ? text->said[s - 1] : NULL};
            for (int k = 0; k < ECON_REWARDS; k++)
                stage[s].reward[i][k] = accord_rng_uniform(rng);
        }
        perf_need(
            !econ_decide(l, &mind, stage[s].view, 0.5, rng, stage[s].action, NULL, &err),
            err.text);
        stage[s].team = (double)NAN;
        stage[s].commitment = text->said[s];
    }
    perf_need(!econ_observe(l, stage, STAGES, &losses, &err), err.text);
}

/* CPU seconds per episode over n of them; the texts are drawn before. */
static double measure(econ_learner *l, const econ_config *c, struct texts *text, int n,
                      uint64_t *rng) {
    double begin = cpu_now();

    for (int k = 0; k < n; k++)
        play(l, c, &text[k], rng);
    return (cpu_now() - begin) / n;
}

static struct texts *texts_new(int n, uint32_t width, uint64_t *rng) {
    struct texts *text = calloc((size_t)n, sizeof(*text));

    perf_need(text != NULL, "memory");
    for (int k = 0; k < n; k++) {
        draw(text[k].question, width, rng);
        draw(text[k].strategy, width, rng);
        for (int s = 0; s < STAGES; s++)
            draw(text[k].said[s], width, rng);
    }
    return text;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x, int n) {
    qsort(x, (size_t)n, sizeof(*x), by_value);
    return x[n / 2];
}

static void compare(uint32_t width, uint32_t updates, perf_peer *peer) {
    enum { EPISODES = 16 };
    econ_config c = econ_defaults;
    econ_learner *l;
    accord_nn_err err = {0};
    uint64_t rng = 1;
    double ours[ROUNDS], theirs[ROUNDS];
    char name[64];

    c.n = AGENTS;
    c.width = width;
    c.updates = updates;
    perf_need(!econ_learner_create(&c, &l, &err), err.text);
    struct texts *text = texts_new(EPISODES, width, &rng);
    snprintf(name, sizeof(name), "%u %u", width, updates);
    measure(l, &c, text, EPISODES, &rng);
    for (int k = 0; k < ROUNDS; k++) {
        ours[k] = measure(l, &c, text, EPISODES, &rng);
        theirs[k] = peer ? perf_peer_time(peer, name, EPISODES) : -1;
    }
    printf("| %5u | %u | %8.2f |", width, updates, 1e3 * median(ours, ROUNDS));
    if (peer)
        printf(" %8.2f |", 1e3 * median(theirs, ROUNDS));
    printf("\n");
    fflush(stdout);
    free(text);
    econ_learner_destroy(l);
}

int main(void) {
    const char *script = getenv("ACCORD_ECON_TORCH");
    char text[256], backend[256];
    perf_peer *peer = NULL;

    accord_nn_backend(backend, sizeof(backend));
    printf("ECON, %d executors, %d stages, an update every %u episodes; CPU ms per "
           "episode, median of %d\n%s\n",
           AGENTS, STAGES, econ_defaults.update_every, ROUNDS, backend);
    if (script) {
        perf_peer_start(script, &peer, text, sizeof(text));
        printf("%s\n", text);
    }
    printf("| width | steps per update | Accord |%s\n", peer ? " PyTorch |" : "");
    printf("|---|---|---|%s\n", peer ? "---|" : "");
    for (uint32_t updates = 1; updates <= econ_defaults.update_every;
         updates += econ_defaults.update_every - 1) {
        compare(WIDTH, updates, peer);
        compare(128, updates, peer);
    }
    perf_peer_stop(peer);
    return 0;
}
