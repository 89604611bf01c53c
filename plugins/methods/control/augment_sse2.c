/* augment_sse2.c - the loops of the augmentations for any CPU. */
#define AUGMENT_LEVEL 0
#include "augment_table.h"

const control_kernels control_kernels_sse2 = AUGMENT_TABLE;
