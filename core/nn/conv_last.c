/* conv_last.c - channels last: what the way back of some layers reads.  Libraries have
 * this copy too, but a pass over the input by oneDNN 2.6's takes longer than the
 * convolution. */
#include <string.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "nn/conv_parts.h"

/* Some channels of some pixels: to[pixel][.] of rows of g->channels, from[channel][.] of
 * rows of g->pixels. */
static inline void turn(float *to, const float *from, const accord_conv_groups *g,
                        size_t channels, size_t pixels) {
    for (size_t p = 0; p < pixels; p++)
        for (size_t c = 0; c < channels; c++)
            to[p * g->channels + c] = from[c * g->pixels + p];
}

/* The same for 4 of 4, in registers. */
static inline void turn_four(float *to, const float *from, const accord_conv_groups *g) {
#ifdef __SSE2__
    __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + g->pixels);
    __m128 c = _mm_loadu_ps(from + 2 * g->pixels);
    __m128 d = _mm_loadu_ps(from + 3 * g->pixels);

    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(to, a);
    _mm_storeu_ps(to + g->channels, b);
    _mm_storeu_ps(to + 2 * g->channels, c);
    _mm_storeu_ps(to + 3 * g->channels, d);
#else
    turn(to, from, g, 4, 4);
#endif
}

static void one_by_one(float *to, const float *from, const accord_conv_groups *g) {
    const size_t channels = g->channels / 4 * 4, pixels = g->pixels / 4 * 4;

    for (size_t p = 0; p < pixels; p += 4, to += 4 * g->channels, from += 4) {
        for (size_t c = 0; c < channels; c += 4)
            turn_four(to + c, from + c * g->pixels, g);
        turn(to + channels, from + channels * g->pixels, g, g->channels - channels, 4);
    }
    turn(to, from, g, g->channels, g->pixels - pixels);
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
        (g->group == 1 ? one_by_one : by_groups)(to + n * image, from + n * image, g);
}
