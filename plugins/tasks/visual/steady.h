/* steady.h - mathematics that gives the same bits on every machine.
 *
 * libm picks its sine and logarithm by the processor, and their last bits differ.  Here
 * is only addition, multiplication, division and square root, which IEEE 754 fixes. */
#ifndef ACCORD_VISUAL_STEADY_H
#define ACCORD_VISUAL_STEADY_H

#include <stdint.h>

/* [any] Natural logarithm of x > 0, relative error below 1e-14. */
double steady_log(double x);

/* [any] Sine and cosine for |x| <= 2 radians, error below 1e-12. */
double steady_sin(double x);
double steady_cos(double x);

/* [any] Standard normal from a state of <accord/rng.h> (Marsaglia's polar method, SIAM
 * Review 6, 1964; the second value is not kept). */
double steady_normal(uint64_t *state);

#endif
