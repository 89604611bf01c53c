/* conv_last.c - channels last: what the way back of some layers reads.  Libraries have
 * this copy too, but a pass over the input by oneDNN 2.6's takes longer than the
 * convolution. */
#include <string.h>

#include "nn/conv_parts.h"

/* One pixel after the other: every channel is a stream of its own. */
static void one_by_one(float *to, const float *from, size_t channels, size_t pixels) {
    for (size_t p = 0; p < pixels; p++)
        for (size_t c = 0; c < channels; c++)
            *to++ = from[c * pixels + p];
}

static void by_groups(float *to, const float *from, const accord_conv_groups *g) {
    for (size_t p = 0; p < g->pixels; p++)
        for (size_t c = 0; c < g->channels; c += g->group, to += g->group)
            memcpy(to, from + c * g->pixels + p * g->group, g->group * sizeof(*to));
}

void accord_conv_channels_last(float *to, const float *from,
                               const accord_conv_groups *g) {
    const size_t image = g->channels * g->pixels;

    for (size_t n = 0; n < g->batch; n++)
        if (g->group == 1)
            one_by_one(to + n * image, from + n * image, g->channels, g->pixels);
        else
            by_groups(to + n * image, from + n * image, g);
}
