/* kernels_vnni.c - for CPUs that also multiply bytes (AVX-512 VNNI). */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "kernels_levels.h"

#ifdef __clang__
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,avx512vnni"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,avx512vnni")
#endif

#define POCKET_STEP 4
enum { GROUPS = 2, ROWS = 8 };
typedef __m512i vw;

static inline vw splat(int32_t x) {
    return _mm512_set1_epi32(x);
}
static inline vw dot(vw sum, vw w, vw x) {
    return _mm512_dpbusd_epi32(sum, x, w);
}
static inline vw widen(const uint16_t *p) {
    return _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)p)),
                             16);
}
static inline void narrow(void *to, const vw *q) {
    _mm_storeu_si128(
        to, _mm512_cvtepi32_epi8(_mm512_add_epi32(q[0], _mm512_set1_epi32(128))));
}

#include "kernels_level.h"

const struct pocket_kernels pocket_kernels_vnni = POCKET_TABLE("vnni");

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
