/* kernels_sse2.c - for every x86-64, and for any other CPU. */
#include "kernels_levels.h"

#define POCKET_STEP 2
enum { GROUPS = 1, ROWS = 2 };

#ifdef __SSE2__
#include <emmintrin.h>
typedef __m128i vw;

static inline vw splat(int32_t x) {
    return _mm_set1_epi32(x);
}
static inline vw dot(vw sum, vw w, vw x) {
    return _mm_add_epi32(sum, _mm_madd_epi16(w, x));
}
static inline vw widen(const uint16_t *p) {
    return _mm_unpacklo_epi16(_mm_setzero_si128(), _mm_loadl_epi64((const void *)p));
}
static inline void narrow(void *to, const vw *q) {
    __m128i *out = to;

    _mm_storeu_si128(out, _mm_packs_epi32(q[0], q[1]));
    _mm_storeu_si128(out + 1, _mm_packs_epi32(q[2], q[3]));
}
#else
typedef int32_t vw __attribute__((vector_size(16)));

static inline vw splat(int32_t x) {
    return (vw){x, x, x, x};
}
/* The two int16 of each int32: the upper one and, with its sign, the lower one. */
static inline vw dot(vw sum, vw w, vw x) {
    return sum + (w >> 16) * (x >> 16) + ((w << 16) >> 16) * ((x << 16) >> 16);
}
static inline vw widen(const uint16_t *p) {
    vw v = {p[0], p[1], p[2], p[3]};
    return v << 16;
}
static inline void narrow(void *to, const vw *q) {
    int16_t *out = to;

    for (int i = 0; i < 16; i++)
        out[i] = (int16_t)q[i / 4][i % 4];
}
#endif

#include "kernels_level.h"

const struct pocket_kernels pocket_kernels_sse2 = POCKET_TABLE("sse2");
