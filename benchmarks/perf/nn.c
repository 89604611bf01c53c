/* nn.c - the speed of the neural library, beside PyTorch where it is installed and beside
 * what a matrix product reaches on this machine.
 *
 * nn [PART]: only the cases whose name contains PART.  Each case is run nine times here
 * and nine times there, in turn, on one thread; the ratio is the median of the nine
 * pairs. */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nn.h"
#include "nn/tape.h"

enum { PAIRS = 9 };

void perf_need(int ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "nn: %s: failed\n", what);
    exit(1);
}

float *perf_draw(size_t n, float scale) {
    float *p = malloc((n + 1) * sizeof(float));
    uint32_t state = 1;

    perf_need(p != NULL, "memory");
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        p[i] = scale * ((float)(state >> 8) * 0x1p-23f - 1);
    }
    return p;
}

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double own_time(const perf_case *c, int runs) {
    double begin = now();

    for (int i = 0; i < runs; i++)
        c->run(c->self);
    return (now() - begin) / runs;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static double median(double *x, size_t n) {
    qsort(x, n, sizeof(*x), by_value);
    return x[n / 2];
}

/* FLOP/s of sgemm at 1,024 x 1,024 x 1,024, the median of nine: OpenBLAS, or what the
 * library multiplies with. */
static double sgemm_rate(int own) {
    enum { N = 1024 };
    float *a = perf_draw((size_t)N * N, 1), *b = perf_draw((size_t)N * N, 1),
          *c = perf_draw((size_t)N * N, 1);
    double took[PAIRS];

    for (int i = -2; i < PAIRS; i++) {
        double begin = now();
        if (own)
            accord_nn_multiply(c, a, b, &(accord_nn_gemm){.m = N, .n = N, .k = N});
        else
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N,
                        0, c, N);
        took[i < 0 ? 0 : i] = now() - begin;
    }
    free(a);
    free(b);
    free(c);
    return 2.0 * N * N * N / median(took, PAIRS);
}

/* As many runs as take 40 ms; by now everything has been prepared. */
static int warm_up(const perf_case *c, perf_peer *peer) {
    own_time(c, 2);
    double once = own_time(c, 1);
    int runs = once > 0.04 ? 1 : (int)(0.04 / once) + 1;

    if (peer)
        perf_need(perf_peer_time(peer, c->name, 3) >= 0, "PyTorch's side");
    return runs;
}

static void measure(const perf_case *c, perf_peer *peer, double peak) {
    double own[PAIRS], other[PAIRS], ratio[PAIRS];
    int runs = warm_up(c, peer);

    for (int i = 0; i < PAIRS; i++) {
        if (peer && i % 2)
            other[i] = perf_peer_time(peer, c->name, runs);
        own[i] = own_time(c, runs);
        if (peer && i % 2 == 0)
            other[i] = perf_peer_time(peer, c->name, runs);
        ratio[i] = peer ? other[i] / own[i] : 0;
    }
    double took = median(own, PAIRS);
    printf("%-38s %9.3f ms", c->name, took * 1e3);
    if (c->flops > 0)
        printf(" %6.1f GF/s %4.0f%%", c->flops / took * 1e-9,
               100 * c->flops / took / peak);
    else
        printf(" %17s", "");
    if (peer)
        printf(" %9.3f ms %6.2f", median(other, PAIRS) * 1e3, median(ratio, PAIRS));
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    static int (*const files[])(int, const char *, perf_case *) = {
        perf_conv_case, perf_op_case, perf_step_case};
    const char *script = getenv("ACCORD_NN_TORCH"), *part = argc > 1 ? argv[1] : "";
    char text[200];
    perf_peer *peer;

    openblas_set_num_threads(1);
    accord_nn_backend(text, sizeof(text));
    printf("here: %s\n", text);
    perf_peer_start(script ? script : "benchmarks/perf/nn_torch.py", &peer, text,
                    sizeof(text));
    printf("beside: %s\n", text);
    double blas = sgemm_rate(0), own = sgemm_rate(1), peak = own > blas ? own : blas;
    printf("sgemm: OpenBLAS %.1f GF/s, here %.1f GF/s\n", blas * 1e-9, own * 1e-9);
    printf("%-38s %12s %18s %12s %6s\n", "case", "here", "of sgemm",
           peer ? "PyTorch" : "", peer ? "ratio" : "");
    for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        perf_case c = {.self = NULL};
        for (int i = 0; files[f](i, part, &c); i++, c = (perf_case){.self = NULL}) {
            if (!c.self)
                continue;
            measure(&c, peer, peak);
            c.destroy(c.self);
        }
    }
    perf_peer_stop(peer);
    return 0;
}
