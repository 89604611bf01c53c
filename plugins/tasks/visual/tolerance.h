/* tolerance.h - how near a quantity is to where it should be: the Control Suite's rewards
 * are products and means of it (Tassa et al., "DeepMind Control Suite", 2018, section 3).
 */
#ifndef ACCORD_VISUAL_TOLERANCE_H
#define ACCORD_VISUAL_TOLERANCE_H

enum tolerance_shape { TOLERANCE_GAUSSIAN, TOLERANCE_LINEAR, TOLERANCE_QUADRATIC };

/* How the value falls outside the interval: `value` at a distance of `margin`. */
struct tolerance_fall {
    enum tolerance_shape shape;
    double margin; /* 0: to 0 at once */
    double value;  /* at the margin; 0 < value < 1, LINEAR and QUADRATIC may have 0 */
};

/* [any] 1 where lower <= x <= upper, less outside, never below 0. */
double tolerance(double x, double lower, double upper, struct tolerance_fall fall);

/* [any] x held to 0 .. 1. */
double tolerance_clamp(double x);

#endif
