/* kernels_avx512.c - for CPUs that have AVX-512 (F, BW, DQ and VL). */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "kernels_levels.h"

#ifdef __clang__
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2")
#endif

#define POCKET_STEP 2
enum { GROUPS = 2, ROWS = 8 };
typedef __m512i vw;

static inline vw splat(int32_t x) {
    return _mm512_set1_epi32(x);
}
static inline vw dot(vw sum, vw w, vw x) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(w, x));
}
static inline vw widen(const uint16_t *p) {
    return _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)p)),
                             16);
}
static inline void narrow(void *to, const vw *q) {
    _mm256_storeu_si256(to, _mm512_cvtepi32_epi16(q[0]));
}

#include "kernels_level.h"

const struct pocket_kernels pocket_kernels_avx512 = POCKET_TABLE("avx512");

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
