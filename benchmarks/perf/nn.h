/* nn.h - what the files of nn share. */
#ifndef ACCORD_PERF_NN_H
#define ACCORD_PERF_NN_H

#include <stdint.h>

#include <accord/nn.h>

/* One thing that is measured; its name is also what PyTorch's side is asked for. */
typedef struct perf_case {
    char name[64];
    double flops; /* of its products, each sum and product counted; 0: not counted */
    void *self;
    void (*run)(void *self);
    void (*destroy)(void *self);
} perf_case;

/* nn_conv.c, nn_ops.c, nn_steps.c: make the i-th case of the file; 0 after the last.  Of
 * a name that does not contain `wanted` only the name is made. */
int perf_conv_case(int i, const char *wanted, perf_case *out);
int perf_op_case(int i, const char *wanted, perf_case *out);
int perf_step_case(int i, const char *wanted, perf_case *out);

/* nn_peer.c: PyTorch in a process of its own.  The text says what it is, or why there is
 * none, and then the answer is 0. */
typedef struct perf_peer perf_peer;
int perf_peer_start(const char *script, perf_peer **out, char *text, int size);
/* Seconds of one run, the mean of `runs`; below 0 if the process died. */
double perf_peer_time(perf_peer *peer, const char *name, int runs);
void perf_peer_stop(perf_peer *peer);

/* Ends the program where `ok` does not hold. */
void perf_need(int ok, const char *what);
/* n numbers, uniform in -scale .. scale, the caller's to free. */
float *perf_draw(size_t n, float scale);

#endif
