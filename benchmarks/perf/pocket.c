/* pocket.c - how fast a pocket model speaks on one core, beside what the machine's sgemm
 * would allow for the multiply-adds of its weights alone.
 *
 * Random weights of size m; prompts of 45 tokens, all different, and replies of 60, which
 * are about what a maths problem has.  Rounds of everything follow on each other; a ratio
 * is taken within a round and the median of the rounds is printed.  Times are those of
 * the thread's CPU, so that others on the machine count little. */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <accord/rng.h>

#include "engine.h"
#include "tokenizer.h"

enum { ROUNDS = 7, MOST = 64, PROMPT = 45, REPLY = 60, SIZE = 768 };

static const size_t counts[] = {1, 16, 64};
enum { N_COUNTS = sizeof(counts) / sizeof(counts[0]) };

static void need(int ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "pocket: %s\n", what);
    exit(1);
}

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static double median(double *x, size_t n) {
    qsort(x, n, sizeof(*x), by_value);
    return x[n / 2];
}

static struct pocket_weights random_weights(void) {
    char path[] = "pocket-weights-XXXXXX";
    struct pocket_weights w;
    struct pocket_shape s;
    struct pocket_tensor t;
    struct pocket_err err = {0};
    uint64_t rng = 1;
    int fd = mkstemp(path);

    need(fd >= 0, "no file for the weights can be made here");
    close(fd);
    pocket_shape_of("m", &s);
    float *values = malloc(pocket_shape_size(&s) * sizeof(*values));
    need(values != NULL, "out of memory");
    for (size_t i = 0; i < pocket_shape_count(&s); i++) {
        pocket_shape_tensor(&s, i, &t);
        double size = i < 2 ? 0.2 : 1 / sqrt((double)t.columns);
        for (size_t k = 0; k < (size_t)t.rows * t.columns; k++)
            values[t.offset + k] =
                t.is_gain ? 1 : (float)(size * accord_rng_normal(&rng));
    }
    pocket_weights_write(path, &s, values, &err);
    pocket_weights_open(path, &w, &err);
    unlink(path);
    free(values);
    need(!err.code, err.text);
    return w;
}

/* FLOP/s of sgemm, the best of three. */
static double sgemm_rate(float *room) {
    float *a = room, *b = a + SIZE * SIZE, *c = b + SIZE * SIZE;
    double best = 0;

    for (int i = 0; i < 3; i++) {
        double begin = now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIZE, SIZE, SIZE, 1, a,
                    SIZE, b, SIZE, 0, c, SIZE);
        best = fmax(best, 2.0 * SIZE * SIZE * SIZE / (now() - begin));
    }
    return best;
}

/* Tokens a second that are said with n requests at once; prompts are new each time. */
static double token_rate(struct pocket_engine *e, size_t n) {
    static int32_t prompts[MOST][PROMPT];
    static uint64_t rng = 5;
    struct pocket_job jobs[MOST];
    struct pocket_answer answers[MOST];
    double spent = 0, said = 0;

    while (spent < 0.1) {
        for (size_t i = 0; i < n; i++) {
            for (int k = 0; k < PROMPT; k++)
                prompts[i][k] =
                    (int32_t)(POCKET_WORDS +
                              accord_rng_below(&rng,
                                               pocket_vocabulary_size() - POCKET_WORDS));
            jobs[i] = (struct pocket_job){.prompt = prompts[i],
                                          .n_prompt = PROMPT,
                                          .temperature = 1,
                                          .top_p = 1,
                                          .max_tokens = REPLY,
                                          .seed = accord_rng_next(&rng)};
        }
        double begin = now();
        need(!pocket_engine_run(e, jobs, n, answers, NULL), "out of memory");
        spent += now() - begin;
        for (size_t i = 0; i < n; i++)
            said += answers[i].n_tokens;
    }
    return said / spent;
}

static void measure(const struct pocket_weights *w, const struct pocket_kernels *kernels,
                    float *room) {
    struct pocket_engine *e;
    double rate[N_COUNTS][ROUNDS], ratio[N_COUNTS][ROUNDS], sgemm[ROUNDS];
    double flops = 2.0 * (double)pocket_shape_work(&w->shape);

    need(!pocket_engine_create(w, kernels, &e, NULL), "out of memory");
    for (int r = -1; r < ROUNDS; r++) {
        int at = r < 0 ? 0 : r;
        sgemm[at] = sgemm_rate(room);
        for (int i = 0; i < N_COUNTS; i++) {
            rate[i][at] = token_rate(e, counts[i]);
            ratio[i][at] = rate[i][at] * flops / sgemm[at];
        }
    }
    for (int i = 0; i < N_COUNTS; i++)
        printf("%-8s %8zu %12.0f %14.1f %7.0f%%\n", kernels->name, counts[i],
               median(rate[i], ROUNDS), median(sgemm, ROUNDS) * 1e-9,
               100 * median(ratio[i], ROUNDS));
    fflush(stdout);
    pocket_engine_destroy(e);
}

int main(void) {
    struct pocket_weights w = random_weights();
    float *room = calloc(3 * SIZE * SIZE, sizeof(*room));

    need(room != NULL, "out of memory");
    for (size_t i = 0; i < (size_t)2 * SIZE * SIZE; i++)
        room[i] = (float)(i % 17) * 0.1f;
    openblas_set_num_threads(1);
    printf("%-8s %8s %12s %14s %8s\n", "kernels", "requests", "tokens/s", "sgemm GF/s",
           "of sgemm");
    for (int i = POCKET_LEVELS - 1; i >= 0; i--)
        if (pocket_kernels_at(i))
            measure(&w, pocket_kernels_at(i), room);
    free(room);
    pocket_weights_close(&w);
    return 0;
}
