/* pocket_rig.h - pocket models with random weights, and what they should compute. */
#ifndef POCKET_RIG_H
#define POCKET_RIG_H

#include "engine.h"

/* Small enough for a test: 2 layers, 64 wide, 2 heads, a context of 80. */
struct pocket_shape pocket_rig_shape(void);

/* Random parameters, such that logits differ by a few units.  The caller's. */
float *pocket_rig_values(const struct pocket_shape *shape, uint64_t seed);

/* A file of such weights in the test's folder, opened. */
struct pocket_weights pocket_rig_weights(const struct pocket_shape *shape, uint64_t seed);

/* Logits [n][vocabulary] of tokens[n] in double, from the formulas of shape.h and the
 * weights of the file, and the mean of the last hidden states [width].  Either may be
 * NULL. */
void pocket_rig_reference(const struct pocket_weights *w, const int32_t *tokens, size_t n,
                          double *logits, double *hidden);

/* Some tokens that a prompt could have. */
void pocket_rig_prompt(uint64_t seed, int32_t *tokens, size_t n);

#endif
