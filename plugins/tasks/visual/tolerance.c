/* tolerance.c - how near a quantity is to where it should be. */
#include "tolerance.h"

#include <math.h>

double tolerance_clamp(double x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

double tolerance(double x, double lower, double upper, struct tolerance_fall fall) {
    double beyond = x < lower ? lower - x : x > upper ? x - upper : 0;

    if (beyond == 0)
        return 1;
    if (fall.margin == 0)
        return 0;
    double d = beyond / fall.margin;
    switch (fall.shape) {
    case TOLERANCE_LINEAR:
        return fmax(0, 1 - d * (1 - fall.value));
    case TOLERANCE_QUADRATIC:
        return fmax(0, 1 - d * d * (1 - fall.value));
    case TOLERANCE_GAUSSIAN:
    default:
        return exp(d * d * log(fall.value));
    }
}
