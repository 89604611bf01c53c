/* nn_rig.h - one operator, one reference in double, and everything that must hold of the
 * two: the same values, gradients equal to central differences of the reference,
 * whichever inputs are asked for and whoever else writes to them. */
#ifndef NN_RIG_H
#define NN_RIG_H

#include <accord/nn.h>

enum { NN_INPUTS = 6 };

/* An input or the output, for the reference. */
typedef struct nn_value {
    uint32_t rank;
    size_t shape[ACCORD_NN_MAX_RANK];
    size_t size;
    bool is_param; /* a layer's own: no operator stands before it */
    bool positive;
    double *d; /* [size] */
} nn_value;

typedef struct nn_case {
    const char *name;
    /* Shapes of the inputs, as "3,5 4,5* 4*": a star makes it a layer's parameter, a plus
     * keeps its values in [0.3, 2.3] (else they are in [-2, 2]), "." is a scalar. */
    const char *inputs;
    /* The operator of the inputs x, some of which are the parameters p. */
    const accord_nn_tensor *(*run)(accord_nn_tape *t, const accord_nn_tensor *const *x,
                                   accord_nn_param *const *p);
    /* y->d is zeroed, y's shape is the operator's. */
    void (*reference)(nn_value *y, const nn_value *x);
} nn_case;

/* Fails the test with the case's name if anything differs. */
void nn_check(const nn_case *c);

/* Sets that the other suites use: n floats from a stream. */
void nn_fill(float *x, size_t n, uint64_t seed);

#endif
