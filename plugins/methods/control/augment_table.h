/* augment_table.h - the loops at the level that is being compiled, at the end of its
 * file. */
#ifndef CONTROL_AUGMENT_TABLE_H
#define CONTROL_AUGMENT_TABLE_H

#include "augment_colour.h"
#include "augment_filter.h"
#include "augment_kernels.h"

#define AUGMENT_TABLE \
    { \
        .pair = kernel_pair, .conv = kernel_conv, .sum = kernel_sum, \
        .contrast = kernel_contrast, .hsv = kernel_hsv, .average = kernel_average, \
        .mask = kernel_mask, .lerp = kernel_lerp, .widen = kernel_widen, \
        .narrow = kernel_narrow, .blur = kernel_blur, \
    }

#endif
