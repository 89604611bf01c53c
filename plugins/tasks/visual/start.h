/* start.h - how start states are drawn. */
#ifndef ACCORD_VISUAL_START_H
#define ACCORD_VISUAL_START_H

#include <stdbool.h>

#include "environment.h"

#define START_PI 3.14159265358979323846

/* [any] Uniform in low .. high. */
double start_between(uint64_t *rng, double low, double high);

/* [worker] Draws each limited joint from its range, in the order of qpos; with `free`,
 * hinges without limits from a whole turn too. */
void start_joints(environment *e, uint64_t *rng, bool free);

/* [worker] Draws with `draw` until nothing touches anything.  Gives up like MuJoCo
 * itself after 1000 draws. */
void start_apart(environment *e, uint64_t *rng,
                 void (*draw)(environment *e, uint64_t *rng));

#endif
