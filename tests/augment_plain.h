/* augment_plain.h - every augmentation once more, as a plain loop over one sample. */
#ifndef AUGMENT_PLAIN_H
#define AUGMENT_PLAIN_H

#include "augment_parts.h"

typedef struct plain_augmentation {
    const char *name;
    control_draw *fast; /* of one sample */
    control_draw *plain;
    int most;     /* largest difference of a byte */
    double share; /* of bytes that may differ at all */
} plain_augmentation;

enum { PLAIN_N = 10 };
extern const plain_augmentation plain_augmentations[PLAIN_N];

/* The Gaussian of `blur` in one step, without rounding in between, for a frame of one
 * channel. */
void plain_gaussian(const uint8_t *in, double *out, int pixels);

#endif
