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
#else
typedef int32_t vw __attribute__((vector_size(16)));

static inline vw splat(int32_t x) {
    return (vw){x, x, x, x};
}
/* The two int16 of each int32, of which the lower one takes its sign along. */
static inline vw dot(vw sum, vw w, vw x) {
    return sum + (w >> 16) * (x >> 16) + ((w << 16) >> 16) * ((x << 16) >> 16);
}
#endif

#include "kernels_level.h"

const struct pocket_kernels pocket_kernels_sse2 = POCKET_TABLE("sse2");
